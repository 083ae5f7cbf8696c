/* SPDX-License-Identifier: GPL-3.0-or-later
 * The one `main` of all programs: the run, messages, exit code. Only the stage prints.
 */
#include "reduce/stage_inside.h"

#include "base/array.h"

#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_COMPARED = 500 }; /* inputs, each with each */

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

/* --failed: one line with the reason, for those who go on without this input; none if all went
 * well. Faults of the machine or of the command say nothing of the input. */
static bool record(const struct ixs_common *common, struct ixs_err *err)
{
    struct ixs_err one = IXS_ERR_NONE;
    if (common->failed == NULL || common->job.commit.dry_run)
        return true;
    if (err->code == IXS_OK)
        return unlink(common->failed) == 0 || errno == ENOENT ||
               ixs_fail_at(err, IXS_OUTPUT, common->failed, 0, "cannot be removed: %s",
                           strerror(errno));
    if (err->code != IXS_INPUT && err->code != IXS_NOT_GOOD)
        return false;
    char *text = ixs_text(&one, "%s%s%s [%s]\n", err->where, err->where[0] != '\0' ? ": " : "",
                          err->text, ixs_program.name);
    if (text == NULL || !ixs_file_commit(common->failed, text, strlen(text),
                                         &(struct ixs_commit){.keep_time = true}, NULL, &one))
        *err = one;
    free(text);
    return false;
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

/* All that the command line names counts as read, beside what the run itself found. */
static bool note_paths(struct ixs_job *job, struct ixs_err *err)
{
    const char *named[] = {job->instrument, job->experiment, job->model, job->calibration};
    bool ok = true;
    for (size_t i = 0; ok && i < job->ninputs; i++)
        ok = ixs_provenance_path(&job->provenance, job->inputs[i], err);
    for (size_t i = 0; ok && i < IXS_COUNT(named); i++)
        ok = named[i] == NULL || ixs_provenance_path(&job->provenance, named[i], err);
    return ok;
}

static bool same_file(const char *a, const char *b)
{
    struct stat one, two;
    return stat(a, &one) == 0 && stat(b, &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino && S_ISREG(one.st_mode);
}

/* An output that is an input would be lost, and an input given twice would count twice. */
static bool check_files(const struct ixs_common *common, struct ixs_err *err)
{
    const struct ixs_job *job = &common->job;
    const char *outputs[] = {job->output, common->deps};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; outputs[k] != NULL && i < job->provenance.npaths; i++)
            if (same_file(outputs[k], job->provenance.paths[i]))
                return ixs_fail_at(
                    err, IXS_USAGE, outputs[k], 0,
                    "found the same file as input and output, expected another name");
    if (!(ixs_program.takes & IXS_TAKES_OUTPUT) || job->ninputs > MOST_COMPARED)
        return true;
    for (size_t i = 0; i < job->ninputs; i++)
        for (size_t k = 0; k < i; k++)
            if (same_file(job->inputs[i], job->inputs[k]))
                return ixs_fail_at(err, IXS_USAGE, job->inputs[i], 0,
                                   "found the same file twice, expected each input once");
    return true;
}

static void tell_paths(const struct ixs_job *job)
{
    for (size_t i = 0; job->verbose && i < job->provenance.npaths; i++)
        fprintf(stderr, "%s: read %s\n", ixs_program.name, job->provenance.paths[i]);
}

static bool run(struct ixs_common *common, struct ixs_err *err)
{
    struct ixs_job *job = &common->job;
    struct ixs_progress progress = IXS_PROGRESS_NONE;
    progress.out = !job->quiet && isatty(STDERR_FILENO) ? stderr : NULL;
    job->progress = &progress;
    bool ok = check_job(job, err) && note_paths(job, err) && check_files(common, err) &&
              ixs_program.run(job, err);
    ixs_progress_end(&progress);
    job->progress = NULL;
    tell_paths(job);
    if (ok && common->print_config)
        ixs_page_config(stdout, &job->provenance);
    return ok && ixs_deps_write(common, err);
}

static bool print_or_run(struct ixs_common *common, struct ixs_err *err)
{
    if (common->help)
        ixs_page_help(stdout);
    else if (common->man)
        ixs_page_man(stdout);
    else if (common->completion)
        ixs_page_completion(stdout);
    else if (common->version)
        printf("%s (ixsflow) %s\n", ixs_program.name, IXS_VERSION);
    else
        return run(common, err);
    return true;
}

/* Products are built one after the other: memory given back to the system after each would come
 * back page by page, at more than the price of the building. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 26);
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
#endif
}

enum { MOST_STACK = 1 << 19 }; /* twice what the deepest, ixs-elastic, takes */

__attribute__((noinline)) static void touch_stack(void)
{
    volatile char room[MOST_STACK];
    room[0] = 0;
    (void)room[0];
}

/* The stack grows as it is used; where addresses are short (ulimit -v) that would end a run in the
 * middle, without a word. Grown at once, what is missing is told: room for a mapping of that size
 * is room for the stack. */
static bool grow_stack(struct ixs_err *err)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur < 4 * (rlim_t)MOST_STACK)
        return true;
    void *probe =
        mmap(NULL, MOST_STACK + MOST_STACK / 8, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED)
        return ixs_fail(err, IXS_OUTPUT, "no memory for the stack");
    munmap(probe, MOST_STACK + MOST_STACK / 8);
    touch_stack();
    return true;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_common common = {.job.jobs = 1};
    keep_memory();
    open_streams();
    void *values = ixs_array(1, ixs_program.values_size, &err);
    bool ok = values != NULL && grow_stack(&err) &&
              ixs_common_parse(&common, values, argc, argv, &err) && print_or_run(&common, &err);
    ok = record(&common, &err) && ok;
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
