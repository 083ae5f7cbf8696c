/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of FIT about how sure a fit is: the number of modes, the bootstrap, the posterior.
 */
#ifndef IXS_PRODUCTS_FIT_ERRORS_H
#define IXS_PRODUCTS_FIT_ERRORS_H

#include "base/product.h"

struct ixs_fit_number_row { /* NUMBERS: each number of modes that was tried, where it was chosen */
    int64_t spectrum, nmodes;
    double deviance, aicc, bic, log_evidence;
    double probability;
    int64_t chosen; /* 1: this one */
};

struct ixs_fit_bootstrap_row { /* BOOTSTRAP: one parameter */
    int64_t parameter, spectrum;
    char component[17], name[17], unit[17];
    double value, bias, sd, lo, hi; /* in unit */
    int64_t draws;
    double p_value; /* of the spectrum */
};

struct ixs_fit_posterior_row { /* POSTERIOR: one parameter */
    int64_t parameter, spectrum;
    char component[17], name[17], unit[17];
    double mean, sd, median, lo, hi; /* in unit; NaN: refused */
    double r_hat, draws;
    char state[9]; /* good, refused */
};

extern const struct ixs_table ixs_table_fit_numbers, ixs_table_fit_bootstrap,
    ixs_table_fit_posterior;

#endif
