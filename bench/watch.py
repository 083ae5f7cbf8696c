#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long after the end of a scan its page is there: `watch.py BUILD [SCANS [SECONDS]]`.

Writes the simulated beamtime of test_spectra row by row under the eyes of ixs-watch, first all that
is there, then SCANS (20) more phonon scans, each a SPEC scan of it with a new number, one every
SECONDS (4; 0: the next one begins when the page of the last is there) and its last row at once
behind the others. The clock of a scan runs from its last row to its page in report/. Prints median
and worst, and the memory of ixs-watch at the first and after the last scan. Not a test: on a busy
machine it tells of that.
"""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def scans_of(text):
    """Header block, and each scan from its #S line on"""
    parts = re.split(r"(?m)^(?=#S )", text)
    return parts[0], parts[1:]


def wait_for(path, after, limit=120):
    """Seconds from `after` until the file is there, or None"""
    while time.monotonic() - after < limit:
        if path.exists():
            return time.monotonic() - after
        time.sleep(0.005)
    return None


def memory_of(pid):
    """kB resident"""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def append_scan(spec, scan, number):
    """Row by row; the time when the last one was written"""
    rows = re.sub(r"^#S \d+ ", f"#S {number} ", scan).rstrip("\n").splitlines(keepends=True)
    with open(spec, "a", encoding="latin-1", buffering=1) as out:
        for row in rows:
            out.write(row)
        out.write("\n")
    return time.monotonic()


def main():
    build = Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    pause = float(sys.argv[3]) if len(sys.argv) > 3 else 4.0
    root = Path(__file__).resolve().parent.parent
    work = Path(tempfile.mkdtemp(prefix="watch"))
    for name in ("beamtime.spec", "model.xml"):
        shutil.copy(root / "test_spectra" / name, work)
    experiment = (root / "test_spectra/experiment.xml").read_text()
    experiment = experiment.replace("../configs", str(root / "configs"))
    experiment = experiment.replace("12-19<", "12-19,1000-999999<")
    (work / "experiment.xml").write_text(experiment)
    spec = work / "beamtime.spec"
    _, scans = scans_of(spec.read_text(encoding="latin-1"))
    scan = scans[-1]
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        os.environ.pop(name, None)
    watcher = subprocess.Popen(
        [build / "reduce/ixs-watch", "-j2", "--poll", "0.2", work / "experiment.xml", "-o", work / "live"],
        stdout=subprocess.DEVNULL)
    try:
        if wait_for(work / "live/report/beamtime_S0019.html", time.monotonic()) is None:
            sys.exit(f"watch.py: the beamtime was not reduced, see {work}")
        time.sleep(3)
        first, waits = memory_of(watcher.pid), []
        for number in range(1000, 1000 + count):
            begun = time.monotonic()
            ended = append_scan(spec, scan, number)
            waited = wait_for(work / f"live/report/beamtime_S{number}.html", ended)
            if waited is None:
                sys.exit(f"watch.py: no page of scan {number}, see {work}")
            waits.append(waited)
            time.sleep(max(0.0, pause - (time.monotonic() - begun)))
        last = memory_of(watcher.pid)
    finally:
        watcher.terminate()
        watcher.wait()
    shutil.rmtree(work)
    waits.sort()
    print(f"{count} scans of 9 analyzers, load {os.getloadavg()[0]:.1f}: page after "
          f"{statistics.median(waits):.2f} s (median), {waits[-1]:.2f} s (worst), "
          f"within 2 s {sum(wait <= 2 for wait in waits)}")
    print(f"memory of ixs-watch: {first} kB, after them {last} kB")


main()
