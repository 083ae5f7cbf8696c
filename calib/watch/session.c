/* SPDX-License-Identifier: GPL-3.0-or-later
 * When make has something to do: a scan has ended, an XML file has changed, nothing was written for
 * the settle time.
 */
#include "calib/watch/session.h"

#include "base/array.h"
#include "base/path.h"
#include "base/watch.h"
#include "calib/import/import.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what the experiment says ---------------------------------------------------------------- */

static void close_files(struct ixs_session *session)
{
    for (size_t i = 0; session->files != NULL && i < session->plan.nfiles; i++)
        ixs_follow_dispose(&session->files[i]);
    free(session->files);
    session->files = NULL;
    ixs_plan_dispose(&session->plan);
}

static bool open_files(struct ixs_session *session, struct ixs_err *err)
{
    bool ok = ixs_plan_read(&session->plan, session->experiment, err) &&
              IXS_NEW(session->files, session->plan.nfiles, err);
    for (size_t i = 0; ok && i < session->plan.nfiles; i++)
        ok = ixs_follow_open(&session->files[i], session->plan.files[i].path, err);
    return ok;
}

static double time_of(const char *path)
{
    struct stat about;
    if (path == NULL || stat(path, &about) != 0)
        return 0;
    return (double)about.st_mtim.tv_sec + 1e-9 * (double)about.st_mtim.tv_nsec;
}

static double newest_configuration(const struct ixs_session *session)
{
    const char *paths[] = {session->experiment, session->plan.instrument,
                           session->plan.experiment.model, session->plan.calibration,
                           session->makefile};
    double newest = 0;
    for (size_t i = 0; i < IXS_COUNT(paths); i++)
        newest = fmax(newest, time_of(paths[i]));
    return newest;
}

static bool name_paths(struct ixs_session *out, const char *experiment, const char *folder,
                       struct ixs_err *err)
{
    return (out->experiment = ixs_text(err, "%s", experiment)) != NULL &&
           (out->folder = ixs_text(err, "%s", folder)) != NULL &&
           (out->makefile = ixs_text(err, "%s/Makefile", folder)) != NULL &&
           (out->scans = ixs_text(err, "%s/plan/scans.mk", folder)) != NULL &&
           (out->settled = ixs_text(err, "%s/plan/settled", folder)) != NULL &&
           (out->failed = ixs_text(err, "%s/failed", folder)) != NULL &&
           (out->log = ixs_text(err, "%s/watch.log", folder)) != NULL;
}

/* make is to run the programs that lie beside this one, if it can name their folder. */
static bool find_programs(struct ixs_session *out, struct ixs_err *err)
{
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    self[length > 0 ? length : 0] = '\0';
    char *folder = ixs_path_folder(self, err);
    bool ok = folder != NULL;
    if (ok && length > 0 && ixs_path_quoted_complaint(folder) == NULL)
        ok = (out->bin = ixs_text(err, "BIN=%s", folder)) != NULL;
    free(folder);
    return ok;
}

bool ixs_session_open(struct ixs_session *out, const char *experiment, const char *folder,
                      size_t jobs, struct ixs_err *err)
{
    const struct ixs_commit how = {.keep_time = true};
    *out = (struct ixs_session){.seen = 1};
    snprintf(out->jobs, sizeof out->jobs, "-j%zu", jobs);
    return name_paths(out, experiment, folder, err) && open_files(out, err) &&
           ixs_import_folder(folder, err) &&
           (access(out->makefile, F_OK) == 0
                ? ixs_plan_own_makefile(&out->plan, out->makefile, err)
                : ixs_plan_makefile(&out->plan, out->makefile, false, &how, err)) &&
           find_programs(out, err) && ixs_session_tell(out, NULL, err);
}

void ixs_session_dispose(struct ixs_session *session)
{
    if (session->child > 0)
        ixs_child_stop(session->child);
    close_files(session);
    free(session->log);
    free(session->bin);
    free(session->experiment);
    free(session->folder);
    free(session->makefile);
    free(session->scans);
    free(session->settled);
    free(session->failed);
    free(session->told);
    *session = (struct ixs_session){0};
}

/* A changed experiment may name other files. One that is broken is make's to tell: the files stay
 * those of before. */
static bool read_again(struct ixs_session *session, struct ixs_err *err)
{
    struct ixs_session next = {.experiment = session->experiment};
    struct ixs_err why = IXS_ERR_NONE;
    if (!open_files(&next, &why)) {
        close_files(&next);
        if (why.code == IXS_OUTPUT)
            *err = why;
        return why.code != IXS_OUTPUT;
    }
    close_files(session);
    session->plan = next.plan;
    session->files = next.files;
    return true;
}

/* ---- settled scans --------------------------------------------------------------------------- */

static bool has_settled(const struct ixs_session *session, size_t i)
{
    const struct ixs_follow *file = &session->files[i];
    return file->running && file->rows > 0 && !session->plan.files[i].finished &&
           ixs_watch_age(file->modified) >= session->plan.files[i].settle;
}

/* Writes which scans are taken to be over, with the size of their files as it is. */
static bool settle(struct ixs_session *session, struct ixs_err *err)
{
    char *text = ixs_text(err, "# scans without an end that are taken as far as they go\n");
    bool any = false, changed = false;
    for (size_t i = 0; text != NULL && i < session->plan.nfiles; i++) {
        const struct ixs_follow *file = &session->files[i];
        if (!has_settled(session, i))
            continue;
        char *product = ixs_import_product("", file->path, file->number, file->order, err);
        char *more = product == NULL ? NULL
                                     : ixs_text(err, "%s%.*s %" PRId64 "\n", text,
                                                (int)(strlen(product) - strlen("/.fits")),
                                                product + 1, file->size);
        free(product);
        free(text);
        text = more;
        any = true;
    }
    char *folder = text != NULL && any ? ixs_path_folder(session->settled, err) : NULL;
    bool ok = text != NULL &&
              (!any || (folder != NULL && ixs_import_folder(folder, err) &&
                        ixs_file_commit(session->settled, text, strlen(text),
                                        &(struct ixs_commit){.keep_time = true}, &changed, err)));
    free(folder);
    free(text);
    session->seen += ok && changed ? 1 : 0;
    return ok;
}

/* ---- looking --------------------------------------------------------------------------------- */

const char *ixs_session_lacks(const struct ixs_session *session, size_t file)
{
    const struct ixs_follow *follow = &session->files[file];
    if (!follow->there)
        return "is not there";
    return follow->packed || follow->tally.used > 0 ? NULL : "holds no scan";
}

bool ixs_session_look(struct ixs_session *session, bool *due, struct ixs_err *err)
{
    double configured = newest_configuration(session);
    bool all = true, ok = true;
    if (session->configured > 0 && configured > session->configured) {
        session->seen++;
        ok = read_again(session, err);
    }
    session->configured = configured;
    for (size_t i = 0; ok && i < session->plan.nfiles; i++) {
        struct ixs_follow *file = &session->files[i];
        size_t before = file->nended;
        ok = ixs_follow_read(file, err);
        session->seen += file->nended - before;
        all = all && ixs_session_lacks(session, i) == NULL;
    }
    ok = ok && settle(session, err);
    *due = ok && all && session->seen > session->made;
    return ok;
}
