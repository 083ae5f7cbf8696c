/* SPDX-License-Identifier: GPL-3.0-or-later
 * The crystal lattice: B matrix, centring, the nearest reciprocal-lattice point. Matrices are
 * double[9], row by row; reciprocal vectors are in 1/Angstrom with 2 pi.
 */
#ifndef IXS_MODELS_CRYSTAL_LATTICE_H
#define IXS_MODELS_CRYSTAL_LATTICE_H

#include "base/err.h"

/* B of lattice {a, b, c [Angstrom], alpha, beta, gamma [deg]}: B hkl is the reciprocal vector in
 * the crystal's Cartesian frame (Busing & Levy 1967, Acta Cryst. 22, 457, eq. 3, times 2 pi). False
 * if no such cell exists. */
IXS_MUST_CHECK bool ixs_lattice_b(const double lattice[6], double b[9]);

/* The lattice that a UB belongs to, whatever its orientation; false if UB is singular. */
IXS_MUST_CHECK bool ixs_lattice_of(const double ub[9], double lattice[6]);

/* Inverse of a 3 x 3 matrix; false if it is singular or not finite. */
IXS_MUST_CHECK bool ixs_matrix_invert(const double matrix[9], double inverse[9]);
void ixs_matrix_multiply(const double a[9], const double b[9], double out[9]); /* not in place */
void ixs_matrix_apply(const double matrix[9], const double vector[3], double out[3]);

/* Largest difference between the metrics UB^T UB and B^T B, relative to the largest element of the
 * latter: 0 where a UB belongs to the lattice, whatever its orientation. */
double ixs_lattice_mismatch(const double ub[9], const double b[9]);

/* "P", "A", "B", "C", "I", "F", "R" (obverse, hexagonal axes); "" counts as P. */
bool ixs_centring_known(const char *centring);
/* Whether the centring leaves a Bragg reflection at integer hkl. */
bool ixs_centring_allows(const char *centring, const long hkl[3]);

/* The allowed reciprocal-lattice point nearest to hkl by Cartesian distance, for any cell however
 * oblique; of several equally near the one with the smallest |G|, then the largest h, k, l. False
 * if UB is singular or hkl is not finite or beyond 1e6. */
IXS_MUST_CHECK bool ixs_lattice_nearest(const double ub[9], const char *centring,
                                        const double hkl[3], double nearest[3]);

#endif
