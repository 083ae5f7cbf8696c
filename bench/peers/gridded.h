/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model as C programs of today compute it: S(E) on a grid of 0.1 meV, convolved by FFT with a
 * table of the response (+-20 meV, renormalised), read off at the data's energies.
 */
#ifndef IXS_BENCH_PEERS_GRIDDED_H
#define IXS_BENCH_PEERS_GRIDDED_H

#include "bench/peers/spectra.h"

struct gridded; /* plans, transforms of the responses, work space of one thread */

struct gridded *gridded_new(const struct peers_set *set);

/* (I(E_i) - N_i)/sqrt(max(N_i, 1)), [npoints] */
void gridded_residuals(struct gridded *grid, const struct peers_set *set,
                       const struct peers_spectrum *spectrum, const double *parameters,
                       double *residuals);

#endif
