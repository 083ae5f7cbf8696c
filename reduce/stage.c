/* SPDX-License-Identifier: GPL-3.0-or-later
 * The one `main` of all programs: options, help, the run, messages, exit code. Only here is
 * anything printed about a run.
 */
#include "reduce/stage.h"

#include "base/array.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct common { /* what the common options fill, beside the job */
    struct ixs_job job;
    bool help, version, dry_run, keep_time, accept_changed;
};

#define COMMON(member, name, letter, argument, type, meaning, least, most)                         \
    {                                                                                              \
        name, letter, argument, type, offsetof(struct common, member), meaning, least, most        \
    }

static const struct {
    unsigned needs;
    struct ixs_option option;
} common_options[] = {
    {IXS_TAKES_OUTPUT, COMMON(job.output, "output", 'o', "PATH", IXS_OPTION_TEXT,
                              "where to write; a folder where several files are written", 0, 0)},
    {IXS_TAKES_INSTRUMENT,
     COMMON(job.instrument, "instrument", 'i', "XML", IXS_OPTION_TEXT, "the beamline", 0, 0)},
    {IXS_TAKES_EXPERIMENT, COMMON(job.experiment, "experiment", 'e', "XML", IXS_OPTION_TEXT,
                                  "the beamtime; it goes over the instrument", 0, 0)},
    {IXS_TAKES_MODEL, COMMON(job.model, "model", 'm', "XML", IXS_OPTION_TEXT, "what to fit", 0, 0)},
    {IXS_TAKES_CALIBRATION,
     COMMON(job.calibration, "calibration", 'c', "FITS", IXS_OPTION_TEXT, "CALIB product", 0, 0)},
    {IXS_TAKES_JOBS,
     COMMON(job.jobs, "jobs", 'j', "N", IXS_OPTION_INT,
            "threads (default 1; 0: one per processor); same result for any N", 0, 1024)},
    {IXS_TAKES_STRICT,
     COMMON(job.strict, "strict", 0, NULL, IXS_OPTION_FLAG,
            "a result that is not good is a failure (exit 1), nothing is written", 0, 0)},
    {IXS_TAKES_OUTPUT,
     COMMON(dry_run, "dry-run", 0, NULL, IXS_OPTION_FLAG, "do all but write", 0, 0)},
    {IXS_TAKES_OUTPUT, COMMON(keep_time, "keep-time", 0, NULL, IXS_OPTION_FLAG,
                              "an unchanged product keeps its time too", 0, 0)},
    {0, COMMON(accept_changed, "accept-changed", 0, NULL, IXS_OPTION_FLAG,
               "take products whose checksum is wrong; PROVENANCE tells", 0, 0)},
    {0, COMMON(job.quiet, "quiet", 'q', NULL, IXS_OPTION_FLAG, "errors only", 0, 0)},
    {0, COMMON(job.verbose, "verbose", 'v', NULL, IXS_OPTION_FLAG, "say what is done", 0, 0)},
    {0, COMMON(help, "help", 'h', NULL, IXS_OPTION_FLAG, "this text", 0, 0)},
    {0, COMMON(version, "version", 0, NULL, IXS_OPTION_FLAG, "name and version", 0, 0)},
};
enum { NCOMMON = sizeof common_options / sizeof common_options[0] };

static size_t gather_common(struct ixs_option *options)
{
    size_t count = 0;
    for (size_t i = 0; i < NCOMMON; i++)
        if ((common_options[i].needs & ~ixs_program.takes) == 0)
            options[count++] = common_options[i].option;
    return count;
}

static void help(void)
{
    struct ixs_option common[NCOMMON];
    size_t ncommon = gather_common(common);
    printf("%s: %s\n\nUsage: %s %s\n\n", ixs_program.name, ixs_program.summary, ixs_program.name,
           ixs_program.usage);
    printf("Reads:  %s\nWrites: %s\n\nOptions:\n", ixs_program.reads, ixs_program.writes);
    ixs_cli_help(stdout, ixs_program.options, ixs_program.noptions);
    ixs_cli_help(stdout, common, ncommon);
    printf("\nExample:\n  %s\n\n", ixs_program.example);
    printf("Exit: 0 done; 1 not good under --strict; 2 usage or config; 3 input unusable;\n"
           "      4 output failed; 5 a bug\n");
}

static bool check_job(const struct ixs_job *job, struct ixs_err *err)
{
    if (job->ninputs < ixs_program.least_inputs)
        return ixs_fail(err, IXS_USAGE, "found %zu inputs, expected at least %zu: %s %s",
                        job->ninputs, ixs_program.least_inputs, ixs_program.name,
                        ixs_program.usage);
    if (job->ninputs > ixs_program.most_inputs)
        return ixs_fail(err, IXS_USAGE, "found %zu inputs, expected at most %zu: %s %s",
                        job->ninputs, ixs_program.most_inputs, ixs_program.name, ixs_program.usage);
    return true;
}

/* A reader of our results that has seen enough (`| head`) ends us quietly, as it ends others. */
static bool flush_results(struct ixs_err *err)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    if (errno == EPIPE) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    return ixs_fail(err, IXS_OUTPUT, "standard output cannot be written");
}

static void print_notes(const struct ixs_job *job)
{
    if (job->quiet)
        return;
    for (size_t i = 0; i < job->notes.count; i++)
        fprintf(stderr, "%s [%s]\n", job->notes.lines[i], ixs_program.name);
    if (job->notes.uncounted > 0)
        fprintf(stderr, "%s: warning: %zu more messages\n", ixs_program.name, job->notes.uncounted);
}

static int report(const struct ixs_err *err)
{
    if (err->code == IXS_OK)
        return IXS_OK;
    if (err->where[0] != '\0')
        fprintf(stderr, "%s: error: %s [%s]\n", err->where, err->text, ixs_program.name);
    else
        fprintf(stderr, "%s: error: %s\n", ixs_program.name, err->text);
    return (int)err->code;
}

static bool parse(int argc, char **argv, struct common *common, void *values, struct ixs_err *err)
{
    struct ixs_option table[NCOMMON];
    const struct ixs_options lots[] = {
        {ixs_program.options, ixs_program.noptions, values},
        {table, gather_common(table), common},
    };
    struct ixs_job *job = &common->job;
    if (!IXS_NEW(job->inputs, (size_t)argc, err))
        return false;
    if (ixs_program.values_size > 0)
        memcpy(values, ixs_program.defaults, ixs_program.values_size);
    if (!ixs_cli_parse(argc, argv, lots, 2, job->inputs, &job->ninputs, err))
        return false;
    ixs_cli_line(&lots[0], ixs_program.defaults, sizeof job->provenance.options,
                 job->provenance.options);
    job->values = values;
    job->commit = (struct ixs_commit){common->keep_time, common->dry_run};
    job->reading = (struct ixs_reading){common->accept_changed};
    ixs_copy(job->provenance.program, sizeof job->provenance.program, ixs_program.name);
    ixs_copy(job->provenance.version, sizeof job->provenance.version, IXS_VERSION);
    return true;
}

/* Standard streams that are closed would be taken by the first files opened. */
static void open_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of write(2), not our end */
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct common common = {.job.jobs = 1};
    open_streams();
    void *values = ixs_array(1, ixs_program.values_size, &err);
    bool ok = values != NULL && parse(argc, argv, &common, values, &err);
    if (ok && common.help)
        help();
    else if (ok && common.version)
        printf("%s (ixsflow) %s\n", ixs_program.name, IXS_VERSION);
    else if (ok && check_job(&common.job, &err) && ixs_program.run(&common.job, &err))
        ok = true;
    else
        ok = false;
    if (flush_results(&err) && !ok)
        ixs_fail(&err, IXS_BUG, "failed without a reason");
    print_notes(&common.job);
    ixs_notes_dispose(&common.job.notes);
    ixs_provenance_dispose(&common.job.provenance);
    free(common.job.inputs);
    free(values);
    return report(&err);
}

bool ixs_stage_needs(const char *value, const char *option, struct ixs_err *err)
{
    if (value != NULL)
        return true;
    return ixs_fail(err, IXS_USAGE, "found no --%s, expected one: %s %s", option, ixs_program.name,
                    ixs_program.usage);
}

bool ixs_stage_doubt(struct ixs_job *job, struct ixs_err *err, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (job->strict)
        return ixs_fail(err, IXS_NOT_GOOD, "%s", text);
    ixs_note(&job->notes, NULL, 0, "%s", text);
    return true;
}
