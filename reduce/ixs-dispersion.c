/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-dispersion: modes of many spectra against reduced q, gathered into branches.
 */
#include "calib/branching.h"
#include "calib/thermal.h"
#include "reduce/stage.h"

#include <string.h>

static const struct ixs_branching defaults = {.tolerance = 0.5, .warm = 5};

static const struct ixs_option options[] = {
    {"tolerance", 0, "MEV", IXS_OPTION_REAL, offsetof(struct ixs_branching, tolerance),
     "how far off a branch a mode may lie whatever its error (default 0.5)", 0, 100},
    {"same-temperature", 0, "K", IXS_OPTION_REAL, offsetof(struct ixs_branching, warm),
     "modes within this of each other are one temperature (default 5)", 0, 1000},
};

static bool add_file(struct ixs_dispersion *out, const char *path, struct ixs_job *job,
                     struct ixs_err *err)
{
    struct ixs_fit fit = {0};
    bool ok = ixs_fit_read(&fit, path, &job->reading, &job->provenance, err);
    if (ok && out->identity.kind[0] != '\0' &&
        strcmp(out->identity.object, fit.identity.object) != 0)
        ok = ixs_stage_doubt(job, err, "%s: sample '%s' among modes of '%s'", path,
                             fit.identity.object, out->identity.object);
    ok = ok && ixs_branching_add(out, &fit, err);
    ixs_fit_dispose(&fit);
    return ok;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    struct ixs_dispersion dispersion = {0};
    bool ok = ixs_stage_needs(job->output, "output", err);
    for (size_t i = 0; ok && i < job->ninputs; i++)
        ok = add_file(&dispersion, job->inputs[i], job, err);
    ok = ok && ixs_branching_find(&dispersion, job->values, err);
    if (ok && dispersion.nbranches == 0)
        ok = ixs_stage_doubt(job, err, "no branch found among %zu modes", dispersion.npoints);
    ok = ok &&
         ixs_dispersion_write(&dispersion, job->output, &job->provenance, &job->commit, NULL, err);
    ixs_dispersion_dispose(&dispersion);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-dispersion",
    .summary = "gather modes into branches: dispersion, sound velocity, linewidths",
    .reads = "FIT products",
    .writes = "one DISPERSION product",
    .usage = "[options] FIT.fits ... -o DISPERSION.fits",
    .example = "ixs-dispersion fit.fits -o dispersion.fits",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_EXPERIMENT | IXS_TAKES_STRICT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = SIZE_MAX,
    .run = run,
};
