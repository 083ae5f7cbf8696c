/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses fitted to half of the long scans of the real resolution run predict the other half: far
 * better than one pseudo-Voigt does, no worse than with one part fewer. All scans that light an
 * analyzer are fitted at once, with the shifts of the axis that the other analyzers tell and what
 * the sample scatters more or less at each angle.
 */
#include "calib/standard/parts.h"
#include "models/fit/solve.h"
#include "tests/near.h"
#include "tests/shipped.h"
#include "tests/spec_text.h"

#include <math.h>
#include <string.h>

static const double jitter = 0.01; /* meV */

enum { AREA, ZERO, GROUND, WING, NVALUES, LONG = 150 };

struct run {
    struct spec_read read;
    struct ixs_raw *raws;
    struct ixs_experiment experiment;
    struct ixs_traces traces;
    struct ixs_standard_result results[IXS_MOST_ANALYZERS];
};

/* The shifts of all points, from responses of each analyzer's brightest scan. */
static void share_axis(struct run *run, const struct ixs_standard_task *task)
{
    struct ixs_err err = IXS_ERR_NONE;
    for (size_t a = 0; a < run->experiment.instrument.nanalyzers; a++) {
        struct ixs_trace *first = NULL;
        struct ixs_shape_task one = {.ntraces = 1, .traces = &first, .jitter = jitter};
        for (size_t t = 0; t < run->traces.count; t++)
            if (run->traces.list[t].analyzer == a && run->traces.list[t].shaping)
                first = &run->traces.list[t];
        assert_non_null(first);
        one.floor = run->experiment.instrument.narrowest;
        run->results[a].calibrated = ixs_shape_fit(&run->results[a].shape, &one, &err);
        for (size_t t = 0; t < run->traces.count; t++)
            if (run->traces.list[t].analyzer == a && run->traces.list[t].lit)
                assert_true(
                    ixs_core_fit(&run->traces.list[t], &run->results[a].shape.response, &err));
    }
    struct ixs_standard standard = {
        .task = task, .traces = run->traces, .results = run->results, .jitter = jitter};
    assert_true(ixs_standard_axis(&standard, &err));
}

static bool make_run(struct run *run)
{
    struct ixs_err err = IXS_ERR_NONE;
    const char *spectrum = "../shared/spectra/herix/plexiglas_1.spec";
    *run = (struct run){0};
    if (access(path_of(spectrum), R_OK) != 0) {
        printf("# skipped: no file %s\n", path_of(spectrum));
        return false;
    }
    run->read = read_spec(path_of(spectrum), NULL);
    assert_true(run->read.ok && IXS_NEW(run->raws, run->read.count, &err));
    for (size_t s = 0; s < run->read.count; s++)
        run->raws[s] = run->read.scans[s].raw;
    assert_true(
        ixs_experiment_read(&run->experiment, NULL, path_of("configs/herix.xml"), NULL, &err));
    struct ixs_standard_task task = {
        .nscans = run->read.count, .scans = run->raws, .experiment = &run->experiment};
    assert_true(ixs_traces_gather(&run->traces, &task, &err));
    assert_true(ixs_traces_judge(&run->traces, &run->experiment.instrument, &err));
    share_axis(run, &task);
    return true;
}

static void free_run(struct run *run)
{
    ixs_traces_dispose(&run->traces);
    free_spec(&run->read);
    free(run->raws);
    ixs_experiment_dispose(&run->experiment);
}

struct line { /* a trace to be predicted */
    const struct ixs_trace *trace;
    const struct ixs_response *response;
    const struct ixs_curve *wings;
};

static void model(void *context, const double *p, double *mu, double *jacobian)
{
    const struct line *line = context;
    size_t n = line->trace->npoints;
    for (size_t i = 0; i < n; i++) {
        double at = line->trace->energy[i] - p[ZERO], x = line->trace->exposure[i], value, slope;
        ixs_response_curve(line->response, 1, &at, &value, &slope);
        double rise, wing = ixs_curve_value(line->wings, at, &rise);
        mu[i] = x * (p[AREA] * value + p[GROUND] + p[WING] * wing);
        if (jacobian == NULL)
            continue;
        jacobian[AREA * n + i] = x * value;
        jacobian[ZERO * n + i] = -x * (p[AREA] * slope + p[WING] * rise);
        jacobian[WING * n + i] = x * wing;
        jacobian[GROUND * n + i] = x;
    }
}

/* Deviance of a trace of which place, area, background and wings are its own. */
static double predict(const struct ixs_trace *trace, const struct ixs_response *response,
                      const struct ixs_curve *wings)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct line line = {trace, response, wings};
    struct ixs_solve *space = NULL;
    struct ixs_solve_result result;
    const double lower[NVALUES] = {0, -INFINITY, 0, -INFINITY},
                 upper[NVALUES] = {INFINITY, INFINITY, INFINITY, INFINITY};
    double p[NVALUES] = {1.8 * trace->brightness, trace->apex, 0.01, 0};
    struct ixs_solve_problem problem = {.nparameters = NVALUES,
                                        .ndata = trace->npoints,
                                        .counts = trace->counts,
                                        .model = model,
                                        .context = &line,
                                        .lower = lower,
                                        .upper = upper};
    assert_true(ixs_solve_new(&space, NVALUES, trace->npoints, &err));
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    ixs_solve_free(space);
    return result.deviance;
}

/* Every second of the long lit scans of an analyzer. */
static size_t half_of(const struct run *run, size_t analyzer, size_t which,
                      struct ixs_trace **chosen)
{
    size_t n = 0, seen = 0;
    for (size_t t = 0; t < run->traces.count; t++) {
        struct ixs_trace *trace = &run->traces.list[t];
        if (trace->analyzer == analyzer && trace->lit && trace->npoints > LONG &&
            seen++ % 2 == which)
            chosen[n++] = trace;
    }
    for (size_t s = 1; s < n; s++) /* the brightest first */
        if (chosen[s]->peak > chosen[0]->peak) {
            struct ixs_trace *first = chosen[0];
            chosen[0] = chosen[s];
            chosen[s] = first;
        }
    return n;
}

/* Deviance of one half by at most so many parts fitted to the other, or the table from them; their
 * number in *parts. */
static double by_half(const struct run *run, size_t analyzer, size_t most, bool table,
                      size_t *parts, size_t *points)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_trace *fitted[64], *rest[64];
    struct ixs_shape shape;
    double sum = 0;
    struct ixs_shape_task task = {.ntraces = half_of(run, analyzer, 0, fitted),
                                  .traces = fitted,
                                  .floor = run->experiment.instrument.narrowest,
                                  .jitter = jitter,
                                  .most = most};
    size_t n = half_of(run, analyzer, 1, rest);
    assert_true(task.ntraces > 1 && n > 1);
    struct ixs_shape_task first = task;
    struct ixs_curve wings = {0};
    first.ntraces = 1;
    assert_true(ixs_shape_fit(&shape, &first, &err));
    assert_true(ixs_shape_wings(&wings, &shape, 295, &err));
    task.wings = &wings;
    if (!ixs_shape_join(&shape, &task, &err))
        fail_msg("no fit of analyzer %zu with at most %zu parts: %s", analyzer, most, err.text);
    *parts = shape.response.nparts;
    for (size_t k = 0; k < *parts; k++)
        assert_true(shape.response.parts[k].fwhm > 0.27); /* wider than a step */
    if (table)
        assert_true(ixs_shape_smooth(&shape, &task, &err));
    for (size_t s = 0; s < n; s++)
        sum += predict(rest[s], &shape.response, &wings);
    *points = 0;
    for (size_t s = 0; s < n; s++)
        *points += rest[s]->npoints;
    for (size_t s = 0; s < task.ntraces; s++) { /* the next fit begins anew */
        free(fitted[s]->inelastic);
        fitted[s]->inelastic = NULL;
    }
    ixs_curve_dispose(&wings);
    return sum;
}

static void test_halves(void **state)
{
    (void)state;
    static const size_t analyzers[] = {0, 1, 2, 3, 5, 6, 7, 8};
    struct run run;
    if (!make_run(&run)) {
        free_run(&run);
        skip();
    }
    for (size_t k = 0; k < IXS_COUNT(analyzers); k++) {
        size_t parts, fewer, one, points;
        double best = by_half(&run, analyzers[k], 0, false, &parts, &points);
        double less = by_half(&run, analyzers[k], parts - 1, false, &fewer, &points);
        double single = by_half(&run, analyzers[k], 1, false, &one, &points);
        double table = by_half(&run, analyzers[k], 0, true, &one, &points);
        printf("# Ana%zu: deviance of the other half, %zu points, %.0f by %zu parts, %.0f by %zu, "
               "%.0f by one, "
               "%.0f by a table\n",
               analyzers[k] + 1, points, best, parts, less, fewer, single, table);
        assert_true(best < 0.85 * single);
        assert_true(best <= 1.02 * less);
        assert_true(table <= 1.05 * best);
    }
    free_run(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
