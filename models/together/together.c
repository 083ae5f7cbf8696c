/* SPDX-License-Identifier: GPL-3.0-or-later
 * Many spectra fitted together: the whole from its parts.
 */
#include "models/together/inside.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/fit/solve_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ITERATIONS = 200 };
static const double tolerance = 1e-4; /* of the whole objective */

void ixs_together_parameters(const struct ixs_together_spectrum *spectrum,
                             const struct ixs_together_piece *piece, const double *own,
                             const double *common, double *parameters)
{
    memcpy(parameters, piece->offset, sizeof piece->offset);
    for (size_t t = 0; t < piece->nterms; t++) {
        const struct ixs_together_term *term = &piece->terms[t];
        double value = term->source < spectrum->nown
                           ? own[term->source]
                           : common[spectrum->uses[term->source - spectrum->nown]];
        parameters[term->parameter] += term->factor * value;
    }
}

const struct ixs_together_term *ixs_together_only(const struct ixs_together_piece *piece,
                                                  size_t parameter)
{
    const struct ixs_together_term *found = NULL;
    for (size_t t = 0; t < piece->nterms; t++) {
        if (piece->terms[t].parameter != parameter)
            continue;
        if (found != NULL)
            return NULL;
        found = &piece->terms[t];
    }
    return found;
}

/* Cost of a prior; adds to half its gradient and half its curvature. */
static double weigh(const struct ixs_together_source *source, double value, double *gradient,
                    double *curvature)
{
    if (!(source->sigma > 0.0))
        return 0.0;
    double miss = (value - source->mean) / source->sigma;
    if (gradient != NULL && curvature != NULL) {
        *gradient += miss / source->sigma;
        *curvature += 1.0 / (source->sigma * source->sigma);
    }
    return miss * miss;
}

/* The derivatives that the solver has of a model's parameters, as those of its sources. */
static void carry_over(const struct ixs_together_piece *piece, const struct ixs_solve *solve,
                       size_t nparameters, size_t all, double *gradient, double *curvature)
{
    for (size_t t = 0; t < piece->nterms; t++) {
        const struct ixs_together_term *one = &piece->terms[t];
        const double *row = solve->curvature + one->parameter * nparameters;
        gradient[one->source] += one->factor * solve->gradient[one->parameter];
        for (size_t u = 0; u < piece->nterms; u++) {
            const struct ixs_together_term *other = &piece->terms[u];
            curvature[one->source * all + other->source] +=
                one->factor * other->factor * row[other->parameter];
        }
    }
}

double ixs_together_cost(const struct ixs_together_space *space, struct ixs_fit_space *fit,
                         size_t b, const double *own, const double *common, double *gradient,
                         double *curvature)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    size_t all = spectrum->nown + spectrum->nuses;
    double cost = 0.0, objective = 0.0, parameters[IXS_FIT_P];
    memset(gradient, 0, all * sizeof *gradient);
    memset(curvature, 0, all * all * sizeof *curvature);
    for (size_t k = 0; k < spectrum->nown; k++)
        cost += weigh(&spectrum->own[k], own[k], &gradient[k], &curvature[k * (all + 1)]);
    for (size_t i = 0; i < spectrum->npieces; i++) {
        const struct ixs_together_piece *piece = &spectrum->pieces[i];
        ixs_together_parameters(spectrum, piece, own, common, parameters);
        ixs_fit_prepare(fit, &piece->task);
        struct ixs_solve_problem problem =
            ixs_fit_problem(fit, (size_t)piece->task.nmodes, NULL, NULL);
        problem.prior_mean = problem.prior_sigma = NULL;
        ixs_solve_begin(fit->solve, &problem, parameters, &objective);
        carry_over(piece, fit->solve, problem.nparameters, all, gradient, curvature);
        cost += objective;
    }
    return cost;
}

/* As ixs_arrow_whole. */
static double whole(void *context, size_t b, size_t worker, const double *own, const double *common,
                    double *gradient, double *curvature)
{
    const struct ixs_together_space *space = context;
    return ixs_together_cost(space, space->spaces[worker], b, own, common, gradient, curvature);
}

static double prior(void *context, long block, const double *p, double *gradient, double *curvature)
{
    const struct ixs_together *together = ((struct ixs_together_space *)context)->problem;
    double cost = 0.0;
    (void)block; /* only that of the shared ones is asked for */
    for (size_t k = 0; k < together->nshared; k++)
        cost += weigh(&together->shared[k], p[k], gradient ? &gradient[k] : NULL,
                      curvature ? &curvature[k * (together->nshared + 1)] : NULL);
    return cost;
}

static size_t most_points(const struct ixs_together *together)
{
    size_t most = 1;
    for (size_t b = 0; b < together->nspectra; b++)
        for (size_t i = 0; i < together->spectra[b].npieces; i++) {
            size_t n = together->spectra[b].pieces[i].task.points.n;
            most = n > most ? n : most;
        }
    return most;
}

static bool make_spaces(struct ixs_together_space *space, struct ixs_err *err)
{
    size_t points = most_points(space->problem);
    bool ok = IXS_NEW(space->spaces, space->threads, err) &&
              IXS_NEW(space->uncertain, space->threads, err);
    for (size_t i = 0; ok && i < space->threads; i++)
        ok = ixs_fit_space_new(&space->spaces[i], points, err) &&
             ixs_uncertain_space_new(&space->uncertain[i], points, err);
    return ok;
}

bool ixs_together_make(struct ixs_together_space *space, const struct ixs_together *together,
                       struct ixs_err *err)
{
    size_t at = 0;
    space->problem = together;
    space->threads = ixs_parallel_threads(together->threads);
    for (size_t b = 0; b < together->nspectra; b++)
        space->nown += together->spectra[b].nown;
    size_t all = space->nown + together->nshared;
    if (!IXS_NEW(space->blocks, together->nspectra, err) ||
        !IXS_NEW(space->weights, together->nspectra, err) || !IXS_NEW(space->p, all, err) ||
        !IXS_NEW(space->lower, all, err) || !IXS_NEW(space->upper, all, err) ||
        !IXS_NEW(space->kinds, all, err) || !IXS_NEW(space->intervals, all, err) ||
        !IXS_NEW(space->moved, all, err) || !IXS_NEW(space->loose, all, err))
        return false;
    for (size_t b = 0; b < together->nspectra; b++) {
        const struct ixs_together_spectrum *spectrum = &together->spectra[b];
        static const size_t none = 0;
        space->blocks[b] =
            (struct ixs_arrow_block){.nown = spectrum->nown,
                                     .p = space->p + at,
                                     .lower = space->lower + at,
                                     .upper = space->upper + at,
                                     .loose = space->loose + at,
                                     .nuses = spectrum->nuses,
                                     .uses = spectrum->nuses ? spectrum->uses : &none};
        at += spectrum->nown;
    }
    return make_spaces(space, err);
}

void ixs_together_dispose(struct ixs_together_space *space)
{
    void *owned[] = {space->blocks, space->weights, space->p,     space->lower,    space->upper,
                     space->moved,  space->loose,   space->kinds, space->intervals};
    ixs_arrow_free(space->arrow);
    for (size_t i = 0; space->spaces != NULL && i < space->threads; i++)
        ixs_fit_space_free(space->spaces[i]);
    for (size_t i = 0; space->uncertain != NULL && i < space->threads; i++)
        ixs_uncertain_space_free(space->uncertain[i]);
    free(space->spaces);
    free(space->uncertain);
    for (size_t k = 0; k < IXS_COUNT(owned); k++)
        free(owned[k]);
}

bool ixs_together_ready(struct ixs_together_space *space, struct ixs_err *err)
{
    size_t nown = space->nown;
    space->minimum = (struct ixs_arrow_problem){.nblocks = space->problem->nspectra,
                                                .ncommon = space->problem->nshared,
                                                .blocks = space->blocks,
                                                .common = space->p + nown,
                                                .lower = space->lower + nown,
                                                .upper = space->upper + nown,
                                                .loose = space->loose + nown,
                                                .whole = whole,
                                                .prior = prior,
                                                .context = space,
                                                .threads = space->threads,
                                                .most_iterations = MOST_ITERATIONS,
                                                .tolerance = tolerance};
    return ixs_arrow_new(&space->arrow, &space->minimum, err);
}

static bool minimise(struct ixs_together_space *space, struct ixs_err *err)
{
    return ixs_together_ready(space, err) &&
           ixs_arrow_run(space->arrow, &space->minimum, &space->end, err);
}

bool ixs_together_fit(const struct ixs_together *together, struct ixs_together_result *result,
                      double *covariance, struct ixs_err *err)
{
    struct ixs_together_space space = {0};
    *result = (struct ixs_together_result){0};
    bool ok = ixs_together_make(&space, together, err) && ixs_together_begin(&space, err) &&
              minimise(&space, err) && ixs_together_answer(&space, result, covariance, err) &&
              ixs_together_respond(&space, covariance, err);
    ixs_together_dispose(&space);
    return ok;
}
