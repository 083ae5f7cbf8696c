/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectra and analyzers that are not good, those of one scan that say the same in one line.
 */
#ifndef IXS_CALIB_INSTRUMENT_DOUBT_H
#define IXS_CALIB_INSTRUMENT_DOUBT_H

#include "models/fit/fit.h"
#include "products/calibration.h"
#include "products/fit.h"
#include "products/spectra.h"

/* "S0012.fits Ana1 Ana2: no-data: bursts" of row i and of those behind it; false: row i is good, or
 * was told with one before it. */
bool ixs_doubt_fit(const struct ixs_fit *fit, size_t i, size_t size, char *text);
/* The same of answers[nspectra] to the spectra of one product. */
bool ixs_doubt_answers(const struct ixs_spectra *spectra, const struct ixs_fit_answer *answers,
                       size_t i, size_t size, char *text);
/* "Ana1 Ana2: nominal: no reference scans" of the analyzers of a CALIB. */
bool ixs_doubt_calib(const struct ixs_calib *calib, size_t i, size_t size, char *text);

#endif
