/* SPDX-License-Identifier: GPL-3.0-or-later
 * A line of text about each scan of SPEC files.
 */
#include "calib/import/import.h"

#include <inttypes.h>

#define FORMAT "%-6s  %-9s  %-8s  %-8s  %9s  %-24s  %s\n"

static bool print_scan(const struct ixs_import *import, const char *path,
                       struct ixs_spec_scan *scan, struct ixs_err *err)
{
    const struct ixs_raw_keys *keys = &scan->raw.keys;
    char number[48], rows[48], planned[24] = "?", origin[24];
    (void)path, (void)err;
    if (keys->order > 1)
        snprintf(number, sizeof number, "%" PRId64 ".%" PRId64, keys->scan, keys->order);
    else
        snprintf(number, sizeof number, "%" PRId64, keys->scan);
    if (keys->nplanned >= 0)
        snprintf(planned, sizeof planned, "%" PRId64, keys->nplanned);
    snprintf(rows, sizeof rows, "%" PRId64 "/%s", keys->npoints, planned);
    snprintf(origin, sizeof origin, "%.4f", keys->e_origin);
    fprintf(import->list, FORMAT, number, rows, keys->ended, keys->e_axis[0] ? keys->e_axis : "-",
            origin, scan->raw.identity.date, keys->command);
    return true;
}

bool ixs_import_list(struct ixs_import *import, const char **paths, size_t count, FILE *out,
                     struct ixs_notes *notes, struct ixs_err *err)
{
    const struct ixs_import_visit print = {print_scan};
    import->unfinished = true;
    import->list = out;
    fprintf(out, FORMAT, "SCAN", "ROWS", "ENDED", "AXIS", "ORIGIN", "DATE", "COMMAND");
    return ixs_import_each(import, paths, count, print, notes, err);
}
