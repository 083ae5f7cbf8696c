/* SPDX-License-Identifier: GPL-3.0-or-later
 * A response that is not known exactly, and what its errors do to a fit. With theta the parameters
 * of R and C their covariance, F the curvature of the fit, J and w = 1/mu its Jacobian and weights,
 * a change of theta shifts the estimate by
 *   dp = -F^-1 J^T w (dmu/dtheta) dtheta         (the data stay, the model has to follow)
 * so that (F^-1 J^T w dmu/dtheta) C (..)^T adds to its covariance. C is taken apart into
 * independent directions first: each is a response moved to either side by a step.
 */
#ifndef IXS_MODELS_RESPONSE_UNCERTAIN_H
#define IXS_MODELS_RESPONSE_UNCERTAIN_H

#include "models/fit/fit.h"

struct ixs_uncertain { /* owns its array; all-zero: known exactly */
    size_t n;          /* directions */
    struct ixs_uncertain_end {
        double step; /* between the two, in standard deviations of the direction */
        double by[IXS_RESPONSE_VALUES]; /* one of them */
        struct ixs_transforms low, high;
    } * ends; /* [n] */
};

/* covariance [count][count] of the values of ixs_response_count(); entries that are not finite
 * count as 0. Directions that change R by less than a hundredth of all are left out. */
IXS_MUST_CHECK bool ixs_uncertain_make(struct ixs_uncertain *out,
                                       const struct ixs_response *response,
                                       const double *covariance, struct ixs_err *err);
/* The same in two steps: which directions there are; then, what takes the time and may be done on
 * any thread, their transforms. */
IXS_MUST_CHECK bool ixs_uncertain_plan(struct ixs_uncertain *out,
                                       const struct ixs_response *response,
                                       const double *covariance, struct ixs_err *err);
void ixs_uncertain_fill(struct ixs_uncertain *uncertain, const struct ixs_response *response);
void ixs_uncertain_dispose(struct ixs_uncertain *uncertain);

struct ixs_uncertain_space; /* workspace of one thread */

IXS_MUST_CHECK bool ixs_uncertain_space_new(struct ixs_uncertain_space **out, size_t most_points,
                                            struct ixs_err *err);
void ixs_uncertain_space_free(struct ixs_uncertain_space *space); /* accepts NULL */

/* Adds to all errors, intervals, limits and covariances of an answer what the response's errors
 * make of them. task->transforms is set. */
void ixs_uncertain_add(struct ixs_uncertain_space *space, const struct ixs_uncertain *uncertain,
                       const struct ixs_fit_task *task, struct ixs_fit_answer *answer);

/* For fits of many spectra together, the same in parts: what one standard deviation of each
 * direction adds to half the gradient, gradients[n][nparameters], at the answer's parameters; then,
 * of one answer, begin, the shift of its parameters by each independent direction there is, widen.
 */
void ixs_uncertain_gradients(struct ixs_uncertain_space *space,
                             const struct ixs_uncertain *uncertain, const struct ixs_fit_task *task,
                             const struct ixs_fit_answer *answer, double *gradients);
void ixs_uncertain_begin(struct ixs_uncertain_space *space);
void ixs_uncertain_shift(struct ixs_uncertain_space *space, const struct ixs_fit_answer *answer,
                         const double *shift);
void ixs_uncertain_widen(const struct ixs_uncertain_space *space, struct ixs_fit_answer *answer);

#endif
