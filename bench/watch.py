#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long after the end of a scan its page is there, and what ixs-watch takes meanwhile.

`watch.py BUILD page|repeats|many [--scans N] [--every SECONDS] [--within SECONDS]`

ixs-simulate makes a beamtime, which is written row by row under the eyes of ixs-watch. The clock
of a scan runs from its last row to the page that tells of it. That nothing is reduced before that
row is looked at, and at the end that every product has all points.

  page     scans of nine analyzers, 91 points, each at another Q (30, one every 4 s)
  repeats  the same, three at each Q, which are merged
  many     scans of one analyzer, 21 points (999): the first 20 and the last 20 one by one, those
           between up to 20 ahead of their pages. How pages, memory and open files go with their
           number

It ends after 330 s (--within) with what it has. The programs run behind a shell script that notes
when, which takes some 5 ms each. Not a test: on a busy machine it tells of that.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("plan", "import", "reduce", "merge", "elastic", "fit", "report")
AHEAD = 20
WRAPPER = """#!/bin/bash
begin=$EPOCHREALTIME
{real} "$@"
code=$?
echo "{name} $begin $EPOCHREALTIME ${{!#}}" >>{log}
exit $code
"""


# ---- the beamtime
def analyzers(text, least):
    """An instrument or a sample, with Ana5 alone or as it is"""
    if least:
        text = re.sub(r'(?s) *<analyzer name="Ana[^5]".*?</analyzer>\n', "", text)
    return text


def scan_line(k, mode):
    """Scan k of the plan, each at its own Q, or three at one"""
    step = k // 3 if mode == "repeats" else k
    along, across = 0.012 * (step % 40), 0.012 * (step // 40)
    hkl = 3.9863 + along + across, 3.9163 + along, 3.9513 + along - across
    place = " ".join(f'{name}="{value:.4f}"' for name, value in zip("hkl", hkl))
    span = ("-8", "12", "20") if mode == "many" else ("-15", "30", "90")
    return (f'<scan kind="phonon" main="Ana5" {place} from="{span[0]}" to="{span[1]}" '
            f'intervals="{span[2]}" time="30"/>')


def simulate(work, build, mode, count):
    """Writes instrument, model and experiment; the text of the SPEC file"""
    least = mode == "many"
    sample = analyzers((ROOT / "test_spectra/sample.xml").read_text(), least)
    instrument = analyzers((ROOT / "configs/herix.xml").read_text(), least)
    (work / "instrument.xml").write_text(instrument)
    shutil.copy(ROOT / "test_spectra/model.xml", work)
    wanted = 'kind="reference" main="Ana5"' if least else 'kind="reference"'
    standards = [line for line in sample.splitlines() if wanted in line and "reset=" in line]
    plan = "\n".join(standards + [scan_line(k, mode) for k in range(count)])
    sample = re.sub(r"(?s)<plan>.*</plan>", f"<plan>{plan}</plan>", sample)
    (work / "sample.xml").write_text(sample)
    command = [build / "reduce/ixs-simulate", "-q", "sample.xml", "-i", "instrument.xml"]
    subprocess.run([*command, "-o", "all.spec"], cwd=work, check=True)
    first = len(standards) + 1
    (work / "beam.xml").write_text(
        '<experiment><instrument file="instrument.xml"/><model file="model.xml"/>'
        '<sample name="rock salt"><centring>F</centring></sample><spec file="beam.spec">'
        f'<scans role="reference">1-{first - 1}</scans><scans role="phonon">{first}-99999</scans>'
        "</spec></experiment>")
    parts = re.split(r"(?m)^(?=#S )", (work / "all.spec").read_text(encoding="latin-1"))
    return "".join(parts[:first]), parts[first:], first


def wrap(work, build):
    """A folder of the programs that notes when each ran; ixs-watch itself is a copy"""
    folder = work / "bin"
    folder.mkdir()
    for program in (build / "reduce").glob("ixs-*"):
        if program.is_file() and program.name == "ixs-watch":
            shutil.copy(program, folder)
        elif program.is_file() and os.access(program, os.X_OK):
            script = folder / program.name
            name = program.name.removeprefix("ixs-")
            script.write_text(WRAPPER.format(real=program, name=name, log=work / "ran"))
            script.chmod(0o755)
    return folder


# ---- what is looked at
def resident(pid):
    """(kB resident, open files)"""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)), len(os.listdir(f"/proc/{pid}/fd"))


def children_of(pid):
    """Their numbers, in words"""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().strip()


def processor(pid):
    """s that the process itself has used"""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def tells(pages, name, number, since):
    """Is there a page of this scan, by itself or among its repeats, written since?"""
    own = pages / f"{name}.html"
    if own.exists():
        return True
    for page in pages.glob("*_merged.html"):
        if page.stat().st_mtime >= since and re.search(rf"\b{name}\b", page.read_text()):
            return True
    return False


class Scene:
    """The folder, the programs, the watcher"""

    def __init__(self, args):
        self.args = args
        self.begun = time.monotonic()
        self.work = Path(tempfile.mkdtemp(prefix="watch"))
        build = Path(args.build).resolve()
        self.show = build / "reduce/ixs-show"
        self.head, self.scans, self.first = simulate(self.work, build, args.mode, args.scans)
        self.spec, self.live = self.work / "beam.spec", self.work / "live"
        self.spec.write_text(self.head, encoding="latin-1")
        for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            os.environ.pop(name, None)
        command = [wrap(self.work, build) / "ixs-watch", "-j2", "beam.xml", "-o", "live"]
        self.watcher = subprocess.Popen(command, cwd=self.work, stdout=subprocess.DEVNULL)

    def over(self, more=0):
        """Is the time over?"""
        return time.monotonic() - self.begun > self.args.within + more

    def settled(self, more=0):
        """Waits until nothing runs; false if the time, and so many seconds more, are over"""
        quiet = 0
        while quiet < 5 and not self.over(more):
            time.sleep(0.05)
            ready = (self.live / "calib.fits").exists() and children_of(self.watcher.pid) == ""
            quiet = quiet + 1 if ready else 0
        return not self.over(more)

    def write(self, k, every):
        """Scan k row by row; when its last row was written. Nobody may have reduced it before."""
        lines = self.scans[k].splitlines(keepends=True)
        last = max(i for i, line in enumerate(lines) if line[0] in "-0123456789")
        pause = 0.8 * every / len(lines)
        early, ended = False, 0.0
        with open(self.spec, "a", encoding="latin-1", buffering=1) as out:
            for i, line in enumerate(lines):
                if i == last:
                    early = (self.live / f"spectra/{self.name(k)}.fits").exists()
                out.write(line)
                ended = time.time() if i == last else ended
                if i < last and pause > 0:
                    time.sleep(pause)
        if early:
            sys.exit(f"watch.py: {self.name(k)} was reduced before its end, see {self.work}")
        return ended

    def name(self, k):
        """beam_S0012"""
        return f"beam_S{self.first + k:04d}"

    def page_of(self, k, ended):
        """Seconds until there is a page of scan k; None if the time is over"""
        while not self.over():
            if tells(self.live / "report", self.name(k), self.first + k, ended):
                return time.time() - ended
            time.sleep(0.002)
        return None

    def check(self, ks):
        """Every product has all points of its scan"""
        for k in ks:
            rows = sum(line[0] in "-0123456789" for line in self.scans[k].splitlines() if line)
            path = self.live / f"spectra/{self.name(k)}.fits"
            command = [self.show, "--csv", "--table", "SPECTRA", "--columns", "NPTS", path]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            if set(said.split()[1:]) != {str(rows)}:
                sys.exit(f"watch.py: {path} has other points than the {rows} of its scan")

    def close(self):
        """Ends the watcher, which must end well"""
        self.watcher.terminate()
        if self.watcher.wait(30) != 0:
            sys.exit("watch.py: ixs-watch ended with an error")
        shutil.rmtree(self.work)


# ---- what is told
def parts_of(log, name, ended, waited):
    """What ran between the end of a scan and its page: (stage, s after the end, s it took)"""
    until = ended + waited + 0.05
    for line in log:
        stage, begin, end, output = line.split(maxsplit=3)
        of_it = stage in ("plan", "import") or name in output or "_merged." in output
        if of_it and stage in STAGES and float(begin) >= ended and float(end) <= until:
            yield stage, float(begin) - ended, float(end) - float(begin)


def tell_stages(log, waits):
    """Medians over all scans"""
    found = {}
    for name, ended, waited in waits:
        seen = set()
        for stage, begin, took in parts_of(log, name, ended, waited):
            if stage not in seen:
                found.setdefault(stage, []).append((begin, took))
            seen.add(stage)
    total, known = statistics.median(wait[2] for wait in waits), 0.0
    print("  stage    begins   takes  (medians, s)")
    for stage in (stage for stage in STAGES if stage in found):
        begin, took = (statistics.median(column) for column in zip(*found[stage]))
        known += took
        print(f"  {stage:8} {begin:6.3f}  {took:6.3f}")
    rest = "(ixs-watch, make, waiting for the make before)"
    print(f"  {'the rest':8}         {total - known:6.3f}  {rest}")


def tell_waits(log, what, waits):
    """Median, 95 %, worst; and where it went"""
    if not waits:
        return
    seconds = sorted(wait[2] for wait in waits)
    high = seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]
    within = sum(wait <= 2 for wait in seconds)
    print(f"{what}: page after {statistics.median(seconds):.2f} s (median), {high:.2f} s (95 %), "
          f"{seconds[-1]:.2f} s (worst), within 2 s {within} of {len(seconds)}")
    tell_stages(log, waits)


def tell_memory(held):
    """(scans, kB, open files), in steps"""
    step = max(1, len(held) // 10)
    for scans, kilobytes, files in held[step - 1::step]:
        print(f"ixs-watch after {scans:4d} scans: {kilobytes} kB resident, {files} open files")


class Run:
    """Scans written one after the other, and what was seen of each"""

    def __init__(self, scene):
        self.scene = scene
        self.waits = []  # (name, when it ended, s until its page)
        self.held = []   # (scans, kB, open files)

    def wrote(self, k):
        """Scan k was written"""
        self.held.append((k + 1, *resident(self.scene.watcher.pid)))

    def one_by_one(self, ks, every):
        """The next begins when the page is there and nothing runs, at least `every` s later"""
        scene = self.scene
        for k in ks:
            begun = time.monotonic()
            ended = scene.write(k, every)
            waited = scene.page_of(k, ended)
            if waited is None:
                return
            self.waits.append((scene.name(k), ended, waited))
            self.wrote(k)
            if every == 0:
                scene.settled()
            time.sleep(max(0.0, every - (time.monotonic() - begun)))

    def flood(self, ks):
        """Twenty ahead of the pages"""
        for k in ks:
            if k - AHEAD in ks and self.scene.page_of(k - AHEAD, 0) is None:
                return
            self.scene.write(k, 0)
            self.wrote(k)
            time.sleep(0.05)
        self.scene.settled()


def main():
    """All of it"""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("mode", choices=("page", "repeats", "many"))
    parser.add_argument("--scans", type=int)
    parser.add_argument("--every", type=float)
    parser.add_argument("--within", type=float, default=330)
    args = parser.parse_args()
    many = args.mode == "many"
    args.scans = args.scans or (999 if many else 30)
    args.every = (0 if many else 4) if args.every is None else args.every
    scene = Scene(args)
    try:
        if not scene.settled():
            sys.exit(f"watch.py: the beginning was not reduced in time, see {scene.work}")
        ends = min(AHEAD, args.scans // 2)
        first, last = Run(scene), Run(scene)
        first.one_by_one(range(ends if many else args.scans), args.every)
        if many:
            last.flood(range(ends, args.scans - ends))
            last.one_by_one(range(args.scans - ends, args.scans), args.every)
        over, used = scene.over(), processor(scene.watcher.pid)
        log = (scene.work / "ran").read_text().splitlines()
        load = os.getloadavg()[0]
        held = first.held + last.held
        scene.settled(60)
        scene.check(range(0, 0 if over else len(held), 20 if many else 1))
        scene.close()
    finally:
        scene.watcher.kill()
    print(f"{len(held)} scans, load {load:.1f}{', ended by --within' if over else ''}")
    tell_waits(log, "one by one", first.waits)
    tell_waits(log, f"the last {len(last.waits)}", last.waits)
    tell_memory(held)
    print(f"ixs-watch itself used {used:.2f} s of a processor")


main()
