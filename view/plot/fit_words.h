/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is said beside the picture of a fit.
 */
#ifndef IXS_VIEW_PLOT_FIT_WORDS_H
#define IXS_VIEW_PLOT_FIT_WORDS_H

#include "products/fit.h"
#include "view/plot/page.h"

/* "Ana7" is set bold by the caller; this is what follows: scan, HKL, q, temperature. */
void ixs_fit_place(const struct ixs_fit_spectrum *row, bool scan, bool temperature, size_t size,
                   char *room);

/* "FWHM 1.2(1) meV", "FWHM <0.4 meV", "relaxation 3.1(2) meV"; level: said behind a limit. */
void ixs_fit_width_words(const struct ixs_fit_mode *mode, const char *level, size_t size,
                         char *room);

/* Status, deviance and modes in a few short lines for a corner. */
void ixs_fit_words_short(struct ixs_words *words, const struct ixs_fit *fit,
                         const struct ixs_fit_spectrum *row);

/* All of it, for the column beside a single panel. */
void ixs_fit_words_long(struct ixs_words *words, const struct ixs_fit *fit,
                        const struct ixs_fit_spectrum *row);

/* The mode with that number of a spectrum, or NULL; its colour. */
const struct ixs_fit_mode *ixs_fit_mode_of(const struct ixs_fit *fit, int64_t spectrum,
                                           int64_t mode);
const char *ixs_fit_mode_colour(size_t k);

#endif
