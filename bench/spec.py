#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SPEC files in, FITS tables out, beside what people use: `spec.py BUILD [ROUNDS [SCANS ROWS COLUMNS]]`.

Makes a SPEC file (1000 scans of 200 rows of 80 columns, 74 MB), and measures in ROUNDS (15) rounds,
each way once in every round, so that a busy machine disturbs all alike: silx, strtod, a plain read,
our numbers and our SPEC reader; the same from gzip beside bare inflate; the whole of ixs-import beside
our bare reading plus bare writing of the same bytes into as many files; one table of 129 MB beside
astropy, and bare writing. Prints medians of each, and of the ratios within the rounds. Times are of
the CPU; where two threads or a disk take part, passed. Takes 1.2 GB in $TMPDIR, or /tmp: on a disk much
of the time is the disk's, in /dev/shm none. Nothing here is a test.
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


def anew(path, way):
    """Measures with no file there: a product that is there already, and equal, is not written"""
    if way is None:
        return None

    def measure():
        path.unlink(missing_ok=True)
        return way()
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
    """(CPU, passed) seconds of ixs-import into a folder that is not there yet"""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([build / "reduce/ixs-import", "-q", path, "-o", folder], check=True)
    passed, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, passed


def peak_memory(build, path, folder):
    """kB that ixs-import takes at most; it counts what its parent had before it began, too"""
    pid = os.spawnl(os.P_NOWAIT, build / "reduce/ixs-import", "ixs-import", "-q", path, "-o", folder)
    return os.wait4(pid, 0)[2].ru_maxrss


def write_again(reader, path, source, folder):
    """(CPU, passed) seconds of reading the numbers, and writing the files of `source` once more"""
    written = reader.run("write", folder, source)
    numbers = reader.run("numbers", path)
    return written[0] + numbers[0], written[1] + numbers[1]


class Pair:
    """The whole of ixs-import beside bare reading and writing, into folders that are not there yet"""
    forgotten = 6  # s; ext4 is slow where many files were removed in the last five

    def __init__(self, folder, ways):
        self.folder, self.ways, self.removed = folder, ways, 0

    def measure(self, turn):
        """{name: (CPU, passed)}, in turns the one or the other first"""
        time.sleep(max(0, self.removed + self.forgotten - time.monotonic()))
        os.sync()
        found = {name: self.ways[name](self.folder / name)
                 for name in sorted(self.ways, reverse=turn % 2 == 0)}
        for name in self.ways:
            shutil.rmtree(self.folder / name)
        self.removed = time.monotonic()
        return found


def measure_all(build, work, rounds, shape):
    reader = Reader(build)
    path = work / "large.spec"
    subprocess.run([reader.program, "make", path, *map(str, shape)], check=True)
    subprocess.run(["gzip", "-6k", path], check=True)
    packed = work / "large.spec.gz"
    size, unpacked = path.stat().st_size, path.stat().st_size
    quarter = work / "quarter.spec"
    subprocess.run([reader.program, "make", quarter, str(shape[0] // 4), *map(str, shape[1:])], check=True)
    memory = [peak_memory(build, path, work / "raw"), peak_memory(build, quarter, work / "fewer")]
    table, bare, astropy = (work / name for name in ("table.fits", "bare.fits", "astropy.fits"))
    ways = {
        "plain read": reader.cpu("read", path),
        "silx": silx_reader(path),
        "strtod": reader.cpu("strtod", path),
        "numbers": reader.cpu("numbers", path),
        "parse": reader.cpu("parse", path),
        "inflate": reader.wall("inflate", packed),
        "parse gzip": reader.wall("parse", packed),
        "astropy": anew(astropy, astropy_writer(astropy)),
        "table": anew(table, reader.cpu("table", table)),
        "bare table": anew(bare, reader.cpu("copy", bare, table)),
    }
    pair = Pair(work, {
        "import": lambda folder: import_all(build, path, folder),
        "bare": lambda folder: write_again(reader, path, work / "raw", folder),
    })
    times = {name: [] for name in [*ways, "import", "import passed", "bare", "bare passed"]}
    for turn in range(rounds):
        for name, way in ways.items():
            if way is not None:
                times[name].append(way())
        for name, seconds in pair.measure(turn).items():
            times[name].append(seconds[0])
            times[name + " passed"].append(seconds[1])
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
        rate = 201000 * 640 if "table" in name or name == "astropy" else unpacked
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
    print_ratio("table / bare writing of the same bytes", times, "table", "bare table", "at most 1.3")
    print(f"memory of ixs-import: {memory[0] / 1024:.1f} MB, of a quarter of the file {memory[1] / 1024:.1f} MB")


main()
