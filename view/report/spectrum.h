/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pieces of the page of a scan: its spectra, modes, and how sure their number is.
 */
#ifndef IXS_VIEW_REPORT_SPECTRUM_H
#define IXS_VIEW_REPORT_SPECTRUM_H

#include "products/fit.h"

#include <stdio.h>

enum { IXS_REPORT_ROWS = 400, IXS_EVIDENCE_SIZE = 120 }; /* of a table; of words */

struct ixs_fit_spread { /* what the spectra of a fit differ in */
    bool several_scans, several_temperatures;
    double coldest, warmest; /* K; NaN: no temperature is known */
};
struct ixs_fit_spread ixs_fit_spread(const struct ixs_fit *fit);

/* A picture of each spectrum with its fit and residuals; of very many the first, points thinned
 * out, so that the page stays small. */
void ixs_report_spectra(FILE *out, const struct ixs_fit *fit);

/* "2 modes 94 %, 3 modes 6 %": numbers of modes that are probable; "" where one was given. */
void ixs_report_evidence(const struct ixs_fit *fit, int64_t spectrum,
                         char words[IXS_EVIDENCE_SIZE]);
/* Items for spectra whose number of modes is not sure, and for sets that do not agree. */
void ixs_report_evidence_words(FILE *out, const struct ixs_fit *fit);

/* Analyzer of a spectrum of the fit, "" if there is none of that number. */
const char *ixs_report_analyzer(const struct ixs_fit *fit, int64_t spectrum);
/* Bootstrap and Markov chains, where there were any. */
void ixs_report_draws(FILE *out, const struct ixs_fit *fit);

/* "and 12 more spectra (ixs-show tells all)" if there are more than `most`. */
void ixs_report_more(FILE *out, size_t count, size_t most, const char *what);

#endif
