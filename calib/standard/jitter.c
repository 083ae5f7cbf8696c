/* SPDX-License-Identifier: GPL-3.0-or-later
 * Jitter of the energy axis. A point whose energy is off by a random s adds (dmu/dE s)^2 to the
 * variance mu of its counts: on the flanks of a bright line far more than counting. With
 *   inflation phi_i = 1 + (dmu_i/dE s)^2/mu_i
 * the fit of N/phi to mu/phi is quasi-likelihood (McCullagh & Nelder, Generalized Linear Models,
 * 1989, ch. 9), for the Poisson deviance is homogeneous. s is the one that makes the residuals of
 * the richest shape most likely, each with the leverage h_i that the fit has on it:
 *   Sum_i (1 - h_i) ln phi_i + (N_i - mu_i)^2/(mu_i phi_i)  least.
 */
#include "calib/standard/shape.h"

#include <math.h>

static double unlikeliness(size_t n, const struct ixs_jitter_point *points, double jitter)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const struct ixs_jitter_point *point = &points[i];
        double left = point->counts - point->mu;
        double inflation = ixs_jitter_inflation(point, jitter);
        sum += (1 - point->leverage) * log(inflation) + left * left / (point->mu * inflation);
    }
    return sum;
}

double ixs_jitter_inflation(const struct ixs_jitter_point *point, double jitter)
{
    double shift = point->slope * point->left * jitter;
    return 1 + shift * shift / point->mu;
}

/* Golden section between 0 and `most`, after a look for the best of a few. */
double ixs_jitter_find(size_t n, const struct ixs_jitter_point *points, double most)
{
    static const double golden = 0.6180339887498949;
    double best = 0, least = unlikeliness(n, points, 0);
    for (double at = most; at > 1e-4 * most; at *= 0.7) {
        double value = unlikeliness(n, points, at);
        if (value < least) {
            least = value;
            best = at;
        }
    }
    double lo = 0.7 * best, hi = best / 0.7;
    while (hi - lo > 1e-6 * most) {
        double a = hi - golden * (hi - lo), b = lo + golden * (hi - lo);
        if (unlikeliness(n, points, a) < unlikeliness(n, points, b))
            hi = b;
        else
            lo = a;
    }
    return best > 0 ? fmin(0.5 * (lo + hi), most) : 0;
}
