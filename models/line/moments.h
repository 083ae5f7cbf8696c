/* SPDX-License-Identifier: GPL-3.0-or-later
 * Frequency moments of S(E), the response taken off: what a fit says of them over all energies.
 *   damped oscillator   Int E S dE = A OMEGA0, whatever the width (CONTRACT.md 4)
 *   hydrodynamic triplet: the quasi-elastic line of AREA a, FWHM g and its interaction with a mode
 *     of FWHM G have Int E^2 S_cl dE = a (g/2) (G - g/2), so Int E S dE = that / 2kT
 *   a quasi-elastic Lorentzian alone has no first moment: its tail falls off too slowly.
 * The elastic line and the background have no part in the first moment; in the zeroth neither.
 */
#ifndef IXS_MODELS_LINE_MOMENTS_H
#define IXS_MODELS_LINE_MOMENTS_H

#include "models/fit/fit.h"

struct ixs_moments {                             /* NaN: not meant, or not known */
    double zeroth;                               /* Int S dE, meV count/s */
    double zeroth_by[IXS_MODEL_MOST_PARAMETERS]; /* by the answer's parameters */
    double first;                                /* Int E S dE, meV^2 count/s */
    double first_by[IXS_MODEL_MOST_PARAMETERS];
    double truncated; /* share of the first moment from |E| beyond `reach` */
};

/* Parameters that the data do not tell leave NaN where they matter, and so does in the first moment
 * a mode that behind a response of that FWHM is a relaxation. */
void ixs_moments_of(const struct ixs_fit_answer *answer, double kelvin, double fwhm, double reach,
                    struct ixs_moments *out);

/* Weights of the trapezoid rule for points at these energies in any order: weight[n], 0 for less
 * than two points. `order` [n] is room. */
void ixs_moments_weights(size_t n, const double *energy, size_t *order, double *weight);

#endif
