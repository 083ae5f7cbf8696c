/* SPDX-License-Identifier: GPL-3.0-or-later
 * The array on the arm: where its analyzers stand when the arm stands somewhere.
 */
#ifndef IXS_CALIB_INSTRUMENT_ARM_H
#define IXS_CALIB_INSTRUMENT_ARM_H

#include "calib/instrument/instrument.h"
#include "products/raw.h"

/* Position (in pitches) of the analyzer that stands at the arm's two theta: as the scan's header
 * tells, else as the instrument does; NaN if neither. */
double ixs_arm_main(const struct ixs_instrument *instrument, const struct ixs_raw *raw);

struct ixs_aim {             /* deg: in the plane, and out of it */
    double two_theta, gamma; /* from the sample, of the arm or of an analyzer */
};

/* An angle, deg: the motor's, else the header's, else the fixed one, else 0 if there is no motor
 * and NaN if there should be one. */
double ixs_arm_angle(const struct ixs_raw *raw, const char *motor, double header, double fixed);

/* Two theta and gamma of the arm, and mu of the beam, in a scan; NaN: a motor without a value. */
double ixs_arm_mu(const struct ixs_instrument *instrument, const struct ixs_raw *raw);
struct ixs_aim ixs_arm_aim(const struct ixs_instrument *instrument, const struct ixs_raw *raw);

/* An analyzer on the arm, `central` from ixs_arm_main. A flat array at x, z (mm) from the middle:
 * two_theta + atan2(x, radius), gamma + atan2(z, sqrt(radius^2 + x^2)), as in the six-circle code
 * of SPring-8 (Zhao & Baron). */
struct ixs_aim ixs_arm_place(const struct ixs_instrument *instrument,
                             const struct ixs_analyzer *analyzer, struct ixs_aim arm,
                             double central);

/* Scattering angle of an analyzer in a scan, deg, with the sign of its two theta; NaN if the scan
 * does not tell. */
double ixs_arm_scattering(const struct ixs_instrument *instrument,
                          const struct ixs_analyzer *analyzer, const struct ixs_raw *raw);

#endif
