/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ends of intervals and upper limits of a width by the rise of a profile likelihood, whatever it is
 * the likelihood of (models/fit/limit.c says which rises are looked for and why).
 */
#ifndef IXS_MODELS_FIT_LIMIT_H
#define IXS_MODELS_FIT_LIMIT_H

#include "models/fit/profile.h"

struct ixs_limit { /* of a width; a value */
    struct ixs_rise rise;
    bool inverse;       /* it rises against 1/width */
    double best, bound; /* meV; at most */
    double sigma;       /* from the curvature, of the width itself; at a best of 0 that there */
    double shift;       /* bias of the median, in sigma */
};

/* Ends at which the root of the rise is z. */
double ixs_limit_below(const struct ixs_limit *limit, double z);
double ixs_limit_above(const struct ixs_limit *limit, double z, double guess);
/* 90 % upper limit; the end of the 68 % interval tells where about. */
double ixs_limit_ninety(const struct ixs_limit *limit, double end);
/* The regime of a mode by how much the deviance rises from its minimum to a width of 0. */
enum ixs_fit_regime ixs_limit_regime(bool overdamped, double at_zero);

#endif
