/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ensembles of walkers, shared by the sampler's source files.
 */
#ifndef IXS_MODELS_EVIDENCE_SAMPLE_INSIDE_H
#define IXS_MODELS_EVIDENCE_SAMPLE_INSIDE_H

#include "models/fit/fit_inside.h"
#include "models/evidence/sample.h"

struct ixs_walker {
    double x[IXS_FIT_P];
    double likelihood, prior; /* logarithms */
};

struct ixs_ensemble { /* of one temperature; owns the walkers */
    struct ixs_fit_space *space;
    bool visible; /* modes that can be seen alone (models/fit/prior.h) */
    double beta;  /* power of the likelihood */
    size_t n, nmoving, moving[IXS_FIT_P];
    struct ixs_walker *walkers; /* [n], n even */
    uint64_t state;             /* of chance */
    size_t tried, taken;
};

/* An ensemble for the model that space was prepared for. */
IXS_MUST_CHECK bool ixs_ensemble_make(struct ixs_ensemble *out, struct ixs_fit_space *space,
                                      double beta, uint64_t state, struct ixs_err *err);
void ixs_ensemble_dispose(struct ixs_ensemble *ensemble);

/* Places the walkers about the minimum of an answer, wider than its errors, or by the prior. */
void ixs_ensemble_about(struct ixs_ensemble *ensemble, const struct ixs_fit_answer *answer);
void ixs_ensemble_by_prior(struct ixs_ensemble *ensemble);

void ixs_ensemble_step(struct ixs_ensemble *ensemble); /* each walker once */
/* Exchanges walkers between neighbouring temperatures. */
void ixs_ensemble_swap(struct ixs_ensemble *one, struct ixs_ensemble *other);

/* Likelihood and prior of walker->x; outside of the bounds both are -INFINITY. */
void ixs_walker_weigh(const struct ixs_ensemble *ensemble, struct ixs_walker *walker);

/* One parameter's series, series[step * nwalkers + walker] of each of two ensembles: r_hat and
 * effective draws; room[2 * nsteps]. */
void ixs_sample_diagnose(size_t nsteps, size_t nwalkers, const double *const series[2],
                         struct ixs_sample_figure *out);

#endif
