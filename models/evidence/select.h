/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many modes a spectrum has.
 */
#ifndef IXS_MODELS_EVIDENCE_SELECT_H
#define IXS_MODELS_EVIDENCE_SELECT_H

#include <stddef.h>

/* Akaike's criterion corrected for few points: deviance + 2 k + 2 k (k + 1)/(n - k - 1) (Hurvich &
 * Tsai, Biometrika 76, 297, 1989); infinite when n is too small. */
double ixs_select_aicc(double deviance, size_t npoints, size_t nparameters);

/* Schwarz's: deviance + k ln n (Ann. Stat. 6, 461, 1978). */
double ixs_select_bic(double deviance, size_t npoints, size_t nparameters);

/* A criterion by which modes are counted: AICc, and 2 ln(places) for each mode, because its
 * energy was searched for among so many places (length of the scan in units of the resolution; the
 * extended criterion of Chen & Chen, Biometrika 95, 759, 2008). Without it noise would be taken for
 * modes. */
double ixs_select_cost(double aicc, size_t nmodes, double places);

#endif
