#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# spectra.sh BUILD OUT: the comparison's spectra in OUT, unless they are there: 1000 of 201 points and
# 1000 of 401. Those of ../shared/peers where that is, else made alike by generate.c.
set -euo pipefail
build=$1 out=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
python=/usr/bin/python3
[ -x $python ] || python=python3
mkdir -p "$out"
[ -f "$out/start401.csv" ] && exit
if [ -f "$root/../shared/peers/generate.py" ] && $python -c 'import scipy.signal' 2>/dev/null; then
    $python "$root/../shared/peers/generate.py" "$out" >/dev/null
else
    "$build/bench/peers/peers_generate" "$out"
fi
