/* SPDX-License-Identifier: GPL-3.0-or-later
 * What came of each scan, in a line.
 */
#include "calib/watch/session.h"

#include "base/array.h"
#include "base/lines.h"
#include "products/fit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LINES = 20 };

struct entry { /* a line of scans.mk */
    char name[200];
    char text[700]; /* what follows the # */
    char set[210];  /* of scans that repeat each other, which it is fitted with; "" */
    enum ixs_role role;
};

static uint64_t hash(const char *name)
{
    uint64_t value = 14695981039346656037u; /* FNV-1a */
    for (; *name != '\0'; name++)
        value = (value ^ (unsigned char)*name) * 1099511628211u;
    return value;
}

/* "...: why; merged as beam_S0012_merged" */
static void read_set(struct entry *entry)
{
    static const char mark[] = "; merged as ";
    char *at = strstr(entry->text, mark);
    entry->set[0] = '\0';
    if (at == NULL)
        return;
    ixs_copy(entry->set, sizeof entry->set, at + strlen(mark));
    *at = '\0';
}

/* "phonon    += beam_S0012  # 91/91 ...", "# passed over  beam_S0009  # ...". */
static bool read_entry(struct entry *entry, const char *line)
{
    static const char *const fronts[] = {"# passed over  ",
                                         "reference += ", "phonon    += ", "cell      += "};
    for (size_t i = 0; i < IXS_COUNT(fronts); i++) {
        size_t length = strlen(fronts[i]);
        const char *mark = strstr(line, "  # ");
        if (strncmp(line, fronts[i], length) != 0 || mark == NULL ||
            (size_t)(mark - line) - length >= sizeof entry->name)
            continue;
        ixs_copy(entry->name, (size_t)(mark - line) - length + 1, line + length);
        ixs_copy(entry->text, sizeof entry->text, mark + 4);
        entry->role = (enum ixs_role)i;
        read_set(entry);
        return true;
    }
    return false;
}

/* The name under which it is fitted. */
static const char *fitted_as(const struct entry *entry)
{
    return entry->set[0] != '\0' ? entry->set : entry->name;
}

static bool find_time(double *modified, const char *folder, const char *stage, const char *name,
                      const char *ending, struct ixs_err *err)
{
    struct stat about;
    char *path = ixs_text(err, "%s/%s/%s%s", folder, stage, name, ending);
    if (path == NULL)
        return false;
    *modified = stat(path, &about) == 0
                    ? (double)about.st_mtim.tv_sec + 1e-9 * (double)about.st_mtim.tv_nsec
                    : 0;
    free(path);
    return true;
}

/* When the scan's last product, or the reason why there is none, came; 0: neither is there. That of
 * its own: what repeats it makes the common product anew. */
static bool time_of(double *modified, bool *failed, const struct ixs_session *session,
                    const struct entry *entry, struct ixs_err *err)
{
    bool phonon = entry->role == IXS_ROLE_PHONON;
    const char *own = entry->set[0] != '\0' ? "spectra" : "fit";
    double reason = 0, common = 0;
    bool ok =
        find_time(modified, session->folder, phonon ? own : "raw", entry->name, ".fits", err) &&
        find_time(&reason, session->folder, "failed", entry->name, "", err) &&
        find_time(&common, session->folder, "failed", fitted_as(entry), "", err);
    reason = common > reason ? common : reason;
    *failed = ok && phonon && reason > 0;
    if (*failed)
        *modified = reason;
    return ok;
}

/* Is this the first time that it is told so? */
static bool is_new(bool *fresh, struct ixs_session *session, const char *name, double modified,
                   struct ixs_err *err)
{
    uint64_t key = hash(name);
    size_t i = 0;
    while (i < session->ntold && session->told[i].name != key)
        i++;
    *fresh = modified > 0 && (i == session->ntold || modified > session->told[i].modified);
    if (!*fresh)
        return true;
    if (i == session->ntold) {
        if (!IXS_MORE(session->told, &session->told_capacity, session->ntold, err))
            return false;
        session->ntold++;
    }
    session->told[i] = (struct ixs_told){key, modified};
    return true;
}

/* ---- words ----------------------------------------------------------------------------------- */

static void count_words(FILE *out, const struct ixs_fit *fit)
{
    const char *separator = "";
    for (size_t i = 0; i < fit->nspectra; i++) {
        const char *status = fit->spectra[i].status;
        size_t times = 0, before = 0;
        for (size_t k = 0; k < fit->nspectra; k++)
            if (strcmp(fit->spectra[k].status, status) == 0) {
                times++;
                before += k < i ? 1 : 0;
            }
        if (before > 0)
            continue;
        fprintf(out, "%s%zu %s", separator, times, status);
        separator = ", ";
    }
    fprintf(out, "; %zu modes", fit->nmodes);
}

static void tell_fit(FILE *out, const struct ixs_session *session, const struct entry *entry)
{
    struct ixs_err none = IXS_ERR_NONE;
    const struct ixs_reading how = {0};
    struct ixs_fit fit = {0};
    char *path = ixs_text(&none, "%s/fit/%s.fits", session->folder, fitted_as(entry));
    if (path != NULL && ixs_fit_read(&fit, path, &how, NULL, &none)) {
        count_words(out, &fit);
        if (entry->set[0] != '\0')
            fprintf(out, ", of scans %s together", fit.nspectra > 0 ? fit.spectra[0].id.scans : "");
    } else
        fputs(none.text, out);
    ixs_fit_dispose(&fit);
    free(path);
}

static void tell_reason(FILE *out, const struct ixs_session *session, const struct entry *entry)
{
    struct ixs_err none = IXS_ERR_NONE;
    struct ixs_lines *lines = NULL;
    char *path = ixs_text(&none, "%s/%s", session->failed, entry->name), *line = NULL;
    size_t length;
    if (path != NULL && access(path, F_OK) != 0) {
        free(path);
        path = ixs_text(&none, "%s/%s", session->failed, fitted_as(entry));
    }
    if (path != NULL && ixs_lines_open(&lines, path, &none) &&
        ixs_lines_next(lines, &line, &length, &none) && line != NULL)
        fprintf(out, "failed: %s", line);
    else
        fputs("failed", out);
    ixs_lines_close(lines);
    free(path);
}

static void tell_entry(FILE *out, const struct ixs_session *session, const struct entry *entry,
                       bool failed)
{
    const char *why = strstr(entry->text, ": ");
    int length = why != NULL ? (int)(why - entry->text) : (int)strlen(entry->text);
    fprintf(out, "%s  %.*s  ", entry->name, length, entry->text);
    if (failed)
        tell_reason(out, session, entry);
    else if (entry->role == IXS_ROLE_PHONON)
        tell_fit(out, session, entry);
    else if (entry->role == IXS_ROLE_REFERENCE || entry->role == IXS_ROLE_CELL)
        fputs(ixs_role_word(entry->role), out);
    else
        fprintf(out, "passed over%s", why != NULL ? why : "");
    fputc('\n', out);
}

static bool visit(struct ixs_session *session, FILE *out, const struct entry *entry, size_t *count,
                  struct ixs_err *err)
{
    double modified = 0;
    bool failed = false, fresh = false;
    bool writing = strstr(entry->text, " WRITING ") != NULL && entry->role == IXS_ROLE_OTHER;
    if (writing)
        return true;
    if (!time_of(&modified, &failed, session, entry, err) ||
        !is_new(&fresh, session, entry->name, modified, err))
        return false;
    *count += fresh ? 1 : 0;
    if (fresh && out != NULL && *count <= MOST_LINES)
        tell_entry(out, session, entry, failed);
    return true;
}

bool ixs_session_tell(struct ixs_session *session, FILE *out, struct ixs_err *err)
{
    struct ixs_lines *lines = NULL;
    char *line = NULL;
    size_t length, count = 0;
    if (access(session->scans, F_OK) != 0)
        return true;
    bool ok = ixs_lines_open(&lines, session->scans, err);
    while (ok && (ok = ixs_lines_next(lines, &line, &length, err)) && line != NULL) {
        struct entry entry;
        ok = !read_entry(&entry, line) || visit(session, out, &entry, &count, err);
    }
    ixs_lines_close(lines);
    if (ok && out != NULL && count > MOST_LINES)
        fprintf(out, "and %zu more scans\n", count - MOST_LINES);
    return ok;
}

bool ixs_session_reasons(const char *log, char room[1024])
{
    struct ixs_err none = IXS_ERR_NONE;
    struct ixs_lines *lines = NULL;
    char *line = NULL;
    size_t length, used = 0;
    bool machine = false;
    room[0] = '\0';
    if (!ixs_lines_open(&lines, log, &none))
        return false;
    while (ixs_lines_next(lines, &line, &length, &none) && line != NULL) {
        machine = machine || strstr(line, "] Error 4") != NULL;
        if (strstr(line, "error: ") == NULL || used + length + 2 > 1024)
            continue;
        used += (size_t)snprintf(room + used, 1024 - used, "%s%s", used > 0 ? "\n" : "", line);
    }
    ixs_lines_close(lines);
    return machine;
}
