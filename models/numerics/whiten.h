/* SPDX-License-Identifier: GPL-3.0-or-later
 * Residuals of correlated data as residuals that are not: with R = L L^T their correlation,
 * L^-1 r has chi squared r^T R^-1 r (Aitken, Proc. R. Soc. Edinburgh 55, 42, 1935). Data without
 * any relation cost nothing: rows of L begin where those of R do.
 */
#ifndef IXS_MODELS_NUMERICS_WHITEN_H
#define IXS_MODELS_NUMERICS_WHITEN_H

#include <stddef.h>

/* correlation[n][n], of which the lower triangle is looked at, -> L, in place; first[n]: where rows
 * begin. Correlations that cannot be are brought nearer to 0 until they can. */
void ixs_whiten_factor(size_t n, double *correlation, size_t *first);

void ixs_whiten_apply(size_t n, const double *l, const size_t *first, double *x); /* L^-1 x */
/* R^-1 x */
void ixs_whiten_solve(size_t n, const double *l, const size_t *first, double *x);

#endif
