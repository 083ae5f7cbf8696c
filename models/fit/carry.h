/* SPDX-License-Identifier: GPL-3.0-or-later
 * Errors of what is made of both the data and the fit to them. With N the data of variance V, J the
 * Jacobian, C the covariance of the parameters p fitted to these very data, cov(N_i, p) = (C J^T)_i
 * to first order (Fisher scoring: dp = C J^T V^-1 dN), so that for x = Sum_i a_i N_i + h(p)
 *   var x = Sum_i a_i^2 V_i + 2 (grad h)^T C (J^T a) + (grad h)^T C (grad h).
 */
#ifndef IXS_MODELS_FIT_CARRY_H
#define IXS_MODELS_FIT_CARRY_H

#include "models/fit/fit.h"

struct ixs_carry {       /* owns its arrays */
    size_t n, p, stride; /* stride: n, and the points of background data */
    double *mu;          /* [stride] expected counts */
    double *variance;    /* [n] */
    double *jacobian;    /* [p * stride], parameter by parameter */
    double covariance[IXS_MODEL_MOST_PARAMETERS *
                      IXS_MODEL_MOST_PARAMETERS]; /* what is not known: 0 */
};

/* At the answer of a task, before the errors of the response are added to it; the model is the
 * answer's, with the points of the task, and so is the cell's (NULL: no background data). */
IXS_MUST_CHECK bool ixs_carry_make(struct ixs_carry *out, const struct ixs_fit_task *task,
                                   const struct ixs_model *model, const struct ixs_cell_model *cell,
                                   const struct ixs_fit_answer *answer, struct ixs_err *err);
void ixs_carry_dispose(struct ixs_carry *carry);

/* Error of Sum_i a_i N_i + h(p): a [n] (NULL: zeros), by [p] the gradient of h. */
double ixs_carry_error(const struct ixs_carry *carry, const double *a, const double *by);
/* The same for one point alone: a N_i + h(p). */
double ixs_carry_point(const struct ixs_carry *carry, size_t i, double a, const double *by);

#endif
