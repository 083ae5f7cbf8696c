#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Zeros, Q, HKL and phonons of a simulated beamtime against its truth: `dialect_check.py SHOW
TRUTH-PREFIX CALIB SPECTRA [FIT]`. Prints what it found; exit 1 where something is off."""
import csv
import io
import math
import subprocess
import sys

show, truth, calib, spectra = sys.argv[1:5]
fit = sys.argv[5] if len(sys.argv) > 5 else None


def table(path, name):
    text = subprocess.run([show, "--csv", "--table", name, path], check=True, capture_output=True,
                          text=True).stdout
    rows = [{key.split(" [")[0]: value for key, value in row.items()}
            for row in csv.DictReader(io.StringIO(text))]
    return rows


def f(row, key):
    return float(row[key]) if row[key] else math.nan


def spread(name, pulls, low, high):
    mean = sum(pulls) / len(pulls)
    width = math.sqrt(sum(p * p for p in pulls) / len(pulls))
    good = low <= width <= high
    print(f"{name}: {len(pulls)} pulls, mean {mean:.2f}, rms {width:.2f}, worst "
          f"{max(map(abs, pulls)):.2f}{'' if good else '   <-- off'}")
    return good


ok = True
true = {row["ANALYZER"]: row for row in table(f"{truth}_calib.fits", "ANALYZERS")}
found = [row for row in table(calib, "ANALYZERS") if row["QUALITY"] == "good"]
ok &= len(found) == len(true)
print(f"calibrated: {len(found)} of {len(true)}")
# two reference scans tell a common origin: its mean is 0 by convention, so compare beside it
zeros = [(f(row, "ZERO") - f(true[row["ANALYZER"]], "ZERO"), f(row, "ZERO_ERR")) for row in found]
ok &= spread("ZERO", [d / e for d, e in zeros], 0.0, 1.5)
print(f"  rms {math.sqrt(sum(d * d for d, _ in zeros) / len(zeros)):.4f} meV, mean error "
      f"{sum(e for _, e in zeros) / len(zeros):.4f}")
known = {(r["SCANS"], r["ANALYZER"]): r for r in table(f"{truth}_spectra.fits", "SPECTRA")}
rows = table(spectra, "SPECTRA")
ok &= len(rows) == len(known)
worst = {key: 0.0 for key in ("TWO_THETA", "GAMMA", "Q", "H", "K", "L", "Q_REDUCED", "Q_ANGLE")}
for row in rows:
    for key in worst:
        difference = abs(f(row, key) - f(known[row["SCANS"], row["ANALYZER"]], key))
        worst[key] = difference if math.isnan(difference) else max(worst[key], difference)
print("worst:", ", ".join(f"{key} {value:.1e}" for key, value in worst.items()))
ok &= all(worst[key] < 2e-7 for key in ("TWO_THETA", "GAMMA", "Q", "H", "K", "L", "Q_REDUCED"))
if fit:
    modes = {}
    for row in table(f"{truth}_fit.fits", "MODES"):
        modes.setdefault((row["SCANS"], row["ANALYZER"]), []).append(row)
    pulls = []
    for row in table(fit, "MODES"):
        mine = modes[row["SCANS"], row["ANALYZER"]]
        near = min(mine, key=lambda r: abs(f(r, "OMEGA0") - f(row, "OMEGA0")))
        if f(row, "OMEGA0_ERR") > 0 and abs(f(near, "OMEGA0") - f(row, "OMEGA0")) < 1.5:
            pulls.append((f(row, "OMEGA0") - f(near, "OMEGA0")) / f(row, "OMEGA0_ERR"))
    ok &= spread("OMEGA0", pulls, 0.75, 1.35)
sys.exit(0 if ok else 1)
