# SPDX-License-Identifier: GPL-3.0-or-later
# What the shell tests share; they speak TAP. `. "$(dirname "$0")/tap.sh"` makes a folder $work that
# goes when the test ends; `finish` prints the plan and ends with the verdict.
# shellcheck shell=bash
export LC_ALL=C
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
number=0 status=0

check() { # check NAME COMMAND...: well if it succeeds; what it says is shown otherwise
    number=$((number + 1))
    if "${@:2}" >"$work/said" 2>&1; then
        echo "ok $number - $1"
    else
        echo "not ok $number - $1"
        tail -n 30 "$work/said" | sed 's/^/# /' >&2
        status=1
    fi
}

say() { # say NAME: by the exit code of the command before it
    local code=$?
    number=$((number + 1))
    if [ $code = 0 ]; then echo "ok $number - $1"; else echo "not ok $number - $1"; status=1; fi
}

skip() { # skip NAME REASON
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}

finish() {
    echo "1..$number"
    exit "$status"
}
