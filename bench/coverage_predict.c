/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether errors foretold from the model alone are what fits scatter by.
 */
#include "bench/tally.h"

#include "base/array.h"
#include "models/fit/predict.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>

static size_t list_predict(struct coverage_cell *cells)
{
    static const double widths[] = {0.8, 2.0, 4.0}, peaks[] = {30, 100, 300};
    size_t n = 0;
    for (size_t modes = 1; modes <= 2; modes++)
        for (size_t w = 0; w < IXS_COUNT(widths); w++)
            for (size_t p = 0; p < IXS_COUNT(peaks); p++)
                cells[n++] = (struct coverage_cell){.nmodes = modes,
                                                    .omega0 = {12.0, 20.0},
                                                    .fwhm = {widths[w], widths[w]},
                                                    .peak = peaks[p]};
    return n;
}

static double figure_of(const struct coverage_mode *mode, size_t which)
{
    return which == 0 ? mode->line.omega0 : which == 1 ? mode->likeliest : mode->line.strength;
}

/* Half the range of the middle 68 %. */
static double scatter(const struct coverage *coverage, size_t cell, size_t k, size_t which)
{
    size_t n = coverage->ndraws;
    for (size_t d = 0; d < n; d++)
        coverage->room[d] = figure_of(tally_mode(coverage, cell, d, k), which);
    gsl_sort(coverage->room, 1, n);
    return 0.5 * (coverage->room[(size_t)(0.841345 * (double)n)] -
                  coverage->room[(size_t)(0.158655 * (double)n)]);
}

static bool report_mode(const struct coverage *coverage, size_t cell, size_t k,
                        const double *errors)
{
    const struct coverage_cell *truth = &coverage->cells[cell];
    size_t first = IXS_MODEL_BACKGROUND + 1 + IXS_MODEL_PER_MODE * k;
    /* the middle of n normal draws is known to so much */
    double slack = 0.1 + (2.0 + coverage->slack) * 0.92 / sqrt((double)coverage->ndraws);
    bool good = true;
    printf("%zu/%zu %5.1f %6.0f ", k + 1, truth->nmodes, truth->fwhm[k], truth->peak);
    for (size_t which = 0; which < 3; which++) {
        double ratio = scatter(coverage, cell, k, which) / errors[first + which];
        bool here = fabs(ratio - 1.0) < slack;
        printf(" %9.4f %6.3f%s", errors[first + which], ratio, here ? " " : "*");
        good = good && here;
    }
    printf("\n");
    return good;
}

static bool report_predict(const struct coverage *coverage)
{
    bool good = true;
    printf(
        "predict: %zu draws a cell, seed %llu; foretold error and scatter over it; * off by more "
        "than a tenth\nmode  FWHM   peak     OMEGA0             FWHM           STRENGTH\n",
        coverage->ndraws, (unsigned long long)coverage->seed);
    for (size_t c = 0; c < coverage->ncells; c++) {
        double errors[IXS_MODEL_MOST_PARAMETERS];
        struct ixs_err err = IXS_ERR_NONE;
        if (!coverage_predict(errors, coverage->spaces[0], &coverage->cells[c], &err))
            return false;
        for (size_t k = 0; k < coverage->cells[c].nmodes; k++)
            good = report_mode(coverage, c, k, errors) && good;
    }
    return good;
}

const struct coverage_part coverage_foretold = {"predict", list_predict, report_predict};
