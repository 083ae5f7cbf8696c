/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numerical convolution of a line with a response by adaptive quadrature: slow, and independent of
 * the pole form, which it checks.
 */
#ifndef IXS_MODELS_LINE_CONVOLVE_H
#define IXS_MODELS_LINE_CONVOLVE_H

#include "models/line/dho.h"
#include "models/line/transform.h"

#include "base/err.h"

struct ixs_convolve { /* what is convolved; all borrowed */
    enum ixs_line_kind kind;
    double shape[IXS_LINE_SHAPES]; /* of a line of unit amplitude; its width is above 0 */
    double kelvin;                 /* NaN: no detailed balance */
    const struct ixs_response *response;
    const struct ixs_transform *transform; /* not NULL: R is this one's real part */
};

/* (R x S)(E) to the relative accuracy asked for. Fails with IXS_OUTPUT without memory, IXS_BUG when
 * the quadrature does not settle. */
IXS_MUST_CHECK bool ixs_convolve(const struct ixs_convolve *what, double energy, double accuracy,
                                 double *value, struct ixs_err *err);

#endif
