#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_plot.sh IXS-PLOT VIEW-SAMPLES`: ixs-plot as users meet it.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
plot=$(realpath "$1") samples=$(realpath "$2")
"$samples" "$work/made" || exit 2
cd "$work/made" || exit 2
kinds='raw calib spectra fit dispersion'

well_formed() { # well_formed FILE: an XML document that a reader without network takes
    python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$1"
}

refused() { # refused CODE TEXT ARGUMENT...: that exit code, that message, no picture, no leftover
    local code=$1 text=$2 got
    shift 2
    rm -rf out && mkdir out
    "$plot" "$@" >"$work/said.out" 2>"$work/said.err"
    got=$?
    cat "$work/said.out" "$work/said.err"
    [ $got -eq "$code" ] && grep -qF -- "$text" "$work/said.err" && [ -z "$(ls -A out)" ]
}

svg() { # svg PRODUCT OPTION...: a picture, silently, of well-formed XML, the same bytes twice
    rm -rf out && mkdir out
    "$plot" "$@" -o out/one.svg && "$plot" "$@" -o out/two.svg && cmp out/one.svg out/two.svg &&
        well_formed out/one.svg && [ ! -s "$work/said" ]
}

png() {
    "$plot" "$1" -o out/one.png && "$plot" "$1" -o out/two.png && cmp out/one.png out/two.png &&
        [ "$(head -c 4 out/one.png | tail -c 3)" = PNG ] && [ "$(stat -c %s out/one.png)" -gt 5000 ]
}

pdf() { # the clock goes on between the two; cairo 1.18 hides its date in a compressed stream
    "$plot" "$1" -o out/one.pdf && sleep 1.1 && "$plot" "$1" -o out/two.pdf &&
        { cmp out/one.pdf out/two.pdf || ! grep -aq /CreationDate out/one.pdf; } && [ "$(head -c 5 out/one.pdf)" = %PDF- ]
}

no_gnuplot() { # an old picture stays as it is
    local real=$plot
    printf '#!/bin/sh\nPATH=/nonexistent exec "%s" "$@"\n' "$plot" >bare && chmod +x bare
    echo old >old.svg
    plot=$PWD/bare
    refused 4 'gnuplot-nox' fit.fits -o out/a.svg && refused 4 'gnuplot-nox' fit.fits -o old.svg &&
        [ "$(cat old.svg)" = old ]
    local good=$?
    plot=$real
    return $good
}

script() { # the script needs no gnuplot, and names nothing of this machine
    mkdir -p out
    PATH=/nonexistent "$plot" fit.fits -o out/a.gp && ! grep -F "$PWD" out/a.gp
}

check 'without gnuplot' no_gnuplot
check 'the script alone' script
check 'no -o' refused 2 'found no --output' fit.fits
check 'an ending that is no picture' refused 2 "'out/a.jpg'" fit.fits -o out/a.jpg
check 'no such analyzer' refused 2 'Ana77, expected one of Ana5, Ana7, Ana9' fit.fits --analyzer Ana77 -o out/a.svg
check 'no such column' refused 2 "'Ana77'" raw.fits --columns Ana77 -o out/a.svg
check 'two kinds' refused 2 'products of one kind' fit.fits spectra.fits -o out/a.svg
cp dispersion.fits second.fits
check 'two dispersions' refused 2 'expected one in a picture' dispersion.fits second.fits -o out/a.svg
check 'the same product twice' refused 2 'the same file twice' dispersion.fits dispersion.fits -o out/a.svg
rm second.fits
check 'not a product' refused 3 'expected a product' "$samples" -o out/a.svg
check 'a view of another kind' refused 2 'expected DISPERSION' fit.fits --view thermal -o out/a.svg
check 'a view of SPECTRA' refused 2 'expected SPECTRA' fit.fits --view chi -o out/a.svg
check 'no such view' refused 2 "found view 'q'" spectra.fits --view q -o out/a.svg
check 'a folder that is not there' refused 4 'nowhere' fit.fits -o nowhere/a.svg
check 'width out of range' refused 2 '--width' fit.fits --width 5 -o out/a.svg

if command -v gnuplot >/dev/null; then
    for kind in $kinds; do
        for folder in . awkward empty; do
            check "$folder/$kind" svg "$folder/$kind.fits"
            check "$folder/$kind, logarithmic" svg "$folder/$kind.fits" --log
        done
        check "$kind as PNG" png "$kind.fits"
    done
    for folder in . awkward empty; do
        check "$folder/dispersion against temperature" svg "$folder/dispersion.fits" --view thermal
    done
    for folder in . awkward empty; do
        check "$folder/spectra as a map" svg "$folder/spectra.fits" --view map
        check "$folder/chi'' before ixs-elastic" svg "$folder/spectra.fits" --view chi
    done
    check 'one series' svg dispersion.fits --view thermal --spectrum 2
    check 'PDF' pdf dispersion.fits
    check 'one analyzer' svg fit.fits --analyzer Ana7
    check 'one spectrum' svg spectra.fits --spectrum 2 --log
    check 'one response' svg calib.fits --analyzer Ana9
    check 'columns by label' svg raw.fits --columns 'Heat Stage T1,Seconds'
    check 'several fits' svg fit.fits awkward/fit.fits --analyzer Ana5
    check 'an odd name' svg awkward/spectra.fits --spectrum 1
    check 'a picture of another size' svg fit.fits --width 600 --height 400
    mv fit.fits "odd 'name' \$(touch x) \`touch y\`;{a}_b.fits"
    check 'an odd file name' svg "odd 'name' \$(touch x) \`touch y\`;{a}_b.fits"
    check 'names are never commands' test ! -e x -a ! -e y
else
    skip 'pictures' 'gnuplot is not installed'
fi
finish
