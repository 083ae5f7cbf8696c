#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# mistakes.sh REDUCE_FOLDER ROOT: what people do wrong on their first day, with files that are right by
# themselves; each is told in words that lead on, with the right exit code. Speaks TAP.
set -u
. "$(dirname "$0")/tap.sh"
bin=$(realpath "$1") root=$(realpath "$2") configs=$(realpath "$2")/configs
cd "$work" || exit 99

told() { # told CODE PATTERN COMMAND...: that exit code, that message
    local code=$1 pattern=$2 got
    shift 2
    "$bin/$1" "${@:2}" >out 2>err
    got=$?
    echo "exit $got, expected $code and '$pattern' in: $(cat err)"
    [ "$got" = "$code" ] && { [ -z "$pattern" ] || grep -qE -- "$pattern" err; }
}

"$bin/ixs-simulate" -q "$root/test_spectra/zones/sample.xml" -i "$configs/herix.xml" -o beam.spec --truth t &&
    "$bin/ixs-import" -q -s 1,2 beam.spec -o raw || exit 99
# Another beamtime of the same beamline.
sed 's/^#F .*/#F other/; s/ 20[0-9][0-9]$/ 2018/' beam.spec >other.spec
"$bin/ixs-import" -q -s 1,2 other.spec -o other &&
    "$bin/ixs-fit" -q --modes 1 t_spectra.fits -c t_calib.fits -o fit.fits || exit 99
scan=raw/beam_S0002.fits

# ---- the wrong file, or in the wrong place
check 'fit: CALIB and SPECTRA exchanged' told 3 't_spectra.fits: error: found a SPECTRA product, expected CALIB' \
    ixs-fit t_calib.fits -c t_spectra.fits -o o.fits
check 'fit: a FIT again' told 3 'found a FIT product, expected SPECTRA' ixs-fit t_fit.fits -c t_calib.fits -o o.fits
check 'fit: the SPEC file' told 3 'found no FITS header' ixs-fit beam.spec -c t_calib.fits -o o.fits
check 'plan: the SPEC file' told 2 "beam.spec: error: found no XML .starts with '#F.*, expected a file with <experiment>" \
    ixs-plan beam.spec -o Makefile
check 'reduce: an instrument for the experiment' told 2 'found <instrument>, expected <experiment>' \
    ixs-reduce -e "$configs/herix.xml" "$scan" -o o.fits
check 'import: a program' told 3 'no line that starts with #S' ixs-import "$bin/ixs-show" -o folder
check 'import: and nothing of its bytes' test "$(wc -l <err)" = 1

# ---- of another beamline, or another beamtime
check "reduce: another beamline's instrument" told 3 \
    'found scan 2 .*, expected a scan of Temperature, the energy axis of instrument ID28' \
    ixs-reduce -i "$configs/id28.xml" "$scan" -o o.fits
check "calibrate: another beamline's instrument" told 3 'expected a scan of Temperature, the energy axis of instrument ID28' \
    ixs-calibrate -i "$configs/id28.xml" "$scan" -o o.fits
check "plan: a draft with another beamline's instrument" told 0 \
    'found no scan of Temperature, the energy axis of instrument ID28: is it of another beamline' \
    ixs-plan --draft -i "$configs/id28.xml" beam.spec -o draft.xml
check 'plan: a draft with its own says nothing' told 0 '' ixs-plan --draft -i "$configs/herix.xml" beam.spec -o own.xml
check 'plan: nothing at all' test ! -s err
check 'reduce: CALIB of another beamtime' told 0 'response of another beamtime' \
    ixs-reduce -i "$configs/herix.xml" -c t_calib.fits other/other_S0002.fits -o strange.fits

"$bin/ixs-calibrate" -q -i "$configs/herix.xml" other/other_S0001.fits -o other.fits
check 'fit: CALIB of another beamtime than SPECTRA had' told 0 \
    'other.fits: warning: it is of another beamtime than [0-9]+ spectra: RESPONSE lent' \
    ixs-fit --modes 1 t_spectra.fits -c other.fits -o o.fits
check 'calibrate: two beamtimes' told 0 'reference scans span [0-9]+ days' \
    ixs-calibrate -i "$configs/herix.xml" raw/beam_S0001.fits other/other_S0001.fits -o o.fits

check 'calibrate: no scans: one line for all analyzers' told 0 'Ana1 Ana2 .* Ana9: nominal: no reference scans' \
    ixs-calibrate -i "$configs/herix.xml" -o o.fits
check 'calibrate: and no more' test "$(wc -l <err)" = 1

# ---- what is not there, or cannot be
check 'fit: a range beyond the scan' told 0 'no-data: no point in the range asked for: it has -[0-9.]+ to [0-9.]+ meV' \
    ixs-fit --from 100 --to 200 t_spectra.fits -c t_calib.fits -o o.fits
check 'plot: an analyzer of a FIT' told 2 'found no spectrum of analyzer Ana77, expected one of Ana1, Ana2,.* Ana9$|Ana9 ' \
    ixs-plot --analyzer Ana77 t_fit.fits -o o.gp
check 'plot: an analyzer of SPECTRA' told 2 'found no spectrum of analyzer Ana77, expected one of Ana1, Ana2,' \
    ixs-plot --analyzer Ana77 t_spectra.fits -o o.gp
check 'plot: a number' told 2 'found no spectrum 777, expected 1 to 108' ixs-plot --spectrum 777 t_fit.fits -o o.gp
check 'dispersion: an analyzer' told 2 'found no mode of analyzer Ana77' ixs-dispersion --analyzer Ana77 t_fit.fits -o o.fits
check 'dispersion: a range the wrong way round' told 2 'found --q-from 0.5 and --q-to 0.2, expected from < to' \
    ixs-dispersion --q-from 0.5 --q-to 0.2 t_fit.fits -o o.fits
check 'dispersion: a range without modes' told 0 'no branch found: reduced q of all modes, 0.* is out of the range' \
    ixs-dispersion --q-from 8 --q-to 9 fit.fits -o o.fits
check 'background: more light than there was' told 2 'found --transmission 1.8, expected 0 to 1' \
    ixs-background --transmission 1.8 t_spectra.fits t_spectra.fits -o o.fits
check 'reduce: absolute zero' told 0 'found a stated temperature of 0 K, expected 1 to 2000 K' \
    ixs-reduce -i "$configs/herix.xml" -t 0 "$scan" -o o.fits

# ---- a model that cannot be meant
model() { # model CODE PATTERN PROGRAM TEXT
    echo "$4" >m.xml && told "$1" "$2" "$3" -m m.xml t_spectra.fits -c t_calib.fits -o o.fits
}
check 'model: a range the wrong way round' model 2 'found a range from 10 to -10 meV, expected from < to' ixs-fit \
    '<model><from unit="meV">10</from><to unit="meV">-10</to></model>'
check 'model: an interaction with nothing' model 2 'found <interaction> without <quasielastic>, expected both' ixs-fit \
    '<model><interaction>true</interaction></model>'
check 'model: half a mode' model 2 "m.xml:1: error: found '2.5' in <modes>, expected a whole number" ixs-fit \
    '<model><modes>2.5</modes></model>'
check 'model: neither true nor false' model 2 "found 'maybe' in <quasielastic>, expected true or false" ixs-elastic \
    '<model><quasielastic>maybe</quasielastic></model>'
check 'model: named modes for ixs-elastic' model 0 'm.xml: warning: what is said of single parameters and their ties is for ixs-fit' \
    ixs-elastic '<model><components><mode name="TA"><omega0 unit="meV" start="8"/></mode></components></model>'
check 'fit: two slopes' told 2 'found --velocity and --slopes, expected one of them' \
    ixs-fit --velocity 5 --slopes t_spectra.fits -c t_calib.fits -o o.fits
check 'predict: an error of nothing' told 2 'found --want FOO, expected a NAME of what is fitted' \
    ixs-simulate --predict --want FOO=1 "$root/test_spectra/zones/sample.xml" -i "$configs/herix.xml"
check 'dispersion: half a direction' told 2 'found no direction in --along, expected H,K,L' \
    ixs-dispersion --along 1,0 fit.fits -o o.fits

# ---- an experiment with a slip of the pen
xml() { # xml TEXT: an experiment with that in its third line
    printf '<experiment>\n<instrument file="%s/herix.xml"/>\n%s\n</experiment>\n' "$configs" "$1" >e.xml
}
slip() { # slip PATTERN TEXT
    xml "$2" && told 2 "e.xml:3: error: $1" ixs-reduce -e e.xml "$scan" -o o.fits
}
check 'an element' slip 'found <sampel> here, expected model, ' '<sampel name="x"/>'
check 'an attribute' slip 'found attribute analyser of <zero>, expected unit, analyzer, scan, error' \
    '<zero analyser="Ana7" unit="meV">7.4</zero>'
check 'a unit' slip "found 'C' in attribute unit of <temperature>, expected 'K'" \
    '<sample name="x"><temperature unit="C">20</temperature></sample>'
check 'a unit in the number' slip "found '20 K' in <temperature>, expected a number" \
    '<sample name="x"><temperature unit="K">20 K</temperature></sample>'
check 'below absolute zero' slip "found '-20' in <temperature>, expected at least 0" \
    '<sample name="x"><temperature unit="K">-20</temperature></sample>'
check 'an analyzer' slip "found analyzer Ana77 in <zero>, expected one of the instrument's 9 .Ana1 .. Ana9." \
    '<zero analyzer="Ana77" unit="meV">7.4</zero>'
finish
