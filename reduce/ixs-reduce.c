/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-reduce: RAW scans to SPECTRA.
 */
#include "reduce/stage.h"

#include "calib/reduction/reduction.h"

#include <math.h>

struct values {
    double temperature, zero, zero_error;
    bool unfinished;
};
static const struct values defaults = {NAN, NAN, NAN, false};

static const struct ixs_option options[] = {
    {"temperature", 't', "K", IXS_OPTION_REAL, offsetof(struct values, temperature),
     "of the sample (default: experiment, then the scan)", 0, 10000},
    {"zero", 'z', "MEV", IXS_OPTION_REAL, offsetof(struct values, zero),
     "recorded energy of zero transfer, for all analyzers", -1e6, 1e6},
    {"zero-error", 0, "MEV", IXS_OPTION_REAL, offsetof(struct values, zero_error),
     "error of --zero (default: a guess, left free by the fit)", 0, 1e6},
    {"unfinished", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, unfinished),
     "take a scan that is still being written, as far as it goes", 0, 0},
};

static bool read_setup(struct ixs_experiment *experiment, struct ixs_calib *calib,
                       struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    if (!ixs_stage_needs(job->output, "output", err))
        return false;
    if (job->instrument == NULL && job->experiment == NULL)
        return ixs_fail(err, IXS_USAGE,
                        "found no instrument, expected -i XML or an experiment that names one");
    if (!ixs_experiment_read(experiment, job->experiment, job->instrument, &job->provenance, err))
        return false;
    if (!isnan(values->temperature)) {
        experiment->temperature = values->temperature;
        experiment->temperature_error = NAN;
    }
    if (!isnan(values->zero) &&
        !ixs_experiment_state_zero(experiment, values->zero, values->zero_error, err))
        return false;
    return job->calibration == NULL ||
           ixs_calib_read(calib, job->calibration, &job->reading, &job->provenance, err);
}

static bool add_scan(struct ixs_spectra *spectra, const char *path, const struct ixs_reduction *how,
                     struct ixs_job *job, struct ixs_err *err)
{
    struct ixs_raw raw = {0};
    bool ok = ixs_raw_read(&raw, path, &job->reading, &job->provenance, err);
    ixs_experiment_use(how->experiment, raw.keys.scan);
    ok = ok && ixs_reduction_add(spectra, &raw, path, how, &job->notes, err);
    ixs_raw_dispose(&raw);
    return ok;
}

/* Of several scans an unusable one is told and passed over, as long as one is left. */
static bool add_scans(struct ixs_spectra *spectra, const struct ixs_reduction *how,
                      struct ixs_job *job, struct ixs_err *err)
{
    struct ixs_err first = IXS_ERR_NONE;
    for (size_t i = 0; i < job->ninputs; i++) {
        if (add_scan(spectra, job->inputs[i], how, job, err))
            continue;
        if (err->code != IXS_INPUT || job->ninputs == 1)
            return false;
        if (first.code == IXS_OK)
            first = *err;
        struct ixs_err fault = *err;
        ixs_err_clear(err);
        if (!ixs_stage_doubt(job, err, "%s: passed over: %s", fault.where, fault.text))
            return false;
    }
    if (spectra->nspectra == 0)
        *err = first;
    return spectra->nspectra > 0;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_experiment experiment = {0};
    struct ixs_calib calib = {0};
    struct ixs_spectra spectra = {0};
    struct ixs_reduction how = {.experiment = &experiment,
                                .calib = job->calibration ? &calib : NULL,
                                .unfinished = values->unfinished};
    bool ok = read_setup(&experiment, &calib, job, err) && add_scans(&spectra, &how, job, err) &&
              ixs_experiment_witness(&experiment, &job->provenance, err) &&
              ixs_spectra_write(&spectra, job->output, &job->provenance, &job->commit, NULL, err);
    ixs_spectra_dispose(&spectra);
    ixs_calib_dispose(&calib);
    ixs_experiment_dispose(&experiment);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-reduce",
    .summary = "energy transfer, Q and HKL, normalised intensity for each analyzer",
    .reads = "RAW products of energy scans, an instrument or an experiment, a CALIB product",
    .writes = "one SPECTRA product; several scans stand one after the other",
    .usage = "[options] -e experiment.xml [-c calib.fits] scan.fits ... -o spectra.fits",
    .example = "ixs-reduce raw/beamtime_S0012.fits -e test_spectra/experiment.xml -c calib.fits -o "
               "spectra.fits",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_INSTRUMENT | IXS_TAKES_EXPERIMENT |
             IXS_TAKES_CALIBRATION | IXS_TAKES_STRICT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 10000,
    .run = run,
};
