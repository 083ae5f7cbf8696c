/* SPDX-License-Identifier: GPL-3.0-or-later
 * The elastic line of a fit: its interval, and what it is told apart from.
 */
#include "models/fit/elastic_parts.h"
#include "models/fit/profile.h"

#include <math.h>
#include <string.h>

static const double z90 = 1.2815515655446004;
static const double most_shift = 0.2;   /* of the median, in errors: beyond, first order is none */
static const double least_end = 0.2;    /* of an error: what is nearer was not found */
static const double told_apart = 2.706; /* rise at 90 % */

const char *ixs_elastic_status_word(enum ixs_elastic_status status)
{
    static const char *const words[] = {"unknown", "good", "limit", "inseparable"};
    return words[status];
}

static size_t omega_at(const struct ixs_fit_answer *answer, size_t mode)
{
    return answer->first_mode + IXS_MODEL_PER_MODE * mode;
}

/* Half width of what a mode does near E = 0, or where its peak is. */
static double reach_of(const double *mode)
{
    return mode[1] > 2.0 * mode[0] ? mode[0] * mode[0] / mode[1] : mode[0];
}

int ixs_elastic_partner(const struct ixs_fit_answer *answer, double reach)
{
    int found = IXS_ELASTIC_ALONE;
    double least = reach;
    if (answer->form.quasielastic)
        return IXS_ELASTIC_QUASIELASTIC;
    for (size_t k = 0; k < answer->nmodes; k++) {
        const double *mode = answer->parameters + omega_at(answer, k);
        if (mode[2] > 0.0 && reach_of(mode) <= least) {
            least = reach_of(mode);
            found = (int)k;
        }
    }
    return found;
}

static struct ixs_fit_state state_of(struct ixs_fit_space *space,
                                     const struct ixs_fit_answer *answer,
                                     struct ixs_fit_widths *widths)
{
    struct ixs_fit_state state = {.nmodes = answer->nmodes};
    enum ixs_solve_state states[IXS_FIT_P];
    bool wanted[IXS_FIT_P] = {false};
    double lower[IXS_FIT_P];
    memcpy(state.parameters, answer->parameters, sizeof state.parameters);
    memcpy(lower, space->lower, sizeof lower);
    lower[IXS_MODEL_ELASTIC] = -INFINITY;
    wanted[IXS_MODEL_ELASTIC] = true;
    struct ixs_solve_problem problem = ixs_fit_problem(space, state.nmodes, lower, space->upper);
    state.objective =
        ixs_solve_covariance(space->solve, &problem, state.parameters, widths->covariance, states);
    memset(widths->bias, 0, sizeof widths->bias);
    if (states[IXS_MODEL_ELASTIC] == IXS_SOLVE_FREE && state.parameters[IXS_MODEL_ELASTIC] > 0.0)
        ixs_solve_median_bias(space->solve, &problem, state.parameters, widths->covariance, wanted,
                              widths->bias);
    return state;
}

/* The first strongly damped mode's OMEGA0; the number of parameters if there is none. */
static size_t damped_at(const struct ixs_fit_space *space, const struct ixs_fit_state *state)
{
    size_t at = space->model.first_mode, end = space->model.nparameters;
    const double *p = state->parameters;
    while (at < end && (space->model.form.pair || !(p[at + 1] > p[at] && p[at + 2] > 0.0)))
        at += IXS_MODEL_PER_MODE;
    return at;
}

/* Two ways to look for the least deviance, each better for some spectra: with a strongly damped
 * mode in coordinates that suit it, and plain. */
static size_t profiles_of(struct ixs_profile out[2], struct ixs_fit_space *space,
                          const struct ixs_fit_state *state, const struct ixs_fit_widths *widths)
{
    double some = 0.2 * state->parameters[IXS_MODEL_ELASTIC];
    ixs_profile_plain(&out[0], space, state, widths, IXS_MODEL_ELASTIC);
    size_t n = 1, at = damped_at(space, state);
    if (at < space->model.nparameters)
        ixs_profile_elastic(&out[n++], space, state, at);
    for (size_t i = 0; i < n; i++)
        out[i].sigma = out[i].sigma > 0.0 ? out[i].sigma : some;
    return n;
}

/* Least objective with the elastic line gone, less the minimum: its place is taken by the others as
 * the curvature has it, or by a partner as narrow as may be. */
static double rise_without(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                           const struct ixs_fit_widths *widths, const struct ixs_fit_answer *answer,
                           int partner)
{
    struct ixs_profile profiles[2];
    double rise = INFINITY, area = state->parameters[IXS_MODEL_ELASTIC];
    size_t nprofiles = profiles_of(profiles, space, state, widths);
    for (size_t i = 0; i < nprofiles; i++)
        rise = fmin(rise, ixs_profile_rise(&profiles[i], 0.0));
    if (partner == IXS_ELASTIC_ALONE)
        return rise;
    struct ixs_fit_state bare = *state;
    size_t at = partner >= 0 ? omega_at(answer, (size_t)partner)
                             : ixs_model_first_quasielastic(&answer->form);
    double *shape = bare.parameters + at, upper = space->upper[IXS_MODEL_ELASTIC];
    if (partner >= 0) {
        shape[0] = fmax(0.3 * space->fwhm, space->lower[at]);
        shape[1] = 0.05 * space->fwhm;
        shape[2] += 0.5 * area;
    } else {
        shape[0] += area;
        shape[1] = 0.05 * space->fwhm;
    }
    bare.parameters[IXS_MODEL_ELASTIC] = 0.0;
    space->upper[IXS_MODEL_ELASTIC] = 0.0;
    ixs_fit_improve(space, &bare, 60, 0.02);
    space->upper[IXS_MODEL_ELASTIC] = upper;
    return fmax(0.0, fmin(rise, bare.objective - state->objective));
}

/* The same without the partner: *alone is the fit in which the elastic line stands for both. */
static double rise_without_other(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                                 const struct ixs_fit_answer *answer, struct ixs_elastic *out)
{
    size_t area = out->partner >= 0 ? omega_at(answer, (size_t)out->partner) + 2
                                    : ixs_model_first_quasielastic(&answer->form);
    double upper = space->upper[area], covariance[IXS_FIT_P * IXS_FIT_P];
    enum ixs_solve_state states[IXS_FIT_P];
    struct ixs_fit_state alone = *state;
    alone.parameters[IXS_MODEL_ELASTIC] += alone.parameters[area];
    alone.parameters[area] = 0.0;
    space->upper[area] = 0.0;
    ixs_fit_improve(space, &alone, 60, 0.02);
    struct ixs_solve_problem problem =
        ixs_fit_problem(space, alone.nmodes, space->lower, space->upper);
    ixs_solve_covariance(space->solve, &problem, alone.parameters, covariance, states);
    space->upper[area] = upper;
    out->central = alone.parameters[IXS_MODEL_ELASTIC];
    out->central_err =
        sqrt(covariance[IXS_MODEL_ELASTIC * problem.nparameters + IXS_MODEL_ELASTIC]);
    return fmax(0.0, alone.objective - state->objective);
}

/* Ends at which the root of the rise is z, from a minimum that lies `above` over the least of all;
 * false: it does not reach so far. */
struct ends {
    double area, lo, hi, ul90; /* area: less the bias of its median */
};

static bool find_ends(struct ends *out, struct ixs_profile *profile, double above, double bound)
{
    double best = profile->best[IXS_MODEL_ELASTIC], sigma = profile->sigma;
    double shift = best > 0.0 ? fmin(fmax(profile->shift, -most_shift), most_shift) : 0.0;
    double low = (1.0 + shift) * (1.0 + shift) - above,
           high = (1.0 - shift) * (1.0 - shift) - above,
           far = (z90 - shift) * (z90 - shift) - above;
    *out = (struct ends){best, best, best, best};
    if (!(sigma > 0.0) || far <= 0.0)
        return false;
    out->area = fmax(0.0, best - shift * sigma);
    struct ixs_profile_target target = {.fixed = far};
    out->ul90 = ixs_profile_meet(profile, &target, best, best + z90 * sigma, bound);
    if (low <= 0.0 || high <= 0.0)
        return false;
    target.fixed = high;
    out->hi = fmax(ixs_profile_meet(profile, &target, best, best + sigma, bound),
                   best + least_end * sigma);
    target.fixed = low;
    bool closed = best > 0.0 && ixs_profile_rise(profile, 0.0) > low;
    profile->risen = false; /* the minimum there is far from those near the end */
    out->lo = closed ? ixs_profile_meet(profile, &target, best, fmax(best - sigma, 0.3 * best), 0.0)
                     : 0.0;
    return true;
}

/* No elastic line is higher than the highest point. */
static double most_area(const struct ixs_fit_space *space)
{
    double most = 0.0;
    for (size_t i = 0; i < space->model.points.n; i++) {
        double counts = space->model.points.counts[i];
        most = fmax(most, (counts + 4.0 * sqrt(counts) + 8.0) / space->model.points.exposure[i]);
    }
    return most / ixs_transform_value(space->model.transform, 0.0);
}

/* What either way finds: neither goes below the least deviance. */
static struct ends ends_of(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                           const struct ixs_fit_widths *widths, double above, bool *reached)
{
    struct ixs_profile profiles[2];
    struct ends all = {0}, ends;
    double bound = fmax(most_area(space), 1.1 * state->parameters[IXS_MODEL_ELASTIC]);
    size_t n = profiles_of(profiles, space, state, widths);
    *reached = true;
    for (size_t i = 0; i < n; i++) {
        profiles[i].sigma = fmin(profiles[i].sigma, 0.5 * bound);
        *reached = find_ends(&ends, &profiles[i], above, bound) && *reached;
        all = i == 0 ? ends
                     : (struct ends){ends.area, fmin(all.lo, ends.lo), fmax(all.hi, ends.hi),
                                     fmax(all.ul90, ends.ul90)};
    }
    return all;
}

/* Back to a task whose answer is known. */
static void prepare(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                    const struct ixs_fit_answer *answer, struct ixs_fit_task *again)
{
    *again = *task;
    again->nmodes = (int)answer->nmodes;
    again->start = answer->parameters;
    ixs_fit_prepare(space, again);
}

static void take(struct ixs_elastic *out, struct ends ends)
{
    out->area = ends.area;
    out->lo = fmin(ends.lo, out->area);
    out->hi = fmax(ends.hi, out->area);
    out->err = 0.5 * (out->hi - out->lo);
    out->ul90 = fmax(ends.ul90, out->hi);
}

static void settle(struct ixs_fit_space *space, const struct ixs_fit_answer *answer,
                   struct ixs_elastic *out)
{
    struct ixs_fit_widths widths;
    struct ixs_fit_state state = state_of(space, answer, &widths);
    bool reached;
    out->partner = ixs_elastic_partner(answer, space->fwhm);
    take(out, ends_of(space, &state, &widths, 0.0, &reached));
    out->without = rise_without(space, &state, &widths, answer, out->partner);
    if (out->without < 1.0)
        out->lo = 0.0;
    out->status = out->without < told_apart ? IXS_ELASTIC_LIMIT : IXS_ELASTIC_GOOD;
    if (out->partner == IXS_ELASTIC_ALONE)
        return;
    out->without_other = rise_without_other(space, &state, answer, out);
    if (out->without < told_apart && out->without_other < told_apart)
        out->status = IXS_ELASTIC_INSEPARABLE;
    else
        out->central = out->central_err = (double)NAN;
}

/* The union with what a competitor allows that lies `above` over the minimum. */
static void widen(struct ixs_fit_space *space, const struct ixs_fit_answer *answer, double above,
                  struct ixs_elastic *out)
{
    struct ixs_fit_widths widths;
    struct ixs_fit_state state = state_of(space, answer, &widths);
    bool reached;
    struct ends ends = ends_of(space, &state, &widths, above, &reached);
    out->ul90 = fmax(out->ul90, ends.ul90);
    if (!reached)
        return;
    out->lo = fmin(out->lo, ends.lo);
    out->hi = fmax(out->hi, ends.hi);
    out->err = 0.5 * (out->hi - out->lo);
}

/* A rival takes the answer's place where Akaike's criterion, 2 a parameter, has it so: for an
 * interval 1 is enough, but there are many rivals. */
static void order(struct ixs_fit_answer *answer, struct ixs_elastic_rival *rival,
                  struct ixs_fit_answer **room)
{
    if (!isfinite(rival->above))
        return;
    struct ixs_fit_answer *first = *room;
    bool more = rival->answer->nmodes > answer->nmodes;
    if (!(rival->above < (more ? -IXS_MODEL_PER_MODE : 0.0)))
        return;
    *first = *answer;
    *answer = *rival->answer;
    *room = rival->answer;
    rival->answer = first;
    rival->above = -rival->above;
}

void ixs_elastic_judge(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                       struct ixs_fit_answer *answer, struct ixs_elastic *out)
{
    struct ixs_elastic_rivals rivals;
    struct ixs_fit_task again;
    *out = (struct ixs_elastic){.area = (double)NAN,
                                .err = (double)NAN,
                                .lo = (double)NAN,
                                .hi = (double)NAN,
                                .ul90 = (double)NAN,
                                .central = (double)NAN,
                                .central_err = (double)NAN,
                                .without = (double)NAN,
                                .without_other = (double)NAN,
                                .partner = IXS_ELASTIC_ALONE};
    if (answer->status == IXS_FIT_NO_DATA || answer->status == IXS_FIT_NOT_CONVERGED ||
        !isfinite(answer->elastic))
        return;
    ixs_elastic_rivals_find(&rivals, space, task, answer);
    double above = rivals.list[0].above;
    order(answer, &rivals.list[0], &rivals.room);
    if (rivals.list[0].above != above)
        rivals.list[1].above -= above;
    else
        order(answer, &rivals.list[1], &rivals.room);
    prepare(space, task, answer, &again);
    settle(space, answer, out);
    for (int i = 0; i < 2; i++) {
        const struct ixs_elastic_rival *rival = &rivals.list[i];
        if (!(rival->above < z90 * z90 + 1.0))
            continue;
        prepare(space, task, rival->answer, &again);
        widen(space, rival->answer, rival->above, out);
    }
}
