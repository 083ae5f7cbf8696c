#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/herix.sh BIN ROOT`: two real beamtimes of HERIX from SPEC to dispersion, twice, with
# different numbers of threads: the same bytes; then what the products say (herix_check.py).
set -uo pipefail
. "$(dirname "$0")/tap.sh"
bin=$(realpath "$1") root=$(realpath "$2")
herix=$root/../shared/spectra/herix
if [ ! -r "$herix/CdOsO" ] || [ ! -r "$herix/plexiglas_1.spec" ]; then
    echo "1..0 # SKIP no real files in $herix"
    exit 0
fi
cd "$work" || exit 2

import() { # import FOLDER
    "$bin/ixs-import" -q "$herix/CdOsO" -o "$1/raw" &&
        "$bin/ixs-import" -q "$herix/plexiglas_1.spec" -o "$1/raw"
}

calibrate() { # calibrate FOLDER THREADS
    "$bin/ixs-calibrate" -q -j "$2" "$1"/raw/plexiglas_1_S*.fits -e "$root/configs/plexiglas.xml" \
        -o "$1/calib.fits"
}

reduce() { # reduce FOLDER
    local scan
    mkdir -p "$1/spectra" && for scan in {58..69}; do
        "$bin/ixs-reduce" -q "$1/raw/CdOsO_S00$scan.fits" -e "$root/configs/CdOsO.xml" \
            -c "$1/calib.fits" -o "$1/spectra/CdOsO_S00$scan.fits" || return 1
    done
}

fit() { # fit FOLDER THREADS SCAN...: as many modes as the data ask for
    local scan
    mkdir -p "$1/fit" && for scan in "${@:3}"; do
        "$bin/ixs-fit" -q -j "$2" "$1/spectra/CdOsO_S00$scan.fits" -c "$1/calib.fits" --curves \
            -o "$1/fit/CdOsO_S00$scan.fits" || return 1
    done
}

elastic() { # elastic FOLDER THREADS
    "$bin/ixs-elastic" -q -j "$2" "$1/spectra/CdOsO_S0060.fits" -c "$1/calib.fits" --modes 1 \
        -o "$1/elastic60.fits"
}

one_mode() { # one_mode FOLDER THREADS
    local scan
    for scan in 58 59 60 61; do
        "$bin/ixs-fit" -q -j "$2" "$1/spectra/CdOsO_S00$scan.fits" -c "$1/calib.fits" --modes 1 \
            -o "$1/one$scan.fits" || return 1
    done
}

dispersion() { # dispersion FOLDER
    "$bin/ixs-dispersion" -q "$1"/fit/*.fits -o "$1/dispersion.fits" &&
        "$bin/ixs-dispersion" -q --analyzer Ana8 --law linear --q-from 0.11 --q-to 0.35 \
            "$1"/fit/*.fits -o "$1/ana8.fits" &&
        "$bin/ixs-dispersion" -q --paths directions --fold yes -e "$root/configs/CdOsO.xml" \
            --angle 12 "$1"/fit/*.fits -o "$1/directions.fits"
}

pictures() { # pictures FOLDER
    local product
    for product in calib one60 dispersion; do
        "$bin/ixs-plot" -q "$1/$product.fits" -o "$1/$product.svg" || return 1
    done
}

all_scans() { # every scan of CdOsO: what is no scan of the energy is refused, and only that
    local scan
    mkdir -p one/all && for scan in one/raw/CdOsO_S*.fits; do
        "$bin/ixs-reduce" -q "$scan" -e "$root/configs/CdOsO.xml" -c one/calib.fits \
            -o "one/all/${scan##*/}" 2>err
        case $? in
        0) ;;
        3) grep -q 'expected a scan of HerixE' err || { cat err && return 1; } ;;
        *) cat err && return 1 ;;
        esac
    done
}

same() { # same NAME...: in both folders, with something in them
    local name
    for name; do
        [ -n "$(find "one/$name" -type f)" ] && diff -r "one/$name" "two/$name" || return 1
    done
}

again() { # every program once more over its own products: bytes as before, the present time
    find one -type f ! -path 'one/all/*' -print0 | sort -z | xargs -0 sha256sum >before
    cut -c 67- before | xargs touch -d 2001-01-01
    import one && calibrate one 1 && reduce one && fit one 1 60 && elastic one 1 &&
        one_mode one 1 && dispersion one && sha256sum -c --quiet before || return 1
    find one/raw one/spectra one/*.fits one/fit/CdOsO_S0060.fits ! -type d ! -newermt 2002-01-01 \
        >old
    cat old && [ ! -s old ]
}

mkdir one two
check 'both files are imported' import one
check 'the resolution run is calibrated' calibrate one 2
check 'twelve phonon scans are reduced' reduce one
check 'one mode in four scans' one_mode one 2
check 'as many modes as the data ask for, in all scans' fit one 2 {58..69}
check 'the elastic line is taken off' elastic one 2
check 'modes are joined to branches' dispersion one
check 'scans that are no energy scans are refused, the others reduced' all_scans

import two && calibrate two 1 && reduce two && one_mode two 1 && fit two 1 60 61 66 && elastic two 1
check 'imported twice: the same bytes' same raw
check 'calibrated with one thread and with two: the same bytes' same calib.fits
check 'reduced twice: the same bytes' same spectra
check 'fitted with one thread and with two: the same bytes' same one{58,59,60,61}.fits \
    fit/CdOsO_S00{60,61,66}.fits
check 'the elastic line with one thread and with two: the same bytes' same elastic60.fits
cp -r one/fit two/ && dispersion two
check 'joined twice: the same bytes' same dispersion.fits ana8.fits directions.fits
if command -v gnuplot >/dev/null; then
    check 'pictures are drawn' pictures one
    pictures two
    check 'drawn twice: the same bytes' same {calib,one60,dispersion}.svg
fi
check 'everything again over what is there: bytes stay' again
check 'ixs-show --check finds nothing wrong' \
    xargs -a <(find one -name '*.fits') "$bin/ixs-show" --check

# Its verdicts go on from here and end with the plan.
python3 "$root/tests/herix_check.py" "$bin" "$work/one" "$herix" "$number" || status=1
exit "$status"
