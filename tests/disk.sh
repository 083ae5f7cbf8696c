#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/disk.sh BIN ROOT`: disks that are full, folders that may not be written, links, two writers
# of one name, odd names, limits of the shell. A run that cannot write its product ends with exit 4,
# says so, and leaves the earlier product as it was and nothing beside it. Speaks TAP.
set -uo pipefail
here=$(dirname "$(realpath "$0")") bin=$(realpath "$1") root=$(realpath "$2")
# A file system of our own, which goes with us: in a mount namespace, where that is allowed.
if [ -z "${IXS_DISK_INSIDE:-}" ]; then
    for way in '--mount' '--mount --user --map-root-user'; do
        # shellcheck disable=SC2086
        unshare $way true 2>/dev/null &&
            IXS_DISK_INSIDE=$way exec unshare $way "$0" "$@"
    done
    IXS_DISK_INSIDE=none
fi
. "$here/tap.sh"
. "$here/fault_scene.sh"
writers=${programs/ixs-show/}

more=() # options for every run

run() { # run PROGRAM a|b [FRONT...]: in the present folder, behind the words in front; keeps $code
    local -a words
    command_of "$1" "$work/scene/$2"
    "${@:3}" "$bin/$1" "${words[@]}" "${more[@]}" >"$work/out" 2>"$work/err"
    code=$?
}

is() { # is WHAT WANTED
    [ "$1" = "$2" ] || { echo "found '$1', expected '$2'" && return 1; }
}

in_folder() { # in_folder COMMAND...: with the products of a there as `old`, in a folder of its own
    rm -rf "$work/place" && mkdir "$work/place" && cd "$work/place" && "$@" && cd "$work"
}

# After the b of a program failed in the folder where its a stood. Of a program with several outputs
# each is whole, the old or the new one.
failed() { # failed PROGRAM FOLDER
    local name
    is "$code" 4 && grep -q 'error: ' "$work/err" || { cat "$work/err" && return 1; }
    while read -r name; do
        cmp -s "$2/$name" "$work/a/$1/$name" && continue
        case $1 in
        ixs-import | ixs-simulate | ixs-reduce | ixs-plan) cmp -s "$2/$name" "$work/b/$1/$name" && continue ;;
        esac
        echo "$name is neither the old nor the new one"
        return 1
    done < <(cd "$2" && find . -type f ! -name filler)
    is "$(cd "$2" && find . -type f ! -name filler | sort)" \
        "$(cd "$work/a/$1" && find . -type f | sort)"
}

# ---- a full disk

no_room() { # no_room PROGRAM KILOBYTES: with so little room left beside the old product
    rm -rf small/* && cp -r "a/$1/." small || return 1
    dd if=/dev/zero of=small/filler bs=1024 2>/dev/null
    truncate -s "-$2K" small/filler
    cd small && run "$1" b; cd "$work" && failed "$1" small &&
        { [ "$1" = ixs-import ] || grep -q 'no room\|No space' err || { cat err && false; }; } &&
        rm small/filler && cd small && run "$1" b; cd "$work" && is "$code" 0 &&
        diff -r small "b/$1"
}

watch_waits_for_room() { # tries again when half a minute has passed
    local watcher n
    mkdir roomy && "$bin/ixs-watch" --once scene/b/beam.xml -o roomy/live >out 2>err || return 1
    rm -rf small/* && dd if=/dev/zero of=small/filler bs=1024 2>/dev/null
    truncate -s -100K small/filler
    "$bin/ixs-watch" --poll 0.2 scene/b/beam.xml -o small/live >watch.out 2>watch.err &
    watcher=$!
    for ((n = 0; n < 300; n++)); do
        grep -q 'no room\|No space' watch.out && break
        sleep 0.1
    done
    kill -0 "$watcher" && grep 'no room\|No space' watch.out && rm small/filler || return 1
    for ((n = 0; n < 900; n++)); do
        [ -e small/live/report/index.html ] && break
        sleep 0.1
    done
    sleep 2
    kill -TERM "$watcher" && wait "$watcher" && diff -r -x done -x watch.log roomy small
}

no_room_for_results() { # what is printed counts as well
    dd if=/dev/zero of=small/filler bs=1024 2>/dev/null
    "$bin/ixs-show" --json "$work/scene/b/f2.fits" >small/shown 2>err
    is $? 4 && cat err && grep -q 'standard output' err
}

# ---- what may not be written

as_nobody() { # root may write everywhere
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}

read_only() { # read_only PROGRAM
    rm -rf "$work/shut" && cp -r "a/$1" "$work/shut" && chmod -R a+rX,a-w "$work/shut" &&
        cd "$work/shut" && run "$1" b as_nobody; cd "$work" && failed "$1" shut
}

write_protected() { # the file alone
    rm -rf open && mkdir -m 777 open && cp a/ixs-elastic/out.fits open && chmod a=r open/out.fits &&
        cd open && run ixs-elastic b as_nobody; cd "$work" && failed ixs-elastic open &&
        grep -q 'write-protected' err
}

# ---- links and folders

link_stays() {
    mkdir far && cp "$work/a/ixs-fit/out.fits" far/goal.fits && ln -s far/goal.fits out.fits &&
        run ixs-fit b && is "$code" 0 && [ -L out.fits ] && [ ! -L far/goal.fits ] &&
        cmp far/goal.fits "$work/b/ixs-fit/out.fits" && is "$(ls -A far)" goal.fits
}

link_to_nothing() {
    mkdir far && ln -s far/goal.fits out.fits && run ixs-fit b && is "$code" 0 && [ -L out.fits ] &&
        cmp far/goal.fits "$work/b/ixs-fit/out.fits"
}

link_in_a_circle() {
    ln -s out.fits out.fits && run ixs-fit b && is "$code" 4 && is "$(ls -A)" out.fits
}

stands_in_the_way() { # stands_in_the_way PROGRAM NAME: a folder of the output's name
    mkdir "$2" && run "$1" b && cat "$work/err" && is "$code" 4 && grep -q "$2: error: found a folder" \
        "$work/err" && is "$(ls -A)" "$2" && is "$(ls -A "$2")" ''
}

refused() { # refused TARGET PATTERN: exit 4, nothing made
    local made
    made=$(ls -AR)
    "$bin/ixs-elastic" -q -c "$work/scene/b/calib.fits" "$work/scene/b/s2.fits" -o "$1" 2>"$work/err"
    is $? 4 && cat "$work/err" && grep -qE "$2" "$work/err" && is "$(ls -AR)" "$made"
}

# ---- two at a time

two_writers() { # two_writers PROGRAM: both do well, one of the two products stands there
    local n first second name
    for n in 1 2 3 4 5 6; do
        local -a words
        command_of "$1" "$work/scene/a" && "$bin/$1" "${words[@]}" >/dev/null 2>"$work/err" &
        first=$!
        command_of "$1" "$work/scene/b" && "$bin/$1" "${words[@]}" >/dev/null 2>"$work/err2" &
        second=$!
        wait "$first" && wait "$second" || { cat "$work/err" "$work/err2" && return 1; }
        while read -r name; do
            cmp -s "$name" "$work/a/$1/$name" || cmp -s "$name" "$work/b/$1/$name" ||
                { echo "$name is of neither" && return 1; }
        done < <(find . -type f)
        is "$(find . -type f | sort)" "$(cd "$work/a/$1" && find . -type f | sort)" || return 1
    done
}

# ---- names

odd_name() { # odd_name NAME: as SPEC file, RAW, XML, SPECTRA, picture and target of a link
    local name=$1
    mkdir -p in raw &&
        cp "$work/scene/b/beam.spec" "in/$name" && cp "$work/scene/b/model.xml" "in/$name.xml" &&
        "$bin/ixs-import" -q -o raw -- "in/$name" &&
        # the name of the SPEC file stands in the product: what is measured is compared
        diff <("$bin/ixs-show" --csv -- "raw/${name}_S0002.fits") \
            <("$bin/ixs-show" --csv "$work/scene/b/raw/beam_S0002.fits") || return 1
    cp -- "$work/scene/b/e2.fits" "$name" &&
        "$bin/ixs-fit" -q --curves -m "in/$name.xml" -c "$work/scene/b/calib.fits" -o "$name.fit" \
            -- "$name" && "$bin/ixs-show" --check -- "$name.fit" &&
        "$bin/ixs-elastic" -q -c "$work/scene/b/calib.fits" "$work/scene/b/s2.fits" -o "$name" &&
        cmp -- "$work/b/ixs-elastic/out.fits" "$name" &&
        "$bin/ixs-plot" --analyzer Ana5 -o "$name.svg" -- "$name.fit" &&
        tail -n 2 <"$name.svg" | grep -q '</svg>' &&
        "$bin/ixs-dispersion" -q -o "$name.gz" -- "$name.fit" "$work/scene/b/f3.fits" &&
        "$bin/ixs-show" --check -- "$name.gz" && gzip -t <"$name.gz" &&
        is "$(find . -maxdepth 1 -type f -printf x)" xxxx && is "$(find . -name '.*.tmp-*')" ''
}

# ---- limits of the shell

file_size() { # file_size PROGRAM BYTES
    rm -rf little && cp -r "a/$1" little && cd little &&
        run "$1" b prlimit --fsize="$2"; cd "$work" && failed "$1" little
}

results_cut() {
    prlimit --fsize=1000 "$bin/ixs-show" --json "$work/scene/b/f2.fits" >shown 2>err
    is $? 4 && grep -q 'standard output' err
}

# Real shortage of memory, from what the loader needs on: the same verdicts at every size, and the
# same bytes where there is no room for all threads.
loads() { # loads PROGRAM KILOBYTES: the loader has room, and the program the say
    prlimit --as="${2}000" "$bin/$1" --version >/dev/null 2>&1
    [ $? -le 4 ]
}

address_space() { # address_space PROGRAM
    local size step=100 said=0
    local -a more=()
    case $1 in ixs-calibrate | ixs-fit | ixs-simulate) more=(-j 3) ;; esac
    for ((size = 10000; size < 400000; size += 1000)); do
        loads "$1" "$size" && break
    done
    for ((size -= 1000; size < 400000; size += step, step += step / 4)); do # a little more than that
        loads "$1" "$size" || continue
        rm -rf little && cp -r "a/$1" little && cd little
        run "$1" b prlimit --as="${size}000"
        cd "$work" || return 1
        case $code in
        0) diff -r little "b/$1" && break ;;
        4) failed "$1" little && said=$((said + 1)) ;;
        *) cat err && is "$code" 4 ;;
        esac || { echo "with $size kB" && return 1; }
    done
    echo "$1: exit 4 at $said sizes, done with $size kB" && [ $said -gt 0 ] && is "$code" 0
}

silent_messages() { # where messages cannot go, the exit code still tells
    run ixs-elastic b; is "$code" 0 || return 1
    "$bin/ixs-elastic" -q nothing.fits -c nothing.fits -o out.fits 2>/dev/full
    is $? 3 || return 1
    "$bin/ixs-elastic" -q nothing.fits -c nothing.fits -o out.fits >&- 2>&- <&-
    is $? 3 && cmp out.fits "$work/b/ixs-elastic/out.fits"
}

cd "$work" || exit 2
chmod 755 "$work"
mkdir made && cp "$bin"/ixs-??* made 2>/dev/null # where everyone may run them
bin=$work/made
scene "$bin" "$root" "$work/scene" >said 2>&1 || { cat said >&2; exit 2; }
for program in $programs; do
    for which in a b; do
        mkdir -p "$which/$program" && cd "$which/$program" && run "$program" $which
        cd "$work" && [ "$code" = 0 ] || { cat err >&2; exit 2; }
    done
done

mkdir small
if [ "$IXS_DISK_INSIDE" != none ] && mount -t tmpfs -o size=1500k none small 2>"$work/said"; then
    for program in $writers; do
        check "$program: no room at all" no_room "$program" 0
        part=40
        case $program in
        ixs-plan) continue ;; # whose products are smaller than any room there is
        ixs-report) part=4 ;;
        esac
        check "$program: room for a part" no_room "$program" "$part"
    done
    check 'ixs-show: no room for what it prints' no_room_for_results
    umount small
    if mount -t tmpfs -o size=12m none small; then
        check 'ixs-watch: waits for room and goes on' watch_waits_for_room
        umount small
    fi
else
    skip 'a full disk' 'no file system can be mounted here: needs root or user namespaces'
fi

if as_nobody test -r "$work/scene/b/f2.fits" 2>/dev/null && [ "$IXS_DISK_INSIDE" != '--mount --user --map-root-user' ]; then
    for program in $writers; do check "$program: a read-only folder" read_only "$program"; done
    check 'a write-protected product' write_protected
else
    skip 'a read-only folder' 'nobody else to be: needs setpriv as root, or a plain user'
fi

check 'a link as target stays a link' in_folder link_stays
check 'a link to nothing makes its goal' in_folder link_to_nothing
check 'a link to itself' in_folder link_in_a_circle
for program in $writers; do
    name=out.fits
    case $program in
    ixs-import | ixs-plan) continue ;; # which write several files
    ixs-plot) name=out.svg ;;
    ixs-simulate) name=out.spec ;;
    ixs-report) name=out.html ;;
    esac
    check "$program: a folder as target" in_folder stands_in_the_way "$program" $name
done
check 'a folder that is not there' in_folder refused none/out.fits 'found no folder none/'
check 'a file in place of the folder' in_folder refused "$bin/ixs-show/out.fits" 'found no folder'
check 'a name that is too long' in_folder refused "$(printf '%0256d' 0)" 'File name too long'
check 'a device as target' in_folder refused /dev/null 'special file'
for program in $writers; do
    check "$program: two write one target" in_folder two_writers "$program"
done
for name in 'two words' $'new\nline' "quote'\"" 'a[1]' '(x)' 'in(out)' '!x' '+1' 'a+1' '-x' '--help' \
    $'caf\xc3\xa9' $'\xff' '%s%n' '*?' '$HOME' 'a;b' 'back\slash' 'mem:x' '.hidden' '~'; do
    check "$(printf 'a name like %q' "$name")" in_folder odd_name "$name"
done
for program in $writers; do
    size=10000
    case $program in ixs-plan) size=500 ;; ixs-report) size=4000 ;; esac
    check "$program: a limit on the size of files" file_size "$program" "$size"
done
check 'ixs-show: a limit on the size of what it prints' results_cut
for program in $writers; do
    if sanitized "$bin/$program"; then
        skip "$program: little memory" 'built with a sanitizer, which takes all addresses there are'
    else
        check "$program: little memory" address_space "$program"
    fi
done
check 'messages that cannot be written' in_folder silent_messages
finish
