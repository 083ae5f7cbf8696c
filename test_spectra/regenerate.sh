#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `test_spectra/regenerate.sh BIN [OUT]`: makes the simulated beamtime of this folder again, with the
# programs in BIN, into OUT (this folder).
set -euo pipefail
bin=$(cd "$1" && pwd)
cd "$(dirname "$0")"
out=${2:-.}
"$bin/ixs-simulate" sample.xml -i ../configs/herix.xml \
    -o "$out/beamtime.spec.gz" --truth "$out/beamtime_truth"
gzip -d -f "$out/beamtime.spec.gz"
