/* SPDX-License-Identifier: GPL-3.0-or-later
 * The workspace of the block-arrow minimiser, shared by its source files alone.
 */
#ifndef IXS_MODELS_ARROW_INSIDE_H
#define IXS_MODELS_ARROW_INSIDE_H

#include "models/arrow.h"

struct ixs_arrow_part { /* one block; owns its arrays */
    size_t n, all;      /* own parameters; own and common */
    double *mu, *weighted, *jacobian;
    double *curvature, *gradient; /* [all][all], [all]: of the whole block, common rows last */
    double *factor, *solved;      /* [n][n] Cholesky; [ncommon + 1][n]: H_aa^-1 [H_as, -g_a] */
    double *step, *trial;         /* [n] */
    bool *held;                   /* [n] */
    bool singular;
    double cost, deviance; /* of the trial */
};

struct ixs_arrow { /* owns its arrays */
    size_t nblocks, ncommon;
    struct ixs_arrow_part *parts;
    double *curvature, *gradient; /* of the common parameters alone: their prior */
    double *schur, *step, *trial;
    bool *held;
    double lambda, prior;
    const struct ixs_arrow_problem *problem;
    const double *at; /* common parameters in use */
    bool trying;      /* blocks at their trial, else at their p */
};

/* Eliminates all own parameters and factors the common system, for the lambda in use; *regular: it
 * is not singular. */
IXS_MUST_CHECK bool ixs_arrow_condense(struct ixs_arrow *space, bool *regular, struct ixs_err *err);

/* The step for the lambda in use, trials within bounds; the gain that it promises, NaN if there is
 * none. */
IXS_MUST_CHECK bool ixs_arrow_step(struct ixs_arrow *space, double *promise, struct ixs_err *err);

#endif
