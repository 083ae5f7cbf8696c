/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the search for branches shares: the modes by spectra, who belongs where.
 */
#ifndef IXS_MODELS_BRANCH_BRANCHES_INSIDE_H
#define IXS_MODELS_BRANCH_BRANCHES_INSIDE_H

#include "models/branch/branches.h"

enum {
    IXS_BRANCHES_FEWEST = 4,      /* modes of a branch */
    IXS_BRANCHES_PER_SPECTRUM = 8 /* modes of a spectrum that are told apart at once */
};

/* Farther from q = 0 than this part of its length a branch says nothing of where it starts. */
extern const double ixs_branches_reach_to_zero;

struct ixs_branches_work {
    size_t n;
    const struct ixs_branch_mode *modes; /* borrowed */
    const struct ixs_branches_rules *rules;
    long *chosen;                     /* borrowed, [n] */
    long *trial;                      /* [n] */
    struct ixs_regress_point *points; /* [n], scratch: the members of one branch, */
    size_t *of, *size;                /* [n] and of each the first mode and how many have it */
};

/* How many modes a branch has. */
size_t ixs_branches_members(const struct ixs_branches_work *work, const long *chosen, long number);
/* They as points of a law, those of one datum as one; returns how many. */
size_t ixs_branches_data(struct ixs_branches_work *work, const long *chosen, long number);

/* The law by AICc of one branch as its modes stand: no acoustic one where it stays away from q = 0.
 */
bool ixs_branches_law(struct ixs_branches_work *work, const long *chosen, long number,
                      enum ixs_branch_sort sort, struct ixs_branch *out);
/* The same with the correlations of its modes' errors, where the rules know of any; follow [n] of
 * its modes, NULL: not wanted. */
IXS_MUST_CHECK bool ixs_branches_relate(struct ixs_branches_work *work, long number,
                                        struct ixs_branch *out, double *follow,
                                        struct ixs_err *err);

/* What mode i costs on the branch `number` with that law, in units of chi squared: its distance in
 * energy, and how far its width and strength are from those of its neighbours on the branch.
 * Infinite where it is out of reach. */
double ixs_branches_cost(const struct ixs_branches_work *work, const long *chosen,
                         const struct ixs_branch *law, long number, size_t i);

/* Assigns the modes of each spectrum together to `count` branches, so that the sum of costs is
 * least, and fits the laws again, until nothing moves. Branches may lose modes; chosen[] of modes
 * on none becomes 0. */
void ixs_branches_assign(struct ixs_branches_work *work, size_t count, struct ixs_branch *laws);

/* Exchanges what two branches are beyond the place where they are nearest, where that costs less.
 */
void ixs_branches_untangle(struct ixs_branches_work *work, size_t count, struct ixs_branch *laws);

#endif
