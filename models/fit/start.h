/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a fit may start: from the data alone. A further mode is looked for by its score, the gain
 * in deviance that its place promises given what is fitted already; an unknown zero among the peaks
 * (elastic lines) and the middles of pairs of peaks (Stokes and anti-Stokes lines).
 */
#ifndef IXS_MODELS_FIT_START_H
#define IXS_MODELS_FIT_START_H

#include "models/fit/model.h"

#include "base/err.h"

enum { IXS_START_MOST = 24 };

struct ixs_start_place { /* where a further mode might be */
    double omega0, fwhm, strength;
    double gain; /* promised gain in deviance */
};

struct ixs_start; /* workspace: transforms of the response, smoothed data */

IXS_MUST_CHECK bool ixs_start_new(struct ixs_start **out, size_t most_points, struct ixs_err *err);
void ixs_start_free(struct ixs_start *start); /* accepts NULL */

/* Takes the response (of this FWHM, meV), temperature and points of a model; once per spectrum. */
void ixs_start_prepare(struct ixs_start *start, const struct ixs_model *model, double fwhm);

/* Background and elastic area to begin with, for this zero. */
void ixs_start_first(const struct ixs_model *model, double zero, double *elastic,
                     double *background);

/* Places for a further mode within lo .. hi, best first, at most `most`; mu[n]: what is fitted. */
size_t ixs_start_places(struct ixs_start *start, const struct ixs_model *model, double zero,
                        const double *mu, const double range[2], size_t most,
                        struct ixs_start_place *places);

/* Candidates for the zero within lo .. hi, at most IXS_START_MOST. */
size_t ixs_start_zeros(struct ixs_start *start, const struct ixs_model *model,
                       const double range[2], double zeros[IXS_START_MOST]);

#endif
