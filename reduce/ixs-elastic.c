/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-elastic: the elastic line of each spectrum, and S(Q,E) beside it.
 */
#include "calib/instrument/doubt.h"
#include "calib/elastic/elastic.h"
#include "reduce/stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct values {
    int64_t modes, most_modes;
    double mass;
};
static const struct values defaults = {.modes = IXS_FIT_CHOOSE_MODES, .mass = NAN};

static const struct ixs_option options[] = {
    {"modes", 'n', "N", IXS_OPTION_INT, offsetof(struct values, modes),
     "modes beside the elastic line (default: chosen as by ixs-fit)", 0, IXS_FIT_MOST_MODES},
    {"most-modes", 0, "N", IXS_OPTION_INT, offsetof(struct values, most_modes),
     "most modes tried when the number is chosen (default 4)", 1, IXS_FIT_MOST_MODES},
    {"mass", 0, "U", IXS_OPTION_REAL, offsetof(struct values, mass),
     "mass of the scatterers (u), for the f-sum rule (default: by <form_factor>)", 1e-3, 1e6},
};

static bool make_rules(struct ixs_fitting *rules, struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    if (!ixs_fitting_model(rules, job->model, job->experiment, &job->provenance, err))
        return false;
    rules->nmodes = values->modes >= 0 ? (int)values->modes : rules->nmodes;
    rules->most_modes = values->most_modes > 0 ? (int)values->most_modes : rules->most_modes;
    if (rules->nmodes == IXS_FIT_CHOOSE_MODES && rules->parts.nmodes > 0)
        rules->nmodes = (int)rules->parts.nmodes;
    rules->threads = (size_t)job->jobs;
    rules->progress = job->progress;
    if (rules->parts.nsettings + rules->parts.nties + rules->parts.nshares > 0)
        ixs_note(&job->notes, rules->parts.path, 0,
                 "what is said of single parameters and their ties is for ixs-fit: passed over");
    return ixs_fitting_check(rules, err);
}

/* What a fit that is not good, or a line not told apart, makes of the result. */
static bool judge(struct ixs_job *job, const struct ixs_spectra *spectra,
                  const struct ixs_fit_answer *answers, struct ixs_err *err)
{
    char text[400];
    for (size_t i = 0; i < spectra->nspectra; i++) {
        const struct ixs_spectrum *row = &spectra->spectra[i];
        if (ixs_doubt_answers(spectra, answers, i, sizeof text, text) &&
            !ixs_stage_doubt(job, err, "%s: elastic line of %s", job->inputs[0], text))
            return false;
        if (strcmp(row->elastic_status, "inseparable") == 0 &&
            !ixs_stage_doubt(job, err, "%s %s: elastic line not told apart from what is under it",
                             job->inputs[0], row->analyzer))
            return false;
    }
    for (size_t i = 0; i < spectra->nmoments; i++)
        if (fabs(spectra->moments[i].balance_pull) > 3.0)
            ixs_note(&job->notes, job->inputs[0], 0, "%s: %s", spectra->moments[i].analyzer,
                     spectra->moments[i].note);
    return true;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_calib calib = {0};
    struct ixs_spectra spectra = {0};
    struct ixs_fit_answer *answers = NULL;
    struct ixs_fitting rules = IXS_FITTING;
    struct ixs_elastic_views views;
    rules.look = (struct ixs_fitting_look){ixs_elastic_look, &views};
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              ixs_stage_needs(job->calibration, "calibration", err) &&
              make_rules(&rules, job, err) &&
              ixs_calib_read(&calib, job->calibration, &job->reading, &job->provenance, err) &&
              ixs_spectra_read(&spectra, job->inputs[0], &job->reading, &job->provenance, err) &&
              ixs_elastic_begin(&views, &spectra, values->mass, err) &&
              ixs_elastic_sample(&views, job->experiment, &job->provenance, err) &&
              ixs_fitting_answers(&answers, &spectra, &calib, &rules, err);
    if (ok)
        ixs_elastic_end(&views);
    ok = ok && judge(job, &spectra, answers, err) &&
         ixs_spectra_write(&spectra, job->output, &job->provenance, &job->commit, NULL, err);
    free(answers);
    ixs_fitting_dispose(&rules);
    ixs_spectra_dispose(&spectra);
    ixs_calib_dispose(&calib);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-elastic",
    .summary = "the elastic line of each spectrum, and S(Q,E) beside it",
    .reads = "a SPECTRA product; CALIB; a model XML",
    .writes = "a SPECTRA product with ELASTIC, INELASTIC, S(Q,E), chi'' and moments",
    .usage = "[options] SPECTRA.fits -c CALIB.fits -o SPECTRA.fits",
    .example = "ixs-elastic spectra.fits -c calib.fits -o elastic.fits",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_EXPERIMENT | IXS_TAKES_MODEL | IXS_TAKES_CALIBRATION |
             IXS_TAKES_JOBS | IXS_TAKES_STRICT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run,
};
