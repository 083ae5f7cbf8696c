#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bad_input.sh REDUCE_FOLDER ROOT: every program meets every kind of bad input with a clear message,
# the right exit code and nothing left behind. Speaks TAP.
set -u
. "$(dirname "$0")/tap.sh"
bin=$(realpath "$1") root=$(realpath "$2")
cd "$work" || exit 99

# expect CODE PATTERN WORDS COMMAND...: the exit code, the message, and no file made in out/
expect() {
    local code=$1 pattern=$2 words=$3 got verdict=yes
    shift 3
    rm -rf out && mkdir out
    "$@" >stdout 2>stderr
    got=$?
    if [ "$got" != "$code" ]; then verdict=no; echo "# exit $got, expected $code: $*" >&2; fi
    if [ -n "$pattern" ] && ! grep -qE -- "$pattern" stderr; then verdict=no; echo "# no '$pattern' in: $(cat stderr)" >&2; fi
    if [ -n "$(ls -A out)" ]; then verdict=no; echo "# left behind: $(ls -A out)" >&2; fi
    [ $verdict = yes ]
    say "$words"
}

# ---- things that are no product and no SPEC file
mkdir folder
: >empty
head -c 5000 /dev/urandom >noise
printf 'just words\nand more\n' >words.txt
printf '#F x\n#E 1\n\n#S 1  ascan  HerixE 0 1  1 1\n#D x\n#N 2\n#L HerixE  Ana1\n0 5\n1 6\n' >good.spec
"$bin/ixs-import" -q good.spec -o raw || exit 99
good=raw/good_S0001.fits
head -c 6000 "$good" >truncated.fits
head -c 5760 "$good" >blocks.fits
cp "$good" x.fits
cp "$good" flipped.fits
printf '\377' | dd of=flipped.fits bs=1 seek=$(($(stat -c %s "$good") - 3000)) conv=notrunc 2>/dev/null
printf '<model>\n<from unit="eV">1</from>\n</model>\n' >wrong_unit.xml
printf '<model>\n<phonons>3</phonons>\n</model>\n' >unknown.xml

products='ixs-calibrate ixs-reduce ixs-merge ixs-background ixs-elastic ixs-fit ixs-dispersion ixs-plot ixs-show'
# How each program is called with one input, one word a line.
call() {
    case $1 in
    ixs-show) printf '%s\n' "$2" ;;
    ixs-plot) printf '%s\n' "$2" -o out/o.svg ;;
    ixs-calibrate | ixs-reduce) printf '%s\n' "$2" -i "$root/configs/herix.xml" -o out/o.fits ;;
    ixs-background) printf '%s\n' "$2" cell.fits --transmission 1 -o out/o.fits ;;
    ixs-elastic | ixs-fit) printf '%s\n' "$2" -c "$2" -o out/o.fits ;;
    *) printf '%s\n' "$2" -o out/o.fits ;;
    esac
}
try() { # try CODE PATTERN PROGRAM FILE WORDS
    local -a words
    mapfile -t words < <(call "$3" "$4")
    expect "$1" "$2" "$3: $5" "$bin/$3" "${words[@]}"
}
for program in $products; do
    try 3 'folder: error: found a folder' "$program" folder 'a directory'
    try 3 'empty: error: .*empty' "$program" empty 'an empty file'
    try 3 'noise: error: found' "$program" noise 'random bytes'
    try 3 'words.txt: error: found' "$program" words.txt 'a text file'
    try 3 'truncated.fits.*: error: .*found' "$program" truncated.fits 'a truncated product'
    try 3 'blocks.fits.*: error: ' "$program" blocks.fits 'a product cut at a block'
    try 3 'flipped.fits.*: error: .*add up to DATASUM' "$program" flipped.fits 'a changed product'
    try 3 'no such.fits: error: ' "$program" 'no such.fits' 'a file that is not there'
    try 3 'x.fits\[1\]: error: ' "$program" 'x.fits[1]' 'a name in cfitsio syntax'
    case $program in
    ixs-merge | ixs-background | ixs-elastic | ixs-fit | ixs-dispersion)
        try 3 'found a RAW product, expected' "$program" "$good" 'a product of another kind' ;;
    esac
done
for file in folder empty noise words.txt "$good"; do
    expect 3 "$file.*: error: " "ixs-import: $file" "$bin/ixs-import" "$file" -o out
done
expect 2 'wrong_unit.xml:2: error: found .eV. in attribute unit of <from>, expected .meV.' \
    'ixs-fit: a wrong unit in the model' "$bin/ixs-fit" "$good" -c "$good" -m wrong_unit.xml -o out/o.fits
expect 2 'unknown.xml:2: error: found <phonons> here, expected' \
    'ixs-fit: an unknown element in the model' "$bin/ixs-fit" "$good" -c "$good" -m unknown.xml -o out/o.fits
expect 2 "good.spec: error: found no XML .starts with '#F x'" 'ixs-plan: a SPEC file for the experiment' \
    "$bin/ixs-plan" good.spec -o out/Makefile
printf '<experiment>\n<instrument file="herx.xml"/>\n</experiment>\n' >no_instrument.xml
expect 2 'herx.xml: error: named in no_instrument.xml:2: cannot be opened' \
    'ixs-reduce: an instrument that is not there' "$bin/ixs-reduce" "$good" -e no_instrument.xml -o out/o.fits
expect 2 'folder: error: found a folder' 'ixs-fit: a directory for the model' \
    "$bin/ixs-fit" "$good" -c "$good" -m folder -o out/o.fits

# ---- usage
for program in ixs-import $products ixs-simulate; do
    expect 2 'found option --outpu, expected' "$program: an abbreviated option" "$bin/$program" "$good" --outpu x
    expect 0 '' "$program: --help" "$bin/$program" --help
    expect 0 '' "$program: --version" "$bin/$program" --version
    case $program in
    ixs-calibrate) ;; # without inputs: the nominal responses
    ixs-background) expect 2 'found 0 inputs, expected at least 2' "$program: no input" "$bin/$program" ;;
    *) expect 2 'found 0 inputs, expected at least 1' "$program: no input" "$bin/$program" ;;
    esac
done
expect 4 'no folder.*: error: ' 'ixs-import: a folder that cannot be made' \
    "$bin/ixs-import" -q good.spec -o 'no folder/deeper'
expect 2 'found no --output' 'ixs-import: no -o' "$bin/ixs-import" good.spec
expect 4 'standard output' 'ixs-show: standard output full' \
    sh -c "exec '$bin/ixs-show' '$good' >/dev/full"
finish
