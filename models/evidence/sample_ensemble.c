/* SPDX-License-Identifier: GPL-3.0-or-later
 * Walkers and their moves.
 */
#include "models/evidence/sample_inside.h"

#include "base/array.h"
#include "models/numerics/chance.h"
#include "models/fit/prior.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double stretch = 2.0;     /* a of Goodman & Weare */
static const double wide = 1.5;        /* first spread, in standard deviations */
static const double differences = 0.5; /* share of moves by differences */
static const double least_mu = 1e-4;   /* as in the solver's weights */
static const double jumps = 0.1;       /* of these by the whole difference, between maxima */

bool ixs_ensemble_make(struct ixs_ensemble *out, struct ixs_fit_space *space, double beta,
                       uint64_t state, struct ixs_err *err)
{
    *out = (struct ixs_ensemble){.space = space, .beta = beta, .state = state};
    for (size_t k = 0; k < space->model.nparameters; k++)
        if (space->lower[k] < space->upper[k])
            out->moving[out->nmoving++] = k;
    out->n = 2 * (3 * out->nmoving / 2 + 4);
    return IXS_NEW(out->walkers, out->n, err);
}

void ixs_ensemble_dispose(struct ixs_ensemble *ensemble)
{
    free(ensemble->walkers);
    *ensemble = (struct ixs_ensemble){0};
}

static bool allowed(const struct ixs_fit_space *space, const double *x)
{
    const struct ixs_model *model = &space->model;
    for (size_t k = 0; k < model->nparameters; k++)
        if (!(x[k] >= space->lower[k] && x[k] <= space->upper[k]))
            return false;
    for (size_t m = 1; m < model->nmodes; m++) {
        const double *mode = x + model->first_mode + IXS_MODEL_PER_MODE * m;
        if (mode[0] < mode[-IXS_MODEL_PER_MODE])
            return false;
    }
    return true;
}

static double deviance(const struct ixs_fit_space *space)
{
    double sum = 0.0;
    if (!space->inverse_variance)
        return space->model.kernels->deviance(space->ndata, space->counts, space->mu);
    for (size_t i = 0; i < space->ndata; i++) {
        double miss = space->counts[i] - space->mu[i];
        sum += miss * miss * space->inverse_variance[i];
    }
    return sum;
}

/* With mu and the slopes just evaluated. */
static bool all_visible(const struct ixs_fit_space *space, const double *x)
{
    size_t n = space->model.points.n;
    for (size_t m = 0; m < space->model.nmodes; m++) {
        size_t k = space->model.first_mode + IXS_MODEL_PER_MODE * m + 2;
        const double *column = space->columns + k * space->ndata;
        double curvature = 0.0;
        for (size_t i = 0; i < n; i++)
            curvature += column[i] * column[i] *
                         (space->inverse_variance ? space->inverse_variance[i]
                                                  : 1.0 / fmax(space->mu[i], least_mu));
        if (!(x[k] >= ixs_prior_visible(curvature)))
            return false;
    }
    return true;
}

void ixs_walker_weigh(const struct ixs_ensemble *ensemble, struct ixs_walker *walker)
{
    struct ixs_fit_space *space = ensemble->space;
    double sums[IXS_FIT_P];
    size_t n = space->model.points.n;
    walker->likelihood = walker->prior = -INFINITY;
    if (!allowed(space, walker->x))
        return;
    ixs_fit_evaluate(space, walker->x, space->mu, space->columns);
    for (size_t k = 0; k < space->model.nparameters; k++) {
        sums[k] = 0.0;
        for (size_t i = 0; i < n; i++)
            sums[k] += space->columns[k * space->ndata + i];
    }
    if (ensemble->visible && !all_visible(space, walker->x))
        return;
    walker->prior =
        ixs_prior_log(space, walker->x, sums) + lgamma((double)space->model.nmodes + 1.0);
    walker->likelihood = -0.5 * deviance(space);
}

static void draw_prior(struct ixs_ensemble *ensemble, struct ixs_walker *walker)
{
    struct ixs_fit_space *space = ensemble->space;
    size_t n = space->model.points.n;
    for (int tries = 0; tries < 1000; tries++) {
        double sums[IXS_FIT_P] = {0};
        ixs_prior_draw_shapes(space, &ensemble->state, walker->x);
        ixs_fit_evaluate(space, walker->x, space->mu, space->columns);
        for (size_t k = 0; k < space->model.nparameters; k++)
            for (size_t i = 0; i < n; i++)
                sums[k] += space->columns[k * space->ndata + i];
        ixs_prior_draw_areas(space, &ensemble->state, sums, walker->x);
        ixs_walker_weigh(ensemble, walker);
        if (walker->prior > -INFINITY)
            break;
    }
}

void ixs_ensemble_by_prior(struct ixs_ensemble *ensemble)
{
    for (size_t w = 0; w < ensemble->n; w++)
        draw_prior(ensemble, &ensemble->walkers[w]);
}

/* Errors that are not known are those of a tenth. */
static void draw_about(struct ixs_ensemble *ensemble, const struct ixs_fit_answer *answer,
                       double far, struct ixs_walker *walker)
{
    const struct ixs_fit_space *space = ensemble->space;
    memcpy(walker->x, answer->parameters, sizeof walker->x);
    for (size_t m = 0; m < ensemble->nmoving; m++) {
        size_t k = ensemble->moving[m];
        double sigma =
            answer->errors[k] > 0.0 ? answer->errors[k] : 0.1 * fabs(answer->parameters[k]);
        double shift = far * fmax(sigma, 1e-6) * ixs_chance_normal(&ensemble->state);
        double value = walker->x[k] + shift;
        bool outside = value < space->lower[k] || value > space->upper[k];
        walker->x[k] = outside ? walker->x[k] - shift : value;
    }
    ixs_walker_weigh(ensemble, walker);
}

void ixs_ensemble_about(struct ixs_ensemble *ensemble, const struct ixs_fit_answer *answer)
{
    for (size_t w = 0; w < ensemble->n; w++) {
        struct ixs_walker *walker = &ensemble->walkers[w];
        draw_about(ensemble, answer, wide, walker);
        for (double far = wide; !(walker->prior > -INFINITY) && far > 1e-2; far *= 0.9)
            draw_about(ensemble, answer, far, walker);
        if (!(walker->prior > -INFINITY))
            draw_prior(ensemble, walker);
    }
}

static void try_move(struct ixs_ensemble *ensemble, size_t w, const struct ixs_walker *trial,
                     double log_factor)
{
    struct ixs_walker *walker = &ensemble->walkers[w];
    double gain = log_factor + trial->prior - walker->prior +
                  ensemble->beta * (trial->likelihood - walker->likelihood);
    ensemble->tried++;
    if (!(trial->prior > -INFINITY) || !(log(ixs_chance_uniform(&ensemble->state)) < gain))
        return;
    *walker = *trial;
    ensemble->taken++;
}

static size_t pick(struct ixs_ensemble *ensemble, size_t from, size_t n)
{
    return from + (size_t)((double)n * ixs_chance_uniform(&ensemble->state));
}

/* A walker of one half, moved by walkers of the other. */
static void move(struct ixs_ensemble *ensemble, size_t w, size_t other)
{
    size_t half = ensemble->n / 2, d = ensemble->nmoving;
    const struct ixs_walker *a = &ensemble->walkers[pick(ensemble, other, half)],
                            *b = &ensemble->walkers[pick(ensemble, other, half)];
    struct ixs_walker trial = ensemble->walkers[w];
    double log_factor = 0.0;
    if (a != b && ixs_chance_uniform(&ensemble->state) < differences) {
        bool jump = ixs_chance_uniform(&ensemble->state) < jumps;
        double gamma = jump ? 1.0 : 2.38 / sqrt(2.0 * (double)d);
        for (size_t m = 0; m < d; m++) {
            size_t k = ensemble->moving[m];
            trial.x[k] += gamma * (a->x[k] - b->x[k]);
        }
    } else {
        double u = (stretch - 1.0) * ixs_chance_uniform(&ensemble->state) + 1.0;
        double z = u * u / stretch;
        for (size_t m = 0; m < d; m++) {
            size_t k = ensemble->moving[m];
            trial.x[k] = a->x[k] + z * (trial.x[k] - a->x[k]);
        }
        log_factor = ((double)d - 1.0) * log(z);
    }
    ixs_walker_weigh(ensemble, &trial);
    try_move(ensemble, w, &trial, log_factor);
}

void ixs_ensemble_step(struct ixs_ensemble *ensemble)
{
    size_t half = ensemble->n / 2;
    for (size_t w = 0; w < ensemble->n; w++)
        move(ensemble, w, w < half ? half : 0);
}

void ixs_ensemble_swap(struct ixs_ensemble *one, struct ixs_ensemble *other)
{
    for (size_t w = 0; w < one->n; w++) {
        struct ixs_walker *a = &one->walkers[w], *b = &other->walkers[pick(one, 0, one->n)];
        double gain = (one->beta - other->beta) * (b->likelihood - a->likelihood);
        if (!(log(ixs_chance_uniform(&one->state)) < gain))
            continue;
        struct ixs_walker keep = *a;
        *a = *b;
        *b = keep;
    }
}
