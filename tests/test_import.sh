#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_import.sh IXS-IMPORT`: the program as users meet it: names, lists, files that grow, and
# what is no SPEC file.
set -uo pipefail
. "$(dirname "$0")/tap.sh"
import=$(realpath "$1")
cd "$work" || exit 2

refused() { # refused CODE TEXT ARGUMENT...: that exit code, that text, and nothing written
    local code=$1 text=$2 got
    shift 2
    "$import" "$@" >out 2>err
    got=$?
    cat out err
    [ "$got" -eq "$code" ] && grep -qF -- "$text" err && [ ! -s out ] && [ ! -e none ]
}

header() {
    printf '#F /data/beam.spec\n#E 1447278756\n#D Wed Nov 11 15:52:36 2015\n#C quartz  User = ixs\n'
    printf '#O0 HerixE  tth\n#H0  T_Sample\n'
}

scan() { # scan NUMBER ROWS: of three
    printf '\n#S %s  ascan  herixE -1 1  2 30\n#D Wed Nov 11 15:52:50 2015\n#T 30  (Seconds)\n' "$1"
    printf '#P0 0 7.5\n#V0  298.3\n#N 3\n#L HerixE  Ana5  Ana5\n'
    for ((i = 0; i < $2; i++)); do printf '%d 1%d 2%d\n' "$i" "$i" "$i"; done
}

{ header; scan 1 3; scan 12 3; scan 1 3; } >beam.spec

names() {
    "$import" beam.spec -o raw && ls raw &&
        [ "$(echo raw/*)" = 'raw/beam_S0001.2.fits raw/beam_S0001.fits raw/beam_S0012.fits' ]
}

again() { # nothing changes but the time
    touch -d '2001-01-01' raw/* && sha256sum raw/* >before && "$import" beam.spec -o raw &&
        sha256sum -c --quiet before && [ -z "$(find raw/* ! -newermt 2002-01-01)" ] &&
        touch -d '2001-01-01' raw/* && "$import" --keep-time beam.spec -o raw &&
        [ -z "$(find raw/* -newermt 2002-01-01)" ]
}

growth() { # more scans, comments, resets and a torn line change no earlier scan
    sha256sum raw/* >before
    { printf '#C Wed Nov 11 16:00:00 2015.  do next.mac.\n'
      printf '#C Wed Nov 11 16:00:01 2015.  herixE reset from 2 to 0.\n'
      scan 13 2; printf '2 1'; } >>beam.spec
    "$import" beam.spec -o raw 2>err && sha256sum -c --quiet before &&
        [ ! -e raw/beam_S0013.fits ] &&
        grep 'beam.spec:43: warning: found scan 13 maybe still being written: left out' err &&
        "$import" --unfinished beam.spec -o raw && sha256sum -c --quiet before &&
        ls raw/beam_S0013.fits
}

unfinished() { # asked for by its number alone, a scan must be whole
    "$import" --scans 13 beam.spec -o none 2>err
    [ $? -eq 3 ] && [ ! -e none ] && grep 'beam.spec:43: error: found scan 13' err &&
        "$import" --scans last beam.spec -o last && [ "$(ls last)" = beam_S0001.2.fits ] &&
        "$import" --scans last --unfinished beam.spec -o last/w && [ "$(ls last/w)" = beam_S0013.fits ]
}

only_new() { # of a grown file just the new scan is written: the others are the files they were
    ls -i --time-style=+%s%N raw/beam_S0001.fits raw/beam_S0012.fits >before.ls
    cp -r raw grown && cp beam.spec longer.spec && { printf '2 22\n'; scan 14 3; } >>longer.spec
    mv longer.spec grown/beam.spec && touch -d 2001-01-01 grown/*.fits && ls -i grown/*.fits >inodes &&
        "$import" --keep-time grown/beam.spec -o grown && ls grown/beam_S0014.fits &&
        [ "$(find grown/*.fits -newermt 2002-01-01 | sort | xargs)" = \
            'grown/beam_S0013.fits grown/beam_S0014.fits' ] &&
        ls -i grown/*.fits | grep -c -F -x -f inodes | grep -x 3 && [ -z "$(find grown -name '.*tmp*')" ]
}

ending() { # a scan that was being written is written anew when it is whole
    sha256sum raw/beam_S0013.fits >before
    "$import" --list beam.spec | tail -n 1 | grep -E '^13 +2/3 +WRITING +HerixE +2\.0000 ' &&
        printf '2 22\n' >>beam.spec && "$import" beam.spec -o raw &&
        ! sha256sum -c --quiet before &&
        "$import" --list beam.spec | tail -n 1 | grep -E '^13 +3/3 +COMPLETE '
}

choosing() { # a scan gives the same bytes however it was chosen
    "$import" --scans 1.2,10-12 beam.spec -o some &&
        [ "$(cd some && echo *)" = 'beam_S0001.2.fits beam_S0012.fits' ] &&
        cmp some/beam_S0012.fits raw/beam_S0012.fits
}

not_chosen() {
    "$import" --scans 1 beam.spec -o one 2>&1 | grep -F 'found scan 1 again: not chosen' &&
        [ "$(ls one)" = beam_S0001.fits ]
}

compressed() { # told by its bytes, not by its name
    mkdir gz && gzip -c beam.spec >gz/beam.spec && "$import" gz/beam.spec -o gz/raw &&
        diff -r raw gz/raw
}

dry() {
    "$import" --dry-run beam.spec -o none && [ ! -e none ]
}

axis() { # asked for by name; the product says so
    "$import" --energy-axis tth beam.spec -o other && ! cmp -s other/beam_S0013.fits raw/beam_S0013.fits &&
        "$import" --list --energy-axis tth beam.spec | tail -n 1 | grep -E ' tth +0\.0000 '
}

full() { # the list cannot be printed
    "$import" --list beam.spec >/dev/full
    [ $? -eq 4 ]
}

header_line() {
    "$import" --list beam.spec | head -n 1 | grep -E '^SCAN +ROWS +ENDED +AXIS +ORIGIN +DATE +COMMAND$'
}

commands() { # ignoring case, with wildcards; together with numbers
    { header; scan 1 3; scan 2 3 | sed s/ascan/dscan/; scan 3 3 | sed s/herixE/tth/; } >other.spec
    "$import" --command 'ASCAN herix*' other.spec -o by && [ "$(ls by | xargs)" = other_S0001.fits ] &&
        "$import" --command '*scan' --scans 2-3 other.spec -o by2 &&
        [ "$(ls by2 | xargs)" = 'other_S0002.fits other_S0003.fits' ] &&
        "$import" --command ascan --scans last other.spec -o by3 && [ "$(ls by3)" = other_S0003.fits ]
}

leftovers() { # of a run that was killed
    mkdir -p kept/.ixs.tmp-1-0 && echo half >kept/.ixs.tmp-1-0/0 && "$import" -q beam.spec -o kept &&
        [ -z "$(find kept -name '.*')" ]
}

nothing_left() { # a file that breaks off behind good scans, in a folder that is there or is made
    mkdir there && gzip -c beam.spec | head -c -9 >breaks.gz
    "$import" -q beam.spec breaks.gz -o there && return 1
    "$import" -q beam.spec breaks.gz -o none && return 1
    [ ! -e none ] && [ -z "$(ls -A there)" ]
}

repeated() { # labels that FITS takes for one; 990 times the same costs nothing
    { printf '#S 1\n#L a  A  a_2  b  a  a.2  a\n1 2 3 4 5 6 7\n#S 2\n#L'
      printf '  x%.0s' {1..990}; printf '\n#S 3\n#S 4\n'; } >labels.spec
    timeout 10 "$import" -q labels.spec -o labels && ls labels/labels_S0003.fits &&
        [ "$(fold -w 80 labels/labels_S0001.fits | sed -n "s/^TTYPE[1-7]  = '\([^ ']*\).*/\1/p" |
            head -n 7 | xargs)" = 'a A_2 a_2_2 b a_3 a_2_3 a_4' ] &&
        [ "$(fold -w 80 labels/labels_S0002.fits | grep -c "^TTYPE[0-9]* *= 'x")" = 990 ]
}

nul_bytes() { # blocks of them, as a computer that crashed leaves them: what follows is read
    { header; scan 1 3; head -c 5000 /dev/zero; scan 2 3; printf '\0\0\0'; } >crashed.spec
    "$import" crashed.spec -o crashed.raw 2>err && [ "$(ls crashed.raw | wc -l)" = 2 ] &&
        grep -E 'crashed.spec:18: warning: found 5000 NUL bytes' err
}

check 'products bear the names of file and scan' names
check 'an unchanged file gives unchanged bytes and a new time' again
check 'a grown file changes no earlier scan' growth
check 'a scan that may still be being written must be asked for' unfinished
check 'only new scans of a grown file are written' only_new
check 'a scan that was being written is written when it ends' ending
check 'a list has a line that says what its columns are' header_line
check 'scans are chosen by their command' commands
check 'what a killed run left is removed' leftovers
check 'a file that breaks off leaves nothing' nothing_left
check 'repeated labels get names of their own' repeated
check 'NUL bytes are passed over' nul_bytes
check 'scans are chosen by number, order and range' choosing
check 'a number that comes again is told' not_chosen
check 'gzip is told by its bytes' compressed
check 'a dry run writes nothing' dry
check 'the energy axis is chosen by name' axis
check 'a list that cannot be printed is an output error' full

: >empty
head -c 100000 /dev/urandom >random
printf 'some text\nof two lines\n' >text
gzip -c beam.spec | head -c 150 >cut.gz
check 'no output named' refused 2 'found no --output' beam.spec
check 'no input' refused 2 'found 0 inputs' -o none
check 'no list of scans' refused 2 "found scans '3-1'" --scans 3-1 beam.spec -o none
check 'products of the same names' refused 2 'both be called beam_S' beam.spec gz/beam.spec -o none
check 'no such command' refused 3 "begins 'mesh'" --command mesh beam.spec -o none
check 'a scan that is not there' refused 3 'found no scan 77' --scans 12,77 beam.spec -o none
check 'no such file' refused 3 'absent.spec' absent.spec -o none
check 'a directory' refused 3 'found a folder' raw -o none
check 'an empty file' refused 3 'found an empty file' empty -o none
check 'random bytes' refused 3 'random' random -o none
check 'a text' refused 3 'found no line that starts with #S' text -o none
check 'a FITS file' refused 3 'found a FITS file' raw/beam_S0001.fits -o none
check 'a compressed file cut short' refused 3 'cut short' cut.gz -o none
check 'a name with brackets' refused 3 'beam.spec[1]' 'beam.spec[1]' -o none
check 'a bad file behind a good one' refused 3 'text' beam.spec text -o none
check 'no folder above the output' refused 4 'none/raw' beam.spec -o none/raw
check 'a file in place of the output folder' refused 4 'expected a folder' beam.spec -o text
finish
