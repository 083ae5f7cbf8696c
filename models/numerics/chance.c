/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random numbers.
 */
#include "models/numerics/chance.h"

#include "base/units.h"

#include <math.h>

static const double many = 200.0; /* mean from which counts are drawn by rejection */

uint64_t ixs_chance_draw(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t ixs_chance_state(uint64_t seed, uint64_t index)
{
    uint64_t state = (seed << 32) ^ index;
    state = ixs_chance_draw(&state) ^ (index << 17);
    return ixs_chance_draw(&state);
}

double ixs_chance_uniform(uint64_t *state)
{
    return ((double)(ixs_chance_draw(state) >> 11) + 0.5) / 9007199254740992.0;
}

double ixs_chance_normal(uint64_t *state)
{
    double r = sqrt(-2.0 * log(ixs_chance_uniform(state)));
    return r * cos(2.0 * IXS_PI * ixs_chance_uniform(state));
}

/* Transformed rejection with squeeze (Hoermann, Insurance: Math. & Econ. 12, 39, 1993, PTRS). */
static double reject(uint64_t *state, double mean)
{
    double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), quick = 0.9277 - 3.6224 / (b - 2.0);
    for (;;) {
        double u = ixs_chance_uniform(state) - 0.5, v = ixs_chance_uniform(state);
        double us = 0.5 - fabs(u), k = floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= quick)
            return k;
        if (k < 0.0 || (us < 0.013 && v > us))
            continue;
        if (log(v * inverse_alpha / (a / (us * us) + b)) <= k * log(mean) - mean - lgamma(k + 1.0))
            return k;
    }
}

/* Few: the product of uniforms (Knuth), in parts of mean 20 at most. */
double ixs_chance_poisson(uint64_t *state, double mean)
{
    double count = 0.0;
    if (mean > many)
        return reject(state, mean);
    for (; mean > 0.0; mean -= 20.0) {
        double limit = exp(-fmin(mean, 20.0)), product = ixs_chance_uniform(state);
        for (; product > limit; product *= ixs_chance_uniform(state))
            count += 1.0;
    }
    return count;
}
