#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints `N passed, N failed, N skipped` for meson's testlog.json, and fails if anything failed.

A TAP test counts by its cases, so that a skipped case is seen; any other test counts as one. A
test that meson calls bad although all its cases are well (a crash, a time-out, a leak found at
exit) counts as one more failure. So does a missing log.
"""
import json
import re
import sys

GOOD = {"OK", "EXPECTEDFAIL", "SKIP"}
CASE = re.compile(r"^(ok|not ok)\b[^#\n]*(#\s*skip)?", re.IGNORECASE | re.MULTILINE)


def count(test):
    """(passed, failed, skipped) of one line of the log."""
    bad = test["result"] not in GOOD
    cases = CASE.findall(test.get("stdout", ""))
    if not cases:
        skipped = test["result"] == "SKIP"
        return int(not bad and not skipped), int(bad), int(skipped)
    skipped = sum(1 for _, skip in cases if skip)
    failed = sum(1 for word, skip in cases if word.lower() == "not ok" and not skip)
    if test["result"] == "EXPECTEDFAIL":
        failed = 0
    passed = len(cases) - failed - skipped
    return passed, max(failed, int(bad)), skipped


def main(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except OSError as fault:
        print(f"no test ran: {fault}", file=sys.stderr)
        tests = [{"result": "ERROR"}]
    sums = [sum(column) for column in zip(*map(count, tests))] or [0, 1, 0]
    print("{} passed, {} failed, {} skipped".format(*sums))
    return sums[1] > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
