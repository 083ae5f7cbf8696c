#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_calibrate.sh IXS-CALIBRATE IXS-IMPORT IXS-SHOW ROOT`: the program as users meet it: with
# and without reference scans, the same bytes for any -j, what is no reference, what is refused.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
calibrate=$(realpath "$1") import=$(realpath "$2") show=$(realpath "$3") root=$(realpath "$4")
instrument=$root/configs/herix.xml
cd "$work" || exit 2

refused() { # refused CODE TEXT ARGUMENT...: that exit code, that text, and nothing written
    local code=$1 text=$2 got
    shift 2
    "$calibrate" "$@" -o none >out 2>err
    got=$?
    cat out err
    [ "$got" -eq "$code" ] && grep -qF -- "$text" err && [ ! -s out ] && [ ! -e none ]
}

# Two reference scans of Ana5 (exactly the expected counts, which is a likely draw) with Ana6 beside
# it, whose zero is 0.5 meV higher; the energy axis is reset by 1.25 meV between them; then a scan of
# a motor. The line is a pseudo-Voigt of FWHM 1.6 meV, eta 0.5.
spec() {
    awk 'BEGIN {
        pi = 3.14159265358979; w = 1.6; ln2 = log(2)
        printf "#F /data/plexi.spec\n#E 1518021866\n#D Wed Feb 07 10:44:26 2018\n"
        printf "#C plexiglas  User = ixs\n#O0 HerixTTH  Anal5 Diam  Anal6_Diam\n#H0  Main_tth_analyzer\n"
        for (s = 1; s <= 2; s++) {
            if (s == 2) printf "#C Wed Feb 07 11:00:00 2018.  herixE reset from 1.25 to 0.\n"
            printf "\n#S %d  ascan  herixE -20 20  160 10\n#D Wed Feb 07 1%d:46:47 2018\n", s, s
            printf "#T 10  (Seconds)\n#P0 4.7 100 100\n#V0  %d\n#N 5\n", 4 + s
            printf "#L HerixE  HM_IC0  Ana5  Ana6  Seconds\n"
            for (i = 0; i <= 160; i++) {
                e = -20 + i / 4; printf "%g 1000000", e
                for (a = 0; a < 2; a++) {
                    x = e + (s - 1) * 1.25 - 0.5 * a
                    l = w / (2 * pi) / (x * x + w * w / 4)
                    g = sqrt(4 * ln2 / pi) / w * exp(-4 * ln2 * x * x / (w * w))
                    printf " %d", 40000 / (1 + (a != s - 1)) * 0.5 * (l + g) + 5.5
                }
                print " 10"
            }
        }
        printf "\n#S 3  ascan  phi 0 1  2 1\n#D Wed Feb 07 13:46:47 2018\n#P0 4.7 100 100\n"
        printf "#N 3\n#L phi  Ana5  Seconds\n0 1 1\n0.5 9 1\n1 2 1\n"
    }' >plexi.spec
    "$import" -q plexi.spec -o raw
}

column() { # column FILE TABLE COLUMN ANALYZER: one cell
    "$show" "$1" --table "$2" --csv --columns "ANALYZER,$3" | awk -F, -v who="$4" '
        { gsub(/["\r]/, "") } $1 == who { print $2; exit }'
}

near() { # near VALUE TRUTH TOLERANCE
    echo "found $1, expected $2 +- $3"
    awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN { exit !(a != "" && a - b <= t && b - a <= t) }'
}

known() {
    "$calibrate" -q raw/*.fits -i "$instrument" -o calib.fits && "$show" --check calib.fits &&
        near "$(column calib.fits ANALYZERS FWHM Ana5)" 1.6 0.01 &&
        near "$(column calib.fits ANALYZERS FWHM Ana6)" 1.6 0.01 &&
        near "$(column calib.fits ANALYZERS ZERO Ana5)" 0 0.005 &&
        near "$(column calib.fits ANALYZERS ZERO Ana6)" 0.5 0.005 &&
        [ "$(column calib.fits ANALYZERS QUALITY Ana5)" = good ] &&
        [ "$(column calib.fits ANALYZERS QUALITY Ana1)" = uncalibrated ]
}

told() { # of what was passed over, and why analyzers are uncalibrated
    "$calibrate" raw/*.fits -i "$instrument" -o calib.fits 2>err && cat err &&
        grep -q 'scan 3 of plexi.spec is passed over' err &&
        grep -q 'Ana1: uncalibrated: no reference scan has a column Ana1' err
}

settled() { # any -j, and again: the same bytes
    cp calib.fits before.fits &&
        "$calibrate" -q -j 3 raw/*.fits -i "$instrument" -o calib.fits && cmp calib.fits before.fits &&
        "$calibrate" -q -j 3 raw/*.fits -i "$instrument" -o other.fits && cmp other.fits before.fits
}

nominal() {
    "$calibrate" -q -i "$instrument" -o nominal.fits && "$show" --check nominal.fits &&
        [ "$(column nominal.fits ANALYZERS QUALITY Ana7)" = nominal ] &&
        near "$(column nominal.fits RESOLUTION FWHM Ana7)" "$(column nominal.fits ANALYZERS FWHM Ana7)" 0
}

single() { # one pseudo-Voigt, which this line is; and what an energy scan that lights nothing tells
    "$calibrate" -q --response single raw/*.fits -i "$instrument" -o single.fits &&
        [ "$(column single.fits ANALYZERS FORM Ana5)" = single ] &&
        [ "$(column single.fits ANALYZERS NCOMPONENTS Ana5)" = 1 ] &&
        near "$(column single.fits RESOLUTION ETA Ana5)" 0.5 0.01 &&
        near "$(column single.fits ANALYZERS FWHM Ana5)" 1.6 0.01
}

dark() { # a scan of the energy that lights nothing is spoken of
    sed 's/ 10$/ 10/; /^#S 1 /,/^#S 2 /{/^[-0-9]/s/^\([^ ]*\) .*/\1 1000000 3 4 10/}' plexi.spec >dark.spec &&
        "$import" -q dark.spec -o dark &&
        "$calibrate" dark/*.fits -i "$instrument" -o dark.fits 2>err && cat err &&
        grep -q 'scan 1 of dark.spec tells nothing: it lights no analyzer' err
}

never_lit() { # scans of which none lights anything are no reference scans; REASON says what is missing
    sed '/^[-0-9]/{s/^\([^ ]*\) .*/\1 1000000 299 4 10/}' plexi.spec >faint.spec &&
        sed '/^[-0-9]/{s/^\([^ ]*\) .*/\1 1000000 2000 4 10/}' plexi.spec >flat.spec &&
        "$import" -q faint.spec flat.spec -o faint &&
        refused 3 'no scan lights it: 299 counts at most, 300 are needed' faint/faint_S000[12].fits -i "$instrument" &&
        refused 3 '2000 counts at most, not 10 times the median of 2000' faint/flat_S000[12].fits -i "$instrument"
}

# standard FROM TO: an experiment whose reference scans are of glass at 20 K
standard() {
    printf '<experiment><instrument file="%s"/><standard name="glass" from="%s" to="%s">%s</standard></experiment>\n' \
        "$instrument" "$1" "$2" '<temperature unit="K">20</temperature>'
}

sample() { # what the experiment states of the sample is in SETTINGS, scan by scan
    standard 1 1 >glass.xml && standard 2 1 >turned.xml &&
        "$calibrate" -q raw/*.fits -e glass.xml -o glass.fits &&
        "$show" glass.fits --table SETTINGS --csv --columns SCAN,SAMPLE,TEMPERATURE | tr -d '"\r' >settings &&
        cat settings && grep -q '^1,glass,20' settings && ! grep -q '^2,glass' settings &&
        [ "$(column glass.fits ANALYZERS INELASTIC Ana5)" = "" ]
}

printf '<instrument name="x"><pitch unit="mm">1</pitch></instrument>\n' >wrong.xml

check 'reference scans in RAW' spec
check 'known line: width, zeros through a reset of the axis' known
check 'what is passed over and what is missing is told' told
check 'the same bytes for any -j and the second time' settled
check 'no scans: the nominal responses' nominal
check 'one pseudo-Voigt on request' single
check 'a scan that lights nothing is told' dark
check 'none of the scans lights anything' never_lit
check 'a form of response that does not exist' refused 2 'found --response triple' --response triple raw/plexi_S0001.fits -i "$instrument"
check 'the sample of the reference scans' sample
check 'scans the wrong way round' refused 2 'turned.xml:1: error: found from 2 and to 1' raw/plexi_S0001.fits -e turned.xml
check 'no instrument' refused 2 instrument raw/plexi_S0001.fits
check 'an instrument with a wrong unit' refused 2 'wrong.xml:1' raw/plexi_S0001.fits -i wrong.xml
check 'no reference among the scans' refused 3 'found no reference scan' raw/plexi_S0003.fits -i "$instrument"
check 'a product of another kind' refused 3 CALIB calib.fits -i "$instrument"
check 'no such file' refused 3 none.fits none.fits -i "$instrument"
check 'strict: an uncalibrated analyzer is a failure' refused 1 'Ana1: uncalibrated' --strict raw/plexi_S0001.fits -i "$instrument"
finish
