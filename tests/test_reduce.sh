#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_reduce.sh BIN ROOT`: ixs-reduce as users meet it: several scans, options over files,
# same bytes, what it depends on, and what it refuses.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
bin=$(realpath "$1") root=$(realpath "$2")
cd "$work" || exit 2

reduce() { "$bin/ixs-reduce" "$@"; }

refused() { # refused CODE TEXT ARGUMENT...: that exit code, that text, and nothing written
    local code=$1 text=$2 got
    shift 2
    rm -rf none.fits
    reduce "$@" -o none.fits >out 2>err
    got=$?
    cat out err
    [ "$got" -eq "$code" ] && grep -qF -- "$text" err && [ ! -s out ] && [ ! -e none.fits ]
}

column() { # column FILE TABLE NAME: its values, one a line
    "$bin/ixs-show" --csv --table "$2" --columns "$3" "$1" | tail -n +2
}

is() { # is WHAT WANTED
    echo "found '$1', expected '$2'"
    [ "$1" = "$2" ]
}

# A beam of 2e5 monitor counts a second; Ana5 sees a line at recorded 2 meV, Ana6 a flat background.
scan() { # scan NUMBER AXIS ROWS
    printf '\n#S %s  ascan  %s -5 10  30 10\n#D Wed Nov 11 15:52:50 2015\n#T 10  (Seconds)\n' "$1" "$2"
    printf '#G1 5 5 5 90 90 90 1.256637 1.256637 1.256637 90 90 90\n'
    printf '#G3 1.256637061 0 0 0 1.256637061 0 0 0 1.256637061\n#G4 0 0 0 0.52262\n#Q 1 0 0\n'
    printf '#P0 20 10 0 0\n#V0  80.25\n#N 5\n#L %s  Seconds  HM_IC0  Ana5  Ana6\n' "$2"
    awk -v rows="$3" 'BEGIN { for (i = 0; i < rows; i++) { e = -5 + i / 2
        printf "%.1f 10 2000000 %d %d\n", e, 3 + 500 * exp(-1.23 * (e - 2) ^ 2), 2 + i % 3 } }'
}
{
    printf '#F /data/beam.spec\n#E 1447278756\n#D Wed Nov 11 15:52:36 2015\n#C quartz  User = ixs\n'
    printf '#O0 HerixTTH  th  chi  phi\n#H0  T_Sample\n'
    scan 1 HerixE 31; scan 2 HerixE 31; scan 3 phi 31; scan 4 HerixE 12
} >beam.spec
"$bin/ixs-import" -q --unfinished beam.spec -o raw || exit 2
one=raw/beam_S0001.fits two=raw/beam_S0002.fits phi=raw/beam_S0003.fits growing=raw/beam_S0004.fits
cp "$root/configs/herix.xml" .
printf '<experiment>\n<instrument file="herix.xml"/>\n</experiment>\n' >plain.xml

plain() {
    reduce -e plain.xml $one -o one.fits && "$bin/ixs-show" --check one.fits &&
        is "$(column one.fits SPECTRA ANALYZER,QUALITY,NPTS | tr '\n' ' ')" \
            'Ana5,good,31 Ana6,no-signal,31 ' &&
        is "$(column one.fits POINTS EXPOSURE | sort -u | cut -c1-7 | tr '\n' ' ')" \
            '17.4431 17.6604 ' && # 20 s times the cosines of 20.95 and 20 deg, squared
        is "$(column one.fits SPECTRA TEMPERATURE | sort -u)" 80.25
}

again() { # the same bytes, and the present time
    sha256sum one.fits >before && touch -d 2001-01-01 one.fits &&
        reduce -q -e plain.xml $one -o one.fits && sha256sum -c --quiet before &&
        [ -n "$(find one.fits -newermt 2002-01-01)" ]
}

what_matters() { # a comment in the XML changes no byte, a number does
    sed 's|</experiment>|<!-- seen -->&|' plain.xml >same.xml && mkdir -p same && cp herix.xml same &&
        cp same.xml same/plain.xml && reduce -q -e same/plain.xml $one -o same.fits &&
        cmp one.fits same.fits &&
        sed 's|"herix.xml"/>|"herix.xml"><pitch unit="deg">0.953</pitch></instrument>|' plain.xml \
            >same/plain.xml && reduce -q -e same/plain.xml $one -o same.fits &&
        ! cmp -s one.fits same.fits &&
        is "$(column same.fits SPECTRA TWO_THETA | tr '\n' ' ')" '20 20.953 '
}

options() { # the command line goes over the experiment, the experiment over the scan
    sed 's|</experiment>|<sample><temperature unit="K">50</temperature></sample>\
<zero unit="meV" error="0.5">1.5</zero>&|' plain.xml >stated.xml &&
        reduce -q -e stated.xml $one -o stated.fits &&
        is "$(column stated.fits SPECTRA TEMPERATURE,ZERO,ZERO_ERR | sort -u)" 50,1.5,0.5 &&
        reduce -q -e stated.xml --temperature 20 --zero 2 --zero-error 0.25 $one -o stated.fits &&
        is "$(column stated.fits SPECTRA TEMPERATURE,ZERO,ZERO_ERR | sort -u)" 20,2,0.25 &&
        is "$(column stated.fits POINTS ENERGY | head -n 1)" -7
}

several() { # one after the other, numbered on
    reduce -q -e plain.xml $one $two -o both.fits && "$bin/ixs-show" --check both.fits &&
        is "$(column both.fits SPECTRA SPECTRUM,SCANS | tr '\n' ' ')" '1,1 2,1 3,2 4,2 ' &&
        is "$(column both.fits POINTS SPECTRUM,SCAN | uniq -c | tr -s ' ' | tr '\n' ';')" \
            ' 31 1,1; 31 2,1; 31 3,2; 31 4,2;'
}

passed_over() { # of several scans one that is none of energy is told and left out
    reduce -e plain.xml $one $phi -o part.fits 2>err && cat err &&
        grep -q 'S0003.fits: passed over: found scan 3 (ascan  phi' err &&
        is "$(column part.fits SPECTRA SCANS | sort -u)" 1
}

excluded() {
    sed 's|</experiment>|<exclude scan="1" analyzer="Ana5" from="2" to="3" reason="beam dump"/>&|' \
        plain.xml >dump.xml && reduce -e dump.xml $one -o dump.fits 2>err && cat err &&
        grep -q 'excluded points of Ana5: beam dump' err &&
        is "$(column dump.fits POINTS POINT,ANALYZER,FLAGS | grep ',8$' | tr '\n' ' ')" \
            '2,Ana5,8 3,Ana5,8 '
}

unfinished() {
    refused 3 'still being written' -e plain.xml $growing &&
        reduce -q -e plain.xml --unfinished $growing -o grow.fits &&
        is "$(column grow.fits SPECTRA NPTS | sort -u)" 12
}

untouched() { # a failed run leaves the earlier product as it was
    sha256sum one.fits >before
    ! reduce -e plain.xml $phi -o one.fits && sha256sum -c --quiet before
}

dry() {
    reduce -q -e plain.xml --dry-run $one -o dry.fits && [ ! -e dry.fits ]
}

check 'counts, exposures and temperatures of one scan' plain
check 'the same bytes again' again
check 'what is read of the XML matters, and no more' what_matters
check 'options over experiment over scan' options
check 'several scans side by side' several
check 'an unusable scan among others is passed over' passed_over
check 'but not under --strict' refused 1 'passed over' --strict -e plain.xml $one $phi
check 'excluded points are flagged, with the reason' excluded
check 'a scan still being written only with --unfinished' unfinished
check 'a scan of another axis' refused 3 \
    "$phi: error: found scan 3 (ascan  phi -5 10  30 10), expected a scan of HerixE, the energy axis of instrument HERIX 30-ID [ixs-reduce]" \
    -e plain.xml $phi
check 'a failed run leaves what was there' untouched
check 'a dry run writes nothing' dry
check 'no instrument' refused 2 'found no instrument' $one
check 'no input' refused 2 'found 0 inputs' -e plain.xml
check 'no such experiment' refused 2 'not-there.xml' -e not-there.xml $one
check 'a SPECTRA product is no scan' refused 3 'one.fits' -e plain.xml one.fits
printf '<experiment>\n<instrument file="herix.xml">\n<pitch unit="mrad">16.6</pitch>\n</instrument>
</experiment>\n' >wrong.xml
check 'a wrong unit' refused 2 "wrong.xml:3: error: found 'mrad'" -e wrong.xml $one
finish
