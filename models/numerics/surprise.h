/* SPDX-License-Identifier: GPL-3.0-or-later
 * How surprising counts are beside what other counts foretell.
 */
#ifndef IXS_MODELS_NUMERICS_SURPRISE_H
#define IXS_MODELS_NUMERICS_SURPRISE_H

/* The chance of at least, and of at most, `counts` where the expected count is known as `mean` with
 * a `variance` of its own: taken as a gamma distribution of these, so that counts are negative
 * binomial. variance 0: Poisson. */
double ixs_surprise_high(double counts, double mean, double variance);
double ixs_surprise_low(double counts, double mean, double variance);

#endif
