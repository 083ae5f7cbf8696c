/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts to rates.
 */
#include "calib/instrument/exposure.h"

#include "base/array.h"
#include "base/median.h"

#include <math.h>
#include <stdlib.h>

double ixs_exposure_monitor(const struct ixs_monitoring *monitoring, double counts, double time)
{
    double live = monitoring->dead_time > 0.0 ? 1.0 - counts * monitoring->dead_time / time : 1.0;
    double dark = monitoring->dark_rate > 0.0 ? monitoring->dark_rate * time : 0.0;
    double left = counts / live - dark;
    return counts > 0.0 && live > 0.0 && left > 0.0 && isfinite(left) ? left : NAN;
}

/* Relative error of the above: of the counts, magnified by the dead time and what is taken off. */
static double monitor_error(const struct ixs_monitoring *monitoring, double counts, double time)
{
    double live = monitoring->dead_time > 0.0 ? 1.0 - counts * monitoring->dead_time / time : 1.0;
    return sqrt(monitoring->noise * counts) / (live * live) /
           ixs_exposure_monitor(monitoring, counts, time);
}

bool ixs_exposure_median_rate(const struct ixs_raw *raw, long monitor, long time,
                              const struct ixs_monitoring *monitoring, double *rate,
                              struct ixs_err *err)
{
    double *rates = ixs_array(raw->npoints, sizeof *rates, err);
    size_t n = 0;
    if (rates == NULL)
        return false;
    for (size_t i = 0; i < raw->npoints; i++) {
        const double *row = raw->values + i * raw->nlabels;
        double counts = ixs_exposure_monitor(monitoring, row[monitor], row[time]);
        if (row[time] > 0.0 && isfinite(counts / row[time]))
            rates[n++] = counts / row[time];
    }
    *rate = ixs_median(n, rates);
    free(rates);
    return true;
}

void ixs_exposure_point(struct ixs_point *point, const struct ixs_counted *counted,
                        const struct ixs_chain *chain)
{
    double time = counted->time, counts = counted->counts;
    double monitor = ixs_exposure_monitor(&chain->monitoring, counted->monitor, time);
    bool timed = time > 0.0 && isfinite(time), watched = isfinite(monitor);
    bool open = counted->transmission > 0.0;
    bool whole = counts >= 0.0 && counts == floor(counts) && isfinite(counts);
    double live = whole && timed ? 1.0 - counts * chain->dead_time / time : 1.0;
    bool told = whole && live > 0.0, known = watched && live > 0.0 && open;
    point->flags |= (timed ? 0 : IXS_FLAG_TIME) | (watched ? 0 : IXS_FLAG_MONITOR) |
                    (told ? 0 : IXS_FLAG_COUNTS) | (open ? 0 : IXS_FLAG_ATTENUATOR);
    double scale = counted->transmission * chain->efficiency * chain->factor;
    point->time = time;
    point->counts = counts;
    point->exposure = known ? live * monitor / chain->reference * scale : NAN;
    point->exposure_err =
        point->exposure * monitor_error(&chain->monitoring, counted->monitor, time);
    point->dark = timed ? chain->dark_rate * time : NAN;
    point->intensity = (counts - point->dark) / point->exposure;
    point->error = told ? sqrt(fmax(counts, 1.0)) / point->exposure : NAN;
}
