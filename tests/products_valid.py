#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`products_valid.py WHAT ARGUMENT...`: what tests/products_valid.sh asks of products, by file.

units PRODUCT...           astropy opens all tables and columns; every unit is a legal FITS unit
csv IXS-SHOW PRODUCT...    ixs-show's CSV has the values that astropy reads
votable VOT PRODUCT...     stilts wrote as many tables and rows as the headers promise
flip FOLDER COUNT PRODUCT...  copies with one byte changed, COUNT a product, evenly over the file
"""
import csv
import gzip
import io
import math
import re
import subprocess
import sys
import warnings
from pathlib import Path
from xml.etree import ElementTree


def tables(path):
    """[(EXTNAME, rows)] from the header cards alone."""
    packed = gzip.open if path.endswith(".gz") else open
    with packed(path, "rb") as file:
        data = file.read()
    found, at = [], 0
    while at < len(data):
        cards = {}
        while "END" not in cards:
            for card in (data[at + k:at + k + 80].decode("ascii") for k in range(0, 2880, 80)):
                text = card[10:].split("/")[0].strip().strip("'")
                cards.setdefault(card[:8].strip(), text.strip())
            at += 2880
        if "XTENSION" in cards:
            found.append((cards["EXTNAME"], int(cards["NAXIS2"])))
            size = int(cards["NAXIS1"]) * int(cards["NAXIS2"]) + int(cards["PCOUNT"])
            at += (size + 2879) // 2880 * 2880
    return found


def units(paths):
    from astropy.io import fits
    from astropy.units import Unit
    warnings.simplefilter("error")
    columns, kinds = 0, set()
    for path in paths:
        with fits.open(path, checksum=True) as product:
            product.verify("exception")
            for hdu in product[1:]:
                for column in hdu.columns:
                    hdu.data[column.name].tolist()
                    columns += 1
                    if column.unit:
                        Unit(column.unit, format="fits")
                        kinds.add(column.unit)
    print(f"{columns} columns of {len(paths)} products, units: {', '.join(sorted(kinds))}")
    return columns > 0 and len(kinds) > 5


def same(shown, read):
    """Bytes beyond printable ASCII are escapes in FITS (docs/decisions/fits.md)."""
    if isinstance(read, str):
        plain = re.sub(r"\\x([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), read)
        return shown.rstrip() == plain.rstrip()
    if isinstance(read, bool):
        return shown.lower() in ("t", "true", "1") if read else shown.lower() in ("f", "false", "0")
    return shown == "" if math.isnan(read) else float(shown) == read


def table_differs(show, path, hdu):
    made = subprocess.run([show, "--csv", "--table", hdu.name, path], check=True,
                          capture_output=True)
    shown = list(csv.reader(io.StringIO(made.stdout.decode("latin-1"), newline="")))
    names = [f"{c.name} [{c.unit}]" if c.unit else c.name for c in hdu.columns]
    if shown[0] != names or len(shown) - 1 != len(hdu.data):
        return f"{shown[0]}, {len(shown) - 1} rows; expected {names}, {len(hdu.data)}"
    for k, column in enumerate(hdu.columns):
        for row, value in zip(shown[1:], hdu.data[column.name].tolist()):
            if not same(row[k], value):
                return f"{column.name}: shown {row[k]!r}, read {value!r}"
    return None


def compare(show, paths):
    from astropy.io import fits
    count = 0
    for path in paths:
        with fits.open(path) as product:
            for hdu in product[1:]:
                fault = table_differs(show, path, hdu)
                count += 1
                if fault:
                    print(f"{path} {hdu.name}: {fault}")
                    return False
    print(f"{count} tables")
    return count > 0


def votable(vot, paths):
    promised = [rows for path in paths for _, rows in tables(path)]
    found = []
    for _, element in ElementTree.iterparse(vot):
        name = element.tag.rsplit("}")[-1]
        if name == "TABLE":
            found.append(len(element.findall(".//{*}TR")))
            element.clear()
    print(f"{len(found)} tables, {sum(found)} rows; expected {len(promised)}, {sum(promised)}")
    return found == promised


def flip(folder, count, paths):
    for path in paths:
        data = Path(path).read_bytes()
        for k in range(count):
            at = (2 * k + 1) * len(data) // (2 * count)
            changed = bytearray(data)
            changed[at] ^= 1 + 53 * k % 255
            Path(folder, f"{Path(path).stem}.{at}.fits").write_bytes(changed)
    return True


if __name__ == "__main__":
    what, rest = sys.argv[1], sys.argv[2:]
    done = {"units": lambda: units(rest), "csv": lambda: compare(rest[0], rest[1:]),
            "votable": lambda: votable(rest[0], rest[1:]),
            "flip": lambda: flip(rest[0], int(rest[1]), rest[2:])}[what]()
    sys.exit(not done)
