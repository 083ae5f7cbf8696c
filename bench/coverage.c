/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bias and coverage cell by cell: `cover [PART [DRAWS [SEED [THREADS [SLACK]]]]]` prints the
 * table of a part (bench/coverage.h; default: all) and ends with 1 if a bound is missed. The same
 * table for any number of threads; 3000 draws a cell by default.
 */
#include "bench/coverage.h"

#include "base/array.h"
#include "base/parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fit_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct coverage *coverage = context;
    return coverage_fit(coverage, index / coverage->ndraws, index % coverage->ndraws, worker, err);
}

static bool expect_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    (void)worker;
    return coverage_expect(&((struct coverage *)context)->cells[index], err);
}

static bool prepare(struct coverage *coverage, const struct coverage_part *part, size_t threads,
                    struct ixs_err *err)
{
    if (!IXS_NEW(coverage->cells, COVERAGE_MOST_CELLS, err))
        return false;
    coverage->ncells = part->list(coverage->cells);
    bool ok = IXS_NEW(coverage->draws, coverage->ncells * coverage->ndraws, err) &&
              IXS_NEW(coverage->room, 2 * coverage->ndraws, err) &&
              IXS_NEW(coverage->spaces, threads, err);
    for (size_t k = 0; ok && k < threads; k++)
        ok = ixs_fit_space_new(&coverage->spaces[k], COVERAGE_POINTS, err);
    return ok;
}

static void dispose(struct coverage *coverage, size_t threads)
{
    for (size_t k = 0; coverage->spaces && k < threads; k++)
        ixs_fit_space_free(coverage->spaces[k]);
    free(coverage->spaces);
    free(coverage->room);
    free(coverage->draws);
    free(coverage->cells);
}

static bool run_part(const struct coverage_part *part, const struct coverage *settings,
                     size_t threads, bool *good, struct ixs_err *err)
{
    struct coverage coverage = *settings;
    bool ok = prepare(&coverage, part, threads, err) &&
              ixs_parallel(coverage.ncells, threads, expect_one, &coverage, err) &&
              ixs_parallel(coverage.ncells * coverage.ndraws, threads, fit_one, &coverage, err);
    if (ok)
        *good = part->report(&coverage) && *good;
    dispose(&coverage, threads);
    return ok;
}

static bool run(const char *name, const struct coverage *settings, size_t threads, bool *good,
                struct ixs_err *err)
{
    static const struct coverage_part *const parts[] = {
        &coverage_widths,   &coverage_overdamped, &coverage_close,  &coverage_goodness,
        &coverage_foretold, &coverage_intervals,  &coverage_thermal};
    bool found = false;
    for (size_t k = 0; k < IXS_COUNT(parts); k++)
        if (strcmp(name, "all") == 0 || strcmp(name, parts[k]->name) == 0) {
            found = true;
            if (!run_part(parts[k], settings, threads, good, err))
                return false;
        }
    return found ||
           ixs_fail(err, IXS_USAGE, "found part '%s', expected one of bench/coverage.h", name);
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct coverage settings = {.ndraws = argc > 2 ? strtoul(argv[2], NULL, 10) : 3000,
                                .seed = argc > 3 ? strtoul(argv[3], NULL, 10) : 1,
                                .slack = argc > 5 ? strtod(argv[5], NULL) : 0.0};
    size_t threads = ixs_parallel_threads(argc > 4 ? strtoul(argv[4], NULL, 10) : 0);
    bool good = true;
    if (!run(argc > 1 ? argv[1] : "all", &settings, threads, &good, &err)) {
        fprintf(stderr, "cover: %s\n", err.text);
        return (int)err.code;
    }
    return good ? 0 : 1;
}
