/* SPDX-License-Identifier: GPL-3.0-or-later
 * A tabulated S(E) (molecular dynamics, phonon calculation) convolved once with a response, then
 * looked up: value and slope on an even grid, cubic between.
 */
#ifndef IXS_MODELS_LINE_CURVE_H
#define IXS_MODELS_LINE_CURVE_H

#include "models/line/transform.h"

#include "base/err.h"

struct ixs_curve {
    double from, step; /* meV */
    size_t n;
    double *value, *slope; /* [n]; owned */
};

struct ixs_curve_table { /* S(E): value[n] at energy[n], straight between, 0 outside; borrowed */
    size_t n;
    const double *energy; /* meV, rising */
    const double *value;
};

/* The curve is R x S from `lo` to `hi`, to 1e-6 of its peak. Fails without memory, and on energies
 * that do not rise. */
IXS_MUST_CHECK bool ixs_curve_make(struct ixs_curve *out, const struct ixs_curve_table *table,
                                   const struct ixs_transform *transform, double lo, double hi,
                                   struct ixs_err *err);
void ixs_curve_dispose(struct ixs_curve *curve);

/* Value and slope at an energy; 0 outside. */
double ixs_curve_value(const struct ixs_curve *curve, double energy, double *slope);

#endif
