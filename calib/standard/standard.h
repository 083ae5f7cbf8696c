/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calibration: resolution functions, energy zeros, drift and efficiencies of all analyzers from
 * scans of a reference sample (plexiglas, PMMA), whose elastic line is the response itself.
 */
#ifndef IXS_CALIB_STANDARD_STANDARD_H
#define IXS_CALIB_STANDARD_STANDARD_H

#include "base/notes.h"
#include "calib/experiment/experiment.h"
#include "products/calibration.h"
#include "products/raw.h"

enum ixs_standard_form {                      /* of the responses */
                         IXS_STANDARD_SUM,    /* of pseudo-Voigts, as many as the data demand */
                         IXS_STANDARD_SINGLE, /* one pseudo-Voigt, as beamlines quote it */
                         IXS_STANDARD_TABLE,  /* a smooth table, from the sum */
                         IXS_STANDARD_FORMS
};

extern const char *const ixs_standard_forms[IXS_STANDARD_FORMS]; /* their words */

struct ixs_standard_task { /* all borrowed */
    enum ixs_standard_form form;
    bool all_scans;   /* responses from all long scans that light an analyzer, at all angles */
    bool inelastic;   /* the sample's inelastic part is taken off where scans or a prior tell it */
    bool multiphonon; /* with two phonons in it */
    size_t nscans;
    const struct ixs_raw *scans; /* [nscans]; those that do not scan the energy are passed over */
    const struct ixs_experiment *experiment; /* and its instrument */
    double scale;                            /* energies are multiplied by it; 0: 1 */
    size_t threads;
    struct ixs_notes *notes;
};

/* Fills *out (its identity and keywords too), one row for each analyzer of the instrument. Fails if
 * no scan can be used; an analyzer that no scan lights is `uncalibrated`, with the reason. */
IXS_MUST_CHECK bool ixs_standard_calibrate(struct ixs_calib *out,
                                           const struct ixs_standard_task *task,
                                           struct ixs_err *err);

/* Without scans: the instrument's nominal responses, zeros (if it states them) and efficiencies. */
IXS_MUST_CHECK bool ixs_standard_nominal(struct ixs_calib *out,
                                         const struct ixs_instrument *instrument,
                                         struct ixs_err *err);

#endif
