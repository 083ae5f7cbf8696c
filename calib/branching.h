/* SPDX-License-Identifier: GPL-3.0-or-later
 * FIT products -> DISPERSION: every mode at its own reduced q, gathered into branches.
 */
#ifndef IXS_CALIB_BRANCHING_H
#define IXS_CALIB_BRANCHING_H

#include "products/dispersion.h"
#include "products/fit.h"

struct ixs_branching {
    double tolerance; /* meV, how far off a branch a mode may lie whatever its error */
    double warm;      /* K, modes whose temperatures differ by more are kept apart */
};

/* Adds all modes of a FIT product to POINTS. */
IXS_MUST_CHECK bool ixs_branching_add(struct ixs_dispersion *out, const struct ixs_fit *fit,
                                      struct ixs_err *err);

/* Sets BRANCH of all points and makes BRANCHES. Modes are compared where their spectra share the
 * temperature; directions of q are taken as equivalent (the remark of a branch says how far they
 * differ). Only modes with a determined energy take part. */
IXS_MUST_CHECK bool ixs_branching_find(struct ixs_dispersion *out,
                                       const struct ixs_branching *rules, struct ixs_err *err);

#endif
