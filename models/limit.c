/* SPDX-License-Identifier: GPL-3.0-or-later
 * Intervals and limits of a width G and an energy by profile likelihood: D(G), the least deviance
 * with the width held there.
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
 *
 * A strongly damped mode is profiled in the coordinates of models/relaxation.h.
 */
#include "models/profile.h"

#include <math.h>

static const double z90 = 1.2815515655446004; /* quantiles of the normal distribution */
static const double z95 = 1.6448536269514722;

/* The profile of a width, by itself or by its inverse. */
struct width {
    struct ixs_profile profile;
    bool inverse;
};

static double meet(struct width *width, const struct ixs_profile_target *target, double from,
                   double guess, double bound)
{
    if (width->inverse)
        return 1.0 / ixs_profile_meet(&width->profile, target, 1.0 / from, 1.0 / guess,
                                      1.0 / fmax(bound, 1e-3 * from));
    return ixs_profile_meet(&width->profile, target, from, guess, bound);
}

/* Limit above the best width, which is above 0. */
static double upper_limit(struct width *width, double best, double sigma, double shift,
                          double bound)
{
    struct ixs_profile_target target = {.fixed = (z90 - shift) * (z90 - shift)};
    return meet(width, &target, best, best + z90 * sigma, bound);
}

/* Limit of a width that is pressed against 0. */
static double limit_from_zero(struct width *width, double sigma, double bound)
{
    double least = (z90 - 1.0) * sigma;
    struct ixs_profile_target target = {.sigma = sigma};
    if (ixs_profile_rise(&width->profile, least) >= ixs_profile_wanted(&target, least))
        return least;
    return meet(width, &target, least, z90 * sigma, bound);
}

static enum ixs_fit_regime regime(const struct ixs_fit_line *line, double best, double at_zero)
{
    if (!(at_zero >= z95 * z95))
        return IXS_FIT_UNRESOLVED;
    return best > 2.0 * line->omega0 ? IXS_FIT_OVERDAMPED : IXS_FIT_UNDERDAMPED;
}

static void limit_width(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                        const struct ixs_fit_widths *widths, size_t k,
                        struct ixs_fit_answer *answer)
{
    size_t at = IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k, g = at + 1;
    struct ixs_fit_line *line = &answer->lines[k];
    struct width width = {.inverse = false};
    double best = state->parameters[g], bound = space->upper[g];
    ixs_profile_plain(&width.profile, space, state, widths, g);
    double sigma = width.profile.sigma;
    if (!(sigma > 0.0) || answer->states[g] == IXS_SOLVE_UNDETERMINED)
        return;
    double at_zero = best > 0.0 ? ixs_profile_rise(&width.profile, 0.0) : 0.0;
    double shift = best > 0.0 ? width.profile.shift : 0.0;
    line->fwhm = fmax(0.0, best - shift * sigma);
    if (best > state->parameters[at]) {
        ixs_profile_relaxation(&width.profile, space, state, at, false, IXS_RELAXATION_SHAPE);
        shift = -width.profile.shift;
        width.inverse = true;
        line->fwhm = 1.0 / fmax(1.0 / best + shift * width.profile.sigma, 1.0 / bound);
        sigma = best * best * width.profile.sigma;
    }
    struct ixs_profile_target down = {.fixed = (1.0 + shift) * (1.0 + shift)};
    struct ixs_profile_target up = {.fixed = (1.0 - shift) * (1.0 - shift)};
    line->fwhm_lo = 0.0;
    if (at_zero > down.fixed)
        line->fwhm_lo = meet(&width, &down, best, fmax(best - sigma, 0.3 * best), 0.0);
    line->fwhm_hi = meet(&width, &up, best, best + sigma, bound);
    double limit = best > 0.0 ? upper_limit(&width, best, sigma, shift, bound)
                              : limit_from_zero(&width, sigma, bound);
    line->fwhm_ul90 = fmax(limit, line->fwhm_hi);
    answer->lower[g] = line->fwhm_lo;
    answer->upper[g] = line->fwhm_hi;
    if (best <= 0.0)
        line->fwhm_err = answer->errors[g] = sigma;
    line->regime = regime(line, best, at_zero);
}

static void limit_energy(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                         const struct ixs_fit_widths *widths, size_t k,
                         struct ixs_fit_answer *answer)
{
    const struct ixs_profile_target target = {.fixed = 1.0};
    size_t at = IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k;
    struct ixs_fit_line *line = &answer->lines[k];
    struct ixs_profile profile;
    double best = state->parameters[at];
    if (answer->states[at] == IXS_SOLVE_UNDETERMINED)
        return;
    if (state->parameters[at + 1] > best)
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

void ixs_fit_limits(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                    const struct ixs_fit_widths *widths, size_t k, struct ixs_fit_answer *answer)
{
    limit_width(space, state, widths, k, answer);
    limit_energy(space, state, widths, k, answer);
}
