/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a run has read: as a Make rule, and as the XML that was used.
 */
#include "reduce/stage_inside.h"

#include "base/memfile.h"

#include <string.h>

void ixs_page_config(FILE *out, const struct ixs_provenance *provenance)
{
    const char *file = "";
    for (size_t i = 0; i < provenance->nlines; i++) {
        const struct ixs_config_line *line = &provenance->lines[i];
        if (strcmp(file, line->file) != 0)
            fprintf(out, "<!-- %s -->\n", line->file);
        file = line->file;
        fprintf(out, "%s\n", line->text);
    }
}

/* A name in a Make rule: blanks, # and $ are guarded; a line break or a colon cannot be. */
static bool put_name(FILE *out, const char *path, struct ixs_err *err)
{
    if (strpbrk(path, "\n\r:%") != NULL)
        return ixs_fail(err, IXS_USAGE,
                        "found a name that a Makefile cannot hold, expected no "
                        "line break, colon or percent sign in '%s'",
                        path);
    for (; *path != '\0'; path++) {
        if (*path == ' ' || *path == '\t' || *path == '#' || *path == '\\')
            fputc('\\', out);
        if (*path == '$')
            fputc('$', out);
        fputc(*path, out);
    }
    return true;
}

static bool put_rules(FILE *out, const char *target, size_t npaths, char *const *paths,
                      struct ixs_err *err)
{
    bool ok = put_name(out, target, err);
    fputc(':', out);
    for (size_t i = 0; ok && i < npaths; i++) {
        fputs(" \\\n ", out);
        ok = put_name(out, paths[i], err);
    }
    fputs("\n\n", out);
    for (size_t i = 0; ok && i < npaths; i++) {
        ok = put_name(out, paths[i], err);
        fputs(":\n", out);
    }
    return ok;
}

bool ixs_deps_write(const struct ixs_common *common, struct ixs_err *err)
{
    const struct ixs_job *job = &common->job;
    struct ixs_memfile file = {0};
    if (common->deps == NULL)
        return true;
    bool ok =
        ixs_stage_needs(job->output, "output", err) && ixs_memfile_begin(&file, err) &&
        put_rules(file.out, job->output, job->provenance.npaths, job->provenance.paths, err) &&
        ixs_memfile_end(&file, err) &&
        ixs_file_commit(common->deps, file.text, file.size, &job->commit, NULL, err);
    ixs_memfile_dispose(&file);
    return ok;
}
