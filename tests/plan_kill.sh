#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/plan_kill.sh BIN ROOT [KILLS]`: the Makefile of ixs-plan killed at random moments (make and
# all that it runs, by SIGKILL; 50 times if not told otherwise), from nothing or after a change, and
# run again: the bytes are those of an undisturbed run, and nothing is left to do. Speaks TAP.
set -uo pipefail
here=$(dirname "$(realpath "$0")") bin=$(realpath "$1") root=$(realpath "$2") kills=${3:-50}
. "$here/tap.sh"
. "$here/fault_scene.sh"
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$work" && ln -s "$bin" bin && scene "$bin" "$root" "$work/scene" >said 2>&1 || { cat said >&2; exit 2; }

inputs() { # inputs a|b: that beamtime, with a model of one or two modes
    cp "scene/$1/beam.spec" "scene/$1/instrument.xml" .
    sed 's|<sample |<model file="model.xml"/>&|' scene/a/beam.xml >beam.xml
    printf '<model>\n  <most_modes>%d</most_modes>\n</model>\n' "$([ "$1" = a ] && echo 1 || echo 2)" >model.xml
}

complete() { # complete FOLDER
    mkdir -p "$1" && bin/ixs-plan beam.xml -o "$1/Makefile" && make -j2 -C "$1" BIN=../bin >said 2>&1
}

products() { # products FOLDER: digests of all but stamps and the temporaries that a kill leaves
    (cd "$1" && find . -type f ! -path './done/*' ! -name '.*.tmp-*' -exec sha256sum {} + | sort -k 2)
}

for one in a b; do
    inputs $one && from=$EPOCHREALTIME && complete $one && products $one >$one.sums || { cat said >&2; exit 2; }
    seconds=$(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')
done
! cmp -s a.sums b.sums
say 'the two beamtimes differ'

round() {
    local target=$([ $((RANDOM % 2)) = 0 ] && echo a || echo b)
    [ $((RANDOM % 3)) != 0 ] || rm -rf run
    inputs "$target"
    mkdir -p run && bin/ixs-plan beam.xml -o run/Makefile || return 1
    setsid make -j2 -C run BIN=../bin >killed.log 2>&1 &
    pid=$!
    sleep "$(awk -v t="$seconds" -v r="$RANDOM" 'BEGIN { print t * r / 32768 }')"
    if kill -9 -- "-$pid" 2>/dev/null; then
        hit=$((hit + 1))
    else
        seconds=$(awk -v s="$seconds" 'BEGIN { print 0.95 * s }') # too late
    fi
    { wait "$pid"; } 2>/dev/null
    complete run && products run | diff - $target.sums || return 1
    make -q -C run BIN=../bin || { make -n --debug=b -C run BIN=../bin; false; }
}

hit=0 wrong=0
for ((n = 0; hit < kills && n < 3 * kills; n++)); do
    round >why 2>&1 && continue
    wrong=$((wrong + 1))
    sed "s/^/# run $n: /" why said | tail -n 20 >&2
done
[ $wrong = 0 ] && [ $hit -ge "$kills" ]
say "$hit of $n runs killed, all ended as an undisturbed one"
finish
