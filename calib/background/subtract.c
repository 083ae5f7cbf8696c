/* SPDX-License-Identifier: GPL-3.0-or-later
 * The difference of sample and cell, to look at. The cell's rate at an energy is that of its points
 * nearby, weighted by a triangle as wide as its steps: of a scan at the same energies just the same
 * point, of several scans all of theirs. It is biased where counts are few; what is fitted are
 * counts (models/fit/cell.h).
 */
#include "calib/background/background.h"

#include <math.h>

struct rate { /* count/s */
    double value, variance;
};

static bool usable(const struct ixs_background *row)
{
    return !ixs_flags_bar(row->flags) && row->exposure > 0 && isfinite(row->energy) &&
           row->counts >= 0;
}

/* The typical step of a scan: its range over its number of points, of each scan by itself. */
static double step_of(size_t n, const struct ixs_background *rows)
{
    double lo = INFINITY, hi = -INFINITY;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[i].scan == rows[0].scan && isfinite(rows[i].energy)) {
            lo = fmin(lo, rows[i].energy);
            hi = fmax(hi, rows[i].energy);
            count++;
        }
    return count > 1 && hi > lo ? (hi - lo) / (double)(count - 1) : 1.0;
}

/* NaN where the cell has no point within a step. */
static struct rate rate_at(size_t n, const struct ixs_background *rows, double step, double energy)
{
    double counts = 0, exposure = 0, variance = 0;
    for (size_t i = 0; i < n; i++) {
        double weight = 1.0 - fabs(rows[i].energy - energy) / step;
        if (!(weight > 0) || !usable(&rows[i]))
            continue;
        counts += weight * (rows[i].counts - rows[i].dark);
        exposure += weight * rows[i].exposure;
        variance += weight * weight * fmax(rows[i].counts, 1.0);
    }
    return exposure > 0 ? (struct rate){counts / exposure, variance / (exposure * exposure)}
                        : (struct rate){NAN, NAN};
}

void ixs_background_subtract(size_t npoints, struct ixs_point *points, size_t n,
                             const struct ixs_background *rows)
{
    double step = step_of(n, rows), scale = rows[0].scale, scale_err = rows[0].scale_err;
    for (size_t i = 0; i < npoints; i++) {
        struct ixs_point *point = &points[i];
        struct rate rate = rate_at(n, rows, step, point->energy);
        double error = hypot(scale * sqrt(rate.variance), scale_err * rate.value);
        point->subtracted = point->intensity - scale * rate.value;
        point->subtracted_err = hypot(point->error, error);
    }
}
