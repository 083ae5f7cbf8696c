#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# archive.sh BUILD [COUNT [PAIRS]]: ixs-fit on one archive of COUNT (10 000) spectra with two modes,
# in CPU time, against its fits alone and the bare reading and writing of the same bytes.
set -euo pipefail
build=$(cd "$1" && pwd)
count=${2:-10000} pairs=${3:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ninja -C "$build" bench/archive reduce/ixs-fit >/dev/null
"$build/bench/archive" write "$work" "$count"

fit() { # CPU seconds of ixs-fit
    local TIMEFORMAT='%U %S'
    rm -f "$work/fit.fits"
    { time "$build/reduce/ixs-fit" -q -j 1 --modes 2 -c "$work/calib.fits" "$work/spectra.fits" \
        -o "$work/fit.fits"; } 2>&1 | awk 'END { print $1 + $2 }'
}

for ((pair = 0; pair < pairs; pair++)); do
    whole=$(fit)
    kernels=$("$build/bench/archive" kernels "$work/spectra.fits" "$work/calib.fits")
    bytes=$("$build/bench/archive" bytes "$work/spectra.fits" "$work/calib.fits" "$work/fit.fits")
    echo "$whole $kernels $bytes"
done | awk -v count="$count" '
    { ratio[NR] = $1 / ($2 + $3); whole[NR] = $1; kernels += $2; bytes += $3 }
    END {
        sort(ratio)
        sort(whole)
        printf "%d spectra: ixs-fit %.2f s, fits alone %.2f s, bare bytes %.3f s (CPU)\n", count,
            whole[int((NR + 1) / 2)], kernels / NR, bytes / NR
        printf "ratio %.2f (%.2f .. %.2f), %d pairs; bound 1.5\n", ratio[int((NR + 1) / 2)], ratio[1], ratio[NR], NR
    }
    function sort(a, i, k, t) {
        for (i = 2; i <= NR; i++)
            for (k = i; k > 1 && a[k - 1] > a[k]; k--) { t = a[k]; a[k] = a[k - 1]; a[k - 1] = t }
    }'
