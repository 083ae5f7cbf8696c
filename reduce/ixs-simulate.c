/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-simulate: a whole beamtime from a sample, with Poisson counts, and its truth.
 */
#include "calib/forward.h"
#include "calib/instrument.h"
#include "reduce/stage.h"

struct values {
    int64_t seed;
    double scale;
    const char *truth;
};
static const struct values defaults = {.seed = -1, .scale = 1.0};

#define OPTION(member) offsetof(struct values, member)
static const struct ixs_option options[] = {
    {"seed", 0, "N", IXS_OPTION_INT, OPTION(seed),
     "of the random numbers (default: the sample's; 0)", 0, 4e9},
    {"scale", 0, "X", IXS_OPTION_REAL, OPTION(scale), "factor on all counting times (default 1)",
     1e-6, 1e6},
    {"truth", 0, "PATH", IXS_OPTION_TEXT, OPTION(truth),
     "front of the names of the truth (default beam_truth, of beam.spec)", 0, 0},
};

static bool read_plan(struct ixs_forward *forward, struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_config *sample = NULL;
    struct ixs_instrument instrument;
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              ixs_stage_needs(job->instrument, "instrument", err) &&
              ixs_config_open(&sample, job->inputs[0], "sample", err) &&
              ixs_instrument_read(&instrument, job->instrument, &job->provenance, err);
    if (ok)
        ixs_instrument_settle(&instrument);
    ok = ok && ixs_forward_read(forward, sample, &instrument, err) &&
         ixs_config_witness(sample, "sample", &job->provenance, err);
    if (ok && values->seed >= 0)
        forward->seed = values->seed;
    forward->scale = values->scale;
    forward->threads = (size_t)job->jobs;
    ixs_config_close(sample);
    return ok;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_forward forward = {0};
    struct ixs_forward_beamtime beamtime = {0};
    bool ok = read_plan(&forward, job, err) && ixs_forward_run(&beamtime, &forward, err) &&
              ixs_forward_write(&beamtime, job->output, values->truth, &job->provenance,
                                &job->commit, err);
    ixs_forward_beamtime_dispose(&beamtime);
    ixs_forward_dispose(&forward);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-simulate",
    .summary = "simulate a beamtime from a sample, with Poisson counts and its truth",
    .reads = "a sample XML; an instrument XML",
    .writes = "a SPEC file; the truth as CALIB, SPECTRA and FIT",
    .usage = "[options] SAMPLE.xml -i INSTRUMENT.xml -o BEAM.spec",
    .example =
        "ixs-simulate test_spectra/sample.xml -i configs/herix.xml --seed 7 -o simulated.spec",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_INSTRUMENT | IXS_TAKES_JOBS,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run,
};
