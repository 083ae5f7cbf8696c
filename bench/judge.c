/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pulls and coverage of fitted modes, and the bounds they have to keep.
 */
#include "bench/judge.h"

#include "base/array.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double width_pull(double fit, double lo, double hi, double truth)
{
    double end = truth > fit ? hi : lo;
    if (fit > 0.0 && end > 0.0)
        return log(fit / truth) / fabs(log(end / fit));
    return (fit - truth) / fabs(end - fit);
}

static void judge(struct judge_record *record)
{
    const struct judge_mode *fit = &record->fit;
    double truth = record->truth.fwhm;
    record->missed = false;
    record->pull_omega0 = (fit->omega0 - record->truth.omega0) / fit->omega0_err;
    record->pull_width = width_pull(fit->fwhm, fit->fwhm_lo, fit->fwhm_hi, truth);
    record->pull_curvature = log(fit->fwhm / truth) * fit->fwhm / fit->fwhm_err;
    record->inside_width = truth >= fit->fwhm_lo && truth <= fit->fwhm_hi;
    record->inside_limit = truth <= fit->fwhm_ul90;
}

struct pair {
    size_t truth, fit;
    double far;
};

static struct pair nearest(size_t ntrue, const struct judge_mode *truth, const bool *done,
                           size_t nfit, const struct judge_mode *fit, const bool *taken)
{
    struct pair best = {0, 0, INFINITY};
    for (size_t k = 0; k < ntrue; k++)
        for (size_t m = 0; m < nfit; m++) {
            double far = fabs(fit[m].omega0 - truth[k].omega0);
            if (!done[k] && !taken[m] && far <= 1.5 + 0.5 * truth[k].fwhm && far < best.far)
                best = (struct pair){k, m, far};
        }
    return best;
}

size_t judge_match(size_t ntrue, const struct judge_mode *truth, size_t nfit,
                   const struct judge_mode *fit, bool chosen, struct judge_record *records)
{
    bool taken[JUDGE_MODES] = {false}, done[JUDGE_MODES] = {false};
    size_t invented = nfit;
    for (size_t k = 0; k < ntrue; k++)
        records[k] = (struct judge_record){.chosen = chosen, .missed = true, .truth = truth[k]};
    for (;;) {
        struct pair pair = nearest(ntrue, truth, done, nfit, fit, taken);
        if (isinf(pair.far))
            return invented;
        done[pair.truth] = taken[pair.fit] = true;
        invented--;
        records[pair.truth].fit = fit[pair.fit];
        judge(&records[pair.truth]);
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

enum kind { OMEGA0, WIDTH, CURVATURE };

static double pull_of(const struct judge_record *record, enum kind kind, size_t number)
{
    double pull = kind == OMEGA0  ? record->pull_omega0
                  : kind == WIDTH ? record->pull_width
                                  : record->pull_curvature;
    if (record->missed || isnan(pull))
        return number % 2 ? INFINITY : -INFINITY;
    return pull;
}

static bool inside(const struct judge_record *record, enum kind kind)
{
    if (record->missed)
        return false;
    return kind == OMEGA0  ? fabs(record->pull_omega0) <= 1.0
           : kind == WIDTH ? record->inside_width
                           : fabs(record->pull_curvature) <= 1.0;
}

static bool line(const char *name, double value, double lo, double hi)
{
    bool good = value >= lo && value <= hi;
    printf("  %-34s %8.3f   wanted %6.3f .. %6.3f   %s\n", name, value, lo, hi,
           good ? "good" : "MISSED");
    return good;
}

/* Of the modes whose true width is 0.8 meV or more. */
static bool report_pulls(size_t n, const struct judge_record *records, const char *name,
                         enum kind kind, double slack, double *room)
{
    size_t count = 0, covered = 0;
    for (size_t i = 0; i < n; i++) {
        if (records[i].truth.fwhm < 0.8)
            continue;
        covered += inside(&records[i], kind);
        room[count] = pull_of(&records[i], kind, count);
        count++;
    }
    gsl_sort(room, 1, count);
    double low = gsl_stats_quantile_from_sorted_data(room, 1, count, 0.25);
    double high = gsl_stats_quantile_from_sorted_data(room, 1, count, 0.75);
    double root = sqrt((double)count), share = (2.0 + slack) * sqrt(0.68 * 0.32) / root;
    double middle = 0.1 + slack * 1.25 / root, spread = 0.1 + slack * 1.17 / root;
    printf("%s, %zu modes of true FWHM >= 0.8 meV\n", name, count);
    bool good =
        line("median pull", gsl_stats_median_from_sorted_data(room, 1, count), -middle, middle);
    good = line("IQR/1.349", (high - low) / 1.349, 1.0 - spread, 1.0 + spread) && good;
    return line("within one error", (double)covered / (double)count, 0.66 - share, 0.70 + share) &&
           good;
}

static bool report_limits(size_t n, const struct judge_record *records, double slack)
{
    size_t count = 0, covered = 0;
    for (size_t i = 0; i < n; i++) {
        if (records[i].truth.fwhm >= 0.8)
            continue;
        covered += !records[i].missed && records[i].inside_limit;
        count++;
    }
    printf("FWHM_UL90, %zu modes of true FWHM < 0.8 meV\n", count);
    slack *= sqrt(0.9 * 0.1 / (double)count);
    return line("covered", (double)covered / (double)count, 0.86 - slack, 0.94 + slack);
}

static void report_counts(size_t n, const struct judge_record *records, const size_t invented[2])
{
    static const char *const halves[] = {"given", "chosen"};
    for (int half = 0; half < 2; half++) {
        size_t count = 0, missed = 0;
        for (size_t i = 0; i < n; i++) {
            count += records[i].chosen == (half == 1);
            missed += records[i].chosen == (half == 1) && records[i].missed;
        }
        printf("number of modes %-6s: %5zu true, %4zu missed, %4zu invented\n", halves[half], count,
               missed, invented[half]);
    }
}

bool judge_report(size_t n, const struct judge_record *records, const size_t invented[2],
                  double slack, bool *good, struct ixs_err *err)
{
    double *room = NULL;
    if (!IXS_NEW(room, n, err))
        return false;
    report_counts(n, records, invented);
    *good = report_pulls(n, records, "OMEGA0", OMEGA0, slack, room);
    *good = report_pulls(n, records, "ln FWHM by FWHM_LO, FWHM_HI", WIDTH, slack, room) && *good;
    report_pulls(n, records, "ln FWHM by FWHM_ERR/FWHM (for comparison)", CURVATURE, slack, room);
    *good = report_limits(n, records, slack) && *good;
    free(room);
    return true;
}
