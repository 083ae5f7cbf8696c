#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/tour.sh BIN`: runs the commands of docs/tour.md (its `sh` blocks, in order) as they stand.
set -uo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
bin=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
export PATH="$bin:$PATH"

ln -s "$top/test_spectra" "$top/configs" "$work/"
cd "$work" || exit 2
awk '/^```sh$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$top/docs/tour.md" >commands
awk '/\\$/ { line = line substr($0, 1, length($0) - 1); next }
     { print line $0; line = "" }' commands | grep -v -E '^(#|$)' >lines

number=0 status=0
echo "1..$(($(wc -l <lines) + 1))"
while read -r line; do
    number=$((number + 1))
    if bash -c "$line" >said 2>&1 </dev/null; then
        echo "ok $number - $line"
    else
        echo "not ok $number - $line"
        tail -n 20 said | sed 's/^/# /' >&2
        status=1
    fi
done < <(sed 's/ #.*//' lines)

# A tour without commands would pass too easily.
number=$((number + 1))
if [ "$number" -gt 10 ]; then
    echo "ok $number - the tour has commands"
else
    echo "not ok $number - the tour has commands"
    status=1
fi
exit "$status"
