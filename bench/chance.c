/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random numbers for simulated data.
 */
#include "bench/chance.h"

#include <math.h>

#define PI 3.14159265358979323846

uint64_t chance_draw(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t chance_state(uint64_t seed, uint64_t index)
{
    uint64_t state = (seed << 32) ^ index;
    state = chance_draw(&state) ^ (index << 17);
    return chance_draw(&state);
}

double chance_uniform(uint64_t *state)
{
    return ((double)(chance_draw(state) >> 11) + 0.5) / 9007199254740992.0;
}

double chance_between(uint64_t *state, double lo, double hi)
{
    return lo + (hi - lo) * chance_uniform(state);
}

double chance_log_between(uint64_t *state, double lo, double hi)
{
    return lo * pow(hi / lo, chance_uniform(state));
}

double chance_normal(uint64_t *state)
{
    double r = sqrt(-2.0 * log(chance_uniform(state)));
    return r * cos(2.0 * PI * chance_uniform(state));
}

/* Product of uniforms (Knuth), in parts of mean 20 at most. */
double chance_poisson(uint64_t *state, double mean)
{
    double count = 0.0;
    for (; mean > 0.0; mean -= 20.0) {
        double limit = exp(-fmin(mean, 20.0)), product = chance_uniform(state);
        for (; product > limit; product *= chance_uniform(state))
            count += 1.0;
    }
    return count;
}
