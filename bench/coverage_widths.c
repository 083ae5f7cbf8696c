/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bias of widths, coverage of their intervals and upper limits.
 */
#include "bench/tally.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>

static size_t list_widths(struct coverage_cell *cells)
{
    static const double half_widths[] = {0.4, 1.0, 2.0}, peaks[] = {10, 20, 50, 100, 300, 1000};
    size_t n = 0;
    for (size_t modes = 1; modes <= 2; modes++)
        for (size_t w = 0; w < IXS_COUNT(half_widths); w++)
            for (size_t p = 0; p < IXS_COUNT(peaks); p++) {
                double fwhm = 2.0 * half_widths[w];
                cells[n++] = (struct coverage_cell){.nmodes = modes,
                                                    .omega0 = {12.0, 20.0},
                                                    .fwhm = {fwhm, fwhm},
                                                    .peak = peaks[p]};
            }
    return n;
}

struct shares {
    double bias, bias_err, likeliest; /* relative */
    double inside, limit, energy, unresolved, missed;
};

static struct shares count(const struct coverage *coverage, size_t cell, size_t k)
{
    const size_t n = coverage->ndraws;
    const double truth = coverage->cells[cell].fwhm[k];
    double *given = coverage->room, *likeliest = given + n, unused;
    struct shares sum = {0};
    for (size_t d = 0; d < n; d++) {
        const struct coverage_mode *mode = tally_mode(coverage, cell, d, k);
        const struct ixs_fit_line *line = &mode->line;
        double lost = d % 2 ? INFINITY : 0.0;
        given[d] = mode->missed ? lost : line->fwhm / truth;
        likeliest[d] = mode->missed ? lost : mode->likeliest / truth;
        sum.inside += !mode->missed && truth >= line->fwhm_lo && truth <= line->fwhm_hi;
        sum.limit += !mode->missed && truth <= line->fwhm_ul90;
        sum.energy += !mode->missed && coverage->cells[cell].omega0[k] >= line->omega0_lo &&
                      coverage->cells[cell].omega0[k] <= line->omega0_hi;
        sum.unresolved += line->regime == IXS_FIT_UNRESOLVED;
        sum.missed += mode->missed;
    }
    sum.inside /= (double)n;
    sum.limit /= (double)n;
    sum.energy /= (double)n;
    sum.unresolved /= (double)n;
    sum.bias = tally_median(given, n, &sum.bias_err) - 1.0;
    sum.likeliest = tally_median(likeliest, n, &unused) - 1.0;
    return sum;
}

struct width_pools {
    struct tally_pool inside, limit, energy;
};

static bool report_mode(const struct coverage *coverage, size_t cell, size_t k,
                        struct width_pools *pools)
{
    const struct coverage_cell *truth = &coverage->cells[cell];
    struct shares s = count(coverage, cell, k);
    bool held = truth->peak >= 20.0;
    bool biased = !(fabs(s.bias) < 0.03 + (2.0 + coverage->slack) * s.bias_err);
    double n = (double)coverage->ndraws;
    bool inside = tally_between(s.inside, 0.65, 0.71, n, coverage->slack);
    bool limit = tally_between(s.limit, 0.86, 0.94, n, coverage->slack);
    printf("%zu/%zu %5.1f %6.0f %8.1f +-%4.1f%s %8.1f %9.3f%s %8.3f%s %8.3f %7.0f %6.0f\n", k + 1,
           truth->nmodes, 0.5 * truth->fwhm[k], truth->peak, 100.0 * s.bias, 100.0 * s.bias_err,
           biased ? "*" : " ", 100.0 * s.likeliest, s.inside, inside ? " " : "*", s.limit,
           limit ? " " : "*", s.energy, 100.0 * s.unresolved, s.missed);
    if (held) {
        tally_add(&pools->inside, s.inside);
        tally_add(&pools->limit, s.limit);
        tally_add(&pools->energy, s.energy);
    }
    return !held || (!biased && inside && limit);
}

static bool report_widths(const struct coverage *coverage)
{
    struct width_pools pools = {{0, 0}, {0, 0}, {0, 0}};
    bool good = true;
    printf("widths: %zu draws a cell, seed %llu; * beyond its bound (held to it from 20 counts)\n"
           "mode  HWHM   peak  FWHM bias %%     at max.  FWHM_LO-HI  UL90   OMEGA0 unresolved %% "
           "missed\n",
           coverage->ndraws, (unsigned long long)coverage->seed);
    for (size_t c = 0; c < coverage->ncells; c++)
        for (size_t k = 0; k < coverage->cells[c].nmodes; k++)
            good = report_mode(coverage, c, k, &pools) && good;
    good = tally_print(coverage, "FWHM_LO .. FWHM_HI", &pools.inside, 0.66, 0.70) && good;
    good = tally_print(coverage, "OMEGA0_LO .. OMEGA0_HI", &pools.energy, 0.66, 0.70) && good;
    return tally_print(coverage, "FWHM_UL90", &pools.limit, 0.88, 0.92) && good;
}

const struct coverage_part coverage_widths = {"widths", list_widths, report_widths};
