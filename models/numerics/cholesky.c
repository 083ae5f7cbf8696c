/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cholesky decomposition (Golub & Van Loan, Matrix Computations, 4.2).
 */
#include "models/numerics/cholesky.h"

#include <math.h>

size_t ixs_cholesky(size_t n, double *matrix, double least)
{
    for (size_t i = 0; i < n; i++) {
        double *row = matrix + i * n;
        for (size_t k = 0; k < i; k++) {
            const double *other = matrix + k * n;
            double sum = row[k];
            for (size_t m = 0; m < k; m++)
                sum -= row[m] * other[m];
            row[k] = sum / other[k];
        }
        double pivot = row[i];
        for (size_t m = 0; m < i; m++)
            pivot -= row[m] * row[m];
        if (!(pivot > least))
            return i;
        row[i] = sqrt(pivot);
    }
    return n;
}

static void forward(size_t n, const double *l, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i * n + k] * x[k];
        x[i] /= l[i * n + i];
    }
}

/* L^T x = x */
static void back(size_t n, size_t stride, const double *l, double *x)
{
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            x[i] -= l[k * stride + i] * x[k];
        x[i] /= l[i * stride + i];
    }
}

void ixs_cholesky_solve(size_t n, const double *l, double *x)
{
    forward(n, l, x);
    back(n, n, l, x);
}

void ixs_cholesky_depends(size_t n, size_t bad, const double *l, double *share)
{
    for (size_t k = 0; k < bad; k++)
        share[k] = l[bad * n + k];
    back(bad, n, l, share);
}
