#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# peers.sh BUILD [OUT [PAIRS]]: the fit engine of BUILD beside the programs of today, on the same
# spectra from the same starts, in PAIRS (20) interleaved pairs; then the engine alone: allocations,
# kernels, threads. OUT (BUILD/peers) keeps spectra and answers for the next run. A program whose
# library is not installed is skipped.
set -euo pipefail
build=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
out=${2:-$build/peers} pairs=${3:-20}
bin=$build/bench/peers
python=/usr/bin/python3
[ -x $python ] || python=python3
ninja -C "$build" peers >/dev/null
"$here/peers/spectra.sh" "$build" "$out"

for npoints in 201 401; do
    $python "$here/peers/measure.py" "$bin" "$out" $npoints "$pairs"
    echo
done
echo 'The engine with its plain x86-64 kernels:'
IXSFLOW_KERNELS=plain $python "$here/peers/measure.py" "$bin" "$out" 201 "$pairs" lmfit cminpack
echo
LD_PRELOAD=$bin/libcount_mallocs.so "$bin/peers_engine" "$out" 201
