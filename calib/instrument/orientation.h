/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a crystal stands on the circles: UB from two reflections, as the user or a scan's #G1 states
 * them, and UB of a lattice that has grown since.
 */
#ifndef IXS_CALIB_INSTRUMENT_ORIENTATION_H
#define IXS_CALIB_INSTRUMENT_ORIENTATION_H

#include "calib/instrument/geometry.h"
#include "products/raw.h"

struct ixs_reflection { /* one that was found */
    double hkl[3];
    struct ixs_angles at;
};

struct ixs_orientation { /* what #G1 states */
    double lattice[6];   /* Angstrom, deg */
    struct ixs_reflection reflections[2];
};

/* UB (1/Angstrom with 2 pi) that puts the first reflection where it was found, and the second into
 * the plane of the two (Busing & Levy 1967, Acta Cryst. 22, 457, eq. 23-27). False if there is no
 * such cell, if the two are parallel or something is not a number. */
IXS_MUST_CHECK bool ixs_orientation_ub(const double lattice[6],
                                       const struct ixs_reflection reflections[2], double ub[9]);

/* The reflections of a scan's #G1: SPEC's own (32 numbers or more: lattice, reciprocal lattice, two
 * hkl, two times six angles), or that of NSLS-II 10-ID (30: lattice, reciprocal lattice, two times
 * hkl and two theta, theta, chi, phi, mu, gamma). False if there is none. */
IXS_MUST_CHECK bool ixs_orientation_header(struct ixs_orientation *out, const struct ixs_raw *raw,
                                           bool sixcircle);

/* mu and gamma that a #G0 of 10-ID states, deg; NaN if there is none. */
void ixs_orientation_tilts(const struct ixs_raw *raw, double tilts[2]);

/* The wavelength that a #G0 of 10-ID states, Angstrom; NaN if there is none. */
double ixs_orientation_wavelength(const struct ixs_raw *raw);

/* UB of a crystal that keeps its orientation (c in its a*-c* plane, as B has it) while its lattice
 * changes to this one. False if UB or the cell is impossible. */
IXS_MUST_CHECK bool ixs_orientation_strain(const double ub[9], const double lattice[6],
                                           double out[9]);

/* The largest angle between the reciprocal axes of two UB, deg. */
double ixs_orientation_apart(const double ub[9], const double other[9]);

#endif
