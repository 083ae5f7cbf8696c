/* SPDX-License-Identifier: GPL-3.0-or-later
 * The options that programs share, declared once.
 */
#include "reduce/stage_inside.h"

#include <string.h>

#define COMMON(member, name, letter, argument, type, meaning)                                      \
    {                                                                                              \
        name, letter, argument, type, offsetof(struct ixs_common, member), meaning, 0, 0           \
    }

static const struct {
    unsigned needs;
    struct ixs_option option;
} common_options[] = {
    {IXS_TAKES_OUTPUT, COMMON(job.output, "output", 'o', "PATH", IXS_OPTION_TEXT,
                              "where to write; a folder where several files are written")},
    {IXS_TAKES_INSTRUMENT,
     COMMON(job.instrument, "instrument", 'i', "XML", IXS_OPTION_TEXT, "the beamline")},
    {IXS_TAKES_EXPERIMENT, COMMON(job.experiment, "experiment", 'e', "XML", IXS_OPTION_TEXT,
                                  "the beamtime; it goes over the instrument")},
    {IXS_TAKES_MODEL, COMMON(job.model, "model", 'm', "XML", IXS_OPTION_TEXT, "what to fit")},
    {IXS_TAKES_CALIBRATION,
     COMMON(job.calibration, "calibration", 'c', "FITS", IXS_OPTION_TEXT, "CALIB product")},
    {IXS_TAKES_JOBS, COMMON(job.jobs, "jobs", 'j', "N", IXS_OPTION_INT,
                            "threads (default 1; 0: one per processor); same result for any N")},
    {IXS_TAKES_STRICT,
     COMMON(job.strict, "strict", 0, NULL, IXS_OPTION_FLAG,
            "a result that is not good is a failure (exit 1), nothing is written")},
    {IXS_TAKES_OUTPUT,
     COMMON(deps, "deps", 0, "FILE", IXS_OPTION_TEXT, "write a Make rule with all that was read")},
    {IXS_TAKES_OUTPUT, COMMON(dry_run, "dry-run", 0, NULL, IXS_OPTION_FLAG, "do all but write")},
    {IXS_TAKES_OUTPUT, COMMON(print_config, "print-config", 0, NULL, IXS_OPTION_FLAG,
                              "do all but write, then print the XML that was used")},
    {IXS_TAKES_OUTPUT, COMMON(keep_time, "keep-time", 0, NULL, IXS_OPTION_FLAG,
                              "an unchanged product keeps its time too")},
    {IXS_TAKES_OUTPUT, COMMON(failed, "failed", 0, "FILE", IXS_OPTION_TEXT,
                              "write there why an input failed; remove it when all went well")},
    {0, COMMON(accept_changed, "accept-changed", 0, NULL, IXS_OPTION_FLAG,
               "take products whose checksum is wrong; PROVENANCE tells")},
    {0, COMMON(job.quiet, "quiet", 'q', NULL, IXS_OPTION_FLAG, "errors only")},
    {0, COMMON(job.verbose, "verbose", 'v', NULL, IXS_OPTION_FLAG, "say what was read")},
    {0, COMMON(help, "help", 'h', NULL, IXS_OPTION_FLAG, "this text")},
    {0, COMMON(man, "man", 0, NULL, IXS_OPTION_FLAG, "the man page, for man -l")},
    {0, COMMON(completion, "completion", 0, NULL, IXS_OPTION_FLAG, "completion for bash")},
    {0, COMMON(version, "version", 0, NULL, IXS_OPTION_FLAG, "name and version")},
};
enum { NCOMMON = IXS_COUNT(common_options) };
_Static_assert((int)NCOMMON <= (int)IXS_MOST_COMMON, "room for all common options");

size_t ixs_common_options(struct ixs_option *table)
{
    size_t count = 0;
    for (size_t i = 0; i < NCOMMON; i++)
        if ((common_options[i].needs & ~ixs_program.takes) == 0)
            table[count++] = common_options[i].option;
    return count;
}

bool ixs_common_parse(struct ixs_common *common, void *values, int argc, char **argv,
                      struct ixs_err *err)
{
    struct ixs_option table[IXS_MOST_COMMON];
    const struct ixs_options lots[] = {
        {ixs_program.options, ixs_program.noptions, values},
        {table, ixs_common_options(table), common},
    };
    struct ixs_job *job = &common->job;
    if (!IXS_NEW(job->inputs, (size_t)argc, err))
        return false;
    if (ixs_program.values_size > 0)
        memcpy(values, ixs_program.defaults, ixs_program.values_size);
    if (!ixs_cli_parse(argc, argv, lots, 2, job->inputs, &job->ninputs, err))
        return false;
    if (job->jobs < 0 || job->jobs > 1024)
        return ixs_fail(err, IXS_USAGE, "found --jobs %lld, expected 0 to 1024",
                        (long long)job->jobs);
    ixs_cli_line(&lots[0], ixs_program.defaults, sizeof job->provenance.options,
                 job->provenance.options);
    job->values = values;
    job->commit = (struct ixs_commit){.keep_time = common->keep_time,
                                      .dry_run = common->dry_run || common->print_config};
    job->reading = (struct ixs_reading){common->accept_changed};
    ixs_copy(job->provenance.program, sizeof job->provenance.program, ixs_program.name);
    ixs_copy(job->provenance.version, sizeof job->provenance.version, IXS_VERSION);
    return true;
}
