/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a spectrum's counts tell of the analyzer before anything is fitted: bursts of a noisy
 * detector, and whether there is any signal. Points that have a flag are passed over.
 */
#ifndef IXS_CALIB_INSTRUMENT_QUALITY_H
#define IXS_CALIB_INSTRUMENT_QUALITY_H

#include "calib/instrument/instrument.h"
#include "products/spectra.h"

/* Widths of a line that an analyzer can see and of the narrowest true feature, meV: of the
 * analyzer, the instrument (may be NULL), or what is usual. */
void ixs_quality_widths(const struct ixs_instrument *instrument, const char *analyzer, double *fwhm,
                        double *narrowest);

/* Flags points with IXS_FLAG_BURST and returns how many. For any spectrum S that is not negative,
 * seen through a response with a Gaussian core of FWHM w or wider,
 *   S(E) <= b/(a+b) K(a) S(E-a) + a/(a+b) K(b) S(E+b),   K(d) = exp(4 ln2 d^2/w^2)
 * (equality at the top of a single line of FWHM w; from the inequality of weighted means). A point
 * is a burst if its counts are over twice this bound, as its neighbours tell it, and come with a
 * chance below 1e-6 if the bound is met (negative binomial: all three counts are Poisson). Tried
 * with the nearest and the second nearest neighbours that are not bursts themselves, until no more
 * are found. narrowest: w, meV. */
size_t ixs_quality_bursts(size_t n, struct ixs_point *points, double narrowest);

/* Number of points above the bound, by however little, with a chance below 1e-3. */
size_t ixs_quality_rough(size_t n, const struct ixs_point *points, double narrowest);

/* Largest 2 ln(likelihood ratio) of one line (Gaussian, anywhere in the range, of FWHM w, 3 w or
 * 9 w) on a flat background against the flat background alone; the search ends when it is above
 * `enough`. Without a line it stays below 25 in all but one of about ten thousand spectra. */
IXS_MUST_CHECK bool ixs_quality_signal(size_t n, const struct ixs_point *points, double fwhm,
                                       double enough, double *ratio, struct ixs_err *err);

/* The word for the whole spectrum, after flagging its bursts:
 * "bursts": half the counts are in bursts, or at least three points, and three in a hundred, are
 *           bursts or rough;
 * "no-signal": ratio below 25;
 * "good": else. */
IXS_MUST_CHECK bool ixs_quality_word(size_t n, struct ixs_point *points, double narrowest,
                                     double fwhm, const char **word, struct ixs_err *err);

#endif
