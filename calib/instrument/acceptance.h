/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an analyzer accepts: the directions that its face, mask and slits let through, as a width of
 * |Q| and a covariance of HKL.
 */
#ifndef IXS_CALIB_INSTRUMENT_ACCEPTANCE_H
#define IXS_CALIB_INSTRUMENT_ACCEPTANCE_H

#include "calib/instrument/arm.h"
#include "calib/instrument/geometry.h"

struct ixs_opening {   /* what lets through, at the array's radius, mm; about the array's middle */
    double radius;     /* from the sample */
    double center;     /* x of the analyzer itself */
    double x[2], z[2]; /* low and high edges */
    double across;     /* diameter of a round analyzer or mask at (center, middle); NaN: none */
    double middle;     /* z of the analyzer itself */
};

struct ixs_acceptance {
    double q_width; /* 1/Angstrom, largest less smallest |Q|; NaN: not known */
    double cov[6];  /* r.l.u.^2, HH HK HL KK KL LL of Q uniform over the opening; NaN: not known */
};

/* Gap of a slit before an analyzer, mm: of the motor `own` or else the slit's where the scan has
 * it, or as the instrument states it; NaN: not known. */
double ixs_acceptance_gap(const struct ixs_slit *slit, const char *own, const struct ixs_raw *raw);

/* The opening before an analyzer: its face, its mask where the scan has it, and the slits' gaps as
 * the scan has them or else the instrument. False where something is not known: the radius, the
 * width and height where there are no slits, the gap of a slit whose distance is stated. `central`
 * from ixs_arm_main. */
IXS_MUST_CHECK bool ixs_acceptance_opening(struct ixs_opening *out,
                                           const struct ixs_instrument *instrument,
                                           const struct ixs_analyzer *analyzer,
                                           const struct ixs_raw *raw, double central);

/* `angles` with two theta and gamma of the analyzer; crystal NULL: no HKL. */
void ixs_acceptance_find(struct ixs_acceptance *out, const struct ixs_opening *opening,
                         const struct ixs_angles *angles, double wavelength,
                         const struct ixs_crystal *crystal);

#endif
