/* SPDX-License-Identifier: GPL-3.0-or-later
 * Masses of atoms, and the one mass by which a sample of several kinds obeys the f-sum rule.
 */
#ifndef IXS_MODELS_CRYSTAL_MASS_H
#define IXS_MODELS_CRYSTAL_MASS_H

#include "models/crystal/formfactor.h"

/* u: standard atomic weights, abridged to five figures (Prohaska et al., Pure Appl. Chem. 94, 573,
 * 2022); of elements without one the mass number of the longest-lived isotope. NaN: not known. */
double ixs_atom_mass(const struct ixs_atom *atom);

/* u: M with 1/M = Sum n |f(q)|^2/M_d / Sum n |f(q)|^2. X-rays see Sum f exp(iQr), whose first
 * moment is hbar^2 Q^2/2 Sum n |f|^2/M_d by the double commutator with the kinetic energy, whatever
 * the forces; per mean |f|^2, as form factors in EXPOSURE have it, that is this mass. NaN where
 * some f or mass is. */
double ixs_scatterers_mass(size_t n, const struct ixs_scatterer *scatterers, double q);

#endif
