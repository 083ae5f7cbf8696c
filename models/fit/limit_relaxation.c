/* SPDX-License-Identifier: GPL-3.0-or-later
 * Relaxation OMEGA0^2/FWHM and susceptibility 2 STRENGTH/OMEGA0 of a mode, what an overdamped one
 * determines: 68 % intervals by profile likelihood in models/line/relaxation.h's coordinates. Where
 * the likelihood does not fall by what a 90 % interval asks for (2.706) towards infinite width, the
 * data are those of a relaxation without inertia: energy, width and strength are inseparable, just
 * as a width whose interval begins at 0 is unresolved.
 */
#include "models/fit/profile.h"

#include <math.h>

static const double told = 2.706; /* rise of the deviance beyond which 90 % intervals end */

struct figure { /* a rate or susceptibility */
    double value, err, lo, hi;
};

/* From the profile of its logarithm, the bias of its median off; 0 and NaN where it has no end. */
static struct figure measure(struct ixs_profile *profile, const double range[2])
{
    struct ixs_profile_target down = {.fixed = pow(1.0 + profile->shift, 2.0)};
    struct ixs_profile_target up = {.fixed = pow(1.0 - profile->shift, 2.0)};
    double best = profile->best[profile->held];
    double sigma = profile->sigma > 0.0 ? fmin(profile->sigma, 1.0) : 0.3;
    double bottom = fmin(range[0], best - 1.0), top = fmax(range[1], best + 1.0);
    double low = ixs_profile_meet(profile, &down, best, best - sigma, bottom);
    double high = ixs_profile_meet(profile, &up, best, best + sigma, top);
    struct figure out = {.value = exp(best - profile->shift * sigma),
                         .lo = low > bottom ? exp(low) : 0.0,
                         .hi = high < top ? exp(high) : (double)NAN};
    out.err = 0.5 * (out.hi - out.lo);
    return out;
}

/* Whether the data bound this rate or susceptibility from both sides. */
static bool is_told(struct ixs_fit_space *space, const struct ixs_fit_state *state, size_t at,
                    size_t which, const double range[2])
{
    struct ixs_profile profile;
    ixs_profile_relaxation(&profile, space, state, at, false, which);
    return ixs_profile_rise(&profile, range[0]) >= told &&
           ixs_profile_rise(&profile, range[1]) >= told;
}

/* Whether the width may as well be infinite. */
static bool is_endless(struct ixs_fit_space *space, const struct ixs_fit_state *state, size_t at)
{
    struct ixs_profile profile;
    ixs_profile_relaxation(&profile, space, state, at, false, IXS_RELAXATION_SHAPE);
    double end = 1.0 / space->upper[at + 1], mode[3];
    double rise = ixs_profile_rise(&profile, end);
    ixs_relaxation_to(&profile.relaxation, profile.last + at, mode);
    return rise < told && mode[1] > 2.0 * mode[0]; /* not where the user bounds the width */
}

static void give_up(size_t at, struct ixs_fit_line *line, struct ixs_fit_answer *answer)
{
    double nan = (double)NAN;
    line->inseparable = true;
    line->regime = IXS_FIT_OVERDAMPED;
    line->lifetime = line->lifetime_err = nan;
    line->omega0_err = line->fwhm_err = line->strength_err = nan;
    for (size_t k = 0; k < IXS_MODEL_PER_MODE; k++) {
        answer->states[at + k] = IXS_SOLVE_INSEPARABLE;
        answer->errors[at + k] = nan;
    }
    answer->lower[at + 2] = answer->upper[at + 2] = nan;
}

struct ranges { /* logarithms beyond which nothing is meant */
    double rate[2], chi[2];
};

static struct ranges ranges_of(const struct ixs_fit_space *space, const double *mode, size_t at)
{
    double chi = log(2.0 * mode[2] / mode[0]);
    return (struct ranges){{log(1e-3 * space->fwhm), log(space->upper[at + 1])},
                           {chi - 12.0, chi + 12.0}};
}

static void by_profile(struct ixs_fit_space *space, const struct ixs_fit_state *state, size_t at,
                       const struct ranges *ranges, struct ixs_fit_line *line)
{
    struct ixs_profile profile;
    ixs_profile_relaxation(&profile, space, state, at, false, IXS_RELAXATION_RATE);
    struct figure rate = measure(&profile, ranges->rate);
    line->relaxation = rate.value;
    line->relaxation_err = rate.err;
    line->relaxation_lo = rate.lo;
    line->relaxation_hi = rate.hi;
    if (!profile.relaxation.thermal)
        return;
    ixs_profile_relaxation(&profile, space, state, at, false, IXS_RELAXATION_CHI);
    struct figure chi = measure(&profile, ranges->chi);
    line->susceptibility = chi.value;
    line->susceptibility_err = chi.err;
    line->susceptibility_lo = chi.lo;
    line->susceptibility_hi = chi.hi;
}

void ixs_fit_relaxation(struct ixs_fit_space *space, const struct ixs_fit_state *state, size_t k,
                        struct ixs_fit_answer *answer)
{
    size_t at = answer->first_mode + IXS_MODEL_PER_MODE * k;
    const double *mode = state->parameters + at;
    struct ixs_fit_line *line = &answer->lines[k];
    for (size_t i = 0; i < IXS_MODEL_PER_MODE; i++)
        if (answer->states[at + i] == IXS_SOLVE_FIXED)
            return;
    if (answer->form.pair || !(mode[1] > 0.0 && mode[2] > 0.0 && line->fwhm_hi > mode[0]))
        return;
    struct ranges ranges = ranges_of(space, mode, at);
    by_profile(space, state, at, &ranges, line);
    if (is_endless(space, state, at) &&
        is_told(space, state, at, IXS_RELAXATION_RATE, ranges.rate) &&
        is_told(space, state, at, IXS_RELAXATION_CHI, ranges.chi))
        give_up(at, line, answer);
}
