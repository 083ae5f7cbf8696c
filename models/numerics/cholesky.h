/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small symmetric positive definite systems, packed as full row-major matrices, in place.
 */
#ifndef IXS_MODELS_NUMERICS_CHOLESKY_H
#define IXS_MODELS_NUMERICS_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* Lower triangle of matrix[n * n] -> L with L L^T = matrix. Returns the number of rows done: less
 * than n if a pivot falls to `least` or below (row `return value` is the first bad one). */
size_t ixs_cholesky(size_t n, double *matrix, double least);

void ixs_cholesky_solve(size_t n, const double *l, double *x); /* x: right side in, solution out */
/* Row `bad`, at which ixs_cholesky stopped, as a combination of the earlier ones: share[bad]. */
void ixs_cholesky_depends(size_t n, size_t bad, const double *l, double *share);

#endif
