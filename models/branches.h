/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: modes of many spectra gathered by continuity in energy against reduced q, and the law
 * each branch follows. q is a length from the nearest reciprocal-lattice point: directions that are
 * given together are taken as equivalent.
 */
#ifndef IXS_MODELS_BRANCHES_H
#define IXS_MODELS_BRANCHES_H

#include "base/err.h"

struct ixs_branch_mode {
    size_t spectrum;   /* modes of one spectrum belong to different branches */
    double q;          /* 1/Angstrom, > 0 */
    double omega, err; /* meV, undamped energy and its error > 0 */
};

enum ixs_branch_law {
    IXS_BRANCH_MEAN,   /* omega = p0: a flat (optic) branch */
    IXS_BRANCH_CURVED, /* omega = p0 + p1 q^2: an optic branch about the zone centre */
    IXS_BRANCH_LINEAR, /* omega = p0 q: acoustic, p0 = hbar v */
    IXS_BRANCH_SINE, /* omega = p0 (2 z/pi) sin(pi q/(2 z)), z = p1: acoustic, bending over at z */
};

struct ixs_branch { /* a law fitted by weighted least squares */
    enum ixs_branch_law law;
    double p[2];    /* p0: meV or meV Angstrom; p1: 1/Angstrom or meV Angstrom^2, NaN if none */
    double cov[3];  /* var p0, cov p0 p1, var p1; from weights 1/(err^2 + scatter^2) */
    double scatter; /* meV, rms beyond the errors: anisotropy, what the law leaves out */
    double chi2;    /* with the modes' own errors alone */
    long dof;
    size_t nmodes;
};

/* What p0 is multiplied with: 1, q, or (2 z/pi) sin(pi q/(2 z)) with z = edge (a line if infinite).
 */
double ixs_branch_shape(enum ixs_branch_law law, double q, double edge);

/* Energy of the law at q. */
double ixs_branch_energy(const struct ixs_branch *branch, double q);

bool ixs_branch_is_acoustic(enum ixs_branch_law law);

/* Fits one law to the modes for which chosen[i] == number. False if it cannot be fitted. */
bool ixs_branch_fit(size_t n, const struct ixs_branch_mode *modes, const long *chosen, long number,
                    enum ixs_branch_law law, struct ixs_branch *out);

/* Gathers modes into branches: chosen[i] gets the branch of mode i, from 1, or 0 for none;
 * out[most] their laws, by AICc among those above. A mode belongs to a law if it lies within three
 * errors, or within `tolerance` meV, of it; a branch has at least four modes,
 * and an acoustic one comes to half of its largest q or nearer. Returns the number
 * of branches. */
size_t ixs_branches_find(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                         size_t most, struct ixs_branch *out, long *chosen);

#endif
