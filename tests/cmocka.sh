#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `tests/cmocka.sh PROGRAM...`: runs a cmocka program. cmocka 1.1.5 says `not ok 3 #
# SKIP` of a case that was skipped, which everybody else takes for a failure.
set -o pipefail
"$@" | sed -E 's/^not (ok [0-9]+ # SKIP)/\1/'
