/* SPDX-License-Identifier: GPL-3.0-or-later
 * Angles to momentum transfer: where an analyzer looks, in 1/Angstrom and in r.l.u.
 */
#ifndef IXS_CALIB_INSTRUMENT_GEOMETRY_H
#define IXS_CALIB_INSTRUMENT_GEOMETRY_H

#include "base/err.h"

struct ixs_angles {   /* deg */
    double two_theta; /* of the arm or an analyzer, in the plane */
    double theta;     /* of the sample; its omega is theta - two_theta/2 */
    double chi, phi;
    double mu;      /* tilt of the beam */
    double gamma;   /* of the arm or an analyzer, out of the plane */
    bool sixcircle; /* UB is in the frame of the six-circle code, not in that of fourc */
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

/* The angle between the beam and the scattered beam, deg, 0 to 180. */
double ixs_geometry_scattering(const struct ixs_angles *angles);

/* Unit vectors of the laboratory: x in the plane of two theta at right angles to the beam, y
 * against the beam at mu = 0, z out of the plane. */
void ixs_geometry_incoming(const struct ixs_angles *angles, double direction[3]);
void ixs_geometry_outgoing(const struct ixs_angles *angles, double direction[3]);

/* A vector of the laboratory in the frame fixed to phi:
 * (R_theta R_chi R_phi)^-1 of the six-circle code (Zhao & Baron, SPring-8), and for fourc turned by
 * 180 deg about x, which makes it Busing & Levy's (1967, Acta Cryst. 22, 457, eq. 19). */
void ixs_geometry_to_phi(const struct ixs_angles *angles, const double lab[3], double out[3]);

/* Q in the frame fixed to phi, 1/Angstrom. */
void ixs_geometry_q_phi(const struct ixs_angles *angles, double wavelength, double q[3]);

/* Between two vectors, deg, 0 to 180; NaN where one is 0. */
double ixs_geometry_angle(const double u[3], const double v[3]);

struct ixs_momentum {      /* of one analyzer */
    double two_theta;      /* deg */
    double gamma;          /* deg */
    double q;              /* 1/Angstrom */
    double hkl[3];         /* r.l.u.; this and all below NaN without a crystal */
    double lattice[3];     /* nearest allowed reciprocal-lattice point */
    double reduced[3];     /* hkl - lattice, r.l.u. */
    double reduced_length; /* 1/Angstrom */
    double angle;          /* deg between Q and reduced: 0, 180 longitudinal, 90 transverse; NaN
                            * where reduced is 0 */
};

/* crystal: NULL if there is none (a glass, an unknown orientation). */
void ixs_geometry_momentum(const struct ixs_angles *angles, double wavelength,
                           const struct ixs_crystal *crystal, struct ixs_momentum *out);

#endif
