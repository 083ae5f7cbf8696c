#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""measure.py BINARIES FOLDER NPOINTS PAIRS [PEER...]: the fit engine against the programs of today, in pairs
that follow each other at once, each program running all the while. Pair k fits the spectra from
k x SLICE on; the engine as often as makes its time measurable. CPU time of each process. Then each
program's answers to all spectra: who reaches the lowest chi-squared that any of the peers found."""
import os
import statistics
import subprocess
import sys

SLICE, LEAST = 50, 0.2  # spectra in a pair; CPU seconds of the engine in it
HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = {
    "lmfit": "lmfit + FFT", "curve_fit": "scipy curve_fit + FFT", "least_squares": "scipy least_squares + FFT",
    "expert": "expert Python (dense R, analytic J)", "gsl": "GSL multifit_nlinear + FFTW",
    "cminpack": "cminpack lmdif + FFTW", "ceres": "Ceres autodiff"}
PYTHON = {"lmfit": "python3-lmfit", "curve_fit": "python3-scipy", "least_squares": "python3-scipy",
          "expert": "python3-scipy"}
LIBRARY = {"gsl": "libfftw3-dev", "cminpack": "libcminpack-dev or libfftw3-dev", "ceres": "libceres-dev"}
binaries, folder, npoints, pairs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
wanted = sys.argv[5:] or list(PEERS)


def interpreter():
    """Debian's own python3 has Debian's packages; another one in PATH may not."""
    return "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable


def command(name):
    """The program's command line, or None and why it is not there."""
    if name in PYTHON:
        module = "lmfit" if name == "lmfit" else "scipy.optimize"
        found = subprocess.run([interpreter(), "-c", f"import {module}"], capture_output=True)
        if found.returncode != 0:
            return None, f"{PYTHON[name]} is not installed"
        return [interpreter(), os.path.join(HERE, "with_python.py"), name, folder, npoints], ""
    path = os.path.join(binaries, "peers_" + name)
    if not os.path.exists(path):
        return None, f"{LIBRARY.get(name, name)} is not installed"
    return [path, folder, npoints], ""


class Program:
    def __init__(self, line):
        self.process = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self, first, count, repeats):
        self.process.stdin.write(f"{first} {count} {repeats}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def compare(name, line, nspectra):
    """Rates of both and the ratios, pair by pair."""
    ours, peer = Program(command("ours")[0]), Program(line)
    count = min(SLICE, nspectra)
    ours.seconds(0, count, 1)
    once = ours.seconds(0, count, 1)
    peer.seconds(0, 1, 1)
    repeats = max(1, round(LEAST / once))
    ratios, mine, theirs = [], 0.0, 0.0
    for k in range(pairs):
        first = k * count % (nspectra - count + 1)
        order = [(ours, repeats), (peer, 1)] if k % 2 else [(peer, 1), (ours, repeats)]
        took = {program: program.seconds(first, count, n) / n for program, n in order}
        ratios.append(took[peer] / took[ours])
        mine += took[ours]
        theirs += took[peer]
    ours.close()
    peer.close()
    print(f"{PEERS[name]:38s} {pairs * count / mine:9.0f} {pairs * count / theirs:9.1f} "
          f"{statistics.median(ratios):8.1f} {min(ratios):8.1f} .. {max(ratios):.1f}", flush=True)


def answers(name, line, out):
    path = os.path.join(out, f"{name}{npoints}.csv")
    if not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(line[0]):
        subprocess.run(line + [path], check=True)
    with open(path) as rows:
        next(rows)
        return [tuple(float(text) for text in row.split(",")[2:4]) for row in rows]


def agreement(found, out):
    """Are the peers competent: the same minimum?"""
    table = {name: answers(name, line, out) for name, line in found.items()}
    best = [min(values[k][1] for values in table.values()) for k in range(len(next(iter(table.values()))))]
    print(f"\n{'peer':38s} same minimum (chi-squared within 0.1)  evaluations per fit")
    for name, values in table.items():
        same = sum(value[1] < least + 0.1 for value, least in zip(values, best))
        print(f"{PEERS[name]:38s} {100 * same / len(best):10.1f} % {statistics.mean(v[0] for v in values):35.1f}")


def main():
    with open(os.path.join(folder, f"spectra{npoints}.csv")) as rows:
        nspectra = sum(1 for _ in rows) - 1
    print(f"{nspectra} spectra of {npoints} points, 1 to 4 modes; CPU seconds on one core; "
          f"{pairs} pairs of {min(SLICE, nspectra)} spectra, interleaved\n")
    print(f"{'peer':38s} {'ours/s':>9s} {'peer/s':>9s} {'ratio':>8s} {'range':>8s}")
    found = {}
    for name in wanted:
        line, why = command(name)
        if line is None:
            print(f"{PEERS[name]:38s} skipped: {why}")
            continue
        found[name] = line
        compare(name, line, nspectra)
    if len(found) > 1:
        agreement(found, folder)


main()
