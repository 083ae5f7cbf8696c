/* SPDX-License-Identifier: GPL-3.0-or-later
 * Detailed balance N(E) = 1/(1 - exp(-E/kT)) and its expansion in few poles,
 *   N(E) = 1/2 + kT/E + Sum_j 2 share_j kT E/(E^2 + nu_j^2),
 * the Pade decomposition (Lambert's continued fraction of coth; Hu, Xu, Yan, J. Chem. Phys. 133,
 * 101106, 2010). The first poles are Matsubara's nu_j = 2 pi j kT with share 1; the last ones stand
 * for all the others.
 */
#ifndef IXS_MODELS_LINE_BOSE_H
#define IXS_MODELS_LINE_BOSE_H

#include "models/line/complex_number.h"

#include <stddef.h>

enum { IXS_BOSE_MOST = 128 };

struct ixs_bose { /* a value */
    double kt;    /* meV; NaN: no temperature known, no detailed balance */
    size_t npoles;
    double nu[IXS_BOSE_MOST]; /* meV, ascending */
    double share[IXS_BOSE_MOST];
};

/* kelvin NaN (or not positive): no poles. span: largest |E| in meV where N must be right to 1e-9.
 */
void ixs_bose_make(struct ixs_bose *bose, double kelvin, double span);

double ixs_bose_factor(double kelvin, double energy);        /* N(E); infinite at 0 */
double ixs_bose_energy_factor(double kelvin, double energy); /* E N(E); kT at 0 */

/* N(z) and dN/dz (may be NULL) from the expansion. */
double complex ixs_bose_complex(const struct ixs_bose *bose, double complex z,
                                double complex *slope);

#endif
