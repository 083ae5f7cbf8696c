/* SPDX-License-Identifier: GPL-3.0-or-later
 * A level that wanders: what is seen at time t_i is level(t_i) + scatter + error_i, and the level
 * itself is a random walk (local level model: Durbin & Koopman, Time Series Analysis by State Space
 * Methods, 2012, ch. 2). Nothing is known of the level before the first time.
 */
#ifndef IXS_MODELS_NUMERICS_LEVEL_H
#define IXS_MODELS_NUMERICS_LEVEL_H

#include <stdbool.h>
#include <stddef.h>

struct ixs_level_series { /* borrowed; times rise */
    size_t count;
    const double *time, *value, *error; /* [count] */
};

struct ixs_level {  /* a value */
    double walk;    /* variance a unit of time */
    double scatter; /* variance of each observation beside its error */
};

/* Log-likelihood of one series, without constants. */
double ixs_level_likelihood(const struct ixs_level *level, const struct ixs_level_series *series);

/* The likeliest walk and scatter that all series have in common. False where they cannot be told:
 * no series has three observations at different times. */
bool ixs_level_fit(struct ixs_level *out, size_t nseries, const struct ixs_level_series *series);

/* The level at a time, from all observations before and after it: exact. An empty series gives
 * value 0 of infinite variance. */
void ixs_level_at(const struct ixs_level *level, const struct ixs_level_series *series, double time,
                  double *value, double *variance);

#endif
