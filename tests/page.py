#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`tests/page.py BIN PAGE`: runs the commands of a page of docs/ (its `sh` blocks, in order) as they
stand. A `text` block after one is what its last command prints: words must be the same, numbers
equal to 2 % of their size or 0.002, because the last digits are the processor's."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

FEWEST = 2  # a page without commands would pass too easily


def blocks(page):
    """(language, text) of the fenced blocks."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def commands(text):
    joined = text.replace("\\\n", "")
    lines = [re.sub(r" #.*", "", line) for line in joined.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def alike(said, expected):
    words, wanted = said.split(), expected.split()
    return len(words) == len(wanted) and all(map(same, words, wanted))


def same(word, wanted):
    if word == wanted:
        return True
    try:
        a, b = float(word), float(wanted)
    except ValueError:
        return False
    return abs(a - b) <= max(0.02 * abs(b), 0.002)


class Report:
    def __init__(self):
        self.number, self.failed = 0, False

    def check(self, good, name, why=""):
        self.number += 1
        self.failed = self.failed or not good
        print(("" if good else "not ") + f"ok {self.number} - {name}", flush=True)
        if not good:
            print("".join(f"# {line}\n" for line in why.splitlines()[-20:]), file=sys.stderr)


def run(page, report):
    said = None
    for language, text in blocks(page):
        if language == "text" and said is not None:
            report.check(alike(said, text), "it prints what the page says", said)
        said = None
        for command in commands(text) if language == "sh" else []:
            done = subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            said = done.stdout
            report.check(done.returncode == 0, command, said)


def main():
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    with open(os.path.join(top, "docs", sys.argv[2]), encoding="utf-8") as file:
        page = file.read()
    os.environ["PATH"] = os.path.abspath(sys.argv[1]) + ":" + os.environ["PATH"]
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        os.environ.pop(name, None)
    report = Report()
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        for name in ("test_spectra", "configs"):
            shutil.copytree(os.path.join(top, name), name)  # a Makefile cannot hold all names
        run(page, report)
        os.chdir(top)
    report.check(report.number >= FEWEST, "the page has commands")
    print(f"1..{report.number}")
    return report.failed


if __name__ == "__main__":
    sys.exit(main())
