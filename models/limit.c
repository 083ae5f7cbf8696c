/* SPDX-License-Identifier: GPL-3.0-or-later
 * Intervals and limits of a width G by profile likelihood: D(G), the least deviance with the width
 * held there.
 *
 * 68 %: D(LO) = D(HI) = least + 1, cut at 0. At finite counts the root of that rise has a median m
 * of its own (models/solve.h), so the rise looked for is (1 + m)^2 below and (1 - m)^2 above, and
 * the width given is the estimate less the bias of its median.
 *
 * UL90: the exact one-sided construction for a parameter that is not negative (Cowan, Cranmer,
 * Gross & Vitells, Eur. Phys. J. C 71, 1554, 2011, eq. 16: q tilde). With s the error of G at 0 and
 * g = G/s the limit is where D(G) - least = 1.642 for g >= 1.2816, else 2.5631 g - g^2 when the
 * width is pressed against 0. It is never put below 0.2816 s, where only a luckier fluctuation than
 * one standard deviation would take it (power-constrained limits: Cowan et al., arXiv:1105.3166),
 * nor below HI.
 */
#include "models/fit_inside.h"

#include <math.h>
#include <string.h>

static const double z90 = 1.2815515655446004; /* quantiles of the normal distribution */
static const double z95 = 1.6448536269514722;

struct profile {
    struct ixs_fit_space *space;
    const struct ixs_fit_state *state;
    const double *covariance;
    size_t p, k; /* the parameter held: index, of p */
};

/* Least objective with the parameter at `value`, less the minimum. */
static double rise(const struct profile *profile, double value)
{
    struct ixs_fit_space *space = profile->space;
    struct ixs_fit_state state = *profile->state;
    struct ixs_solve_rules rules = {.most_iterations = 30, .tolerance = 1e-3};
    struct ixs_solve_result result;
    double lower[IXS_FIT_P], upper[IXS_FIT_P];
    const double *row = profile->covariance + profile->k * profile->p;
    memcpy(lower, space->lower, sizeof lower);
    memcpy(upper, space->upper, sizeof upper);
    double move = (value - state.parameters[profile->k]) / row[profile->k];
    for (size_t l = 0; l < profile->p; l++)
        if (isfinite(row[l] * move))
            state.parameters[l] += row[l] * move;
    state.parameters[profile->k] = lower[profile->k] = upper[profile->k] = value;
    struct ixs_solve_problem problem = ixs_fit_problem(space, state.nmodes, lower, upper);
    ixs_solve_run(space->solve, &problem, &rules, state.parameters, &result);
    return fmax(0.0, result.objective - profile->state->objective);
}

/* What `rise` should be at a limit of this kind. */
struct target {
    double fixed; /* > 0: this; 0: q tilde with error `sigma` */
    double sigma;
};

static double wanted(const struct target *target, double value)
{
    double g = value / target->sigma;
    if (target->fixed > 0.0)
        return target->fixed;
    return g >= z90 ? z90 * z90 : fmax(0.0, 2.0 * z90 * g - g * g);
}

/* Where the rise meets the target on the way from `from` (rise below target) towards `bound`, first
 * guess `guess`; `bound` if it never does. Bracketed, by the roots of rise and target, which are
 * nearly straight lines. */
static double meet(const struct profile *profile, const struct target *target, double from,
                   double guess, double bound)
{
    double near = from, near_miss = -1.0, far = guess, far_miss = 0.0;
    for (int round = 0; round < 12; round++) {
        if ((bound - from) * (bound - far) <= 0.0)
            far = bound;
        double goal = sqrt(wanted(target, far));
        far_miss = sqrt(rise(profile, far)) / fmax(goal, 1e-12) - 1.0;
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
        double miss = sqrt(rise(profile, x)) / fmax(sqrt(wanted(target, x)), 1e-12) - 1.0;
        if (fabs(miss) < 0.01)
            return x;
        if (miss < 0.0) {
            near = x;
            near_miss = miss;
        } else {
            far = x;
            far_miss = miss;
        }
    }
    return 0.5 * (near + far);
}

static double upper_limit(const struct profile *profile, double best, double sigma, double shift,
                          double bound)
{
    if (best > 0.0) {
        struct target target = {.fixed = (z90 - shift) * (z90 - shift)};
        return meet(profile, &target, best, best + z90 * sigma, bound);
    }
    double least = (z90 - 1.0) * sigma;
    struct target target = {.sigma = sigma};
    if (rise(profile, least) >= wanted(&target, least))
        return least;
    return meet(profile, &target, least, z90 * sigma, bound);
}

static enum ixs_fit_regime regime(const struct ixs_fit_line *line, double best, double at_zero)
{
    if (!(at_zero >= z95 * z95))
        return IXS_FIT_UNRESOLVED;
    return best > 2.0 * line->omega0 ? IXS_FIT_OVERDAMPED : IXS_FIT_UNDERDAMPED;
}

void ixs_fit_limits(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                    const struct ixs_fit_widths *widths, size_t k, struct ixs_fit_answer *answer)
{
    size_t g = IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k + 1;
    struct profile profile = {space, state, widths->covariance, answer->nparameters, g};
    struct ixs_fit_line *line = &answer->lines[k];
    double sigma = sqrt(widths->covariance[g * answer->nparameters + g]);
    double best = state->parameters[g], bound = space->upper[g];
    if (!(sigma > 0.0) || answer->states[g] == IXS_SOLVE_UNDETERMINED)
        return;
    double shift = best > 0.0 ? fmin(fmax(widths->bias[g] / sigma, -0.5), 0.5) : 0.0;
    struct target down = {.fixed = (1.0 + shift) * (1.0 + shift)};
    struct target up = {.fixed = (1.0 - shift) * (1.0 - shift)};
    double at_zero = best > 0.0 ? rise(&profile, 0.0) : 0.0;
    line->fwhm = fmax(0.0, best - shift * sigma);
    line->fwhm_lo = 0.0;
    if (at_zero > down.fixed)
        line->fwhm_lo = meet(&profile, &down, best, fmax(best - sigma, 0.3 * best), 0.0);
    line->fwhm_hi = meet(&profile, &up, best, best + sigma, bound);
    line->fwhm_ul90 = fmax(upper_limit(&profile, best, sigma, shift, bound), line->fwhm_hi);
    answer->lower[g] = line->fwhm_lo;
    answer->upper[g] = line->fwhm_hi;
    if (best <= 0.0)
        line->fwhm_err = answer->errors[g] = sigma;
    line->regime = regime(line, best, at_zero);
}
