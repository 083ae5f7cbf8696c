#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/fuzz/run.sh [FOLDER [RUNS [NAME...]]]`: builds the harnesses with libFuzzer and the address
# and undefined-behaviour sanitizers in FOLDER (build-fuzz) and gives each, or those named, RUNS (a
# million) inputs, beginning with its corpus here. What it learns stays in FOLDER/corpus-NAME, what
# it finds goes to FOLDER/found-NAME-*; a finding ends it with 1. The log is FOLDER/NAME.log.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
mkdir -p "${1:-$top/build-fuzz}"
folder=$(cd "${1:-$top/build-fuzz}" && pwd)
runs=${2:-1000000}
shift $(($# < 2 ? $# : 2))
cd "$folder"
[ -f build.ninja ] || CC=clang meson setup . "$top" -Dfuzz=true >/dev/null
ninja --quiet -k 0 $(cd "$here" && for name in fuzz_*.c; do echo "tests/fuzz/search_$(basename "${name#fuzz_}" .c)"; done)
[ $# -gt 0 ] || set -- $(cd "$here" && for name in fuzz_*.c; do basename "${name#fuzz_}" .c; done)
# Words of the formats, so that fewer inputs are nonsense: of XML those of its schemas.
sed -n -E 's/.*name="([a-z_0-9]+)".*/"\1"/p' "$top"/configs/*.xsd | sort -u >xml.dict
cp "$here"/*.dict .
export IXS_ROOT=$top ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1
status=0
for name; do
    mkdir -p "corpus-$name" "seed-$name"
    for seed in "$here/corpus/$name"/*; do
        case $seed in
        *.packed) gzip -dc <"$seed" >"seed-$name/$(basename "$seed" .packed)" ;;
        *) cp "$seed" "seed-$name/" ;;
        esac
    done
    words=()
    [ ! -f "$name.dict" ] || words=("-dict=$name.dict")
    if nice "./tests/fuzz/search_$name" -runs="$runs" -max_len=100000 -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 "${words[@]}" -artifact_prefix="found-$name-" "corpus-$name" "seed-$name" \
        >"$name.log" 2>&1; then
        echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$name.log") runs, nothing found"
    else
        echo "$name: a finding, see $folder/$name.log"
        status=1
    fi
done
exit "$status"
