#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`bench/thermal.py BUILD [BEAMTIMES [FIRST_SEED [JOBS]]]`: the temperature series of
test_spectra/thermal (docs/thermal.md) from SPEC to kappa(T), with other counts each time, through
the programs in BUILD; exponents and temperatures of overdamping against what was put in."""
import csv
import io
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.join(TOP, "test_spectra", "thermal")


def truths():
    """Of each branch: exponents of energy and width, T_OVERDAMPED; of the sound branch kappa's."""
    with open(os.path.join(SOURCE, "sample.xml"), encoding="utf-8") as file:
        text = file.read()
    powers = [tuple(map(float, pair)) for pair in
              re.findall(r'energy_power="(\S+)" width_power="(\S+)"', text)]
    kelvins = sorted({float(t) for t in re.findall(r' temperature="(\d+)"', text)})
    return powers, kelvins


def kappa_exponent(powers, kelvins, omega=5.0):
    """Slope of ln(C v^2/FWHM) of the sound branch, heat capacity of a mode of 5 meV."""
    points = []
    for kelvin in kelvins:
        x = omega / (0.08617333 * kelvin)
        heat = (0.5 * x / math.sinh(0.5 * x)) ** 2
        points.append((math.log(kelvin),
                       math.log(heat) + (2 * powers[0] - powers[1]) * math.log(kelvin)))
    u = sum(p[0] for p in points) / len(points)
    v = sum(p[1] for p in points) / len(points)
    return (sum((p[0] - u) * (p[1] - v) for p in points) /
            sum((p[0] - u) ** 2 for p in points))


def rows(programs, product, table):
    text = subprocess.run([os.path.join(programs, "ixs-show"), "--csv", "--table", table, product],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    reader = csv.DictReader(io.StringIO(text))
    return [{name.split(" ")[0]: value for name, value in row.items()} for row in reader]


def beamtime(programs, seed, jobs):
    """Rows of THERMAL_LAWS and of THERMAL."""
    with tempfile.TemporaryDirectory() as work:
        for name in os.listdir(SOURCE):
            shutil.copy(os.path.join(SOURCE, name), work)
        shutil.copy(os.path.join(TOP, "configs", "herix.xml"), work)
        sample = os.path.join(work, "sample.xml")
        with open(sample, encoding="utf-8") as file:
            text = file.read()
        with open(sample, "w", encoding="utf-8") as file:
            file.write(re.sub(r' seed="\d+"', f' seed="{seed}"', text))
        environment = dict(os.environ, PATH=programs + ":" + os.environ["PATH"])
        for command in ("ixs-simulate -q sample.xml -i herix.xml -o halide.spec",
                        "ixs-plan experiment.xml -o Makefile", f"make -s -j{jobs} dispersion"):
            subprocess.run(command.split(), cwd=work, env=environment, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        product = os.path.join(work, "dispersion.fits")
        return rows(programs, product, "THERMAL_LAWS"), rows(programs, product, "THERMAL")


def number(text):
    try:
        return float(text)
    except ValueError:
        return math.nan


class Pulls:
    def __init__(self):
        self.of = {}

    def add(self, name, value, error, truth):
        pull = (number(value) - truth) / number(error) if number(error) > 0 else math.nan
        if math.isfinite(pull):
            self.of.setdefault(name, []).append((pull, number(error)))

    def report(self):
        print(f"{'':28s}{'n':>6s}{'mean':>8s}{'width':>8s}{'error':>10s}")
        for name, pulls in self.of.items():
            n = len(pulls)
            mean = sum(p[0] for p in pulls) / n
            width = math.sqrt(sum((p[0] - mean) ** 2 for p in pulls) / max(n - 1, 1))
            print(f"{name:28s}{n:6d}{mean:8.2f}{width:8.2f}{sum(p[1] for p in pulls) / n:10.3g}")


def main():
    programs = os.path.join(os.path.abspath(sys.argv[1]), "reduce")
    given = [int(a) for a in sys.argv[2:]]
    beamtimes, first, jobs = given + [4, 1, 1][len(given):]
    powers, kelvins = truths()
    heat = kappa_exponent(powers[0], kelvins)
    pulls = Pulls()
    for seed in range(first, first + beamtimes):
        laws, modes = beamtime(programs, seed, jobs)
        energy = {row["SERIES"]: number(row["OMEGA0"]) for row in reversed(modes)}
        for row in laws:
            if row["QUANTITY"] == "kappa":
                print(f"seed {seed}: kappa ~ T^{number(row['EXPONENT']):.3f} +- "
                      f"{number(row['EXPONENT_ERR']):.3f}, put in {heat:.3f}", flush=True)
                pulls.add("exponent of kappa", row["EXPONENT"], row["EXPONENT_ERR"], heat)
                continue
            branch = 0 if energy[row["SERIES"]] < 8 else 1
            name = ("sound", "damped")[branch]
            truth = {"omega0": powers[branch][0], "fwhm": powers[branch][1]}
            if row["QUANTITY"] in truth:
                pulls.add(f"{name}: exponent of {row['QUANTITY']}", row["EXPONENT"],
                          row["EXPONENT_ERR"], truth[row["QUANTITY"]])
    pulls.report()


if __name__ == "__main__":
    main()
