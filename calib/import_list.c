/* SPDX-License-Identifier: GPL-3.0-or-later
 * The line of a scan in a list of what a SPEC file holds.
 */
#include "calib/import.h"

#include <inttypes.h>
#include <stdio.h>

bool ixs_import_list(const struct ixs_import *import, const char *path,
                     const struct ixs_spec_scan *scan, struct ixs_err *err)
{
    (void)path, (void)err;
    const struct ixs_raw_keys *keys = &scan->raw.keys;
    char number[48], rows[48], planned[24] = "?";
    if (keys->order > 1)
        snprintf(number, sizeof number, "%" PRId64 ".%" PRId64, keys->scan, keys->order);
    else
        snprintf(number, sizeof number, "%" PRId64, keys->scan);
    if (keys->nplanned >= 0)
        snprintf(planned, sizeof planned, "%" PRId64, keys->nplanned);
    snprintf(rows, sizeof rows, "%" PRId64 "/%s", keys->npoints, planned);
    fprintf(import->list, "%-6s  %-9s  %-8s  %-8s  %9.4f  %-24s  %s\n", number, rows, keys->ended,
            keys->e_axis[0] ? keys->e_axis : "-", keys->e_origin, scan->raw.identity.date,
            keys->command);
    return true;
}
