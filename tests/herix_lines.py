# SPDX-License-Identifier: GPL-3.0-or-later
"""A Stokes and an anti-Stokes line, an elastic line and a background fitted to one spectrum, each
with a height of its own: what the counts say when nobody tells them of detailed balance. Plain
numbers and plain algebra; it shares nothing with the programs."""
import math


class Lines:
    """Counts N ~ Poisson(exposure x sum of heights x shapes), sharp lines at zero and +-omega."""

    def __init__(self, points, response):
        self.points = [(p["ENERGY_RAW"], p["COUNTS"], p["EXPOSURE"]) for p in points]
        self.response = response

    def shapes(self, zero, omega):
        return [[t * self.response(e - zero - omega), t * self.response(e - zero + omega),
                 t * self.response(e - zero), t] for e, _, t in self.points]

    def heights(self, zero, omega):
        """(deviance, heights, covariance) by reweighted least squares."""
        shapes = self.shapes(zero, omega)
        expected = [max(n, 1.0) for _, n, _ in self.points]
        for _ in range(20):
            normal = [[sum(s[i] * s[k] / m for s, m in zip(shapes, expected)) for k in range(4)]
                      for i in range(4)]
            right = [sum(s[i] * n / m for s, m, (_, n, _) in zip(shapes, expected, self.points))
                     for i in range(4)]
            covariance = inverse(normal)
            found = [sum(c * r for c, r in zip(row, right)) for row in covariance]
            expected = [max(sum(h * x for h, x in zip(found, s)), 1e-3) for s in shapes]
        return self.deviance(expected), found, covariance

    def deviance(self, expected):
        return 2 * sum(m - n + (n * math.log(n / m) if n > 0 else 0)
                       for m, (_, n, _) in zip(expected, self.points))

    def best(self, zero, omega, step=0.2):
        """(zero, omega) of least deviance, by a walk on a grid that gets finer."""
        least = self.heights(zero, omega)[0]
        while step > 0.001:
            around = [(zero + a * step, omega + b * step) for a in (-1, 0, 1) for b in (-1, 0, 1)]
            deviance, place = min((self.heights(*p)[0], p) for p in around)
            if deviance < least - 1e-9:
                least, (zero, omega) = deviance, place
            else:
                step /= 2
        return zero, omega


def inverse(matrix):
    """By Gauss and Jordan, with pivots."""
    size = len(matrix)
    rows = [list(row) + [float(i == k) for k in range(size)] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for k in range(size):
            if k != i:
                rows[k] = [x - rows[k][i] * y for x, y in zip(rows[k], rows[i])]
    return [row[size:] for row in rows]


def ratio(heights, covariance):
    """(anti-Stokes / Stokes, its error)."""
    stokes, anti = heights[0], heights[1]
    relative = (covariance[0][0] / stokes**2 + covariance[1][1] / anti**2
                - 2 * covariance[0][1] / (stokes * anti))
    return anti / stokes, anti / stokes * math.sqrt(relative)
