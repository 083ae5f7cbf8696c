#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# same_text.sh PROGRAM FILE: what PROGRAM prints is what FILE says.
echo 1..1
if "$1" | diff - "$2" >&2; then
    echo "ok 1 - $(basename "$2") is up to date"
else
    echo "not ok 1 - $(basename "$2") is not what $(basename "$1") prints: run it again"
    exit 1
fi
