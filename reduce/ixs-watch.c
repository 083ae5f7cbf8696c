/* SPDX-License-Identifier: GPL-3.0-or-later
 * ixs-watch: a beamtime brought up to date after every scan.
 */
#include "reduce/stage.h"

#include "base/parallel.h"
#include "base/watch.h"
#include "calib/watch/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

struct values {
    double poll;
    bool once;
};
static const struct values defaults = {.poll = 1.0};

static const struct ixs_option options[] = {
    {"poll", 'p', "S", IXS_OPTION_REAL, offsetof(struct values, poll),
     "look at the files at least every S seconds (default 1)", 0.01, 3600},
    {"once", 0, NULL, IXS_OPTION_FLAG, offsetof(struct values, once),
     "end when all that is there has been done", 0, 0},
};

static bool add_files(struct ixs_watch *watch, const struct ixs_session *session,
                      struct ixs_err *err)
{
    bool ok = ixs_watch_add(watch, session->experiment, err);
    for (size_t i = 0; ok && i < session->plan.nfiles; i++)
        ok = ixs_watch_add(watch, session->files[i].path, err);
    return ok;
}

static bool follow(struct ixs_session *session, const struct values *values, struct ixs_err *err)
{
    struct ixs_watch *watch = NULL;
    bool idle = false, ok = ixs_watch_open(&watch, err) && add_files(watch, session, err);
    while (ok && (ok = ixs_session_step(session, stdout, &idle, err)) && !(idle && values->once))
        if (!ixs_watch_wait(watch, values->poll))
            break;
    ixs_watch_close(watch);
    return ok && (!values->once || !idle || ixs_session_verdict(session, err));
}

/* Two of us in one folder would run make over each other. */
static bool lock(int *folder, const char *path, struct ixs_err *err)
{
    *folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*folder < 0 || flock(*folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return true;
    return ixs_fail_at(err, IXS_OUTPUT, path, 0,
                       "found another ixs-watch at work here, expected one");
}

static bool run(struct ixs_job *job, struct ixs_err *err)
{
    struct ixs_session session = {0};
    int folder = -1;
    bool ok = ixs_stage_needs(job->output, "output", err) &&
              ixs_session_open(&session, job->inputs[0], job->output,
                               ixs_parallel_threads((size_t)job->jobs), err) &&
              lock(&folder, job->output, err) && follow(&session, job->values, err);
    ixs_session_dispose(&session);
    if (folder >= 0)
        close(folder);
    return ok;
}

const struct ixs_program ixs_program = {
    .name = "ixs-watch",
    .summary = "follow a beamtime: make runs after every scan",
    .reads = "an experiment XML, and the SPEC files that it names while they grow",
    .writes = "by make, all products of the beamtime; one line a scan on standard output. "
              "SIGINT or SIGTERM end it",
    .usage = "[options] experiment.xml -o FOLDER",
    .example = "ixs-watch --once test_spectra/experiment.xml -o beamtime",
    .takes = IXS_TAKES_OUTPUT | IXS_TAKES_JOBS,
    .options = options,
    .noptions = IXS_COUNT(options),
    .defaults = &defaults,
    .values_size = sizeof defaults,
    .least_inputs = 1,
    .most_inputs = 1,
    .run = run,
};
