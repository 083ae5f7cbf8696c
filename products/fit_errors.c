/* SPDX-License-Identifier: GPL-3.0-or-later
 * Columns of FIT's tables NUMBERS, BOOTSTRAP and POSTERIOR.
 */
#include "products/fit_errors.h"

#include "products/declare.h"

static const struct ixs_column number_columns[] = {
    IXS_COLUMN_INT(ixs_fit_number_row, spectrum, "SPECTRUM", "", "number of the spectrum"),
    IXS_COLUMN_INT(ixs_fit_number_row, nmodes, "NMODES", "", "modes"),
    IXS_COLUMN_REAL(ixs_fit_number_row, deviance, "DEVIANCE", "",
                    "of the best fit; infinite: there is none"),
    IXS_COLUMN_REAL(ixs_fit_number_row, aicc, "AICC", "",
                    "corrected Akaike criterion, lower is better"),
    IXS_COLUMN_REAL(ixs_fit_number_row, bic, "BIC", "", "Schwarz's criterion, lower is better"),
    IXS_COLUMN_REAL(ixs_fit_number_row, log_evidence, "LOG_EVIDENCE", "",
                    "logarithm of the evidence of all minima found"),
    IXS_COLUMN_REAL(ixs_fit_number_row, probability, "PROBABILITY", "",
                    "of this number; before the data each is half as probable as one less"),
    IXS_COLUMN_INT(ixs_fit_number_row, chosen, "CHOSEN", "", "1: the number that was fitted"),
};

/* Whose figures a row has, the same in both tables. */
#define PARAMETER(row)                                                                             \
    IXS_COLUMN_INT(row, parameter, "PARAMETER", "", "number in PARAMETERS"),                       \
        IXS_COLUMN_INT(row, spectrum, "SPECTRUM", "", "number of the spectrum; 0: shared"),        \
        IXS_COLUMN_TEXT(row, component, "COMPONENT", "as in PARAMETERS"),                          \
        IXS_COLUMN_TEXT(row, name, "NAME", "as in PARAMETERS"),                                    \
        IXS_COLUMN_TEXT(row, unit, "UNIT", "of all values")

static const struct ixs_column bootstrap_columns[] = {
    PARAMETER(ixs_fit_bootstrap_row),
    IXS_COLUMN_REAL(ixs_fit_bootstrap_row, value, "VALUE", "", "that counts were drawn from"),
    IXS_COLUMN_REAL(ixs_fit_bootstrap_row, bias, "BIAS", "", "median of the draws less VALUE"),
    IXS_COLUMN_REAL(ixs_fit_bootstrap_row, sd, "SD", "",
                    "half the range of the middle 68 % of the draws"),
    IXS_COLUMN_REAL(ixs_fit_bootstrap_row, lo, "LO", "",
                    "lower end of the 68 % interval, corrected for bias"),
    IXS_COLUMN_REAL(ixs_fit_bootstrap_row, hi, "HI", "", "upper end of the 68 % interval"),
    IXS_COLUMN_INT(ixs_fit_bootstrap_row, draws, "DRAWS", "",
                   "draws of the spectrum, or of its set, that were fitted"),
    IXS_COLUMN_REAL(ixs_fit_bootstrap_row, p_value, "P_VALUE", "",
                    "share of the draws with a larger deviance"),
};

static const struct ixs_column posterior_columns[] = {
    PARAMETER(ixs_fit_posterior_row),
    IXS_COLUMN_REAL(ixs_fit_posterior_row, mean, "MEAN", "", "NaN: refused, see STATE"),
    IXS_COLUMN_REAL(ixs_fit_posterior_row, sd, "SD", "", "standard deviation"),
    IXS_COLUMN_REAL(ixs_fit_posterior_row, median, "MEDIAN", "", "median"),
    IXS_COLUMN_REAL(ixs_fit_posterior_row, lo, "LO", "", "16 % lie below"),
    IXS_COLUMN_REAL(ixs_fit_posterior_row, hi, "HI", "", "16 % lie above"),
    IXS_COLUMN_REAL(ixs_fit_posterior_row, r_hat, "R_HAT", "",
                    "scatter between chains and their halves; 1: none, up to 1.01 is good"),
    IXS_COLUMN_REAL(ixs_fit_posterior_row, draws, "DRAWS", "", "effective number of draws"),
    IXS_COLUMN_TEXT(ixs_fit_posterior_row, state, "STATE",
                    "good, or refused: R_HAT or DRAWS are not good enough"),
};

IXS_TABLE(ixs_table_fit_numbers, "NUMBERS", "numbers of modes that were tried", ixs_fit_number_row,
          number_columns);
IXS_TABLE(ixs_table_fit_bootstrap, "BOOTSTRAP", "one row per parameter: parametric bootstrap",
          ixs_fit_bootstrap_row, bootstrap_columns);
IXS_TABLE(ixs_table_fit_posterior, "POSTERIOR", "one row per parameter: Markov chains",
          ixs_fit_posterior_row, posterior_columns);
