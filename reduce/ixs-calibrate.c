/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-calibrate: resolution functions, energy zeros and efficiencies from reference scans.
 */
#include "calib/archive/response.h"
#include "calib/instrument/doubt.h"
#include "calib/standard/standard.h"
#include "reduce/stage.h"

#include <stdlib.h>

struct values {
    const char *response;
    bool all_scans, keep_inelastic, multiphonon, unweighted;
};

static const struct ixs_option options[] = {
    {"response", 0, "FORM", IXS_OPTION_TEXT, offsetof(struct values, response),
     "sum (of pseudo-Voigts, as the data demand: default), single (one) or table (smooth)", 0, 0},
    {"all-scans", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, all_scans),
     "responses from all long scans that light an analyzer, not from its brightest angle", 0, 0},
    {"keep-inelastic", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, keep_inelastic),
     "leave the sample's inelastic part in the responses, even if the scans tell it", 0, 0},
    {"multiphonon", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, multiphonon),
     "take two phonons off too", 0, 0},
    {"unweighted", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, unweighted),
     "of SPECTRA: least squares without weights, as ID28 did it", 0, 0},
};

static bool read_scans(struct ixs_job *job, const struct ixs_experiment *experiment,
                       struct ixs_raw *scans, struct ixs_err *err)
{
    for (size_t i = 0; i < job->ninputs; i++) {
        if (!ixs_raw_read(&scans[i], job->inputs[i], &job->reading, &job->provenance, err))
            return false;
        ixs_experiment_use(experiment, scans[i].keys.scan);
    }
    return true;
}

static bool calibrate(struct ixs_job *job, const struct ixs_experiment *experiment,
                      struct ixs_calib *calib, struct ixs_err *err)
{
    struct ixs_raw *scans = NULL;
    const struct values *values = job->values;
    struct ixs_standard_task task = {.nscans = job->ninputs,
                                     .experiment = experiment,
                                     .all_scans = values->all_scans,
                                     .inelastic = !values->keep_inelastic,
                                     .multiphonon = values->multiphonon,
                                     .threads = (size_t)job->jobs,
                                     .notes = &job->notes};
    size_t form;
    bool ok = ixs_cli_choose(&form, values->response, "response", IXS_STANDARD_FORMS,
                             ixs_standard_forms, err);
    if (!ok || job->ninputs == 0)
        return ok && ixs_standard_nominal(calib, &experiment->instrument, err);
    task.form = (enum ixs_standard_form)form;
    ok = IXS_NEW(scans, job->ninputs, err) && read_scans(job, experiment, scans, err);
    task.scans = scans;
    ok = ok && ixs_standard_calibrate(calib, &task, err);
    for (size_t i = 0; scans != NULL && i < job->ninputs; i++)
        ixs_raw_dispose(&scans[i]);
    free(scans);
    return ok;
}

static bool judge(struct ixs_job *job, const struct ixs_calib *calib, struct ixs_err *err)
{
    char text[400];
    for (size_t i = 0; i < calib->nanalyzers; i++)
        if (ixs_doubt_calib(calib, i, sizeof text, text) && !ixs_stage_doubt(job, err, "%s", text))
            return false;
    return true;
}

static bool from_scans(struct ixs_job *job, struct ixs_calib *calib, struct ixs_err *err)
{
    struct ixs_experiment experiment = {0};
    bool ok =
        (job->experiment != NULL || ixs_stage_needs(job->instrument, "instrument", err)) &&
        ixs_experiment_read(&experiment, job->experiment, job->instrument, &job->provenance, err) &&
        calibrate(job, &experiment, calib, err) &&
        ixs_experiment_witness(&experiment, &job->provenance, err);
    ixs_experiment_dispose(&experiment);
    return ok;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct ixs_archive_responses archives = {job->ninputs, job->inputs,
                                                   ((const struct values *)job->values)->unweighted,
                                                   &job->reading, &job->provenance};
    struct ixs_calib calib = {0};
    bool archived,
        ok = ixs_stage_needs(job->output, "output", err) &&
             ixs_archive_responses(&calib, &archives, &archived, err) &&
             (archived || from_scans(job, &calib, err)) && judge(job, &calib, err) &&
             ixs_calib_write(&calib, job->output, &job->provenance, &job->commit, NULL, err);
    ixs_calib_dispose(&calib);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-calibrate",
    .summary = "resolution functions, energy zeros and efficiencies from reference scans",
    .reads = "RAW of reference scans, an instrument XML (alone: nominal responses); old SPECTRA",
    .writes = "a CALIB product",
    .usage = "[options] [RAW.fits ...] -i INSTRUMENT.xml -o CALIB.fits",
    .example = "ixs-calibrate raw/beamtime_S000[1-8].fits -i configs/herix.xml -o calib.fits",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_INSTRUMENT | IXS_TAKES_EXPERIMENT | IXS_TAKES_JOBS |
             IXS_TAKES_STRICT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &(const struct values){.response = "sum"},
    .values_size = sizeof(struct values),
    .least_inputs = 0,
    .most_inputs = 100000,
    .run = run,
};
