/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Cauchy transform of a response as one rational function, whatever the response is made of.
 * With t = L tan(theta/2) the function R(t)(L^2 + t^2) is smooth and periodic in theta; from its
 * Fourier coefficients a_n (Weideman, SIAM J. Numer. Anal. 31, 1497, 1994, for the Gaussian)
 *   W(zeta) = (i/pi) Int R(t)/(zeta - t) dt = q [1/pi + 2 q P(Z)],  P(Z) = Sum_{n=1}^N a_n Z^(n-1),
 *   q = 1/(L - i zeta),  Z = (L + i zeta) q,  Im zeta >= 0,  R = Re W on the real axis:
 * N complex multiplications for a value, whatever the number of parts. The area is exactly 1 for
 * every order N; what is cut off in shape is told by `error`.
 */
#ifndef IXS_MODELS_LINE_TRANSFORM_H
#define IXS_MODELS_LINE_TRANSFORM_H

#include "models/response/response.h"

enum { IXS_TRANSFORM_MOST = 128, IXS_TRANSFORM_ORDERS = 11 };

struct ixs_transform { /* a value */
    double scale;      /* L, meV */
    size_t order;      /* N */
    double error;      /* sqrt of Int (R_N - R)^2/(R + R_max/1000) dt: see ixs_transform_choose */
    double re[IXS_TRANSFORM_MOST], im[IXS_TRANSFORM_MOST]; /* a_N first, a_1 last; meV */
};

struct ixs_transforms { /* of one response, by rising order; a value */
    double fwhm;        /* of the response, meV */
    size_t n;
    struct ixs_transform list[IXS_TRANSFORM_ORDERS];
};

/* Orders until the error is round-off; a few milliseconds. The response is without complaint. */
void ixs_transforms_make(struct ixs_transforms *out, const struct ixs_response *response);

/* The lowest order that no parameter of a fit to so many counts notices: a change of the model by
 * d mu moves a parameter by at most sqrt(Sum d mu^2/mu) of its errors (Cauchy-Schwarz), here
 * error x sqrt(counts), and that is kept below 0.01. The highest order where none is good enough.
 */
const struct ixs_transform *ixs_transform_choose(const struct ixs_transforms *transforms,
                                                 double counts);

/* The one of that order, else the highest. */
const struct ixs_transform *ixs_transform_of_order(const struct ixs_transforms *transforms,
                                                   size_t order);

double ixs_transform_value(const struct ixs_transform *transform, double energy); /* R_N, 1/meV */

/* W(zeta), and W'(zeta) where slope is not NULL. */
double complex ixs_transform_cauchy(const struct ixs_transform *transform, double complex zeta,
                                    double complex *slope);

#endif
