/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: modes of many spectra along one path in reciprocal space, assigned by continuity in
 * energy, width and strength, each branch with its law (models/branch/branch_law.h). Branches may
 * cross: each then keeps its slope. A branch may be missing in any spectrum.
 */
#ifndef IXS_MODELS_BRANCH_BRANCHES_H
#define IXS_MODELS_BRANCH_BRANCHES_H

#include "base/err.h"
#include "models/branch/branch_law.h"

struct ixs_branch_mode {
    size_t spectrum;   /* modes of one spectrum belong to different branches; they stand together */
    double q;          /* 1/Angstrom, > 0 */
    double omega, err; /* meV, undamped energy and its error > 0 */
    bool limit;        /* omega is a lower limit, err how sharp it is */
    double width, width_err;       /* meV; NaN: not known */
    double strength, strength_err; /* NaN: not known */
    long zone; /* strengths are compared within a zone: the structure factor is another elsewhere */
    long datum; /* modes of the same one have one energy, which was fitted to all of them together:
                   it counts once, at the mean of their q; 0: its own */
};

struct ixs_branches_rules {
    double tolerance; /* meV, how far off a branch a mode may lie whatever its error */
    struct ixs_branch_rules law;
    /* Correlation of the errors of two modes of different data; NULL: none is known. */
    double (*correlation)(const void *context, size_t one, size_t other);
    const void *context;
};

struct ixs_branches { /* what is found; arrays of the caller */
    size_t most, found;
    struct ixs_branch *laws; /* [most] */
    long *chosen;            /* [n]: the branch of each mode, from 1; 0: none */
    double *follow; /* [n]: how the slope at q = 0 of its branch follows each mode's energy, of
                       modes of one datum the first one's; NULL: not wanted. Only where rules have a
                       correlation */
};

/* Assigns modes to branches. A mode belongs to a law if it lies within three errors, or within the
 * tolerance, of it; a branch has at least four modes, and an acoustic one comes to half of its
 * largest q or nearer. A lower limit decides nothing of which branches there are: it goes to a
 * branch that has no mode in that spectrum and runs above it. */
IXS_MUST_CHECK bool ixs_branches_find(size_t n, const struct ixs_branch_mode *modes,
                                      const struct ixs_branches_rules *rules,
                                      struct ixs_branches *out, struct ixs_err *err);

/* Where two laws cross between the q's `from` and `to`: the first such q, or NaN. */
double ixs_branches_cross(const struct ixs_branch *a, const struct ixs_branch *b, double from,
                          double to);

#endif
