/* SPDX-License-Identifier: GPL-3.0-or-later
 * A calculated S(E) or S(Q,E) (molecular dynamics, phonon calculation) as a file: two columns of
 * text, energy [meV] and S, rising energies, lines that begin with # left out; or three, Q
 * [1/Angstrom] in front, Q after rising Q with the same energies at each.
 */
#ifndef IXS_CALIB_FITTING_TABLE_H
#define IXS_CALIB_FITTING_TABLE_H

#include "base/provenance.h"
#include "models/line/curve.h"

struct ixs_fitting_table { /* owns its arrays; all-zero is empty */
    size_t n;              /* energies */
    double *energy;        /* [n] */
    size_t nq;             /* 0: the same at all Q */
    double *q;             /* [nq] */
    size_t nvalues;        /* n, or nq x n */
    double *value;         /* [nvalues], the energies of one Q together */
    bool classical;        /* symmetric in E, as of classical dynamics: becomes S x (E/kT) N(E) */
};

/* Each number is witnessed: role "table", the file's base name. */
IXS_MUST_CHECK bool ixs_fitting_table_read(struct ixs_fitting_table *out, const char *path,
                                           struct ixs_provenance *provenance, struct ixs_err *err);
void ixs_fitting_table_dispose(struct ixs_fitting_table *table);

struct ixs_fitting_place { /* where in it a spectrum lies */
    double q;              /* 1/Angstrom */
    double kelvin;         /* K; NaN: none */
};

/* The table there through a response, for energies lo .. hi. Between two Q it goes straight; more
 * than half a step beyond the first or last Q it is 0. */
IXS_MUST_CHECK bool ixs_fitting_table_curve(struct ixs_curve *out,
                                            const struct ixs_fitting_table *table,
                                            const struct ixs_fitting_place *place,
                                            const struct ixs_transform *transform, double lo,
                                            double hi, struct ixs_err *err);

#endif
