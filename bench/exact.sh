#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# exact.sh BUILD [OUT [COUNT]]: the fit engine against the exact minimum of each of 2000 spectra
# (bench/peers/exact.c), set as bench/peers.sh times it. With COUNT: a slice of as many spectra of 201
# points, made for it. Ends with 1 if a bound is missed.
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
out=${2:-$build/peers} bin=$build/bench/peers
if [ $# -gt 2 ]; then
    "$bin/peers_generate" "$out" "$3"
    exec "$bin/peers_exact" "$out" 201
fi
ninja -C "$build" peers >/dev/null
"$here/peers/spectra.sh" "$build" "$out"
status=0
for npoints in 201 401; do
    "$bin/peers_exact" "$out" $npoints || status=1
done
exit $status
