/* SPDX-License-Identifier: GPL-3.0-or-later
 * What of a polarized beam an analyzer sees.
 */
#ifndef IXS_CALIB_INSTRUMENT_POLARIZATION_H
#define IXS_CALIB_INSTRUMENT_POLARIZATION_H

#include "calib/instrument/geometry.h"
#include "calib/instrument/instrument.h"

/* Thomson scattering without analysis of polarization: 1 - (e . k_out)^2, e the unit vector of the
 * beam's field, so 1 - sin^2(two theta) cos^2(gamma) for a horizontal one; both directions mixed by
 * the degree of polarization. 1 where the instrument states none. */
double ixs_polarization(const struct ixs_polarization *polarization,
                        const struct ixs_angles *angles);

#endif
