/* SPDX-License-Identifier: GPL-3.0-or-later
 * The damped harmonic oscillator
 *   S(E) = A [E/(1 - exp(-E/kT))] (2 O G/pi) / ((E^2 - O^2)^2 + G^2 E^2)
 * with O = OMEGA0 (undamped energy), G = FWHM (full damping width), A = STRENGTH (CONTRACT.md 4).
 * Without a temperature (NaN) there is no detailed balance and E/(1 - exp(-E/kT)) is replaced by
 * O/2: a symmetric line of area A.
 */
#ifndef IXS_MODELS_LINE_DHO_H
#define IXS_MODELS_LINE_DHO_H

#include "models/line/line.h"
#include "models/response/response.h"

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

/* (R x S)(E) at one energy by the pole form, with its derivatives with respect to E, omega0, fwhm
 * and strength in slopes[4] (may be NULL): the plain way; models/fit/model.h does whole spectra. */
double ixs_dho_convolved(const struct ixs_dho *mode, const struct ixs_bose *bose,
                         const struct ixs_response *response, double energy, double *slopes);

#endif
