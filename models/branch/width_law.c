/* SPDX-License-Identifier: GPL-3.0-or-later
 * Linewidths of a branch as a power of q.
 */
#include "models/branch/width_law.h"

#include <math.h>
#include <string.h>

static const double z90 = 1.2815515655446004; /* quantile of the normal distribution */

bool ixs_width_point(const struct ixs_width *width, struct ixs_regress_point *out)
{
    double below = width->value - width->lo, above = width->hi - width->value, y = width->value;
    if (width->limit) {
        bool sharp = width->err > 0 && width->err < width->ul90 / 0.28;
        above = below = sharp ? width->err : width->ul90 / z90;
        y = width->ul90 - z90 * above;
    } else {
        below = below > 0 && width->lo > 0 ? below : width->err;
        above = above > 0 ? above : width->err;
    }
    *out = (struct ixs_regress_point){width->q, y, below, above, false};
    return isfinite(y) && below > 0 && above > 0 && width->q > 0;
}

static double power_law(const void *context, const double *p, double q, double *slopes)
{
    const double *q0 = context;
    double value = exp(p[0] + p[1] * log(q / *q0));
    slopes[0] = value;
    slopes[1] = value * log(q / *q0);
    return value;
}

/* The middle of ln q, by how well each width is known relative to its size. */
static double middle(size_t n, const struct ixs_regress_point *points)
{
    double sum = 0, weights = 0;
    for (size_t i = 0; i < n; i++) {
        double size = fmax(points[i].y, points[i].above) / points[i].above;
        sum += size * size * log(points[i].x);
        weights += size * size;
    }
    return exp(sum / weights);
}

bool ixs_width_law_fit(size_t n, const struct ixs_regress_point *points,
                       const struct ixs_regress_kin *kin, size_t nlimits, struct ixs_width_law *out)
{
    enum { FEWEST = 4, FEWEST_RESOLVED = 2 };
    struct ixs_regression best = {.chi2 = INFINITY};
    bool any = false;
    *out = (struct ixs_width_law){.n = n, .nlimits = nlimits};
    if (n < FEWEST || n < nlimits + FEWEST_RESOLVED)
        return false;
    double sum = 0;
    out->q0 = middle(n, points);
    for (size_t i = 0; i < n; i++)
        sum += fmax(points[i].y, 0.1 * points[i].above) / (double)n;
    const struct ixs_regress task = {n, points, 2, power_law, &out->q0, false, kin};
    for (int power = 0; power <= 4; power += 2) {
        // cppcheck-suppress invalidFunctionArg; of FEWEST or more points, none with width and error
        // 0
        struct ixs_regression fit = {.p = {log(sum), power}};
        if (!ixs_regress_run(&task, &fit) || !(fit.chi2 < best.chi2))
            continue;
        best = fit;
        any = true;
    }
    if (!any || !(best.cov[3] < 100) || fabs(best.p[1]) > 20)
        return false;
    out->scale = exp(best.p[0]);
    out->power = best.p[1];
    memcpy(out->cov, best.cov, sizeof out->cov);
    out->scatter = best.scatter;
    out->chi2 = best.chi2;
    return true;
}
