#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Many experiments, each a folder with a Makefile of ixs-plan, brought up to date with make: on this
# machine, or on a Slurm cluster by an array of tasks that each run make over a chunk of folders (an
# array of one task a spectrum spends its time in the scheduler: 1 s a task).
#
#   archive.sh [-j N] FOLDER...              here, N at a time
#   archive.sh -s [-n CHUNKS] [-j N] FOLDER...   on Slurm: CHUNKS tasks (default 8) of N processors
#   archive.sh -l FOLDER...                  list what failed, with the reason
#
#   -t TARGETS   what to make (default all)      -m 'BIN=... FIT=...'   variables for make
#   -o OPTIONS   for sbatch ("--time=2:00:00")   -w                     wait for the end
#   -f FILE      folders from a file, one a line
#
# An interrupted array is submitted again: what was done is not done twice. A folder that fails does
# not stop the others; its reason is kept in FOLDER/make.failed and goes when it succeeds.
set -uo pipefail

fail() { echo "archive.sh: error: $*" >&2; exit 2; }

# One folder: quiet; what make says stays in make.log.
one() {
    if make -C "$1" -k -j1 $variables $targets >"$1/make.log" 2>&1; then
        rm -f "$1/make.failed"
    else
        grep 'error: ' "$1/make.log" >"$1/make.failed" || tail -n 3 "$1/make.log" >"$1/make.failed"
        return 1
    fi
}

# Chunk $1 of $2 (from 1): make runs one recipe a folder.
chunk() {
    awk -v k="$1" -v n="$2" 'NR % n == k % n' "$list" >"$list.$1"
    {
        echo '.PHONY: all FORCE'
        echo 'FORCE:'
        awk '{ printf "all: f%d\nf%d: FORCE\n\t@\"$(ARCHIVE)\" -1 -t \"$(TARGETS)\" -m \"$(VARIABLES)\" \"%s\"\n", NR, NR, $0 }' "$list.$1"
    } >"$list.$1.mk"
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s -k -rR -j"$jobs" -f "$list.$1.mk" all \
        ARCHIVE="$self" TARGETS="$targets" VARIABLES="$variables" 2>/dev/null
}

list_failed() { # exit 1 if there are any
    local folder count=0
    while IFS= read -r folder; do
        [ -e "$folder/make.failed" ] || continue
        count=$((count + 1))
        sed "s|^|$folder: |" "$folder/make.failed"
    done <"$list"
    echo "$count of $(wc -l <"$list") failed"
    [ $count = 0 ]
}

self=$(realpath "$0") jobs=1 chunks=8 targets=all variables='' options='' file='' way=here wait=''
while getopts j:n:t:m:o:f:slw1c: option; do
    case $option in
    j) jobs=$OPTARG ;;
    n) chunks=$OPTARG ;;
    t) targets=$OPTARG ;;
    m) variables=$OPTARG ;;
    o) options=$OPTARG ;;
    f) file=$OPTARG ;;
    s) way=slurm ;;
    l) way=list ;;
    w) wait=--wait ;;
    1) way=one ;;
    c) way=chunk list=$OPTARG ;;
    *) fail 'see the head of this file for what it takes' ;;
    esac
done
shift $((OPTIND - 1))
case $jobs$chunks in *[!0-9]*) fail 'found no number behind -j or -n, expected one' ;; esac

case $way in
one) one "$1"; exit ;;
chunk) chunk "${SLURM_ARRAY_TASK_ID:-1}" "$chunks"; exit ;;
esac

folder=.archive
mkdir -p "$folder" && list=$(realpath "$folder")/list || exit 4
{ [ -z "$file" ] || cat "$file"; [ $# = 0 ] || printf '%s\n' "$@"; } | while IFS= read -r one; do
    [ -e "$one/Makefile" ] || { echo "archive.sh: error: found no $one/Makefile, expected one of ixs-plan" >&2; continue; }
    realpath "$one"
done >"$list"
[ -s "$list" ] || fail 'found no folder with a Makefile, expected some'

case $way in
list) list_failed ;;
here) chunk 1 1; list_failed ;;
slurm)
    command -v sbatch >/dev/null || fail 'found no sbatch, expected Slurm; without -s it runs here'
    # shellcheck disable=SC2086
    sbatch $wait $options --parsable --job-name=ixs --array="1-$chunks" --cpus-per-task="$jobs" \
        --output="$folder/task-%a.log" --export=ALL \
        --wrap="exec '$self' -c '$list' -n $chunks -j $jobs -t '$targets' -m '$variables'"
    code=$?
    [ -z "$wait" ] || list_failed || code=1
    exit $code
    ;;
esac
