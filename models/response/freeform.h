/* SPDX-License-Identifier: GPL-3.0-or-later
 * A spectrum of any shape, seen through a response: its logarithm is a cubic spline whose knots are
 * as close as the narrowest true feature asks for. What several scans have in common is described
 * so before anything is known of modes.
 */
#ifndef IXS_MODELS_RESPONSE_FREEFORM_H
#define IXS_MODELS_RESPONSE_FREEFORM_H

#include "base/err.h"

enum { IXS_FREEFORM_REACH = 4 }; /* coefficients that one energy sees */

struct ixs_freeform_points { /* borrowed; counts ~ Poisson(exposure x rate(energy) + dark) */
    size_t n;
    const double *energy, *counts, *exposure, *dark;
    const double *weight; /* of a point's logarithm of likelihood; 0: not used */
};

struct ixs_freeform {   /* owns its arrays; all-zero is empty */
    double first, step; /* meV: where the first coefficient begins to count; between knots */
    size_t n;
    bool fitted;
    double *coefficient; /* [n] */
    double *factor;      /* [n][REACH]: row by row Cholesky of their information, diagonal last */
    double *work;        /* [2 n] */
};

struct ixs_freeform_rate {
    double rate, slope; /* count/s; count/s/meV */
    double variance;    /* of the rate */
};

/* For energies lo .. hi; fwhm: the narrowest true feature. */
IXS_MUST_CHECK bool ixs_freeform_make(struct ixs_freeform *out, double lo, double hi, double fwhm,
                                      struct ixs_err *err);
void ixs_freeform_dispose(struct ixs_freeform *form);

/* The likeliest coefficients, from where they are (a new form: from a level). */
void ixs_freeform_fit(struct ixs_freeform *form, const struct ixs_freeform_points *points);

/* The rate at an energy, after a fit. It uses the form's work space. */
void ixs_freeform_at(const struct ixs_freeform *form, double energy, struct ixs_freeform_rate *out);

/* Derivatives of the rate by the coefficients, gradient[REACH] from number *first on. */
void ixs_freeform_gradient(const struct ixs_freeform *form, double energy, size_t *first,
                           double *gradient);

/* Solves information x = right side, in place: x[n]. */
void ixs_freeform_solve(const struct ixs_freeform *form, double *x);

#endif
