/* SPDX-License-Identifier: GPL-3.0-or-later
 * Linear least squares within bounds: whoever a solution puts beyond a bound is held there, and the
 * others are solved for again.
 */
#include "models/fit/solve_inside.h"

#include "models/numerics/cholesky.h"

#include <math.h>

static const double singular = 1e-12; /* pivot of the curvature scaled to unit diagonal */

/* Solves for all that are not held; false if they are not told apart. */
static bool solve_free(struct ixs_solve *space, size_t p, double *parameters)
{
    size_t n = ixs_solve_gather(space, p, parameters);
    for (size_t a = 0; a < n; a++) {
        size_t k = space->moving[a];
        double scale = 1.0 / sqrt(space->curvature[k * p + k]);
        space->right[a] *= scale;
        for (size_t b = 0; b <= a; b++) {
            size_t l = space->moving[b];
            space->factor[a * n + b] =
                space->curvature[k * p + l] * scale / sqrt(space->curvature[l * p + l]);
        }
    }
    if (ixs_cholesky(n, space->factor, singular) < n)
        return false;
    ixs_cholesky_solve(n, space->factor, space->right);
    for (size_t a = 0; a < n; a++) {
        size_t k = space->moving[a];
        parameters[k] = space->right[a] / sqrt(space->curvature[k * p + k]);
    }
    return true;
}

static size_t hold_beyond(struct ixs_solve *space, const struct ixs_solve_linear *problem,
                          double *parameters)
{
    size_t found = 0;
    for (size_t k = 0; k < problem->nparameters; k++) {
        double inside = fmin(fmax(parameters[k], problem->lower[k]), problem->upper[k]);
        if (space->held[k] ||
            (parameters[k] >= problem->lower[k] && parameters[k] <= problem->upper[k]))
            continue;
        parameters[k] = inside;
        space->held[k] = true;
        found++;
    }
    return found;
}

void ixs_solve_linear(struct ixs_solve *space, const struct ixs_solve_linear *problem,
                      double *parameters)
{
    size_t p = problem->nparameters, n = problem->ndata;
    for (size_t i = 0; i < n; i++)
        space->spare[i] = problem->dark ? problem->dark[i] : 0.0;
    space->kernels->normal(p, n, problem->columns, space->spare, problem->data,
                           problem->inverse_variance, space->weighted, space->curvature,
                           space->gradient);
    for (size_t k = 0; k < p; k++) {
        space->held[k] = !(space->curvature[k * p + k] > 0.0);
        if (space->held[k])
            parameters[k] = fmin(fmax(0.0, problem->lower[k]), problem->upper[k]);
    }
    while (solve_free(space, p, parameters) && hold_beyond(space, problem, parameters) > 0) {
    }
}
