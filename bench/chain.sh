#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# chain.sh BUILD [BEAMTIMES [FIRST_SEED [SLACK]]]: simulated beamtimes from SPEC to FIT through the programs in
# BUILD, held against their truth: prints a table, ends with 1 if a bound is missed. The number of
# modes is given in every other beamtime and chosen in the rest; starts are the programs' own. SLACK:
# standard errors added to the bounds, for a small slice.
set -euo pipefail
build=$(cd "$1" && pwd)
beamtimes=${2:-120} first=${3:-1} slack=${4:-0}
root=$(cd "$(dirname "$0")/.." && pwd)
bin=$build/reduce
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

one() { # one SEED: a line for chain_judge
    local seed=$1 folder=$work/$1 half=given rule=(--modes 2)
    if ((seed % 2)); then half=chosen rule=(--most-modes 4); fi
    mkdir "$folder"
    cd "$folder"
    python3 "$root/bench/chain_sample.py" "$seed" "$root/test_spectra/sample.xml" >sample.xml
    "$bin/ixs-simulate" -q sample.xml -i "$root/configs/herix.xml" -o b.spec --truth t
    "$bin/ixs-import" -q b.spec -o raw
    "$bin/ixs-calibrate" -q -i "$root/configs/herix.xml" raw/b_S000[1-8].fits -o calib.fits
    "$bin/ixs-reduce" -q -e "$root/test_spectra/experiment.xml" -c calib.fits raw/b_S0009.fits -o s.fits
    "$bin/ixs-fit" -q --all "${rule[@]}" -c calib.fits s.fits -o f.fits
    rm -r raw b.spec
    echo "$half $folder/t_fit.fits $folder/f.fits"
}
export -f one
export work root bin
seq "$first" $((first + beamtimes - 1)) |
    xargs -P "$(nproc)" -I SEED bash -euc 'one SEED' | sort >"$work/list"
"$build/bench/chain_judge" "$slack" <"$work/list"
