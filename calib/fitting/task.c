/* SPDX-License-Identifier: GPL-3.0-or-later
 * Usable points of a spectrum, and what is known of it before it is fitted.
 */
#include "calib/fitting/task.h"
#include "calib/fitting/acceptance.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool usable(const struct ixs_fitting_arrays *arrays, const struct ixs_point *point,
                   const struct ixs_fitting *rules)
{
    bool known = arrays->stated
                     ? isfinite(point->intensity) && point->error > 0 && point->error < INFINITY
                     : point->counts >= 0;
    return known && !ixs_flags_bar(point->flags) && !(point->energy < rules->from) &&
           !(point->energy > rules->to) && point->exposure > 0;
}

/* Figures without counts are turned into what a point of that exposure would show. */
static void take(struct ixs_fitting_arrays *out, const struct ixs_point *point)
{
    size_t i = out->n++;
    out->energy[i] = point->energy;
    out->exposure[i] = point->exposure;
    out->dark[i] = out->stated ? 0.0 : point->dark;
    out->counts[i] = out->stated ? point->intensity * point->exposure : point->counts;
    out->sigma[i] = point->error * point->exposure;
    out->scan[i] = point->scan;
    out->interpolated = out->interpolated || (point->flags & IXS_FLAG_INTERPOLATED) != 0;
}

static bool gather(struct ixs_fitting_arrays *out, size_t n, const struct ixs_point *points,
                   const struct ixs_fitting *rules, struct ixs_err *err)
{
    if (!IXS_NEW(out->energy, 5 * n, err) || !IXS_NEW(out->scan, n, err))
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

/* Points that are barred would not be a matter of the range. */
static const char *out_of_range(struct ixs_fitting_task *out, size_t n,
                                const struct ixs_point *points, const struct ixs_fitting *rules)
{
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        lo = fmin(lo, points[i].energy);
        hi = fmax(hi, points[i].energy);
    }
    if (!(hi < rules->from) && !(lo > rules->to))
        return NULL;
    snprintf(out->words, sizeof out->words,
             "no point in the range asked for: it has %.1f to %.1f meV", lo, hi);
    return out->words;
}

static bool bad_quality(const struct ixs_spectrum *spectrum)
{
    return strcmp(spectrum->quality, "good") != 0;
}

void ixs_fitting_tell(struct ixs_fit_answer *answer, const char *what)
{
    if (answer->reason[0] == '\0')
        ixs_copy(answer->reason, sizeof answer->reason, what);
}

/* Interpolated counts scatter too little: a good deviance means nothing. */
static void doubt_chance(struct ixs_fit_answer *answer)
{
    answer->p_value = NAN;
    ixs_fitting_tell(answer, "interpolated counts: no P_VALUE is meant");
}

/* For all energies that a zero may lead to. */
static bool convolve_table(struct ixs_curve *curve, const struct ixs_fitting *rules, double q,
                           struct ixs_fit_task *task, struct ixs_err *err)
{
    const struct ixs_fitting_place place = {q, task->kelvin};
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
    return task->points.n == 0 || ixs_fitting_table_curve(curve, &rules->table, &place, transform,
                                                          lo - task->zero - reach - 1.0,
                                                          hi - task->zero + reach + 1.0, err);
}

/* Where a fit begins by the model file; what it does not say need not be right, for areas are
 * solved for first. */
static void begin(struct ixs_fitting_task *out)
{
    size_t first = ixs_model_first_mode(&out->task.form);
    double fwhm = out->task.transforms->fwhm;
    size_t n = ixs_model_nparameters(&out->task.form, (size_t)out->task.nmodes);
    for (size_t k = 0; k < n; k++) {
        bool width = k > first ? (k - first) % IXS_MODEL_PER_MODE == 1
                               : out->task.form.quasielastic &&
                                     k == ixs_model_after_background(&out->task.form) + 1;
        double usual = k == IXS_MODEL_ZERO ? out->task.zero : width ? 0.5 * fwhm : 1.0;
        out->start[k] = isnan(out->start[k]) ? usual : out->start[k];
    }
    out->task.start = out->start;
    out->task.keep_order = true;
}

static void take_model(struct ixs_fitting_task *out, const struct ixs_fitting *rules,
                       const struct ixs_spectrum *spectrum)
{
    struct ixs_fit_task *task = &out->task;
    task->nmodes = rules->nmodes;
    task->form = rules->form;
    task->omega0_lo = rules->omega0_from;
    task->omega0_hi = rules->omega0_to;
    task->fwhm_hi = rules->fwhm_to;
    task->most_modes = rules->most_modes;
    task->choice = rules->choice;
    if (rules->acceptance == IXS_FITTING_VELOCITY)
        for (size_t k = 0; k < IXS_MODEL_MOST_MODES; k++)
            task->form.acceptance[k] = ixs_fitting_spread(spectrum, rules->velocity);
    if (rules->map.n == 0)
        return;
    ixs_fitting_given(&rules->parts, &rules->map, spectrum, out->given, out->start);
    task->given = out->given;
}

bool ixs_fitting_task_make(struct ixs_fitting_task *out, const struct ixs_spectra *spectra,
                           size_t index, const struct ixs_fitting_responses *responses,
                           const struct ixs_fitting *rules, const struct ixs_fitting_guide *guide,
                           struct ixs_err *err)
{
    const struct ixs_spectrum *spectrum = &spectra->spectra[index];
    struct ixs_fitting_arrays *arrays = &out->arrays;
    struct ixs_fit_task *task = &out->task;
    size_t n = 0;
    const struct ixs_point *points = ixs_spectra_points(spectra, spectrum->spectrum, &n);
    *out = (struct ixs_fitting_task){.task = IXS_FIT_TASK};
    out->response = ixs_fitting_responses_of(responses, spectrum->analyzer);
    if (out->response == NULL)
        out->excuse = "its analyzer has no response in CALIB";
    else if (bad_quality(spectrum) && !rules->everything)
        out->excuse = spectrum->quality;
    if (out->excuse != NULL)
        return true;
    arrays->stated = strcmp(spectrum->statist, "GAUSSIAN") == 0;
    if (!gather(arrays, n, points, rules, err))
        return false;
    if (arrays->n == 0)
        out->excuse = out_of_range(out, n, points, rules);
    if (out->excuse != NULL)
        return true;
    task->points = (struct ixs_model_points){arrays->n, arrays->energy, arrays->counts,
                                             arrays->exposure, arrays->dark};
    task->sigma = arrays->stated || rules->least_squares ? arrays->sigma : NULL;
    task->response = out->response->response;
    task->transforms = &out->response->transforms;
    task->kelvin = spectrum->temperature;
    task->zero = guide != NULL ? guide->zero : 0.0;
    task->zero_err = guide != NULL ? guide->spread : spectrum->zero_err;
    task->quick = rules->starts_only != NULL && rules->starts_only[index];
    const double range[2] = {rules->from, rules->to};
    if (!ixs_fitting_cell_make(&out->cell, spectra, spectrum->spectrum, range, err))
        return false;
    task->cell = out->cell.cell.points.n > 0 ? &out->cell.cell : NULL;
    take_model(out, rules, spectrum);
    if (!convolve_table(&out->curve, rules, spectrum->q, task, err))
        return false;
    if (rules->map.starts)
        begin(out);
    return true;
}

void ixs_fitting_task_dispose(struct ixs_fitting_task *task)
{
    ixs_curve_dispose(&task->curve);
    ixs_fitting_cell_dispose(&task->cell);
    free(task->arrays.energy);
    free(task->arrays.scan);
    task->arrays = (struct ixs_fitting_arrays){0};
}

void ixs_fitting_doubt(struct ixs_fit_answer *answer, const struct ixs_fitting_task *task,
                       const struct ixs_fitting *rules, const struct ixs_spectrum *spectrum)
{
    if (task->arrays.interpolated)
        doubt_chance(answer);
    if (rules->acceptance != IXS_FITTING_POINT && isnan(spectrum->q_width))
        ixs_fitting_tell(answer, "Q_WIDTH is not known: what slits spread is in the widths");
}
