/* SPDX-License-Identifier: GPL-3.0-or-later
 * Relaxation and susceptibility of damped and overdamped modes.
 */
#include "bench/tally.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>

static size_t list_overdamped(struct coverage_cell *cells)
{
    static const double omega0[] = {4.0, 8.0}, ratios[] = {1.5, 2.0, 3.0, 4.0, 6.0};
    static const double peaks[] = {50, 200, 1000};
    size_t n = 0;
    for (size_t o = 0; o < IXS_COUNT(omega0); o++)
        for (size_t r = 0; r < IXS_COUNT(ratios); r++)
            for (size_t p = 0; p < IXS_COUNT(peaks); p++)
                cells[n++] = (struct coverage_cell){.nmodes = 1,
                                                    .omega0 = {omega0[o]},
                                                    .fwhm = {ratios[r] * omega0[o]},
                                                    .peak = peaks[p]};
    return n;
}

struct relaxation_pools {
    struct tally_pool rate, susceptibility;
};

static bool print_covered(const struct coverage *coverage, const struct tally_covered *covered,
                          struct tally_pool *pool)
{
    double n = (double)coverage->ndraws, share = (double)covered->inside / n;
    bool good = pool == NULL || tally_between(share, 0.64, 0.72, n, coverage->slack);
    printf("  %5.3f (%4.1f %4.1f)%s", share, 100.0 * (double)covered->below / n,
           100.0 * (double)covered->above / n, good ? " " : "*");
    if (pool != NULL)
        tally_add(pool, share);
    return good;
}

static bool report_cell(const struct coverage *coverage, size_t cell,
                        struct relaxation_pools *pools)
{
    const struct coverage_cell *truth = &coverage->cells[cell];
    const double o = truth->omega0[0], g = truth->fwhm[0], chi = 2.0 * truth->strength[0] / o;
    struct tally_covered rate = {0}, susceptibility = {0}, omega0 = {0}, fwhm = {0};
    size_t inseparable = 0, overdamped = 0, good = 0, n = coverage->ndraws;
    double *rates = coverage->room, *chis = rates + n, rate_err, chi_err;
    for (size_t d = 0; d < n; d++) {
        const struct ixs_fit_line *line = &tally_mode(coverage, cell, d, 0)->line;
        tally_cover(&rate, o * o / g, line->relaxation_lo, line->relaxation_hi);
        tally_cover(&susceptibility, chi, line->susceptibility_lo, line->susceptibility_hi);
        tally_cover(&omega0, o, line->omega0_lo, line->omega0_hi);
        tally_cover(&fwhm, g, line->fwhm_lo, line->fwhm_hi);
        rates[d] = line->relaxation * g / (o * o);
        chis[d] = line->susceptibility / chi;
        inseparable += line->inseparable;
        overdamped += line->regime == IXS_FIT_OVERDAMPED;
        good += coverage->draws[cell * n + d].status == IXS_FIT_GOOD;
    }
    double rate_bias = tally_median(rates, n, &rate_err) - 1.0;
    double chi_bias = tally_median(chis, n, &chi_err) - 1.0;
    printf("%5.1f %5.1f %6.0f  %6.1f %6.1f", o, g / o, truth->peak, 100.0 * rate_bias,
           100.0 * chi_bias);
    bool kept = print_covered(coverage, &rate, &pools->rate);
    kept = print_covered(coverage, &susceptibility, &pools->susceptibility) && kept;
    print_covered(coverage, &omega0, NULL);
    print_covered(coverage, &fwhm, NULL);
    printf("%6.0f %6.0f %6.0f\n", 100.0 * (double)inseparable / (double)n,
           100.0 * (double)overdamped / (double)n, 100.0 * (double)good / (double)n);
    return kept;
}

static bool report_overdamped(const struct coverage *coverage)
{
    struct relaxation_pools pools = {{0, 0}, {0, 0}};
    bool good = true;
    printf("overdamped: %zu draws a cell, seed %llu; shares within 68 %% intervals (%% of draws "
           "whose interval lies below, above the truth); * beyond its bound\n"
           "OMEGA0 FWHM/  peak   RELAX. SUSC.  RELAXATION         SUSCEPTIBILITY     OMEGA0        "
           "     FWHM               insep. overd. good\n"
           "       OMEGA0        bias %% bias %%\n",
           coverage->ndraws, (unsigned long long)coverage->seed);
    for (size_t c = 0; c < coverage->ncells; c++)
        good = report_cell(coverage, c, &pools) && good;
    good = tally_print(coverage, "RELAXATION", &pools.rate, 0.66, 0.70) && good;
    return tally_print(coverage, "SUSCEPTIBILITY", &pools.susceptibility, 0.66, 0.70) && good;
}

const struct coverage_part coverage_overdamped = {"overdamped", list_overdamped, report_overdamped};
