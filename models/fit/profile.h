/* SPDX-License-Identifier: GPL-3.0-or-later
 * Profile likelihood: the least objective with one coordinate held, and where it has risen by so
 * much above the minimum.
 */
#ifndef IXS_MODELS_FIT_PROFILE_H
#define IXS_MODELS_FIT_PROFILE_H

#include "models/fit/fit_inside.h"
#include "models/line/relaxation.h"

struct ixs_profile { /* stays where it was made: the problem points into it */
    struct ixs_fit_space *space;
    struct ixs_solve_problem problem;
    struct ixs_relaxation relaxation;
    size_t held;
    double objective;            /* the minimum's */
    double best[IXS_FIT_P];      /* the minimum, in the profile's coordinates */
    double direction[IXS_FIT_P]; /* where it goes when the held coordinate goes on by 1 */
    double sigma;                /* of the held coordinate, from the curvature; NaN: none */
    double shift;                /* bias of the held coordinate's median, in sigma */
    double lower[IXS_FIT_P], upper[IXS_FIT_P];
    double last[IXS_FIT_P]; /* the minimum found by the last rise, if there was one */
    bool risen;
};

/* Of parameter `held` as it stands in the model; its covariance and bias at the minimum. */
void ixs_profile_plain(struct ixs_profile *out, struct ixs_fit_space *space,
                       const struct ixs_fit_state *state, const struct ixs_fit_widths *widths,
                       size_t held);

/* Of a coordinate of the mode whose OMEGA0 is parameter `at` (models/line/relaxation.h), all of
 * whose parameters are above 0; `which` is IXS_RELAXATION_... . */
void ixs_profile_relaxation(struct ixs_profile *out, struct ixs_fit_space *space,
                            const struct ixs_fit_state *state, size_t at, bool by_energy,
                            size_t which);

/* Of the elastic area, with the mode whose OMEGA0 is parameter `at` in those coordinates. */
void ixs_profile_elastic(struct ixs_profile *out, struct ixs_fit_space *space,
                         const struct ixs_fit_state *state, size_t at);

/* Least objective with the coordinate at `value`, less the minimum; >= 0. */
double ixs_profile_rise(struct ixs_profile *profile, double value);

/* What the rise should be at a limit of some kind. */
struct ixs_profile_target {
    double fixed; /* > 0: this; 0: q tilde (models/fit/limit.c) with the error `sigma` at 0 */
    double sigma;
};
double ixs_profile_wanted(const struct ixs_profile_target *target, double value);

/* Anything that rises from 0 at some minimum. */
struct ixs_rise {
    double (*at)(void *context, double value);
    void *context;
};

/* Where a rise meets the target on the way from `from` (rise below target) towards `bound`, first
 * guess `guess`; `bound` if it never does. */
double ixs_rise_meet(const struct ixs_rise *rise, const struct ixs_profile_target *target,
                     double from, double guess, double bound);
double ixs_profile_meet(struct ixs_profile *profile, const struct ixs_profile_target *target,
                        double from, double guess, double bound);

#endif
