/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numerical convolution of a mode with a response by adaptive quadrature: slow, and independent of
 * the pole form, which it checks.
 */
#ifndef IXS_MODELS_CONVOLVE_H
#define IXS_MODELS_CONVOLVE_H

#include "models/dho.h"

#include "base/err.h"

/* (R x S)(E) to the relative accuracy asked for. Fails with IXS_OUTPUT without memory, IXS_BUG when
 * the quadrature does not settle. fwhm > 0. */
IXS_MUST_CHECK bool ixs_convolve(const struct ixs_dho *mode, double kelvin,
                                 const struct ixs_response *response, double energy,
                                 double accuracy, double *value, struct ixs_err *err);

#endif
