/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of FIT about how sure an answer is and what it looks like, added to the tables that grow.
 */
#ifndef IXS_CALIB_FITTING_RECORD_H
#define IXS_CALIB_FITTING_RECORD_H

#include "calib/fitting/responses.h"
#include "calib/fitting/together.h"
#include "products/fit.h"

struct ixs_fit_owner { /* of the rows */
    int64_t spectrum;
    int64_t first_parameter; /* number in PARAMETERS */
};

/* How many of the parameters before k have a row in PARAMETERS: the waves of a cell have none. */
size_t ixs_fit_record_rows(const struct ixs_fit_answer *answer, size_t k);

/* *room: how many rows the table has room for. */
IXS_MUST_CHECK bool ixs_fit_record_numbers(struct ixs_fit *fit, size_t *room, int64_t spectrum,
                                           const struct ixs_fit_answer *answer,
                                           struct ixs_err *err);
IXS_MUST_CHECK bool ixs_fit_record_bootstrap(struct ixs_fit *fit, size_t *room,
                                             const struct ixs_fit_owner *owner,
                                             const struct ixs_fit_answer *answer,
                                             struct ixs_err *err);
/* One row of BOOTSTRAP: `like` has all but names and figures. */
IXS_MUST_CHECK bool ixs_fit_record_draws(struct ixs_fit *fit, size_t *room,
                                         const struct ixs_fit_bootstrap_row *like,
                                         const struct ixs_model_name *words,
                                         const struct ixs_bootstrap_figure *figure,
                                         struct ixs_err *err);
IXS_MUST_CHECK bool ixs_fit_record_posterior(struct ixs_fit *fit, size_t *room,
                                             const struct ixs_fit_owner *owner,
                                             const struct ixs_fit_answer *answer,
                                             struct ixs_err *err);

struct ixs_fit_drawn { /* a spectrum and what its curves come from; all borrowed */
    const struct ixs_spectra *spectra;
    size_t index;   /* among them */
    int64_t number; /* in FIT */
    const struct ixs_fit_answer *answer;
    const struct ixs_fitting_zeros *zeros;
    const struct ixs_fitting_responses *responses;
    const struct ixs_fitting_table *table;
};
IXS_MUST_CHECK bool ixs_fit_record_curves(struct ixs_fit *fit, size_t *room,
                                          const struct ixs_fit_drawn *drawn, struct ixs_err *err);

#endif
