/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits all spectra of a product: gathers each one's usable points and response, runs the solver.
 */
#include "calib/fitting/fitting.h"
#include "calib/fitting/responses.h"
#include "calib/fitting/acceptance.h"
#include "calib/fitting/task.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/evidence/bootstrap.h"
#include "models/evidence/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool ixs_fitting_check(const struct ixs_fitting *rules, struct ixs_err *err)
{
    if (rules->from >= rules->to)
        return ixs_fail(err, IXS_USAGE, "found a range from %g to %g meV, expected from < to",
                        rules->from, rules->to);
    if (rules->form.interaction && !rules->form.quasielastic)
        return ixs_fail(err, IXS_USAGE,
                        "found <interaction> without <quasielastic>, expected both in the model");
    if (rules->velocity > 0 && rules->acceptance == IXS_FITTING_NEIGHBOURS)
        return ixs_fail(err, IXS_USAGE, "found --velocity and --slopes, expected one of them");
    return true;
}

struct work { /* of all threads */
    const struct ixs_spectra *spectra;
    const struct ixs_fitting *rules;
    struct ixs_fit_answer *answers;
    struct ixs_fitting_guide *guides; /* [nspectra] */
    bool again;                       /* second round: only spectra that have a guide */
    double *spreads;                  /* [nspectra][IXS_MODEL_MOST_MODES]; NULL: not known yet */
    struct ixs_fit_space **spaces;    /* [threads] */
    struct ixs_uncertain_space **uncertain; /* [threads] */
    const struct ixs_fitting_responses *responses;
    size_t most_points;
};

static void not_tried(struct ixs_fit_answer *answer, const char *reason)
{
    memset(answer, 0, sizeof *answer);
    answer->status = IXS_FIT_NO_DATA;
    ixs_copy(answer->reason, sizeof answer->reason, reason);
    answer->deviance = answer->p_value = answer->aicc = answer->log_evidence = NAN;
    answer->zero = answer->zero_err = answer->elastic = answer->elastic_err = NAN;
    answer->background = answer->background_err = NAN;
}

/* What the slits spread; in the last round from where the one before ended. */
static void spread(const struct work *work, size_t index, struct ixs_fit_task *task, double *start)
{
    const struct ixs_fit_answer *before = &work->answers[index];
    if (work->spreads == NULL)
        return;
    memcpy(task->form.acceptance, work->spreads + index * IXS_MODEL_MOST_MODES,
           sizeof task->form.acceptance);
    memcpy(start, before->parameters, before->nparameters * sizeof *start);
    task->start = start;
    task->form.ncell = before->form.ncell;
    task->nmodes = (int)before->nmodes;
}

/* Bootstrap and posterior, where they are asked for; of the last fit of a spectrum alone. */
static bool draw(const struct work *work, const struct ixs_fit_task *task, size_t index,
                 size_t worker, struct ixs_fit_answer *answer, struct ixs_err *err)
{
    const struct ixs_fitting *rules = work->rules;
    struct ixs_fit_space *space = work->spaces[worker];
    uint64_t number = (uint64_t)work->spectra->spectra[index].spectrum;
    const struct ixs_bootstrap_rules bootstrap = {rules->seed, number, rules->bootstrap};
    const struct ixs_sample_rules sample = {rules->seed, number, rules->sample, 0};
    if (rules->starts_only != NULL && rules->starts_only[index]) /* later, with the others */
        return true;
    if (rules->bootstrap > 0 && !ixs_bootstrap_run(space, task, &bootstrap, answer, err))
        return false;
    return !(rules->sample > 0) || answer->nparameters == 0 || !isfinite(answer->deviance) ||
           ixs_sample_run(&answer->sample, space, task, answer, &sample, err);
}

static bool fit_one(const struct work *work, size_t index, size_t worker, struct ixs_err *err)
{
    const struct ixs_spectrum *spectrum = &work->spectra->spectra[index];
    struct ixs_fit_answer *answer = &work->answers[index];
    const struct ixs_fitting_guide *guide = &work->guides[index];
    bool guided = work->again && guide->wanted;
    struct ixs_fitting_task made;
    if (!ixs_fitting_task_make(&made, work->spectra, index, work->responses, work->rules,
                               guided ? guide : NULL, err))
        return ixs_fitting_task_dispose(&made), false;
    if (made.excuse == NULL) {
        spread(work, index, &made.task, made.start);
        made.excuse = ixs_fit_complaint(&made.task);
    }
    bool ok = true;
    if (made.excuse != NULL) {
        not_tried(answer, made.excuse);
    } else {
        ixs_fit_run(work->spaces[worker], &made.task, answer);
        const struct ixs_fitting_seen seen = {index, work->spaces[worker], work->uncertain[worker],
                                              made.response, &made.task};
        const struct ixs_fitting_look *look = &work->rules->look;
        ok = look->look == NULL || look->look(look->context, &seen, answer, err);
        if (ok)
            ixs_uncertain_add(work->uncertain[worker], &made.response->uncertain, &made.task,
                              answer);
        ok = ok && draw(work, &made.task, index, worker, answer, err);
        ixs_fitting_doubt(answer, &made, work->rules, spectrum);
        if (guided)
            ixs_fitting_tell(answer, "zero guided by the other analyzers");
    }
    ixs_fitting_task_dispose(&made);
    return ok;
}

/* A half-made one must not wait for the next spectrum. */
static bool work_space(const struct work *work, size_t worker, struct ixs_err *err)
{
    struct ixs_fit_space **space = &work->spaces[worker];
    struct ixs_uncertain_space **uncertain = &work->uncertain[worker];
    if (*space != NULL)
        return true;
    if (ixs_fit_space_new(space, work->most_points, err) &&
        ixs_uncertain_space_new(uncertain, work->most_points, err))
        return true;
    ixs_fit_space_free(*space);
    ixs_uncertain_space_free(*uncertain);
    *space = NULL;
    *uncertain = NULL;
    return false;
}

static bool run_job(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct work *work = context;
    bool idle = work->spreads != NULL ? work->answers[index].nmodes == 0
                                      : work->again && !work->guides[index].wanted;
    if (idle)
        return ixs_progress_step(work->rules->progress), true;
    if (!work_space(work, worker, err))
        return false;
    bool ok = fit_one(work, index, worker, err);
    ixs_progress_step(work->rules->progress);
    return ok;
}

static size_t most_points(const struct ixs_spectra *spectra)
{
    size_t most = 1;
    for (size_t i = 0; i < spectra->nspectra; i++) {
        size_t n = 0, of_cell = 0;
        ixs_spectra_points(spectra, spectra->spectra[i].spectrum, &n);
        ixs_spectra_background(spectra, spectra->spectra[i].spectrum, &of_cell);
        most = n + of_cell > most ? n + of_cell : most;
    }
    return most;
}

/* All that have modes once more, spread as neighbours tell. */
static bool spread_all(struct work *work, size_t threads, struct ixs_err *err)
{
    double *spreads = NULL;
    size_t n = work->spectra->nspectra;
    if (work->rules->acceptance != IXS_FITTING_NEIGHBOURS)
        return true;
    if (!IXS_NEW(spreads, n * IXS_MODEL_MOST_MODES, err))
        return false;
    work->spreads = spreads;
    if (!ixs_fitting_spreads(spreads, work->spectra, work->answers))
        return true;
    ixs_progress_begin(work->rules->progress, "fitting with slopes", n);
    bool ok = ixs_parallel(n, threads, run_job, work, err);
    ixs_progress_end(work->rules->progress);
    return ok;
}

bool ixs_fitting_answers_through(struct ixs_fit_answer **answers, const struct ixs_spectra *spectra,
                                 const struct ixs_fitting_responses *responses,
                                 const struct ixs_fitting *rules, struct ixs_err *err)
{
    struct work work = {.spectra = spectra,
                        .rules = rules,
                        .responses = responses,
                        .most_points = most_points(spectra)};
    size_t threads = ixs_parallel_threads(rules->threads);
    bool ok = IXS_NEW(*answers, spectra->nspectra, err) && IXS_NEW(work.spaces, threads, err) &&
              IXS_NEW(work.uncertain, threads, err) && IXS_NEW(work.guides, spectra->nspectra, err);
    work.answers = *answers;
    ixs_progress_begin(rules->progress, "fitting spectra", spectra->nspectra);
    ok = ok && ixs_parallel(spectra->nspectra, threads, run_job, &work, err);
    work.again = ok && ixs_fitting_guides(work.guides, spectra, *answers);
    ixs_progress_end(rules->progress);
    if (work.again) {
        ixs_progress_begin(rules->progress, "fitting again", spectra->nspectra);
        ok = ixs_parallel(spectra->nspectra, threads, run_job, &work, err);
        ixs_progress_end(rules->progress);
    }
    ok = ok && spread_all(&work, threads, err);
    free(work.spreads);
    free(work.guides);
    for (size_t i = 0; work.spaces != NULL && i < threads; i++)
        ixs_fit_space_free(work.spaces[i]);
    for (size_t i = 0; work.uncertain != NULL && i < threads; i++)
        ixs_uncertain_space_free(work.uncertain[i]);
    free(work.spaces);
    free(work.uncertain);
    return ok;
}

bool ixs_fitting_answers(struct ixs_fit_answer **answers, const struct ixs_spectra *spectra,
                         const struct ixs_calib *calib, const struct ixs_fitting *rules,
                         struct ixs_err *err)
{
    struct ixs_fitting_responses responses = {0};
    bool ok =
        ixs_fitting_responses_make(&responses, calib, rules->exact_response, rules->threads, err) &&
        ixs_fitting_answers_through(answers, spectra, &responses, rules, err);
    ixs_fitting_responses_dispose(&responses);
    return ok;
}
