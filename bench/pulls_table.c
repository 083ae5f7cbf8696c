/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of simulated cells: arguments, draws, bounds.
 */
#include "bench/pulls_table.h"

#include "bench/chance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int pulls_table_main(const struct pulls_table *table, int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    size_t draws = argc > 1 ? strtoul(argv[1], NULL, 10) : 500;
    uint64_t seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    double slack = argc > 3 ? strtod(argv[3], NULL) : 0.0;
    bool ok = ixs_fit_space_new(&space, PULLS_POINTS, &err), all = true;
    puts(table->header);
    for (size_t row = 0; ok && row < table->nrows; row++)
        for (size_t p = 0; ok && p < table->npeaks; p++) {
            const struct pulls_cell cell = {row, table->peaks[p], draws, seed + 100 * row + p,
                                            slack};
            bool good = false;
            ok = table->run(&cell, space, &good, &err);
            all = good && all;
        }
    if (!ok)
        fprintf(stderr, "%s: %s\n", table->name, err.text);
    ixs_fit_space_free(space);
    return ok ? all ? 0 : 1 : (int)err.code;
}

struct ixs_fit_task pulls_measure(struct pulls_measured *out, const double *rate, uint64_t *state)
{
    double zero = PULLS_ZERO_ERR * ixs_chance_normal(state);
    struct ixs_fit_task task = IXS_FIT_TASK;
    for (int i = 0; i < PULLS_POINTS; i++) {
        out->energy[i] = pulls_first + pulls_step * i + zero;
        out->exposure[i] = pulls_exposure;
        out->counts[i] = chance_poisson(state, pulls_exposure * rate[i]);
    }
    task.points =
        (struct ixs_model_points){PULLS_POINTS, out->energy, out->counts, out->exposure, NULL};
    task.response = pulls_response;
    task.kelvin = PULLS_KELVIN;
    task.zero_err = PULLS_ZERO_ERR;
    return task;
}

bool pulls_hold(double mean, double width, double n, double slack)
{
    return fabs(mean) < 0.2 + slack / sqrt(n) && fabs(width - 1.0) < 0.2 + slack / sqrt(2.0 * n);
}
