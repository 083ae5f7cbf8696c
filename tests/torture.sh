#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/torture.sh BIN ROOT LIBRARY [PROGRAM...]`: every program with each of its allocations, writes
# and reads failed in turn, and killed at each of its writes (tests/torture.c). A failed run ends with
# exit 4 (2 or 3 where an input cannot be read), a message, the earlier product as it was, and
# nothing else; a run that ends with exit 0 leaves just what an undisturbed one does. Speaks TAP.
# Where the calls are very many, IXS_TORTURE_MOST of them are failed, spread evenly; the numbers
# stand in each line.
#
# What is let pass, because no order of calls can prevent it: a sync of the folder that fails after
# the rename is exit 4 beside the new product (whole, but perhaps not yet on the disk); gnuplot says
# nothing of some of its own failed allocations, so that a label can be missing in the picture.
set -uo pipefail
here=$(dirname "$(realpath "$0")") bin=$(realpath "$1") root=$(realpath "$2")
library=$(realpath "$3")
shift 3
. "$here/tap.sh"
. "$here/fault_scene.sh"

torture() { # torture PROGRAM KIND HOW MOST MEANING
    local -a words
    number=$((number + 1))
    command_of "$1" "$work/scene/b"
    rm -rf "$work/$1/run" "$work/$1/try" && cp -r "$work/$1/old" "$work/$1/run"
    if (cd "$work/$1/run" && env IXS_TORTURE_PROGRAM="$1" IXS_TORTURE_KIND="$2" \
        IXS_TORTURE_HOW="$3" IXS_TORTURE_MOST="$4" IXS_TORTURE_SEVERAL="$(several "$1")" \
        LD_PRELOAD=../../torture.so "$bin/$1" "${words[@]}" >stdout 2>../report) &&
        tail -n 1 "$work/$1/report" | grep -q '^[1-9][0-9]* tries at [1-9].* 0 wrong$'; then
        echo "ok $number - $1: $5: $(tail -n 1 "$work/$1/report")"
    else
        echo "not ok $number - $1: $5"
        sed 's/^/# /' "$work/$1/report" >&2
        status=1
    fi
}

several() {
    case $1 in ixs-import | ixs-reduce | ixs-simulate) echo 1 ;; *) echo 0 ;; esac
}

prepare() { # prepare PROGRAM: $work/PROGRAM/old with the product of a, new with that of b
    local -a words
    local which
    for which in old:a new:b; do
        mkdir -p "$work/$1/${which%:*}"
        command_of "$1" "$work/scene/${which#*:}"
        (cd "$work/$1/${which%:*}" && "$bin/$1" "${words[@]}" >stdout 2>../messages) ||
            { cat "$work/$1/messages" >&2 && return 1; }
    done
    : >"$work/$1/old/stdout"
}

if sanitized "$bin/ixs-show"; then
    echo '1..0 # SKIP built with a sanitizer, which has the allocations for itself'
    exit 0
fi
cp "$library" "$work/torture.so" || exit 2 # its path may have blanks, which the loader parts at
scene "$bin" "$root" "$work/scene" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 2; }
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $programs
for program; do
    prepare "$program" || exit 2
    torture "$program" output one 200 'each open, write, sync, rename fails'
    torture "$program" output short 1 'writes that are short or interrupted'
    torture "$program" output kill 200 'killed at each of these, then run again'
    torture "$program" input one 60 'each open and read fails'
    torture "$program" memory one 4000 'each allocation fails'
    torture "$program" memory rest 4000 'each allocation and all after it fail'
    [ "$program" = ixs-plot ] || continue
    torture "$program" child one 120 'an allocation of gnuplot fails'
    torture "$program" child rest 60 'an allocation of gnuplot and all after it fail'
done
finish
