/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts to rates.
 */
#include "calib/exposure.h"

#include "base/array.h"
#include "base/median.h"

#include <math.h>
#include <stdlib.h>

bool ixs_exposure_median_rate(const struct ixs_raw *raw, long monitor, long time, double *rate,
                              struct ixs_err *err)
{
    double *rates = ixs_array(raw->npoints, sizeof *rates, err);
    size_t n = 0;
    if (rates == NULL)
        return false;
    for (size_t i = 0; i < raw->npoints; i++) {
        const double *row = raw->values + i * raw->nlabels;
        if (row[time] > 0.0 && row[monitor] > 0.0 && isfinite(row[monitor] / row[time]))
            rates[n++] = row[monitor] / row[time];
    }
    *rate = ixs_median(n, rates);
    free(rates);
    return true;
}

void ixs_exposure_point(struct ixs_point *point, double counts, double time, double monitor,
                        const struct ixs_chain *chain)
{
    bool timed = time > 0.0 && isfinite(time), watched = monitor > 0.0 && isfinite(monitor);
    bool counted = counts >= 0.0 && counts == floor(counts) && isfinite(counts);
    double live = counted && timed ? 1.0 - counts * chain->dead_time / time : 1.0;
    counted = counted && live > 0.0;
    bool known = watched && live > 0.0;
    point->flags |= (timed ? 0 : IXS_FLAG_TIME) | (watched ? 0 : IXS_FLAG_MONITOR) |
                    (counted ? 0 : IXS_FLAG_COUNTS);
    point->time = time;
    point->counts = counts;
    point->exposure = known ? live * monitor / chain->reference * chain->efficiency : NAN;
    point->dark = timed ? chain->dark_rate * time : NAN;
    point->intensity = (counts - point->dark) / point->exposure;
    point->error = counted ? sqrt(fmax(counts, 1.0)) / point->exposure : NAN;
}
