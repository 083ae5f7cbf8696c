/* SPDX-License-Identifier: GPL-3.0-or-later
 * A mode seen from its overdamped side. With r = OMEGA0^2/FWHM, chi = 2 STRENGTH/OMEGA0 and
 * u = 1/FWHM,
 *   S(E) = (chi/pi) [E/(1 - exp(-E/kT))] r / (E^2 + (r - u E^2)^2),
 * which for u -> 0 is a relaxation of rate r, and regular there, while OMEGA0, FWHM and STRENGTH
 * run off to infinity together (Boon & Yip, Molecular Hydrodynamics, 1980, ch. 5; here by algebra
 * from models/line/dho.h). In the coordinates ln r, ln chi and either u or OMEGA0 the likelihood of
 * an overdamped mode is nearly a parabola.
 */
#ifndef IXS_MODELS_LINE_RELAXATION_H
#define IXS_MODELS_LINE_RELAXATION_H

#include "models/fit/solve.h"

/* Places of the coordinates where the mode's OMEGA0, FWHM, STRENGTH stand in the plain vector. */
enum { IXS_RELAXATION_RATE = 0, IXS_RELAXATION_SHAPE = 1, IXS_RELAXATION_CHI = 2 };

struct ixs_relaxation {             /* a problem with one mode in these coordinates */
    struct ixs_solve_problem plain; /* the problem in OMEGA0, FWHM, STRENGTH */
    size_t at;                      /* index of the mode's OMEGA0 there */
    bool by_energy;                 /* SHAPE is OMEGA0; else it is u */
    bool thermal; /* chi = 2 STRENGTH/OMEGA0; without detailed balance STRENGTH itself */
};

/* OMEGA0, FWHM, STRENGTH <-> coordinates; all of the former above 0. */
void ixs_relaxation_from(const struct ixs_relaxation *relaxation, const double mode[3],
                         double coordinates[3]);
void ixs_relaxation_to(const struct ixs_relaxation *relaxation, const double coordinates[3],
                       double mode[3]);

/* The model in these coordinates, for models/fit/solve.h; `context` is a struct ixs_relaxation. */
void ixs_relaxation_model(void *context, const double *coordinates, double *mu, double *jacobian);

#endif
