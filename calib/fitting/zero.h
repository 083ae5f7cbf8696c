/* SPDX-License-Identifier: GPL-3.0-or-later
 * A zero that nothing is known of beforehand (a lent response) is told by detailed balance and the
 * elastic line. A weak spectrum can take a Stokes or anti-Stokes line for its elastic line; the
 * other analyzers of the same scan, whose zeros lie within a few meV of each other, tell that it
 * did.
 */
#ifndef IXS_CALIB_FITTING_ZERO_H
#define IXS_CALIB_FITTING_ZERO_H

#include "models/fit/fit.h"
#include "products/spectra.h"

struct ixs_fitting_guide { /* for one spectrum */
    bool wanted;
    double zero, spread; /* meV, Gaussian prior from the other analyzers */
};

/* Which spectra with a flat prior found a zero more than four spreads from the median of at least
 * three other analyzers of the same scans. The spread is 1.48 x the median absolute deviation, and
 * at least 1.5 meV: the offsets in one array seen in public HERIX data reach from -0.8 to +1.5 meV
 * (2018) and 5 to 9 meV (2015). Returns whether there is any. */
bool ixs_fitting_guides(struct ixs_fitting_guide *guides, const struct ixs_spectra *spectra,
                        const struct ixs_fit_answer *answers);

#endif
