/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/fitting: over which energies the slits spread each mode.
 */
#ifndef IXS_CALIB_FITTING_ACCEPTANCE_H
#define IXS_CALIB_FITTING_ACCEPTANCE_H

#include "calib/fitting/fitting.h"

/* meV over the width in Q of a spectrum, of a mode with this velocity (km/s); 0: width not known.
 */
double ixs_fitting_spread(const struct ixs_spectrum *spectrum, double velocity);

/* Spreads [nspectra][IXS_MODEL_MOST_MODES] of the modes found in a first round, from the same mode
 * (the nearest in energy) of the analyzers of the same scan that are next in Q. False: none is
 * known. */
bool ixs_fitting_spreads(double *spreads, const struct ixs_spectra *spectra,
                         const struct ixs_fit_answer *answers);

#endif
