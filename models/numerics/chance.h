/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chance: small, seeded, the same on every machine and for any number of threads.
 */
#ifndef IXS_MODELS_NUMERICS_CHANCE_H
#define IXS_MODELS_NUMERICS_CHANCE_H

#include <stdint.h>

/* State of sequence `index` of a seed, far from all others on the generator's one cycle. */
uint64_t ixs_chance_state(uint64_t seed, uint64_t index);

uint64_t ixs_chance_draw(uint64_t *state);  /* splitmix64 (Steele, Lea & Flood, OOPSLA 2014) */
double ixs_chance_uniform(uint64_t *state); /* 0 .. 1, neither end */
double ixs_chance_normal(uint64_t *state);
double ixs_chance_poisson(uint64_t *state, double mean);

#endif
