/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chance for simulated data, beside that of the engine (models/numerics/chance.h).
 */
#ifndef IXS_BENCH_CHANCE_H
#define IXS_BENCH_CHANCE_H

#include "models/numerics/chance.h"

double chance_between(uint64_t *state, double lo, double hi);
double chance_log_between(uint64_t *state, double lo, double hi);

/* By its definition for any mean, slow where that is large: nothing of the engine's own counts. */
double chance_poisson(uint64_t *state, double mean);

#endif
