/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-import: SPEC files to RAW products, one a scan; reduced ASCII archives to SPECTRA.
 */
#include "reduce/stage.h"

#include "calib/archive.h"
#include "calib/import.h"

#include <stdio.h>

struct values {
    const char *scans, *energy_axis, *table;
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
    {"table", 't', "FILE", IXS_OPTION_TEXT, offsetof(struct values, table),
     "the inputs are ASCII tables that this table XML describes", 0, 0},
};

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
    return ixs_import_names(job->inputs, job->ninputs, err) &&
           visit_all(job, import, look, NULL, err) && check_choice(job, import, err) &&
           (job->commit.dry_run || ixs_import_folder(job->output, err)) &&
           visit_all(job, import, job->commit.dry_run ? look : write, &job->notes, err);
}

static bool list_all(struct ixs_job *job, const struct ixs_import *import, struct ixs_err *err)
{
    const struct ixs_import_visit print = {ixs_import_list};
    return visit_all(job, import, print, &job->notes, err) && check_choice(job, import, err);
}

static bool import_spec(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_scan_choice scans = {0};
    const struct ixs_import import = {.energy_axis = values->energy_axis,
                                      .scans = &scans,
                                      .folder = job->output,
                                      .commit = &job->commit,
                                      .program = &job->provenance,
                                      .list = stdout};
    bool ok = (values->scans == NULL || ixs_scan_choice_parse(&scans, values->scans, err)) &&
              (values->list ? list_all(job, &import, err) : import_all(job, &import, err));
    ixs_scan_choice_dispose(&scans);
    return ok;
}

/* Archives are read before anything is written; what is none is a SPEC file. */
static bool run(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    const char **inputs = job->inputs;
    struct ixs_archives archives = {0};
    const struct ixs_archive_task task = {
        job->ninputs,    job->inputs,      values->table, job->experiment,
        job->instrument, &job->provenance, &job->notes,   NULL};
    bool ok = (values->list || ixs_stage_needs(job->output, "output", err)) &&
              ixs_archives_read(&archives, &task, err);
    job->inputs = archives.others;
    job->ninputs = archives.nothers;
    ok = ok && (job->ninputs == 0 || import_spec(job, err)) &&
         ixs_archives_finish(&archives, values->list ? stdout : NULL, job->output, &job->commit,
                             err);
    job->inputs = inputs;
    job->ninputs = task.npaths;
    ixs_archives_dispose(&archives);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-import",
    .summary = "record the scans of SPEC files as RAW products, ASCII archives as SPECTRA",
    .reads = "SPEC files, plain or gzip; reduced ASCII files of SPring-8 and ID28, or tables "
             "(docs/archives.md). An experiment XML goes over what these state",
    .writes = "one RAW product a scan: raw/beam_S0012.fits; a second scan 12: beam_S0012.2.fits; "
              "one SPECTRA product for the archives of a measurement",
    .usage = "[options] beam.spec ... -o raw/",
    .example = "ixs-import test_spectra/beamtime.spec -o raw",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_EXPERIMENT | IXS_TAKES_INSTRUMENT,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 1000000,
    .run = run,
};
