/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-elastic: finds the elastic line of each spectrum and subtracts it.
 */
#include "calib/elastic.h"
#include "reduce/stage.h"

#include <math.h>
#include <stdlib.h>

struct values {
    int64_t modes, most_modes;
};
static const struct values defaults = {.modes = IXS_FIT_CHOOSE_MODES, .most_modes = 4};

static const struct ixs_option options[] = {
    {"modes", 'n', "N", IXS_OPTION_INT, offsetof(struct values, modes),
     "modes beside the elastic line (default: chosen by AICc)", 0, IXS_FIT_MOST_MODES},
    {"most-modes", 0, "N", IXS_OPTION_INT, offsetof(struct values, most_modes),
     "most modes tried when the number is chosen (default 4)", 1, IXS_FIT_MOST_MODES},
};

static bool judge(struct ixs_job *job, const struct ixs_spectra *spectra,
                  const struct ixs_fit_answer *answers, struct ixs_err *err)
{
    for (size_t i = 0; i < spectra->nspectra; i++)
        if (answers[i].status != IXS_FIT_GOOD &&
            !ixs_stage_doubt(job, err, "%s %s: elastic line %s: %s", job->inputs[0],
                             spectra->spectra[i].analyzer, ixs_fit_status_word(answers[i].status),
                             answers[i].reason))
            return false;
    return true;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_calib calib = {0};
    struct ixs_spectra spectra = {0};
    struct ixs_fit_answer *answers = NULL;
    struct ixs_fitting rules = IXS_FITTING;
    rules.nmodes = (int)values->modes;
    rules.most_modes = (int)values->most_modes;
    rules.threads = (size_t)job->jobs;
    rules.progress = job->progress;
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              ixs_stage_needs(job->calibration, "calibration", err) &&
              ixs_calib_read(&calib, job->calibration, &job->reading, &job->provenance, err) &&
              ixs_spectra_read(&spectra, job->inputs[0], &job->reading, &job->provenance, err) &&
              ixs_fitting_answers(&answers, &spectra, &calib, &rules, err) &&
              judge(job, &spectra, answers, err);
    if (ok)
        ixs_elastic_subtract(&spectra, &calib, answers);
    ok = ok && ixs_spectra_write(&spectra, job->output, &job->provenance, &job->commit, NULL, err);
    free(answers);
    ixs_spectra_dispose(&spectra);
    ixs_calib_dispose(&calib);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-elastic",
    .summary = "subtract the elastic line of each spectrum",
    .reads = "a SPECTRA product; CALIB",
    .writes = "a SPECTRA product with ELASTIC and INELASTIC",
    .usage = "[options] SPECTRA.fits -c CALIB.fits -o SPECTRA.fits",
    .example = "ixs-elastic spectra.fits -c calib.fits -o elastic.fits",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_EXPERIMENT | IXS_TAKES_CALIBRATION | IXS_TAKES_JOBS |
             IXS_TAKES_STRICT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run,
};
