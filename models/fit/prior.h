/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is thought possible of a fit's parameters before the data are seen, for what needs it (the
 * evidence, the posterior; the fit itself maximises the likelihood). n modes of which no order is
 * known:
 *   zero        Gaussian of its error, or flat over the scan
 *   OMEGA0      flat between its bounds
 *   FWHM        half of Student's distribution with three degrees of freedom, scale the FWHM of the
 *               response: four in ten modes are broader than that, one in 17 three times as broad
 *   areas, background level, strengths: the counts that lines and background bring into the scan
 *               are shared out among them in any way, all ways alike (the flat Dirichlet
 *               distribution), their sum exponential about the counts that there are
 *   powers of E of the background: Gaussian about 0 of the mean rate at the ends of the scan
 * For counting modes, and for that alone, a mode is one that can be seen: its strength is at least
 * twice its error, all else being known. Without it, how many modes there are would be asked of
 * modes that no data can show. Each is proper, and scales with the data: neither units nor counting
 * time matter.
 */
#ifndef IXS_MODELS_FIT_PRIOR_H
#define IXS_MODELS_FIT_PRIOR_H

#include "models/fit/fit_inside.h"

#include <stdint.h>

enum ixs_prior_kind { /* of a parameter */
                      IXS_PRIOR_ZERO,
                      IXS_PRIOR_AREA,
                      IXS_PRIOR_POWER,
                      IXS_PRIOR_ENERGY,
                      IXS_PRIOR_WIDTH,
                      IXS_PRIOR_CELL, /* of background data: Gaussian where one is stated, else of
                                         no density that is known, the same for all numbers */
};
enum ixs_prior_kind ixs_prior_kind(const struct ixs_model *model, size_t k);

/* Logarithm of the density of all parameters but those that are fixed; that modes may be called in
 * any order (n!) is not in it. sums[k] = Sum_i dmu_i/dp_k, used of areas, level and strengths. */
double ixs_prior_log(const struct ixs_fit_space *space, const double *parameters,
                     const double *sums);

/* A mode is counted where it can be seen: least strength of one whose sum of (dmu/dstrength)^2/mu
 * is `curvature`, so many of its own errors. */
double ixs_prior_visible(double curvature);

/* That of one parameter; 0 for areas. */
double ixs_prior_log_of(const struct ixs_fit_space *space, size_t k, double value);

/* Draws: all but areas, modes in order; then areas, given the sums at these. */
void ixs_prior_draw_shapes(const struct ixs_fit_space *space, uint64_t *chance, double *parameters);
void ixs_prior_draw_areas(const struct ixs_fit_space *space, uint64_t *chance, const double *sums,
                          double *parameters);

#endif
