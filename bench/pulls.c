/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the fit says of its errors, held against simulated truth: `pulls [SPECTRA [SEED [THREADS
 * [SLACK]]]]` prints a table and ends with 1 if a bound is missed. Half of the spectra are fitted
 * with the number of modes given, half with the number chosen; starts are the fit's own. Matching,
 * pulls and bounds: bench/judge.h. The whole chain of programs is held against truth by
 * bench/chain.sh.
 */
#include "bench/judge.h"
#include "bench/pulls_simulate.h"

#include "base/array.h"
#include "base/parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run {
    uint64_t seed;
    size_t nspectra;
    struct ixs_fit_space **spaces;
    struct judge_record *records; /* [nspectra * PULLS_MODES] */
    size_t *nrecords, *invented;  /* [nspectra] */
    enum ixs_fit_status *status;
};

static void compare(struct run *run, size_t index, const struct pulls_truth *truth,
                    const struct ixs_fit_answer *answer)
{
    struct judge_mode fits[IXS_MODEL_MOST_MODES], truths[PULLS_MODES] = {{0}};
    for (size_t k = 0; k < truth->nmodes; k++) {
        truths[k].omega0 = truth->modes[k].omega0;
        truths[k].fwhm = truth->modes[k].fwhm;
    }
    for (size_t k = 0; k < answer->nmodes; k++) {
        const struct ixs_fit_line *line = &answer->lines[k];
        fits[k] =
            (struct judge_mode){line->omega0,  line->omega0_err, line->fwhm,     line->fwhm_err,
                                line->fwhm_lo, line->fwhm_hi,    line->fwhm_ul90};
    }
    run->nrecords[index] = truth->nmodes;
    run->status[index] = answer->status;
    run->invented[index] = judge_match(truth->nmodes, truths, answer->nmodes, fits, index % 2 == 1,
                                       run->records + index * PULLS_MODES);
}

static bool fit_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct run *run = context;
    struct pulls_spectrum spectrum;
    struct ixs_fit_answer answer;
    const struct pulls_kind kind = {3, 4.0, 10.0, 300.0};
    if (!pulls_simulate(&spectrum, &kind, run->seed, index, err))
        return false;
    struct ixs_fit_task task = pulls_task(&spectrum);
    task.nmodes = index % 2 == 1 ? IXS_FIT_CHOOSE_MODES : (int)spectrum.truth.nmodes;
    const char *complaint = ixs_fit_complaint(&task);
    if (complaint)
        return ixs_fail(err, IXS_BUG, "%s", complaint);
    ixs_fit_run(run->spaces[worker], &task, &answer);
    compare(run, index, &spectrum.truth, &answer);
    return true;
}

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

static void print_status(const struct run *run)
{
    printf("%zu spectra, seed %llu; status:", run->nspectra, (unsigned long long)run->seed);
    for (int s = IXS_FIT_GOOD; s <= IXS_FIT_NO_DATA; s++) {
        size_t n = 0;
        for (size_t i = 0; i < run->nspectra; i++)
            n += run->status[i] == (enum ixs_fit_status)s;
        printf(" %s %zu", ixs_fit_status_word((enum ixs_fit_status)s), n);
    }
    printf("\n");
}

/* Closes the gaps between the spectra's records. */
static bool report(struct run *run, double slack, bool *good, struct ixs_err *err)
{
    size_t n = 0, invented[2] = {0};
    for (size_t i = 0; i < run->nspectra; i++) {
        memmove(run->records + n, run->records + i * PULLS_MODES,
                run->nrecords[i] * sizeof *run->records);
        n += run->nrecords[i];
        invented[i % 2] += run->invented[i];
    }
    print_status(run);
    return judge_report(n, run->records, invented, slack, good, err);
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct run run = {.nspectra = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000,
                      .seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1};
    size_t threads = ixs_parallel_threads(argc > 3 ? strtoul(argv[3], NULL, 10) : 1);
    double slack = argc > 4 ? strtod(argv[4], NULL) : 0.0;
    bool good = false;
    bool ok = prepare(&run, threads, &err) &&
              ixs_parallel(run.nspectra, threads, fit_one, &run, &err) &&
              report(&run, slack, &good, &err);
    if (!ok)
        fprintf(stderr, "pulls: %s\n", err.text);
    dispose(&run, threads);
    return ok ? good ? 0 : 1 : (int)err.code;
}
