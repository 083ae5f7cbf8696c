/* SPDX-License-Identifier: GPL-3.0-or-later
 * A calculated S(E) (molecular dynamics, phonon calculation) as a file: two columns of text, energy
 * [meV] and S, rising energies, lines that begin with # left out.
 */
#ifndef IXS_CALIB_FITTING_TABLE_H
#define IXS_CALIB_FITTING_TABLE_H

#include "base/provenance.h"
#include "models/curve.h"

struct ixs_fitting_table { /* owns its arrays; all-zero is empty */
    size_t n;
    double *energy, *value;
    bool classical; /* symmetric in E, as of classical dynamics: becomes S x (E/kT) N(E) */
};

/* Each number is witnessed: role "table", the file's base name. */
IXS_MUST_CHECK bool ixs_fitting_table_read(struct ixs_fitting_table *out, const char *path,
                                           struct ixs_provenance *provenance, struct ixs_err *err);
void ixs_fitting_table_dispose(struct ixs_fitting_table *table);

/* The table at a temperature (NaN: none) through a response, for energies lo .. hi. */
IXS_MUST_CHECK bool ixs_fitting_table_curve(struct ixs_curve *out,
                                            const struct ixs_fitting_table *table, double kelvin,
                                            const struct ixs_transform *transform, double lo,
                                            double hi, struct ixs_err *err);

#endif
