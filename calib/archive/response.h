/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses from archived spectra of a reference sample: ID28's .exp and .nor, or any other.
 */
#ifndef IXS_CALIB_ARCHIVE_RESPONSE_H
#define IXS_CALIB_ARCHIVE_RESPONSE_H

#include "products/calibration.h"
#include "products/spectra.h"

struct ixs_archive_responses { /* all borrowed */
    size_t npaths;
    const char **paths;
    bool unweighted; /* least squares of the intensities, as ID28 did it */
    const struct ixs_reading *reading;
    struct ixs_provenance *provenance;
};

/* Fits y0 + A [eta L + (1-eta) G](E - center; fwhm) to each spectrum: by its statistics (counts, or
 * stated errors), or unweighted. *taken is false, and nothing done, where the first path is no
 * product of SPECTRA. */
IXS_MUST_CHECK bool ixs_archive_responses(struct ixs_calib *out,
                                          const struct ixs_archive_responses *how, bool *taken,
                                          struct ixs_err *err);

#endif
