/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPEC files become RAW products, one a scan.
 */
#include "calib/import/write.h"

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

struct walk { /* through one file; owns `last` */
    const struct ixs_import *import;
    const char *path;
    struct ixs_import_visit each;
    struct ixs_notes *notes;
    struct ixs_spec_scan last; /* chosen if no other follows; line 0: none */
};

static struct ixs_scan_name name_of(const struct ixs_spec_scan *scan)
{
    const struct ixs_raw_keys *keys = &scan->raw.keys;
    return (struct ixs_scan_name){keys->scan, keys->order, keys->command};
}

/* The second scan 1 is not what "1" chooses: say so. */
static void note_left_out(const struct walk *walk, const struct ixs_spec_scan *scan)
{
    struct ixs_scan_name first = name_of(scan);
    const struct ixs_raw_keys *keys = &scan->raw.keys;
    first.order = 1;
    if (keys->order > 1 && ixs_scan_choice_names(walk->import->scans, &first))
        ixs_note(walk->notes, walk->path, scan->line,
                 "found scan %" PRId64 " again: not chosen, it is scan %" PRId64 ".%" PRId64,
                 keys->scan, keys->scan, keys->order);
}

/* Is it left out because it may not be whole? */
static bool is_writing(const struct walk *walk, const struct ixs_spec_scan *scan)
{
    return !walk->import->unfinished && strcmp(scan->raw.keys.ended, "WRITING") == 0;
}

static bool leave_writing(const struct walk *walk, const struct ixs_spec_scan *scan,
                          struct ixs_err *err)
{
    const struct ixs_scan_name name = name_of(scan);
    if (ixs_scan_choice_names(walk->import->scans, &name))
        return ixs_fail_at(err, IXS_INPUT, walk->path, scan->line,
                           "found scan %" PRId64
                           " maybe still being written, expected its end (--unfinished takes it)",
                           name.scan);
    ixs_note(walk->notes, walk->path, scan->line,
             "found scan %" PRId64 " maybe still being written: left out (--unfinished takes it)",
             name.scan);
    return true;
}

/* Takes a scan, which it disposes or keeps. */
static bool take(struct walk *walk, struct ixs_spec_scan *scan, struct ixs_err *err)
{
    const struct ixs_import *import = walk->import;
    const struct ixs_scan_name name = name_of(scan);
    bool ok = true, last = ixs_scan_choice_takes_last(import->scans, &name);
    bool taken = ixs_scan_choice_takes(import->scans, &name);
    if ((taken || last) && is_writing(walk, scan)) {
        ok = leave_writing(walk, scan, err);
        last = false;
    } else if (taken) {
        ok = walk->each.visit(import, walk->path, scan, err);
    } else {
        note_left_out(walk, scan);
    }
    if (last) {
        ixs_spec_scan_dispose(&walk->last);
        if (!taken) {
            walk->last = *scan;
            *scan = (struct ixs_spec_scan){0};
        }
    }
    ixs_spec_scan_dispose(scan);
    return ok;
}

static bool take_next(struct walk *walk, struct ixs_spec *spec, bool *more, struct ixs_err *err)
{
    struct ixs_spec_scan scan;
    bool ok = ixs_spec_next(spec, &scan, err);
    *more = ok && scan.line > 0;
    if (*more)
        return take(walk, &scan, err);
    ixs_spec_scan_dispose(&scan);
    return ok;
}

bool ixs_import_visit(const struct ixs_import *import, const char *path,
                      struct ixs_import_visit each, struct ixs_notes *notes, struct ixs_err *err)
{
    struct walk walk = {.import = import, .path = path, .each = each, .notes = notes};
    struct ixs_spec *spec = NULL;
    bool more = true, ok = ixs_spec_open(&spec, path, import->energy_axis, notes, err);
    if (ok && import->keep_mca)
        ixs_spec_keep_mca(spec);
    ixs_progress_begin(import->progress, "reading scans", 0);
    while (ok && more) {
        ok = take_next(&walk, spec, &more, err);
        ixs_progress_share(import->progress, ixs_spec_share(spec));
    }
    ixs_progress_end(import->progress);
    if (ok && walk.last.line > 0)
        ok = each.visit(import, path, &walk.last, err);
    ixs_spec_scan_dispose(&walk.last);
    ixs_spec_close(spec);
    return ok;
}

/* For a dry run. */
static bool look(const struct ixs_import *import, const char *path, struct ixs_spec_scan *scan,
                 struct ixs_err *err)
{
    (void)import, (void)path, (void)scan, (void)err;
    return true;
}

static bool write_scan(const struct ixs_import *import, const char *path,
                       struct ixs_spec_scan *scan, struct ixs_err *err)
{
    return ixs_import_writer_add(import->writer, path, scan, err);
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool check_choice(const struct ixs_import *import, const char **paths, size_t count,
                         struct ixs_err *err)
{
    return ixs_scan_choice_check(import->scans, err) ||
           (count == 1 && ixs_in_file(err, paths[0], 0));
}

bool ixs_import_each(const struct ixs_import *import, const char **paths, size_t count,
                     struct ixs_import_visit each, struct ixs_notes *notes, struct ixs_err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        if (import->list != NULL && count > 1)
            fprintf(import->list, "# %s\n", paths[i]);
        ok = ixs_import_visit(import, paths[i], each, notes, err);
    }
    return ok && check_choice(import, paths, count, err);
}

bool ixs_import_all(struct ixs_import *import, const char **paths, size_t count,
                    struct ixs_notes *notes, struct ixs_err *err)
{
    const bool dry = import->commit.dry_run;
    const struct ixs_import_visit each = {dry ? look : write_scan};
    struct ixs_commit *commit = &import->commit;
    bool ok = ixs_import_names(paths, count, err) &&
              (dry || (ixs_batch_begin(&commit->batch, import->folder, err) &&
                       ixs_import_writer_begin(&import->writer, import, notes, err))) &&
              ixs_import_each(import, paths, count, each, notes, err);
    ok = ixs_import_writer_end(import->writer, err) && ok;
    ok = ok && (dry || ixs_batch_finish(commit->batch, err));
    ixs_batch_free(commit->batch);
    commit->batch = NULL;
    import->writer = NULL;
    return ok;
}
