/* SPDX-License-Identifier: GPL-3.0-or-later
 * Counts to rates: what a point's counts are to be divided by, and what makes a point unusable.
 */
#ifndef IXS_CALIB_INSTRUMENT_EXPOSURE_H
#define IXS_CALIB_INSTRUMENT_EXPOSURE_H

#include "calib/instrument/instrument.h"
#include "products/raw.h"
#include "products/spectra.h"

struct ixs_chain {     /* from photons to counts, of one analyzer */
    double reference;  /* count/s of the monitor that exposures are referred to */
    double efficiency; /* of the analyzer, mean 1 */
    double dead_time;  /* s */
    double dark_rate;  /* count/s */
    double factor;     /* of the scattering: polarization, form factor, absorption; 1 */
    struct ixs_monitoring monitoring;
};

struct ixs_counted { /* one point of it */
    double counts, time, monitor;
    double transmission; /* of attenuators; NaN: not known */
};

/* Counts of a monitor without its dead time and dark rate; NaN if none are left. */
double ixs_exposure_monitor(const struct ixs_monitoring *monitoring, double counts, double time);

/* Median of monitor/time over the points that have both; NaN if none has. */
IXS_MUST_CHECK bool ixs_exposure_median_rate(const struct ixs_raw *raw, long monitor, long time,
                                             const struct ixs_monitoring *monitoring, double *rate,
                                             struct ixs_err *err);

/* Fills time, counts, exposure and its error, dark, intensity, error and the flags MONITOR, TIME,
 * COUNTS and ATTENUATOR:
 * EXPOSURE = live time x (monitor/time)/reference x transmission x efficiency x factor, live time =
 * time - counts x dead time (a detector that is blind for the dead time after each count).
 * EXPOSURE_ERR is the monitor's own noise. What is not known is NaN. */
void ixs_exposure_point(struct ixs_point *point, const struct ixs_counted *counted,
                        const struct ixs_chain *chain);

#endif
