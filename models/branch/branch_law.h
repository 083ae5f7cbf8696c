/* SPDX-License-Identifier: GPL-3.0-or-later
 * The law of one branch: energy against the reduced q along a path, q being 0 at a reciprocal-
 * lattice point, and what follows from it.
 *
 *   mean    omega = p0                                          an optic branch that is flat
 *   curved  omega = p0 + p1 q^2                                 an optic branch about the zone
 * centre linear  omega = p0 q                                        acoustic, p0 = hbar v sine
 * omega = p0 (2 z/pi) sin(pi q/(2 z)), z = p1         acoustic, bending over at z series  omega =
 * sum_k p_k sin((2 k + 1) pi q/(2 z))         z known: the slope is 0 there karman  omega^2 = sum_n
 * p_(n-1) (1 - cos(n pi q/z))         z known: interplanar forces
 *
 * karman is Born and von Karman's theory for planes at distance pi/z, each bound to its n-th
 * neighbours (W. Cochran, Dynamics of Atoms in Crystals, 1973, ch. 3): p_(n-1) in meV^2 is
 * 2 hbar^2 Phi_n/M with Phi_n the force constant between planes for one atom of mass M.
 */
#ifndef IXS_MODELS_BRANCH_BRANCH_LAW_H
#define IXS_MODELS_BRANCH_BRANCH_LAW_H

#include "models/numerics/regress.h"

enum { IXS_BRANCH_MOST_TERMS = 4 };

enum ixs_branch_law {
    IXS_BRANCH_MEAN,
    IXS_BRANCH_CURVED,
    IXS_BRANCH_LINEAR,
    IXS_BRANCH_SINE,
    IXS_BRANCH_SERIES,
    IXS_BRANCH_KARMAN,
};

struct ixs_branch { /* a law fitted to modes */
    enum ixs_branch_law law;
    size_t nterms;                                             /* parameters */
    double edge;                                               /* 1/Angstrom: z */
    double p[IXS_BRANCH_MOST_TERMS];                           /* meV, 1/Angstrom, meV^2 */
    double cov[IXS_BRANCH_MOST_TERMS * IXS_BRANCH_MOST_TERMS]; /* [nterms^2] */
    double scatter; /* meV, rms beyond the errors: anisotropy, what the law leaves out */
    double chi2;    /* with the modes' own errors alone */
    double aicc;
    long dof;
    size_t nmodes, nlimits; /* values, and lower limits beside them */
};

/* The words of the DISPERSION product. */
const char *ixs_branch_law_word(enum ixs_branch_law law);
bool ixs_branch_is_acoustic(enum ixs_branch_law law);

/* Energy of the law at q, and its error. */
double ixs_branch_energy(const struct ixs_branch *branch, double q);
double ixs_branch_energy_error(const struct ixs_branch *branch, double q);

/* Slope at q in meV Angstrom, hbar times the group velocity; err may be NULL. q = 0: the sound
 * velocity of an acoustic branch. */
double ixs_branch_slope(const struct ixs_branch *branch, double q, double *err);

/* How the slope at q = 0 of an acoustic law follows the energies that it was fitted to: out[i] =
 * dslope/dy_i, of limits 0. */
void ixs_branch_follow(const struct ixs_branch *branch, size_t n,
                       const struct ixs_regress_point *modes, const struct ixs_regress_kin *kin,
                       double *out);

/* Fits the law with so many terms to the modes of one branch: x is q, y the energy. `edge` as far
 * as the law has one. False if they do not determine it. */
bool ixs_branch_fit(size_t n, const struct ixs_regress_point *modes, enum ixs_branch_law law,
                    size_t nterms, double edge, struct ixs_branch *out);

enum ixs_branch_sort { IXS_BRANCH_ACOUSTIC, IXS_BRANCH_OPTIC, IXS_BRANCH_ANY };

struct ixs_branch_rules {
    bool chosen;             /* acoustic branches follow `law` and no other */
    enum ixs_branch_law law; /* LINEAR .. KARMAN */
    size_t most_terms;       /* of series and karman; 0: IXS_BRANCH_MOST_TERMS */
    double edge;             /* 1/Angstrom, half the period along the path; NaN: not known */
    const struct ixs_regress_kin *kin; /* of the modes' errors; NULL: they are independent */
};

/* The law by AICc among those of that sort. */
bool ixs_branch_choose(size_t n, const struct ixs_regress_point *modes, enum ixs_branch_sort sort,
                       const struct ixs_branch_rules *rules, struct ixs_branch *out);

#endif
