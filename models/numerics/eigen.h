/* SPDX-License-Identifier: GPL-3.0-or-later
 * Eigenvalues and eigenvectors of a small symmetric matrix, without allocation.
 */
#ifndef IXS_MODELS_NUMERICS_EIGEN_H
#define IXS_MODELS_NUMERICS_EIGEN_H

#include <stddef.h>

enum { IXS_EIGEN_MOST = 21 };

/* matrix[n][n], n <= IXS_EIGEN_MOST, stays. values[n] rise; vectors[n][n]: component i of the m-th
 * at i * n + m, of unit length. */
void ixs_eigen(size_t n, const double *matrix, double *values, double *vectors);

#endif
