/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where each scan stands on the energy axis: the maximum of the joint likelihood of all analyzers'
 * counts, whatever their spectra are. Of analyzer a in scan s point i has
 *   mu = exposure exp(lambda_as) f_a(energy - delta_s - eta_as) + dark,
 * and delta, eta, lambda and the coefficients of f are found together: Fisher scoring, with the
 * coefficients, then lambda, then eta taken out of the information by Schur complements, so that
 * the errors of delta hold what is not known of them. lambda has a prior of a twentieth, for rates
 * are normalised already; eta, what an analyzer drifts by itself, one of its own.
 */
#include "models/repeats/inside.h"

#include "models/numerics/cholesky.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 15, MOST_WIDENINGS = 5 };
static const double longest_step = 0.3;  /* of the narrowest feature */
static const double far_apart = 2.0;     /* standard errors of chi squared */
static const double close_enough = 0.02; /* of the error */

/* Errors of the shifts against their mean by prior, which is what all scans have in common: with
 * covariance C and weights w, the variance of delta_s - w delta. */
static void take_errors(struct ixs_repeats *repeats, struct ixs_repeats_system *system)
{
    size_t n = system->nscans;
    double sum = 0.0, mean = 0.0;
    for (size_t s = 0; s < n; s++)
        sum += system->unit[s] = pow(ixs_repeats_prior(repeats, s), -2.0);
    for (size_t s = 0; s < n; s++)
        system->column[s] = system->unit[s] /= sum;
    ixs_cholesky_solve(n, system->total, system->column);
    for (size_t s = 0; s < n; s++)
        mean += system->unit[s] * system->column[s];
    for (size_t s = 0; s < n; s++) {
        memset(system->unit, 0, n * sizeof *system->unit);
        system->unit[s] = 1.0;
        ixs_cholesky_solve(n, system->total, system->unit);
        double variance = system->unit[s] - 2.0 * system->column[s] + mean;
        repeats->shift_err[s] = sqrt(fmax(0.0, variance));
    }
}

/* One step; returns the largest move over its error. */
static double step_all(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                       struct ixs_repeats_system *system)
{
    size_t n = system->nscans;
    double most = longest_step * ixs_repeats_narrowest(repeats), moved = 0.0;
    ixs_repeats_gather(system, repeats, spaces);
    for (size_t s = 0; s < n; s++) {
        double weight = pow(ixs_repeats_prior(repeats, s), -2.0);
        system->total[s * n + s] += weight;
        system->sum[s] -= weight * repeats->shift[s];
    }
    bool still = repeats->most_shift == 0.0;
    if (still || ixs_cholesky(n, system->total, 0.0) < n)
        memset(system->sum, 0, n * sizeof *system->sum);
    else {
        ixs_cholesky_solve(n, system->total, system->sum);
        take_errors(repeats, system);
    }
    for (size_t s = 0; s < n; s++) {
        system->sum[s] = fmax(-most, fmin(most, system->sum[s]));
        repeats->shift[s] += system->sum[s];
        if (!still)
            moved = fmax(moved, fabs(system->sum[s]) / fmax(repeats->shift_err[s], 1e-6));
    }
    return moved;
}

/* What each analyzer has of its own follows; returns the largest move over its error. */
static double step_own(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                       struct ixs_repeats_system *system)
{
    double most = longest_step * ixs_repeats_narrowest(repeats), moved = 0.0;
    for (size_t a = 0; a < repeats->nseries; a++) {
        ixs_repeats_reduce(system, &spaces[a]);
        memset(system->unit, 0, system->nscans * sizeof *system->unit);
        if (repeats->most_shift > 0.0 && repeats->own > 0.0)
            ixs_repeats_move_own(system, &spaces[a], system->sum, most, &moved);
        for (size_t s = 0; s < system->nscans; s++)
            system->unit[s] += system->sum[s];
        ixs_repeats_move_scales(system, &spaces[a], system->unit);
    }
    return moved;
}

/* ---- the maximum ------------------------------------------------------------------------------
 */

/* How far what the counts say is from what the priors say, as chi squared with a degree of freedom
 * for each scan but one: delta balances both, P (delta_counts - delta) = delta/prior^2. */
static double tension(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                      struct ixs_repeats_system *system)
{
    size_t n = system->nscans;
    double whole = 0.0, sum = 0.0;
    ixs_repeats_gather(system, repeats, spaces);
    for (size_t s = 0; s < n; s++)
        whole += system->total[s * n + s];
    for (size_t s = 0; s < n; s++) {
        double weight = pow(ixs_repeats_prior(repeats, s), -2.0);
        system->unit[s] = system->column[s] = weight * repeats->shift[s];
        system->total[s * n + s] += 1e-3 * weight;
        for (size_t t = 0; t < n; t++) /* of a shift of all, counts say nothing */
            system->total[s * n + t] += whole / (double)n;
    }
    if (ixs_cholesky(n, system->total, 0.0) < n)
        return 0.0;
    ixs_cholesky_solve(n, system->total, system->column);
    for (size_t s = 0; s < n; s++)
        sum += system->unit[s] * (repeats->shift[s] + system->column[s]);
    return sum;
}

static bool climb(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                  struct ixs_repeats_system *system, struct ixs_err *err)
{
    double moved = INFINITY;
    for (int count = 0; count < MOST_STEPS && moved > close_enough; count++) {
        if (!ixs_repeats_each(repeats, spaces, ixs_repeats_fit, err))
            return false;
        moved = step_all(repeats, spaces, system);
        moved = fmax(moved, step_own(repeats, spaces, system));
        if (repeats->most_shift == 0.0 && count < 4)
            moved = INFINITY;
    }
    return true;
}

/* Priors that the counts do not bear are widened until they do. */
bool ixs_repeats_align(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces, bool anew,
                       struct ixs_err *err)
{
    struct ixs_repeats_system system;
    size_t heights = 0;
    double free = (double)repeats->nscans - 1.0, most = free + far_apart * sqrt(2.0 * free);
    for (size_t a = 0; a < repeats->nseries; a++)
        heights = spaces[a].form.n > heights ? spaces[a].form.n : heights;
    bool ok = ixs_repeats_system_make(&system, repeats->nscans, heights, err);
    if (ok && anew)
        ixs_repeats_search(repeats, spaces);
    for (int count = 0; ok && count < MOST_WIDENINGS; count++) {
        ok = climb(repeats, spaces, &system, err);
        double apart = ok && repeats->most_shift > 0.0 ? tension(repeats, spaces, &system) : 0.0;
        if (!(apart > most))
            break;
        repeats->drift *= sqrt(apart / free);
    }
    ixs_repeats_system_dispose(&system);
    return ok;
}
