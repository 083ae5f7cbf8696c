/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/standard: a response as a smooth table, between its fit and its errors.
 */
#ifndef IXS_CALIB_STANDARD_SMOOTH_H
#define IXS_CALIB_STANDARD_SMOOTH_H

#include "calib/standard/parts.h"

/* Second difference at node j of n coefficients on a circle. */
double ixs_smooth_bend(size_t n, const double *coefficient, size_t j);

/* Fills covariance, fwhm_err, center_err and share_err of *shape, a table, whose fwhm and excess
 * are set, from the covariance[size][size] of its coefficients, the first of `size` parameters;
 * `first` is the trace that tells what the inelastic part's error does. */
IXS_MUST_CHECK bool ixs_smooth_errors(struct ixs_shape *shape, const struct ixs_trace *first,
                                      size_t size, const double *covariance, struct ixs_err *err);

#endif
