#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_fit_together.sh BIN TOP`: ixs-fit on spectra that share, as users meet it: several
# files, any number of threads, models that do not hold, model files that cannot be meant.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
PATH=$(realpath "$1"):$PATH top=$(realpath "$2")
cd "$work" || exit 2

ixs-simulate -q "$top/test_spectra/zones/sample.xml" -i "$top/configs/herix.xml" -o beam.spec --truth truth || exit 2
cp "$top/test_spectra/zones/model.xml" .

fit() { # fit OUT OPTION...
    ixs-fit -q -c truth_calib.fits truth_spectra.fits -o "$@"
}

check 'spectra that share are fitted' fit together.fits -m model.xml
check 'the product is consistent' ixs-show --check together.fits
check 'on three threads too' fit threads.fits -m model.xml -j 3
check 'with the same result' ixs-show --diff together.fits threads.fits --rtol 0

column() { # column TABLE COLUMNS FILE: as CSV without its head
    ixs-show --csv --table "$1" --columns "$2" "$3" | tail -n +2
}

near_truth() { # shared energies and widths, within four errors of what was put in
    column MODES SPECTRUM,MODE,OMEGA0,FWHM truth_fit.fits >truth.csv
    column MODES SPECTRUM,MODE,OMEGA0,OMEGA0_ERR,FWHM,FWHM_ERR together.fits >fit.csv
    column SPECTRA SPECTRUM,SET together.fits >set.csv
    awk -F, 'FILENAME == "truth.csv" { energy[$1 "," $2] = $3; width[$1 "," $2] = $4; next }
        FILENAME == "set.csv" { set[$1] = $2; next }
        set[$1] > 0 {
            n++
            a = ($3 - energy[$1 "," $2]) / $4; b = ($5 - width[$1 "," $2]) / $6
            if (a * a > 16 || b * b > 16) { print $0, a, b; bad++ }
        }
        END { print n " modes of sets"; exit n != 24 || bad > 0 }' truth.csv set.csv fit.csv
}
check 'energies and widths are those put in' near_truth

smaller() { # errors of four zones together are half of those of one
    fit alone.fits --modes 2 || return 1
    column MODES SPECTRUM,MODE,OMEGA0_ERR alone.fits >alone.csv
    awk -F, 'FILENAME == "alone.csv" { error[$1 "," $2] = $3; next }
        FILENAME == "set.csv" { set[$1] = $2; next }
        set[$1] > 0 { n++; sum += $4 / error[$1 "," $2] }
        END { print sum / n; exit sum / n > 0.6 || sum / n < 0.4 }' alone.csv set.csv fit.csv
}
check 'errors are half of those of one zone' smaller

linked() { # rows of a spectrum name the shared one that they follow
    column PARAMETERS PARAMETER,SPECTRUM,VALUE,STATE,LIKE together.fits >rows.csv
    awk -F, '$2 == 0 { value[$1] = $3; next }
        $4 == "shared" { n++; if (value[$5] != $3) { print; bad++ } }
        END { print n " shared"; exit n != 48 || bad > 0 }' rows.csv
}
check 'PARAMETERS says who follows what' linked

several_files() { # the same spectra in two products: all of it twice, each set of eight
    cp truth_spectra.fits again.fits
    ixs-fit -q -m model.xml -c truth_calib.fits truth_spectra.fits again.fits -o two.fits &&
        [ "$(column SETS NSPECTRA two.fits | sort -n | tail -n 1)" = 8 ]
}
check 'spectra of several files share' several_files

disagree() { # one width for all analyzers does not hold, and is not called good
    sed 's|<share.*|<share parameter="dho1.omega0 dho1.fwhm" over="analyzers"/>|' model.xml >wrong.xml
    ! fit wrong.fits -m wrong.xml --strict 2>/dev/null && [ ! -e wrong.fits ] && fit wrong.fits -m wrong.xml 2>/dev/null &&
        ! column SPECTRA STATUS wrong.fits | grep -q good &&
        column SETS REASON wrong.fits | grep -q 'disagree on what they share'
}
check 'what does not hold is not good' disagree

mean_error() { # of the zeros of a FIT
    column SPECTRA ZERO_ERR "$1" | awk '{ sum += $1; n++ } END { print sum / n }'
}

drift() { # analyzers that drift together know their zeros better than each by itself
    printf '<model><modes>2</modes><ties><share parameter="zero.zero" over="analyzers"/></ties></model>\n' >drift.xml
    ixs-import -q "$top/test_spectra/beamtime.spec" -o raw &&
        ixs-calibrate -q -i "$top/configs/herix.xml" raw/beamtime_S000[1-8].fits -o calib.fits &&
        ixs-reduce -q -i "$top/configs/herix.xml" -e "$top/test_spectra/experiment.xml" -c calib.fits \
            raw/beamtime_S0017.fits -o S0017.fits &&
        ixs-fit -q -m drift.xml -c calib.fits S0017.fits -o drift.fits &&
        ixs-fit -q --modes 2 -c calib.fits S0017.fits -o each.fits || return 1
    echo "$(mean_error drift.fits) $(mean_error each.fits)"
    [ "$(column SETS STATUS drift.fits | tr -d '"')" = good ] &&
        awk -v a="$(mean_error drift.fits)" -v b="$(mean_error each.fits)" 'BEGIN { exit !(a > 0 && a < 0.6 * b) }'
}
check 'analyzers drift together' drift

refused() { # refused LINE TEXT MODEL-LINES
    printf '<model>\n%s\n</model>\n' "$3" >bad.xml
    fit bad.fits -m bad.xml 2>bad.txt
    [ $? = 2 ] && grep -F "bad.xml${1:+:$1}: error: " bad.txt | grep -qF "$2" && [ ! -e bad.fits ] || { cat bad.txt && false; }
}
check 'unknown analyzer' refused 3 'found analyzer Ana77, expected one of CALIB' '<components><mode name="A">
<omega0 unit="meV" start="8"><at analyzer="Ana77" start="9"/></omega0></mode></components>'
check 'ties in a ring' refused 3 'tied to itself' '<modes>2</modes><ties>
<equal parameter="dho1.fwhm" like="dho2.fwhm"/>
<equal parameter="dho2.fwhm" like="dho1.fwhm"/></ties>'
check 'bounds that cross' refused 4 'bounds that leave no value' '<components>
<mode name="A"><omega0 unit="meV" from="5" to="8"/></mode>
<mode name="B"><omega0 unit="meV" from="20" to="30"/></mode></components>
<ties><ratio parameter="B.omega0" like="A.omega0">2</ratio></ties>'
check 'a point group that is none' refused '' 'found symmetry 7/m' '<modes>1</modes>
<ties><share parameter="dho1.omega0" over="zones"/></ties><alike><symmetry>7/m</symmetry></alike>'

shared_width() { # of drift.xml's spectra: the width of mode 2 of Ana5
    ixs-fit -q -m drift.xml -c calib.fits S0017.fits -o slopes.fits "$@" &&
        ixs-show --csv --table MODES --columns ANALYZER,MODE,FWHM slopes.fits | awk -F, '/Ana5/ && $2 == 2 { print $3 }'
}

slopes() { # what the slits spread is no linewidth of spectra fitted together either
    with=$(shared_width --slopes) && without=$(shared_width) && given=$(shared_width --velocity 5) || return 1
    echo "FWHM $without, with slopes $with, at 5 km/s $given"
    awk -v a="$without" -v b="$with" -v c="$given" 'BEGIN { exit !(b > 0 && b <= a && c < a) }'
}
check 'slopes from neighbours with ties' slopes

drawn() { # what is shared has rows of its own, near what the curvature says, the same on three threads
    fit boot.fits -m model.xml --bootstrap 60 && fit boot3.fits -m model.xml --bootstrap 60 -j 3 && cmp boot.fits boot3.fits &&
        ixs-show -q --check boot.fits || return 1
    column PARAMETERS PARAMETER,SPECTRUM,ERR boot.fits >errors.csv
    column BOOTSTRAP PARAMETER,SPECTRUM,SD,DRAWS,P_VALUE boot.fits >draws.csv
    awk -F, 'FILENAME == "errors.csv" { error[$1] = $3; next }
        $2 == 0 { n++; sum += $3 / error[$1]; bad += $4 < 55 || $5 < 0.02 || $5 > 0.98 }
        END { print n " shared, bootstrap over curvature " sum / n; exit n != 12 || bad > 0 || sum / n < 0.8 || sum / n > 1.2 }' \
        errors.csv draws.csv
}
check 'all that share are drawn together' drawn
check 'chains with ties' \
    eval '! fit chains.fits -m model.xml --sample 100 2>bad.txt && grep -q "found --sample with ties, expected --bootstrap" bad.txt'

finish
