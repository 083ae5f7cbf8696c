#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/kill.sh BIN ROOT [LIBRARY [KILLS]]`: programs killed at random moments (300 if not told
# otherwise), with an earlier product in place or with none. Whatever stands under the name of a
# product afterwards is the whole old or the whole new one; the next run succeeds and leaves nothing
# beside its product. With the LIBRARY (tests/torture.c) two of three runs have a disk so slow that
# many are killed while they write. Speaks TAP. (tests/torture.sh kills at every single write.)
set -uo pipefail
here=$(dirname "$(realpath "$0")") bin=$(realpath "$1") root=$(realpath "$2") library=${3:-} kills=${4:-300}
. "$here/tap.sh"
. "$here/fault_scene.sh"
RANDOM=$$
export IXS_KILL_MARK=$work # by which processes that were left over are known

products() { # products FOLDER: names of what is there, without temporaries
    (cd "$1" && find . -name '.*.tmp-*' -prune -o -type f -print | sort)
}

whole() { # whole PROGRAM: each product that is there is that of a or of b
    local name
    for name in $(products run); do
        cmp -s "run/$name" "$1.a/$name" || cmp -s "run/$name" "$1.b/$name" ||
            { echo "$name is neither the old nor the new one" && return 1; }
    done
    [ "$(products run)" = "$(products "$1.a")" ] || [ "$before" = none ] ||
        { echo 'a product is gone' && return 1; }
}

good_run() { # good_run PROGRAM a|b FOLDER [FRONT...]: seconds that it took go to $took
    local -a words
    local from=$EPOCHREALTIME
    command_of "$1" "$work/scene/$2"
    mkdir -p "$3"
    (cd "$3" && exec "${@:4}" "$bin/$1" "${words[@]}") >messages 2>&1 || { cat messages && return 1; }
    took=$(awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')
}

round() { # round PROGRAM: kills one run and looks
    local -a words front=()
    local pid time=${seconds[$1]}
    [ -z "$library" ] || [ $((RANDOM % 3)) = 0 ] || front=("${slow[@]}") time=${seconds[slow $1]}
    before=$([ $((RANDOM % 3)) = 0 ] && echo none || echo old)
    rm -rf run && mkdir run
    [ "$before" = none ] || cp -r "$1.a/." run
    command_of "$1" "$work/scene/b"
    (cd run && exec "${front[@]}" "$bin/$1" "${words[@]}") >messages 2>&1 &
    pid=$!
    sleep "$(awk -v t="$time" -v r="$RANDOM" 'BEGIN { print t * r / 32768 }')"
    kill -9 "$pid" 2>/dev/null
    { wait "$pid"; } 2>/dev/null
    [ $? = 137 ] && killed=$((killed + 1))
    [ -z "$(find run -name '.*.tmp-*')" ] || halfway=$((halfway + 1))
    whole "$1" && good_run "$1" b run && diff -r run "$1.b"
}

no_orphans() { # a gnuplot whose reader was killed ends by itself
    local n
    for n in 1 2 3 4 5 6 7 8 9 10; do
        sleep 0.5
        ! grep -lsa "IXS_KILL_MARK=$work" /proc/[0-9]*/environ 2>/dev/null |
            grep -v -e "/proc/$$/" -e "/proc/$BASHPID/" -e /proc/self >living && return 0
    done
    sed 's|environ|cmdline|' living | xargs -r cat
    return 1
}

declare -A seconds
slow=(env IXS_TORTURE_SLOW=1 "LD_PRELOAD=$work/torture.so")
victims=${programs/ixs-show/} # which writes no product
! sanitized "$bin/ixs-show" || library=
[ -z "$library" ] || cp "$library" "$work/torture.so" || exit 2
cd "$work" || exit 2
scene "$bin" "$root" "$work/scene" >said 2>&1 || { cat said >&2; exit 2; }
for program in $victims; do
    good_run "$program" a "$program.a" && good_run "$program" b "$program.b" || exit 2
    seconds[$program]=$took
    [ -z "$library" ] || good_run "$program" b slow "${slow[@]}" || exit 2
    seconds[slow $program]=$took
    rm -rf slow
done
set -- $victims
each=$(((kills + $# - 1) / $#))
for program in $victims; do
    killed=0 halfway=0 wrong=0
    for ((n = 0; killed < each && n < 4 * each; n++)); do
        round "$program" >why 2>&1 && continue
        wrong=$((wrong + 1))
        sed "s/^/# $program, run $n: /" why >&2
    done
    [ $wrong = 0 ] && [ $killed = $each ]
    say "$program: $killed of $n runs killed, $halfway of them with a temporary half written"
done
check 'no process is left over' no_orphans
finish
