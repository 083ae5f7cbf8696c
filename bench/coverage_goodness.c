/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether P_VALUE is what it says: of right models one in ten below 0.1, and so on.
 */
#include "bench/tally.h"

#include "base/array.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>

static size_t list_goodness(struct coverage_cell *cells)
{
    static const double means[] = {0.5, 2.0, 10.0}, levels[] = {0.03, 0.5};
    size_t n = 0;
    for (size_t modes = 1; modes <= 2; modes++)
        for (size_t l = 0; l < IXS_COUNT(levels); l++)
            for (size_t m = 0; m < IXS_COUNT(means); m++)
                cells[n++] = (struct coverage_cell){.nmodes = modes,
                                                    .omega0 = {12.0, 20.0},
                                                    .fwhm = {1.0, 1.0},
                                                    .peak = 1.0,
                                                    .level = levels[l],
                                                    .mean = means[m]};
    return n;
}

/* Largest distance of the shares below from what they should be; p[n] is sorted. */
static double distance(double *p, size_t n)
{
    double most = 0.0;
    gsl_sort(p, 1, n);
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fmax((double)(i + 1) / (double)n - p[i], p[i] - (double)i / (double)n));
    return most;
}

static double share_below(const double *p, size_t n, double level)
{
    size_t found = 0;
    while (found < n && p[found] < level)
        found++;
    return (double)found / (double)n;
}

/* Bounds: a distance of 1.63/sqrt(n) is exceeded by one uniform sample in a hundred; 0.03 of its
 * own is allowed. Rare chances within a quarter. */
static bool report_goodness(const struct coverage *coverage)
{
    size_t n = coverage->ndraws;
    double root = sqrt((double)n), *p = coverage->room;
    bool good = true;
    printf("goodness: %zu draws a cell, seed %llu; shares of P_VALUE below a level; * beyond its "
           "bound\nmodes background counts/point   0.01    0.05    0.16    0.50    0.84   0.95  "
           "distance\n",
           n, (unsigned long long)coverage->seed);
    for (size_t c = 0; c < coverage->ncells; c++) {
        const struct coverage_cell *cell = &coverage->cells[c];
        for (size_t d = 0; d < n; d++)
            p[d] = coverage->draws[c * n + d].p_value;
        double far = distance(p, n), low = share_below(p, n, 0.05);
        bool here = far < 0.03 + 1.63 / root &&
                    tally_between(low, 0.0375, 0.0625, (double)n, 2.0 + coverage->slack);
        printf("%5zu %10.2f %12.1f ", cell->nmodes, cell->level, cell->mean);
        printf("%7.3f %7.3f %7.3f %7.3f %7.3f %7.3f  %.3f%s\n", share_below(p, n, 0.01), low,
               share_below(p, n, 0.16), share_below(p, n, 0.5), share_below(p, n, 0.84),
               share_below(p, n, 0.95), far, here ? "" : "*");
        good = good && here;
    }
    return good;
}

const struct coverage_part coverage_goodness = {"goodness", list_goodness, report_goodness};
