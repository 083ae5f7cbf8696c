/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-import: SPEC files to RAW products, one a scan.
 */
#include "reduce/stage.h"

#include "calib/import.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct values {
    const char *scans;
    const char *energy_axis;
    bool list;
};
static const struct values defaults = {0};

static const struct ixs_option options[] = {
    {"list", 'l', NULL, IXS_OPTION_FLAG, offsetof(struct values, list),
     "say what scans there are, write nothing", 0, 0},
    {"scans", 's', "LIST", IXS_OPTION_TEXT, offsetof(struct values, scans),
     "only these: 12,14-20,1.2 (1.2 is the second scan 1; default all)", 0, 0},
    {"energy-axis", 0, "NAME", IXS_OPTION_TEXT, offsetof(struct values, energy_axis),
     "motor whose resets move E_ORIGIN (default HerixE, hrmE or DeltaE)", 0, 0},
};

static bool print_scan(const struct ixs_import *import, const char *path,
                       const struct ixs_spec_scan *scan, struct ixs_err *err)
{
    const struct ixs_raw_keys *keys = &scan->raw.keys;
    char number[48], rows[48], planned[24] = "?";
    (void)import, (void)path, (void)err;
    if (keys->order > 1)
        snprintf(number, sizeof number, "%" PRId64 ".%" PRId64, keys->scan, keys->order);
    else
        snprintf(number, sizeof number, "%" PRId64, keys->scan);
    if (keys->nplanned >= 0)
        snprintf(planned, sizeof planned, "%" PRId64, keys->nplanned);
    snprintf(rows, sizeof rows, "%" PRId64 "/%s", keys->npoints, planned);
    printf("%-6s  %-9s  %-8s  %-8s  %9.4f  %-24s  %s\n", number, rows, keys->ended,
           keys->e_axis[0] ? keys->e_axis : "-", keys->e_origin, scan->raw.identity.date,
           keys->command);
    return true;
}

static bool visit_all(const struct ixs_job *job, const struct ixs_import *import,
                      struct ixs_import_visit each, struct ixs_notes *notes, struct ixs_err *err)
{
    const struct values *values = job->values;
    bool ok = true;
    for (size_t i = 0; ok && i < job->ninputs; i++) {
        if (values->list && job->ninputs > 1)
            printf("# %s\n", job->inputs[i]);
        ok = ixs_import_visit(import, job->inputs[i], each, notes, err);
    }
    return ok;
}

static bool check_choice(const struct ixs_job *job, const struct ixs_import *import,
                         struct ixs_err *err)
{
    return ixs_scan_choice_check(import->scans, err) ||
           (job->ninputs == 1 && ixs_in_file(err, job->inputs[0], 0));
}

/* All files are looked through before anything is written: a file that breaks off, or has not all
 * scans that were asked for, leaves nothing behind. */
static bool import_all(struct ixs_job *job, const struct ixs_import *import, struct ixs_err *err)
{
    const struct ixs_import_visit look = {ixs_import_look}, write = {ixs_import_write};
    return ixs_stage_needs(job->output, "output", err) &&
           ixs_import_names(job->inputs, job->ninputs, err) &&
           visit_all(job, import, look, NULL, err) && check_choice(job, import, err) &&
           (job->commit.dry_run || ixs_import_folder(job->output, err)) &&
           visit_all(job, import, job->commit.dry_run ? look : write, &job->notes, err);
}

static bool list_all(struct ixs_job *job, const struct ixs_import *import, struct ixs_err *err)
{
    const struct ixs_import_visit print = {print_scan};
    return visit_all(job, import, print, &job->notes, err) && check_choice(job, import, err);
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_scan_choice scans = {0};
    const struct ixs_import import = {.energy_axis = values->energy_axis,
                                      .scans = &scans,
                                      .folder = job->output,
                                      .commit = &job->commit,
                                      .program = &job->provenance};
    bool ok = (values->scans == NULL || ixs_scan_choice_parse(&scans, values->scans, err)) &&
              (values->list ? list_all(job, &import, err) : import_all(job, &import, err));
    ixs_scan_choice_dispose(&scans);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-import",
    .summary = "record the scans of SPEC files as RAW products",
    .reads = "SPEC files, plain or gzip",
    .writes = "one RAW product a scan: raw/beam_S0012.fits; a second scan 12: beam_S0012.2.fits",
    .usage = "[options] beam.spec ... -o raw/",
    .example = "ixs-import test_spectra/beamtime.spec -o raw",
    .takes = IXS_TAKES_OUTPUT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 1000000,
    .run = run,
};
