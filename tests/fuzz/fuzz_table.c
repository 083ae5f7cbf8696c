/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as an ASCII archive: recognised, or by the shipped table XML, or themselves a table
 * XML; the first byte says which. A point that is not flagged can be fitted.
 */
#include "tests/fuzz/fuzz.h"

#include "calib/archive/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(const struct ixs_spectra *spectra)
{
    for (size_t i = 0; i < spectra->npoints; i++) {
        const struct ixs_point *point = &spectra->points[i];
        const struct ixs_spectrum *owner = &spectra->spectra[point->spectrum - 1];
        bool counted = strcmp(owner->statist, "POISSON") == 0;
        if (ixs_flags_bar(point->flags))
            continue;
        if (!isfinite(point->energy) || !isfinite(point->intensity) || !(point->error > 0.0) ||
            !(point->exposure > 0.0) || (counted && !(point->counts >= 0.0)))
            abort();
    }
}

static bool read_archive(const char *path, const char *table, struct ixs_err *err)
{
    struct ixs_archives archives = {0};
    struct ixs_provenance provenance = {0};
    struct ixs_notes notes = {0};
    const struct ixs_archive_task task = {1, &path, table, NULL, NULL, &provenance, &notes, NULL};
    bool ok = ixs_archives_read(&archives, &task, err);
    for (size_t s = 0; ok && s < archives.nsets; s++)
        check(&archives.sets[s].spectra);
    ixs_archives_dispose(&archives);
    ixs_provenance_dispose(&provenance);
    ixs_notes_dispose(&notes);
    return ok;
}

static bool read_table(const char *path, struct ixs_err *err)
{
    static struct ixs_archive_form form;
    return ixs_archive_table(&form, path, NULL, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct ixs_err err = IXS_ERR_NONE;
    const char *root = getenv("IXS_ROOT");
    char table[1024];
    bool ok = true;
    if (size == 0)
        return 0;
    const char *path = fuzz_file(bytes + 1, size - 1);
    snprintf(table, sizeof table, "%s/configs/table.xml", root ? root : ".");
    switch (*bytes % 3) {
    case 0:
        ok = read_archive(path, NULL, &err);
        break;
    case 1:
        ok = read_archive(path, table, &err);
        break;
    default:
        ok = read_table(path, &err);
    }
    fuzz_verdict(ok, &err);
    return 0;
}
