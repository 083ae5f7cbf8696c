/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two modes close together: whether they are found, and what is then said of them.
 */
#include "bench/tally.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>

static size_t list_close(struct coverage_cell *cells)
{
    static const double gaps[] = {1.0, 1.5, 2.0, 3.0, 4.0}, widths[] = {0.4, 1.6};
    static const double peaks[] = {50, 300};
    size_t n = 0;
    for (size_t w = 0; w < IXS_COUNT(widths); w++)
        for (size_t p = 0; p < IXS_COUNT(peaks); p++)
            for (size_t g = 0; g < 2 * IXS_COUNT(gaps); g++)
                cells[n++] = (struct coverage_cell){.nmodes = 2,
                                                    .chosen = g % 2 == 1,
                                                    .omega0 = {12.0, 12.0 + gaps[g / 2]},
                                                    .fwhm = {widths[w], widths[w]},
                                                    .peak = peaks[p]};
    return n;
}

static void report_pair(const struct coverage *coverage, size_t cell)
{
    const struct coverage_cell *truth = &coverage->cells[cell];
    struct tally_covered omega0[COVERAGE_MODES] = {{0}}, fwhm[COVERAGE_MODES] = {{0}};
    size_t counts[3] = {0}, missed[COVERAGE_MODES] = {0}, n = coverage->ndraws;
    for (size_t d = 0; d < n; d++) {
        size_t found = coverage->draws[(cell + 1) * n + d].nmodes;
        counts[found < 2 ? 0 : found > 2 ? 2 : 1]++;
        for (size_t k = 0; k < COVERAGE_MODES; k++) {
            const struct coverage_mode *mode = tally_mode(coverage, cell, d, k);
            missed[k] += mode->missed;
            if (mode->missed)
                continue;
            tally_cover(&omega0[k], truth->omega0[k], mode->line.omega0_lo, mode->line.omega0_hi);
            tally_cover(&fwhm[k], truth->fwhm[k], mode->line.fwhm_lo, mode->line.fwhm_hi);
        }
    }
    double each = 100.0 / (double)n;
    printf("%4.1f %4.1f %5.0f  %5.0f %4.0f %4.0f   %5.0f %4.0f ",
           truth->omega0[1] - truth->omega0[0], truth->fwhm[0], truth->peak,
           each * (double)counts[0], each * (double)counts[1], each * (double)counts[2],
           each * (double)missed[0], each * (double)missed[1]);
    for (size_t k = 0; k < COVERAGE_MODES; k++)
        printf("  %5.3f", (double)omega0[k].inside / (double)n);
    for (size_t k = 0; k < COVERAGE_MODES; k++)
        printf("  %5.3f", (double)fwhm[k].inside / (double)n);
    printf("\n");
}

static bool report_close(const struct coverage *coverage)
{
    printf(
        "close: %zu draws a cell, seed %llu; two modes of like height behind 1.5 meV; no bounds\n"
        "                 number chosen %%  number given: missed %%, shares within 68 %% "
        "intervals\n"
        " gap FWHM  peak    0,1    2   >2   low high   OMEGA0         FWHM\n",
        coverage->ndraws, (unsigned long long)coverage->seed);
    for (size_t c = 0; c < coverage->ncells; c += 2)
        report_pair(coverage, c);
    return true;
}

const struct coverage_part coverage_close = {"close", list_close, report_close};
