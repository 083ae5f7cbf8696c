/* SPDX-License-Identifier: GPL-3.0-or-later
 * The array on the arm: where its analyzers stand when the arm stands somewhere.
 */
#ifndef IXS_CALIB_ARM_H
#define IXS_CALIB_ARM_H

#include "calib/instrument.h"
#include "products/raw.h"

/* Position (in pitches) of the analyzer that stands at the arm's two theta: as the scan's header
 * tells, else as the instrument does; NaN if neither. */
double ixs_arm_main(const struct ixs_instrument *instrument, const struct ixs_raw *raw);

/* Two theta of an analyzer, deg, the arm being at `arm` (deg) and `central` from ixs_arm_main. */
double ixs_arm_two_theta(const struct ixs_instrument *instrument,
                         const struct ixs_analyzer *analyzer, double arm, double central);

#endif
