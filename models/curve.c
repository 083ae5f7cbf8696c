/* SPDX-License-Identifier: GPL-3.0-or-later
 * Convolution of a table with a response: Gauss-Legendre on the straight pieces of the table, cut
 * shorter than the response is wide. Slopes and second derivatives come from W' and differences of
 * it, the grid is fine against the response.
 */
#include "models/curve.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

enum { GAUSS = 5 };

static const double places[GAUSS] = {-0.9061798459386640, -0.5384693101056831, 0.0,
                                     0.5384693101056831, 0.9061798459386640};
static const double weights[GAUSS] = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                      0.4786286704993665, 0.2369268850561891};

struct sum {
    double value, slope, bend;
};

/* Adds R(at - t) and its derivatives for a share of the table's area at t. */
static void add(struct sum *sum, const struct ixs_transform *transform, double at, double share,
                double small)
{
    double complex up, down, slope;
    sum->value += share * creal(ixs_transform_cauchy(transform, at, &slope));
    sum->slope += share * creal(slope);
    ixs_transform_cauchy(transform, at + small, &up);
    ixs_transform_cauchy(transform, at - small, &down);
    sum->bend += share * creal(up - down) / (2.0 * small);
}

static struct sum convolve(const struct ixs_curve *curve, size_t n, const double *energy,
                           const double *value, const struct ixs_transform *transform, double at)
{
    struct sum sum = {0};
    double longest = 4.0 * curve->step;
    for (size_t k = 0; k + 1 < n; k++) {
        double width = energy[k + 1] - energy[k], rise = (value[k + 1] - value[k]) / width;
        size_t pieces = (size_t)ceil(width / longest);
        double half = 0.5 * width / (double)pieces;
        for (size_t piece = 0; piece < pieces; piece++)
            for (size_t g = 0; g < GAUSS; g++) {
                double along = half * (2.0 * (double)piece + 1.0 + places[g]);
                double share = half * weights[g] * (value[k] + rise * along);
                add(&sum, transform, at - energy[k] - along, share, 0.01 * curve->step);
            }
    }
    return sum;
}

bool ixs_curve_make(struct ixs_curve *out, size_t n, const double *energy, const double *value,
                    const struct ixs_transform *transform, double lo, double hi,
                    struct ixs_err *err)
{
    for (size_t k = 0; k + 1 < n; k++)
        if (!(energy[k] < energy[k + 1]))
            return ixs_fail(err, IXS_INPUT, "found %g meV after %g meV, expected rising energies",
                            energy[k + 1], energy[k]);
    out->from = lo;
    out->step = transform->scale / 16.0;
    out->n = (size_t)ceil((hi - lo) / out->step) + 2;
    if (!IXS_NEW(out->value, 3 * out->n, err))
        return false;
    out->slope = out->value + out->n;
    out->bend = out->slope + out->n;
    for (size_t i = 0; i < out->n; i++) {
        double at = lo + out->step * (double)i;
        struct sum sum = convolve(out, n, energy, value, transform, at);
        out->value[i] = sum.value;
        out->slope[i] = sum.slope;
        out->bend[i] = sum.bend;
    }
    return true;
}

void ixs_curve_dispose(struct ixs_curve *curve)
{
    free(curve->value);
    *curve = (struct ixs_curve){0};
}

double ixs_curve_value(const struct ixs_curve *curve, double energy, double *slope)
{
    double at = (energy - curve->from) / curve->step;
    if (!(at >= 0.0 && at < (double)curve->n - 1.0)) {
        *slope = 0.0;
        return 0.0;
    }
    size_t k = (size_t)at;
    double t = at - (double)k, h = curve->step;
    double y0 = curve->value[k], y1 = curve->value[k + 1];
    double d0 = h * curve->slope[k], d1 = h * curve->slope[k + 1];
    double c0 = 0.5 * h * h * curve->bend[k], c1 = 0.5 * h * h * curve->bend[k + 1];
    /* y0 + d0 t + c0 t^2 + a t^3 + b t^4 + c t^5 with the same three at t = 1 */
    double p = y1 - y0 - d0 - c0, q = d1 - d0 - 2.0 * c0, r = c1 - c0;
    double a = 10.0 * p - 4.0 * q + r, b = -15.0 * p + 7.0 * q - 2.0 * r, c = 6.0 * p - 3.0 * q + r;
    *slope = (d0 + t * (2.0 * c0 + t * (3.0 * a + t * (4.0 * b + t * 5.0 * c)))) / h;
    return y0 + t * (d0 + t * (c0 + t * (a + t * (b + t * c))));
}
