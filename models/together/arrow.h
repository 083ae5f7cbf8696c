/* SPDX-License-Identifier: GPL-3.0-or-later
 * Minimises the Poisson deviance of many blocks of data that have parameters of their own and some
 * in common: the curvature then has the shape of an arrow, and the own parameters are eliminated
 * block by block (Schur complement). Levenberg-Marquardt with Fisher scoring as in solve.h; bounds
 * by projection; Gaussian priors of any shape, as the user adds them.
 */
#ifndef IXS_MODELS_TOGETHER_ARROW_H
#define IXS_MODELS_TOGETHER_ARROW_H

#include "models/fit/solve.h"

enum { IXS_ARROW_SHARED = -1 }; /* "block" of the common parameters */

/* Expected counts of one block and, where jacobian is not NULL, jacobian[k * ndata + i] = d mu_i/d
 * p_k: own parameters first, the common ones behind. Blocks run side by side. */
typedef void ixs_arrow_model(void *context, size_t block, const double *own, const double *common,
                             double *mu, double *jacobian);
/* Before all blocks: what the common parameters alone decide (may be NULL). */
typedef void ixs_arrow_prepare(void *context, const double *common);
/* Cost of the prior on the parameters of a block (or of IXS_ARROW_SHARED), in units of deviance;
 * adds to half its gradient [n] and half its curvature [n][n] where they are not NULL. */
typedef double ixs_arrow_prior(void *context, long block, const double *p, double *gradient,
                               double *curvature);

/* Instead of a model and a prior: the cost of a block (deviance and prior) and, where they are not
 * NULL, half its gradient [nown + nuses] and half its expected curvature, own parameters first. */
typedef double ixs_arrow_whole(void *context, size_t block, size_t worker, const double *own,
                               const double *common, double *gradient, double *curvature);

struct ixs_arrow_block { /* all borrowed */
    size_t nown, ndata;
    const double *counts;
    double *p;                   /* [nown] start in, minimum out */
    const double *lower, *upper; /* [nown]; lower == upper holds */
    size_t nuses;                /* common parameters that it knows of, */
    const size_t *uses;          /* [nuses] which, each once; NULL: all */
    const bool
        *loose; /* [nown] those whose error is wanted at the lower bound too (settle); NULL */
};

struct ixs_arrow_problem { /* all borrowed */
    size_t nblocks, ncommon;
    struct ixs_arrow_block *blocks;
    double *common;              /* [ncommon] start in, minimum out */
    const double *lower, *upper; /* [ncommon] */
    const bool *loose;           /* [ncommon] as in blocks; NULL: none */
    ixs_arrow_model *model;
    ixs_arrow_whole *whole;     /* not NULL: blocks have neither model nor data nor prior */
    ixs_arrow_prepare *prepare; /* may be NULL */
    ixs_arrow_prior *prior;     /* may be NULL */
    void *context;
    size_t threads, most_iterations;
    double tolerance; /* done when the next step promises less */
    bool brief;       /* the minimum is all that is asked for: no covariance, no states */
};

struct ixs_arrow_result {
    double objective; /* deviance + priors */
    double left;      /* what the step that was not taken any more promised */
    size_t iterations;
    bool converged;
};

struct ixs_arrow; /* workspace */

IXS_MUST_CHECK bool ixs_arrow_new(struct ixs_arrow **out, const struct ixs_arrow_problem *problem,
                                  struct ixs_err *err);
void ixs_arrow_free(struct ixs_arrow *space); /* accepts NULL */

IXS_MUST_CHECK bool ixs_arrow_run(struct ixs_arrow *space, const struct ixs_arrow_problem *problem,
                                  struct ixs_arrow_result *result, struct ixs_err *err);

/* After a run: deviance of a block; its expected counts; covariance [(nown + nuses)^2] of its own
 * parameters and the common ones that it uses, those at bounds taken as fixed (zero rows). */
double ixs_arrow_deviance(const struct ixs_arrow *space, size_t block);
double ixs_arrow_cost(const struct ixs_arrow *space, size_t block); /* and prior */
const double *ixs_arrow_expected(const struct ixs_arrow *space, size_t block);
void ixs_arrow_covariance(const struct ixs_arrow *space, size_t block, double *covariance);

/* After a run: which parameters are told by the data, and from then on covariances without those
 * that are not (NaN rows). loose: with the parameters so marked free of their lower bounds. */
IXS_MUST_CHECK bool ixs_arrow_settle(struct ixs_arrow *space, bool loose, struct ixs_err *err);
const enum ixs_solve_state *ixs_arrow_own_states(const struct ixs_arrow *space, size_t block);
const enum ixs_solve_state *ixs_arrow_common_states(const struct ixs_arrow *space);
/* Covariance of common parameters i and j. */
double ixs_arrow_common_covariance(const struct ixs_arrow *space, size_t i, size_t j);

/* Where all parameters go, as settled, when half-gradients [nown + nuses] are added to those of
 * the blocks (NULL: none): to first order the minimum moves by common[ncommon] and
 * own[block][nown]. Those of the blocks themselves, NULL: the step that is left to the minimum
 * without bounds. */
void ixs_arrow_respond(struct ixs_arrow *space, const double *const *gradients, double *common,
                       double *const *own);

/* What one block by itself says of the common parameters that it uses, as settled, its own
 * eliminated: half-curvature left[nuses^2] and half-gradient slope[nuses]. */
void ixs_arrow_alone(const struct ixs_arrow *space, size_t block, double *left, double *slope);

/* Whether the blocks agree on the common parameters: Rao's score against each block having them to
 * itself, as settled: chi squared, and of how many degrees of freedom. */
double ixs_arrow_tension(struct ixs_arrow *space, long *dof);

#endif
