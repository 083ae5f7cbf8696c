#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each rule of tests/house.sh is broken once in a small house of its own, and has to say so; what
# only looks like an offence (in a comment, in a string, in a longer word) has to pass.
set -euo pipefail
house=$(cd "$(dirname "$0")" && pwd)/house.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
spdx='/* SPDX-License-Identifier: GPL-3.0-or-later */'
number=0 status=0

lay() { # lay FILE: standard input behind an SPDX line, in a fresh house
    rm -rf "$work/house"
    mkdir -p "$work/house/$(dirname "$1")"
    { echo "$spdx" && cat; } >"$work/house/$1"
}

verdict() { # verdict NAME PATTERN: the house's answer is TAP and holds the pattern
    number=$((number + 1))
    "$house" "$work/house" >"$work/answer" 2>&1 || true
    if grep -q -v -E '^(1\.\.|ok |not ok |# )' "$work/answer" \
        || ! grep -q -E -- "$2" "$work/answer"; then
        echo "not ok $number - ${1//#/}"
        sed 's/^/# /' "$work/answer"
        status=1
    else
        echo "ok $number - ${1//#/}"
    fi
}

bites() { # bites RULE FILE LINE-OF-CODE
    printf '%s\n' "$3" | lay "$2"
    verdict "$1: $3" "^# $2:[0-9]+: "
}

repeat() { # repeat N LINE
    for ((i = 0; i < $1; i++)); do echo "$2"; done
}

echo 1..40
bites arrow base/a.c '#include "models/line/dho.h"'
bites arrow models/a.c '#include "products/raw.h"'
bites arrow products/a.c '#include "models/line/dho.h"'
bites arrow calib/a.c '#include "view/plot/plot.h"'
bites arrow view/a.h '# include "calib/instrument/geometry.h"'
bites arrow view/a.c '#include "reduce/stage.h"'
bites arrow base/a.c '#include "err.h"'
bites door base/lines.c '#include <fitsio.h>'
bites door base/product.h '#include <fitsio.h>'
bites door products/raw.c '#include "base/product_fits.h"'
bites door calib/a.c '#include <libxml/parser.h>'
bites door base/config.c '#include <zlib.h>'
bites door base/a.c '#include <gsl/gsl_vector.h>'
bites door base/a.c '#include <cmocka.h>'
bites call base/table.c '    fits_open_file(&file, path, READONLY, &status);'
bites call reduce/ixs-fit.c '    fits_create_file(&file, path, &status);'
bites call calib/a.c '    return atof(text);'
bites call base/a.c '    strcpy(to, from);'
bites call reduce/a.c '    sprintf(to, "%d", 1);'
bites call models/a.c '    printf("%g\n", x);'
bites call models/a.c '    fprintf(stderr, "%g\n", x);'
bites call base/a.c '    exit(1);'
bites call products/a.c '    time_t now = time(NULL);'
bites call calib/a.c '    goto done;'
bites width base/a.c "$(printf '/* %098d */' 0)"
bites blanks base/a.c 'int a;  '

repeat 400 'int a;' | lay base/long.c
verdict 'a file of 401 lines' '^# base/long.c:401: '
repeat 120 'int a;' | lay reduce/ixs-long.c
verdict 'a program of 121 lines' '^# reduce/ixs-long.c:121: '
lay base/long.c < <(repeat 400 'int a;') && mkdir "$work/house/tests"
echo 'base/long.c 401' >"$work/house/tests/house_lengths"
verdict 'a long file that is known to be long' '^ok 5 - '
echo 'base/long.c 402' >"$work/house/tests/house_lengths"
verdict 'a long file that became shorter' '^# base/long.c:401: .* lower its 402'
{ echo 'int f(void)' && echo '{' && repeat 81 '    a();' && echo '}'; } | lay base/long.c
verdict 'a function of 81 lines' '^# base/long.c:3: a function of 81 lines'
lay base/a.c </dev/null && echo 'int a;' >"$work/house/base/a.c"
verdict 'no SPDX line' '^# base/a.c:1: no SPDX'
lay reduce/meson.build <<<"  'ixs-secret': calib,"
verdict 'an undocumented program' '^# reduce/ixs-secret.c:1: README.md does not speak'
lay docs/a.md <<<'[a page](gone.md)'
verdict 'a broken link' '^# docs/a.md:2: gone.md does not exist'
lay docs/b.md < <(printf '\140\140\140sh\nls\n\140\140\140\n')
verdict 'commands that no test runs' '^# docs/b.md:2: no test runs its commands'

lay calib/a.c </dev/null
for ((i = 1; i <= 70; i++)); do cp "$work/house/calib/a.c" "$work/house/calib/a$i.c"; done
verdict 'a folder of 71 sources' '^# calib:1: 71 sources'
lay scratch/a.c </dev/null
verdict 'a folder of no room' '^# scratch:1: has no place'
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
    cp "$(dirname "$house")/../.clang-format" "$work/"
    bites format base/a.c 'int  a ;'
else
    number=$((number + 1))
    echo "ok $number - format # SKIP clang-format 14 is not here"
fi

lay models/fine.c <<'END'
#include "base/err.h"
#include <gsl/gsl_vector.h>
/* printf("%g") is not for libraries; nor is
   atof(text), nor strcpy(a, b) */
static const char *const words = "exit(1) \" printf(goto here)"; // goto here
static char quote = '"'; // printf(
int my_printf(int a);
int f(int a)
{
    return snprintf_like(a) + my_printf(a);
}
END
verdict 'a fine file' '^ok 4 - '
if "$house" "$work/house" 2>&1 | grep -E '^not ok [2-8] ' >"$work/answer"; then
    echo "not ok 40 - a fine file breaks no other rule"
    sed 's/^/# /' "$work/answer"
    status=1
else
    echo 'ok 40 - a fine file breaks no other rule'
fi
exit "$status"
