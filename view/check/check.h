/* SPDX-License-Identifier: GPL-3.0-or-later
 * Complaints about a product: what its tables say against each other and against their own words.
 */
#ifndef IXS_VIEW_CHECK_CHECK_H
#define IXS_VIEW_CHECK_CHECK_H

#include "base/err.h"

#include <stdio.h>

struct ixs_complaints {
    FILE *out;
    const char *path;
    size_t count;
};

struct ixs_raw;
struct ixs_calib;
struct ixs_spectra;
struct ixs_fit;
struct ixs_dispersion;
void ixs_check_raw(struct ixs_complaints *complaints, const struct ixs_raw *raw);
void ixs_check_calib(struct ixs_complaints *complaints, const struct ixs_calib *calib);
void ixs_check_spectra(struct ixs_complaints *complaints, const struct ixs_spectra *spectra);
void ixs_check_fit(struct ixs_complaints *complaints, const struct ixs_fit *fit);
/* Its temperature series, as part of that below. */
void ixs_check_thermal(struct ixs_complaints *complaints, const struct ixs_dispersion *dispersion);
void ixs_check_dispersion(struct ixs_complaints *complaints,
                          const struct ixs_dispersion *dispersion);

/* One line "PATH[TABLE]: row N: text"; row 0 is about the table. The first fifty are printed, all
 * are counted. */
void ixs_complain(struct ixs_complaints *complaints, const char *table, size_t row,
                  const char *format, ...) IXS_PRINTF(4, 5);

/* Complains unless `word` is one of `words` (products/words.h). */
void ixs_check_word(struct ixs_complaints *complaints, const char *table, size_t row,
                    const char *column, const char *word, const char *words);

/* Complains about a number that is below or above the range; NaN, for not known, is in it. */
void ixs_check_range(struct ixs_complaints *complaints, const char *table, size_t row,
                     const char *column, double value, double least, double most);

#endif
