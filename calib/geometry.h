/* SPDX-License-Identifier: GPL-3.0-or-later
 * Angles to momentum transfer: where an analyzer looks, in 1/Angstrom and in r.l.u.
 */
#ifndef IXS_CALIB_GEOMETRY_H
#define IXS_CALIB_GEOMETRY_H

#include "base/err.h"

struct ixs_angles { /* deg, of the four circles of SPEC's fourc */
    double two_theta;
    double theta; /* of the sample; the sample's omega is theta - two_theta/2 */
    double chi, phi;
};

struct ixs_crystal {   /* what turns Q into hkl */
    double ub[9];      /* 1/Angstrom with 2 pi, row by row, in the frame fixed to phi */
    double inverse[9]; /* of ub */
    char centring[3];
};

/* False if UB is missing or singular. */
IXS_MUST_CHECK bool ixs_crystal_set(struct ixs_crystal *out, const double ub[9],
                                    const char *centring);

/* |Q| = 4 pi sin(two_theta / 2) / wavelength, 1/Angstrom, never negative. Elastic: the energy
 * transfer changes it by 1e-6. */
double ixs_geometry_q(double two_theta, double wavelength);

/* Q in the frame fixed to phi (Busing & Levy 1967, Acta Cryst. 22, 457, eq. 19, with
 * omega = theta - two_theta/2). */
void ixs_geometry_q_phi(const struct ixs_angles *angles, double wavelength, double q[3]);

struct ixs_momentum {      /* of one analyzer */
    double two_theta;      /* deg */
    double q;              /* 1/Angstrom */
    double hkl[3];         /* r.l.u.; this and all below NaN without a crystal */
    double lattice[3];     /* nearest allowed reciprocal-lattice point */
    double reduced[3];     /* hkl - lattice, r.l.u. */
    double reduced_length; /* 1/Angstrom */
};

/* crystal: NULL if there is none (a glass, an unknown orientation). */
void ixs_geometry_momentum(const struct ixs_angles *angles, double wavelength,
                           const struct ixs_crystal *crystal, struct ixs_momentum *out);

#endif
