/* SPDX-License-Identifier: GPL-3.0-or-later
 * Profile likelihood: fits with one coordinate held, started on the way that the curvature at the
 * minimum tells.
 */
#include "models/fit/profile.h"

#include <math.h>
#include <string.h>

static const double z90 = 1.2815515655446004; /* quantile of the normal distribution */

static void begin(struct ixs_profile *out, struct ixs_fit_space *space,
                  const struct ixs_fit_state *state, size_t held)
{
    memset(out, 0, sizeof *out);
    out->space = space;
    out->held = held;
    out->objective = state->objective;
    memcpy(out->best, state->parameters, sizeof out->best);
    memcpy(out->lower, space->lower, sizeof out->lower);
    memcpy(out->upper, space->upper, sizeof out->upper);
    out->problem = ixs_fit_problem(space, state->nmodes, out->lower, out->upper);
}

/* How the others follow the held coordinate, and its error and bias. */
static void follow(struct ixs_profile *out, const double *covariance, const double *bias)
{
    size_t p = out->problem.nparameters;
    const double *row = covariance + out->held * p;
    double variance = row[out->held];
    out->sigma = variance > 0.0 ? sqrt(variance) : (double)NAN;
    out->shift = variance > 0.0 ? fmin(fmax(bias[out->held] / out->sigma, -0.5), 0.5) : 0.0;
    for (size_t l = 0; l < p; l++) {
        double slope = row[l] / variance;
        out->direction[l] = l != out->held && isfinite(slope) ? slope : 0.0;
    }
}

void ixs_profile_plain(struct ixs_profile *out, struct ixs_fit_space *space,
                       const struct ixs_fit_state *state, const struct ixs_fit_widths *widths,
                       size_t held)
{
    begin(out, space, state, held);
    follow(out, widths->covariance, widths->bias);
}

/* Covariance and bias in the coordinates of a relaxation; no bias near u = 0, where its differences
 * would leave the model. */
static void spread(const struct ixs_profile *profile, size_t at, struct ixs_fit_widths *widths)
{
    struct ixs_solve *solve = profile->space->solve;
    size_t p = profile->problem.nparameters, shape = at + IXS_RELAXATION_SHAPE;
    enum ixs_solve_state states[IXS_FIT_P];
    double parameters[IXS_FIT_P];
    bool wanted[IXS_FIT_P] = {false};
    memcpy(parameters, profile->best, sizeof parameters);
    ixs_solve_covariance(solve, &profile->problem, parameters, widths->covariance, states);
    wanted[profile->held] =
        profile->best[shape] > 0.2 * sqrt(widths->covariance[shape * p + shape]);
    ixs_solve_median_bias(solve, &profile->problem, parameters, widths->covariance, wanted,
                          widths->bias);
}

static void relax(struct ixs_profile *out, struct ixs_fit_space *space,
                  const struct ixs_fit_state *state, size_t at, bool by_energy, size_t held)
{
    struct ixs_fit_widths widths;
    begin(out, space, state, held);
    out->relaxation =
        (struct ixs_relaxation){out->problem, at, by_energy, !isnan(space->model.bose.kt)};
    out->problem.model = ixs_relaxation_model;
    out->problem.context = &out->relaxation;
    ixs_relaxation_from(&out->relaxation, state->parameters + at, out->best + at);
    for (size_t k = 0; k < 3; k++) {
        out->lower[at + k] = -40.0; /* of logarithms: none that is meant */
        out->upper[at + k] = 40.0;
    }
    size_t shape = at + IXS_RELAXATION_SHAPE;
    out->lower[shape] = by_energy ? space->lower[at] : 1.0 / space->upper[at + 1];
    out->upper[shape] = by_energy ? space->upper[at] : 1e3 * out->best[shape];
    if (held == IXS_MODEL_ELASTIC)
        out->lower[held] = -INFINITY; /* room for its bias */
    spread(out, at, &widths);
    follow(out, widths.covariance, widths.bias);
}

void ixs_profile_relaxation(struct ixs_profile *out, struct ixs_fit_space *space,
                            const struct ixs_fit_state *state, size_t at, bool by_energy,
                            size_t which)
{
    relax(out, space, state, at, by_energy, at + which);
}

void ixs_profile_elastic(struct ixs_profile *out, struct ixs_fit_space *space,
                         const struct ixs_fit_state *state, size_t at)
{
    relax(out, space, state, at, false, IXS_MODEL_ELASTIC);
}

/* Where to look: on from the last minimum found on this side, else as the curvature tells. */
static void aim(struct ixs_profile *profile, double value)
{
    const double best = profile->best[profile->held], last = profile->last[profile->held];
    bool on = profile->risen && (value - best) * (last - best) > 0.0;
    for (size_t l = 0; l < profile->problem.nparameters; l++) {
        double slope =
            on ? (profile->last[l] - profile->best[l]) / (last - best) : profile->direction[l];
        profile->last[l] = profile->best[l] + slope * (value - best);
    }
    profile->last[profile->held] = value;
    profile->risen = true;
}

double ixs_profile_rise(struct ixs_profile *profile, double value)
{
    struct ixs_solve_rules rules = {.most_iterations = 30, .tolerance = 0.02};
    struct ixs_solve_problem problem = profile->problem;
    struct ixs_solve_result result;
    double lower[IXS_FIT_P], upper[IXS_FIT_P];
    memcpy(lower, profile->lower, sizeof lower);
    memcpy(upper, profile->upper, sizeof upper);
    lower[profile->held] = upper[profile->held] = value;
    problem.lower = lower;
    problem.upper = upper;
    aim(profile, value);
    ixs_solve_run(profile->space->solve, &problem, &rules, profile->last, &result);
    return fmax(0.0, result.objective - result.left - profile->objective);
}

double ixs_profile_wanted(const struct ixs_profile_target *target, double value)
{
    double g = value / target->sigma;
    if (target->fixed > 0.0)
        return target->fixed;
    return g >= z90 ? z90 * z90 : fmax(0.0, 2.0 * z90 * g - g * g);
}

/* Root of the rise over that of the target, less 1. Roots of rises are nearly straight lines. */
static double miss(const struct ixs_rise *rise, const struct ixs_profile_target *target,
                   double value)
{
    double goal = sqrt(ixs_profile_wanted(target, value));
    return sqrt(rise->at(rise->context, value)) / fmax(goal, 1e-12) - 1.0;
}

double ixs_rise_meet(const struct ixs_rise *rise, const struct ixs_profile_target *target,
                     double from, double guess, double bound)
{
    double near = from, near_miss = -1.0, far = guess, far_miss = 0.0;
    for (int round = 0; round < 12; round++) {
        if ((bound - from) * (bound - far) <= 0.0)
            far = bound;
        far_miss = miss(rise, target, far);
        if (far_miss > -1e-3 || far == bound)
            break;
        near = far;
        near_miss = far_miss;
        far = from + (far - from) * fmin(3.0, 1.05 / fmax(1.0 + far_miss, 0.1));
    }
    if (far_miss <= 0.01)
        return far;
    for (int round = 0; round < 12; round++) {
        double t = -near_miss / (far_miss - near_miss);
        double x = near + (far - near) * fmin(fmax(t, 0.05), 0.95);
        double here = miss(rise, target, x);
        if (fabs(here) < 0.01)
            return x;
        if (here < 0.0) {
            near = x;
            near_miss = here;
        } else {
            far = x;
            far_miss = here;
        }
    }
    return 0.5 * (near + far);
}

static double rise_of(void *profile, double value)
{
    return ixs_profile_rise(profile, value);
}

double ixs_profile_meet(struct ixs_profile *profile, const struct ixs_profile_target *target,
                        double from, double guess, double bound)
{
    const struct ixs_rise rise = {rise_of, profile};
    return ixs_rise_meet(&rise, target, from, guess, bound);
}
