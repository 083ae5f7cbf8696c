#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_watch.sh BIN ROOT`: ixs-watch on a small simulated beamtime that is written line by
# line. Nothing half is reduced, what comes out is what make gives of the whole file; it survives
# kills, another file under the name, a bad scan and broken XML, and ends when asked to.
set -uo pipefail
here=$(dirname "$(realpath "$0")") bin=$(realpath "$1") root=$(realpath "$2")
. "$here/tap.sh"
. "$here/fault_scene.sh"
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$work" && ln -s "$bin" bin && scene "$bin" "$root" "$work/scene" >said 2>&1 || { cat said >&2; exit 2; }
cp scene/a/beam.spec whole.spec && cp scene/a/instrument.xml .
sed -e 's|<sample |<model file="model.xml"/>&|' -e 's|<spec file="beam.spec"/>|<spec file="live.spec"><settle unit="s">3</settle></spec>|' \
    scene/a/beam.xml >live.xml
cp scene/a/model.xml .
watcher=

watch() { # watch OPTION...
    "$bin/ixs-watch" --poll 0.1 live.xml -o live "$@" >>lines.txt 2>>errors.txt &
    watcher=$!
}

until_true() { # until_true COMMAND...: at most 60 s
    local n
    for ((n = 0; n < 600; n++)); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    echo "never: $*" >&2
    tail -n 5 lines.txt errors.txt live/watch.log >&2
    return 1
}

ended() { # ended SIGNAL: the exit code of the watcher
    kill "-$1" "$watcher" 2>/dev/null
    { wait "$watcher"; } 2>/dev/null
}

told() { # told TEXT
    grep -q -- "$1" lines.txt
}

mkdir other && printf 'all:\n\ttouch ran\n' >other/Makefile
"$bin/ixs-watch" --once live.xml -o other 2>err.txt
[ $? = 4 ] && grep -q 'not by ixs-plan' err.txt && [ ! -e other/ran ]
say "a folder with somebody's Makefile is left alone"
"$bin/ixs-plan" -q --force scene/a/beam.xml -o other/Makefile && "$bin/ixs-watch" --once live.xml -o other 2>err.txt
[ $? = 4 ] && grep -q 'the Makefile of .*beam.xml, expected that of live.xml' err.txt && [ ! -e other/plan ]
say 'and one of another experiment'
"$bin/ixs-watch" --once live.xml -o live >said 2>err.txt
[ $? = 3 ] && grep -q 'live.spec: error: found that it is not there' err.txt
say 'without a SPEC file --once fails'
watch
check 'it waits for a SPEC file that is not there' until_true told 'live.spec is not there'
"$bin/ixs-watch" live.xml -o live >/dev/null 2>second.txt
[ $? = 4 ] && grep -q 'another ixs-watch' second.txt
say 'a second one in the same folder is refused'

grow() { # grow FROM TO: those lines, each at once, looking that no scan is reduced before its end
    local line scan=
    while IFS= read -r line; do
        case $line in '#S '*) scan=$(printf 'live_S%04d' "$(echo "$line" | awk '{ print $2 }')") ;; esac
        case $line in
        [0-9-]*) [ ! -e "live/spectra/$scan.fits" ] || echo "$scan" >>early.txt ;;
        esac
        printf '%s\n' "$line"
        case $line in [0-9-]*) sleep 0.01 ;; esac
    done < <(sed -n "$1,$2p" whole.spec) >>live.spec
}
lines=$(wc -l <whole.spec) second=$(grep -n '^#S 2 ' whole.spec | cut -d: -f1)
third=$(grep -n '^#S 3 ' whole.spec | cut -d: -f1)
grow 1 $((third + 60))
check 'a scan is told when the next one has begun' until_true told '^live_S0002 .*41/41 COMPLETE'
ended KILL
watch
grow $((third + 61)) "$lines"
check 'killed and started anew it goes on' until_true told '^live_S0003 .*41/41 COMPLETE'
[ ! -e early.txt ] && [ "$(grep -c '^live_S0003' lines.txt)" = 1 ] && ! told WRITING
say 'no half scan is reduced; each is told once'

# ---- the same as by make
until_true test -e live/dispersion.svg
ended TERM
code=$?
[ $code = 0 ] || echo "# exit $code" >&2
[ $code = 0 ]
say 'SIGTERM ends it with exit 0'
! grep -q -s -F -e "$work/live" /proc/[0-9]*/cmdline
say 'and nothing is left running'
"$bin/ixs-watch" --once live.xml -o live >>lines.txt 2>>errors.txt
mkdir plain && "$bin/ixs-plan" live.xml -o plain/Makefile && make -C plain BIN=../bin >said 2>&1
diff -r -x done -x settled -x watch.log live plain >differ.txt || { cat differ.txt >&2; false; }
say 'the bytes are those that make gives of the whole file'
odd="$work/an odd (name): 100 % #1; \"so\" & <b>"
mkdir "$odd" && find "$bin" -maxdepth 1 -type f -name 'ixs-*' -exec cp {} "$odd" \; &&
    PATH=/usr/bin:/bin "$odd/ixs-watch" --once live.xml -o moved >said 2>&1
diff -r -x done -x watch.log moved plain >differ.txt || { cat said differ.txt >&2; false; }
say 'programs in a folder of any name find each other'

# ---- a changed number, broken XML
watch
sed -i 's|<most_modes>1|<most_modes>2|' model.xml
check 'a changed model is fitted at once' until_true [ "$(grep -c '^live_S0003' lines.txt)" = 1 -a -e lines.txt ]
twice() { [ "$(grep -c '^live_S0003' lines.txt)" -ge 2 ]; }
check 'and told' until_true twice
cp live.xml good.xml
echo '<experiment>' >live.xml
check 'broken XML is told' until_true told 'live.xml:.*error: found'
cp good.xml live.xml && sed -i 's|</spec>|&<exclude scan="2" analyzer="Ana5" from="1" to="3" reason="a test"/>|' live.xml
excluded() { "$bin/ixs-show" --csv --columns FLAGS live/spectra/live_S0002.fits | grep -q '[1-9]'; }
check 'mended it goes on' until_true excluded

# ---- Ctrl-C in the middle of a long fit
cp live/fit/live_S0003.fits before.fits && cp live/Makefile quick.mk
sed -i 's/^FIT .*/FIT = --curves --bootstrap 1000000/' live/Makefile && sed -i 's|<most_modes>2|<most_modes>1|' model.xml
fitting() { # the fit is the watcher's make's; no ps in a small Debian
    local make child
    fit=
    for make in $(cat "/proc/$watcher/task/$watcher/children"); do
        for child in $(cat "/proc/$make/task/$make/children"); do
            [ "$(cat "/proc/$child/comm")" != ixs-fit ] || fit=$child
        done
    done 2>/dev/null
    [ -n "$fit" ]
}
check 'a long fit is under way' until_true fitting
ended INT
[ $? = 0 ] && ! kill -0 "$fit" 2>/dev/null && cmp before.fits live/fit/live_S0003.fits
say 'Ctrl-C ends it at once, and what was there before is there'
cp quick.mk live/Makefile
watch
other() { ! cmp -s before.fits live/fit/live_S0003.fits; }
check 'started anew it does what was left' until_true other

# ---- a bad scan, then good ones
sed -n "$second,\$p" whole.spec | sed -e 's/^#S \([23]\) /#S 1\1 /' -e '/^#S 12/,/^#S 13/s/HerixE/Herix_lost/' \
    -e '/^#S 12/,/^#S 13/s/HM_IC0/HM_lost/' >>live.spec
sed -i 's|</settle>|&<scans role="phonon">2-99</scans>|' live.xml
check 'a bad scan is told with its reason' until_true told '^live_S0012 .*failed: '
check 'and does not stop the next' until_true told '^live_S0013 .*modes'
in_dispersion() { "$bin/ixs-show" --csv --table POINTS --columns SOURCE live/dispersion.fits | grep -q S0003_merged; }
check 'and, repeating scan 3, enters the dispersion with it' until_true in_dispersion

# ---- a scan without an end
sed -n "$second,$((second + 60))p" whole.spec | sed 's/^#S 2 /#S 22 /' >>live.spec
sleep 1
[ ! -e live/spectra/live_S0022.fits ]
say 'a scan without an end waits'
check 'and is taken when nothing came for the settle time' until_true told '^live_S0022 .*WRITING'
rows=$("$bin/ixs-show" --csv --table SPECTRA --columns NPTS live/spectra/live_S0022.fits | tail -n 1)
sed -n "$((second + 61)),$((third - 1))p" whole.spec >>live.spec
whole() { [ "$("$bin/ixs-show" --csv --table SPECTRA --columns NPTS live/spectra/live_S0022.fits | tail -n 1)" = 41 ]; }
[ "${rows:-41}" -lt 41 ]
say 'as far as it went'
check 'when it goes on after all, the whole is reduced' until_true whole

# ---- another file under the name
mv live.spec old.spec
check 'a file that is gone is waited for' until_true [ "$(grep -c 'is not there' lines.txt)" -ge 1 ]
sed 's/^#S 2 /#S 102 /; s/^#S 3 /#S 103 /' whole.spec >new.spec && mv new.spec live.spec
check 'a new one is followed' until_true told '^live_S0103'
told 'live.spec is another file than before'
say 'and told to be another one'
ended INT
[ $? = 0 ]
say 'SIGINT ends it with exit 0'

# ---- a file system that tells nothing, as NFS does of what other machines write
deaf() { # deaf COMMAND...: without inotify
    # shellcheck disable=SC2016
    exec unshare --user --map-root-user bash -c 'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"' deaf "$@"
}
if (deaf true) 2>/dev/null; then
    deaf "$bin/ixs-watch" --poll 0.1 live.xml -o live >>lines.txt 2>>errors.txt &
    watcher=$!
    sleep 1
    sed 's/^#S 2 /#S 202 /; s/^#S 3 /#S 203 /' whole.spec >>live.spec
    check 'without inotify it polls' until_true told '^live_S0203'
    ended TERM
    [ $? = 0 ]
    say 'and ends as asked'
else
    skip 'without inotify' 'needs user namespaces'
fi
finish
