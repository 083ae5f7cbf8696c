/* SPDX-License-Identifier: GPL-3.0-or-later
 * Residuals of correlated data as residuals that are not.
 */
#include "models/numerics/whiten.h"

#include <math.h>
#include <stdbool.h>

static const double least_pivot = 1e-6; /* of a datum, beside all before it */
static const double nearer = 0.99;      /* correlations that cannot be, each time */
static const double least_scale = 1e-3; /* far below any that can fail: they are finite */

/* Row i of L from that of R scaled off its diagonal; what remains of the diagonal. R itself stays
 * in the upper triangle. */
static double factor_row(size_t n, double *matrix, const size_t *first, size_t i, double scale)
{
    double *row = matrix + i * n, pivot = matrix[i * (n + 1)];
    for (size_t k = first[i]; k < i; k++) {
        const double *other = matrix + k * n;
        double sum = scale * matrix[k * n + i];
        for (size_t m = first[i] > first[k] ? first[i] : first[k]; m < k; m++)
            sum -= row[m] * other[m];
        row[k] = sum / other[k];
        pivot -= row[k] * row[k];
    }
    return pivot;
}

/* The diagonal of R is 1 and is made that again before each attempt. */
static bool factor(size_t n, double *matrix, const size_t *first, double scale)
{
    for (size_t i = 0; i < n; i++)
        matrix[i * (n + 1)] = 1;
    for (size_t i = 0; i < n; i++) {
        double pivot = factor_row(n, matrix, first, i, scale);
        if (!(pivot > least_pivot))
            return false;
        matrix[i * (n + 1)] = sqrt(pivot);
    }
    return true;
}

void ixs_whiten_factor(size_t n, double *correlation, size_t *first)
{
    for (size_t i = 0; i < n; i++) {
        first[i] = i;
        for (size_t k = i; k-- > 0;) {
            correlation[k * n + i] = correlation[i * n + k];
            first[i] = correlation[i * n + k] != 0 ? k : first[i];
        }
    }
    double scale = 1;
    while (!factor(n, correlation, first, scale) && scale > least_scale)
        scale *= nearer;
}

void ixs_whiten_apply(size_t n, const double *l, const size_t *first, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = first[i]; k < i; k++)
            x[i] -= l[i * n + k] * x[k];
        x[i] /= l[i * (n + 1)];
    }
}

void ixs_whiten_solve(size_t n, const double *l, const size_t *first, double *x)
{
    ixs_whiten_apply(n, l, first, x);
    for (size_t i = n; i-- > 0;) {
        x[i] /= l[i * (n + 1)];
        for (size_t k = first[i]; k < i; k++)
            x[k] -= l[i * n + k] * x[i];
    }
}
