/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Faddeeva function w(z) = exp(-z^2) erfc(-iz), the Cauchy transform of a Gaussian.
 */
#ifndef IXS_MODELS_LINE_FADDEEVA_H
#define IXS_MODELS_LINE_FADDEEVA_H

#include "models/line/complex_number.h"

#include <stddef.h>

/* w(z) for Im z >= 0, to 1e-13 of |w|; a little below the real axis the same analytic function,
 * with growing error. */
double complex ixs_faddeeva(double complex z);

/* A row of values at x[i] + iy: w = re + i im, for y >= 0. re, im [n]. */
void ixs_faddeeva_row(size_t n, const double *x, double y, double *re, double *im);

/* The same and w'(z) = -2 z w + 2i/sqrt(pi), to 1e-13 absolute for |z| below 1000. */
void ixs_faddeeva_row_slope(size_t n, const double *x, double y, double *re, double *im,
                            double *slope_re, double *slope_im);

#endif
