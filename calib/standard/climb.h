/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/standard: fits of a response with one number of parts after the other, of which
 * standard_choose.c chooses.
 */
#ifndef IXS_CALIB_STANDARD_CLIMB_H
#define IXS_CALIB_STANDARD_CLIMB_H

#include "calib/standard/shape.h"

struct ixs_climb_best { /* the best fit with one number of parts */
    bool found;
    double deviance;
    long dof;
    double *p;
};

struct ixs_climb { /* owns its arrays */
    struct ixs_shape_data data;
    struct ixs_solve *solve;
    double *jacobian;
    size_t most;                                     /* parts */
    double jitter;                                   /* meV */
    double *share;                                   /* [npoints] 1/inflation by the jitter */
    double *counts, *p, *lower, *upper, *covariance; /* counts: as the fit sees them */
    struct ixs_jitter_point *points;
    enum ixs_solve_state *states;
    struct ixs_climb_best best[IXS_SHAPE_MOST];
};

IXS_MUST_CHECK bool ixs_climb_make(struct ixs_climb *climb, const struct ixs_shape_task *task,
                                   struct ixs_err *err);
void ixs_climb_dispose(struct ixs_climb *climb);

/* Takes the points as a fit that allows for this jitter sees them. */
void ixs_climb_weigh(struct ixs_climb *climb, double jitter);
/* The fit with data.nparts parts, as the solver takes it. */
struct ixs_solve_problem ixs_climb_problem(struct ixs_climb *climb);
/* Runs the start in climb->p; keeps it if it is the best of its kind. */
void ixs_climb_attempt(struct ixs_climb *climb);

/* All numbers of parts in turn, each from the best with one part less. */
void ixs_climb_all(struct ixs_climb *climb);
/* On from the best with so many parts. */
void ixs_climb_from(struct ixs_climb *climb, size_t nparts);
/* Once more from where the last climb ended, with other weights. */
void ixs_climb_again(struct ixs_climb *climb, double jitter);

/* The jitter that the residuals of the richest fit show. */
double ixs_climb_jitter(struct ixs_climb *climb);

#endif
