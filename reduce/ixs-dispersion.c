/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-dispersion: modes of many spectra against reduced q, gathered into branches.
 */
#include "calib/branching.h"
#include "calib/thermal.h"
#include "reduce/stage.h"

#include <string.h>

struct values {
    struct ixs_branching branching;
    struct ixs_thermal_rules thermal;
};
static const struct values defaults = {.branching = {.tolerance = 0.5, .warm = 5},
                                       .thermal = {.same_q = 0.02}};

static const struct ixs_option options[] = {
    {"tolerance", 0, "MEV", IXS_OPTION_REAL, offsetof(struct values, branching.tolerance),
     "how far off a branch a mode may lie whatever its error (default 0.5)", 0, 100},
    {"same-temperature", 0, "K", IXS_OPTION_REAL, offsetof(struct values, branching.warm),
     "modes within this of each other are one temperature (default 5)", 0, 1000},
    {"same-q", 0, "RLU", IXS_OPTION_REAL, offsetof(struct values, thermal.same_q),
     "at several temperatures: how far apart the HKL of one mode may be (default 0.02)", 0, 1},
    {"width-law", 0, "LAW", IXS_OPTION_TEXT, offsetof(struct values, thermal.width_law),
     "FWHM against temperature: constant, three, three+rest, four, four+rest, three+four, "
     "three+four+rest (phonons), power, or choose by AICc (default power, or what holds better)",
     0, 0},
    {"energy-law", 0, "LAW", IXS_OPTION_TEXT, offsetof(struct values, thermal.energy_law),
     "OMEGA0 against temperature: the same (default power)", 0, 0},
    {"compare-laws", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, thermal.compare),
     "put every law of each mode into THERMAL_LAWS, with its AICc", 0, 0},
    {"along", 0, "H,K,L", IXS_OPTION_TEXT, offsetof(struct values, thermal.along),
     "thermal conductivity of modes with q along this direction (default all)", 0, 0},
    {"zone", 0, "Q", IXS_OPTION_REAL, offsetof(struct values, thermal.zone),
     "radius of the sphere of q it is summed over, in 1/Angstrom (default the largest q)", 0, 100},
};

static bool add_file(struct ixs_dispersion *out, struct ixs_thermal_modes *modes, const char *path,
                     struct ixs_job *job, struct ixs_err *err)
{
    struct ixs_fit fit = {0};
    bool ok = ixs_fit_read(&fit, path, &job->reading, &job->provenance, err);
    if (ok && out->identity.kind[0] != '\0' &&
        strcmp(out->identity.object, fit.identity.object) != 0)
        ok = ixs_stage_doubt(job, err, "%s: sample '%s' among modes of '%s'", path,
                             fit.identity.object, out->identity.object);
    ok = ok && ixs_branching_add(out, &fit, err) && ixs_thermal_add(modes, &fit, err);
    ixs_fit_dispose(&fit);
    return ok;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_dispersion dispersion = {0};
    struct ixs_thermal_modes modes = {0};
    const char *complaint = ixs_thermal_rules_complaint(&values->thermal);
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              (complaint == NULL || ixs_fail(err, IXS_USAGE, "%s", complaint));
    for (size_t i = 0; ok && i < job->ninputs; i++)
        ok = add_file(&dispersion, &modes, job->inputs[i], job, err);
    ok = ok && ixs_branching_find(&dispersion, &values->branching, err) &&
         ixs_thermal_gather(&dispersion, &modes, &values->thermal, values->branching.warm, err);
    if (ok && dispersion.nbranches == 0)
        ok = ixs_stage_doubt(job, err, "no branch found among %zu modes", dispersion.npoints);
    ok = ok &&
         ixs_dispersion_write(&dispersion, job->output, &job->provenance, &job->commit, NULL, err);
    ixs_thermal_modes_dispose(&modes);
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
