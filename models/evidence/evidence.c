/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laplace's approximation, and what bounds change.
 */
#include "models/evidence/evidence.h"

#include "models/numerics/cholesky.h"
#include "models/fit/prior.h"
#include "models/evidence/select.h"

#include <math.h>
#include <string.h>

enum { STEPS = 48 };

static const double log_root_2pi = 0.91893853320467274;
static const double log_parsimony = 0.69314718055994531; /* ln 2, see ixs_evidence_numbers */

/* ---- Laplace --------------------------------------------------------------------------------- */

struct fall { /* of the logarithm of the likelihood along a parameter */
    double slope, curvature;
    double least; /* lowest value that counts */
};

/* Logarithm of Int exp(-slope t - curvature t^2/2) p(value + t)/p(value) dt within the bounds. */
static double log_along(const struct ixs_fit_space *space, size_t k, double value,
                        const struct fall *fall)
{
    double slope = fall->slope, curvature = fall->curvature;
    double lo = fmax(space->lower[k], fall->least) - value, hi = space->upper[k] - value, sum = 0.0;
    double reach = fmin(fabs(slope) > 0.0 ? 12.0 / fabs(slope) : INFINITY, 6.0 / sqrt(curvature));
    bool width = ixs_prior_kind(&space->model, k) == IXS_PRIOR_WIDTH;
    double here = width ? ixs_prior_log_of(space, k, value) : 0.0;
    lo = fmax(lo, -reach);
    hi = fmin(hi, fmax(lo, 0.0) + reach);
    for (int i = 0; i < STEPS; i++) {
        double t = lo + (hi - lo) * (i + 0.5) / STEPS;
        double change = width ? ixs_prior_log_of(space, k, value + t) - here : 0.0;
        sum += exp(change - t * (slope + 0.5 * curvature * t));
    }
    return log(sum * (hi - lo) / STEPS);
}

struct place { /* of the approximation */
    const struct ixs_fit_space *space;
    const double *parameters, *covariance;
    const enum ixs_solve_state *states;
    struct ixs_solve_view view;
    size_t p;
};

/* ln of sqrt(det(2 pi C)) of the free parameters. */
static double log_volume(const struct place *place)
{
    double matrix[IXS_FIT_P * IXS_FIT_P], sum = 0.0;
    size_t n = 0, which[IXS_FIT_P], p = place->p;
    for (size_t k = 0; k < p; k++)
        if (place->states[k] == IXS_SOLVE_FREE)
            which[n++] = k;
    for (size_t a = 0; a < n; a++) {
        double variance = place->covariance[which[a] * p + which[a]];
        sum += 0.5 * log(variance) + log_root_2pi;
        for (size_t b = 0; b <= a; b++)
            matrix[a * n + b] = place->covariance[which[a] * p + which[b]] /
                                sqrt(variance * place->covariance[which[b] * p + which[b]]);
    }
    (void)ixs_cholesky(n, matrix, 0.0);
    for (size_t a = 0; a < n; a++)
        sum += log(fmax(matrix[a * n + a], 1e-12));
    return sum;
}

/* Curvature along a parameter that is held, the free ones following it. */
static double held_curvature(const struct place *place, size_t k)
{
    size_t p = place->p;
    const double *row = place->view.curvature + k * p;
    double sum = row[k];
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++)
            if (place->states[a] == IXS_SOLVE_FREE && place->states[b] == IXS_SOLVE_FREE)
                sum -= row[a] * place->covariance[a * p + b] * row[b];
    return fmax(sum, 1e-6 * row[k]);
}

/* What one parameter adds beside the Gaussian volume and the prior's density at its place. */
static double correction(const struct place *place, size_t k)
{
    const struct ixs_fit_space *space = place->space;
    double value = place->parameters[k], variance = place->covariance[k * place->p + k];
    enum ixs_prior_kind kind = ixs_prior_kind(&space->model, k);
    struct fall fall = {.least = space->lower[k]};
    if (kind == IXS_PRIOR_AREA && k >= space->model.first_mode)
        fall.least = ixs_prior_visible(place->view.curvature[k * place->p + k]);
    switch (place->states[k]) {
    case IXS_SOLVE_FREE:
        if (kind == IXS_PRIOR_ZERO || kind == IXS_PRIOR_POWER || kind == IXS_PRIOR_CELL ||
            space->prior_sigma[k] > 0.0)
            return 0.0;
        fall.curvature = 1.0 / variance;
        return log_along(space, k, value, &fall) - 0.5 * log(variance) - log_root_2pi;
    case IXS_SOLVE_LOWER:
    case IXS_SOLVE_UPPER:
        fall.slope = place->view.gradient[k];
        fall.curvature = held_curvature(place, k);
        return log_along(space, k, value, &fall);
    case IXS_SOLVE_FIXED:
        return 0.0;
    default: /* the data say nothing: the prior's own integral is 1 */
        return kind == IXS_PRIOR_AREA ? 0.0 : -ixs_prior_log_of(space, k, value);
    }
}

/* 1/variance of the prior about its middle, where that may be narrower than what the data tell. */
static double precision_of(const struct ixs_fit_space *space, size_t k, double value)
{
    double span = space->upper[k] - space->lower[k], width = fmax(space->fwhm, value);
    switch (ixs_prior_kind(&space->model, k)) {
    case IXS_PRIOR_ZERO:
    case IXS_PRIOR_ENERGY:
        return space->prior_sigma[k] > 0.0 || !isfinite(span) ? 0.0 : 12.0 / (span * span);
    case IXS_PRIOR_WIDTH:
        return 1.0 / (width * width);
    default:
        return 0.0;
    }
}

/* Covariance of data and priors together: what the data do not tell, or not apart, the priors
 * bound. False: not even so. */
static bool regularise(const struct place *place, double *covariance, enum ixs_solve_state *states)
{
    double matrix[IXS_FIT_P * IXS_FIT_P], scale[IXS_FIT_P], unit[IXS_FIT_P];
    size_t n = 0, which[IXS_FIT_P], p = place->p;
    for (size_t k = 0; k < p; k++) {
        double diagonal =
            place->view.curvature[k * p + k] + precision_of(place->space, k, place->parameters[k]);
        states[k] = place->states[k];
        if ((states[k] != IXS_SOLVE_FREE && states[k] != IXS_SOLVE_UNDETERMINED) ||
            !(diagonal > 0.0))
            continue;
        states[k] = IXS_SOLVE_FREE;
        scale[n] = 1.0 / sqrt(diagonal);
        which[n++] = k;
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++)
            matrix[a * n + b] =
                a == b ? 1.0 : place->view.curvature[which[a] * p + which[b]] * scale[a] * scale[b];
    memset(covariance, 0, p * p * sizeof *covariance);
    if (ixs_cholesky(n, matrix, 1e-13) < n)
        return false;
    for (size_t b = 0; b < n; b++) {
        for (size_t a = 0; a < n; a++)
            unit[a] = a == b ? 1.0 : 0.0;
        ixs_cholesky_solve(n, matrix, unit);
        for (size_t a = 0; a < n; a++)
            covariance[which[a] * p + which[b]] = unit[a] * scale[a] * scale[b];
    }
    return true;
}

double ixs_evidence(const struct ixs_fit_space *space, const struct ixs_fit_state *state,
                    const double *covariance, const enum ixs_solve_state *states)
{
    double sums[IXS_FIT_P];
    struct place place = {space,
                          state->parameters,
                          covariance,
                          states,
                          ixs_solve_look(space->solve),
                          space->model.nparameters};
    double regular[IXS_FIT_P * IXS_FIT_P];
    enum ixs_solve_state regular_states[IXS_FIT_P];
    if (regularise(&place, regular, regular_states)) {
        place.covariance = regular;
        place.states = regular_states;
    }
    size_t n = space->model.points.n;
    for (size_t k = 0; k < place.p; k++) {
        sums[k] = 0.0;
        for (size_t i = 0; i < n; i++)
            sums[k] += place.view.jacobian[k * space->ndata + i];
    }
    double sum = -0.5 * state->deviance + lgamma((double)state->nmodes + 1.0) +
                 ixs_prior_log(space, state->parameters, sums) + log_volume(&place);
    for (size_t k = 0; k < place.p; k++)
        sum += correction(&place, k);
    return sum;
}

/* ---- numbers of modes ------------------------------------------------------------------------ */

static void share_out(size_t count, struct ixs_fit_number *numbers)
{
    double most = -INFINITY, sum = 0.0;
    for (size_t n = 0; n < count; n++)
        most = fmax(most, numbers[n].log_evidence - (double)n * log_parsimony);
    for (size_t n = 0; n < count; n++)
        sum += numbers[n].probability =
            exp(numbers[n].log_evidence - (double)n * log_parsimony - most);
    for (size_t n = 0; n < count; n++)
        numbers[n].probability /= sum;
}

static double evidence_at(struct ixs_fit_space *space, struct ixs_fit_state *state)
{
    double covariance[IXS_FIT_P * IXS_FIT_P];
    enum ixs_solve_state states[IXS_FIT_P];
    struct ixs_solve_problem problem =
        ixs_fit_problem(space, state->nmodes, space->lower, space->upper);
    state->objective =
        ixs_solve_covariance(space->solve, &problem, state->parameters, covariance, states);
    state->deviance = ixs_fit_deviance(space, state);
    double evidence = ixs_evidence(space, state, covariance, states);
    return isnan(evidence) ? -INFINITY : evidence;
}

/* ln(e^a + e^b) */
static double log_add(double a, double b)
{
    double most = fmax(a, b);
    return most > -INFINITY ? most + log(exp(a - most) + exp(b - most)) : most;
}

static struct ixs_fit_number number_of(struct ixs_fit_space *space,
                                       const struct ixs_fit_found *found)
{
    struct ixs_fit_number number = {INFINITY, INFINITY, INFINITY, -INFINITY, 0.0};
    for (size_t k = 0; k < found->n; k++) {
        struct ixs_fit_state state = found->states[k];
        double evidence = evidence_at(space, &state);
        size_t p = ixs_fit_counted(space, state.nmodes), n = space->ndata;
        number.log_evidence = log_add(number.log_evidence, evidence);
        if (k > 0)
            continue;
        number.deviance = state.deviance;
        number.aicc = ixs_select_aicc(state.objective, n, p);
        number.bic = ixs_select_bic(state.objective, n, p);
    }
    return number;
}

void ixs_evidence_numbers(struct ixs_fit_space *space, const struct ixs_fit_found *found,
                          size_t reached, struct ixs_fit_number *numbers)
{
    for (size_t n = 0; n <= reached; n++)
        numbers[n] = number_of(space, &found[n]);
    share_out(reached + 1, numbers);
}
