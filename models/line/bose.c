/* SPDX-License-Identifier: GPL-3.0-or-later
 * Detailed balance. With y = E/2kT, N = 1/2 + coth(y)/2 and Lambert's fraction
 *   coth y = 1/y + y/(3 + y^2/(5 + y^2/(7 + ...)))
 * cut after 2n levels is a Gauss quadrature: poles and shares come from the eigenvalues l_j and
 * first components v_j of the Jacobi matrix with off-diagonals 1/sqrt((2m+1)(2m+3)), m = 1 .. 2n-1:
 *   nu_j = 2 kT/l_j,  share_j = v_j^2/(3 l_j^2).
 */
#include "models/line/bose.h"

#include "base/units.h"

#include <math.h>

/* One implicit QL sweep's rotations on rows l .. m of a symmetric tridiagonal matrix with diagonal
 * d, off-diagonal e (e[i] couples i and i+1) and first eigenvector components z (Golub & Welsch,
 * Math. Comp. 23, 221, 1969). */
static void sweep(double *d, double *e, double *z, size_t l, size_t m)
{
    double g = (d[l + 1] - d[l]) / (2.0 * e[l]), r = hypot(g, 1.0);
    double s = 1.0, c = 1.0, p = 0.0;
    g = d[m] - d[l] + e[l] / (g + copysign(r, g));
    for (size_t i = m; i-- > l;) {
        double f = s * e[i], b = c * e[i];
        r = hypot(f, g);
        e[i + 1] = r;
        if (r == 0.0) {
            d[i + 1] -= p;
            e[m] = 0.0;
            return;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2.0 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        f = z[i + 1];
        z[i + 1] = s * z[i] + c * f;
        z[i] = c * z[i] - s * f;
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0.0;
}

static void eigen(size_t n, double *d, double *e, double *z)
{
    for (size_t l = 0; l < n; l++)
        for (int round = 0; round < 60; round++) {
            size_t m = l;
            while (m + 1 < n && fabs(e[m]) > 1e-16 * (fabs(d[m]) + fabs(d[m + 1])))
                m++;
            if (m == l)
                break;
            sweep(d, e, z, l, m);
        }
}

/* Ascending nu, that is descending eigenvalue. */
static void sort_poles(struct ixs_bose *bose)
{
    for (size_t i = 1; i < bose->npoles; i++)
        for (size_t k = i; k > 0 && bose->nu[k] < bose->nu[k - 1]; k--) {
            double nu = bose->nu[k], share = bose->share[k];
            bose->nu[k] = bose->nu[k - 1];
            bose->share[k] = bose->share[k - 1];
            bose->nu[k - 1] = nu;
            bose->share[k - 1] = share;
        }
}

/* The error of n poles at x = E/kT falls below 1e-9 for n > 2 sqrt(x): tests/test_bose.c. */
static size_t poles_needed(double x)
{
    double n = ceil(2.0 * sqrt(x)) + 1.0;
    return n < IXS_BOSE_MOST ? (size_t)n : IXS_BOSE_MOST;
}

void ixs_bose_make(struct ixs_bose *bose, double kelvin, double span)
{
    double d[2 * IXS_BOSE_MOST] = {0}, e[2 * IXS_BOSE_MOST] = {0}, z[2 * IXS_BOSE_MOST] = {0};
    bose->npoles = 0;
    bose->kt = kelvin > 0.0 ? IXS_BOLTZMANN * kelvin : (double)NAN;
    if (!(kelvin > 0.0))
        return;
    size_t n = poles_needed(span / bose->kt);
    for (size_t m = 1; m < 2 * n; m++)
        e[m - 1] = 1.0 / sqrt((2.0 * (double)m + 1.0) * (2.0 * (double)m + 3.0));
    z[0] = 1.0;
    eigen(2 * n, d, e, z);
    for (size_t j = 0; j < 2 * n && bose->npoles < n; j++)
        if (d[j] > 0.0) {
            bose->nu[bose->npoles] = 2.0 * bose->kt / d[j];
            bose->share[bose->npoles++] = z[j] * z[j] / (3.0 * d[j] * d[j]);
        }
    sort_poles(bose);
}

double ixs_bose_factor(double kelvin, double energy)
{
    return -1.0 / expm1(-energy / (IXS_BOLTZMANN * kelvin));
}

double ixs_bose_energy_factor(double kelvin, double energy)
{
    double kt = IXS_BOLTZMANN * kelvin, x = energy / kt;
    return fabs(x) < 1e-8 ? kt * (1.0 + 0.5 * x) : -energy / expm1(-x);
}

double complex ixs_bose_complex(const struct ixs_bose *bose, double complex z,
                                double complex *slope)
{
    double complex one = ixs_inverse(z), z2 = z * z;
    double complex value = 0.5 + bose->kt * one, rise = -bose->kt * one * one;
    for (size_t j = 0; j < bose->npoles; j++) {
        double nu2 = bose->nu[j] * bose->nu[j], share = 2.0 * bose->share[j] * bose->kt;
        double complex d = ixs_inverse(z2 + nu2);
        value += share * (z * d);
        rise += share * ((nu2 - z2) * (d * d));
    }
    if (slope)
        *slope = rise;
    return value;
}
