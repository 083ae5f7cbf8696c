/* SPDX-License-Identifier: GPL-3.0-or-later
 * Energy transfer of an analyzer, positive for energy loss: scale x (what calib/energy/axis makes
 * of a row) - zero.
 */
#ifndef IXS_CALIB_ENERGY_ENERGY_H
#define IXS_CALIB_ENERGY_ENERGY_H

#include "calib/energy/axis.h"
#include "calib/experiment/experiment.h"
#include "products/calibration.h"
#include "products/raw.h"

struct ixs_energy { /* of one analyzer in one scan */
    struct ixs_axis axis;
    double scale;         /* beside that of the axis: 1, or as a known line told */
    double scale_error;   /* relative; NaN: not known */
    double zero;          /* meV, taken off */
    double zero_error;    /* meV; NaN: nothing is known of the zero (flat prior) */
    const char *response; /* good, nominal, lent, none: whose resolution function it has */
};

/* Whether the calibration was measured in the beamtime of this scan: one of the #F it names,
 * between commas, is the scan's. A #F may be a path or only the file's name; two paths have to be
 * equal. */
bool ixs_energy_same_beamtime(const char *beamtimes, const char *origin);

/* What is to be added to recorded x scale to come to the file's first origin, meV: the resets of
 * the energy axis, if it is this axis whose resets were counted. */
double ixs_energy_origin(const struct ixs_instrument *instrument, const struct ixs_raw_keys *keys);

struct ixs_energy_drift {           /* of the zeros, when a scan began */
    bool told;                      /* false: CALIB has no law of it, or the scan no date */
    double common, common_variance; /* meV, meV^2, of all analyzers */
    double own[IXS_MOST_ANALYZERS], own_variance[IXS_MOST_ANALYZERS]; /* beside that, in the order
                                                                       * of the instrument */
};

/* date: of the scan. calib: NULL if there is none. */
IXS_MUST_CHECK bool ixs_energy_drift(struct ixs_energy_drift *out, const struct ixs_calib *calib,
                                     const struct ixs_instrument *instrument, const char *date,
                                     struct ixs_err *err);

struct ixs_energy_scan { /* borrowed */
    const struct ixs_raw *raw;
    const struct ixs_axis *axis;
    const struct ixs_experiment *experiment;
    const struct ixs_calib *calib; /* NULL: there is none */
    const struct ixs_energy_drift *drift;
};

/* Number `analyzer` of the instrument. The order: what the experiment states; the calibration of
 * the same beamtime (its zero is on the axis recorded + E_ORIGIN; for a scan that itself told its
 * origin with that, else with the drift foretold for its time); else zero 0 of unknown error, for a
 * calibration of another beamtime lends its response and not its zero, nor its scale. */
void ixs_energy_find(struct ixs_energy *out, const struct ixs_energy_scan *scan, size_t analyzer);

/* meV, of one row of the scan. */
double ixs_energy_transfer(const struct ixs_energy *energy, const double *row);

/* What an analyzer's response is to a scan of the beamtime `origin` (#F): good, nominal or lent. */
const char *ixs_energy_response(const struct ixs_calib_analyzer *analyzer, const char *beamtimes,
                                const char *origin);

#endif
