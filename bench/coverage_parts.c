/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is measured, and the bounds it is held to.
 */
#include "bench/coverage.h"

#include "base/array.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>

static const struct coverage_mode *mode_of(const struct coverage *coverage, size_t cell,
                                           size_t draw, size_t k)
{
    return &coverage->draws[cell * coverage->ndraws + draw].modes[k];
}

/* Median of room[n], which is sorted, and its standard error from the order statistics one standard
 * deviation of the median's rank to either side. */
static double median_of(double *room, size_t n, double *error)
{
    size_t half = n / 2, reach = (size_t)lround(0.5 * sqrt((double)n));
    gsl_sort(room, 1, n);
    *error = 0.5 * (room[half + reach] - room[half - reach]);
    return n % 2 ? room[half] : 0.5 * (room[half - 1] + room[half]);
}

static bool between(double share, double lo, double hi, double n, double slack)
{
    double room = slack * sqrt(lo * (1.0 - lo) / n);
    return share >= lo - room && share <= hi + room;
}

/* A share over all cells that are held to their bounds. */
struct pool {
    double sum;
    size_t n;
};

static void add(struct pool *pool, double share)
{
    pool->sum += share;
    pool->n++;
}

static bool print_pool(const struct coverage *coverage, const char *name, const struct pool *pool,
                       double lo, double hi)
{
    double share = pool->sum / (double)pool->n, n = (double)(pool->n * coverage->ndraws);
    bool good = between(share, lo, hi, n, coverage->slack);
    printf("all cells: %-24s %.4f +- %.4f  wanted %.2f .. %.2f  %s\n", name, share,
           sqrt(share * (1.0 - share) / n), lo, hi, good ? "good" : "MISSED");
    return good;
}

/* ---- widths ---------------------------------------------------------------------------------- */

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
    double inside, limit, unresolved, missed;
};

static struct shares count(const struct coverage *coverage, size_t cell, size_t k)
{
    const size_t n = coverage->ndraws;
    const double truth = coverage->cells[cell].fwhm[k];
    double *given = coverage->room, *likeliest = given + n, unused;
    struct shares sum = {0};
    for (size_t d = 0; d < n; d++) {
        const struct coverage_mode *mode = mode_of(coverage, cell, d, k);
        const struct ixs_fit_line *line = &mode->line;
        double lost = d % 2 ? INFINITY : 0.0;
        given[d] = mode->missed ? lost : line->fwhm / truth;
        likeliest[d] = mode->missed ? lost : mode->likeliest / truth;
        sum.inside += !mode->missed && truth >= line->fwhm_lo && truth <= line->fwhm_hi;
        sum.limit += !mode->missed && truth <= line->fwhm_ul90;
        sum.unresolved += line->regime == IXS_FIT_UNRESOLVED;
        sum.missed += mode->missed;
    }
    sum.inside /= (double)n;
    sum.limit /= (double)n;
    sum.unresolved /= (double)n;
    sum.bias = median_of(given, n, &sum.bias_err) - 1.0;
    sum.likeliest = median_of(likeliest, n, &unused) - 1.0;
    return sum;
}

struct width_pools {
    struct pool inside, limit;
};

static bool report_mode(const struct coverage *coverage, size_t cell, size_t k,
                        struct width_pools *pools)
{
    const struct coverage_cell *truth = &coverage->cells[cell];
    struct shares s = count(coverage, cell, k);
    bool held = truth->peak >= 20.0;
    bool biased = !(fabs(s.bias) < 0.03 + (2.0 + coverage->slack) * s.bias_err);
    double n = (double)coverage->ndraws;
    bool inside = between(s.inside, 0.65, 0.71, n, coverage->slack);
    bool limit = between(s.limit, 0.86, 0.94, n, coverage->slack);
    printf("%zu/%zu %5.1f %6.0f %8.1f +-%4.1f%s %8.1f %9.3f%s %8.3f%s %7.0f %6.0f\n", k + 1,
           truth->nmodes, 0.5 * truth->fwhm[k], truth->peak, 100.0 * s.bias, 100.0 * s.bias_err,
           biased ? "*" : " ", 100.0 * s.likeliest, s.inside, inside ? " " : "*", s.limit,
           limit ? " " : "*", 100.0 * s.unresolved, s.missed);
    if (held) {
        add(&pools->inside, s.inside);
        add(&pools->limit, s.limit);
    }
    return !held || (!biased && inside && limit);
}

static bool report_widths(const struct coverage *coverage)
{
    struct width_pools pools = {{0, 0}, {0, 0}};
    bool good = true;
    printf("widths: %zu draws a cell, seed %llu; * beyond its bound (held to it from 20 counts)\n"
           "mode  HWHM   peak  FWHM bias %%     at max.  FWHM_LO-HI  UL90   unresolved %% missed\n",
           coverage->ndraws, (unsigned long long)coverage->seed);
    for (size_t c = 0; c < coverage->ncells; c++)
        for (size_t k = 0; k < coverage->cells[c].nmodes; k++)
            good = report_mode(coverage, c, k, &pools) && good;
    good = print_pool(coverage, "FWHM_LO .. FWHM_HI", &pools.inside, 0.66, 0.70) && good;
    return print_pool(coverage, "FWHM_UL90", &pools.limit, 0.88, 0.92) && good;
}

/* ---- overdamped modes ------------------------------------------------------------------------ */

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

struct covered { /* of one figure */
    size_t inside, above, below;
};

struct relaxation_pools {
    struct pool rate, susceptibility;
};

static void cover(struct covered *covered, double truth, double lo, double hi)
{
    covered->above += truth < lo;
    covered->below += truth > hi;
    covered->inside += !(truth < lo) && !(truth > hi);
}

static bool print_covered(const struct coverage *coverage, const struct covered *covered,
                          struct pool *pool)
{
    double n = (double)coverage->ndraws, share = (double)covered->inside / n;
    bool good = pool == NULL || between(share, 0.64, 0.72, n, coverage->slack);
    printf("  %5.3f (%4.1f %4.1f)%s", share, 100.0 * (double)covered->below / n,
           100.0 * (double)covered->above / n, good ? " " : "*");
    if (pool != NULL)
        add(pool, share);
    return good;
}

static bool report_cell(const struct coverage *coverage, size_t cell,
                        struct relaxation_pools *pools)
{
    const struct coverage_cell *truth = &coverage->cells[cell];
    const double o = truth->omega0[0], g = truth->fwhm[0], chi = 2.0 * truth->strength[0] / o;
    struct covered rate = {0}, susceptibility = {0}, omega0 = {0}, fwhm = {0};
    size_t inseparable = 0, overdamped = 0, good = 0, n = coverage->ndraws;
    double *rates = coverage->room, *chis = rates + n, rate_err, chi_err;
    for (size_t d = 0; d < n; d++) {
        const struct ixs_fit_line *line = &mode_of(coverage, cell, d, 0)->line;
        cover(&rate, o * o / g, line->relaxation_lo, line->relaxation_hi);
        cover(&susceptibility, chi, line->susceptibility_lo, line->susceptibility_hi);
        cover(&omega0, o, line->omega0_lo, line->omega0_hi);
        cover(&fwhm, g, line->fwhm_lo, line->fwhm_hi);
        rates[d] = line->relaxation * g / (o * o);
        chis[d] = line->susceptibility / chi;
        inseparable += line->inseparable;
        overdamped += line->regime == IXS_FIT_OVERDAMPED;
        good += coverage->draws[cell * n + d].status == IXS_FIT_GOOD;
    }
    double rate_bias = median_of(rates, n, &rate_err) - 1.0;
    double chi_bias = median_of(chis, n, &chi_err) - 1.0;
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
    good = print_pool(coverage, "RELAXATION", &pools.rate, 0.66, 0.70) && good;
    return print_pool(coverage, "SUSCEPTIBILITY", &pools.susceptibility, 0.66, 0.70) && good;
}

/* ---- modes close together -------------------------------------------------------------------- */

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
    struct covered omega0[COVERAGE_MODES] = {{0}}, fwhm[COVERAGE_MODES] = {{0}};
    size_t counts[3] = {0}, missed[COVERAGE_MODES] = {0}, n = coverage->ndraws;
    for (size_t d = 0; d < n; d++) {
        size_t found = coverage->draws[(cell + 1) * n + d].nmodes;
        counts[found < 2 ? 0 : found > 2 ? 2 : 1]++;
        for (size_t k = 0; k < COVERAGE_MODES; k++) {
            const struct coverage_mode *mode = mode_of(coverage, cell, d, k);
            missed[k] += mode->missed;
            if (mode->missed)
                continue;
            cover(&omega0[k], truth->omega0[k], mode->line.omega0_lo, mode->line.omega0_hi);
            cover(&fwhm[k], truth->fwhm[k], mode->line.fwhm_lo, mode->line.fwhm_hi);
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

const struct coverage_part coverage_parts[] = {
    {"widths", list_widths, report_widths},
    {"overdamped", list_overdamped, report_overdamped},
    {"close", list_close, report_close},
};
const size_t coverage_nparts = IXS_COUNT(coverage_parts);
