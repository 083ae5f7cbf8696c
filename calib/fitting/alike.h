/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which spectra share what the model file shares: those that differ in no more than it names.
 */
#ifndef IXS_CALIB_FITTING_ALIKE_H
#define IXS_CALIB_FITTING_ALIKE_H

#include "calib/fitting/parts.h"

struct ixs_fitting_member { /* a spectrum among those of all products; borrowed */
    const struct ixs_spectra *of;
    const struct ixs_spectrum *spectrum;
};

/* Numbers groups from 0 in the order of their first members; *ngroups of them. Spectra are alike
 * but for what `over` says:
 *   scans         the same Q, temperature and analyzer
 *   temperatures  the same Q and analyzer
 *   zones         the same temperature, and reduced q equivalent by symmetry (or as long)
 *   analyzers     the same scan
 *   all           nothing
 * and of several what all of them leave; with zones, q stays what it is. Fails on a symmetry that
 * is none, or not one of the lattice. */
IXS_MUST_CHECK bool ixs_fitting_groups(size_t *groups, size_t *ngroups, size_t n,
                                       const struct ixs_fitting_member *members, unsigned over,
                                       const struct ixs_fitting_parts *parts, struct ixs_err *err);

#endif
