/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading one overlay: what its two formats share.
 */
#ifndef IXS_CALIB_BRANCHING_OVERLAY_H
#define IXS_CALIB_BRANCHING_OVERLAY_H

#include "base/lines.h"
#include "calib/branching/branching.h"

struct ixs_overlay_reading {
    struct ixs_dispersion *out;
    struct ixs_lines *lines;
    const struct ixs_branching_overlay *overlay;
    int64_t path;      /* number of the path, 0: all */
    int64_t last_line; /* numbers given so far */
    size_t first;      /* row of OVERLAY that this file begins with */
};

/* Records that the present line is not what is expected; always false. */
bool ixs_overlay_refuse(const struct ixs_overlay_reading *reading, const char *found,
                        const char *expected, struct ixs_err *err);

/* Adds a row to OVERLAY. */
IXS_MUST_CHECK bool ixs_overlay_add(struct ixs_overlay_reading *reading, int64_t line,
                                    double position, double energy, struct ixs_err *err);

/* Reads a band.yaml whose first line is `text` (overlay_bands.c). */
IXS_MUST_CHECK bool ixs_overlay_bands(struct ixs_overlay_reading *reading, char *text,
                                      struct ixs_err *err);

#endif
