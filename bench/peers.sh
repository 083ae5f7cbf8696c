#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# peers.sh BUILD [OUT [PAIRS]]: the fit engine of BUILD beside the programs of today on the same
# spectra from the same starts. OUT (build/peers) keeps spectra and answers for the next run.
# The spectra are those of ../shared/peers where that is, else made alike by bench/peers/generate.c.
set -euo pipefail
build=$(cd "$1" && pwd)
root=$(cd "$(dirname "$0")/.." && pwd)
out=${2:-$build/peers} pairs=${3:-20}
python=/usr/bin/python3
[ -x $python ] || python=python3
ninja -C "$build" peers >/dev/null
mkdir -p "$out"

if [ ! -f "$out/start401.csv" ]; then
    if [ -f "$root/../shared/peers/generate.py" ] && $python -c 'import scipy.signal' 2>/dev/null; then
        $python "$root/../shared/peers/generate.py" "$out" >/dev/null
    else
        "$build/bench/peers/peers_generate" "$out"
    fi
fi
for npoints in 201 401; do
    $python "$root/bench/peers/measure.py" "$build/bench/peers" "$out" $npoints "$pairs"
    echo
done
echo 'The engine with its plain x86-64 kernels:'
IXSFLOW_KERNELS=plain \
    $python "$root/bench/peers/measure.py" "$build/bench/peers" "$out" 201 "$pairs" lmfit cminpack
