#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""with_python.py METHOD FOLDER NPOINTS [OUT.csv]: today's Python programs, spoken to as
bench/peers/serve.h says. METHOD: lmfit (Minimizer and scipy's fftconvolve), curve_fit and
least_squares (scipy, the same model; the latter with bounds), expert (MINPACK's leastsq with the
convolution as a dense matrix and analytic derivatives)."""
import os
import sys
import time

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
import numpy as np

METHODS = ("lmfit", "curve_fit", "least_squares", "expert")
KT, STEP, HALF, FIRST, CELLS = 25.851999786, 0.1, 200, -60.0, 1201
GRID = FIRST + STEP * np.arange(CELLS)


def response(x, parts):
    total = 0.0
    for weight, center, fwhm, eta in parts:
        t, g, s = x - center, 0.5 * fwhm, fwhm / 2.3548200450309493
        total = total + weight * (eta * g / np.pi / (t * t + g * g)
                                  + (1 - eta) * np.exp(-0.5 * (t / s) ** 2) / (s * np.sqrt(2 * np.pi)))
    return total


def response_slope(x, parts):
    total = 0.0
    for weight, center, fwhm, eta in parts:
        t, g, s = x - center, 0.5 * fwhm, fwhm / 2.3548200450309493
        q = t * t + g * g
        total = total - weight * (eta * g / np.pi * 2 * t / q ** 2
                                  + (1 - eta) * np.exp(-0.5 * (t / s) ** 2) * t / (s ** 3 * np.sqrt(2 * np.pi)))
    return total


def bose(x):
    u = x / KT
    small = np.abs(u) < 1e-5
    safe = np.where(small, 1.0, u)
    return np.where(small, 1 + 0.5 * u, -safe / np.expm1(-safe))


def bose_slope(x):
    u = x / KT
    small = np.abs(u) < 1e-4
    safe = np.where(small, 1.0, u)
    n = -1 / np.expm1(-safe)
    return np.where(small, 0.5 + u / 6, n - safe * np.exp(-safe) * n * n) / KT


class Data:
    def __init__(self, folder, npoints):
        table = np.loadtxt(f"{folder}/spectra{npoints}.csv", delimiter=",", skiprows=1)
        self.ids, self.analyzers, self.nmodes = table[:, :3].astype(int).T
        self.counts = table[:, 3:]
        self.energy = np.linspace(-40, 40, npoints)
        self.stride = 800 // (npoints - 1)
        self.sigma = np.sqrt(np.maximum(self.counts, 1))
        self.starts = []
        with open(f"{folder}/start{npoints}.csv") as lines:
            next(lines)
            for line in lines:
                self.starts.append(np.array([float(t) for t in line.strip().split(",")[4:] if t]))
        self.parts, self.tables, self.norms = {}, {}, {}
        for row in np.loadtxt(f"{folder}/resolution.csv", delimiter=",", skiprows=1):
            self.parts.setdefault(int(row[0]), []).append(tuple(row[2:6]))
        for a, parts in self.parts.items():
            values = response(STEP * np.arange(-HALF, HALF + 1), parts)
            self.norms[a] = values.sum() * STEP
            self.tables[a] = values / values.sum()
        self.matrices = {}

    def matrix(self, a):
        if a not in self.matrices:
            matrix = np.zeros((self.energy.size, CELLS))
            for i in range(self.energy.size):
                matrix[i, i * self.stride:i * self.stride + 2 * HALF + 1] = self.tables[a][::-1]
            self.matrices[a] = matrix
        return self.matrices[a]


def model(data, a, p):
    from scipy.signal import fftconvolve
    x = GRID - p[1]
    x2, s = x * x, np.zeros(CELLS)
    for area, omega, gamma in np.reshape(p[4:], (-1, 3)):
        o2 = omega * omega
        s += area * (2 / np.pi) * gamma * o2 / ((o2 - x2) ** 2 + 4 * gamma * gamma * x2)
    smeared = fftconvolve(s * bose(x), data.tables[a], "valid")[::data.stride]
    elastic = p[0] * response(data.energy - p[1], data.parts[a]) / data.norms[a]
    return p[2] + p[3] * data.energy + elastic + smeared


def model_and_slopes(data, a, p):
    x = GRID - p[1]
    x2, b, db, nmodes = x * x, bose(x), bose_slope(x), (len(p) - 4) // 3
    s = np.zeros((CELLS, 3 * nmodes + 1))
    for k in range(nmodes):
        area, omega, gamma = p[4 + 3 * k:7 + 3 * k]
        d = omega * omega - x2
        q = 1 / (d * d + 4 * gamma * gamma * x2)
        shape = (2 / np.pi) * gamma * omega * omega * q
        line = b * shape
        s[:, 1 + 3 * k] = line
        s[:, 2 + 3 * k] = area * line * (2 / omega - 4 * omega * d * q)
        s[:, 3 + 3 * k] = area * line * (1 / gamma - 8 * gamma * x2 * q)
        s[:, 0] -= area * (db * shape + line * (4 * x * d - 8 * gamma * gamma * x) * q)
    c = data.matrix(a) @ s
    e = data.energy - p[1]
    r = response(e, data.parts[a]) / data.norms[a]
    jacobian = np.empty((data.energy.size, len(p)))
    jacobian[:, 0] = r
    jacobian[:, 1] = c[:, 0] - p[0] * response_slope(e, data.parts[a]) / data.norms[a]
    jacobian[:, 2] = 1
    jacobian[:, 3] = data.energy
    jacobian[:, 4:] = c[:, 1:]
    return p[2] + p[3] * data.energy + p[0] * r + c[:, 1::3] @ p[4::3], jacobian


def fit_lmfit(data, k):
    import lmfit
    a, y, sigma, start = data.analyzers[k], data.counts[k], data.sigma[k], data.starts[k]
    names = [f"p{i}" for i in range(start.size)]
    parameters = lmfit.Parameters()
    for name, value in zip(names, start):
        parameters.add(name, value=value)

    def residual(q):
        return (model(data, a, np.array([q[name].value for name in names])) - y) / sigma

    result = lmfit.Minimizer(residual, parameters).minimize(method="leastsq", ftol=1e-8, xtol=1e-8)
    return result.nfev, result.chisqr, np.array([result.params[name].value for name in names])


def fit_curve_fit(data, k):
    from scipy.optimize import curve_fit
    a, y, sigma, start = data.analyzers[k], data.counts[k], data.sigma[k], data.starts[k]
    try:
        p, _, info, _, _ = curve_fit(
            lambda x, *p: model(data, a, np.array(p)), data.energy, y, p0=start, sigma=sigma,
            absolute_sigma=True, full_output=True, ftol=1e-8, xtol=1e-8, maxfev=2000 * (start.size + 1))
    except RuntimeError:
        return -1, np.inf, start
    return info["nfev"], np.sum(info["fvec"] ** 2), p


def fit_least_squares(data, k):
    from scipy.optimize import least_squares
    a, y, sigma, start = data.analyzers[k], data.counts[k], data.sigma[k], data.starts[k]
    low = np.full(start.size, -np.inf)
    low[0] = low[2] = 0
    low[4::3], low[6::3] = 0, 1e-3
    result = least_squares(lambda p: (model(data, a, p) - y) / sigma, start, bounds=(low, np.inf),
                           ftol=1e-8, xtol=1e-8, gtol=1e-8, x_scale="jac", max_nfev=2000)
    return result.nfev, 2 * result.cost, result.x


def fit_expert(data, k):
    from scipy.optimize import leastsq
    a, y, sigma, start = data.analyzers[k], data.counts[k], data.sigma[k], data.starts[k]
    last = {}

    def at(p):
        key = p.tobytes()
        if last.get("key") != key:
            last["key"], last["value"] = key, model_and_slopes(data, a, p)
        return last["value"]

    p, _, info, _, _ = leastsq(lambda p: (at(p)[0] - y) / sigma, start,
                               Dfun=lambda p: at(p)[1] / sigma[:, None], full_output=True,
                               ftol=1e-8, xtol=1e-8, maxfev=500)
    return info["nfev"], np.sum(info["fvec"] ** 2), p


def main():
    method, folder, npoints = sys.argv[1], sys.argv[2], int(sys.argv[3])
    fit = {"lmfit": fit_lmfit, "curve_fit": fit_curve_fit, "least_squares": fit_least_squares,
           "expert": fit_expert}[method]
    data = Data(folder, npoints)
    if len(sys.argv) > 4:
        with open(sys.argv[4], "w") as out:
            out.write("id,nmodes,evaluations,objective,parameters\n")
            for k in range(len(data.ids)):
                evaluations, objective, p = fit(data, k)
                out.write(f"{data.ids[k]},{data.nmodes[k]},{evaluations},{objective:.12g},"
                          + ",".join(f"{value:.12g}" for value in p) + "\n")
        return
    for line in sys.stdin:
        first, count, repeats = map(int, line.split())
        before = time.process_time()
        for _ in range(repeats):
            for k in range(first, min(first + count, len(data.ids))):
                fit(data, k)
        print(f"{time.process_time() - before:.9f}", flush=True)


if __name__ == "__main__":
    np.seterr(all="ignore")
    main()
