/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words that columns may hold, as declared and as checked.
 */
#ifndef IXS_PRODUCTS_WORDS_H
#define IXS_PRODUCTS_WORDS_H

#define IXS_WORDS_ENDED "COMPLETE, ABORTED, EMPTY, WRITING"
#define IXS_WORDS_CALIBRATED "good, nominal, lent, uncalibrated" /* QUALITY of CALIB */
#define IXS_WORDS_QUALITY "good, no-signal, bursts, uncalibrated, masked"
#define IXS_WORDS_RESPONSE "good, nominal, lent, none"
#define IXS_WORDS_STATIST "POISSON, GAUSSIAN"
#define IXS_WORDS_ELASTIC "good, limit, inseparable, unknown"
#define IXS_WORDS_MERGED "good, differs, scale, shift, single, not-compared"
#define IXS_WORDS_STATUS "good, bound, undetermined, not-converged, poor, no-data"
#define IXS_WORDS_REGIME "underdamped, overdamped, unresolved"
#define IXS_WORDS_STATE "free, fixed, tied, shared, bound, undetermined, inseparable"
#define IXS_WORDS_LAW "linear, sine, series, karman, mean, curved"
#define IXS_WORDS_TOLD "both, limit, relaxation, nothing, outlier"
#define IXS_WORDS_QUANTITY "omega0, fwhm, relaxation, susceptibility, kappa"

#endif
