/* SPDX-License-Identifier: GPL-3.0-or-later
 * A level that wanders: Kalman's filter from both ends.
 */
#include "models/numerics/level.h"

#include <math.h>

struct belief { /* of the level; variance INFINITY: nothing is known */
    double mean, variance;
};

/* Adds one observation; returns its share of the log-likelihood. */
static double observe(struct belief *belief, double value, double variance)
{
    if (isinf(belief->variance)) {
        *belief = (struct belief){value, variance};
        return 0.0;
    }
    double both = belief->variance + variance, miss = value - belief->mean;
    double gain = both > 0.0 ? belief->variance / both : 0.0;
    belief->mean += gain * miss;
    belief->variance *= 1.0 - gain;
    return both > 0.0 ? -0.5 * (log(both) + miss * miss / both) : 0.0;
}

static double spread(const struct ixs_level *level, const struct ixs_level_series *series, size_t i)
{
    return level->scatter + series->error[i] * series->error[i];
}

double ixs_level_likelihood(const struct ixs_level *level, const struct ixs_level_series *series)
{
    struct belief belief = {0.0, INFINITY};
    double sum = 0.0;
    for (size_t i = 0; i < series->count; i++) {
        if (i > 0)
            belief.variance += level->walk * (series->time[i] - series->time[i - 1]);
        sum += observe(&belief, series->value[i], spread(level, series, i));
    }
    return sum;
}

void ixs_level_at(const struct ixs_level *level, const struct ixs_level_series *series, double time,
                  double *value, double *variance)
{
    struct belief before = {0.0, INFINITY}, after = before;
    size_t i = 0, n = series->count;
    for (; i < n && series->time[i] <= time; i++) {
        if (i > 0)
            before.variance += level->walk * (series->time[i] - series->time[i - 1]);
        observe(&before, series->value[i], spread(level, series, i));
    }
    if (i > 0)
        before.variance += level->walk * (time - series->time[i - 1]);
    for (size_t k = n; k-- > i;) {
        if (k + 1 < n)
            after.variance += level->walk * (series->time[k + 1] - series->time[k]);
        observe(&after, series->value[k], spread(level, series, k));
    }
    if (i < n)
        after.variance += level->walk * (series->time[i] - time);
    if (!isinf(after.variance))
        observe(&before, after.mean, after.variance);
    *value = before.mean;
    *variance = before.variance;
}

/* ---- the likeliest --------------------------------------------------------------------------- */

static double total(const struct ixs_level *level, size_t nseries,
                    const struct ixs_level_series *series)
{
    double sum = 0.0;
    for (size_t s = 0; s < nseries; s++)
        sum += ixs_level_likelihood(level, &series[s]);
    return sum;
}

/* Scales to search about: the variance of all values, and the span of times. */
static bool scales(size_t nseries, const struct ixs_level_series *series, double *variance,
                   double *span)
{
    double sum = 0.0, count = 0.0;
    *span = 0.0;
    for (size_t s = 0; s < nseries; s++) {
        const struct ixs_level_series *one = &series[s];
        if (one->count < 3 || !(one->time[one->count - 1] > one->time[0]))
            continue;
        *span = fmax(*span, one->time[one->count - 1] - one->time[0]);
        for (size_t i = 1; i < one->count; i++) {
            double step = one->value[i] - one->value[i - 1];
            sum += step * step + one->error[i] * one->error[i];
            count += 1.0;
        }
    }
    *variance = count > 0.0 ? sum / count : 0.0;
    return *span > 0.0 && *variance > 0.0;
}

/* Looks at a grid about the best so far, in factors of `ratio`; 0 is one of its values. */
static void refine(struct ixs_level *best, double *likelihood, const double base[2], double ratio,
                   size_t nseries, const struct ixs_level_series *series)
{
    enum { STEPS = 6 };
    const struct ixs_level start = *best;
    const double middle[2] = {start.walk > 0.0 ? start.walk : base[0],
                              start.scatter > 0.0 ? start.scatter : base[1]};
    for (int i = -STEPS - 1; i <= STEPS; i++)
        for (int k = -STEPS - 1; k <= STEPS; k++) {
            const struct ixs_level level = {i < -STEPS ? 0.0 : middle[0] * pow(ratio, i),
                                            k < -STEPS ? 0.0 : middle[1] * pow(ratio, k)};
            double found = total(&level, nseries, series);
            if (found > *likelihood) {
                *likelihood = found;
                *best = level;
            }
        }
}

bool ixs_level_fit(struct ixs_level *out, size_t nseries, const struct ixs_level_series *series)
{
    double variance, span;
    *out = (struct ixs_level){0.0, 0.0};
    if (!scales(nseries, series, &variance, &span))
        return false;
    const double base[2] = {variance / span, variance};
    double likelihood = -INFINITY;
    static const double ratios[] = {6.0, 1.6, 1.1, 1.02};
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++)
        refine(out, &likelihood, base, ratios[i], nseries, series);
    return true;
}
