#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The front door itself, without network and without our programs: the closing line, what
# `make deps` does and says where it may not install.
set -uo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
number=0 status=0

is() { # is NAME EXPECTED FOUND
    number=$((number + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        printf 'found:\n%s\nexpected:\n%s\n' "$3" "$2" | sed 's/^/# /'
        status=1
    fi
}

echo 1..20

# ---- the closing line
counted() { # counted LOG-LINE...: what is printed, then the exit code
    printf '%s\n' "$@" >"$work/log"
    python3 "$top/tests/closing_line.py" "$work/log"
    echo "exit $?"
}
tap='"result": "OK", "stdout": "1..3\nok 1 - a\n# a word\nok 2 # SKIP no data\nok 3 - c\n"'
is 'cases are counted' $'2 passed, 0 failed, 1 skipped\nexit 0' "$(counted "{$tap}")"
is 'a program without TAP is one test' $'3 passed, 0 failed, 1 skipped\nexit 0' \
    "$(counted "{$tap}" '{"result": "OK", "stdout": "okay"}')"
is 'a crash after good cases is a failure' $'2 passed, 1 failed, 1 skipped\nexit 1' \
    "$(counted "{${tap/OK/ERROR}}")"
is 'a failed case is counted once' $'1 passed, 1 failed, 0 skipped\nexit 1' \
    "$(counted '{"result": "FAIL", "stdout": "1..2\nok 1\nnot ok 2 - b\n"}')"
is 'a time-out is a failure' $'0 passed, 1 failed, 0 skipped\nexit 1' \
    "$(counted '{"result": "TIMEOUT"}')"
is 'a skipped program is skipped' $'0 passed, 0 failed, 1 skipped\nexit 0' \
    "$(counted '{"result": "SKIP", "stdout": ""}')"
is 'skipped cases are counted one by one' $'0 passed, 0 failed, 2 skipped\nexit 0' \
    "$(counted '{"result": "SKIP", "stdout": "1..2\nok 1 # SKIP a\nok 2 # SKIP b\n"}')"
is 'an expected failure is fine' $'1 passed, 0 failed, 0 skipped\nexit 0' \
    "$(counted '{"result": "EXPECTEDFAIL", "stdout": ""}')"
is 'no log is a failure' '0 passed, 1 failed, 0 skipped' \
    "$(python3 "$top/tests/closing_line.py" "$work/nothing" 2>/dev/null)"

# ---- make deps, on a machine of which we decide what it has
mkdir "$work/bin"
machine() { # machine UID PROGRAM...: a PATH with these, made up; id says UID
    rm -f "$work"/bin/*
    printf '#!/bin/sh\necho %s\n' "$1" >"$work/bin/id"
    ln -s "$(command -v env)" "$work/bin/env"
    shift
    for program; do
        printf '#!/bin/sh\necho %s "$@" >>%q\n' "$program" "$work/calls" >"$work/bin/$program"
    done
    chmod +x "$work"/bin/*
    : >"$work/calls"
}
deps() { # deps LEVEL: messages, then the exit code
    PATH="$work/bin" CC='' /bin/sh "$top/.ci/deps" "$1" </dev/null 2>&1
    echo "exit $?"
}
packages='pkg-config gcc libc6-dev meson ninja-build libcfitsio-dev libgsl-dev libxml2-dev zlib1g-dev'
line="    apt-get update && apt-get install -y --no-install-recommends $packages"

machine 1000 apt-get
is 'neither root nor sudo: the exact line' "$line" "$(deps build | grep apt-get)"
is 'neither root nor sudo: exit 2' 'exit 2' "$(deps build | tail -n 1)"
is 'neither root nor sudo: apt is left alone' '' "$(cat "$work/calls")"
machine 0
is 'no apt: exit 2' 'exit 2' "$(deps build | tail -n 1)"
machine 1000 apt-get sudo
printf '#!/bin/sh\necho sudo "$@" >>%q\n[ "$2" = true ]\n' "$work/calls" >"$work/bin/sudo"
is 'sudo that fails: exit 2' 'exit 2' "$(deps build | tail -n 1)"
apt='apt-get -q -o DPkg::Lock::Timeout=300'
is 'sudo without a terminal asks for nothing' "sudo -n true
sudo -n $apt update
sudo -n env DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends $packages" \
    "$(cat "$work/calls")"
machine 0 apt-get
is 'packages that bring nothing: exit 2' 'exit 2' "$(deps build | tail -n 1)"
machine 0 apt-get cc pkg-config meson ninja gnuplot
is 'all there: nothing is said' 'exit 0' "$(deps demo)"
is 'all there: apt is left alone' '' "$(grep apt-get "$work/calls")"
machine 1000 cc pkg-config meson ninja gnuplot
is 'tools that only tests use are not indispensable' 'exit 0' "$(deps check | tail -n 1)"
is 'lint is nothing without its analysers' 'exit 2' "$(deps lint | tail -n 1)"

exit "$status"
