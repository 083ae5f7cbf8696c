/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits all spectra of a product: gathers each one's usable points and response, runs the solver.
 */
#include "calib/fitting.h"
#include "calib/fitting_responses.h"
#include "calib/fitting_acceptance.h"
#include "calib/fitting_zero.h"

#include "base/array.h"
#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *ixs_fitting_complaint(const struct ixs_fitting *rules)
{
    if (rules->from >= rules->to)
        return "found a range that begins at or above its end, expected from < to";
    return NULL;
}

struct arrays { /* usable points of one spectrum */
    double *energy, *counts, *exposure, *dark, *sigma;
    size_t n;
    bool stated;       /* STATIST GAUSSIAN: intensity and error as they are */
    bool interpolated; /* some counts are */
};

static bool usable(const struct arrays *arrays, const struct ixs_point *point,
                   const struct ixs_fitting *rules)
{
    bool known = arrays->stated
                     ? isfinite(point->intensity) && point->error > 0 && point->error < INFINITY
                     : point->counts >= 0;
    return known && !ixs_flags_bar(point->flags) && !(point->energy < rules->from) &&
           !(point->energy > rules->to) && point->exposure > 0;
}

/* Figures without counts are turned into what a point of that exposure would show. */
static void take(struct arrays *out, const struct ixs_point *point)
{
    size_t i = out->n++;
    out->energy[i] = point->energy;
    out->exposure[i] = point->exposure;
    out->dark[i] = out->stated ? 0.0 : point->dark;
    out->counts[i] = out->stated ? point->intensity * point->exposure : point->counts;
    out->sigma[i] = point->error * point->exposure;
    out->interpolated = out->interpolated || (point->flags & IXS_FLAG_INTERPOLATED) != 0;
}

static bool gather(struct arrays *out, size_t n, const struct ixs_point *points,
                   const struct ixs_fitting *rules, struct ixs_err *err)
{
    if (!IXS_NEW(out->energy, 5 * n, err))
        return false;
    out->counts = out->energy + n;
    out->exposure = out->energy + 2 * n;
    out->dark = out->energy + 3 * n;
    out->sigma = out->energy + 4 * n;
    for (size_t i = 0; i < n; i++)
        if (usable(out, &points[i], rules))
            take(out, &points[i]);
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
    struct ixs_fitting_responses responses;
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

static bool bad_quality(const struct ixs_spectrum *spectrum)
{
    return strcmp(spectrum->quality, "good") != 0;
}

/* What there is to say, unless there is worse. */
static void tell(struct ixs_fit_answer *answer, const char *what)
{
    if (answer->reason[0] == '\0')
        ixs_copy(answer->reason, sizeof answer->reason, what);
}

/* Interpolated counts scatter too little: a good deviance means nothing. */
static void doubt_chance(struct ixs_fit_answer *answer)
{
    answer->p_value = NAN;
    tell(answer, "interpolated counts: no P_VALUE is meant");
}

/* For all energies that a zero may lead to. */
static bool convolve_table(struct ixs_curve *curve, const struct ixs_fitting *rules,
                           struct ixs_fit_task *task, struct ixs_err *err)
{
    double lo = INFINITY, hi = -INFINITY;
    if (rules->table.n == 0)
        return true;
    for (size_t i = 0; i < task->points.n; i++) {
        lo = fmin(lo, task->points.energy[i]);
        hi = fmax(hi, task->points.energy[i]);
    }
    double reach = isnan(task->zero_err) ? hi - lo : fmin(hi - lo, 8.0 * task->zero_err);
    const struct ixs_transform *transform = ixs_transform_choose(task->transforms, INFINITY);
    task->form.tabulated = true;
    task->form.table = curve;
    return task->points.n == 0 || ixs_fitting_table_curve(curve, &rules->table, task->kelvin,
                                                          transform, lo - task->zero - reach - 1.0,
                                                          hi - task->zero + reach + 1.0, err);
}

/* What the slits spread; in the last round from where the one before ended. */
static void spread(const struct work *work, size_t index, struct ixs_fit_task *task, double *start)
{
    const struct ixs_fit_answer *before = &work->answers[index];
    double all = ixs_fitting_spread(&work->spectra->spectra[index], work->rules->velocity);
    if (work->rules->acceptance == IXS_FITTING_VELOCITY)
        for (size_t k = 0; k < IXS_MODEL_MOST_MODES; k++)
            task->form.acceptance[k] = all;
    if (work->spreads == NULL)
        return;
    memcpy(task->form.acceptance, work->spreads + index * IXS_MODEL_MOST_MODES,
           sizeof task->form.acceptance);
    memcpy(start, before->parameters, before->nparameters * sizeof *start);
    task->start = start;
    task->nmodes = (int)before->nmodes;
}

/* Slits of which the width in Q is not known spread the modes all the same. */
static void tell_width(const struct work *work, size_t index)
{
    struct ixs_fit_answer *answer = &work->answers[index];
    if (work->rules->acceptance != IXS_FITTING_POINT &&
        isnan(work->spectra->spectra[index].q_width))
        tell(answer, "Q_WIDTH is not known: what slits spread is in the widths");
}

static bool fit_one(const struct work *work, size_t index, size_t worker, struct ixs_err *err)
{
    const struct ixs_spectrum *spectrum = &work->spectra->spectra[index];
    struct ixs_fit_answer *answer = &work->answers[index];
    struct ixs_fit_task task = IXS_FIT_TASK;
    struct arrays arrays = {.stated = strcmp(spectrum->statist, "GAUSSIAN") == 0};
    size_t n = 0;
    const struct ixs_point *points = ixs_spectra_points(work->spectra, spectrum->spectrum, &n);
    const struct ixs_fitting_response *response =
        ixs_fitting_responses_of(&work->responses, spectrum->analyzer);
    if (response == NULL)
        return not_tried(answer, "its analyzer has no response in CALIB"), true;
    if (bad_quality(spectrum) && !work->rules->everything)
        return not_tried(answer, spectrum->quality), true;
    bool ok = gather(&arrays, n, points, work->rules, err);
    task.points = (struct ixs_model_points){arrays.n, arrays.energy, arrays.counts, arrays.exposure,
                                            arrays.dark};
    task.sigma = arrays.stated || work->rules->least_squares ? arrays.sigma : NULL;
    task.response = response->response;
    task.transforms = &response->transforms;
    task.kelvin = spectrum->temperature;
    task.zero_err = spectrum->zero_err;
    bool guided = work->again && work->guides[index].wanted;
    if (guided) {
        task.zero = work->guides[index].zero;
        task.zero_err = work->guides[index].spread;
    }
    task.nmodes = work->rules->nmodes;
    task.form = work->rules->form;
    task.omega0_lo = work->rules->omega0_from;
    task.omega0_hi = work->rules->omega0_to;
    task.fwhm_hi = work->rules->fwhm_to;
    task.most_modes = work->rules->most_modes;
    struct ixs_curve curve = {0};
    ok = ok && convolve_table(&curve, work->rules, &task, err);
    double start[IXS_MODEL_MOST_PARAMETERS];
    spread(work, index, &task, start);
    const char *complaint = ok ? ixs_fit_complaint(&task) : NULL;
    if (ok && complaint != NULL)
        not_tried(answer, complaint);
    else if (ok)
        ixs_fit_run(work->spaces[worker], &task, answer);
    const struct ixs_fitting_seen seen = {index, work->spaces[worker], work->uncertain[worker],
                                          response, &task};
    const struct ixs_fitting_look *look = &work->rules->look;
    if (ok && complaint == NULL && look->look != NULL)
        ok = look->look(look->context, &seen, answer, err);
    if (ok && complaint == NULL)
        ixs_uncertain_add(work->uncertain[worker], &response->uncertain, &task, answer);
    if (ok && arrays.interpolated)
        doubt_chance(answer);
    if (ok)
        tell_width(work, index);
    if (ok && guided)
        tell(answer, "zero guided by the other analyzers");
    ixs_curve_dispose(&curve);
    free(arrays.energy);
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
        size_t n = 0;
        ixs_spectra_points(spectra, spectra->spectra[i].spectrum, &n);
        most = n > most ? n : most;
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

bool ixs_fitting_answers(struct ixs_fit_answer **answers, const struct ixs_spectra *spectra,
                         const struct ixs_calib *calib, const struct ixs_fitting *rules,
                         struct ixs_err *err)
{
    struct work work = {.spectra = spectra, .rules = rules, .most_points = most_points(spectra)};
    size_t threads = ixs_parallel_threads(rules->threads);
    bool ok = IXS_NEW(*answers, spectra->nspectra, err) && IXS_NEW(work.spaces, threads, err) &&
              IXS_NEW(work.uncertain, threads, err) &&
              IXS_NEW(work.guides, spectra->nspectra, err) &&
              ixs_fitting_responses_make(&work.responses, calib, rules->exact_response, err);
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
    ixs_fitting_responses_dispose(&work.responses);
    for (size_t i = 0; work.spaces != NULL && i < threads; i++)
        ixs_fit_space_free(work.spaces[i]);
    for (size_t i = 0; work.uncertain != NULL && i < threads; i++)
        ixs_uncertain_space_free(work.uncertain[i]);
    free(work.spaces);
    free(work.uncertain);
    return ok;
}
