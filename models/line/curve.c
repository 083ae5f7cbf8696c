/* SPDX-License-Identifier: GPL-3.0-or-later
 * Convolution of a table with a response: Gauss-Legendre on the straight pieces of the table, cut
 * shorter than the response is wide, for all places of a grid that is fine against the response.
 */
#include "models/line/curve.h"

#include "base/array.h"
#include "models/line/kernels.h"

#include <math.h>
#include <stdlib.h>

enum { GAUSS = 5, ROW = IXS_RESPONSE_ROW };

static const double places[GAUSS] = {-0.9061798459386640, -0.5384693101056831, 0.0,
                                     0.5384693101056831, 0.9061798459386640};
static const double weights[GAUSS] = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                      0.4786286704993665, 0.2369268850561891};
static const double steps_per_scale = 32.0; /* of the grid; the scale L is about the FWHM */
static const double pieces_per_scale = 4.0;

/* A row of the grid from x on. */
static void convolve_row(const struct ixs_curve_table *table, const struct ixs_transform *transform,
                         const double *x, double *value, double *slope)
{
    const struct ixs_kernels *kernels = ixs_kernels();
    struct ixs_response_row w;
    double longest = transform->scale / pieces_per_scale;
    for (size_t k = 0; k + 1 < table->n; k++) {
        double width = table->energy[k + 1] - table->energy[k];
        double rise = (table->value[k + 1] - table->value[k]) / width;
        size_t pieces = (size_t)ceil(width / longest);
        double half = 0.5 * width / (double)pieces;
        for (size_t g = 0; g < GAUSS * pieces; g++) {
            size_t piece = g / GAUSS;
            double along = half * (2.0 * (double)piece + 1.0 + places[g % GAUSS]);
            double share = half * weights[g % GAUSS] * (table->value[k] + rise * along);
            kernels->transform(transform, ROW, x, table->energy[k] + along, 0.0, &w);
            for (size_t i = 0; i < ROW; i++) {
                value[i] += share * w.re[i];
                slope[i] += share * w.slope_re[i];
            }
        }
    }
}

static bool rises(size_t n, const double *energy, struct ixs_err *err)
{
    for (size_t k = 0; k + 1 < n; k++)
        if (!(energy[k] < energy[k + 1]))
            return ixs_fail(err, IXS_INPUT, "found %g meV after %g meV, expected rising energies",
                            energy[k + 1], energy[k]);
    return true;
}

bool ixs_curve_make(struct ixs_curve *out, const struct ixs_curve_table *table,
                    const struct ixs_transform *transform, double lo, double hi,
                    struct ixs_err *err)
{
    double x[ROW];
    out->from = lo;
    out->step = transform->scale / steps_per_scale;
    out->n = ((size_t)((hi - lo) / out->step) / ROW + 1) * ROW;
    if (!rises(table->n, table->energy, err) || !IXS_NEW(out->value, 2 * out->n, err))
        return false;
    out->slope = out->value + out->n;
    for (size_t first = 0; first < out->n; first += ROW) {
        for (size_t i = 0; i < ROW; i++)
            x[i] = lo + out->step * (double)(first + i);
        convolve_row(table, transform, x, out->value + first, out->slope + first);
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
    double y = curve->value[k], d = h * curve->slope[k];
    double gap = curve->value[k + 1] - y, next = h * curve->slope[k + 1];
    double c = 3.0 * gap - 2.0 * d - next, b = d + next - 2.0 * gap;
    *slope = (d + t * (2.0 * c + 3.0 * t * b)) / h;
    return y + t * (d + t * (c + t * b));
}
