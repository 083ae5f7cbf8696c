/* SPDX-License-Identifier: GPL-3.0-or-later
 * The responses of all analyzers of a CALIB, made ready for fits once.
 */
#ifndef IXS_CALIB_FITTING_RESPONSES_H
#define IXS_CALIB_FITTING_RESPONSES_H

#include "models/response/uncertain.h"
#include "products/calibration.h"

struct ixs_fitting_response {
    const char *analyzer; /* borrowed from the CALIB */
    struct ixs_response response;
    struct ixs_transforms transforms;
    struct ixs_uncertain uncertain;
};

struct ixs_fitting_responses { /* owns its array; all-zero is empty */
    size_t n;
    struct ixs_fitting_response *list;
};

/* Analyzers whose response is of no use are left out. exact: as if they had no errors. threads: as
 * in base/parallel.h. */
IXS_MUST_CHECK bool ixs_fitting_responses_make(struct ixs_fitting_responses *out,
                                               const struct ixs_calib *calib, bool exact,
                                               size_t threads, struct ixs_err *err);
void ixs_fitting_responses_dispose(struct ixs_fitting_responses *responses);

/* NULL if there is none of that analyzer. */
const struct ixs_fitting_response *
ixs_fitting_responses_of(const struct ixs_fitting_responses *responses, const char *analyzer);

/* The response of an analyzer as CALIB has it; empty if it has none. */
void ixs_fitting_response(struct ixs_response *out, const struct ixs_calib *calib,
                          const char *analyzer);

#endif
