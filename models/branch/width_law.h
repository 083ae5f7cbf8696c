/* SPDX-License-Identifier: GPL-3.0-or-later
 * Linewidths of a branch as a power of q: FWHM = scale (q/q0)^power, from resolved widths and from
 * upper limits together.
 */
#ifndef IXS_MODELS_BRANCH_WIDTH_LAW_H
#define IXS_MODELS_BRANCH_WIDTH_LAW_H

#include "models/numerics/regress.h"

struct ixs_width { /* of one mode */
    double q;      /* 1/Angstrom, > 0 */
    double value;  /* meV */
    double lo, hi; /* 68 % */
    double err;    /* from the curvature */
    double ul90;   /* meV, where `limit` */
    bool limit;    /* not told from 0 */
};

/* A width as a point of a regression. The likelihood of one that is not resolved is taken as the
 * Gaussian that its limit was made from (models/fit/limit.c: the limit is 1.2816 errors above its
 * middle, which may lie below 0). False if it tells nothing. */
bool ixs_width_point(const struct ixs_width *width, struct ixs_regress_point *out);

struct ixs_width_law {
    double q0;           /* 1/Angstrom, where scale and power are not correlated, nearly */
    double scale, power; /* meV */
    double cov[4];       /* of ln scale and power */
    double scatter, chi2;
    size_t n, nlimits;
};

/* points[n]: x is q; kin of their errors, NULL: independent. False where they do not determine the
 * law: fewer than four points, fewer than two resolved ones, or all at one q. */
bool ixs_width_law_fit(size_t n, const struct ixs_regress_point *points,
                       const struct ixs_regress_kin *kin, size_t nlimits,
                       struct ixs_width_law *out);

#endif
