/* SPDX-License-Identifier: GPL-3.0-or-later
 * One energy scan to one calibrated spectrum per analyzer.
 */
#ifndef IXS_CALIB_REDUCTION_REDUCTION_H
#define IXS_CALIB_REDUCTION_REDUCTION_H

#include "base/notes.h"
#include "calib/instrument/acceptance.h"
#include "calib/experiment/experiment.h"
#include "products/calibration.h"
#include "products/raw.h"
#include "products/spectra.h"

struct ixs_reduction { /* borrows all */
    const struct ixs_experiment *experiment;
    const struct ixs_calib *calib; /* NULL: none */
    bool unfinished;               /* take a scan that is still being written */
};

/* Adds the spectra of one scan to *out (all-zero before the first; the first scan's monitor
 * reference, lattice and names stand for all). `path` names the scan in notes and failures. Fails
 * with IXS_INPUT where the scan is none of energy, has no points, is still being written or lacks
 * the columns that the instrument names; then *out is as it was. */
IXS_MUST_CHECK bool ixs_reduction_add(struct ixs_spectra *out, const struct ixs_raw *raw,
                                      const char *path, const struct ixs_reduction *how,
                                      struct ixs_notes *notes, struct ixs_err *err);

struct ixs_sight { /* how one analyzer looks at the sample */
    struct ixs_angles angles;
    struct ixs_opening opening;
    bool open;         /* the opening is known */
    double wavelength; /* Angstrom */
};

/* Where the analyzers of a scan look, and at what temperature, without any points: what scans that
 * repeat each other have in common. Q_WIDTH is left out: *sights [out->nspectra] (the caller frees)
 * tell it. A scan that cannot be reduced has none. */
IXS_MUST_CHECK bool ixs_reduction_setting(struct ixs_spectra *out, struct ixs_sight **sights,
                                          const struct ixs_raw *raw,
                                          const struct ixs_experiment *experiment,
                                          struct ixs_err *err);
/* 1/Angstrom; NaN: not known. */
double ixs_sight_width(const struct ixs_sight *sight);

#endif
