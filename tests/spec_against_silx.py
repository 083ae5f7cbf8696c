#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ixs-import against silx on real SPEC files: `spec_against_silx.py IXS-IMPORT SPECTRA`.

Every scan, row, label, motor and value must be the same, but for the differences listed in KNOWN,
each with its reason; a difference that is listed and not found fails too. Speaks TAP; exit code 77
where silx, astropy or the files are missing.
"""
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
    from astropy.io import fits
    from silx.io.specfile import SpecFile
except ImportError as missing:
    print(f"1..0 # SKIP {missing}")
    sys.exit(77)

# What silx 1.1 does otherwise: (file, what) -> why.
CR = "silx keeps the CR of a line's end in the last label or name"
BLANKS = "single blanks separate here, #N or #P says so; silx makes one label of them"
TABS = "tabs separate; silx takes them for part of a name"
SHORT = "silx takes the blank out of a name whose last word has one letter"
UNNAMED = "values of #P without #O: kept here by their place, left out by silx"
NO_NAME = "an empty #O: silx makes one motor without a name of it"
KNOWN = {
    ("CaC6_scans4_84_87.spec", "motors"): SHORT,
    ("test_specdata.txt", "motors"): NO_NAME,
    ("example_file_spec.spec", "labels"): BLANKS,
    ("05_02_test.dat", "values"): "None is missing here; silx reads 0",
    ("20220311-161530.dat", "motors"): NO_NAME,
    ("issue109_data.txt", "motors"): SHORT,
    ("issue216_scan1.spec", "labels"): BLANKS,
    ("issue64_data.txt", "motors"): TABS,
    ("n_m.txt", "motors"): UNNAMED,
    ("n_m.txt", "shape"): "rows over two lines (#N 15 8) are joined here; silx drops half of each",
    ("refresh2.txt", "motors"): UNNAMED,
    ("refresh3.txt", "motors"): UNNAMED,
    ("twoc.dat", "labels"): CR,
    ("twoc.dat", "motors"): CR,
    ("usaxs-bluesky-specwritercallback_crlf.dat", "labels"): CR,
    ("user6idd.dat", "labels"): BLANKS,
    ("user6idd.dat", "motors"): BLANKS,
    ("ESRF_SNBL_2013.dat", "motors"): "a name with two blanks inside: silx shifts all motors behind it, here those of its line",
}


def silx_scans(path):
    """(number, order) -> what silx reads of the scan"""
    file = SpecFile(str(path))
    scans = {}
    for index in range(len(file)):
        scan = file[index]
        try:
            data = np.asarray(scan.data)
        except Exception:  # silx refuses scans without data
            data = np.zeros((0, 0))
        if data.ndim != 2:
            data = np.zeros((0, 0))
        try:
            motors = dict(zip(scan.motor_names, scan.motor_positions))
        except Exception:
            motors = {}
        scans[(scan.number, scan.order)] = (list(scan.labels), data, motors)
    return scans


def our_scans(program, path, folder):
    subprocess.run([program, str(path), "-q", "--unfinished", "-o", folder], check=True)
    scans = {}
    for product in sorted(Path(folder).iterdir()):
        with fits.open(product) as hdus:
            scan = hdus["SCAN"]
            columns = scan.columns.names
            labels = [scan.header[f"TCOMM{i + 1}"] for i in range(len(columns))]
            data = np.array([scan.data.field(i) for i in range(len(columns))], dtype=float)
            positions = hdus["POSITIONS"].data
            motors = dict(zip(positions["MOTOR"], positions["VALUE"]))
            key = (scan.header["SCANNO"], scan.header["SCANORD"])
            scans[key] = (labels, data, motors)
    return scans


def same(a, b):
    return a == b or (np.isnan(a) and np.isnan(b))


def differences(ours, silx):
    """What differs, as words"""
    found = set()
    if set(ours) != set(silx):
        found.add("scans")
    for key in set(ours) & set(silx):
        labels, data, motors = ours[key]
        their_labels, their_data, their_motors = silx[key]
        if labels != their_labels:
            found.add("labels")
        if data.shape != their_data.shape and (data.size or their_data.size):
            found.add("shape")
        elif data.size and not np.array_equal(data, their_data, equal_nan=True):
            found.add("values")
        if list(motors) != list(their_motors):
            found.add("motors")
        elif not all(same(motors[name], their_motors[name]) for name in motors):
            found.add("positions")
    return found


def main():
    program, spectra = sys.argv[1], Path(sys.argv[2])
    files = sorted(spectra.glob("herix/[Cp]*")) + sorted(spectra.glob("id28/*.spec"))
    files += sorted(p for p in spectra.glob("spec_corpus/*/*") if p.suffix != ".gz")
    if not files:
        print(f"1..0 # SKIP no files in {spectra}")
        sys.exit(77)
    failed = False
    for number, path in enumerate(files, 1):
        with tempfile.TemporaryDirectory() as folder:
            ours = our_scans(program, path, folder)
        found = differences(ours, silx_scans(path))
        expected = {what for name, what in KNOWN if name == path.name}
        values = sum(data.size for _, data, _ in ours.values())
        good = found == expected
        failed = failed or not good
        print(f"{'ok' if good else 'not ok'} {number} - {path.name}: "
              f"{len(ours)} scans, {values} values")
        for what in sorted(found | expected):
            print(f"# {what}: {KNOWN.get((path.name, what), 'not explained')}"
                  f"{'' if what in found else ' (but no difference found)'}")
    print(f"1..{len(files)}")
    sys.exit(failed)


main()
