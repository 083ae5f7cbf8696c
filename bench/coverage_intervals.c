/* SPDX-License-Identifier: GPL-3.0-or-later
 * Three kinds of 68 % intervals side by side: curvature, profile likelihood, bootstrap; of spectra
 * with few counts and of modes that are much or over damped, where they differ.
 */
#include "bench/tally.h"

#include "base/array.h"

#include <stdio.h>

static size_t list_intervals(struct coverage_cell *cells)
{
    static const struct {
        double omega0, fwhm, peak;
    } hard[] = {{12, 0.4, 30}, {12, 0.8, 10}, {12, 2, 5},   {12, 4, 5},
                {8, 16, 30},   {4, 8, 100},   {8, 24, 100}, {8, 32, 1000}};
    for (size_t n = 0; n < IXS_COUNT(hard); n++)
        cells[n] = (struct coverage_cell){.nmodes = 1,
                                          .omega0 = {hard[n].omega0},
                                          .fwhm = {hard[n].fwhm},
                                          .peak = hard[n].peak,
                                          .bootstrap = 60};
    return IXS_COUNT(hard);
}

enum { FIGURES = 3, KINDS = 3 };

struct covers { /* of OMEGA0, FWHM and STRENGTH: by each kind */
    struct tally_covered kinds[KINDS];
};

static void add(const struct coverage_cell *cell, const struct coverage_mode *mode,
                struct covers covers[FIGURES])
{
    const struct ixs_fit_line *line = &mode->line;
    const double truth[FIGURES] = {cell->omega0[0], cell->fwhm[0], cell->strength[0]};
    const double lo[FIGURES] = {line->omega0_lo, line->fwhm_lo, mode->lower[2]};
    const double hi[FIGURES] = {line->omega0_hi, line->fwhm_hi, mode->upper[2]};
    for (int k = 0; k < FIGURES; k++) {
        double value = mode->values[k], error = mode->errors[k];
        tally_cover(&covers[k].kinds[0], truth[k], value - error, value + error);
        tally_cover(&covers[k].kinds[1], truth[k], lo[k], hi[k]);
        tally_cover(&covers[k].kinds[2], truth[k], mode->bootstrap[k].lo, mode->bootstrap[k].hi);
    }
}

/* Held to their bounds are the profiles of OMEGA0 and FWHM; the rest is to compare. */
static bool report_intervals(const struct coverage *coverage)
{
    struct tally_pool pools[2] = {{0, 0}, {0, 0}};
    double n = (double)coverage->ndraws;
    printf(
        "intervals: %zu draws a cell, seed %llu; shares inside by curvature, profile, bootstrap\n"
        "OMEGA0  FWHM  peak        OMEGA0                 FWHM               STRENGTH\n",
        coverage->ndraws, (unsigned long long)coverage->seed);
    for (size_t c = 0; c < coverage->ncells; c++) {
        const struct coverage_cell *cell = &coverage->cells[c];
        struct covers covers[FIGURES] = {0};
        for (size_t d = 0; d < coverage->ndraws; d++)
            add(cell, tally_mode(coverage, c, d, 0), covers);
        printf("%5.0f %5.1f %6.0f  ", cell->omega0[0], cell->fwhm[0], cell->peak);
        for (int k = 0; k < FIGURES; k++) {
            for (int m = 0; m < KINDS; m++)
                printf(" %6.3f", (double)covers[k].kinds[m].inside / n);
            printf("  ");
        }
        printf("\n");
        for (int k = 0; k < 2; k++)
            tally_add(&pools[k], (double)covers[k].kinds[1].inside / n);
    }
    bool good = tally_print(coverage, "OMEGA0 by profile", &pools[0], 0.65, 0.72);
    return tally_print(coverage, "FWHM by profile", &pools[1], 0.65, 0.71) && good;
}

const struct coverage_part coverage_intervals = {"intervals", list_intervals, report_intervals};
