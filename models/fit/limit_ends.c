/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ends of intervals and upper limits of a width by a rise (models/fit/limit.c).
 */
#include "models/fit/limit.h"

#include <math.h>

static const double z90 = 1.2815515655446004; /* quantiles of the normal distribution */
static const double z95 = 1.6448536269514722;

static double meet(const struct ixs_limit *limit, const struct ixs_profile_target *target,
                   double from, double guess, double bound)
{
    if (limit->inverse)
        return 1.0 / ixs_rise_meet(&limit->rise, target, 1.0 / from, 1.0 / guess,
                                   1.0 / fmax(bound, 1e-3 * from));
    return ixs_rise_meet(&limit->rise, target, from, guess, bound);
}

double ixs_limit_below(const struct ixs_limit *limit, double z)
{
    struct ixs_profile_target target = {.fixed = (z + limit->shift) * (z + limit->shift)};
    double guess = fmax(limit->best - limit->sigma, 0.3 * limit->best);
    return meet(limit, &target, limit->best, guess, 0.0);
}

double ixs_limit_above(const struct ixs_limit *limit, double z, double guess)
{
    struct ixs_profile_target target = {.fixed = (z - limit->shift) * (z - limit->shift)};
    return meet(limit, &target, limit->best, guess, limit->bound);
}

/* Of a width that is pressed against 0. */
static double from_zero(const struct ixs_limit *limit)
{
    double least = (z90 - 1.0) * limit->sigma;
    struct ixs_profile_target target = {.sigma = limit->sigma};
    if (limit->rise.at(limit->rise.context, least) >= ixs_profile_wanted(&target, least))
        return least;
    return meet(limit, &target, least, z90 * limit->sigma, limit->bound);
}

double ixs_limit_ninety(const struct ixs_limit *limit, double end)
{
    double ratio = (z90 - limit->shift) / (1.0 - limit->shift);
    if (!(limit->best > 0.0))
        return fmax(from_zero(limit), end);
    return fmax(ixs_limit_above(limit, z90, limit->best + ratio * (end - limit->best)), end);
}

enum ixs_fit_regime ixs_limit_regime(bool overdamped, double at_zero)
{
    if (!(at_zero >= z95 * z95))
        return IXS_FIT_UNRESOLVED;
    return overdamped ? IXS_FIT_OVERDAMPED : IXS_FIT_UNDERDAMPED;
}
