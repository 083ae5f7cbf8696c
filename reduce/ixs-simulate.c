/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-simulate: a whole beamtime from a sample, with Poisson counts, and its truth.
 */
#include "calib/forward/predict.h"
#include "calib/instrument/instrument.h"
#include "reduce/stage.h"
#include "view/show/sheet.h"

#include <math.h>
#include <stdio.h>

struct values {
    int64_t seed;
    double scale, zero_err;
    const char *truth, *want;
    bool predict;
};
static const struct values defaults = {.seed = -1, .scale = 1.0, .zero_err = 0.05};

#define OPTION(member) offsetof(struct values, member)
static const struct ixs_option options[] = {
    {"seed", 0, "N", IXS_OPTION_INT, OPTION(seed),
     "of the random numbers (default: the sample's; 0)", 0, 4e9},
    {"scale", 0, "X", IXS_OPTION_REAL, OPTION(scale), "factor on all counting times (default 1)",
     1e-6, 1e6},
    {"truth", 0, "PATH", IXS_OPTION_TEXT, OPTION(truth),
     "front of the names of the truth (default beam_truth, of beam.spec)", 0, 0},
    {"predict", 0, NULL, IXS_OPTION_FLAG, OPTION(predict),
     "print the errors that fits will have, write nothing", 0, 0},
    {"want", 0, "NAME=ERROR", IXS_OPTION_TEXT, OPTION(want),
     "and the counting time for these, as FWHM=0.1,OMEGA0=0.05", 0, 0},
    {"zero-error", 0, "MEV", IXS_OPTION_REAL, OPTION(zero_err),
     "to which the zero will be known, for --predict (default 0.05)", 1e-6, 1e3},
};

static bool read_plan(struct ixs_forward *forward, struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_config *sample = NULL;
    struct ixs_instrument instrument;
    bool ok = (values->predict || ixs_stage_needs(job->output, "output", err)) &&
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

static const struct ixs_sheet_column columns[] = {
    {"SCAN", "", true},    {"ANALYZER", "", true}, {"COMPONENT", "", true},    {"NAME", "", true},
    {"VALUE", "", false},  {"ERROR", "", false},   {"UNIT", "", true},         {"TIME", "s", false},
    {"WANTED", "", false}, {"NEEDED", "s", false}, {"SCAN TAKES", "h", false},
};

static bool print(const struct ixs_prediction *prediction, struct ixs_err *err)
{
    struct ixs_sheet sheet = {.ncolumns = IXS_COUNT(columns), .columns = columns};
    for (size_t i = 0; i < prediction->nrows; i++) {
        const struct ixs_prediction_row *row = &prediction->rows[i];
        const char *const words[] = {row->scans, row->analyzer, row->component, row->name};
        const double numbers[] = {row->time, row->wanted, row->needed, row->hours};
        for (size_t k = 0; k < IXS_COUNT(words); k++)
            ixs_sheet_cell(&sheet, "%s", words[k]);
        ixs_sheet_number(&sheet, row->value);
        ixs_sheet_number(&sheet, row->err);
        ixs_sheet_cell(&sheet, "%s", row->unit);
        for (size_t k = 0; k < IXS_COUNT(numbers); k++)
            ixs_sheet_number(&sheet, numbers[k]);
    }
    bool ok = ixs_sheet_print(&sheet, 0, stdout, err);
    ixs_sheet_dispose(&sheet);
    return ok;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_forward forward = {0};
    struct ixs_forward_beamtime beamtime = {0};
    struct ixs_prediction prediction = {0};
    bool ok = read_plan(&forward, job, err) && ixs_forward_run(&beamtime, &forward, err);
    if (values->predict)
        ok = ok &&
             ixs_forward_predict(&prediction, &beamtime, values->want, values->zero_err, err) &&
             print(&prediction, err);
    else
        ok = ok && ixs_forward_write(&beamtime, job->output, values->truth, &job->provenance,
                                     &job->commit, err);
    ixs_prediction_dispose(&prediction);
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
