#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/programs.md is what the programs say of themselves: `tests/docs.sh BIN` compares,
# `tests/docs.sh BIN --write` writes it anew. Every option of every program is thereby documented.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
bin=$1
page=$top/docs/programs.md

programs() { # in the order in which a beamtime needs them, then whatever else there is
    local name
    for name in import calibrate reduce merge background elastic fit dispersion plot show report \
        simulate plan watch; do
        [ ! -x "$bin/ixs-$name" ] || echo "ixs-$name"
    done
    find "$bin" -maxdepth 1 -type f -name 'ixs-*' -perm -u+x -printf '%f\n' | sort
}

write() {
    cat <<'END'
# The programs

Each is one process with one job. Inputs are positional, `-o` names the output, the same word means
the same thing everywhere: `-i` the instrument, `-e` the experiment, `-m` the model, `-c` the
calibration. Results go to standard output, messages to standard error. This page is what the
programs' `--help` prints.
END
    programs | awk '!seen[$0]++' | while read -r program; do
        printf '\n## %s\n\n```text\n' "$program"
        "$bin/$program" --help
        echo '```'
    done
}

if [ "${2:-}" = --write ]; then
    write >"$page.new" && mv "$page.new" "$page"
    exit
fi
echo 1..1
if difference=$(write | diff "$page" -); then
    echo 'ok 1 - docs/programs.md is what the programs say'
else
    echo 'not ok 1 - docs/programs.md is what the programs say'
    { echo "$difference" && echo "tests/docs.sh $bin --write brings it up to date"; } \
        | sed 's/^/# /' >&2
    exit 1
fi
