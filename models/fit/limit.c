/* SPDX-License-Identifier: GPL-3.0-or-later
 * Intervals and limits of a width G and an energy by profile likelihood: D(G), the least deviance
 * with the width held there.
 *
 * 68 %: D(LO) = D(HI) = least + 1, cut at 0. At finite counts the root of that rise has a median m
 * of its own (models/fit/solve.h), so the rise looked for is (1 + m)^2 below and (1 - m)^2 above,
 * and the width given is the estimate less the bias of its median.
 *
 * UL90: the exact one-sided construction for a parameter that is not negative (Cowan, Cranmer,
 * Gross & Vitells, Eur. Phys. J. C 71, 1554, 2011, eq. 16: q tilde). With s the error of G at 0 and
 * g = G/s the limit is where D(G) - least = 1.642 for g >= 1.2816, else 2.5631 g - g^2 when the
 * width is pressed against 0. It is never put below 0.2816 s, where only a luckier fluctuation than
 * one standard deviation would take it (power-constrained limits: Cowan et al., arXiv:1105.3166),
 * nor below HI.
 *
 * A strongly damped mode is profiled in the coordinates of models/line/relaxation.h.
 */
#include "models/fit/limit.h"
#include "models/fit/prior.h"

#include <math.h>

static const double near_zero = 4.0; /* errors, below which an area's interval is lopsided */

static double rise_of(void *profile, double value)
{
    return ixs_profile_rise(profile, value);
}

/* Whether the coordinates of models/line/relaxation.h are the better ones. */
static bool is_damped(const struct ixs_fit_space *space, const double *mode)
{
    return mode[1] > mode[0] && mode[2] > 0.0 && !space->model.form.pair;
}

/* By its inverse; an error there that the bound hides does not matter to where the ends are. The
 * width less the bias of its median. */
static double invert(struct ixs_limit *width, struct ixs_profile *profile,
                     struct ixs_fit_space *space, const struct ixs_fit_state *state, size_t at)
{
    double best = 1.0 / width->best;
    ixs_profile_relaxation(profile, space, state, at, false, IXS_RELAXATION_SHAPE);
    bool known = profile->sigma > 0.0;
    width->inverse = true;
    width->shift = -profile->shift;
    width->sigma = known ? profile->sigma * width->best * width->best : 0.5 * width->best;
    return 1.0 / fmax(known ? best - profile->shift * profile->sigma : best, 1.0 / width->bound);
}

static void limit_width(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                        const struct ixs_fit_widths *widths, size_t k,
                        struct ixs_fit_answer *answer)
{
    size_t at = answer->first_mode + IXS_MODEL_PER_MODE * k, g = at + 1;
    struct ixs_fit_line *line = &answer->lines[k];
    struct ixs_profile profile;
    struct ixs_limit width = {
        .rise = {rise_of, &profile}, .best = state->parameters[g], .bound = space->upper[g]};
    ixs_profile_plain(&profile, space, state, widths, g);
    width.sigma = profile.sigma;
    width.shift = width.best > 0.0 ? profile.shift : 0.0;
    const double *mode = state->parameters + at;
    bool damped = is_damped(space, mode);
    if (!damped && (!(width.sigma > 0.0) || answer->states[g] == IXS_SOLVE_UNDETERMINED))
        return;
    double at_zero = width.best > 0.0 ? ixs_profile_rise(&profile, 0.0) : 0.0;
    line->fwhm = damped ? invert(&width, &profile, space, state, at)
                        : fmax(0.0, width.best - width.shift * width.sigma);
    line->fwhm_lo =
        at_zero > (1.0 + width.shift) * (1.0 + width.shift) ? ixs_limit_below(&width, 1.0) : 0.0;
    line->fwhm_hi = ixs_limit_above(&width, 1.0, width.best + width.sigma);
    line->fwhm_ul90 = ixs_limit_ninety(&width, line->fwhm_hi);
    answer->lower[g] = line->fwhm_lo;
    answer->upper[g] = line->fwhm_hi;
    if (width.best <= 0.0)
        line->fwhm_err = answer->errors[g] = width.sigma;
    line->regime = ixs_limit_regime(mode[1] > 2.0 * mode[0] && !space->model.form.pair, at_zero);
}

static void limit_energy(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                         const struct ixs_fit_widths *widths, size_t k,
                         struct ixs_fit_answer *answer)
{
    const struct ixs_profile_target target = {.fixed = 1.0};
    size_t at = answer->first_mode + IXS_MODEL_PER_MODE * k;
    struct ixs_fit_line *line = &answer->lines[k];
    struct ixs_profile profile;
    double best = state->parameters[at];
    if (answer->states[at] == IXS_SOLVE_UNDETERMINED)
        return;
    if (is_damped(space, state->parameters + at))
        ixs_profile_relaxation(&profile, space, state, at, true, IXS_RELAXATION_SHAPE);
    else
        ixs_profile_plain(&profile, space, state, widths, at);
    double sigma = profile.sigma > 0.0 ? profile.sigma : 0.1 * best;
    line->omega0_lo =
        ixs_profile_meet(&profile, &target, best, best - fmin(sigma, 0.5 * best), space->lower[at]);
    line->omega0_hi = ixs_profile_meet(&profile, &target, best, best + sigma, space->upper[at]);
    answer->lower[at] = line->omega0_lo;
    answer->upper[at] = line->omega0_hi;
}

void ixs_fit_limit_quasielastic(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                                const struct ixs_fit_widths *widths, struct ixs_fit_answer *answer)
{
    size_t g = space->model.first_quasielastic + 1;
    struct ixs_profile profile;
    struct ixs_limit width = {
        .rise = {rise_of, &profile}, .best = state->parameters[g], .bound = space->upper[g]};
    ixs_profile_plain(&profile, space, state, widths, g);
    width.sigma = profile.sigma;
    if (!(width.sigma > 0.0) || answer->states[g] == IXS_SOLVE_UNDETERMINED ||
        answer->states[g] == IXS_SOLVE_FIXED)
        return;
    width.shift = width.best > 0.2 * width.sigma ? profile.shift : 0.0;
    answer->lower[g] = width.best > 0.0 ? ixs_limit_below(&width, 1.0) : 0.0;
    answer->upper[g] = ixs_limit_above(&width, 1.0, width.best + width.sigma);
}

/* Of one that is pressed against 0, or not far from it in its errors; `sigma`: all else held. */
static void limit_area(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                       const struct ixs_fit_widths *widths, size_t k, double sigma,
                       struct ixs_fit_answer *answer)
{
    const struct ixs_profile_target target = {.fixed = 1.0};
    struct ixs_profile profile;
    double best = state->parameters[k];
    ixs_profile_plain(&profile, space, state, widths, k);
    sigma = profile.sigma > 0.0 ? profile.sigma : sigma;
    answer->upper[k] = ixs_profile_meet(&profile, &target, best, best + sigma, space->upper[k]);
    profile.risen = false;
    answer->lower[k] = best > space->lower[k]
                           ? ixs_profile_meet(&profile, &target, best,
                                              best - fmin(sigma, 0.5 * best), space->lower[k])
                           : best;
    if (answer->states[k] == IXS_SOLVE_LOWER)
        answer->errors[k] = answer->upper[k] - best;
}

void ixs_fit_limit_areas(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                         const struct ixs_fit_widths *widths, struct ixs_fit_answer *answer)
{
    size_t p = answer->nparameters;
    double sigma[IXS_FIT_P];
    for (size_t k = 0; k < p; k++)
        sigma[k] = 1.0 / sqrt(ixs_solve_look(space->solve).curvature[k * p + k]);
    for (size_t k = 0; k < p; k++) {
        bool free = answer->states[k] == IXS_SOLVE_FREE;
        if (ixs_prior_kind(&space->model, k) != IXS_PRIOR_AREA || !isfinite(sigma[k]) ||
            !(space->lower[k] >= 0.0))
            continue;
        if (answer->states[k] == IXS_SOLVE_LOWER ||
            (free && state->parameters[k] < near_zero * answer->errors[k]))
            limit_area(space, state, widths, k, sigma[k], answer);
    }
}

void ixs_fit_limits(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                    const struct ixs_fit_widths *widths, size_t k, struct ixs_fit_answer *answer)
{
    size_t at = answer->first_mode + IXS_MODEL_PER_MODE * k;
    if (answer->states[at + 1] != IXS_SOLVE_FIXED)
        limit_width(space, state, widths, k, answer);
    if (answer->states[at] != IXS_SOLVE_FIXED)
        limit_energy(space, state, widths, k, answer);
}
