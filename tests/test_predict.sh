#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_predict.sh BIN ROOT: ixs-simulate --predict, as one who plans a beamtime uses it.
set -u
bin=$(cd "$1" && pwd) root=$(cd "$2" && pwd)
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$work" || exit 99

predict() { "$bin/ixs-simulate" --predict "$@" "$root/test_spectra/sample.xml" -i "$root/configs/herix.xml"; }
near() { awk -v a="$1" -v b="$2" -v part="$3" 'BEGIN { exit !(a > 0 && b > 0 && a / b < 1 + part && b / a < 1 + part) }'; }

predict >one.txt; predict --scale 4 >four.txt
check 'a line for each parameter of each spectrum' test "$(grep -c omega0 one.txt)" -gt 100
error() { awk -v c="$1" -v n="$2" '$1 == 17 && $2 == "Ana5" && $3 == c && $4 == n { print $6 }' "$3"; }
# the beam of that sample decays meanwhile
check 'four times the time, half the error' near "$(error dho2 omega0 one.txt)" \
    "$(awk -v e="$(error dho2 omega0 four.txt)" 'BEGIN { print 2 * e }')" 0.08
predict --want "FWHM=$(awk -v e="$(error dho2 fwhm one.txt)" 'BEGIN { print e / 2 }')" >want.txt
needed=$(awk '$1 == 17 && $2 == "Ana5" && $3 == "dho2" && $4 == "fwhm" { print $(NF - 1) }' want.txt)
check 'half the error needs four times 30 s' near "$needed" 120 0.01
check 'nothing is written' test -z "$(find . -name '*.spec' -o -name '*.fits')"
predict --want FWHM 2>told.txt
check 'a wish that is none is refused' test $? = 2
check 'and told' grep -q NAME=ERROR told.txt

# What is foretold is what a fit then says: the median of three beamtimes.
for seed in 1 2 3; do
    "$bin/ixs-simulate" -q --seed $seed "$root/test_spectra/sample.xml" -i "$root/configs/herix.xml" \
        -o sim.spec --truth s$seed &&
        "$bin/ixs-fit" -q --exact-response --modes 2 -c s${seed}_calib.fits s${seed}_spectra.fits -o f$seed.fits 2>/dev/null
    "$bin/ixs-show" --table MODES --columns SCANS,ANALYZER,MODE,OMEGA0_ERR f$seed.fits 2>/dev/null |
        awk '$1 == 17 && $2 == "Ana5" && $3 == 2 { print $4 }'
done | sort -g >found.txt
check 'fits of simulated beamtimes have these errors' near "$(sed -n 2p found.txt)" "$(error dho2 omega0 one.txt)" 0.2
finish
