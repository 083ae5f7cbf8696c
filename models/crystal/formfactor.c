/* SPDX-License-Identifier: GPL-3.0-or-later
 * The form factor of free neutral atoms.
 */
#include "models/crystal/formfactor.h"

#include "base/units.h"

#include <math.h>
#include <strings.h>

static const double farthest = 6.0; /* 1/Angstrom, of s: what was fitted */

const struct ixs_atom *ixs_atom_find(const char *symbol)
{
    for (size_t i = 0; i < ixs_natoms; i++)
        if (strcasecmp(ixs_atoms[i].symbol, symbol) == 0)
            return &ixs_atoms[i];
    return NULL;
}

double ixs_atom_f0(const struct ixs_atom *atom, double q)
{
    double s = q / (4.0 * IXS_PI), sum = atom->c;
    if (!(fabs(s) <= farthest))
        return NAN;
    for (int i = 0; i < 5; i++)
        sum += atom->a[i] * exp(-atom->b[i] * s * s);
    return sum;
}

static double power(size_t n, const struct ixs_scatterer *scatterers, double q)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        double real = ixs_atom_f0(scatterers[i].atom, q) + scatterers[i].real;
        double imaginary = scatterers[i].imaginary;
        sum += scatterers[i].count * (real * real + imaginary * imaginary);
    }
    return sum;
}

double ixs_form_factor(size_t n, const struct ixs_scatterer *scatterers, double q)
{
    return power(n, scatterers, q) / power(n, scatterers, 0.0);
}
