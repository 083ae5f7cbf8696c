#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`herix_check.py BIN WORK HERIX NUMBER`: what the products in WORK say of two real beamtimes.

The numbers are those that the data's description gives (recomputed from the bytes by others), or
are worked out here from the products and the SPEC files by other ways. TAP, numbered from NUMBER.
"""
import math
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from herix_lines import Lines, ratio
from herix_products import Response, Shower, Verdicts, spec_scans

ANALYZERS = [f"Ana{n}" for n in range(1, 10)]
MAIN_SCANS = [18, 16, 14, 12, 20, 8, 6, 4, 2]
WIDTHS = [1.62, 1.64, 1.56, 1.54, 1.79, 1.52, 1.60, 1.67, 1.60]
ZEROS = [-0.31, -0.57, -0.65, -0.83, -0.47, 0.0, -0.01, -0.12, 1.49]
ENERGY_STEP = 0.25
MEV_PER_KELVIN = 0.0861733326
FITTED = [f"Ana{n}" for n in range(3, 9)]
SCANS = range(58, 70)

show = Shower(sys.argv[1])
work, herix = Path(sys.argv[2]), Path(sys.argv[3])
verdicts = Verdicts(int(sys.argv[4]))


def by_analyzer(rows):
    return {row["ANALYZER"]: row for row in rows}


# ---- what was recorded

def count(name):
    scans = rows = values = 0
    for path in (work / "raw").glob(f"{Path(name).stem}_S*.fits"):
        table = show.table(path, "SCAN")
        columns = len(show.run("--csv", "--table", "SCAN", path).split("\n", 1)[0].split(","))
        scans, rows, values = scans + 1, rows + len(table), values + columns * len(table)
    return scans, rows, values


def recorded():
    for name, expected in {"CdOsO": (74, 3168, 178973),
                           "plexiglas_1.spec": (30, 4230, 258030)}.items():
        found = count(name)
        verdicts.say(f"{name}: scans, rows and values", found == expected,
                     f"found {found}, expected {expected}")
        lines = spec_scans(herix / name)
        kept = {p: (show.keywords(work / "raw" / p), lines[p]) for p in lines
                if (work / "raw" / p).exists()}
        wrong = [p for p, (keys, (command, rows)) in kept.items()
                 if keys["NPTS"] != rows or " ".join(keys["COMMAND"].split()) != command]
        verdicts.say(f"{name}: every #S line has its product, its command and its rows",
                     len(kept) == len(lines) == expected[0] and not wrong, " ".join(wrong))


# ---- the resolution run

def calibration():
    calib = work / "calib.fits"
    analyzers = by_analyzer(show.table(calib, "ANALYZERS"))
    parts = show.table(calib, "RESOLUTION")
    shapes = {a: Response([p for p in parts if p["ANALYZER"] == a]) for a in ANALYZERS}
    half = {a: shapes[a].half_maximum() for a in ANALYZERS}
    verdicts.say("all nine analyzers are calibrated",
                 all(analyzers[a]["QUALITY"] == "good" for a in ANALYZERS))
    verdicts.near("FWHM of the responses, meV", {a: analyzers[a]["FWHM"] for a in ANALYZERS},
                  dict(zip(ANALYZERS, WIDTHS)), 0.05)
    verdicts.near("FWHM is that of the sum of the components", {a: half[a][0] for a in ANALYZERS},
                  {a: analyzers[a]["FWHM"] for a in ANALYZERS}, 0.005)
    zeros = {a: analyzers[a]["ZERO"] + half[a][1] for a in ANALYZERS}
    verdicts.near("zeros at half maximum, relative to Ana6, meV",
                  {a: zeros[a] - zeros["Ana6"] for a in ANALYZERS}, dict(zip(ANALYZERS, ZEROS)),
                  0.08)
    narrow = [p for p in parts if p["FWHM"] < ENERGY_STEP]
    verdicts.say("no component is narrower than the energy step", not narrow,
                 f"narrowest: {min(p['FWHM'] for p in parts):.3f} meV")
    quality(analyzers, parts)
    return shapes


def quality(analyzers, parts):
    def of(name):
        return [analyzers[a][name] for a in ANALYZERS]

    lines = [f"{a}: deviance {d:.1f} on {f:.0f}: {d / f:.2f}, {n:.0f} components"
             for a, d, f, n in zip(ANALYZERS, of("DEVIANCE"), of("DOF"), of("NCOMPONENTS"))]
    verdicts.say("deviance per degree of freedom: 2 at most, energy jitter included",
                 all(0.5 < d / f < 2 for d, f in zip(of("DEVIANCE"), of("DOF"))), "\n".join(lines))
    scans = [{int(float(s)) for s in str(x).replace(",", " ").split()} for x in of("SCAN")]
    verdicts.say("each response comes from the analyzer's own scan, Ana5's not from masked ones",
                 all(main in s for main, s in zip(MAIN_SCANS, scans)) and not scans[4] & {9, 10},
                 scans)
    verdicts.say("errors hold the scatter of the repeats: FWHM 0.02-0.15 meV, efficiency 3-12 %",
                 all(0.02 < e < 0.15 for e in of("FWHM_ERR"))
                 and all(0.03 < e / x < 0.12 for e, x in zip(of("EFFICIENCY_ERR"),
                                                            of("EFFICIENCY"))),
                 f"FWHM_ERR at most {max(of('FWHM_ERR')):.3f}")
    areas = {a: sum(p["WEIGHT"] for p in parts if p["ANALYZER"] == a) for a in ANALYZERS}
    verdicts.near("the components have unit area", areas, dict.fromkeys(ANALYZERS, 1.0), 1e-9)


# ---- angles

def worst_hkl(name):
    """Largest difference from the header's own HKL, of all analyzers."""
    metadata = {m["NAME"]: m["VALUE"] for m in show.table(work / "raw" / name, "METADATA")}
    spectra = by_analyzer(show.table(work / "all" / name, "SPECTRA"))
    assert sorted(spectra) == ANALYZERS
    return max(abs(spectra[f"Ana{n}"][axis] - metadata[f"Analyzer{n}_{axis}"])
               for n in range(1, 10) for axis in "HKL")


def angles():
    scans = spec_scans(herix / "CdOsO")
    energy = {p for p, (command, rows) in scans.items()
              if command.lower().startswith("ascan herixe") and rows > 0}
    reduced = {p.name for p in (work / "all").glob("*.fits")}
    verdicts.say("all energy scans with rows are reduced, and no others", reduced == energy,
                 f"{len(reduced)} of {len(scans)} scans; differ: {sorted(reduced ^ energy)}")
    worst = {p: worst_hkl(p) for p in sorted(reduced)}
    verdicts.say("HKL of all analyzers agree with the header to 1e-5",
                 len(worst) > 20 and all(x <= 1e-5 for x in worst.values()),
                 f"{9 * len(worst)} analyzers, worst {max(worst.values()):.1e}")


# ---- one spectrum that is known

def known_spectrum(shape):
    row = by_analyzer(show.table(work / "one60.fits", "SPECTRA"))["Ana7"]
    modes = [m for m in show.table(work / "one60.fits", "MODES") if m["ANALYZER"] == "Ana7"]
    spectrum = by_analyzer(show.table(work / "spectra/CdOsO_S0060.fits", "SPECTRA"))["Ana7"]
    zero = spectrum["ZERO"] + row["ZERO"] + shape.half_maximum()[1]
    mode = modes[0]
    verdicts.say("scan 60 Ana7: response lent, one mode, STATUS good",
                 (row["RESPONSE"], len(modes), row["STATUS"]) == ("lent", 1, "good"),
                 f"{row['RESPONSE']}, {len(modes)} modes, {row['STATUS']} {row['REASON']}")
    verdicts.near("scan 60 Ana7: OMEGA0 (meV)", {"OMEGA0": mode["OMEGA0"]}, {"OMEGA0": 4.99}, 0.02)
    verdicts.near("scan 60 Ana7: zero at half maximum (meV)", {"zero": zero}, {"zero": 7.47}, 0.03)
    verdicts.say("scan 60 Ana7: deviance at most 125 on 85 degrees of freedom",
                 row["DOF"] == 85 and row["DEVIANCE"] <= 125,
                 f"{row['DEVIANCE']:.2f} on {row['DOF']:.0f}")
    verdicts.say("scan 60 Ana7: the width is not resolved, no lifetime and no limit are claimed",
                 mode["REGIME"] == "unresolved" and math.isnan(mode["LIFETIME"])
                 and math.isnan(mode["FWHM_UL90"]),
                 f"{mode['REGIME']}, {mode['LIFETIME']} ps, at most {mode['FWHM_UL90']} meV")
    detailed_balance(shape, spectrum, row, mode)


def detailed_balance(shape, spectrum, row, mode):
    points = [p for p in show.table(work / "spectra/CdOsO_S0060.fits", "POINTS")
              if p["ANALYZER"] == "Ana7" and p["FLAGS"] == 0]
    lines = Lines(points, shape)
    zero, omega = lines.best(7.0, 5.0)
    deviance, heights, covariance = lines.heights(zero, omega)
    found, error = ratio(heights, covariance)
    expected = math.exp(-omega / (MEV_PER_KELVIN * spectrum["TEMPERATURE"]))
    verdicts.say("free heights obey detailed balance: anti-Stokes/Stokes = exp(-E/kT)",
                 len(points) == 91 and error < 0.03 and abs(found - expected) < 3 * error,
                 f"found {found:.3f} +- {error:.3f}, expected {expected:.3f}\n"
                 f"deviance {deviance:.1f}")
    verdicts.near("another fit finds the same zero and energy",
                  {"ZERO": spectrum["ZERO"] + row["ZERO"], "OMEGA0": mode["OMEGA0"]},
                  {"ZERO": round(zero, 4), "OMEGA0": round(omega, 4)}, 0.02)


# ---- the phonon scans

def fits_of_scans():
    """{scan: {analyzer: (row of SPECTRA, row of FIT)}}"""
    return {scan: {a: (spectrum, fit[a]) for a, spectrum in by_analyzer(
        show.table(work / f"spectra/CdOsO_S00{scan}.fits", "SPECTRA")).items()}
        for scan in SCANS
        for fit in [by_analyzer(show.table(work / f"fit/CdOsO_S00{scan}.fits", "SPECTRA"))]}


def phonon_scans():
    fits = fits_of_scans()
    wrong = [f"{scan} {a}: {fits[scan][a][0]['QUALITY']}" for scan in SCANS
             for a in ("Ana1", "Ana9") if fits[scan][a][0]["QUALITY"] != "no-signal"]
    verdicts.say("Ana1 and Ana9 have no signal", not wrong, "\n".join(wrong))
    wrong = [f"{scan}: {fits[scan]['Ana2'][0]['QUALITY']}" for scan in SCANS
             if fits[scan]["Ana2"][0]["QUALITY"] != ("bursts" if scan > 64 else "no-signal")]
    verdicts.say("Ana2 is dark, and shows bursts in scans 65 to 69", not wrong, "\n".join(wrong))
    wrong = [f"{scan} {a}: {fits[scan][a][1]['STATUS']}" for scan in SCANS
             for a in ("Ana1", "Ana2", "Ana9") if fits[scan][a][1]["STATUS"] != "no-data"]
    verdicts.say("none of these three is fitted", not wrong, "\n".join(wrong))
    wrong = [f"{scan} {a}: {s['QUALITY']}, {f['STATUS']}" for scan in SCANS for a in FITTED
             for s, f in [fits[scan][a]]
             if s["QUALITY"] != "good"
             or f["STATUS"] in ("no-data", "undetermined", "not-converged")]
    verdicts.say("Ana3 to Ana8 are good and fitted", not wrong, "\n".join(wrong))
    zeros_of_scans(fits)
    return fits


def zeros_of_scans(fits):
    """The origin of the energy moves by half a meV within the night, not by more. Ana4 has bursts
    in scans 66, 67 and 69 (39 counts between 8 and 3): a poor fit may be anywhere there."""
    wrong, poor, lines = [], [], []
    for a in FITTED:
        zeros = {scan: fits[scan][a][0]["ZERO"] + fits[scan][a][1]["ZERO"] for scan in SCANS}
        middle = statistics.median(zeros.values())
        lines.append(f"{a}: middle {middle:.2f} meV, "
                     f"{min(zeros.values()):.2f} to {max(zeros.values()):.2f}")
        if not 4.5 < middle < 9.5:
            wrong.append(f"{a}: middle {middle:.2f}")
        for scan in (s for s in SCANS if not abs(zeros[s] - middle) < 0.6):
            status = fits[scan][a][1]["STATUS"]
            bursts = a == "Ana4" and scan in (66, 67, 69)
            (poor if bursts and status == "poor" else wrong).append(
                f"{scan} {a}: {zeros[scan]:.3f} {status}")
    verdicts.say("zeros of an analyzer stay within 0.6 meV, between 4.5 and 9.5", not wrong,
                 "\n".join(lines + poor + wrong))


def drift():
    """One mode in Ana7 on four scans, as the description has its zeros."""
    shape_middle = shapes["Ana7"].half_maximum()[1]
    found = {}
    for scan in (58, 59, 60, 61):
        row = by_analyzer(show.table(work / f"one{scan}.fits", "SPECTRA"))["Ana7"]
        found[scan] = row["ZERO"] + shape_middle
    verdicts.near("the zero of Ana7 moves from scan to scan", found,
                  {58: 7.16, 59: 7.34, 60: 7.49, 61: 7.48}, 0.05)


# ---- dispersion

def reduced_q(hkl):
    """Of a cubic face-centred crystal of 10.17 Angstrom, Angstrom**-1: the nearest point of
    reciprocal space whose indices are all even or all odd."""
    return 2 * math.pi / 10.17 * min(
        math.dist(hkl, [2 * round((x - parity) / 2) + parity for x in hkl]) for parity in (0, 1))


def dispersion(fits):
    points = show.table(work / "dispersion.fits", "POINTS")
    branches = {b["BRANCH"]: b for b in show.table(work / "dispersion.fits", "BRANCHES")}
    wrong = []
    for p in points:
        spectrum = fits[int(float(p["SCANS"]))][p["ANALYZER"]][0]
        same = all(p[axis] == spectrum[axis] for axis in "HKL")
        if not same or abs(p["Q_REDUCED"] - reduced_q([p[axis] for axis in "HKL"])) > 1e-4:
            wrong.append(f"{p['SCANS']} {p['ANALYZER']}: {p['Q_REDUCED']}")
    verdicts.say("every mode stands at its analyzer's own q", bool(points) and not wrong,
                 "\n".join(wrong))
    verdicts.say("every linewidth is marked as got with a lent response",
                 all(p["RESPONSE"] == "lent" for p in points))
    acoustic = [max((p for p in points if p["ANALYZER"] == "Ana8" and p["SCANS"] == scan),
                    key=lambda p: p["STRENGTH"])
                for scan in sorted({p["SCANS"] for p in points if p["ANALYZER"] == "Ana8"
                                    and 0.11 <= p["Q_REDUCED"] <= 0.35})]
    lines = [f"{p['SCANS']:.0f}: q {p['Q_REDUCED']:.3f}, {p['OMEGA0']:.3f} meV, "
             f"branch {p['BRANCH']:.0f}" for p in acoustic]
    # About the two Bragg points the slopes differ (20 and 18 meV Angstrom), so that all analyzers
    # together may give one branch or two; at q = 0 a law that bends over is steeper than the chord.
    on = [p for p in acoustic if p["BRANCH"] > 0 and 2.6 <= branches[p["BRANCH"]]["VELOCITY"] <= 3.4]
    lines += [f"branch {number:.0f}: {branches[number]['VELOCITY']:.2f} +- "
              f"{branches[number]['VELOCITY_ERR']:.2f} km/s, {branches[number]['LAW']}"
              for number in sorted({p["BRANCH"] for p in acoustic if p["BRANCH"] > 0})]
    verdicts.say("Ana8's strongest mode is on an acoustic branch of 2.6 to 3.4 km/s in three scans of four",
                 len(on) >= 0.75 * len(acoustic) >= 4, "\n".join(lines))

    one = show.table(work / "ana8.fits", "BRANCHES")
    slow = min(one, key=lambda b: b["VELOCITY"])
    said = f"{slow['VELOCITY']:.2f} +- {slow['VELOCITY_ERR']:.2f} km/s of {slow['NPTS']:.0f} modes"
    verdicts.say("Ana8 alone, |q| 0.11 to 0.35: energy over q is 2.9 to 3.1 km/s",
                 2.9 <= slow["VELOCITY"] <= 3.1 and slow["NPTS"] >= 7, said)
    verdicts.say("and it says that the response is lent and the acceptance in the widths",
                 "response lent" in slow["REMARK"] and "Q acceptance" in slow["REMARK"],
                 slow["REMARK"])
    # the lattice that Q and HKL tell: cubic, so that folding holds, and its period along (1 1 1)
    paths = show.table(work / "directions.fits", "PATHS")
    diagonal = [p for p in paths if p["D_H"] == p["D_K"] == p["D_L"] == 1]
    verdicts.near("half the period along (1 1 1), from Q and HKL alone",
                  {"Q_ZONE": diagonal[0]["Q_ZONE"] if diagonal else math.nan},
                  {"Q_ZONE": math.sqrt(3) * math.pi / 10.17}, 1e-4)


recorded()
shapes = calibration()
angles()
known_spectrum(shapes["Ana7"])
drift()
dispersion(phonon_scans())
print(f"1..{verdicts.number}")
sys.exit(verdicts.failed > 0)
