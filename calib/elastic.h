/* SPDX-License-Identifier: GPL-3.0-or-later
 * The elastic line of each spectrum: found by the full fit (so that low-lying modes do not count as
 * elastic), then subtracted with its uncertainty. For looking and export; ixs-fit refits it.
 */
#ifndef IXS_CALIB_ELASTIC_H
#define IXS_CALIB_ELASTIC_H

#include "calib/fitting.h"

/* Fills ELASTIC, INELASTIC and their errors, and the area in SPECTRA, from answers of
 * ixs_fitting_answers. Without a fit they stay NaN. */
void ixs_elastic_subtract(struct ixs_spectra *spectra, const struct ixs_calib *calib,
                          const struct ixs_fit_answer *answers);

#endif
