/* SPDX-License-Identifier: GPL-3.0-or-later
 * The form factor of free neutral atoms, hydrogen to californium:
 * f0(Q) = sum_i a_i exp(-b_i s^2) + c, s = Q/4 pi (Waasmaier & Kirfel 1995, Acta Cryst. A51, 416).
 */
#ifndef IXS_MODELS_CRYSTAL_FORMFACTOR_H
#define IXS_MODELS_CRYSTAL_FORMFACTOR_H

#include <stddef.h>

struct ixs_atom {
    char symbol[3];
    double a[5], c; /* electrons */
    double b[5];    /* square Angstrom */
};

extern const struct ixs_atom ixs_atoms[];
extern const size_t ixs_natoms;

/* The atom of that symbol, ignoring case, or NULL. */
const struct ixs_atom *ixs_atom_find(const char *symbol);

/* Electrons, at q (1/Angstrom); NaN beyond the fit's end at s = 6/Angstrom. */
double ixs_atom_f0(const struct ixs_atom *atom, double q);

struct ixs_scatterer { /* atoms of one kind in a sample */
    const struct ixs_atom *atom;
    double count;           /* per formula */
    double real, imaginary; /* electrons, dispersion correction f' and f'' at the photon energy */
};

/* sum count |f(q)|^2 / sum count |f(0)|^2; NaN where some f is. */
double ixs_form_factor(size_t n, const struct ixs_scatterer *scatterers, double q);

#endif
