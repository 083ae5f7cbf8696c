/* SPDX-License-Identifier: GPL-3.0-or-later
 * The workspace of the block-arrow minimiser, shared by its source files alone.
 */
#ifndef IXS_MODELS_TOGETHER_ARROW_INSIDE_H
#define IXS_MODELS_TOGETHER_ARROW_INSIDE_H

#include "models/together/arrow.h"

struct ixs_arrow_part { /* one block; owns its arrays */
    size_t n, m, all;   /* own parameters; common ones it uses; both */
    const size_t *uses; /* [m]; NULL: all in their order */
    double *mu, *weighted, *jacobian;
    double *curvature, *gradient; /* [all][all], [all]: of the whole block, common rows last */
    double *ahead;                /* [all][all], [all]: the same of a trial, of whole blocks */
    double *factor, *solved;      /* [n][n] Cholesky; [m + 1][n]: H_aa^-1 [H_as, -g_a] */
    double *step, *trial, *spare; /* [n], [n], [n][n] + [n] */
    bool *held;                   /* [n] */
    enum ixs_solve_state *states; /* [n] */
    bool singular;
    double cost, deviance; /* of the trial */
};

struct ixs_arrow { /* owns its arrays */
    size_t nblocks, ncommon;
    struct ixs_arrow_part *parts;
    double *curvature, *gradient; /* of the common parameters alone: their prior */
    double *total, *slope;        /* [m][m], [m]: of all blocks and the prior */
    double *schur, *inverse, *step, *trial, *spare; /* [m][m], [m][m], [m], [m], [m] */
    bool *held;
    enum ixs_solve_state *states;
    double lambda, prior;
    const struct ixs_arrow_problem *problem;
    const double *at; /* common parameters in use */
    bool trying;      /* blocks at their trial, else at their p */
    bool loose;       /* lower bounds of those so marked are none */
};

/* Common parameter j of a block, as the whole counts it. */
static inline size_t ixs_arrow_use(const struct ixs_arrow_part *part, size_t j)
{
    return part->uses != NULL ? part->uses[j] : j;
}

/* Row of common parameter i of a block times x over its own parameters, those held left out. */
static inline double ixs_arrow_couple(const struct ixs_arrow_part *part, size_t i, const double *x)
{
    const double *row = part->curvature + (part->n + i) * part->all;
    double sum = 0;
    for (size_t k = 0; k < part->n; k++)
        sum += part->held[k] ? 0 : row[k] * x[k];
    return sum;
}

/* Eliminates all own parameters and factors the common system, for the lambda in use; *regular: it
 * is not singular. */
IXS_MUST_CHECK bool ixs_arrow_condense(struct ixs_arrow *space, bool *regular, struct ixs_err *err);

/* The parts of it: sums over blocks; one block eliminated, those held being marked; what is left of
 * the common system, not yet factored. */
void ixs_arrow_sum(struct ixs_arrow *space);
void ixs_arrow_eliminate(struct ixs_arrow_part *part, double lambda);
void ixs_arrow_reduce(struct ixs_arrow *space);
/* Of a factored common system. */
void ixs_arrow_invert(struct ixs_arrow *space);

/* The step for the lambda in use, trials within bounds; the gain that it promises, NaN if there is
 * none. */
IXS_MUST_CHECK bool ixs_arrow_step(struct ixs_arrow *space, double *promise, struct ixs_err *err);

#endif
