/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-import: SPEC files to RAW products, one a scan; reduced ASCII archives to SPECTRA.
 */
#include "reduce/stage.h"

#include "calib/archive/archive.h"
#include "calib/import/import.h"

#include <stdio.h>

struct values {
    const char *scans, *command, *energy_axis, *table;
    bool list, mca, unfinished;
};
static const struct values defaults = {0};

static const struct ixs_option options[] = {
    {"list", 'l', NULL, IXS_OPTION_FLAG, offsetof(struct values, list),
     "say what scans there are, write nothing", 0, 0},
    {"scans", 's', "LIST", IXS_OPTION_TEXT, offsetof(struct values, scans),
     "only these: 12,14-20,1.2,last (1.2 is the second scan 1; default all)", 0, 0},
    {"command", 0, "WORDS", IXS_OPTION_TEXT, offsetof(struct values, command),
     "only scans whose command begins so: 'ascan herixE', '*scan herix*'", 0, 0},
    {"unfinished", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, unfinished),
     "also a last scan that may still be being written (ENDED is WRITING)", 0, 0},
    {"mca", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, mca),
     "keep MCA spectra, in a table MCA (default: count them)", 0, 0},
    {"energy-axis", 0, "NAME", IXS_OPTION_TEXT, offsetof(struct values, energy_axis),
     "motor whose resets move E_ORIGIN (default HerixE, hrmE or DeltaE)", 0, 0},
    {"table", 't', "FILE", IXS_OPTION_TEXT, offsetof(struct values, table),
     "the inputs are ASCII tables that this table XML describes", 0, 0},
};

static bool import_spec(struct ixs_job *job, struct ixs_err *err)
{
    const struct values *values = job->values;
    struct ixs_scan_choice scans = {.command = values->command};
    struct ixs_import import = {.energy_axis = values->energy_axis,
                                .keep_mca = values->mca,
                                .unfinished = values->unfinished,
                                .scans = &scans,
                                .folder = job->output,
                                .commit = job->commit,
                                .program = &job->provenance,
                                .progress = job->progress};
    bool ok = values->scans == NULL || ixs_scan_choice_parse(&scans, values->scans, err);
    if (ok && values->list)
        ok = ixs_import_list(&import, job->inputs, job->ninputs, stdout, &job->notes, err);
    else if (ok)
        ok = ixs_import_all(&import, job->inputs, job->ninputs, &job->notes, err);
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
