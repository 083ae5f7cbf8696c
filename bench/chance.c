/* SPDX-License-Identifier: GPL-3.0-or-later
 * Random numbers for simulated data.
 */
#include "bench/chance.h"

#include <math.h>

double chance_between(uint64_t *state, double lo, double hi)
{
    return lo + (hi - lo) * ixs_chance_uniform(state);
}

double chance_log_between(uint64_t *state, double lo, double hi)
{
    return lo * pow(hi / lo, ixs_chance_uniform(state));
}

/* Product of uniforms (Knuth), in parts of mean 20 at most. */
double chance_poisson(uint64_t *state, double mean)
{
    double count = 0.0;
    for (; mean > 0.0; mean -= 20.0) {
        double limit = exp(-fmin(mean, 20.0)), product = ixs_chance_uniform(state);
        for (; product > limit; product *= ixs_chance_uniform(state))
            count += 1.0;
    }
    return count;
}
