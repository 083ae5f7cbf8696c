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
    "$bin/ixs-reduce" -i wrong.xml raw_id28/id28_S0003.fits -o none.fits 2>err
    local got=$?
    cat err
    [ $got -eq 3 ] && [ ! -e none.fits ] &&
        grep -q "id28_S0003.fits: error: found no column prem_ad55 in scan 3, expected the monochromator's thermometer" err
}

for name in herix id28 bl35xu bl43lxu; do
    check "$name through the chain" beamline "$name"
done
check 'a reset where files tell of none' no_reset
check 'a warmer analyzer without a thermometer' no_thermometer
check 'a thermometer that is not there' missing_column
finish
