#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_merge.sh BIN ROOT`: ixs-merge as users meet it: a simulated beamtime with repeats, one
# of them aborted, with spikes and a lost beam put into its SPEC file; what is not merged, and why;
# fits of sums beside joint fits; real scans where there are any.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
bin=$(realpath "$1") root=$(realpath "$2")
cd "$work" || exit 2
export PATH=$bin:$PATH

is() { # is WHAT WANTED
    echo "found '$1', expected '$2'"
    [ "$1" = "$2" ]
}

column() { # column FILE TABLE NAMES: their values, one row a line
    ixs-show --csv --table "$2" --columns "$3" "$1" | tail -n +2
}

refused() { # refused CODE TEXT ARGUMENT...: that exit code, that text, and nothing written
    local code=$1 text=$2
    shift 2
    rm -f none.fits
    ixs-merge "$@" -o none.fits >out 2>err
    is $? "$code" && cat err && grep -qF -- "$text" err && [ ! -e none.fits ]
}

# Scans 6 to 8 are one setting, the last of them aborted; 9 has another Q, 10 an analyzer masked.
scene() {
    cp -r "$root/test_spectra" "$root/configs" . &&
        awk '/<plan>/ { print; skip = 1
                split("Ana1 Ana3 Ana5 Ana7 Ana9", main, " ")
                for (i = 1; i <= 5; i++)
                    printf "<scan kind=\"reference\" main=\"%s\" tth=\"4.7\" from=\"-15\" to=\"15\" intervals=\"100\" time=\"10\"/>\n", main[i]
                phonon = "<scan kind=\"phonon\" main=\"Ana5\" h=\"4.05\" k=\"4\" l=\"4.02\" from=\"-15\" to=\"30\" intervals=\"90\" time=\"30\""
                print phonon "/>" phonon "/>" phonon " abort=\"50\"/>"
                other = phonon; sub("4.05", "4.1", other); print other "/>"
                print phonon " masked=\"Ana9\"/>" }
            /<\/plan>/ { skip = 0 } !skip' test_spectra/sample.xml >sample.xml &&
        ixs-simulate -q sample.xml -i configs/herix.xml -o clean.spec &&
        echo '<experiment><instrument file="configs/herix.xml"/><sample name="rock salt"><centring>F</centring></sample></experiment>' >exp.xml &&
        ixs-import -q clean.spec -o raw && ixs-calibrate -q -e exp.xml raw/clean_S000[1-5].fits -o calib.fits &&
        reduce clean
}

reduce() { # reduce NAME [OPTION...]: its scans from 6 on to NAME_6.fits ...
    local name=$1 scan
    shift
    for scan in 06 07 08 09 10; do
        ixs-reduce -q "$@" -e exp.xml -c calib.fits "raw/${name}_S00$scan.fits" -o "${name}_${scan#0}.fits" || return 1
    done
}

merged() { # the first three are one; the aborted one brings what it has
    ixs-merge clean_{6,7,8,9,10}.fits -c calib.fits -o merged.fits 2>err && cat err &&
        ixs-show --check merged.fits &&
        is "$(column merged.fits SPECTRA SCANS | tr -d '"' | sort | uniq -c | sort -k2 | xargs)" '1 10 1 6-8 8 6-8,10 9 9' &&
        grep -q 'merged for 9 analyzers: scans 6 (.*), 7 (.*), 8 (.*), 10 (' err &&
        grep -q 'scan 9 is not merged with scan 6: Q: (' err &&
        grep -q 'scan 10, Ana9 is not merged with scan 6: slits: ' err
}

conserved() { # every count, second and dark count is in it once; those left out keep their flag
    for name in COUNTS TIME DARK; do
        for file in "clean_6.fits clean_7.fits clean_8.fits clean_9.fits clean_10.fits" merged.fits; do
            # shellcheck disable=SC2086
            for one in $file; do column "$one" POINTS $name; done |
                awk '{ sum += $1 } END { printf "%.6f\n", sum }'
        done | uniq | wc -l | grep -qx 1 || { echo "$name is not conserved"; return 1; }
    done
}

aligned() { # the drift between the scans was 8 micro-eV an hour: errors hold it
    column merged.fits MERGED ANALYZER,SHIFT,SHIFT_ERR,STATUS | awk -F, '$1 == "Ana5" && $4 != "single" {
        print; bad += !($2 < 4 * $3 + 0.02 && $2 > -4 * $3 - 0.02) || !($3 > 0 && $3 < 0.03); n++ }
        END { exit bad > 0 || n != 4 }'
}

order() { # the same spectra whatever the order, the same bytes again
    sha256sum merged.fits >before && ixs-merge -q clean_{6,7,8,9,10}.fits -c calib.fits -o merged.fits &&
        sha256sum -c --quiet before && ixs-merge -q clean_{8,7,6}.fits -c calib.fits -o turned.fits &&
        ixs-merge -q clean_{6,7,8}.fits -c calib.fits -o straight.fits &&
        is "$(column turned.fits POINTS COUNTS | md5sum)" "$(column straight.fits POINTS COUNTS | md5sum)"
}

fits_agree() { # within a tenth of an error of the joint fit of the separate scans
    ixs-merge -q --side-by-side clean_{6,7,8}.fits -c calib.fits -o beside.fits && ixs-show --check beside.fits &&
        is "$(column beside.fits SPECTRA NPTS | sort -u)" 232 &&
        for name in straight beside; do
            ixs-fit -q $name.fits -c calib.fits --modes 2 -o fit_$name.fits &&
                column fit_$name.fits MODES OMEGA0,OMEGA0_ERR,FWHM,FWHM_ERR,STRENGTH,STRENGTH_ERR >$name.csv || return 1
        done && paste -d, straight.csv beside.csv | awk -F, '
            function off(a, b, error) { d = (a - b) / error; return d < 0 ? -d : d }
            { for (k = 1; k < 6; k += 2) if ($(k + 1) > 0) { o = off($k, $(k + 6), $(k + 1)); worst = o > worst ? o : worst; n++ } }
            END { print n " figures, worst " worst; exit n < 40 || worst > 0.1 }'
}

onwards() { # what is made of other spectra is made of these
    ixs-elastic -q straight.fits -c calib.fits -o elastic.fits && ixs-show --check elastic.fits &&
        ixs-fit -q elastic.fits -c calib.fits --modes 2 --curves -o fit.fits && ixs-show --check fit.fits &&
        ixs-dispersion -q fit.fits -o dispersion.fits && ixs-plot straight.fits -o straight.svg &&
        ixs-show straight.fits | grep -q 'merged from 27 spectra: ' && ixs-merge -q elastic.fits -o again.fits &&
        is "$(column again.fits SPECTRA ELASTIC | sort -u)" ''
}

bins() { # whole points in bins about 0: no rate is made up
    ixs-merge -q --bin 1 clean_{6,7,8}.fits -c calib.fits -o bins.fits && ixs-show --check bins.fits &&
        column bins.fits POINTS ENERGY,SUMMED,ENERGY_SPAN,FLAGS | awk -F, '$4 == 0 {
            bad += $3 > 1 || $2 < 1; n += $2; k = int($1 + 1000.5); if (k == last) bad++; last = k }
            END { print n, bad; exit bad > 0 || n < 9 * 231 }'
}

# Scan 7: Ana4 (a column of its own) has three spikes; rows 40 to 42 have a tenth of all counts.
spoilt() {
    awk '/^#S / { scan = $2; row = 0 }
        /^#L / { split(substr($0, 4), label, /  +/); n = 0
            for (i = 1; i in label; i++) { if (label[i] ~ /^Ana/) is_ana[i] = 1; else delete is_ana[i]
                if (label[i] == "Ana4") ana4 = i } }
        /^[-+0-9.]/ && scan == 7 { row++
            if (row >= 40 && row <= 42) for (i in is_ana) $i = int($i / 10)
            if (row == 5 || row == 61 || row == 80) $ana4 += 90 }
        { print }' clean.spec >spoilt.spec &&
        ixs-import -q spoilt.spec -o raw && sed 's|</experiment>|<exclude scan="6" analyzer="Ana5" from="20" to="21" reason="a test"/>&|' exp.xml >excl.xml &&
        for scan in 6 7 8; do
            ixs-reduce -q -e excl.xml -c calib.fits raw/spoilt_S000$scan.fits -o spoilt_$scan.fits || return 1
        done && ixs-merge spoilt_{6,7,8}.fits -c calib.fits -o spoilt.fits 2>err && cat err && ixs-show --check spoilt.fits
}

found() { # just these, and none else but by chance
    grep -q 'scan 7, all analyzers: 3 of 91 points left out as lost: 40-42 ' err &&
        is "$(column spoilt.fits POINTS ANALYZER,SCAN,POINT,FLAGS |
            awk -F, '$4 % 32 >= 16 || $4 >= 256 && $4 < 1024 { print $1 " " $2 " " $3 }' | grep '^Ana4 7' | sort | xargs)" \
            'Ana4 7 5 Ana4 7 61 Ana4 7 80' &&
        is "$(column spoilt.fits POINTS FLAGS | grep -c '^4096$')" 27 &&
        column spoilt.fits POINTS FLAGS | awk '$1 >= 256 && $1 < 1024 { n++ } END { print n + 0 " flagged by themselves"; exit n > 6 }'
}

excluded() { # points excluded stay where they are, flagged, in no sum
    is "$(column spoilt.fits POINTS ANALYZER,SCAN,POINT,FLAGS,SUMMED | grep ',8,0$' | grep Ana5 | sort | xargs)" 'Ana5,6,20,8,0 Ana5,6,21,8,0'
}

unharmed() { # the fit is that of the clean scans, within the errors of what was lost
    ixs-fit -q spoilt.fits -c calib.fits --modes 2 -o fit_spoilt.fits &&
        column fit_spoilt.fits MODES OMEGA0,OMEGA0_ERR >spoilt.csv && column fit_straight.fits MODES OMEGA0 | paste -d, spoilt.csv - |
        awk -F, '$2 > 0 { d = ($1 - $3) / $2; bad += d > 1.5 || d < -1.5; n++ } END { print n, bad; exit bad > 0 || n < 15 }'
}

twice() { # a scan given twice is taken once
    cp clean_6.fits copy.fits && ixs-merge clean_6.fits clean_7.fits copy.fits -c calib.fits -o twice.fits 2>err && cat err &&
        grep -q 'scan 6 is given twice: taken once' err && is "$(column twice.fits SPECTRA SCANS | sort -u)" '"6,7"'
}

temperature() { # another temperature is another spectrum
    ixs-reduce -q -e exp.xml -t 250 -c calib.fits raw/clean_S0007.fits -o cold.fits &&
        ixs-merge clean_6.fits cold.fits -c calib.fits -o t.fits 2>err && cat err &&
        grep -q 'scan 7 is not merged with scan 6: temperature: ' err && is "$(column t.fits SPECTRA SCANS | sort -u | xargs)" '6 7' &&
        ixs-merge -q clean_6.fits cold.fits --temperature 100 -c calib.fits -o t.fits &&
        is "$(column t.fits SPECTRA SCANS | sort -u)" '"6,7"'
}

calibration() { # one with a response, one without
    ixs-reduce -q -e exp.xml raw/clean_S0007.fits -o bare.fits &&
        ixs-merge clean_6.fits bare.fits -c calib.fits -o c.fits 2>err && cat err &&
        grep -q 'is not merged with scan 6: calibration: ' err
}

stated() { # without counts nothing can be summed
    for a in 1 2; do
        awk 'BEGIN { for (i = 0; i <= 60; i++) { x = -15 + i / 2; y = 1e-4 + exp(-x * x); printf "%f %.9f %.9f\n", x, y, 1e-4 + y / 50 } }' >"a1res${a}_x.nor"
    done
    ixs-import -q a1res1_x.nor -o old1 && ixs-import -q a1res2_x.nor -o old2 &&
        ixs-merge old1/*.fits old2/*.fits -o g.fits 2>err && cat err && ixs-show --check g.fits &&
        is "$(column g.fits SPECTRA NPTS | xargs)" '61 61' && grep -q 'STATIST.* GAUSSIAN: without counts there is nothing to sum\|beamtime' err
}

doubted() { # rates a third higher are told, and refused under --strict
    awk '/^#S / { scan = $2 } /^#L / { n = split(substr($0, 4), label, /  +/) }
        /^[-+0-9.]/ && scan == 7 { for (i = 1; i <= n; i++) if (label[i] ~ /^Ana/) $i = int($i * 1.4 + 0.5) } { print }' clean.spec >strong.spec &&
        ixs-import -q strong.spec -o raw && ixs-reduce -q -e exp.xml -c calib.fits raw/strong_S0007.fits -o strong_7.fits &&
        sed -i 's/x/x/' exp.xml && ixs-merge clean_{6,8}.fits strong_7.fits -c calib.fits -o strong.fits 2>err; cat err
    grep -q 'scan 7 Ana5 has 1\.[0-9]* +- 0\.[0-9]* times the rates of all' err && grep -q 'spectra disagree with the others' err &&
        refused 1 'spectra disagree' --strict clean_{6,8}.fits strong_7.fits -c calib.fits
}

check 'a simulated beamtime with repeats' scene
check 'repeats are merged, and only those' merged
check 'counts, times and darks are all there, once' conserved
check 'shifts within their errors' aligned
check 'any order; the same bytes again' order
check 'the fit of the sums is the joint fit' fits_agree
check 'the other programs take them' onwards
check 'bins of a common grid' bins
check 'spikes and a lost beam put in' spoilt
check 'are found, and nothing else' found
check 'excluded points are honoured' excluded
check 'and the fit is unharmed' unharmed
check 'a scan given twice' twice
check 'another temperature' temperature
check 'another calibration' calibration
check 'stated errors only' stated
check 'other rates are doubted' doubted
background() { # sums take a cell; what has one is not merged
    ixs-background -q --transmission 0.8 straight.fits clean_9.fits -o cell.fits && ixs-show --check cell.fits &&
        refused 3 'found BACKGROUND, expected spectra before ixs-background: merge first' cell.fits -c calib.fits
}

beside_stated() { # side by side they may stand
    ixs-import -q a1res1_x.nor -o old1 && cp old1/*.fits first.fits &&
        awk '{ printf "%f %.9f %.9f\n", $1 + 0.1, $2, $3 }' a1res1_x.nor >tmp && mv tmp a1res1_x.nor && ixs-import -q a1res1_x.nor -o old1 &&
        ixs-merge -q --side-by-side first.fits old1/*.fits -o sides.fits && ixs-show --check sides.fits &&
        is "$(column sides.fits SPECTRA NPTS | xargs)" 122 && is "$(column sides.fits MERGED STATUS | sort -u)" not-compared
}

check 'a cell' background
check 'stated errors, side by side' beside_stated
check 'no input' refused 2 'found 0 inputs'
check 'a RAW product' refused 3 'found a RAW product, expected' raw/clean_S0006.fits
sha256sum merged.fits >before
check 'a failed run leaves what was there' eval '! ixs-merge -q no.fits -o merged.fits 2>/dev/null && sha256sum -c --quiet before'

# ---- real scans: HERIX 30-ID
spectra=$root/../shared/spectra/herix
cdoso() { # scans 58-69 are of twelve Q; Ana1 and Ana9 are dead, Ana2 bursts from scan 65 on
    ixs-import -q "$spectra/CdOsO" -o cd && ixs-reduce -q -e "$root/configs/CdOsO.xml" cd/*S005[89].fits cd/*S006?.fits -o cd.fits &&
        ixs-merge cd.fits -i "$root/configs/herix.xml" -o cdm.fits 2>err && cat err && ixs-show --check cdm.fits &&
        is "$(grep -c 'is not merged with scan .*: Q: (.* 1/Angstrom apart' err)" 11 && ! grep -q 'merged for' err &&
        is "$(column cdm.fits SPECTRA SCANS | sort -u | xargs)" '58 59 60 61 62 63 64 65 66 67 68 69' &&
        grep -q 'no-signal: .*Ana1 (58).*Ana9 (69)' err && grep -q 'bursts: Ana2 (65), Ana2 (66), Ana2 (67), Ana2 (68), Ana2 (69)' err
}
plexiglas() { # scans 9, 10, 19, 20 are one setting; Ana5 was masked in the first two; 0.6 meV between axes
    ixs-import -q "$spectra/plexiglas_1.spec" -o px && ixs-reduce -q -e "$root/configs/plexiglas.xml" px/*S00{09,10,19,20}.fits -o px.fits &&
        ixs-merge px.fits -i "$root/configs/herix.xml" -o pxm.fits 2>err && cat err && ixs-show --check pxm.fits &&
        is "$(column pxm.fits SPECTRA SCANS | tr -d '"' | sort | uniq -c | sort -k2 | xargs)" '1 19,20 1 9,10 8 9,10,19,20' &&
        column pxm.fits MERGED ANALYZER,SCANS,SHIFT,SHIFT_ERR | awk -F, '$1 == "Ana6" { print; shift[$2] = $3; bad += $4 > 0.02 }
            END { apart = shift[10] - shift[9]; exit bad > 0 || apart < 0.55 || apart > 0.65 }' &&
        column pxm.fits POINTS FLAGS | awk '$1 > 0 { n++ } END { print n " of " NR " left out"; exit n > 20 }'
}
if [ -d "$spectra" ]; then
    check 'CdOsO 58-69 are twelve settings' cdoso
    check 'plexiglas 9, 10, 19, 20 are one' plexiglas
else
    skip 'real scans' 'no ../shared/spectra'
fi
finish
