/* SPDX-License-Identifier: GPL-3.0-or-later
 * The solver's workspace, shared by its source files alone.
 */
#ifndef IXS_MODELS_FIT_SOLVE_INSIDE_H
#define IXS_MODELS_FIT_SOLVE_INSIDE_H

#include "models/line/kernels.h"
#include "models/fit/solve.h"

struct ixs_solve {
    size_t most_parameters, most_data;
    const struct ixs_kernels *kernels;
    double *room;                    /* of the next five */
    double *mu, *trial_mu;           /* [data] */
    double *spare;                   /* [3 * data] */
    double *jacobian;                /* [parameters * data] */
    double *weighted;                /* ixs_kernels_spare(parameters, data) */
    double *curvature, *factor;      /* [parameters^2] */
    double *gradient, *step, *trial; /* [parameters] */
    double *right;                   /* [parameters] */
    size_t *moving;                  /* indices of parameters that a step may change */
    bool *held;                      /* [parameters] */
};

double ixs_solve_lower(const struct ixs_solve_problem *problem, size_t k);
double ixs_solve_upper(const struct ixs_solve_problem *problem, size_t k);

double ixs_solve_dot(size_t n, const double *a, const double *b);

/* Evaluates the model: mu, curvature, gradient, objective. Moves parameters inside their bounds. */
void ixs_solve_begin(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                     double *parameters, double *objective);

/* Marks as held what is fixed, without effect on the data, or pressed against a bound. */
void ixs_solve_hold(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                    const double *parameters);

/* Lists the parameters that are not held; how many. right[a] of them is -gradient less what the
 * held ones' values do to it. */
size_t ixs_solve_gather(struct ixs_solve *space, size_t p, const double *values);

#endif
