/* SPDX-License-Identifier: GPL-3.0-or-later
 * Running make for a session: once for each reason, again when that found failures, later when the
 * machine was at fault (a full disk).
 */
#include "calib/watch/session.h"

#include "base/array.h"
#include "base/watch.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const double patience = 30; /* s until a full disk is tried again */

static bool start(struct ixs_session *session, struct ixs_err *err)
{
    const char *argv[] = {"env",         "-u",         "MAKEFLAGS", "-u", "MAKELEVEL",
                          "-u",          "MFLAGS",     "make",      "-C", session->folder,
                          session->jobs, session->bin, NULL};
    session->made = session->seen;
    session->retry = 0;
    return ixs_child_start(&session->child, argv, session->log, err);
}

/* Changes whenever a reason comes or goes. */
static double count_failed(const struct ixs_session *session)
{
    DIR *folder = opendir(session->failed);
    struct dirent *entry;
    struct stat about;
    double sum = 0;
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.' && fstatat(dirfd(folder), entry->d_name, &about, 0) == 0)
            sum += 1 + (double)(about.st_ino % 1000003);
    if (folder != NULL)
        closedir(folder);
    return sum;
}

static void tell_trouble(struct ixs_session *session, int status, FILE *out)
{
    char reasons[1024];
    bool machine = ixs_session_reasons(session->log, reasons);
    if (reasons[0] == '\0')
        snprintf(reasons, sizeof reasons, "make failed (%s %d): see %.500s",
                 WIFSIGNALED(status) ? "signal" : "exit",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), session->log);
    if (strcmp(reasons, session->reasons) != 0)
        fprintf(out, "%s\n", reasons);
    ixs_copy(session->reasons, sizeof session->reasons, reasons);
    if (machine || WIFSIGNALED(status))
        session->retry = ixs_watch_now() + patience;
}

/* Where a scan has failed, the next run makes what is made of all scans without it. */
static bool finish(struct ixs_session *session, int status, FILE *out, struct ixs_err *err)
{
    double failed = count_failed(session);
    bool other = failed < session->nfailed || failed > session->nfailed;
    session->child = 0;
    session->status = status;
    session->nfailed = failed;
    if (other)
        session->seen++;
    if (!ixs_session_tell(session, out, err))
        return false;
    if (status != 0 && !other)
        tell_trouble(session, status, out);
    else if (status == 0)
        session->reasons[0] = '\0';
    fflush(out);
    return true;
}

/* What make waits for, whenever that changes. */
static void tell_waiting(struct ixs_session *session, FILE *out)
{
    char now[sizeof session->waiting] = "";
    size_t used = 0;
    for (size_t i = 0; i < session->plan.nfiles && used + 1 < sizeof now; i++) {
        const char *lack = ixs_session_lacks(session, i);
        if (lack != NULL)
            used += (size_t)snprintf(now + used, sizeof now - used, "%s %s: waiting for it\n",
                                     session->files[i].path, lack);
    }
    if (strcmp(now, session->waiting) != 0)
        fputs(now, out);
    memcpy(session->waiting, now, sizeof now);
}

static void tell_replaced(struct ixs_session *session, FILE *out)
{
    for (size_t i = 0; i < session->plan.nfiles; i++) {
        struct ixs_follow *file = &session->files[i];
        if (file->nreplaced > 0)
            fprintf(out, "%s is another file than before, or was cut: read from its beginning\n",
                    file->path);
        file->nreplaced = 0;
    }
}

bool ixs_session_step(struct ixs_session *session, FILE *out, bool *idle, struct ixs_err *err)
{
    bool due = false;
    int status = 0;
    *idle = false;
    if (!ixs_session_look(session, &due, err))
        return false;
    tell_replaced(session, out);
    tell_waiting(session, out);
    fflush(out);
    if (session->child > 0) {
        if (!ixs_child_ended(session->child, &status))
            return true;
        if (!finish(session, status, out, err))
            return false;
        due = session->seen > session->made;
    }
    due = due || (session->retry > 0 && ixs_watch_now() >= session->retry);
    *idle = !due;
    return !due || start(session, err);
}

bool ixs_session_verdict(const struct ixs_session *session, struct ixs_err *err)
{
    for (size_t i = 0; i < session->plan.nfiles; i++) {
        const char *lack = ixs_session_lacks(session, i);
        if (lack != NULL)
            return ixs_fail_at(err, IXS_INPUT, session->files[i].path, 0,
                               "found that it %s, expected scans", lack);
    }
    return session->status == 0 ||
           ixs_fail_at(err, IXS_INPUT, session->log, 0,
                       "make could not do everything, see there for what was found");
}
