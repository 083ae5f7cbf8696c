/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parametric bootstrap (Efron & Tibshirani, An Introduction to the Bootstrap, 1993): counts are
 * drawn from what was fitted, the zero's calibration from its error, and fitted again from the same
 * minimum.
 */
#ifndef IXS_MODELS_EVIDENCE_BOOTSTRAP_H
#define IXS_MODELS_EVIDENCE_BOOTSTRAP_H

#include "models/fit/fit.h"

#include <stdint.h>

struct ixs_bootstrap_rules {
    uint64_t seed, index; /* of the random numbers: a run, a spectrum in it */
    size_t draws;
};

/* Into answer->bootstrap. Intervals are percentiles corrected for the bias of the median (Efron's
 * BC), plain ones of a parameter at a bound; response_errors are in them. */
IXS_MUST_CHECK bool ixs_bootstrap_run(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                                      const struct ixs_bootstrap_rules *rules,
                                      struct ixs_fit_answer *answer, struct ixs_err *err);

/* For others that draw. Expected counts of a task at these parameters; counts drawn from such, in
 * the task's units; the figures of one parameter from values [n] of draws, which get sorted. */
struct ixs_bootstrap_of {
    double value, response_error;
    bool free; /* else at a bound */
};
void ixs_bootstrap_expect(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                          const double *parameters, double *expected);
void ixs_bootstrap_counts(const struct ixs_fit_task *task, const double *expected, uint64_t *state,
                          double *counts);
void ixs_bootstrap_measure(size_t n, double *values, const struct ixs_bootstrap_of *of,
                           struct ixs_bootstrap_figure *out);

#endif
