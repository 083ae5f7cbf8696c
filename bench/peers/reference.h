/* SPDX-License-Identifier: GPL-3.0-or-later
 * The exact answer that the fit engine is held against: the comparison's model (spectra.h) by its
 * poles and the Faddeeva function, Matsubara's sum term by term, and a solver of its own with a
 * very tight tolerance. Slow, plain, and without the engine's kernels.
 */
#ifndef IXS_BENCH_PEERS_REFERENCE_H
#define IXS_BENCH_PEERS_REFERENCE_H

#include "bench/peers/spectra.h"

/* mu[npoints] and, where slopes is not NULL, slopes[k * npoints + i] = d mu_i/d parameter k. */
void reference_model(const struct peers_set *set, const struct peers_spectrum *spectrum,
                     const double *parameters, double *mu, double *slopes);

/* Poisson deviance of the exact model; infinite where it is not positive. */
double reference_deviance(const struct peers_set *set, const struct peers_spectrum *spectrum,
                          const double *parameters);

struct reference_minimum {
    double deviance;
    double parameters[PEERS_PARAMETERS];
    double errors[PEERS_PARAMETERS]; /* from the curvature; 0: at a bound */
    size_t iterations;
};

/* Goes downhill from `start` with Ael, A and G at least 0. */
void reference_minimise(const struct peers_set *set, const struct peers_spectrum *spectrum,
                        const double *start, struct reference_minimum *out);

/* By how many of its errors each parameter moves when the model is mu[npoints] instead of the exact
 * one, to first order; 0 at a bound. */
void reference_shifts(const struct peers_set *set, const struct peers_spectrum *spectrum,
                      const double *parameters, const double *mu, double *shifts);

#endif
