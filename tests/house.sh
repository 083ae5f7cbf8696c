#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The rules of the house, executed. `tests/house.sh [ROOT]` speaks TAP, one line a rule; the
# offenders stand on standard error as FILE:LINE: what is wrong. tests/house_bites.sh shows that each rule can fail.
set -uo pipefail
cd "${1:-$(dirname "$0")/..}" || exit 2
export LC_ALL=C

rooms='base models products calib view reduce tests bench'
libraries='base models products calib view'
styled_by=14 # the clang-format that .clang-format was written for; others break lines otherwise

sources() { # sources ROOM...: its C files
    local room
    for room; do
        [ ! -d "$room" ] || find "$room" -name '*.[ch]' -type f
    done | sort
}

# Comments and the insides of strings become blanks, line by line: what is left is code.
code() { # code FILE...: FILE:LINE:code
    [ $# -eq 0 ] || awk '
        FNR == 1 { inside = 0 }
        {
            line = $0; out = ""
            while (line != "") {
                if (inside) {
                    at = index(line, "*/")
                    if (!at) break
                    line = substr(line, at + 2); inside = 0
                } else if (match(line, /"([^"\\]|\\.)*"|\/\*|\/\/|\047([^\047\\]|\\.)\047/)) {
                    out = out substr(line, 1, RSTART - 1)
                    token = substr(line, RSTART, RLENGTH)
                    line = substr(line, RSTART + RLENGTH)
                    if (token == "//") line = ""
                    else if (token == "/*") inside = 1
                    else out = out (out ~ /#[ \t]*include[ \t]*$/ ? token : "\"\"")
                } else { out = out line; line = "" }
            }
            print FILENAME ":" FNR ":" out
        }' "$@"
}

# Arrows point down only.
may_include() {
    case $1 in
    base) echo base ;;
    models) echo base models ;;
    products) echo base products ;;
    calib) echo base models products calib ;;
    view) echo base products view ;;
    reduce) echo base models products calib view reduce ;;
    tests | bench) echo "$rooms" ;;
    esac
}

rule_arrows() {
    local room
    for room in $rooms; do
        # shellcheck disable=SC2046
        code $(sources "$room") | awk -v room="$room" -v rooms="$rooms" -v may="$(may_include "$room")" '
            BEGIN { n = split(rooms, r, " "); for (i = 1; i <= n; i++) known[r[i]] = 1
                    n = split(may, m, " "); for (i = 1; i <= n; i++) allowed[m[i]] = 1 }
            match($0, /#[ \t]*include[ \t]*"[^"]*"/) {
                path = substr($0, RSTART, RLENGTH); gsub(/^[^"]*"|"$/, "", path)
                split($0, at, ":"); from = path; sub(/\/.*/, "", from)
                if (path ~ /\// && known[from] && allowed[from]) next
                print at[1] ":" at[2] ": includes " path ", but " room " includes only: " may
            }'
    done
}

# A third-party library enters by its own door.
door() { # door WHAT HEADER-PATTERN FILE-PATTERN; tests and bench see all
    # shellcheck disable=SC2046
    code $(sources $rooms) | grep -E "#[ \t]*include[ \t]*[<\"]($2)" \
        | grep -v -E "^(tests/[^:]*|bench/[^:]*|$3):" \
        | sed -E "s#^([^:]*:[0-9]+):.*#\1: $1 does not enter here#"
}

rule_doors() {
    door cfitsio 'fitsio' 'base/(table\.c|product[a-z_]*\.c|product_fits\.h)'
    door cfitsio 'base/product_fits' 'base/(table|product[a-z_]*)\.c'
    door libxml2 'libxml/' 'base/(config[a-z_]*\.c|config_inside\.h)'
    door libxml2 'base/config_inside' 'base/config[a-z_]*\.c'
    door zlib 'zlib' 'base/(lines[a-z_]*|commit|product[a-z_]*)\.c'
    door GSL 'gsl/' '(models|calib)/[a-z_/]*\.[ch]'
    door cmocka 'cmocka' 'tests/[a-z_]*\.[ch]'
}

banned() { # banned WHY PATTERN ROOM...: as a whole word, in code
    local why=$1 pattern=$2
    shift 2
    # shellcheck disable=SC2046
    code $(sources "$@") | grep -E "^[^:]*:[0-9]+:(.*[^A-Za-z0-9_])?($pattern)" \
        | sed -E "s#^([^:]*:[0-9]+):.*#\1: $why#"
}

rule_banned_calls() {
    # shellcheck disable=SC2086
    {
        banned 'only fits_open_diskfile and fits_create_diskfile take names as names' \
            '(fits_(open|create)_(file|table|data|image|extlist)|ff(open|inits?|dopn|topn|iopn)) ?\(' $rooms
        banned 'strict parsing is in base/lines.h, not atof()' 'atof ?\(' $libraries reduce
        banned 'unbounded copy' '(strcpy|strcat|sprintf|vsprintf|gets|stpcpy) ?\(' $libraries reduce
        banned 'libraries do not print' '((v?printf|puts|putchar|perror) ?\(|std(out|err)[^A-Za-z0-9_])' $libraries
        banned 'libraries do not exit' '(exit|abort|quick_exit) ?\(' $libraries
        banned 'no clock in a product' '(time|gettimeofday|clock_gettime|localtime|ctime) ?\(' \
            models products calib
        banned 'not even a goto' 'goto ' $rooms
        banned 'dead code' '# *if 0' $rooms
    } | grep -v -E '^base/progress\.c:[0-9]+: libraries do not print'
}

rule_folder_size() { # a folder of a library holds what fits on a screen
    # shellcheck disable=SC2046
    dirname $(sources $libraries) /none | sort | uniq -c \
        | awk '$1 > 70 { print $2 ":1: " $1 " sources in one folder, at most 70" }'
}

# Lengths only shrink: tests/house_lengths names the files that are over, and by how much.
rule_file_length() {
    local file lines limit allowed
    for file in $(sources $rooms); do
        lines=$(wc -l <"$file")
        case $file in
        reduce/ixs-*.c) limit=120 ;;
        *) limit=400 ;;
        esac
        allowed=$(awk -v file="$file" '$1 == file { print $2 }' tests/house_lengths 2>/dev/null)
        if [ "$lines" -gt "${allowed:-$limit}" ]; then
            echo "$file:$lines: $lines lines, at most ${allowed:-$limit}"
        elif [ -n "$allowed" ] && [ "$lines" -lt "$allowed" ]; then
            echo "$file:$lines: $lines lines, so lower its $allowed in tests/house_lengths"
        fi
    done
}

# A function starts at a brace in the first column and ends at the next one.
function_lengths() {
    # shellcheck disable=SC2046
    set -- $(sources $libraries reduce)
    [ $# -eq 0 ] || awk '
        FNR == 1 { start = 0 }
        /^\{/ { start = FNR }
        /^\}/ && start { print FNR - start - 1, FILENAME ":" start; start = 0 }' "$@" | sort -n
}

rule_function_length() {
    function_lengths | awk '
        { length_of[NR] = $1; where[NR] = $2 }
        $1 > 80 { print $2 ": a function of " $1 " lines, at most 80" }
        END {
            if (!NR) exit
            middle = length_of[int((NR + 1) / 2)]; ninth = length_of[int(0.9 * NR + 0.5)]
            if (middle > 15) print ".:1: half of the functions are over " middle " lines, at most 15"
            if (NR > 9 && ninth > 40) print ".:1: one function in ten is over " ninth " lines, at most 40"
        }'
}

rule_line_length() {
    # shellcheck disable=SC2046
    set -- $(sources $rooms)
    [ $# -eq 0 ] || awk 'length($0) > 100 { print FILENAME ":" FNR ": " length($0) " columns, at most 100" }
        /[ \t]$/ { print FILENAME ":" FNR ": blanks at the end of the line" }' "$@"
}

rule_licence() {
    {
        sources $rooms
        find tests bench test_spectra .ci \( -name '*.sh' -o -name '*.py' -o -name '*.mk' \) 2>/dev/null
        find configs \( -name '*.xml' -o -name '*.xsd' \) 2>/dev/null
        ls Makefile meson.build .ci/* 2>/dev/null
    } | sort -u | while read -r file; do
        head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' \
            || echo "$file:1: no SPDX line among the first three"
    done
}

rule_documented() {
    local program
    for program in $(sed -n -E "s/^ *'(ixs-[a-z]+)' *:.*/\1/p" reduce/meson.build 2>/dev/null); do
        grep -q -F -w -- "$program" README.md 2>/dev/null \
            || echo "reduce/$program.c:1: README.md does not speak of $program"
        grep -q -r -F -w --include='*.md' -- "$program" docs 2>/dev/null \
            || echo "reduce/$program.c:1: nothing in docs/ speaks of $program"
    done
}

rule_pages() { # a page with commands is run by a test
    local page
    grep -l '^```sh$' docs/*.md 2>/dev/null | while read -r page; do
        grep -q -F "'$(basename "$page")'" tests/meson.build 2>/dev/null \
            || echo "$page:$(grep -n -m 1 '^```sh$' "$page" | cut -d: -f1): no test runs its commands"
    done
}

rule_links() { # links between our own pages lead somewhere; indented text is quoted
    find ./*.md docs -name '*.md' 2>/dev/null | sed 's#^\./##' | sort | while read -r page; do
        sed 's/^    .*//' "$page" | grep -n -o -E '\]\([^)#: ]+' | sed -E 's/\]\(//' | while IFS=: read -r line target; do
            [ -e "$(dirname "$page")/$target" ] || echo "$page:$line: $target does not exist"
        done
    done
}

rule_rooms() { # no folder and no source at the top level but the known ones
    local entry
    for entry in */ *.[ch]; do
        case $entry in
        base/ | bench/ | calib/ | configs/ | demo/ | docs/ | models/ | products/ | reduce/ | \
            test_spectra/ | tests/ | tour/ | view/ | build/ | build-*/ | '*/' | '*.[ch]') ;;
        *) echo "${entry%/}:1: has no place at the top level" ;;
        esac
    done
}

rule_formatting() {
    # shellcheck disable=SC2046
    set -- $(sources $rooms)
    [ $# -eq 0 ] || clang-format --dry-run -Werror "$@" 2>&1 | awk -F: '
        / error: / && !seen[$1]++ { print $1 ":" $2 ": clang-format writes this otherwise" }'
}

has_formatter() {
    clang-format --version 2>/dev/null | grep -q -E "version $styled_by\."
}

number=0 status=0
check() { # check RULE WORDS
    local offenders
    number=$((number + 1))
    offenders=$("rule_$1")
    if [ -z "$offenders" ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        echo "$offenders" | head -n 50 | sed 's/^/# /' >&2
        status=1
    fi
}

echo 1..13
check rooms 'only known things at the top level'
check arrows 'includes point down only'
check doors 'third-party libraries enter by their own door'
check banned_calls 'no forbidden calls'
check file_length 'no file too long'
check function_length 'functions short'
check line_length 'lines short, no blanks at their ends'
check licence 'an SPDX line in each file'
check documented 'every program documented'
check links 'links between pages lead somewhere'
check folder_size 'no folder too full'
check pages 'commands on pages are run by a test'
if has_formatter; then
    check formatting 'formatted by clang-format'
else
    echo "ok 13 - formatted by clang-format # SKIP clang-format $styled_by is not here"
fi
exit "$status"
