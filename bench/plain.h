/* SPDX-License-Identifier: GPL-3.0-or-later
 * Line shapes written out once more and convolved by plain summation: truth for the measurements,
 * nothing of it shared with models/.
 */
#ifndef IXS_BENCH_PLAIN_H
#define IXS_BENCH_PLAIN_H

#include "models/response/response.h"

#include "base/err.h"

/* R(t) as the formula of models/response/response.h says it. */
double plain_response(const struct ixs_response *response, double t);

/* S(E) of unit strength with detailed balance. */
double plain_mode(double omega0, double fwhm, double kelvin, double energy);

/* out[i] = Sum over t of R(t) S(first + i step - t), t within 150 meV in cells of 0.02 meV; `step`
 * a multiple of that. Widths from 0.1 meV on. */
IXS_MUST_CHECK bool plain_convolve(double *out, const struct ixs_response *response,
                                   const double mode[2], double kelvin, size_t n,
                                   const double grid[2], struct ixs_err *err);

#endif
