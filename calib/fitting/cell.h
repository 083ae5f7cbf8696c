/* SPDX-License-Identifier: GPL-3.0-or-later
 * BACKGROUND of a SPECTRA product as data of a fit.
 */
#ifndef IXS_CALIB_FITTING_CELL_H
#define IXS_CALIB_FITTING_CELL_H

#include "models/fit/cell.h"
#include "products/spectra.h"

struct ixs_fitting_cell { /* owns its array; all-zero: no background data */
    struct ixs_cell cell; /* points into it; without points if none can be used */
    double *owned;
};

/* Rows of that spectrum which no flag bars, within the range that is fitted (meV; NaN: open). */
IXS_MUST_CHECK bool ixs_fitting_cell_make(struct ixs_fitting_cell *out,
                                          const struct ixs_spectra *spectra, int64_t spectrum,
                                          const double range[2], struct ixs_err *err);
void ixs_fitting_cell_dispose(struct ixs_fitting_cell *cell);

#endif
