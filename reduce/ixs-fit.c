/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-fit: phonon modes of each spectrum, through its analyzer's response.
 */
#include "calib/instrument/doubt.h"
#include "calib/fitting/together.h"
#include "reduce/stage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Zero and NaN: as the model file says. */
struct values {
    int64_t modes, most_modes, bootstrap, sample, seed;
    double from, to, velocity;
    bool curves, everything, least_squares, exact, slopes;
    const char *choose;
};
static const struct values defaults = {IXS_FIT_CHOOSE_MODES, .from = NAN, .to = NAN, .seed = 1};

#define OPTION(member) offsetof(struct values, member)
static const struct ixs_option options[] = {
    {"modes", 'n', "N", IXS_OPTION_INT, OPTION(modes), "modes in every spectrum", 0,
     IXS_FIT_MOST_MODES},
    {"most-modes", 0, "N", IXS_OPTION_INT, OPTION(most_modes),
     "most modes tried when chosen (default 4)", 1, IXS_FIT_MOST_MODES},
    {"choose", 0, "BY", IXS_OPTION_TEXT, OPTION(choose), "by evidence, aicc, bic or search", 0, 0},
    {"bootstrap", 0, "N", IXS_OPTION_INT, OPTION(bootstrap), "errors by N draws too", 2, 1e6},
    {"sample", 0, "N", IXS_OPTION_INT, OPTION(sample), "posterior by N draws too", 100, 1e6},
    {"seed", 0, "N", IXS_OPTION_INT, OPTION(seed), "of such draws (default 1)", 0, 4e9},
    {"from", 0, "MEV", IXS_OPTION_REAL, OPTION(from), "lowest energy transfer fitted", 0, 0},
    {"to", 0, "MEV", IXS_OPTION_REAL, OPTION(to), "highest energy transfer fitted", 0, 0},
    {"curves", 0, NULL, IXS_OPTION_FLAG, OPTION(curves), "write data and fitted curves too", 0, 0},
    {"all", 0, NULL, IXS_OPTION_FLAG, OPTION(everything), "fit spectra of bad quality too", 0, 0},
    {"least-squares", 0, NULL, IXS_OPTION_FLAG, OPTION(least_squares), "chi squared, biased", 0, 0},
    {"velocity", 0, "KM/S", IXS_OPTION_REAL, OPTION(velocity),
     "slope of all modes, so that slits (Q_WIDTH) do not make linewidth of it", 0, 1000},
    {"slopes", 0, NULL, IXS_OPTION_FLAG, OPTION(slopes), "the same, from neighbours", 0, 0},
    {"exact-response", 0, NULL, IXS_OPTION_FLAG, OPTION(exact), "responses without errors", 0, 0},
};

static bool make_rules(struct ixs_fitting *rules, struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    if (!ixs_fitting_model(rules, job->model, job->experiment, &job->provenance, err) ||
        !ixs_fitting_choose(rules, values->choose, err))
        return false;
    ixs_fitting_ask(rules, values->modes, values->most_modes, values->from, values->to);
    rules->everything = values->everything;
    rules->curves = values->curves;
    rules->least_squares = values->least_squares;
    ixs_fitting_accept(rules, values->slopes, values->velocity, values->exact);
    ixs_fitting_draw(rules, values->bootstrap, values->sample, values->seed);
    rules->threads = (size_t)job->jobs;
    rules->progress = job->progress;
    return true;
}

static bool judge(struct ixs_job *job, const struct ixs_fit *fit, size_t strangers,
                  struct ixs_err *err)
{
    char text[400];
    if (strangers > 0)
        ixs_note(&job->notes, job->calibration, 0,
                 "it is of another beamtime than %zu spectra: RESPONSE lent, no limit of a width",
                 strangers);
    for (size_t i = 0; i < fit->nspectra; i++)
        if (ixs_doubt_fit(fit, i, sizeof text, text) && !ixs_stage_doubt(job, err, "%s", text))
            return false;
    return true;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    struct ixs_calib calib = {0};
    struct ixs_fit fit = {0};
    struct ixs_fitting rules = IXS_FITTING;
    struct ixs_fitting_input *inputs = NULL;
    struct ixs_fitting_together together = {0};
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              ixs_stage_needs(job->calibration, "calibration", err) &&
              make_rules(&rules, job, err) &&
              ixs_calib_read(&calib, job->calibration, &job->reading, &job->provenance, err) &&
              ixs_fitting_settle(&rules, &calib, err) &&
              ixs_fitting_inputs_read(&inputs, job->ninputs, job->inputs, &job->reading,
                                      &job->provenance, err) &&
              ixs_fitting_all(&together, job->ninputs, inputs, &calib, &rules, err) &&
              ixs_fitting_record_all(&fit, &together, job->ninputs, inputs, &calib, &rules, err) &&
              judge(job, &fit, ixs_fitting_strangers(&fit, job->ninputs, inputs), err) &&
              ixs_fit_write(&fit, job->output, &job->provenance, &job->commit, NULL, err);
    ixs_fitting_inputs_free(job->ninputs, inputs);
    ixs_fitting_together_dispose(&together);
    ixs_fitting_dispose(&rules);
    ixs_fit_dispose(&fit);
    ixs_calib_dispose(&calib);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-fit",
    .summary = "fit damped harmonic oscillators to spectra",
    .reads = "SPECTRA products; CALIB; a model XML",
    .writes = "one FIT product",
    .usage = "[options] SPECTRA.fits ... -c CALIB.fits -o FIT.fits",
    .example = "ixs-fit elastic.fits -c calib.fits --curves -o fit.fits",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_EXPERIMENT | IXS_TAKES_MODEL | IXS_TAKES_CALIBRATION |
             IXS_TAKES_JOBS | IXS_TAKES_STRICT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = SIZE_MAX,
    .run = run,
};
