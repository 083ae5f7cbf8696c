/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether a scan can be reduced, and where its columns are.
 */
#include "calib/reduction/parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double least_range = 1.0; /* meV; an energy that varies less is not scanned */

static bool refuse(const struct ixs_reducing *scan, const char *expected, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_INPUT, scan->path, 0,
                       "found scan %" PRId64 " (%.100s), expected %s", scan->raw->keys.scan,
                       scan->raw->keys.command, expected);
}

static bool check_end(const struct ixs_reducing *scan, struct ixs_err *err)
{
    const struct ixs_raw *raw = scan->raw;
    if (strcmp(raw->keys.ended, "WRITING") == 0 && !scan->how->unfinished)
        return ixs_fail_at(err, IXS_INPUT, scan->path, 0,
                           "found scan %" PRId64 " still being written (%zu points), expected a "
                           "finished one; --unfinished takes it as far as it goes",
                           raw->keys.scan, raw->npoints);
    if (raw->npoints == 0)
        return ixs_fail_at(err, IXS_INPUT, scan->path, 0,
                           "found scan %" PRId64 " without points, expected some", raw->keys.scan);
    return true;
}

/* The scanned motor is the first column of a SPEC scan; elsewhere the axis has to move. */
static bool scans_energy(const struct ixs_reducing *scan)
{
    double low, high;
    ixs_axis_range(&scan->axis, scan->raw, &low, &high);
    return scan->axis.column == 0 || high - low > least_range;
}

static bool find_column(long *column, const struct ixs_reducing *scan, const char *label,
                        const char *what, struct ixs_err *err)
{
    *column = ixs_raw_label(scan->raw, label);
    if (*column >= 0)
        return true;
    return ixs_fail_at(err, IXS_INPUT, scan->path, 0,
                       "found no column %s in scan %" PRId64 ", expected the %s there", label,
                       scan->raw->keys.scan, what);
}

static bool find_energy(struct ixs_reducing *scan, struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    char expected[128];
    snprintf(expected, sizeof expected, "a scan of %s, the energy axis of instrument %s",
             instrument->energy, instrument->name);
    if (ixs_raw_label(scan->raw, instrument->energy) < 0)
        return refuse(scan, expected, err);
    return ixs_axis_open(&scan->axis, scan->raw, scan->path, instrument, err) &&
           (scans_energy(scan) || refuse(scan, expected, err));
}

bool ixs_reduction_columns(struct ixs_reducing *scan, struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    return check_end(scan, err) && find_energy(scan, err) &&
           find_column(&scan->monitor, scan, instrument->monitor, "monitor", err) &&
           find_column(&scan->time, scan, instrument->time, "counting time", err);
}
