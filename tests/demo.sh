#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/demo.sh BIN`: the demo as a visitor meets it, and what other people's tools say of every
# product it makes.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
bin=$work/bin # Make's file names have no blanks; the checkout's path may have
ln -s "$(cd "$1" && pwd)" "$bin" && cd "$(dirname "$0")/.." || exit 2
cp -r test_spectra configs "$work" || exit 2
unset MAKEFLAGS MAKELEVEL MFLAGS

demo() { # demo OUT OPTION...
    mkdir -p "$work/$1" &&
        "$bin/ixs-plan" "${experiment:-$work/test_spectra/experiment.xml}" -o "$work/$1/Makefile" &&
        make -C "$work/$1" BIN=../bin PICTURES='svg png' "${@:2}"
}

nothing_to_do() {
    demo one >"$work/second" 2>&1 && demo one -q && grep -q 'Nothing to be done' "$work/second" &&
        ! grep -q ixs- "$work/second" || { cat "$work/second" && false; }
}

drawn() { # a picture of each scan, of the responses and the dispersion, whole
    local picture count=0
    while read -r picture; do
        count=$((count + 1))
        case $picture in
        *.svg) head -c 200 "$picture" | grep -q '<?xml' && tail -c 20 "$picture" | grep -q '</svg>' ;;
        *.png) [ "$(head -c 8 "$picture" | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ] ;;
        esac || { echo "$picture is not whole" && return 1; }
    done < <(find "$work/one" -name '*.svg' -o -name '*.png')
    echo "$count pictures" && [ "$count" -eq 20 ]
}

same_bytes() {
    demo two -j1 && diff -r -x plan -x done "$work/one" "$work/two" &&
        diff -r "$work/one/plan" "$work/two/plan"
}

products() {
    find "$work/one" -name '*.fits' | sort
}

residuals() { # of each curve, squared and added up, are the deviance of its fit
    local fit
    for fit in "$work"/one/fit/*.fits; do
        "$bin/ixs-show" --csv --table SPECTRA --columns SPECTRUM,DEVIANCE "$fit" \
            | sed 's/^/deviance,/' >"$work/sums"
        "$bin/ixs-show" --csv --table CURVES --columns SPECTRUM,RESIDUAL,FLAGS "$fit" \
            | sed 's/^/point,/' >>"$work/sums"
        awk -F, -v fit="$fit" '
            function barred(flags) { # 1024, 2048, 8192 only tell
                return flags % 1024 > 0 || int(flags / 4096) % 2 > 0 || flags >= 16384
            }
            $1 == "deviance" && $3 > 0 { want[$2] = $3 }
            $1 == "point" && !barred($4) { sum[$2] += $3 * $3 }
            END {
                for (one in want) {
                    seen++
                    if ((sum[one] - want[one]) ^ 2 > 1e-12 * want[one] ^ 2) {
                        print fit, one, sum[one], want[one]
                        bad++
                    }
                }
                exit bad || !seen
            }' "$work/sums" || return 1
    done
}

fits_verify() { # fitsverify's exit code is the number of problems
    products | xargs -n 1 fitsverify -q >"$work/verified" 2>&1
    grep -v 'verification OK' "$work/verified"
    [ "$(grep -c 'verification OK' "$work/verified")" -eq "$(products | wc -l)" ]
}

fits_check() { # checksums present and right, by another reader
    products | xargs fitscheck --compliance
}

# The real HERIX files with the responses of another beamtime: Ana7 of scan 60 has its phonon at
# 4.99(2) meV, from Stokes and anti-Stokes lines (CdOsO of prjemian/spec2nexus).
real_spec() {
    printf '<spec file="%s"><scans role="other">1-99</scans>' "$1/CdOsO"
    printf '<scans role="phonon">60</scans></spec><spec file="%s"/>' "$1/plexiglas_1.spec"
}

real() { # real FOLDER
    local fit=$work/real/fit/CdOsO_S0060.fits
    sed -e 's|file="herix.xml"|file="configs/herix.xml"|' -e "s|</sample>|&$(real_spec "$1")|" \
        configs/CdOsO.xml >"$work/real.xml"
    experiment=$work/real.xml demo real || return 1
    "$bin/ixs-show" --csv --columns ANALYZER,OMEGA0,OMEGA0_ERR "$fit" >"$work/modes" || return 1
    cat "$work/modes"
    awk -F, '$1 == "Ana7" && ($2 - 4.99) ^ 2 < 0.03 ^ 2 && $3 > 0 && $3 < 0.05 { found = 1 }
        END { exit !found }' "$work/modes"
}

python_with_astropy() {
    local python
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import astropy.io.fits' 2>/dev/null && echo "$python" && return 0
    done
    return 1
}

units() { # every unit is a FITS unit, every column can be read
    products | xargs "$1" -W error::astropy.units.UnitsWarning -c '
import sys
from astropy.io import fits
from astropy.units import Unit

columns = 0
for path in sys.argv[1:]:
    with fits.open(path) as product:
        for hdu in product[1:]:
            for column in hdu.columns:
                hdu.data[column.name].tolist()
                columns += 1
                if column.unit:
                    Unit(column.unit, format="fits")
print(columns, "columns")
sys.exit(columns == 0)
'
}

stilts_reads() { # all tables of all products, and as many of them as there are
    local inputs
    mapfile -t inputs < <(products | sed 's/^/in=/')
    stilts tmulti multi=true "${inputs[@]}" out="$work/all.vot" ofmt=votable-tabledata
}

echo 1..11
check 'the demo runs' demo one -j2
check 'a second make does nothing' nothing_to_do
check 'all pictures are drawn' drawn
check 'made again, one at a time: the same bytes' same_bytes
check 'ixs-show --check finds nothing wrong' xargs -a <(products) "$bin/ixs-show" --check
check 'residuals of the curves add up to the deviance' residuals
if command -v fitsverify >/dev/null; then
    check 'fitsverify finds nothing wrong' fits_verify
else
    skip 'fitsverify finds nothing wrong' 'fitsverify is not here'
fi
if command -v fitscheck >/dev/null; then
    check 'fitscheck finds nothing wrong' fits_check
else
    skip 'fitscheck finds nothing wrong' 'fitscheck is not here'
fi
if python=$(python_with_astropy); then
    check 'astropy reads every column and knows every unit' units "$python"
else
    skip 'astropy reads every column and knows every unit' 'astropy is not here'
fi
if command -v stilts >/dev/null; then
    check 'stilts reads every table' stilts_reads
else
    skip 'stilts reads every table' 'stilts is not here'
fi
herix=$PWD/../shared/spectra/herix
if [ -d "$herix" ]; then
    ln -s "$herix" "$work/herix"
    check 'the real HERIX files by the same Makefile' real herix
else
    skip 'the real HERIX files by the same Makefile' 'shared/spectra/herix is not here'
fi
exit "$status"
