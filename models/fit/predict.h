/* SPDX-License-Identifier: GPL-3.0-or-later
 * What errors a fit will have, from the model alone: the curvature that is expected (Fisher's
 * information; Cramer & Rao) of counts that are expected.
 */
#ifndef IXS_MODELS_FIT_PREDICT_H
#define IXS_MODELS_FIT_PREDICT_H

#include "models/fit/fit.h"

/* errors[] of all parameters of a task (its points need no counts, its start is the truth, nmodes
 * is given) when all counting times are `factor` times as long; NaN: the data would not tell. */
IXS_MUST_CHECK bool ixs_predict_errors(double *errors, struct ixs_fit_space *space,
                                       const struct ixs_fit_task *task, double factor,
                                       struct ixs_err *err);

/* The factor on the counting times for which parameter k has that error; infinite: none has. */
IXS_MUST_CHECK bool ixs_predict_factor(double *factor, struct ixs_fit_space *space,
                                       const struct ixs_fit_task *task, size_t k, double wanted,
                                       struct ixs_err *err);

#endif
