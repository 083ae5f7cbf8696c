#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulated beamtime read by silx and astropy: `simulate_against_silx.py TEST_SPECTRA`.

Every scan, label and count; the header's HKL of all analyzers by Busing and Levy's formula written
out here; the resets of the energy axis against the true energies. Speaks TAP; exit code 77 where
silx or astropy is missing.
"""
import gzip
import io
import re
import sys
from pathlib import Path

try:
    import numpy as np
    from astropy.io import fits
    from silx.io.specfile import SpecFile
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(77)

folder = Path(sys.argv[1])
spec = SpecFile(str(folder / "beamtime.spec"))
with gzip.open(folder / "beamtime_truth_spectra.fits.gz") as packed:
    truth = fits.open(io.BytesIO(packed.read()))
with gzip.open(folder / "beamtime_truth_calib.fits.gz") as packed:
    calib = fits.open(io.BytesIO(packed.read()))
failed = 0


def check(number, name, good, said):
    global failed
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} - {name}\n# {said}")


def header(scan, key):
    return next(line for line in scan.scan_header if line.startswith(key + " ")).split()[1:]


def scans_and_labels():
    points = {"ascan": 0}
    for scan in spec:
        command = header(scan, "#S")
        assert scan.labels[0] in ("HerixE", "phi") and scan.labels[-2:] == ["Seconds"] * 2
        assert len(scan.labels) == int(header(scan, "#N")[0]) == scan.data.shape[0]
        assert "Heat Stage T1" in scan.labels and scan.motor_names[0] == "HerixTTH"
        assert scan.data.shape[1] <= int(command[5]) + 1
        assert len(scan.motor_names) == len(scan.motor_positions) == 147
        points["ascan"] += scan.data.shape[1]
    numbers = [int(header(scan, "#S")[0]) for scan in spec]
    return len(numbers) == 20 and numbers.count(1) == 2, f"{numbers}: {points['ascan']} points"


def counts_are_true():
    rows = truth["POINTS"].data
    compared = 0
    for scan in spec:
        number = int(header(scan, "#S")[0])
        for analyzer in [f"Ana{n}" for n in range(1, 10)]:
            mine = rows[(rows["SCAN"] == number) & (rows["ANALYZER"] == analyzer)]
            if len(mine) == 0 or scan.labels[0] != "HerixE":
                continue
            assert (mine["COUNTS"] == scan.data_column_by_name(analyzer)).all()
            assert np.allclose(mine["ENERGY_RAW"], scan.data_column_by_name("HerixE"), atol=1e-9)
            compared += len(mine)
    return compared == len(rows), f"{compared} of {len(rows)} points"


def busing_levy(tth, th, chi, phi, wavelength, ub):
    tth, th, chi, phi = np.radians([tth, th, chi, phi])
    omega = th - tth / 2
    u = np.array(
        [
            np.cos(omega) * np.cos(chi) * np.cos(phi) - np.sin(omega) * np.sin(phi),
            np.cos(omega) * np.cos(chi) * np.sin(phi) + np.sin(omega) * np.cos(phi),
            np.cos(omega) * np.sin(chi),
        ]
    )
    return np.linalg.solve(ub, 4 * np.pi / wavelength * np.sin(tth / 2) * u)


def header_hkl():
    worst, count = 0.0, 0
    for scan in spec:
        ub = np.array(header(scan, "#G3"), float).reshape(3, 3)
        wavelength = float(header(scan, "#G4")[3])
        angles = np.array(header(scan, "#P0")[:4], float)
        main = int(header(scan, "#V13")[0])
        stated = [np.array(header(scan, f"#V{n + 3}"), float) for n in range(1, 10)]
        stated.append(np.array(header(scan, "#Q"), float))
        for n, hkl in zip([*range(1, 10), main], stated):
            mine = busing_levy(angles[0] + (n - main) * 0.95, *angles[1:], wavelength, ub)
            worst = max(worst, float(np.abs(mine - hkl).max()))
            count += 1
    return worst < 6e-6, f"{count} HKL, at most {worst:.1e} apart"


def header_ub():
    worst = 0.0
    for scan in spec:
        g1 = np.array(header(scan, "#G1"), float)
        ub = np.array(header(scan, "#G3"), float).reshape(3, 3)
        lattice, stars = g1[:6], g1[6:12]
        assert np.allclose(lattice, [6.06] * 3 + [90] * 3) and np.allclose(stars[3:], 90)
        assert np.allclose(ub.T @ ub, np.eye(3) * (2 * np.pi / 6.06) ** 2, atol=1e-8)
        for hkl, angles in ((g1[12:15], g1[18:22]), (g1[15:18], g1[24:28])):
            seen = busing_levy(*angles, g1[30], ub)
            worst = max(worst, float(np.abs(seen - hkl).max()))
    return worst < 3e-3, f"reflections of #G1 at their angles: at most {worst:.1e} apart"


def resets():
    """recorded + resets - zero is the true energy but for drift and jitter."""
    zero = dict(zip(calib["ANALYZERS"].data["ANALYZER"], calib["ANALYZERS"].data["ZERO"]))
    origin, at, count = 0.0, {}, 0
    for line in (folder / "beamtime.spec").read_text().splitlines():
        found = re.search(r"herixE reset from (\S+) to (\S+)\.$", line)
        if found:
            origin += float(found[1]) - float(found[2])
            count += 1
        if line.startswith("#S "):
            at[int(line.split()[1])] = origin
    rows = truth["POINTS"].data
    left = rows["ENERGY_RAW"] + [at[n] for n in rows["SCAN"]]
    left = left - [zero[name] for name in rows["ANALYZER"]] - rows["ENERGY"]
    scatter = np.std([left[rows["SPECTRUM"] == n].std() for n in set(rows["SPECTRUM"])])
    good = count == 8 and np.abs(left).max() < 0.3 and 0.001 < left.std() and scatter < 0.02
    return good, f"{count} resets; left: {left.min():.3f} to {left.max():.3f} meV"


CHECKS = [
    ("silx reads all scans and labels", scans_and_labels),
    ("counts and energies are those of the truth", counts_are_true),
    ("the HKL of all analyzers", header_hkl),
    ("UB and lattice", header_ub),
    ("resets add up", resets),
]
print(f"1..{len(CHECKS)}")
for index, (name, run) in enumerate(CHECKS, 1):
    try:
        check(index, name, *run())
    except AssertionError as wrong:
        check(index, name, False, f"assertion in line {wrong.__traceback__.tb_lineno}")
sys.exit(failed > 0)
