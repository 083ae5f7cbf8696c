/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expected errors of a planned beamtime, from its truth.
 */
#include "calib/forward/predict.h"

#include "base/array.h"
#include "calib/fitting/responses.h"
#include "calib/forward/spec.h"
#include "models/fit/predict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_WANTS = 8 };

struct want {
    char name[17];
    double error;
    bool met; /* some spectrum has it */
};

struct work {
    const struct ixs_forward_beamtime *beamtime;
    struct ixs_calib calib;
    struct ixs_spectra spectra;
    struct ixs_fit truth;
    struct ixs_fitting_responses responses;
    struct ixs_fit_space *space;
    struct want wants[MOST_WANTS];
    size_t nwants, room;
    double zero_err;
    struct ixs_prediction *out;
};

/* "NAME=ERROR,NAME=ERROR" */
static bool read_wants(struct work *work, const char *text, struct ixs_err *err)
{
    while (text != NULL && *text != '\0') {
        struct want *want = &work->wants[work->nwants];
        size_t length = strcspn(text, "=");
        char *end = NULL;
        if (work->nwants == MOST_WANTS || length == 0 || length >= sizeof want->name ||
            text[length] != '=')
            return ixs_fail(err, IXS_USAGE, "found --want %s, expected NAME=ERROR,NAME=ERROR",
                            text);
        memcpy(want->name, text, length);
        want->error = strtod(text + length + 1, &end);
        if (end == text + length + 1 || (*end != '\0' && *end != ',') || !(want->error > 0) ||
            !isfinite(want->error))
            return ixs_fail(err, IXS_USAGE, "found --want %s, expected an error above 0", text);
        work->nwants++;
        text = *end == ',' ? end + 1 : end;
    }
    return true;
}

static double wanted_of(struct work *work, const char *name)
{
    for (size_t k = 0; k < work->nwants; k++)
        if (strcasecmp(work->wants[k].name, name) == 0) {
            work->wants[k].met = true;
            return work->wants[k].error;
        }
    return NAN;
}

/* Parameters as the fit has them, of the spectrum's truth. */
static size_t take_truth(const struct work *work, const struct ixs_spectrum *spectrum,
                         double *parameters)
{
    size_t nmodes = 0, at;
    parameters[IXS_MODEL_ZERO] = 0.0;
    const struct ixs_fit_spectrum *truth = ixs_fit_find(&work->truth, spectrum->spectrum);
    if (truth != NULL) {
        parameters[IXS_MODEL_ELASTIC] = truth->elastic;
        parameters[IXS_MODEL_BACKGROUND] = truth->background;
    }
    for (size_t i = 0; i < work->truth.nmodes && nmodes < IXS_MODEL_MOST_MODES; i++) {
        const struct ixs_fit_mode *mode = &work->truth.modes[i];
        if (mode->id.spectrum != spectrum->spectrum)
            continue;
        at = IXS_MODEL_BACKGROUND + 1 + IXS_MODEL_PER_MODE * nmodes++;
        parameters[at] = mode->omega0;
        parameters[at + 1] = mode->fwhm;
        parameters[at + 2] = mode->strength;
    }
    return nmodes;
}

static bool add_row(struct work *work, const struct ixs_fit_task *task,
                    const struct ixs_spectrum *spectrum, size_t k, double error, double time,
                    struct ixs_err *err)
{
    struct ixs_prediction *out = work->out;
    struct ixs_model_name words = ixs_model_parameter(&task->form, k);
    double factor = NAN, wanted = wanted_of(work, words.name);
    if (!IXS_MORE(out->rows, &work->room, out->nrows, err) ||
        (wanted > 0 && !ixs_predict_factor(&factor, work->space, task, k, wanted, err)))
        return false;
    struct ixs_prediction_row *row = &out->rows[out->nrows++];
    *row = (struct ixs_prediction_row){.value = task->start[k],
                                       .err = error,
                                       .time = time,
                                       .wanted = wanted,
                                       .needed = factor * time,
                                       .hours = factor * time * (double)task->points.n / 3600.0};
    ixs_copy(row->scans, sizeof row->scans, spectrum->scans);
    ixs_copy(row->analyzer, sizeof row->analyzer, spectrum->analyzer);
    ixs_copy(row->component, sizeof row->component, words.component);
    ixs_copy(row->name, sizeof row->name, words.name);
    ixs_copy(row->unit, sizeof row->unit, words.unit);
    return true;
}

static bool predict_one(struct work *work, const struct ixs_spectrum *spectrum, double time,
                        struct ixs_err *err)
{
    struct ixs_fit_task task = IXS_FIT_TASK;
    const struct ixs_fitting_response *response =
        ixs_fitting_responses_of(&work->responses, spectrum->analyzer);
    size_t n = 0, used = 0;
    const struct ixs_point *points = ixs_spectra_points(&work->spectra, spectrum->spectrum, &n);
    double parameters[IXS_MODEL_MOST_PARAMETERS], errors[IXS_MODEL_MOST_PARAMETERS], *room = NULL;
    if (response == NULL || n == 0)
        return true;
    if (!IXS_NEW(room, 3 * n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (points[i].exposure > 0) {
            room[used] = points[i].energy;
            room[n + used] = points[i].exposure;
            room[2 * n + used++] = points[i].dark;
        }
    task.points = (struct ixs_model_points){used, room, NULL, room + n, room + 2 * n};
    task.response = response->response;
    task.transforms = &response->transforms;
    task.kelvin = spectrum->temperature;
    task.zero_err = work->zero_err;
    task.nmodes = (int)take_truth(work, spectrum, parameters);
    task.omega0_hi = 1e3; /* a mode outside of the scan is not told, and not held */
    task.start = parameters;
    bool ok = ixs_predict_errors(errors, work->space, &task, 1.0, err);
    for (size_t k = 0; ok && k < ixs_model_nparameters(&task.form, (size_t)task.nmodes); k++)
        ok = add_row(work, &task, spectrum, k, errors[k], time, err);
    free(room);
    return ok;
}

/* Spectra of the truth stand in the order of shots and analyzers. */
static bool predict_all(struct work *work, struct ixs_err *err)
{
    const struct ixs_forward_beamtime *beamtime = work->beamtime;
    size_t row = 0;
    for (size_t s = 0; s < beamtime->nshots; s++)
        for (size_t a = 0; a < beamtime->forward->nanalyzers; a++)
            if (ixs_forward_tells(&beamtime->shots[s], a) &&
                !predict_one(work, &work->spectra.spectra[row++], beamtime->shots[s].time, err))
                return false;
    return true;
}

static size_t most_points(const struct ixs_forward_beamtime *beamtime)
{
    size_t most = 1;
    for (size_t s = 0; s < beamtime->nshots; s++)
        most = beamtime->shots[s].npoints > most ? beamtime->shots[s].npoints : most;
    return most;
}

/* A name that no spectrum has would go unnoticed among dashes. */
static bool check_wants(const struct work *work, struct ixs_err *err)
{
    for (size_t k = 0; k < work->nwants; k++)
        if (!work->wants[k].met)
            return ixs_fail(err, IXS_USAGE,
                            "found --want %s, expected a NAME of what is fitted: omega0, fwhm, "
                            "strength, area, level or zero",
                            work->wants[k].name);
    return true;
}

bool ixs_forward_predict(struct ixs_prediction *out, const struct ixs_forward_beamtime *beamtime,
                         const char *wants, double zero_err, struct ixs_err *err)
{
    struct work work = {.beamtime = beamtime, .out = out, .zero_err = zero_err};
    *out = (struct ixs_prediction){0};
    bool ok = read_wants(&work, wants, err) &&
              ixs_forward_truth_calib(beamtime, &work.calib, err) &&
              ixs_forward_truth_spectra(beamtime, "", &work.spectra, err) &&
              ixs_forward_truth_fit(beamtime, &work.spectra, "", &work.truth, err) &&
              ixs_fitting_responses_make(&work.responses, &work.calib, true, 1, err) &&
              ixs_fit_space_new(&work.space, most_points(beamtime), err) &&
              predict_all(&work, err) && check_wants(&work, err);
    ixs_fit_space_free(work.space);
    ixs_fitting_responses_dispose(&work.responses);
    ixs_fit_dispose(&work.truth);
    ixs_spectra_dispose(&work.spectra);
    ixs_calib_dispose(&work.calib);
    return ok;
}

void ixs_prediction_dispose(struct ixs_prediction *prediction)
{
    free(prediction->rows);
    *prediction = (struct ixs_prediction){0};
}
