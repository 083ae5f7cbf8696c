# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of whole beamtimes need: tables of products as ixs-show prints them, a SPEC file read
by its bare lines, responses evaluated from RESOLUTION, and verdicts in TAP."""
import csv
import io
import math
import re
import subprocess
from pathlib import Path


class Verdicts:
    """Prints one TAP line a verdict, numbered on from `number`."""

    def __init__(self, number):
        self.number, self.failed = number, 0

    def say(self, name, good, said=""):
        self.number += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.number} - {name}")
        for line in str(said).splitlines():
            print(f"# {line}")

    def near(self, name, found, expected, bound):
        """Both are dicts by the same keys; every difference is within the bound."""
        lines, good = [], set(found) == set(expected)
        for key in expected:
            difference = found.get(key, math.nan) - expected[key]
            good &= abs(difference) <= bound
            lines.append(f"{key}: found {found.get(key, math.nan):.4f}, expected {expected[key]}")
        self.say(name, good, "\n".join(lines))


class Shower:
    """Tables of products, by `ixs-show --csv`."""

    def __init__(self, programs):
        self.program = str(Path(programs) / "ixs-show")

    def run(self, *words):
        made = subprocess.run([self.program, *map(str, words)], check=True, capture_output=True)
        return made.stdout.decode("ascii")

    def table(self, path, name):
        """A list of dicts; numbers as floats, empty cells NaN, names without units."""
        rows = csv.reader(io.StringIO(self.run("--csv", "--table", name, path)))
        names = [re.sub(r" \[.*", "", cell) for cell in next(rows)]
        return [dict(zip(names, map(value, row))) for row in rows]

    def keywords(self, path):
        """Header cards of all tables; the first of a name counts."""
        found = {}
        for line in self.run("--header", path).splitlines():
            match = re.match(r"([A-Z0-9_-]+) *= *('(?:[^']|'')*'|[^ /]+)", line)
            if match:
                found.setdefault(match[1], value(match[2].strip("'").rstrip()))
        return found


def value(cell):
    try:
        return float(cell) if cell else math.nan
    except ValueError:
        return cell


def spec_scans(path):
    """{product name: (command, rows)} of a SPEC file whose rows are not wrapped, from its lines."""
    scans, seen, name = {}, {}, None
    for line in Path(path).read_text(encoding="latin-1").splitlines():
        if line.startswith("#S "):
            number = int(line.split()[1])
            seen[number] = seen.get(number, 0) + 1
            again = f".{seen[number]}" if seen[number] > 1 else ""
            name = f"{Path(path).stem}_S{number:04d}{again}.fits"
            scans[name] = [" ".join(line.split()[2:]), 0]
        elif name and re.match(r"[-+]?[0-9]", line):
            scans[name][1] += 1
    return scans


def pseudo_voigt(energy, fwhm, eta):
    """Unit area: eta of a Lorentzian, the rest of a Gaussian, both of this width."""
    x = 2 * energy / fwhm
    gauss = math.sqrt(math.log(2) / math.pi) * math.exp(-math.log(2) * x * x)
    return 2 / fwhm * (eta / (math.pi * (1 + x * x)) + (1 - eta) * gauss)


class Response:
    """The sum of pseudo-Voigts of one analyzer."""

    def __init__(self, rows):
        self.parts = [(r["WEIGHT"], r["CENTER"], r["FWHM"], r["ETA"]) for r in rows]

    def __call__(self, energy):
        return sum(w * pseudo_voigt(energy - c, f, eta) for w, c, f, eta in self.parts)

    def half_maximum(self):
        """(width, middle) at half of the maximum."""
        top = max((-3 + 0.001 * i for i in range(6001)), key=self)
        edges = [self.edge(top, sign, self(top) / 2) for sign in (-1, 1)]
        return edges[1] - edges[0], (edges[0] + edges[1]) / 2

    def edge(self, top, sign, level):
        near, far = top, top + sign * 6
        for _ in range(50):
            middle = (near + far) / 2
            near, far = (middle, far) if self(middle) > level else (near, middle)
        return near
