/* SPDX-License-Identifier: GPL-3.0-or-later
 * A program that tells what many fits say of themselves, cell by cell of a table: kinds of spectra
 * down, counts at the highest point across. `NAME [DRAWS [SEED [SLACK]]]` prints a line a cell and
 * ends with 1 if one misses its bounds.
 */
#ifndef IXS_BENCH_PULLS_TABLE_H
#define IXS_BENCH_PULLS_TABLE_H

#include "bench/pulls_simulate.h"

#include <stdint.h>

static const double pulls_exposure = 100.0, pulls_first = -20.0, pulls_step = 0.5; /* s, meV */

struct pulls_cell {
    size_t row;
    double peak; /* counts */
    size_t draws;
    uint64_t seed;
    double slack; /* by so many standard errors bounds are wider */
};

struct pulls_table {
    const char *name, *header;
    size_t nrows, npeaks;
    const double *peaks;
    /* Draws, judges and prints one cell. */
    bool (*run)(const struct pulls_cell *cell, struct ixs_fit_space *space, bool *good,
                struct ixs_err *err);
};

int pulls_table_main(const struct pulls_table *table, int argc, char **argv);

struct pulls_measured {
    double energy[PULLS_POINTS], counts[PULLS_POINTS], exposure[PULLS_POINTS];
};

/* Poisson counts of a rate [PULLS_POINTS], the zero off by PULLS_ZERO_ERR, and the fit of them. */
struct ixs_fit_task pulls_measure(struct pulls_measured *out, const double *rate, uint64_t *state);

/* Whether mean and width of n pulls are within 0.2 of 0 and 1. */
bool pulls_hold(double mean, double width, double n, double slack);

#endif
