/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-plan: a beamtime as a Makefile.
 */
#include "reduce/stage.h"

#include "base/path.h"
#include "calib/plan/plan.h"

#include <stdlib.h>
#include <unistd.h>

struct values {
    bool draft, scans, force;
};
static const struct values defaults = {0};

static const struct ixs_option options[] = {
    {"draft", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, draft),
     "write an experiment XML from a SPEC file and -i; it runs unedited", 0, 0},
    {"scans", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, scans),
     "write scans.mk and the slices beside it, as the Makefile asks for", 0, 0},
    {"force", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, force),
     "overwrite a Makefile or an experiment that was edited", 0, 0},
};

/* A draft that somebody worked on is worth more than a new one. */
static bool check_new(const struct ixs_job *job, struct ixs_err *err)
{
    if (((const struct values *)job->values)->force || access(job->output, F_OK) != 0)
        return true;
    return ixs_fail_at(err, IXS_OUTPUT, job->output, 0,
                       "found a file of that name, expected another -o, or --force to lose it");
}

static bool draft(struct ixs_job *job, struct ixs_plan *plan, struct ixs_err *err)
{
    return ixs_stage_needs(job->instrument, "instrument", err) && check_new(job, err) &&
           ixs_plan_of_file(plan, job->inputs[0], job->instrument, err) &&
           ixs_plan_scans(plan, NULL, &job->notes, err) &&
           (ixs_plan_doubt(plan, &job->notes),
            ixs_plan_draft(plan, job->output, &job->commit, err));
}

static bool scans(struct ixs_job *job, struct ixs_plan *plan, struct ixs_err *err)
{
    char *folder = ixs_path_folder(job->output, err), *settled = NULL;
    bool ok = folder != NULL && (settled = ixs_text(err, "%s/settled", folder)) != NULL &&
              ixs_plan_read(plan, job->inputs[0], err) &&
              ixs_plan_scans(plan, settled, &job->notes, err) &&
              ixs_plan_write(plan, job->output, &job->commit, err);
    free(settled);
    free(folder);
    return ok;
}

static bool makefile(struct ixs_job *job, struct ixs_plan *plan, struct ixs_err *err)
{
    bool force = ((const struct values *)job->values)->force;
    return ixs_plan_read(plan, job->inputs[0], err) &&
           ixs_plan_makefile(plan, job->output, force, &job->commit, err);
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_plan plan = {0};
    bool ok = ixs_stage_needs(job->output, "output", err);
    if (ok && values->draft && values->scans)
        ok = ixs_fail(err, IXS_USAGE, "found --draft and --scans, expected one of them");
    ok = ok && (values->draft   ? draft(job, &plan, err)
                : values->scans ? scans(job, &plan, err)
                                : makefile(job, &plan, err));
    ixs_plan_dispose(&plan);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-plan",
    .summary = "a beamtime as a Makefile: every stage of every scan",
    .reads = "an experiment XML that names its SPEC files; with --draft a SPEC file",
    .writes = "a Makefile, ready for make -j; with --draft an experiment XML with comments",
    .usage = "[options] experiment.xml -o Makefile",
    .example = "ixs-plan test_spectra/experiment.xml -o Makefile",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_INSTRUMENT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run,
};
