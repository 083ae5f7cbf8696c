#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_show.sh IXS-SHOW VIEW-SAMPLES`: ixs-show as users meet it.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
show=$(realpath "$1") samples=$(realpath "$2") configs=$(realpath "$(dirname "$0")/../configs")
cd "$work" || exit 2
"$samples" "$work/made" || exit 2
cd made || exit 2
kinds='raw calib spectra fit dispersion'

is() { # is EXPECTED COMMAND...: prints exactly that
    local expected=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    cat "$work/out" "$work/err"
    [ "$(cat "$work/out")" = "$expected" ]
}

says() { # says TEXT COMMAND...: succeeds, prints it somewhere, complains of nothing
    local text=$1
    shift
    "$@" >"$work/out" 2>"$work/err"
    local code=$?
    cat "$work/out" "$work/err"
    [ $code -eq 0 ] && [ ! -s "$work/err" ] && grep -qF -- "$text" "$work/out"
}

refused() { # refused CODE TEXT ARGUMENT...: that exit code and message
    local code=$1 text=$2 got
    shift 2
    "$show" "$@" >"$work/out" 2>"$work/err"
    got=$?
    cat "$work/out" "$work/err"
    [ $got -eq "$code" ] && grep -qF -- "$text" "$work/err"
}

for kind in $kinds; do
    for folder in . awkward empty; do
        check "summary of $folder/$kind" says "${kind^^}, version " "$show" "$folder/$kind.fits"
        check "check of $folder/$kind" is "$folder/$kind.fits: OK" "$show" --check "$folder/$kind.fits"
        check "CSV of $folder/$kind" says "" "$show" --csv "$folder/$kind.fits"
    done
done
check 'a width not resolved is a limit' says '<0.42' "$show" fit.fits
check 'a value with its error' says '4.99(2)' "$show" fit.fits
check 'statuses are counted' says '3 spectra: 1 poor, 1 good, 1 no-data' "$show" fit.fits
check 'flags are counted' says 'flagged points: 3 monitor, 3 burst' "$show" spectra.fits
check 'why an analyzer is not calibrated' says 'no scan lights it' "$show" calib.fits
check 'lines have no blanks at their end' \
    bash -c '! "$0" "$@" | grep -q " $"' "$show" raw.fits calib.fits spectra.fits fit.fits
check 'chosen columns' is 'OMEGA0 [meV],REGIME
4.99,underdamped
4.99,unresolved' "$show" --csv --columns omega0,REGIME fit.fits
check 'a table as text' is 'OMEGA0  REGIME
   meV
  4.99  underdamped
  4.99  unresolved' "$show" --table modes --columns OMEGA0,REGIME fit.fits
check 'several products in one CSV' is 'FILE,OMEGA0 [meV]
fit.fits,4.99
fit.fits,4.99
fit.fits,4.99
fit.fits,4.99' "$show" --csv --columns OMEGA0 fit.fits awkward/fit.fits
check 'a missing value is an empty cell' \
    bash -c '"$0" --csv --columns Seconds_2 raw.fits | sed -n 9p | grep -qx ""' "$show"
check 'a label with a blank' says 'Heat_Stage_T1' "$show" --csv --columns 'Heat Stage T1' raw.fits
check 'header cards' says "PRODUCT = 'FIT     '" "$show" --header fit.fits
check 'ancestry' says '    spec: beam.spec  0123456789ab  (from outside)' "$show" --history fit.fits
check 'no such column' refused 2 "found no column 'NOISE' in MODES" --csv --columns NOISE fit.fits
check 'no such table' refused 2 "found no table 'NOISE'" --table NOISE fit.fits
check 'two ways at once' refused 2 'one at a time' --csv --json fit.fits
check 'a table with --check' refused 2 'expected them with' --check --table MODES fit.fits
check 'no product' refused 2 'expected at least 1'
check 'not there' refused 3 'none.fits' none.fits

# ---- JSON and CSV as other programs read them
json() {
    "$show" --json raw.fits fit.fits awkward/spectra.fits empty/fit.fits >all.json && python3 - <<'END'
import json
products = [json.loads(line) for line in open('all.json')]
assert [p['PRODUCT'] for p in products] == ['RAW', 'FIT', 'SPECTRA', 'FIT']
mode = products[1]['tables']['MODES']
assert mode['rows'][0]['OMEGA0'] == 4.99 and mode['rows'][0]['RELAXATION'] is None
assert [c['unit'] for c in mode['columns'] if c['name'] == 'OMEGA0'] == ['meV']
assert products[2]['tables']['SPECTRA']['rows'][0]['ANALYZER'] == 'A\'7,"{b}_c^\\`x` $y'
assert products[3]['tables']['MODES']['rows'] == []
END
}
csv() {
    "$show" --csv --table SPECTRA awkward/spectra.fits >s.csv && python3 - <<'END'
import csv
rows = list(csv.DictReader(open('s.csv', newline='')))
assert len(rows) == 3 and rows[0]['ANALYZER'] == 'A\'7,"{b}_c^\\`x` $y'
assert float(rows[0]['ZERO [meV]']) == 7.47 and rows[0]['Q_WIDTH [Angstrom**(-1)]'] == ''
END
}
check 'JSON as Python reads it' json
check 'CSV as Python reads it' csv

# ---- instruments
words() { # every shipped beamline; the archive's slope of BL35XU
    says '1 K of the monochromator is 57.390 meV' "$show" "$configs/bl35xu.xml" &&
        says '42 places, 28 used' "$show" "$configs/bl43lxu.xml" &&
        says '9 of 9 analyzers have thermometers' "$show" "$configs/id28.xml" &&
        says 'Ana5                     at 5, masked while Anal5 Diam < 90 mm' "$show" "$configs/herix.xml" &&
        says 'sample temperature: only as the experiment states it' "$show" "$configs/nsls2_10id.xml" &&
        says 'id28.xml: OK' "$show" --check "$configs/id28.xml"
}
nothing_stated() { # no number that is not meant, and what is missing
    echo '<instrument name="mine"/>' >least.xml && "$show" least.xml >said && cat said &&
        ! grep -qiE 'nan|column :|monitor ,' said && grep -q 'column (not stated)' said &&
        says 'least.xml: OK, but not to be used alone: it has no analyzer' "$show" --check least.xml
}
wrong_unit() {
    sed 's/<pitch unit="deg">/<pitch unit="rad">/' "$configs/herix.xml" >wrong.xml
    refused 2 "wrong.xml:$(grep -n '<pitch' wrong.xml | cut -d: -f1): error: found" wrong.xml
}
twice() {
    sed 's/name="deta2"/name="deta1"/' "$configs/id28.xml" >twice.xml
    refused 2 'found analyzer deta1 a second time, expected each once (line' twice.xml
}
check 'an instrument in words' words
check 'an instrument that says nothing' nothing_stated
check 'a wrong unit in an instrument' wrong_unit
check 'an analyzer named twice' twice

# ---- damage
damage() { # one byte changed in the data, sealed as before
    cp fit.fits hurt.fits && printf 'x' | dd of=hurt.fits bs=1 seek=9000 conv=notrunc 2>/dev/null &&
        refused 3 'hurt.fits' --check hurt.fits && refused 3 'hurt.fits' hurt.fits
}
many() { # the good ones are told good all the same
    refused 3 'hurt.fits' --check raw.fits hurt.fits spectra.fits &&
        [ "$(grep -c ': OK$' "$work/out")" -eq 2 ]
}
cut_short() {
    head -c 5760 fit.fits >short.fits && refused 3 'short.fits' --check short.fits
}
check 'a changed byte' damage
check 'one bad among good ones' many
check 'a file cut short' cut_short
check 'a full disk' bash -c '"$0" --csv raw.fits >/dev/full; [ $? -eq 4 ]' "$show"
finish
