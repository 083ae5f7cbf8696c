/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chance for simulated data: small, seeded, the same on every machine.
 */
#ifndef IXS_BENCH_CHANCE_H
#define IXS_BENCH_CHANCE_H

#include <stdint.h>

/* State of draw `index` of a seed, far from all others on the generator's one cycle. */
uint64_t chance_state(uint64_t seed, uint64_t index);

uint64_t chance_draw(uint64_t *state);  /* splitmix64 (Steele, Lea & Flood, OOPSLA 2014) */
double chance_uniform(uint64_t *state); /* 0 .. 1, neither end */
double chance_between(uint64_t *state, double lo, double hi);
double chance_log_between(uint64_t *state, double lo, double hi);
double chance_normal(uint64_t *state);
double chance_poisson(uint64_t *state, double mean);

#endif
