#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The sources as compilers and analysers see them: `tests/lint.sh [FOLDER]` builds in FOLDER
# (build-lint) with gcc and with clang, warnings being errors, runs the tests under the address and
# undefined-behaviour sanitizers, then cppcheck and clang-tidy (.clang-tidy, tests/.clang-tidy,
# tests/cppcheck.txt), and ends with the list of hot spots. It speaks TAP; what a tool found stands
# in FOLDER/STEP.log. The other rules (arrows, formatting, lengths) are in tests/house.sh.
set -uo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "${1:-$top/build-lint}"
out=$(cd "${1:-$top/build-lint}" && pwd)
cd "$top" || exit 2
export LC_ALL=C
rooms='base products models calib view reduce bench tests'
left_out='house fault' # rules on sources; faults are injected by what sanitizers do not bear

build() { # build FOLDER COMPILER MESON-OPTION...
    local folder=$1 compiler=$2
    shift 2
    [ -f "$folder/build.ninja" ] || CC=$compiler meson setup "$folder" -Dwerror=true "$@" || return 1
    ninja -k 0 -C "$folder"
}

build_gcc() {
    build "$out/gcc" gcc
}

build_clang() {
    local built
    build "$out/clang" clang -Db_sanitize=address,undefined -Db_lundef=false \
        -Dc_args='-fno-sanitize-recover=all -fno-omit-frame-pointer'
    built=$?
    list_sources && return "$built"
}

# Each of our sources once, as clang compiled it: the database has a file again for each program
# that it is part of, and a second time in one process confuses the analyser (14, about va_list).
list_sources() {
    python3 - "$out/clang/compile_commands.json" "$out/sources" "$top" "$rooms" <<'END'
import json, os, sys
database, folder, top, rooms = sys.argv[1:]
commands = {}
for command in json.load(open(database)):
    path = os.path.realpath(os.path.join(command["directory"], command["file"]))
    if any(path.startswith(os.path.join(top, room, "")) for room in rooms.split()):
        commands.setdefault(path, dict(command, file=path))
os.makedirs(folder, exist_ok=True)
json.dump(list(commands.values()), open(os.path.join(folder, "compile_commands.json"), "w"))
open(os.path.join(folder, "list"), "w").writelines(path + "\n" for path in sorted(commands))
END
}

run_tests() {
    local suite
    # shellcheck disable=SC2046
    UBSAN_OPTIONS=print_stacktrace=1 meson test -C "$out/clang" --no-rebuild -t 5 \
        --print-errorlogs $(for suite in $left_out; do echo --no-suite "$suite"; done)
}

run_cppcheck() {
    mkdir -p "$out/cppcheck"
    cppcheck --project="$out/sources/compile_commands.json" --cppcheck-build-dir="$out/cppcheck" \
        --enable=warning,style,performance,portability --inline-suppr \
        --suppressions-list=tests/cppcheck.txt --relative-paths="$top" --error-exitcode=1 \
        --quiet -j "$(nproc)" --template='{file}:{line}: {severity}: {message} [{id}]'
}

run_tidy() {
    xargs -P "$(nproc)" -n 1 clang-tidy -p "$out/sources" --quiet <"$out/sources/list"
}

from_the_top() { # paths as seen from the checkout
    sed -E "s#^[^ ]*/((${rooms// /|})/)#\1#"
}

measure_functions() { # complexity|lines NUMBER FILE:LINE NAME, of those worth a look
    grep -v "^$top/tests/" "$out/sources/list" \
        | xargs -P "$(nproc)" -n 8 clang-tidy -p "$out/sources" --quiet --config='{
            Checks: "-*,readability-function-size,readability-function-cognitive-complexity",
            CheckOptions: [
            {key: readability-function-size.LineThreshold, value: 30},
            {key: readability-function-size.StatementThreshold, value: 10000},
            {key: readability-function-cognitive-complexity.DescribeBasicIncrements, value: false},
            {key: readability-function-cognitive-complexity.Threshold, value: 8}]}' 2>/dev/null \
        | from_the_top | awk '
            / warning: function / { split($0, words, "\047"); name = words[2] }
            split($1, place, ":") < 3 { next }
            / has cognitive complexity of / {
                sub(/.* has cognitive complexity of /, "")
                print "complexity", $1, place[1] ":" place[2], name
            }
            / note: [0-9]+ lines / { print "lines", $3, place[1] ":" place[2], name }' | sort -u
}

most() { # most WORDS: the ten lines with the greatest first field
    echo "# $1:"
    sort -k 1,1 -rn -s | head -n 10 | sed 's/^ */#   /'
}

hot_spots() {
    local functions
    functions=$(measure_functions)
    # shellcheck disable=SC2086
    find $rooms -name '*.[ch]' -exec wc -l {} + | grep -v ' total$' | most 'longest files, lines'
    # shellcheck disable=SC2086
    grep -r -h -o --include='*.[ch]' '^#include ".*"' $rooms | sed -E 's/#include "(.*)"/\1/' \
        | sort | uniq -c | most 'most included, files'
    echo "$functions" | awk '$1 == "lines" { print $2, $3, $4 }' | most 'longest functions, lines'
    echo "$functions" | awk '$1 == "complexity" { print $2, $3, $4 }' \
        | most 'most complex functions, cognitive complexity'
}

number=0 status=0
findings() { # findings LOG: its lines that name a finding or a test that failed
    grep -E ':[0-9]+:.*(warning|error|style|performance|portability|runtime error):|^ERROR|^[0-9/ ]+.* (FAIL|ERROR|TIMEOUT) |==ERROR' "$1" \
        | from_the_top | sort -u
}

step() { # step COMMAND WORDS
    local start=$SECONDS result=ok
    number=$((number + 1))
    "$1" >"$out/$1.log" 2>&1 || result='not ok' status=1
    echo "$result $number - $2 ($((SECONDS - start)) s)"
    [ "$result" = ok ] || {
        echo "# all of it: $out/$1.log"
        findings "$out/$1.log" | head -n 50 | sed 's/^/# /'
    } >&2
}

echo 1..5
step build_gcc 'gcc builds without a warning'
step build_clang 'clang builds without a warning, with sanitizers'
step run_tests 'the tests under the sanitizers'
step run_cppcheck 'cppcheck finds nothing'
step run_tidy 'clang-tidy finds nothing'
hot_spots
exit "$status"
