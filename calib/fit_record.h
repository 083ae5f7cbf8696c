/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of FIT about how sure an answer is, added to the tables that grow.
 */
#ifndef IXS_CALIB_FIT_RECORD_H
#define IXS_CALIB_FIT_RECORD_H

#include "models/fit.h"
#include "products/fit.h"

struct ixs_fit_owner { /* of the rows */
    int64_t spectrum;
    int64_t first_parameter; /* number in PARAMETERS */
};

/* *room: how many rows the table has room for. */
IXS_MUST_CHECK bool ixs_fit_record_numbers(struct ixs_fit *fit, size_t *room, int64_t spectrum,
                                           const struct ixs_fit_answer *answer,
                                           struct ixs_err *err);
IXS_MUST_CHECK bool ixs_fit_record_bootstrap(struct ixs_fit *fit, size_t *room,
                                             const struct ixs_fit_owner *owner,
                                             const struct ixs_fit_answer *answer,
                                             struct ixs_err *err);
IXS_MUST_CHECK bool ixs_fit_record_posterior(struct ixs_fit *fit, size_t *room,
                                             const struct ixs_fit_owner *owner,
                                             const struct ixs_fit_answer *answer,
                                             struct ixs_err *err);

#endif
