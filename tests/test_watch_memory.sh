#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/test_watch_memory.sh BIN ROOT [SCANS]`: ixs-watch holds no more memory and no more open
# files after 60 scans (SCANS) than after 10. Its make only copies a product for each, and fails for
# every fifth, so that a thousand take two minutes.
set -uo pipefail
here=$(dirname "$(realpath "$0")") bin=$(realpath "$1") root=$(realpath "$2") scans=${3:-60}
. "$here/tap.sh"
. "$here/fault_scene.sh"
unset MAKEFLAGS MAKELEVEL MFLAGS
cd "$work" && scene_xml "$root" . && scene_products "$bin" . 1 >said 2>&1 || { cat said >&2; exit 2; }
cp f2.fits template
sed 's|<spec file="beam.spec"/>|<spec file="live.spec"><scans role="phonon">1-99999</scans></spec>|' beam.xml >live.xml
mkdir -p live/plan live/fit live/failed
cat >live/Makefile <<'E2'
EXPERIMENT = ../live.xml
MAKEFLAGS += -k
include plan/scans.mk
plan/scans.mk: ../live.spec ../live.xml
	'$(BIN)'/ixs-plan -q --scans $(EXPERIMENT) -o $@
all: $(phonon:%=fit/%.fits)
.DEFAULT_GOAL := all
fit/%.fits:
	@case $* in *[05]) [ -e failed/$* ] || echo 'a test: error: found five' >failed/$*; exit 3 ;; esac; cp ../template $@
E2
printf '#F live.spec\n#E 1\n\n' >live.spec
: >lines.txt
"$bin/ixs-watch" --poll 60 live.xml -o live >lines.txt 2>errors.txt &
watcher=$!
trap 'kill $watcher 2>/dev/null; rm -rf "$work"' EXIT

told() { # told N: scan N has its line; at most 60 s
    local name n
    name=$(printf '^live_S%04d ' "$1")
    for ((n = 0; n < 3000; n++)); do
        grep -q "$name" lines.txt && return
        sleep 0.02
    done
    tail -n 5 lines.txt errors.txt live/watch.log >&2
    return 1
}

held() { # held: kB resident and open files, once make has ended; the fewest of ten looks
    local n files least=1000
    for ((n = 0; n < 500; n++)); do
        [ -z "$(cat "/proc/$watcher/task/$watcher/children")" ] && break
        sleep 0.02
    done
    for ((n = 0; n < 10; n++)); do
        files=$(find "/proc/$watcher/fd" -mindepth 1 | wc -l)
        [ "$files" -ge "$least" ] || least=$files
        sleep 0.05
    done
    echo "$(awk '/^VmRSS/ { print $2 }' "/proc/$watcher/status") $least"
}

for ((i = 1; i <= scans; i++)); do
    printf '#S %d ascan E 0 1 1 1\n#N 2\n#L E  Ana5\n0 1\n1 2\n\n' "$i" >>live.spec
    told "$i" || exit 2
    [ "$i" != 10 ] || early=$(held)
done
late=$(held)
echo "# after 10 scans: $early (kB, open files); after $scans: $late" >&2
[ "$(grep -c '^live_S.* 2/2 COMPLETE .*good' lines.txt)" = $((scans - scans / 5)) ] &&
    [ "$(grep -c '^live_S.*failed: a test: error: found five' lines.txt)" = $((scans / 5)) ]
say 'each scan is told'
[ "${late#* }" -le "${early#* }" ]
say 'no file is left open'
if sanitized "$bin/ixs-watch"; then
    skip 'memory' 'the sanitizer keeps what was freed'
else
    [ $((${late% *} - ${early% *})) -le 64 ]
    say 'memory stays as it is'
fi
kill "$watcher" && wait "$watcher"
say 'it ends as asked'
finish
