/* SPDX-License-Identifier: GPL-3.0-or-later
 * The eleven Laue classes: which q have the same phonon energies. A crystal's point group and the
 * inversion, which time reversal adds for q whatever the crystal (International Tables for
 * Crystallography A, 2016, 1.6). Operations are integer matrices on hkl, in the axes of the
 * conventional cell: monoclinic b, hexagonal axes for trigonal.
 */
#ifndef IXS_MODELS_CRYSTAL_LAUE_H
#define IXS_MODELS_CRYSTAL_LAUE_H

#include "base/err.h"

enum { IXS_LAUE_MOST = 48 };

struct ixs_laue {
    const char *name; /* "m-3m"; NULL: none is meant */
    size_t n;
    int operations[IXS_LAUE_MOST][9]; /* row by row; the first is the identity */
};

/* The class of a point group ("mm2" -> "mmm") or of a Laue class; NULL if there is no such. */
const char *ixs_laue_class(const char *point_group);

/* name as ixs_laue_class gives it. */
void ixs_laue_make(struct ixs_laue *out, const char *name);

/* Whether all operations leave lengths as they are in the lattice of B, to 1e-3. */
bool ixs_laue_fits(const struct ixs_laue *laue, const double b[9]);

/* The largest class that fits: that of the lattice itself. The crystal's own may be lower. */
void ixs_laue_of_lattice(struct ixs_laue *out, const double b[9]);

/* q -> the equivalent one with the largest h, then k, then l; g goes along with it, so that q + g
 * is equivalent to what it was: of several ways to do so the one with the largest g. */
void ixs_laue_fold(const struct ixs_laue *laue, double q[3], double g[3]);

#endif
