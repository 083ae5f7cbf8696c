/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPEC files become RAW products, one a scan.
 */
#include "calib/import.h"

#include "base/array.h"
#include "base/path.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* ---- names ----------------------------------------------------------------------------------- */

/* An extension is a dot and what follows if that begins with a letter: "T_1.5" has none. */
static size_t without_extension(const char *name, size_t length)
{
    for (size_t i = length; i > 1; i--)
        if (name[i - 1] == '.')
            return isalpha((unsigned char)name[i]) ? i - 1 : length;
    return length;
}

/* The part of the base name of a SPEC file that its products bear. */
static const char *stem_of(const char *path, size_t *length)
{
    const char *name = ixs_base_name(path);
    *length = strlen(name);
    if (*length > 3 && strcasecmp(name + *length - 3, ".gz") == 0)
        *length -= 3;
    *length = without_extension(name, *length);
    return name;
}

char *ixs_import_product(const char *folder, const char *path, int64_t scan, int64_t order,
                         struct ixs_err *err)
{
    size_t length;
    const char *stem = stem_of(path, &length);
    if (order == 1)
        return ixs_text(err, "%s/%.*s_S%04" PRId64 ".fits", folder, (int)length, stem, scan);
    return ixs_text(err, "%s/%.*s_S%04" PRId64 ".%" PRId64 ".fits", folder, (int)length, stem, scan,
                    order);
}

static int compare_stems(const void *a, const void *b)
{
    size_t first, second;
    const char *one = stem_of(*(const char *const *)a, &first);
    const char *other = stem_of(*(const char *const *)b, &second);
    int order = memcmp(one, other, first < second ? first : second);
    return order != 0 ? order : (first > second) - (first < second);
}

bool ixs_import_names(const char **paths, size_t count, struct ixs_err *err)
{
    const char **sorted = NULL;
    bool ok = IXS_NEW(sorted, count, err);
    if (!ok)
        return false;
    memcpy(sorted, paths, count * sizeof *paths);
    qsort(sorted, count, sizeof *sorted, compare_stems);
    for (size_t i = 1; ok && i < count; i++) {
        size_t length;
        const char *stem = stem_of(sorted[i], &length);
        if (compare_stems(&sorted[i - 1], &sorted[i]) == 0)
            ok = ixs_fail(err, IXS_USAGE,
                          "found %s and %s, whose products would both be called %.*s_S...",
                          sorted[i - 1], sorted[i], (int)length, stem);
    }
    free(sorted);
    return ok;
}

bool ixs_import_folder(const char *folder, struct ixs_err *err)
{
    struct stat about;
    if (mkdir(folder, 0777) == 0)
        return true;
    int reason = errno;
    if (stat(folder, &about) == 0 && S_ISDIR(about.st_mode))
        return true;
    if (reason == EEXIST)
        return ixs_fail_at(err, IXS_OUTPUT, folder, 0, "found a file, expected a folder");
    return ixs_fail_at(err, IXS_OUTPUT, folder, 0, "the folder cannot be made: %s",
                       strerror(reason));
}

/* ---- scans ----------------------------------------------------------------------------------- */

/* The second scan 1 is not what "1" chooses: say so. */
static void note_left_out(const struct ixs_import *import, const char *path,
                          const struct ixs_spec_scan *scan, struct ixs_notes *notes)
{
    const struct ixs_raw_keys *keys = &scan->raw.keys;
    if (keys->order > 1 && ixs_scan_choice_takes(import->scans, keys->scan, 1))
        ixs_note(notes, path, scan->line,
                 "found scan %" PRId64 " again: not chosen, it is scan %" PRId64 ".%" PRId64,
                 keys->scan, keys->scan, keys->order);
}

static bool visit_next(const struct ixs_import *import, const char *path, struct ixs_spec *spec,
                       struct ixs_import_visit each, struct ixs_notes *notes, bool *more,
                       struct ixs_err *err)
{
    struct ixs_spec_scan scan;
    bool ok = ixs_spec_next(spec, &scan, err);
    *more = ok && scan.line > 0;
    if (*more && ixs_scan_choice_takes(import->scans, scan.raw.keys.scan, scan.raw.keys.order))
        ok = each.visit(import, path, &scan, err);
    else if (*more)
        note_left_out(import, path, &scan, notes);
    ixs_spec_scan_dispose(&scan);
    return ok;
}

bool ixs_import_visit(const struct ixs_import *import, const char *path,
                      struct ixs_import_visit each, struct ixs_notes *notes, struct ixs_err *err)
{
    struct ixs_spec *spec = NULL;
    bool more = true, ok = ixs_spec_open(&spec, path, import->energy_axis, notes, err);
    while (ok && more)
        ok = visit_next(import, path, spec, each, notes, &more, err);
    ixs_spec_close(spec);
    return ok;
}

bool ixs_import_look(const struct ixs_import *import, const char *path,
                     const struct ixs_spec_scan *scan, struct ixs_err *err)
{
    (void)import, (void)path, (void)scan, (void)err;
    return true;
}

/* The history of one scan. Options that only say which scans are written do not enter it: a scan
 * gives the same product however it was chosen. */
static bool make_history(struct ixs_provenance *history, const struct ixs_import *import,
                         const struct ixs_spec_scan *scan, struct ixs_err *err)
{
    const struct ixs_provenance *program = import->program;
    ixs_copy(history->program, sizeof history->program, program->program);
    ixs_copy(history->version, sizeof history->version, program->version);
    if (import->energy_axis != NULL)
        snprintf(history->options, sizeof history->options, "--energy-axis=%s",
                 import->energy_axis);
    return ixs_provenance_input(history, "spec", scan->raw.keys.source, scan->digest, "", "", err);
}

bool ixs_import_write(const struct ixs_import *import, const char *path,
                      const struct ixs_spec_scan *scan, struct ixs_err *err)
{
    const struct ixs_raw_keys *keys = &scan->raw.keys;
    struct ixs_provenance history = {0};
    char *product = ixs_import_product(import->folder, path, keys->scan, keys->order, err);
    bool changed, ok = product != NULL && make_history(&history, import, scan, err) &&
                       ixs_raw_write(&scan->raw, product, &history, import->commit, &changed, err);
    ixs_provenance_dispose(&history);
    free(product);
    return ok;
}
