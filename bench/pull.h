/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pulls, (value - truth)/error, added up; they want mean 0 and width 1.
 */
#ifndef IXS_BENCH_PULL_H
#define IXS_BENCH_PULL_H

#include <math.h>

struct pull_sums {
    double n, sum, squares, most;
};

static inline void pull_add(struct pull_sums *sums, double pull)
{
    sums->n += 1.0;
    sums->sum += pull;
    sums->squares += pull * pull;
    sums->most = fmax(sums->most, fabs(pull));
}

static inline double pull_mean(const struct pull_sums *sums)
{
    return sums->sum / sums->n;
}

/* About 0, and about the mean. */
static inline double pull_rms(const struct pull_sums *sums)
{
    return sqrt(sums->squares / sums->n);
}

static inline double pull_width(const struct pull_sums *sums)
{
    double mean = pull_mean(sums);
    return sqrt(sums->squares / sums->n - mean * mean);
}

#endif
