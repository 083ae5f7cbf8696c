/* SPDX-License-Identifier: GPL-3.0-or-later
 * The damped harmonic oscillator
 *   S(E) = A [E/(1 - exp(-E/kT))] (2 O G/pi) / ((E^2 - O^2)^2 + G^2 E^2)
 * with O = OMEGA0 (undamped energy), G = FWHM (full damping width), A = STRENGTH (CONTRACT.md 4).
 * Without a temperature (NaN) there is no detailed balance and E/(1 - exp(-E/kT)) is replaced by
 * O/2: a symmetric line of area A.
 *
 * S is a sum of poles, so its convolution with a response R is a sum of Cauchy transforms of R:
 *   (R x S)(E) = Sum_t Re[weight_t W(E - place_t)],   Im place_t <= 0,
 * with the oscillator's two poles +-sqrt(O^2 - G^2/4) - iG/2 and those of the Bose factor, -i nu_j.
 * Where poles meet (critical damping, an overdamped pole on one of Bose's) their sum of residues is
 * taken as a contour integral by the trapezoid rule on a circle around them.
 */
#ifndef IXS_MODELS_DHO_H
#define IXS_MODELS_DHO_H

#include "models/bose.h"
#include "models/response.h"

#include <stdbool.h>

struct ixs_dho {
    double omega0;   /* meV, > 0 */
    double fwhm;     /* meV, >= 0: 0 is a pair of delta lines */
    double strength; /* meV count/s (any unit), >= 0 */
};

double ixs_dho_value(const struct ixs_dho *mode, double kelvin, double energy); /* S(E) */
double ixs_dho_chi(const struct ixs_dho *mode, double energy);  /* chi''(E) = S (1 - exp(-E/kT)) */
double ixs_dho_area(const struct ixs_dho *mode, double kelvin); /* Int S dE; strength if no T */
double ixs_dho_damped(const struct ixs_dho *mode); /* sqrt(O^2 - G^2/4), 0 when overdamped */

/* One of the oscillator's own terms per unit strength: Re[weight W(E - place)], with derivatives of
 * weight and place with respect to OMEGA0 and FWHM. */
struct ixs_dho_term {
    double complex place;
    double complex weight, weight_omega0, weight_fwhm;
    double complex place_omega0, place_fwhm;
};

enum { IXS_DHO_CIRCLE = 32, IXS_DHO_MOST_TERMS = 2 * IXS_DHO_CIRCLE };

struct ixs_dho_terms { /* a mode of unit strength as terms; a value */
    size_t nterms;
    struct ixs_dho_term terms[IXS_DHO_MOST_TERMS];
    /* Weights of Re W(E + i nu_j) for bose's poles, and their derivatives. */
    double bose[IXS_BOSE_MOST], bose_omega0[IXS_BOSE_MOST], bose_fwhm[IXS_BOSE_MOST];
};

void ixs_dho_expand(struct ixs_dho_terms *out, double omega0, double fwhm,
                    const struct ixs_bose *bose);

/* (R x S)(E) at one energy by the pole form, with its derivatives with respect to E, omega0, fwhm
 * and strength in slopes[4] (may be NULL): the plain way; models/model.h does whole spectra. */
double ixs_dho_convolved(const struct ixs_dho *mode, const struct ixs_bose *bose,
                         const struct ixs_response *response, double energy, double *slopes);

#endif
