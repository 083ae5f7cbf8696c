/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counting for the tables of bench/coverage.h.
 */
#ifndef IXS_BENCH_TALLY_H
#define IXS_BENCH_TALLY_H

#include "bench/coverage.h"

/* Mode k of a draw. */
const struct coverage_mode *tally_mode(const struct coverage *coverage, size_t cell, size_t draw,
                                       size_t k);

/* Median of room[n], which is sorted, and its standard error from the order statistics one standard
 * deviation of the median's rank to either side. */
double tally_median(double *room, size_t n, double *error);

/* Whether a share of n lies within lo .. hi, widened by `slack` standard errors. */
bool tally_between(double share, double lo, double hi, double n, double slack);

/* A share over all cells that are held to their bounds. */
struct tally_pool {
    double sum;
    size_t n;
};

void tally_add(struct tally_pool *pool, double share);

/* A line of its own; whether the share is within its bounds. */
bool tally_print(const struct coverage *coverage, const char *name, const struct tally_pool *pool,
                 double lo, double hi);

struct tally_covered { /* of one figure */
    size_t inside, above, below;
};

void tally_cover(struct tally_covered *covered, double truth, double lo, double hi);

#endif
