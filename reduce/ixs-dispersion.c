/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-dispersion: modes of many spectra against reduced q, gathered into branches.
 */
#include "calib/branching/branching.h"
#include "calib/thermal/thermal.h"
#include "reduce/stage.h"

#include <string.h>

struct values {
    struct ixs_branching_wishes branching;
    struct ixs_thermal_rules thermal;
};
static const struct values defaults = {.branching = IXS_BRANCHING_WISHES,
                                       .thermal = {.same_q = 0.02}};

#define BRANCHING(member) offsetof(struct values, branching.member)
#define THERMAL(member) offsetof(struct values, thermal.member)
static const struct ixs_option options[] = {
    {"analyzer", 0, "NAME", IXS_OPTION_TEXT, BRANCHING(analyzer), "of one analyzer alone", 0, 0},
    {"q-from", 0, "1/ANGSTROM", IXS_OPTION_REAL, BRANCHING(from), "smallest reduced q on a branch",
     0, 100},
    {"q-to", 0, "1/ANGSTROM", IXS_OPTION_REAL, BRANCHING(to), "largest reduced q on one", 0, 100},
    {"paths", 0, "KIND", IXS_OPTION_TEXT, BRANCHING(paths),
     "any, zones or directions: what is followed by itself (default any)", 0, 0},
    {"fold", 0, "GROUP", IXS_OPTION_TEXT, BRANCHING(fold),
     "no, yes or a point group: q that it makes equivalent are one (default no)", 0, 0},
    {"angle", 0, "DEG", IXS_OPTION_REAL, BRANCHING(angle),
     "a q belongs to a direction within this (default 8)", 0, 45},
    {"width", 0, "1/ANGSTROM", IXS_OPTION_REAL, BRANCHING(width),
     "or this far off its line (default 0.02)", 0, 1},
    {"law", 0, "LAW", IXS_OPTION_TEXT, BRANCHING(law),
     "of acoustic branches: auto, linear, sine, series, karman (default auto)", 0, 0},
    {"terms", 0, "N", IXS_OPTION_INT, BRANCHING(terms),
     "most terms of series and karman (default 4)", 1, IXS_BRANCH_MOST_TERMS},
    {"density", 0, "G/CM^3", IXS_OPTION_REAL, BRANCHING(density),
     "of the sample, for elastic constants", 1e-3, 100},
    {"overlay", 0, "PATH", IXS_OPTION_TEXT, BRANCHING(overlay),
     "a published or calculated dispersion: CSV or band.yaml", 0, 0},
    {"tolerance", 0, "MEV", IXS_OPTION_REAL, BRANCHING(tolerance),
     "how far off a branch a mode may lie whatever its error (default 0.5)", 0, 100},
    {"same-temperature", 0, "K", IXS_OPTION_REAL, BRANCHING(warm),
     "modes within this of each other are one temperature (default 5)", 0, 1000},
    {"same-q", 0, "RLU", IXS_OPTION_REAL, THERMAL(same_q),
     "at several temperatures: how far apart the HKL of one mode may be (default 0.02)", 0, 1},
    {"width-law", 0, "LAW", IXS_OPTION_TEXT, THERMAL(width_law),
     "FWHM against temperature: constant, three, three+rest, four, four+rest, three+four, "
     "three+four+rest (phonons), power, or choose by AICc (default power, or what holds better)",
     0, 0},
    {"energy-law", 0, "LAW", IXS_OPTION_TEXT, THERMAL(energy_law),
     "OMEGA0 against temperature: the same (default power)", 0, 0},
    {"compare-laws", 0, NULL, IXS_OPTION_FLAG, THERMAL(compare),
     "put every law of each mode into THERMAL_LAWS, with its AICc", 0, 0},
    {"along", 0, "H,K,L", IXS_OPTION_TEXT, THERMAL(along),
     "thermal conductivity of modes with q along this direction (default all)", 0, 0},
    {"zone", 0, "Q", IXS_OPTION_REAL, THERMAL(zone),
     "radius of the sphere of q it is summed over, in 1/Angstrom (default the largest q)", 0, 100},
};

static bool add_file(struct ixs_dispersion *out, struct ixs_thermal_modes *modes, const char *path,
                     struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_fit fit = {0};
    bool ok = ixs_fit_read(&fit, path, &job->reading, &job->provenance, err);
    if (ok && out->identity.kind[0] != '\0' &&
        strcmp(out->identity.object, fit.identity.object) != 0)
        ok = ixs_stage_doubt(job, err, "%s: sample '%s' among modes of '%s'", path,
                             fit.identity.object, out->identity.object);
    ixs_branching_keep(&fit, values->branching.analyzer);
    ok = ok && ixs_branching_add(out, &fit, err) && ixs_thermal_add(modes, &fit, err);
    ixs_fit_dispose(&fit);
    return ok;
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_dispersion dispersion = {0};
    struct ixs_thermal_modes modes = {0};
    struct ixs_branching rules = IXS_BRANCHING;
    char excuse[200];
    const char *complaint = ixs_thermal_rules_complaint(&values->thermal);
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              (complaint == NULL || ixs_fail(err, IXS_USAGE, "%s", complaint)) &&
              ixs_branching_experiment(&rules, job->experiment, &job->provenance, err) &&
              ixs_branching_wish(&rules, &values->branching, err);
    for (size_t i = 0; ok && i < job->ninputs; i++)
        ok = add_file(&dispersion, &modes, job->inputs[i], job, err);
    ok = ok && ixs_branching_met(&dispersion, values->branching.analyzer, err) &&
         ixs_branching_find(&dispersion, &modes.kinship, &rules, err) &&
         ixs_branching_overlays(&dispersion, &rules, &job->provenance, err) &&
         ixs_thermal_gather(&dispersion, &modes, &values->thermal, rules.warm, err);
    ixs_branching_excuse(&dispersion, &rules, sizeof excuse, excuse);
    if (ok && dispersion.nbranches == 0)
        ok = ixs_stage_doubt(job, err, "%s", excuse);
    ok = ok &&
         ixs_dispersion_write(&dispersion, job->output, &job->provenance, &job->commit, NULL, err);
    ixs_thermal_modes_dispose(&modes);
    ixs_dispersion_dispose(&dispersion);
    ixs_branching_dispose(&rules);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-dispersion",
    .summary = "gather modes into branches: dispersion, sound velocity, linewidths",
    .reads = "FIT products; an experiment XML",
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
