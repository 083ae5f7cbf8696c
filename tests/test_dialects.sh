#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_dialects.sh BIN ROOT`: a beamtime of each beamline, simulated in its own dialect and
# taken through the chain: zeros and phonons within their errors, angles and HKL exactly.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
bin=$(realpath "$1") root=$(realpath "$2")
cd "$work" || exit 2

simulate() { # simulate BEAMLINE [SCALE [LINE]]: BEAMLINE.spec, and its scans in raw_BEAMLINE
    python3 "$root/tests/dialect_sample.py" "$root/configs/$1.xml" "${@:2}" >"$1.sample.xml" &&
        "$bin/ixs-simulate" "$1.sample.xml" -i "$root/configs/$1.xml" -o "$1.spec" &&
        "$bin/ixs-import" "$1.spec" -o "raw_$1"
}

beamline() { # the whole chain
    simulate "$1" &&
        "$bin/ixs-calibrate" -q -i "$root/configs/$1.xml" "raw_$1/$1"_S000[12].fits -o calib.fits &&
        "$bin/ixs-reduce" -q --temperature 300 -i "$root/configs/$1.xml" -c calib.fits \
            "raw_$1/$1"_S000[345].fits -o spectra.fits &&
        "$bin/ixs-fit" -q -n 2 spectra.fits -c calib.fits -o fit.fits &&
        python3 "$root/tests/dialect_check.py" "$bin/ixs-show" "${1}_truth" calib.fits spectra.fits fit.fits
}

# A column of a table as text: column FILE TABLE COLUMN.
column() {
    "$bin/ixs-show" --csv --table "$2" --columns "$3" "$1" | tail -n +2
}

scale() { # true alpha 1 % above the instrument's: found from diamond's line, not put into the zeros
    simulate bl35xu 1.01 165.2 || return 1
    cat >scale.xml <<END
<experiment><instrument file="$root/configs/bl35xu.xml"/>
  <line from="3" to="5" unit="meV" error="0.1">165.2</line></experiment>
END
    "$bin/ixs-calibrate" -q -e scale.xml raw_bl35xu/*.fits -o scale.fits &&
        "$bin/ixs-reduce" -q --temperature 300 -e scale.xml -c scale.fits raw_bl35xu/*_S0003.fits -o s.fits &&
        "$bin/ixs-show" --header scale.fits | awk '
            /^SCALE *=/ { scale = $3 } /^SCALEERR=/ { error = $2 }
            END { print "scale", scale, error
                  exit !(scale > 1.008 && scale < 1.012 && error > 0.0002 && error < 0.002) }' &&
        "$bin/ixs-show" scale.fits | grep 'energy scale 1.0' &&
        paste -d, <(column scale.fits ANALYZERS ZERO) <(column bl35xu_truth_calib.fits ANALYZERS ZERO) |
        awk -F, '{ d = $1 - $2; sum += d * d; n++ } END { r = sqrt(sum / n); print "zeros", n, r
                 exit !(n == 12 && r < 0.02) }' &&
        "$bin/ixs-fit" -q -n 1 s.fits -c scale.fits -o fit.fits &&
        column fit.fits MODES OMEGA0,SCALE_ERR | awk -F, '{ sum += $1; n++; if (!($2 > 0.0002 && $2 < 0.002)) bad = 1 }
            END { print "line at", sum / n; exit bad || !(sum / n > 165.1 && sum / n < 165.3) }' &&
        column s.fits SPECTRA SCALE_ERR | awk '{ print "SCALE_ERR", $1; if (!($1 > 0.0002 && $1 < 0.002)) bad = 1 }
                                              END { exit bad }'
}

zeros() { # zeros NAME: pulls and rms of the zeros of NAME's spectra
    paste -d, <(column "$1" SPECTRA ZERO,ZERO_ERR) <(column bl35xu_truth_spectra.fits SPECTRA ZERO) |
        awk -F, '{ d = $1 - $3; s += d * d; p += d * d / ($2 * $2); n++ }
                 END { printf "%d %.4f %.3f\n", n, sqrt(s / n), sqrt(p / n) }'
}

drift() { # all zeros wander and a06 by itself: reference scans foretell it, elastic lines tell it
    python3 "$root/tests/dialect_sample.py" "$root/configs/bl35xu.xml" |
        sed -e 's|<step unit="meV">0</step>|&<drift unit="meV/h">0.02</drift><wander unit="meV">0.06</wander>|' \
            -e 's|name="a06" |&drift="0.05" |' -e '/<plan>/s|\(<plan>\)\(.*\)\(</plan>\)|\1\2\2\2\3|' >bl35xu.sample.xml
    rm -rf raw_bl35xu
    "$bin/ixs-simulate" bl35xu.sample.xml -i "$root/configs/bl35xu.xml" --seed 3 -o bl35xu.spec &&
        "$bin/ixs-import" bl35xu.spec -o raw_bl35xu || return 1
    local name='raw_bl35xu/bl35xu_S00' elastic=''
    local references=("$name"{01,02,06,07,11,12}.fits) samples=("$name"{03,04,05,08,09,10,13,14,15}.fits)
    for from in '' '<elastic from="3" to="5"/><elastic from="8" to="10"/><elastic from="13" to="15"/>'; do
        echo "<experiment><instrument file='$root/configs/bl35xu.xml'/>$from</experiment>" >drift.xml
        [ -z "$from" ] || references+=("${samples[@]}") elastic=_elastic
        "$bin/ixs-calibrate" -q -e drift.xml "${references[@]}" -o drift.fits &&
            "$bin/ixs-reduce" -q --temperature 300 -e drift.xml -c drift.fits "${samples[@]}" -o "spectra$elastic.fits" ||
            return 1
    done
    "$bin/ixs-show" drift.fits | grep 'all zeros wander by'
    echo "$(zeros spectra.fits) $(zeros spectra_elastic.fits)" | tee pulls
    awk '{ exit !($1 == 108 && $2 < 0.2 && $3 < 1.3 && $5 < 0.5 * $2 && $6 < 1.3) }' pulls
}

no_line() { # nothing stands where the experiment has a line: told, and no scale
    sed 's/>165.2</>100</' scale.xml >none.xml
    "$bin/ixs-calibrate" -e none.xml raw_line/*.fits -o none.fits 2>err
    local got=$?
    cat err
    [ $got -eq 0 ] && grep -q 'found no line where <elastic> or <line> has one' err &&
        ! "$bin/ixs-show" none.fits | grep 'energy scale'
}

no_reset() { # only HERIX's files tell of resets of the axis
    sed 's/kind="reference"/& reset="peak"/' id28.sample.xml >reset.xml
    "$bin/ixs-simulate" reset.xml -i "$root/configs/id28.xml" -o reset.spec 2>err
    local got=$?
    cat err
    [ $got -eq 2 ] && grep -qE '^reset.xml:[0-9]+: error: .*no reset of the axis' err
}

no_thermometer() {
    sed 's/zero="/warmer="0.1" &/' bl43lxu.sample.xml >warm.xml
    "$bin/ixs-simulate" warm.xml -i "$root/configs/bl43lxu.xml" -o warm.spec 2>err
    local got=$?
    cat err
    [ $got -eq 2 ] && grep -q 'warmer than stated, expected one with a thermometer' err
}

missing_column() { # of the monochromator's thermometer: the scan, the column, what is expected there
    sed 's/prem_ad5/prem_ad55/' "$root/configs/id28.xml" >wrong.xml
    "$bin/ixs-reduce" -i wrong.xml raw_id28/id28_S0003.fits -o wrong.fits 2>err
    local got=$?
    cat err
    [ $got -eq 3 ] && [ ! -e wrong.fits ] &&
        grep -q "id28_S0003.fits: error: found no column prem_ad55 in scan 3, expected the monochromator's thermometer" err
}

for name in herix id28 bl35xu bl43lxu nsls2_10id; do
    check "$name through the chain" beamline "$name"
done
check 'the energy scale from a known line' scale
mv raw_bl35xu raw_line
check 'a line that is not there' no_line
check 'drift of all and of one' drift
check 'a reset where files tell of none' no_reset
check 'a warmer analyzer without a thermometer' no_thermometer
check 'a thermometer that is not there' missing_column
finish
