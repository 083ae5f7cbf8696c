/* SPDX-License-Identifier: GPL-3.0-or-later
 * Line shapes of unit amplitude, with N the Bose factor 1/(1 - exp(-E/kT)) (models/line/bose.h):
 *   DHO           shape OMEGA0 = O, FWHM = G
 *                 E N (2 O G/pi)/D,  D = (E^2 - O^2)^2 + G^2 E^2              (CONTRACT.md 4)
 *   PAIR          shape ENERGY = O, FWHM = G: Lorentzians (n + 1) L(E - O) + n L(E + O), n = N(O) -
 *                 1, as older work has it: not a damped oscillator, no detailed balance at each E
 *   QUASIELASTIC  shape FWHM = G: (E N/kT) L(E), classical area 1
 *   INTERACTION   shape OMEGA0, FWHM: (E N/kT) (1/pi) (O^2 - E^2)/D, area 0: times AREA x FWHM/2 of
 *                 a quasi-elastic line it is what a damped mode and that line do to each other, and
 *                 makes the second moment of their sum finite: elastic + DHO + it are the
 *                 generalised hydrodynamic triplet (Bafile, Guarini & Barocchi, Phys. Rev. E 73,
 *                 061203, 2006; the coefficient from the condition on the second moment)
 * with L(E) = (G/2 pi)/(E^2 + G^2/4). Without a temperature the quantum factors go: E N -> O/2 in
 * DHO, n + 1 and n -> 1/2 in PAIR, E N/kT -> 1 in the others.
 *
 * Each is a sum of poles, so its convolution with a response R is a sum of Cauchy transforms of R:
 *   (R x S)(E) = Sum_t Re[weight_t W(E - place_t)],   Im place_t <= 0,
 * over the line's own poles and those of the Bose factor, -i nu_j. Where poles meet (critical
 * damping, a pole on one of Bose's) their sum of residues is taken as a contour integral by the
 * trapezoid rule on a circle around them.
 */
#ifndef IXS_MODELS_LINE_LINE_H
#define IXS_MODELS_LINE_LINE_H

#include "models/line/bose.h"

enum ixs_line_kind { IXS_LINE_DHO, IXS_LINE_PAIR, IXS_LINE_QUASIELASTIC, IXS_LINE_INTERACTION };

enum { IXS_LINE_CIRCLE = 32, IXS_LINE_MOST_TERMS = 2 * IXS_LINE_CIRCLE, IXS_LINE_SHAPES = 2 };

/* Re[weight W(E - place)], with derivatives of weight and place with respect to the shape. */
struct ixs_line_term {
    double complex place, weight;
    double complex place_by[IXS_LINE_SHAPES], weight_by[IXS_LINE_SHAPES];
};

struct ixs_line { /* a value */
    size_t nterms;
    struct ixs_line_term terms[IXS_LINE_MOST_TERMS];
    /* Weights of Re W(E + i nu_j) for Bose's poles, and their derivatives. */
    double bose[IXS_BOSE_MOST], bose_by[IXS_LINE_SHAPES][IXS_BOSE_MOST];
};

/* Widths >= 0, energies > 0. */
void ixs_line_expand(struct ixs_line *out, enum ixs_line_kind kind,
                     const double shape[IXS_LINE_SHAPES], const struct ixs_bose *bose);

/* S(E) itself; kelvin NaN: without a temperature. */
double ixs_line_value(enum ixs_line_kind kind, const double shape[IXS_LINE_SHAPES], double kelvin,
                      double energy);

#endif
