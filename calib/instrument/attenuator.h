/* SPDX-License-Identifier: GPL-3.0-or-later
 * What attenuators between monitor and sample let through.
 */
#ifndef IXS_CALIB_INSTRUMENT_ATTENUATOR_H
#define IXS_CALIB_INSTRUMENT_ATTENUATOR_H

#include "calib/instrument/instrument.h"
#include "products/raw.h"

/* Transmission of all attenuators together at row i of a scan: 1 without any; NaN where one is not
 * in the scan, or its reading is none of its settings, or no transmission (0 < t <= 1). */
double ixs_attenuator_transmission(const struct ixs_instrument *instrument,
                                   const struct ixs_raw *raw, size_t i);

#endif
