/* SPDX-License-Identifier: GPL-3.0-or-later
 * Energy transfer of an analyzer, positive for energy loss: scale x (what calib/axis makes of a
 * row) - zero.
 */
#ifndef IXS_CALIB_ENERGY_H
#define IXS_CALIB_ENERGY_H

#include "calib/axis.h"
#include "calib/experiment.h"
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

/* axis: of the scan. calib: NULL if there is none. The order: what the experiment states; the
 * calibration of the same beamtime (its zero is on the axis recorded + E_ORIGIN; for a scan that
 * was itself a reference scan, with the drift found in it); else zero 0 of unknown error, for a
 * calibration of another beamtime lends its response and not its zero. */
void ixs_energy_find(struct ixs_energy *out, const struct ixs_axis *axis, const struct ixs_raw *raw,
                     const struct ixs_experiment *experiment, const struct ixs_calib *calib,
                     const struct ixs_analyzer *analyzer);

/* meV, of one row of the scan. */
double ixs_energy_transfer(const struct ixs_energy *energy, const double *row);

/* What an analyzer's response is to a scan of the beamtime `origin` (#F): good, nominal or lent. */
const char *ixs_energy_response(const struct ixs_calib_analyzer *analyzer, const char *beamtimes,
                                const char *origin);

#endif
