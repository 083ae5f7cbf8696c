/* SPDX-License-Identifier: GPL-3.0-or-later
 * Medians, shares and their errors.
 */
#include "bench/tally.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>

const struct coverage_mode *tally_mode(const struct coverage *coverage, size_t cell, size_t draw,
                                       size_t k)
{
    return &coverage->draws[cell * coverage->ndraws + draw].modes[k];
}

double tally_median(double *room, size_t n, double *error)
{
    size_t half = n / 2, reach = (size_t)lround(0.5 * sqrt((double)n));
    gsl_sort(room, 1, n);
    *error = 0.5 * (room[half + reach] - room[half - reach]);
    return n % 2 ? room[half] : 0.5 * (room[half - 1] + room[half]);
}

bool tally_between(double share, double lo, double hi, double n, double slack)
{
    double room = slack * sqrt(lo * (1.0 - lo) / n);
    return share >= lo - room && share <= hi + room;
}

void tally_add(struct tally_pool *pool, double share)
{
    pool->sum += share;
    pool->n++;
}

bool tally_print(const struct coverage *coverage, const char *name, const struct tally_pool *pool,
                 double lo, double hi)
{
    double share = pool->sum / (double)pool->n, n = (double)(pool->n * coverage->ndraws);
    bool good = tally_between(share, lo, hi, n, 0.5 * coverage->slack);
    printf("all cells: %-24s %.4f +- %.4f  wanted %.2f .. %.2f  %s\n", name, share,
           sqrt(share * (1.0 - share) / n), lo, hi, good ? "good" : "MISSED");
    return good;
}

void tally_cover(struct tally_covered *covered, double truth, double lo, double hi)
{
    covered->above += truth < lo;
    covered->below += truth > hi;
    covered->inside += !(truth < lo) && !(truth > hi);
}
