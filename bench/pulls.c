/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the fit says of its errors, held against simulated truth: `pulls [SPECTRA [SEED [THREADS]]]`
 * prints a table and ends with 1 if a bound is missed. Half of the spectra are fitted with the
 * number of modes given, half with the number chosen; starts are the fit's own.
 *
 * Matching: pairs of a true and a fitted mode are taken nearest first, one to one, as long as they
 * are within 1.5 meV + FWHM/2 (true). A true mode without a partner is missed, a fitted one is
 * invented. A missed mode counts as outside of every interval, and as an infinite pull of
 * alternating sign.
 *
 * Pulls: of OMEGA0 (fit - truth)/OMEGA0_ERR; of ln FWHM, ln(fit/truth) over the distance in ln FWHM
 * from the fit to FWHM_LO or FWHM_HI, whichever lies on the truth's side (where an end of that is
 * 0, in FWHM itself). Within one error: the truth lies in FWHM_LO .. FWHM_HI.
 */
#include "bench/pulls_simulate.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct record { /* one true mode */
    bool chosen, missed;
    struct pulls_mode truth;
    struct ixs_fit_line line;
    double pull_omega0, pull_width, pull_curvature;
    bool inside_width, inside_limit, inside_curvature;
};

struct run {
    uint64_t seed;
    size_t nspectra;
    struct ixs_fit_space **spaces;
    struct record *records;      /* [nspectra * PULLS_MODES] */
    size_t *nrecords, *invented; /* [nspectra] */
    enum ixs_fit_status *status;
};

static double width_pull(double fit, double lo, double hi, double truth)
{
    double end = truth > fit ? hi : lo;
    if (fit > 0.0 && end > 0.0)
        return log(fit / truth) / fabs(log(end / fit));
    return (fit - truth) / fabs(end - fit);
}

static void judge(struct record *record)
{
    const struct ixs_fit_line *line = &record->line;
    double truth = record->truth.fwhm;
    record->pull_omega0 = (line->omega0 - record->truth.omega0) / line->omega0_err;
    record->pull_width = width_pull(line->fwhm, line->fwhm_lo, line->fwhm_hi, truth);
    record->pull_curvature = log(line->fwhm / truth) * line->fwhm / line->fwhm_err;
    record->inside_width = truth >= line->fwhm_lo && truth <= line->fwhm_hi;
    record->inside_limit = truth <= line->fwhm_ul90;
    record->inside_curvature = fabs(record->pull_curvature) <= 1.0;
}

/* Pairs modes nearest first. */
static size_t match(const struct pulls_truth *truth, const struct ixs_fit_answer *answer,
                    struct record *records)
{
    bool taken[IXS_MODEL_MOST_MODES] = {false}, done[PULLS_MODES] = {false};
    size_t invented = answer->nmodes;
    for (size_t k = 0; k < truth->nmodes; k++)
        records[k] = (struct record){.missed = true, .truth = truth->modes[k]};
    for (;;) {
        double least = INFINITY;
        size_t a = 0, b = 0;
        for (size_t k = 0; k < truth->nmodes; k++)
            for (size_t m = 0; m < answer->nmodes; m++) {
                double far = fabs(answer->lines[m].omega0 - truth->modes[k].omega0);
                if (done[k] || taken[m] || far > 1.5 + 0.5 * truth->modes[k].fwhm || far >= least)
                    continue;
                least = far;
                a = k;
                b = m;
            }
        if (!(least < INFINITY))
            return invented;
        done[a] = taken[b] = true;
        invented--;
        records[a].missed = false;
        records[a].line = answer->lines[b];
        judge(&records[a]);
    }
}

static bool fit_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct run *run = context;
    struct pulls_spectrum spectrum;
    struct ixs_fit_answer answer;
    struct ixs_fit_task task = IXS_FIT_TASK;
    struct record *records = run->records + index * PULLS_MODES;
    pulls_simulate(&spectrum, run->seed, index);
    task.points = (struct ixs_model_points){PULLS_POINTS, spectrum.energy, spectrum.counts,
                                            spectrum.exposure, spectrum.dark};
    task.response = pulls_response;
    task.kelvin = PULLS_KELVIN;
    task.zero_err = PULLS_ZERO_ERR;
    bool chosen = index % 2 == 1;
    task.nmodes = chosen ? IXS_FIT_CHOOSE_MODES : (int)spectrum.truth.nmodes;
    const char *complaint = ixs_fit_complaint(&task);
    if (complaint)
        return ixs_fail(err, IXS_BUG, "%s", complaint);
    ixs_fit_run(run->spaces[worker], &task, &answer);
    run->invented[index] = match(&spectrum.truth, &answer, records);
    run->nrecords[index] = spectrum.truth.nmodes;
    run->status[index] = answer.status;
    for (size_t k = 0; k < spectrum.truth.nmodes; k++)
        records[k].chosen = chosen;
    return true;
}

/* ---- figures
 * ------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double quantile(size_t n, const double *sorted, double share)
{
    double at = share * (double)(n - 1);
    size_t k = (size_t)at;
    double t = at - (double)k;
    return k + 1 < n && t > 0.0 ? sorted[k] * (1.0 - t) + sorted[k + 1] * t : sorted[k];
}

struct figures {
    size_t n;
    double median, spread, inside;
};

enum kind { OMEGA0, WIDTH, CURVATURE };

static double pull_of(const struct record *record, enum kind kind, size_t number)
{
    double pull = kind == OMEGA0  ? record->pull_omega0
                  : kind == WIDTH ? record->pull_width
                                  : record->pull_curvature;
    if (record->missed || isnan(pull))
        return number % 2 ? INFINITY : -INFINITY;
    return pull;
}

static bool inside(const struct record *record, enum kind kind)
{
    if (record->missed)
        return false;
    return kind == OMEGA0  ? fabs(record->pull_omega0) <= 1.0
           : kind == WIDTH ? record->inside_width
                           : record->inside_curvature;
}

static struct figures figures_of(size_t n, const struct record *records, enum kind kind,
                                 double *work)
{
    struct figures out = {.n = n};
    for (size_t k = 0; k < n; k++) {
        work[k] = pull_of(&records[k], kind, k);
        out.inside += inside(&records[k], kind) ? 1.0 / (double)n : 0.0;
    }
    qsort(work, n, sizeof *work, ascending);
    out.median = quantile(n, work, 0.5);
    out.spread = (quantile(n, work, 0.75) - quantile(n, work, 0.25)) / 1.349;
    return out;
}

/* Copies the records whose true width is in lo .. hi (and of one half: 0 given, 1 chosen, 2 both).
 */
static size_t select_records(const struct run *run, double lo, double hi, int half,
                             struct record *out)
{
    size_t n = 0;
    for (size_t i = 0; i < run->nspectra; i++)
        for (size_t k = 0; k < run->nrecords[i]; k++) {
            const struct record *record = &run->records[i * PULLS_MODES + k];
            if (record->truth.fwhm >= lo && record->truth.fwhm < hi &&
                (half == 2 || record->chosen == (half == 1)))
                out[n++] = *record;
        }
    return n;
}

static bool line(const char *name, double value, double lo, double hi)
{
    bool good = value >= lo && value <= hi;
    printf("  %-34s %8.3f   wanted %6.3f .. %6.3f   %s\n", name, value, lo, hi,
           good ? "good" : "MISSED");
    return good;
}

static bool report_pulls(size_t n, const struct record *records, const char *name, enum kind kind,
                         double *work)
{
    struct figures f = figures_of(n, records, kind, work);
    double slack = 2.0 * sqrt(0.68 * 0.32 / (double)n);
    printf("%s\n", name);
    bool good = line("median pull", f.median, -0.1, 0.1);
    good = line("IQR/1.349", f.spread, 0.9, 1.1) && good;
    return line("within one error", f.inside, 0.66 - slack, 0.70 + slack) && good;
}

static bool report_limits(size_t n, const struct record *records)
{
    size_t covered = 0;
    for (size_t k = 0; k < n; k++)
        covered += !records[k].missed && records[k].inside_limit;
    printf("FWHM_UL90, %zu modes of FWHM < 0.8 meV\n", n);
    return line("covered", (double)covered / (double)n, 0.86, 0.94);
}

static void report_counts(const struct run *run, struct record *room)
{
    static const char *const halves[] = {"given", "chosen"};
    for (int half = 0; half < 2; half++) {
        size_t n = select_records(run, 0.0, INFINITY, half, room), missed = 0, invented = 0;
        for (size_t k = 0; k < n; k++)
            missed += room[k].missed;
        for (size_t i = 0; i < run->nspectra; i++)
            invented += i % 2 == (size_t)half ? run->invented[i] : 0;
        printf("number of modes %-6s: %5zu true, %4zu missed, %4zu invented\n", halves[half], n,
               missed, invented);
    }
    printf("status:");
    for (int s = IXS_FIT_GOOD; s <= IXS_FIT_NO_DATA; s++) {
        size_t n = 0;
        for (size_t i = 0; i < run->nspectra; i++)
            n += run->status[i] == (enum ixs_fit_status)s;
        printf(" %s %zu", ixs_fit_status_word((enum ixs_fit_status)s), n);
    }
    printf("\n");
}

static bool report(const struct run *run, struct record *room, double *work)
{
    report_counts(run, room);
    size_t n = select_records(run, 0.8, INFINITY, 2, room);
    printf("%zu modes of true FWHM >= 0.8 meV\n", n);
    bool good = report_pulls(n, room, "OMEGA0", OMEGA0, work);
    good = report_pulls(n, room, "ln FWHM by FWHM_LO, FWHM_HI", WIDTH, work) && good;
    report_pulls(n, room, "ln FWHM by FWHM_ERR/FWHM (for comparison)", CURVATURE, work);
    n = select_records(run, 0.0, 0.8, 2, room);
    return report_limits(n, room) && good;
}

/* ---- the run
 * ------------------------------------------------------------------------------------- */

static bool prepare(struct run *run, size_t threads, struct ixs_err *err)
{
    bool ok = IXS_NEW(run->spaces, threads, err) &&
              IXS_NEW(run->records, run->nspectra * PULLS_MODES, err) &&
              IXS_NEW(run->nrecords, run->nspectra, err) &&
              IXS_NEW(run->invented, run->nspectra, err) &&
              IXS_NEW(run->status, run->nspectra, err);
    for (size_t k = 0; k < threads && ok; k++)
        ok = ixs_fit_space_new(&run->spaces[k], PULLS_POINTS, err);
    return ok;
}

static void dispose(struct run *run, size_t threads)
{
    for (size_t k = 0; run->spaces && k < threads; k++)
        ixs_fit_space_free(run->spaces[k]);
    free(run->spaces);
    free(run->records);
    free(run->nrecords);
    free(run->invented);
    free(run->status);
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct run run = {.nspectra = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000,
                      .seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1};
    size_t threads = ixs_parallel_threads(argc > 3 ? strtoul(argv[3], NULL, 10) : 1);
    struct record *room = NULL;
    double *work = NULL;
    bool good = false;
    bool ok = prepare(&run, threads, &err) && IXS_NEW(room, run.nspectra * PULLS_MODES, &err) &&
              IXS_NEW(work, run.nspectra * PULLS_MODES, &err) &&
              ixs_parallel(run.nspectra, threads, fit_one, &run, &err);
    if (ok)
        good = report(&run, room, work);
    else
        fprintf(stderr, "pulls: %s\n", err.text);
    free(room);
    free(work);
    dispose(&run, threads);
    return ok ? good ? 0 : 1 : (int)err.code;
}
