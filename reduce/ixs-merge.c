/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-merge: repeated scans to one spectrum an analyzer.
 */
#include "calib/merge/merge.h"
#include "reduce/stage.h"

#include <stdlib.h>

static const struct ixs_merge_rules defaults = IXS_MERGE_RULES;

#define OPTION(member) offsetof(struct ixs_merge_rules, member)
static const struct ixs_option options[] = {
    {"momentum", 0, "1/ANGSTROM", IXS_OPTION_REAL, OPTION(momentum),
     "settings as near as this are the same (default 0.002)", 0, 10},
    {"temperature", 0, "K", IXS_OPTION_REAL, OPTION(temperature),
     "the same (default: 1 % of it, at most 2 K)", 0, 1000},
    {"tolerance", 0, "MEV", IXS_OPTION_REAL, OPTION(tolerance),
     "points as near as this are summed (default: a twentieth of the FWHM)", 0, 100},
    {"bin", 0, "MEV", IXS_OPTION_REAL, OPTION(bin),
     "sum in bins of this width instead, one of them about 0", 0, 100},
    {"side-by-side", 0, NULL, IXS_OPTION_FLAG, OPTION(side_by_side),
     "sum nothing: the scans' points beside each other, for a joint fit", 0, 0},
    {"most-shift", 0, "MEV", IXS_OPTION_REAL, OPTION(most_shift),
     "how far a scan of unknown zero may be shifted; 0: no scan is (default 2)", 0, 1000},
    {"own-shift", 0, "MEV", IXS_OPTION_REAL, OPTION(own),
     "rms drift of single analyzers (default: of CALIB, else 0.03)", 0, 100},
    {"all-points", 0, NULL, IXS_OPTION_FLAG, OPTION(all_points), "look for no spikes", 0, 0},
    {"narrowest", 0, "MEV", IXS_OPTION_REAL, OPTION(narrowest),
     "FWHM of the narrowest true feature (default: of the response)", 1e-3, 1000},
    {"jitter", 0, "MEV", IXS_OPTION_REAL, OPTION(jitter),
     "rms error of each point's energy (default: of CALIB, else 0.02)", 0, 100},
};

struct inputs { /* owns both */
    struct ixs_spectra *spectra;
    struct ixs_merge_input *list;
};

static bool read_all(struct inputs *inputs, struct ixs_job *job, struct ixs_err *err)
{
    bool ok =
        IXS_NEW(inputs->spectra, job->ninputs, err) && IXS_NEW(inputs->list, job->ninputs, err);
    for (size_t i = 0; ok && i < job->ninputs; i++) {
        ok = ixs_spectra_read(&inputs->spectra[i], job->inputs[i], &job->reading, &job->provenance,
                              err);
        inputs->list[i] = (struct ixs_merge_input){job->inputs[i], &inputs->spectra[i]};
    }
    return ok;
}

static void dispose_all(struct inputs *inputs, size_t n)
{
    for (size_t i = 0; inputs->spectra != NULL && i < n; i++)
        ixs_spectra_dispose(&inputs->spectra[i]);
    free(inputs->spectra);
    free(inputs->list);
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    struct ixs_merge_rules rules = *(const struct ixs_merge_rules *)job->values;
    struct ixs_calib calib = {0};
    struct ixs_instrument instrument = {0};
    struct ixs_spectra merged = {0};
    struct inputs inputs = {NULL, NULL};
    size_t doubts = 0;
    rules.threads = (size_t)job->jobs;
    rules.calib = job->calibration != NULL ? &calib : NULL;
    rules.instrument = job->instrument != NULL ? &instrument : NULL;
    bool ok = ixs_stage_needs(job->output, "output", err) && read_all(&inputs, job, err) &&
              (job->calibration == NULL ||
               ixs_calib_read(&calib, job->calibration, &job->reading, &job->provenance, err)) &&
              (job->instrument == NULL ||
               ixs_instrument_read(&instrument, job->instrument, &job->provenance, err)) &&
              ixs_merge(&merged, job->ninputs, inputs.list, &rules, &doubts, &job->notes, err) &&
              (doubts == 0 ||
               ixs_stage_doubt(job, err, "%zu spectra disagree with the others", doubts)) &&
              ixs_spectra_write(&merged, job->output, &job->provenance, &job->commit, NULL, err);
    ixs_spectra_dispose(&merged);
    dispose_all(&inputs, job->ninputs);
    ixs_calib_dispose(&calib);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-merge",
    .summary = "join repeated scans: align, test agreement, leave spikes out, sum counts",
    .reads = "SPECTRA products; CALIB or an instrument for the widths of lines",
    .writes = "one SPECTRA product, with MERGED: what each scan brought",
    .usage = "[options] SPECTRA.fits ... [-c CALIB.fits] -o SPECTRA.fits",
    .example = "ixs-merge spectra.fits -c calib.fits -o merged.fits",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_INSTRUMENT | IXS_TAKES_CALIBRATION | IXS_TAKES_JOBS |
             IXS_TAKES_STRICT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 10000,
    .run = run,
};
