/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Makefile of a plan: calib/plan/plan.mk with the names filled in. Its first line holds a
 * digest of the rest, so that one that was edited is known and not lost.
 */
#include "calib/plan/plan.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/lines.h"
#include "base/memfile.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const char
    *const ixs_plan_template[]; /* lines of calib/plan/plan.mk, NULL behind the last */

static const char seal[] = "# Written by ixs-plan, unedited: ";

static void print_template(FILE *out, const char *experiment)
{
    static const char key[] = "@EXPERIMENT@";
    for (size_t i = 0; ixs_plan_template[i] != NULL; i++) {
        const char *line = ixs_plan_template[i], *at = strstr(line, key);
        if (at == NULL)
            fputs(line, out);
        else
            fprintf(out, "%.*s%s%s", (int)(at - line), line, experiment, at + strlen(key));
    }
}

static bool read_rest(struct ixs_lines *lines, char written[65], char actual[65],
                      struct ixs_err *err)
{
    struct ixs_digest digest;
    char *line = NULL;
    size_t length;
    bool first = true, ok;
    ixs_digest_begin(&digest);
    while ((ok = ixs_lines_next(lines, &line, &length, err)) && line != NULL) {
        if (!first)
            ixs_digest_text(&digest, line);
        else if (strncmp(line, seal, strlen(seal)) == 0)
            ixs_copy(written, 65, line + strlen(seal));
        first = false;
    }
    ixs_digest_print(&digest, actual);
    return ok;
}

/* A Makefile that somebody worked on is not overwritten. */
static bool check_old(const char *path, struct ixs_err *err)
{
    struct ixs_lines *lines = NULL;
    char written[65] = "", actual[65];
    if (access(path, F_OK) != 0)
        return true;
    bool ok = ixs_lines_open(&lines, path, err) && read_rest(lines, written, actual, err);
    ixs_lines_close(lines);
    if (!ok || strcmp(written, actual) == 0)
        return ok;
    return ixs_fail_at(err, IXS_OUTPUT, path, 0,
                       written[0] != '\0'
                           ? "found a Makefile that was edited, expected another -o, "
                             "or --force to lose the edits"
                           : "found a file that is not by ixs-plan, expected another "
                             "-o, or --force to lose it");
}

/* The digest goes line by line, as it is read back. */
static void digest_lines(const char *text, char hex[65])
{
    struct ixs_digest digest;
    char line[1024];
    ixs_digest_begin(&digest);
    for (size_t length; *text != '\0'; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        ixs_copy(line, length < sizeof line ? length + 1 : sizeof line, text);
        ixs_digest_text(&digest, line);
    }
    ixs_digest_print(&digest, hex);
}

static bool write_sealed(const char *text, const char *path, const struct ixs_commit *how,
                         struct ixs_err *err)
{
    char hex[65];
    digest_lines(text, hex);
    char *whole = ixs_text(err, "%s%s\n%s", seal, hex, text);
    bool ok = whole != NULL && ixs_file_commit(path, whole, strlen(whole), how, NULL, err);
    free(whole);
    return ok;
}

bool ixs_plan_makefile(const struct ixs_plan *plan, const char *path, bool force,
                       const struct ixs_commit *how, struct ixs_err *err)
{
    struct ixs_memfile file = {0};
    char *folder = ixs_path_folder(path, err);
    char *experiment = folder != NULL ? ixs_path_from(folder, plan->path, err) : NULL;
    const char *complaint = experiment != NULL ? ixs_path_complaint(experiment) : NULL;
    bool ok = experiment != NULL && (force || check_old(path, err)) &&
              (complaint == NULL ||
               ixs_fail(err, IXS_USAGE, "found the name '%s': %s", experiment, complaint)) &&
              ixs_memfile_begin(&file, err);
    if (ok)
        print_template(file.out, experiment);
    ok = ok && ixs_memfile_end(&file, err) && write_sealed(file.text, path, how, err);
    ixs_memfile_dispose(&file);
    free(folder);
    free(experiment);
    return ok;
}

/* ---- whose it is ----------------------------------------------------------------------------- */

/* "EXPERIMENT = ../beam.xml": the name, or "". */
static bool read_experiment(const char *path, size_t size, char *name, struct ixs_err *err)
{
    static const char key[] = "EXPERIMENT";
    struct ixs_lines *lines = NULL;
    char *line = NULL;
    size_t length;
    name[0] = '\0';
    bool ok = ixs_lines_open(&lines, path, err);
    while (ok && name[0] == '\0' && (ok = ixs_lines_next(lines, &line, &length, err)) &&
           line != NULL) {
        char *value = line + strlen(key) + 1;
        if (strncmp(line, key, strlen(key)) != 0 || strchr(" \t:=", line[strlen(key)]) == NULL)
            continue;
        value += strspn(value, " \t:=");
        value[strcspn(value, " \t#")] = '\0';
        ixs_copy(name, size, value);
    }
    ixs_lines_close(lines);
    return ok;
}

static bool same_file(const char *a, const char *b)
{
    struct stat one, other;
    return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino;
}

bool ixs_plan_own_makefile(const struct ixs_plan *plan, const char *path, struct ixs_err *err)
{
    char name[1024];
    char *folder = ixs_path_folder(path, err), *named = NULL;
    bool ok = folder != NULL && read_experiment(path, sizeof name, name, err);
    if (ok && name[0] == '\0')
        ok = ixs_fail_at(err, IXS_OUTPUT, path, 0,
                         "found a Makefile that is not by ixs-plan, expected another -o");
    ok = ok && (named = name[0] == '/' ? ixs_text(err, "%s", name)
                                       : ixs_text(err, "%s/%s", folder, name)) != NULL;
    if (ok && !same_file(named, plan->path))
        ok = ixs_fail_at(err, IXS_OUTPUT, path, 0,
                         "found the Makefile of %s, expected that of %s, or another -o", named,
                         plan->path);
    free(folder);
    free(named);
    return ok;
}
