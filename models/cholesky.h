/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small symmetric positive definite systems, packed as full row-major matrices, in place.
 */
#ifndef IXS_MODELS_CHOLESKY_H
#define IXS_MODELS_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* Lower triangle of matrix[n * n] -> L with L L^T = matrix. Returns the number of rows done: less
 * than n if a pivot falls to `least` or below (row `return value` is the first bad one). */
size_t ixs_cholesky(size_t n, double *matrix, double least);

void ixs_cholesky_solve(size_t n, const double *l, double *x); /* x: right side in, solution out */
void ixs_cholesky_back(size_t n, size_t stride, const double *l, double *x); /* L^T x = x */

#endif
