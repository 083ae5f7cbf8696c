#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_simulate.sh BIN ROOT`: the program as users meet it: the shipped beamtime made again,
# seeds, counting times, names, and samples that cannot be.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
bin=$(realpath "$1") root=$(realpath "$2")
cd "$work" || exit 2

simulate() {
    "$bin/ixs-simulate" "$@"
}

table() { # table FILE NAME: its rows as text
    "$bin/ixs-show" --csv --table "$2" "$1"
}

modes() { # modes NAME: what is planted
    "$bin/ixs-show" --csv --table MODES --columns ANALYZER,OMEGA0,FWHM,STRENGTH "$1_truth_fit.fits"
}

# A smaller plan: two scans of the shipped one, with an abort and a reset.
sed -e '/<scan /d' \
    -e 's|<plan>|&<scan kind="reference" main="Ana5" tth="4.7" from="-5" to="5" intervals="20" time="1" abort="15"/><scan kind="phonon" main="Ana5" h="4.05" k="4" l="4.02" from="-5" to="5" intervals="20" time="10" reset="peak"/>|' \
    "$root/test_spectra/sample.xml" >small.xml
instrument=$root/configs/herix.xml

shipped() {
    "$root/test_spectra/regenerate.sh" "$bin" "$work" &&
        cmp beamtime.spec "$root/test_spectra/beamtime.spec" || return 1
    local kind name
    for name in calib:ANALYZERS calib:RESOLUTION calib:DRIFT spectra:SPECTRA spectra:POINTS \
        fit:SPECTRA fit:MODES fit:PARAMETERS; do
        kind=${name%:*}
        table "beamtime_truth_$kind.fits.gz" "${name#*:}" >made.csv &&
            table "$root/test_spectra/beamtime_truth_$kind.fits.gz" "${name#*:}" >known.csv &&
            [ -s made.csv ] && cmp made.csv known.csv || return 1
    done
}

seeds() { # the same seed the same bytes on any number of threads; another seed other counts
    simulate small.xml -i "$instrument" --seed 3 -o one.spec &&
        simulate small.xml -i "$instrument" --seed 3 -j 2 -o two.spec --truth two &&
        simulate small.xml -i "$instrument" --seed 4 -o other.spec &&
        cmp one.spec two.spec && cmp one_truth_calib.fits two_calib.fits &&
        [ "$(modes one)" = "$(modes other)" ] && [ "$(modes one | wc -l)" -eq 19 ] &&
        ! cmp -s one.spec other.spec
}

own_seed() { # of the sample, unless the command line says otherwise
    simulate small.xml -i "$instrument" -o own.spec &&
        simulate small.xml -i "$instrument" --seed 20151111 -o same.spec && cmp own.spec same.spec
}

packed() {
    simulate small.xml -i "$instrument" --seed 3 -o packed.spec.gz && gzip -t packed*.gz &&
        gzip -dc packed.spec.gz | cmp - one.spec &&
        [ "$(echo packed*)" = 'packed.spec.gz packed_truth_calib.fits.gz packed_truth_fit.fits.gz packed_truth_spectra.fits.gz' ]
}

scaled() { # ten times the counting time: ten times the counts
    simulate small.xml -i "$instrument" --seed 3 --scale 10 -o long.spec &&
        grep -q '^#S 2  ascan  herixE -5 5  20 100$' long.spec &&
        for file in one long; do
            table "${file}_truth_spectra.fits" POINTS >points.csv
            awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^COUNTS/) c = i; next }
                     { sum += $c } END { print sum }' points.csv
        done | awk '{ n[NR] = $1 } END { r = n[2] / n[1]; print r; exit !(r > 9.5 && r < 10.5) }'
}

abort_and_reset() {
    grep -A1 'Scan aborted after 15 points.' one.spec | grep -E 'herixE reset from 0\.4[0-9]* to 0\.$' &&
        [ "$(awk '/^#S 1 /{ on = 1 } /^#C.*aborted/{ on = 0 } on && /^-?[0-9]/' one.spec | wc -l)" -eq 15 ]
}

products() {
    "$bin/ixs-show" --check one_truth_*.fits && ! grep -a -c "$work" ./*.fits
}

imported() { # our own reader takes every scan and value, and knows the reset
    "$bin/ixs-import" one.spec -o raw && [ "$(ls raw | wc -l)" -eq 2 ] &&
        "$bin/ixs-show" --header raw/one_S0001.fits | grep 'ABORTED' &&
        "$bin/ixs-show" --header raw/one_S0002.fits | grep -E "^E_ORIGIN= *0\.4[0-9]*"
}

nothing_changes() { # a second run keeps the bytes, --dry-run writes nothing
    cp one.spec before && simulate small.xml -i "$instrument" --seed 3 -o one.spec &&
        cmp before one.spec && simulate small.xml -i "$instrument" -o dry.spec --dry-run &&
        [ -z "$(ls dry* 2>/dev/null)" ]
}

refused() { # refused TEXT SED-SCRIPT: exit 2 with FILE:LINE and that text, nothing written
    sed -e "$2" small.xml >bad.xml
    simulate bad.xml -i "$instrument" -o none.spec >out 2>err
    local got=$?
    cat out err
    [ $got -eq 2 ] && grep -qE '^bad.xml:[0-9]+: error: found' err && grep -qF -- "$1" err &&
        [ -z "$(ls none* 2>/dev/null)" ]
}

needs() { # exit 2 without an instrument or an output
    simulate small.xml -o none.spec 2>err
    [ $? -eq 2 ] && grep -q instrument err && simulate small.xml -i "$instrument" 2>err
    [ $? -eq 2 ] && grep -q output err && [ -z "$(ls none* 2>/dev/null)" ]
}

echo 1..17
check 'the shipped beamtime is made again' shipped
check 'seeds' seeds
check 'the seed of the sample' own_seed
check 'packed files' packed
check 'counting times' scaled
check 'aborted scans and resets' abort_and_reset
check 'the truth is sound and tells no path' products
check 'ixs-import reads it' imported
check 'twice the same, and a dry run' nothing_changes
check 'an analyzer that is not there' refused 'analyzer Ana77' 's/name="Ana7"/name="Ana77"/'
check 'a main analyzer that is not there' refused 'main to be an analyzer' 's/main="Ana5"/main="Anna"/'
check 'a wrong unit' refused 'meV.count/s' 's/<area unit="meV.count.s">0.5/<area unit="eV">0.5/'
check 'a branch without its numbers' refused '<velocity>' 's|<velocity.*</velocity>||'
check 'Q out of reach' refused 'in reach of this wavelength' 's/h="4.05"/h="44"/'
check 'parallel reflections' refused 'two parallel reflections' 's/h="4" k="0" l="0"/h="2" k="2" l="2"/'
check 'a number that is none' refused 'attribute time of <scan>' 's/time="10"/time="ten"/'
check 'what is needed' needs
exit $status
