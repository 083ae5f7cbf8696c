#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/products_valid.sh BIN ROOT`: products of every kind, of every program and of odd inputs,
# before other people's readers: fitsverify, fitscheck, astropy, stilts. A changed byte is refused.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
bin=$(realpath "$1") root=$(realpath "$2")
check_py=$root/tests/products_valid.py
cd "$work" || exit 2

simulated() { # a small beamtime with its truth, plain and packed
    local range="from='-5' to='5' intervals='20'"
    sed -e '/<scan /d' \
        -e "s|<plan>|&<scan kind='reference' main='Ana5' tth='4.7' $range time='1'/>|" \
        -e "s|<plan>|&<scan kind='phonon' main='Ana5' h='4.05' k='4' l='4.02' $range time='10'/>|" \
        "$root/test_spectra/sample.xml" >small.xml
    "$bin/ixs-simulate" -q small.xml -i "$root/configs/herix.xml" -o products/small.spec &&
        cp "$root"/test_spectra/beamtime_truth_*.fits.gz products/
}

chain() { # a few scans of the shipped beamtime; the aborted one and two side by side
    "$bin/ixs-import" -q "$root/test_spectra/beamtime.spec" -o raw &&
        cp raw/beamtime_S000[1-8].fits raw/beamtime_S001[0-3].fits raw/beamtime_S0001.2.fits \
            products/ &&
        "$bin/ixs-calibrate" -q raw/beamtime_S000[1-8].fits -i "$root/configs/herix.xml" \
            -o products/calib.fits &&
        "$bin/ixs-reduce" -q raw/beamtime_S00{10,12,13}.fits -c products/calib.fits \
            -e "$root/test_spectra/experiment.xml" -o products/spectra.fits &&
        "$bin/ixs-merge" -q --momentum 0.03 products/spectra.fits -c products/calib.fits \
            -o products/merged.fits &&
        "$bin/ixs-elastic" -q products/spectra.fits -c products/calib.fits --modes 2 \
            -o products/elastic.fits &&
        "$bin/ixs-fit" -q products/elastic.fits -c products/calib.fits --modes 2 --curves \
            -m "$root/test_spectra/model.xml" -o products/fit.fits &&
        "$bin/ixs-dispersion" -q products/fit.fits -o products/dispersion.fits
}

nominal() { # responses that nobody measured, no calibration, an empty fit, a packed product
    "$bin/ixs-calibrate" -q -i "$root/configs/herix.xml" -o products/nominal.fits &&
        "$bin/ixs-reduce" -q raw/beamtime_S0010.fits -e "$root/test_spectra/experiment.xml" \
            -o products/bare.fits.gz &&
        "$bin/ixs-fit" -q products/bare.fits.gz -c products/nominal.fits --from 500 \
            -o products/nothing.fits
}

odd() { # labels, values, texts and scans as no beamline should write them
    {
        printf "#F odd\n#E 1447278756\n#D Wed Nov 11 15:52:36 2015\n#C caf\351  User = o'hara\n"
        printf '#O0 HerixE  a very long name of a motor with blanks in it that goes on and on\n'
        printf '#H0  T_Sample\n\n#S 1  ascan  herixE -1 1  2 30\n#D Wed Nov 11 15:52:50 2015\n'
        printf '#T 30  (Seconds)\n#P0 0 7.5\n#V0  none\n#Z %0500d\n#N 6\n' 7
        printf "#L HerixE  Ana5  ana5  I/I0 (%%)  it's  \316\261\n"
        printf -- '-1 2 3 nan 1e300 1e-320\n0 2 3 inf 1e300 0\n1 2 3 4\n'
        printf '\n#S 2  ascan  herixE -1 1  2 30\n#D Wed Nov 11 15:53:50 2015\n#N 1\n#L HerixE\n'
        printf '\n#S 3  nothing\n'
    } >odd.spec
    "$bin/ixs-import" -q --unfinished odd.spec -o products && ls products/odd_S000{1,2,3}.fits
}

every_kind() {
    local kind
    for kind in RAW CALIB SPECTRA FIT DISPERSION; do
        "$bin/ixs-show" --header products/*.fits | grep "^PRODUCT = '$kind" >/dev/null || return 1
    done
    "$bin/ixs-show" --check products/*.fits*
}

fits_verify() { # one by one; its exit code is the number of problems
    local product
    for product in products/*.fits*; do
        fitsverify -q "$product" >verified 2>&1 && grep -q 'verification OK' verified ||
            { cat verified && fitsverify "$product" | grep -E '\*\*\*' && return 1; }
    done
}

stilts_reads() { # all tables, each with its rows; it takes several from a file only if it is plain
    local -a inputs
    mkdir -p plain && cp products/*.fits plain/ && cp products/*.gz plain/ && gzip -d plain/*.gz &&
        mapfile -t inputs < <(printf 'in=%s\n' plain/*.fits) &&
        stilts tmulti multi=true "${inputs[@]}" out=all.vot ofmt=votable-tabledata &&
        python3 "$check_py" votable all.vot plain/*.fits
}

stilts_pipe() { # stilts_pipe PRODUCT: each table addressed by its name
    local name
    for name in SPECTRA MODES PARAMETERS PROVENANCE; do
        stilts tpipe in="$1#$name" omode=count || return 1
    done
}

changed() { # one byte anywhere: refused, with the file and what was found
    local file got count=0
    mkdir -p flipped && python3 "$check_py" flip flipped 24 products/{calib,spectra,fit}.fits \
        products/{dispersion,odd_S0001,small_truth_fit}.fits || return 1
    for file in flipped/*; do
        "$bin/ixs-show" --check "$file" >out 2>err
        got=$?
        count=$((count + 1))
        if [ "$got" -ne 3 ] || ! grep -q "^$file.*: error: found" err; then
            echo "exit $got for $file" && cat err && return 1
        fi
    done
    echo "$count files" && [ "$count" -eq 144 ]
}

changed_input() { # the programs do not take it either, and write nothing
    local file
    for file in flipped/spectra.*.fits; do
        "$bin/ixs-fit" -q "$file" -c products/calib.fits --modes 1 -o none.fits 2>err
        [ $? -eq 3 ] && [ ! -e none.fits ] || { echo "$file" && cat err && return 1; }
    done
    for file in flipped/calib.*.fits; do
        "$bin/ixs-fit" -q products/spectra.fits -c "$file" --modes 1 -o none.fits 2>err
        [ $? -eq 3 ] && [ ! -e none.fits ] || { echo "$file" && cat err && return 1; }
    done
}

python_with_astropy() {
    local python
    for python in python3 /usr/bin/python3; do
        "$python" -c 'import astropy.io.fits' 2>/dev/null && echo "$python" && return 0
    done
    return 1
}

mkdir products
check 'a simulated beamtime and its truth' simulated
check 'from SPEC to dispersion' chain
check 'nominal responses, no calibration, nothing to fit' nominal
check 'an odd SPEC file' odd
check 'products of every kind; ixs-show --check finds nothing wrong' every_kind
check 'a changed byte is refused' changed
check 'no program takes a product with a changed byte' changed_input
if command -v fitsverify >/dev/null; then
    check 'fitsverify: no errors, no warnings' fits_verify
else
    skip 'fitsverify: no errors, no warnings' 'fitsverify is not here'
fi
if command -v fitscheck >/dev/null; then
    check 'fitscheck: checksums and compliance' fitscheck --compliance products/*.fits*
else
    skip 'fitscheck: checksums and compliance' 'fitscheck is not here'
fi
if python=$(python_with_astropy); then
    check 'astropy: all tables, legal units' "$python" "$check_py" units products/*.fits*
    check 'ixs-show and astropy read the same' \
        "$python" "$check_py" csv "$bin/ixs-show" products/*.fits*
else
    skip 'astropy: all tables, legal units' 'astropy is not here'
    skip 'ixs-show and astropy read the same' 'astropy is not here'
fi
if command -v stilts >/dev/null; then
    check 'stilts: all tables with all rows' stilts_reads
    check 'stilts: tables by name' stilts_pipe products/beamtime_truth_fit.fits.gz
else
    skip 'stilts: all tables with all rows' 'stilts is not here'
    skip 'stilts: tables by name' 'stilts is not here'
fi
finish
