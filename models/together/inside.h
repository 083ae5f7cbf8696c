/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits of many spectra together from the inside, shared by their source files alone.
 */
#ifndef IXS_MODELS_TOGETHER_INSIDE_H
#define IXS_MODELS_TOGETHER_INSIDE_H

#include "models/together/arrow.h"
#include "models/fit/fit_inside.h"
#include "models/together/together.h"

struct ixs_together_weight { /* what a spectrum gives to the distribution of the whole deviance */
    size_t n;
    double deviance;
    struct ixs_deviance_moments sum;
    struct ixs_deviance_fitted fitted;
};

enum ixs_together_kind { /* of a source, by a parameter that follows it alone */
                         IXS_TOGETHER_OTHER,
                         IXS_TOGETHER_ENERGY,
                         IXS_TOGETHER_WIDTH,
                         IXS_TOGETHER_AREA,
};

struct ixs_together_interval { /* of a source by profile */
    bool known;
    double lo, hi;
    double ul90, at_zero, sigma; /* of a width: see models/fit/limit.h */
};

struct ixs_together_space { /* owns its arrays but the problem */
    const struct ixs_together *problem;
    size_t threads;
    struct ixs_fit_space **spaces;           /* [threads] */
    struct ixs_uncertain_space **uncertain;  /* [threads] */
    struct ixs_arrow_block *blocks;          /* [nspectra] */
    size_t nown;                             /* of all spectra */
    double *p, *lower, *upper;               /* [nown + nshared], the shared ones last */
    bool *loose;                             /* [nown + nshared] widths, free to be 0 */
    enum ixs_together_kind *kinds;           /* [nown + nshared] */
    struct ixs_together_interval *intervals; /* [nown + nshared] */
    double *moved; /* [nown + nshared] the step to the minimum if widths could be below 0 */
    struct ixs_arrow_problem minimum; /* as the minimiser sees it */
    struct ixs_arrow *arrow;
    struct ixs_arrow_result end;
    struct ixs_together_weight *weights; /* [nspectra] */
};

/* The parameters of a piece's model for sources own[] and common[] (all shared ones). */
void ixs_together_parameters(const struct ixs_together_spectrum *spectrum,
                             const struct ixs_together_piece *piece, const double *own,
                             const double *common, double *parameters);

/* Workspaces for a problem; its sources' values and bounds; to the minimum. */
IXS_MUST_CHECK bool ixs_together_make(struct ixs_together_space *space,
                                      const struct ixs_together *together, struct ixs_err *err);
void ixs_together_dispose(struct ixs_together_space *space);
/* The minimiser, after ixs_together_begin. */
IXS_MUST_CHECK bool ixs_together_ready(struct ixs_together_space *space, struct ixs_err *err);
/* Deviance and priors of a spectrum's own sources, and half the gradient and half the curvature by
 * its sources, own ones first. */
double ixs_together_cost(const struct ixs_together_space *space, struct ixs_fit_space *fit,
                         size_t b, const double *own, const double *common, double *gradient,
                         double *curvature);

/* A source of a spectrum as it is counted among all in the space's arrays. */
static inline size_t ixs_together_place(const struct ixs_together_space *space, size_t b,
                                        size_t source)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    return source < spectrum->nown ? (size_t)(space->blocks[b].p - space->p) + source
                                   : space->nown + spectrum->uses[source - spectrum->nown];
}

/* The only term of a parameter, or NULL if it has none or several. */
const struct ixs_together_term *ixs_together_only(const struct ixs_together_piece *piece,
                                                  size_t parameter);

/* Bounds and starts of all sources, from their own and from the models' parameters. */
IXS_MUST_CHECK bool ixs_together_begin(struct ixs_together_space *space, struct ixs_err *err);

/* Sources, answers and result from the minimum. */
IXS_MUST_CHECK bool ixs_together_answer(struct ixs_together_space *space,
                                        struct ixs_together_result *result, double *covariance,
                                        struct ixs_err *err);

/* Intervals by profile of energies, widths, and areas near 0: looks them up, after the answers;
 * puts them into sources and answers. */
IXS_MUST_CHECK bool ixs_together_limit(struct ixs_together_space *space, struct ixs_err *err);

/* Adds what the errors of the responses make of errors, intervals and limits. */
IXS_MUST_CHECK bool ixs_together_respond(struct ixs_together_space *space, double *covariance,
                                         struct ixs_err *err);

#endif
