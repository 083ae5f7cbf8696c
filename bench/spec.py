#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SPEC files in, FITS tables out, beside what people use: `spec.py BUILD [ROUNDS [SCANS ROWS COLUMNS]]`.

Makes a SPEC file (1000 scans of 200 rows of 80 columns, 74 MB), and measures in ROUNDS (15) rounds,
each way once in every round, so that a busy machine disturbs all alike: silx, strtod, a plain read,
our numbers and our SPEC reader; the same from gzip beside bare inflate; the whole of ixs-import beside
our bare reading plus bare writing of the same bytes into as many files; one table of 129 MB beside
astropy. Prints medians of each, and of the ratios within the rounds. Times are of the CPU; where
two threads or a disk take part, passed. Nothing here is a test.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"


def silx_reader(path):
    """silx's C reader, all columns"""
    try:
        from silx.io.specfile import SpecFile
    except ImportError:
        return None

    def measure():
        start = time.process_time()
        for scan in SpecFile(str(path)):
            scan.data.sum()
        return time.process_time() - start
    return measure


def astropy_writer(path):
    """One table of doubles, as BinTableHDU.writeto does it"""
    try:
        import numpy as np
        from astropy.io import fits
    except ImportError:
        return None
    columns = np.arange(201000 * 80, dtype=float).reshape(201000, 80) * 0.5

    def measure():
        start = time.process_time()
        table = fits.BinTableHDU.from_columns(
            [fits.Column(f"C{i + 1}", "D", array=columns[:, i]) for i in range(80)])
        table.writeto(path, overwrite=True)
        return time.process_time() - start
    return measure


class Reader:
    """bench/spec_reader, one run a measurement"""

    def __init__(self, build):
        self.program = str(build / "bench/spec_reader")

    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words)], check=True, capture_output=True)
        return [float(word) for word in done.stdout.split()]

    def cpu(self, *words):
        return lambda: self.run(*words)[0]

    def wall(self, *words):
        return lambda: self.run(*words)[1]


def import_all(build, path, folder):
    """(CPU, passed) seconds of ixs-import"""
    shutil.rmtree(folder, ignore_errors=True)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([build / "reduce/ixs-import", "-q", path, "-o", folder], check=True)
    passed, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, passed


def peak_memory(build, path, folder):
    """kB that ixs-import takes at most; it counts what its parent had before it began, too"""
    shutil.rmtree(folder, ignore_errors=True)
    pid = os.spawnl(os.P_NOWAIT, build / "reduce/ixs-import", "ixs-import", "-q", path, "-o", folder)
    return os.wait4(pid, 0)[2].ru_maxrss


def write_again(reader, folder):
    """(CPU, passed) seconds of writing the files of the folder once more"""
    again = Path(str(folder) + ".again")
    shutil.rmtree(again, ignore_errors=True)
    return reader.run("write", again, folder)[:2]


def measure_all(build, work, rounds, shape):
    reader = Reader(build)
    path = work / "large.spec"
    subprocess.run([reader.program, "make", path, *map(str, shape)], check=True)
    subprocess.run(["gzip", "-6k", path], check=True)
    packed = work / "large.spec.gz"
    size, unpacked = path.stat().st_size, path.stat().st_size
    quarter = work / "quarter.spec"
    subprocess.run([reader.program, "make", quarter, str(shape[0] // 4), *map(str, shape[1:])], check=True)
    memory = [peak_memory(build, name, work / "raw") for name in (path, quarter)]
    ways = {
        "plain read": reader.cpu("read", path),
        "silx": silx_reader(path),
        "strtod": reader.cpu("strtod", path),
        "numbers": reader.cpu("numbers", path),
        "parse": reader.cpu("parse", path),
        "inflate": reader.wall("inflate", packed),
        "parse gzip": reader.wall("parse", packed),
        "astropy": astropy_writer(work / "astropy.fits"),
        "table": reader.cpu("table", work / "table.fits"),
    }
    times = {name: [] for name in [*ways, "import", "import passed", "bare", "bare passed"]}
    for _ in range(rounds):
        for name, way in ways.items():
            if way is not None:
                times[name].append(way())
        cpu, passed = import_all(build, path, work / "raw")
        bare_cpu, bare_passed = write_again(reader, work / "raw")
        numbers = reader.run("numbers", path)
        times["import"].append(cpu)
        times["import passed"].append(passed)
        times["bare"].append(bare_cpu + numbers[0])
        times["bare passed"].append(bare_passed + numbers[1])
    return size, unpacked, times, memory


def print_ratio(words, times, slow, fast, aim):
    if times[slow] and times[fast]:
        ratios = sorted(a / b for a, b in zip(times[slow], times[fast]))
        print(f"  {words:52} {statistics.median(ratios):7.2f}   [{ratios[0]:.2f} - {ratios[-1]:.2f}]   {aim}")


def main():
    build = Path(sys.argv[1]).resolve()
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    shape = sys.argv[3:6] if len(sys.argv) > 5 else [1000, 200, 80]
    shape = [int(word) for word in shape]
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/tmp")) as work:
        size, unpacked, times, memory = measure_all(build, Path(work), rounds, shape)
    print(f"{shape[0]} scans of {shape[1]} rows of {shape[2]} columns, {size / 1e6:.1f} MB, {rounds} rounds")
    print("seconds, medians:")
    for name, values in times.items():
        rate = {"table": 201000 * 640, "astropy": 201000 * 640}.get(name, unpacked)
        if values:
            middle = statistics.median(values)
            print(f"  {name:14} {middle:8.4f}   {rate / middle / 1e6:8.1f} MB/s")
    print("ratios, median [range]:")
    print_ratio("silx / parse", times, "silx", "parse", "at least 12")
    print_ratio("strtod / parse", times, "strtod", "parse", "at least 6")
    print_ratio("silx / numbers", times, "silx", "numbers", "")
    print_ratio("strtod / numbers", times, "strtod", "numbers", "")
    print_ratio("parse / plain read", times, "parse", "plain read", "")
    print_ratio("bare inflate / parse of gzip, passed", times, "inflate", "parse gzip", "at least 0.9")
    print_ratio("import / bare reading and writing, passed", times, "import passed", "bare passed", "at most 1.5")
    print_ratio("import / bare reading and writing, CPU", times, "import", "bare", "")
    print_ratio("astropy / table", times, "astropy", "table", "at least 9")
    print(f"memory of ixs-import: {memory[0] / 1024:.1f} MB, of a quarter of the file {memory[1] / 1024:.1f} MB")


main()
