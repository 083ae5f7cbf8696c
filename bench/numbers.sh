#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# numbers.sh BUILD [SPECTRA [OUT]]: how often the right number of modes is chosen, and whether its
# probability means what it says, for SPECTRA (500) of each kind and three seeds; the tables and their
# picture numbers.svg into OUT (BUILD/numbers). Needs gnuplot for the picture.
set -euo pipefail
build=$(cd "$1" && pwd)
out=${3:-$build/numbers}
mkdir -p "$out"
for seed in 1 2 3; do
    "$build/bench/numbers" "${2:-500}" $seed 0 0 "$out/$seed.dat" >"$out/$seed.txt" || true
    cat "$out/$seed.txt"
done
command -v gnuplot >/dev/null || exit 0
cd "$out" && gnuplot <<'END'
set terminal svg size 560,420 font 'sans,13' background '#ffffff'
set output 'numbers.svg'
set xlabel 'probability given to a number of modes'
set ylabel 'share of the spectra that have it'
set xrange [0:1]; set yrange [0:1]; set size square; set grid lc '#dddddd'
set key top left
plot x lc '#888888' title 'as it should be', \
    '1.dat' u 1:2:3 w yerr pt 7 ps 0.6 lc '#d55e00' title '1500 spectra', \
    '2.dat' u 1:2:3 w yerr pt 5 ps 0.6 lc '#0072b2' title 'others', \
    '3.dat' u 1:2:3 w yerr pt 9 ps 0.7 lc '#009e73' title 'others'
END
