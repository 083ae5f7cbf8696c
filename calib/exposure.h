/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts to rates: what a point's counts are to be divided by, and what makes a point unusable.
 */
#ifndef IXS_CALIB_EXPOSURE_H
#define IXS_CALIB_EXPOSURE_H

#include "products/raw.h"
#include "products/spectra.h"

struct ixs_chain {     /* from photons to counts, of one analyzer */
    double reference;  /* count/s of the monitor that exposures are referred to */
    double efficiency; /* of the analyzer, mean 1 */
    double dead_time;  /* s */
    double dark_rate;  /* count/s */
};

/* Median of monitor/time over the points that have both; NaN if none has. */
IXS_MUST_CHECK bool ixs_exposure_median_rate(const struct ixs_raw *raw, long monitor, long time,
                                             double *rate, struct ixs_err *err);

/* Fills time, counts, exposure, dark, intensity, error and the flags MONITOR, TIME and COUNTS:
 * EXPOSURE = live time x (monitor/time)/reference x efficiency, live time = time - counts x dead
 * time (a detector that is blind for the dead time after each count). What is not known is NaN. */
void ixs_exposure_point(struct ixs_point *point, double counts, double time, double monitor,
                        const struct ixs_chain *chain);

#endif
