/* SPDX-License-Identifier: GPL-3.0-or-later
 * Background data in a fit: slopes, known truth, what the error of the scale does, and a mode of
 * few counts that is not biased. Statistics at length: bench/background.c.
 */
#include "tests/fit_sample.h"

#include "base/array.h"
#include "models/fit/deviance.h"
#include "tests/near.h"

#include <math.h>
#include <string.h>

enum { CELL = 71 };

struct cell { /* at energies of its own */
    double energy[CELL], counts[CELL], exposure[CELL], dark[CELL];
    struct ixs_cell data;
};

/* An elastic line and a hump that is none of the fit's functions, count/s. */
static double cell_rate(double energy)
{
    return 0.6 * ixs_response_value(&response, energy) +
           0.1 * exp(-0.5 * pow((energy - 7.0) / 5.0, 2.0)) + 0.02;
}

static void make_cell(struct cell *out, double scale, double scale_err)
{
    for (int j = 0; j < CELL; j++) {
        out->energy[j] = -20.3 + 0.8 * j;
        out->exposure[j] = 150.0;
        out->dark[j] = 0.3;
        out->counts[j] = out->exposure[j] * cell_rate(out->energy[j]) + out->dark[j];
    }
    out->data =
        (struct ixs_cell){.points = {CELL, out->energy, out->counts, out->exposure, out->dark},
                          .scale = scale,
                          .scale_err = scale_err,
                          .zero_err = 0.05};
}

static void make_noisy_cell(struct cell *cell, uint64_t seed)
{
    struct spectrum room = {{0}, {0}, {0}};
    memcpy(room.counts, cell->counts, sizeof cell->counts);
    make_noisy(&room, seed);
    memcpy(cell->counts, room.counts, sizeof cell->counts);
}

/* The spectrum of one mode in that cell. */
static const double truth[] = {0.03, 1.0, 0.01, 9.0, 1.5, 0.6};

static void make_sample(struct spectrum *out, double scale)
{
    expect(out, 300.0, 1, truth);
    for (int i = 0; i < POINTS; i++)
        out->counts[i] += scale * out->exposure[i] * cell_rate(out->energy[i] - truth[0]);
}

static void run_both(const struct ixs_fit_task *task, struct ixs_fit_answer *answer)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    assert_true(ixs_fit_space_new(&space, POINTS + CELL, &err));
    assert_null(ixs_fit_complaint(task));
    ixs_fit_run(space, task, answer);
    ixs_fit_space_free(space);
}

static struct ixs_fit_task task_with(const struct spectrum *spectrum, const struct cell *cell)
{
    struct ixs_fit_task task = task_of(spectrum, POINTS);
    task.nmodes = 1;
    task.cell = &cell->data;
    return task;
}

/* ---- slopes ---------------------------------------------------------------------------------- */

enum { NCELL = 12, N = POINTS + CELL };

struct together { /* a spectrum's model and its cell's */
    struct spectrum spectrum;
    struct cell cell;
    struct ixs_transforms transforms;
    struct ixs_bose bose;
    struct ixs_model sample;
    struct ixs_cell_model model;
    double share[POINTS];
};

static void make_together(struct together *out)
{
    const struct ixs_model_form form = {.background_degree = 1, .ncell = NCELL};
    make_cell(&out->cell, 0.8, 0.1);
    make_sample(&out->spectrum, 0.8);
    const struct ixs_model_points points = {POINTS, out->spectrum.energy, NULL,
                                            out->spectrum.exposure, NULL};
    ixs_transforms_make(&out->transforms, &response);
    ixs_bose_make(&out->bose, 300.0, ixs_model_span(&points));
    ixs_model_make(&out->sample, &points, ixs_transform_choose(&out->transforms, INFINITY),
                   &out->bose, 1.0, &form, 1);
    ixs_cell_model_make(&out->model, &out->sample, &out->cell.data, out->share);
}

static const double at[] = {0.1, 1.0, 0.01, 1e-4, 0.7,  -0.05, 0.5, -3.0, 0.4, -0.6,
                            0.2, 0.1, -0.1, 0.05, 0.02, 0.01,  9.0, 1.5,  0.6};

static void test_slopes(void **state)
{
    (void)state;
    static struct together both;
    static double mu[N], up[N], down[N], jacobian[IXS_COUNT(at) * N];
    make_together(&both);
    assert_int_equal(both.sample.nparameters, IXS_COUNT(at));
    ixs_cell_evaluate(&both.model, &both.sample, at, mu, jacobian);
    for (size_t k = 0; k < IXS_COUNT(at); k++) {
        double moved[IXS_COUNT(at)], step = 1e-5 * fmax(1.0, fabs(at[k])), top = 0.0;
        memcpy(moved, at, sizeof moved);
        moved[k] = at[k] + step;
        ixs_cell_evaluate(&both.model, &both.sample, moved, up, NULL);
        moved[k] = at[k] - step;
        ixs_cell_evaluate(&both.model, &both.sample, moved, down, NULL);
        for (size_t i = 0; i < N; i++)
            top = fmax(top, fabs(jacobian[k * N + i]));
        assert_true(top > 0.0);
        for (size_t i = 0; i < N; i++)
            assert_near(jacobian[k * N + i], (up[i] - down[i]) / (2.0 * step), 1e-7 * top);
    }
}

/* The formulas of models/fit/cell.h, written out. */
static void test_values(void **state)
{
    (void)state;
    static struct together both;
    static double mu[N], alone[POINTS];
    make_together(&both);
    size_t first = both.sample.first_cell;
    ixs_cell_evaluate(&both.model, &both.sample, at, mu, NULL);
    ixs_model_evaluate(&both.sample, at, alone, NULL);
    const double lo = -20.3, length = 56.0; /* of both scans: -20.3 .. 35.7 and -20 .. 35 */
    for (size_t i = 0; i < N; i++) {
        bool here = i < POINTS;
        double energy = here ? both.spectrum.energy[i] - at[0]
                             : both.cell.energy[i - POINTS] - at[first + IXS_CELL_ZERO];
        double eta = 0.0;
        for (size_t m = 0; m < NCELL - IXS_CELL_WAVES; m++)
            eta += at[first + IXS_CELL_WAVES + m] *
                   cos((double)m * 3.14159265358979323846 * (energy - lo) / length);
        double b = at[first + IXS_CELL_AREA] * ixs_response_value(&response, energy) + exp(eta);
        double wanted = here ? alone[i] + both.spectrum.exposure[i] * at[first] * b
                             : both.cell.exposure[i - POINTS] * b + both.cell.dark[i - POINTS];
        assert_near(mu[i], wanted, 1e-5 * wanted); /* R by its transform */
        if (here)
            assert_near(ixs_cell_rate(&both.model, at, both.spectrum.energy[i], NULL),
                        at[first] * b, 1e-5 * b);
    }
}

/* Slopes of the rate are those of the counts. */
static void test_rate_slopes(void **state)
{
    (void)state;
    static struct together both;
    static double mu[N], with[IXS_COUNT(at) * N], without[IXS_COUNT(at) * N];
    make_together(&both);
    ixs_cell_evaluate(&both.model, &both.sample, at, mu, with);
    ixs_model_evaluate(&both.sample, at, mu, without);
    for (size_t i = 0; i < POINTS; i += 7) {
        double by[IXS_COUNT(at)] = {0}, exposure = both.spectrum.exposure[i];
        ixs_cell_rate(&both.model, at, both.spectrum.energy[i], by);
        for (size_t k = 0; k < IXS_COUNT(at); k++) {
            bool own = k >= both.sample.first_cell && k < both.sample.first_mode;
            double plain = own ? 0.0 : without[k * N + i];
            assert_near(exposure * by[k], with[k * N + i] - plain, 1e-8 * exposure);
        }
    }
}

/* ---- fits ------------------------------------------------------------------------------------ */

static void test_truth_comes_back(void **state)
{
    (void)state;
    static struct cell cell;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    make_cell(&cell, 0.8, 0.04);
    make_sample(&spectrum, 0.8);
    struct ixs_fit_task task = task_with(&spectrum, &cell);
    run_both(&task, &answer);
    size_t first = answer.first_mode - (size_t)answer.form.ncell;
    assert_int_equal(answer.status, IXS_FIT_GOOD);
    assert_near(answer.zero, truth[0], 0.3 * answer.zero_err);
    assert_near(answer.elastic, truth[1], 0.3 * answer.elastic_err);
    assert_near(answer.lines[0].omega0, truth[3], 0.3 * answer.lines[0].omega0_err);
    assert_near(answer.lines[0].strength, truth[5], 0.3 * answer.lines[0].strength_err);
    assert_near(answer.parameters[first + IXS_CELL_SCALE], 0.8, 0.3 * 0.04);
    assert_near(answer.parameters[first + IXS_CELL_AREA], 0.6,
                0.5 * answer.errors[first + IXS_CELL_AREA]);
    assert_string_equal(ixs_model_parameter(&answer.form, first).component, "cell");
    assert_string_equal(ixs_model_parameter(&answer.form, first).name, "scale");
    assert_string_equal(ixs_model_parameter(&answer.form, answer.first_mode).component, "dho1");
    /* points of both, less elastic line, background and mode, zeros and scale having priors */
    assert_in_range(answer.dof, POINTS + CELL - 6 - 12, POINTS + CELL - 6 - 3);
}

/* A cell that is not in the beam changes nothing. */
static void test_no_share(void **state)
{
    (void)state;
    static struct cell cell;
    struct spectrum spectrum;
    struct ixs_fit_answer with, without;
    make_cell(&cell, 0.0, 0.0);
    make_sample(&spectrum, 0.0);
    make_noisy(&spectrum, 5);
    struct ixs_fit_task task = task_with(&spectrum, &cell);
    run_both(&task, &with);
    task.cell = NULL;
    run_both(&task, &without);
    assert_near(with.lines[0].omega0, without.lines[0].omega0, 0.02 * with.lines[0].omega0_err);
    assert_near(with.lines[0].fwhm, without.lines[0].fwhm, 0.02 * with.lines[0].fwhm_err);
    assert_near(with.lines[0].fwhm_hi, without.lines[0].fwhm_hi, 0.05 * with.lines[0].fwhm_err);
    assert_near(with.elastic_err, without.elastic_err, 0.01 * with.elastic_err);
}

/* Of a long cell scan all that is left is the scale: a strength's variance grows by (d strength/d
 * k)^2 sigma_k^2, the slope had from two fits with fixed scales. */
static void test_error_of_scale(void **state)
{
    (void)state;
    static struct cell cell;
    struct spectrum spectrum;
    struct ixs_fit_answer exact, known, more;
    make_cell(&cell, 0.8, 0.0);
    for (int j = 0; j < CELL; j++) {
        cell.counts[j] *= 1e3;
        cell.dark[j] *= 1e3;
        cell.exposure[j] *= 1e3;
    }
    make_sample(&spectrum, 0.8);
    struct ixs_fit_task task = task_with(&spectrum, &cell);
    run_both(&task, &exact);
    cell.data.scale = 0.82;
    run_both(&task, &more);
    cell.data.scale = 0.8;
    cell.data.scale_err = 0.2;
    run_both(&task, &known);
    double slope = (more.elastic - exact.elastic) / 0.02;
    double free = hypot(exact.elastic_err, slope * 0.2);
    size_t first = known.first_mode - (size_t)known.form.ncell;
    assert_true(known.elastic_err > 1.2 * exact.elastic_err);
    assert_true(known.elastic_err < 1.02 * free);
    /* the data themselves tell the scale a little: its own error says how much is left of 0.2 */
    assert_near(known.elastic_err, hypot(exact.elastic_err, slope * known.errors[first]),
                0.03 * known.elastic_err);
}

/* Ten counts at the mode's top on as many of the cell's. */
static void test_few_counts(void **state)
{
    (void)state;
    enum { DRAWS = 120 };
    const double wanted[] = {9.0, 0.6 * 0.35}, start = 0.35;
    double sum[2] = {0.0, 0.0}, square[2] = {0.0, 0.0};
    for (uint64_t seed = 1; seed <= DRAWS; seed++) {
        static struct cell cell;
        struct spectrum spectrum;
        struct ixs_fit_answer answer;
        double few[] = {truth[0], 0.2, 0.003, 9.0, 1.5, 0.6 * start};
        make_cell(&cell, 0.8, 0.04);
        expect(&spectrum, 300.0, 1, few);
        for (int i = 0; i < POINTS; i++)
            spectrum.counts[i] +=
                0.8 * spectrum.exposure[i] * cell_rate(spectrum.energy[i] - few[0]);
        make_noisy(&spectrum, seed);
        make_noisy_cell(&cell, 1000 + seed);
        struct ixs_fit_task task = task_with(&spectrum, &cell);
        task.quick = true;
        run_both(&task, &answer);
        const struct ixs_fit_line *line = &answer.lines[0];
        const double pulls[] = {(line->omega0 - wanted[0]) / line->omega0_err,
                                (line->strength - wanted[1]) / line->strength_err};
        for (size_t k = 0; k < 2; k++) {
            double pull = fmin(fmax(pulls[k], -4.0), 4.0); /* a mode lost */
            sum[k] += pull / DRAWS;
            square[k] += pull * pull / DRAWS;
        }
    }
    for (size_t k = 0; k < 2; k++) {
        assert_near(sum[k], 0.0, 0.3); /* three errors of the mean */
        assert_near(sqrt(square[k]), 1.05, 0.25);
    }
}

static void test_complaints(void **state)
{
    (void)state;
    static struct cell cell;
    struct spectrum spectrum;
    make_cell(&cell, 0.8, 0.04);
    make_sample(&spectrum, 0.8);
    struct ixs_fit_task task = task_with(&spectrum, &cell);
    assert_null(ixs_fit_complaint(&task));
    cell.data.scale = -1.0;
    assert_non_null(ixs_fit_complaint(&task));
    cell.data.scale = 0.8;
    cell.data.scale_err = (double)NAN;
    assert_non_null(ixs_fit_complaint(&task));
    cell.data.scale_err = 0.0;
    cell.counts[3] = -1.0;
    assert_non_null(ixs_fit_complaint(&task));
}

/* A cell without a count still bounds what it adds. */
static void test_empty_cell(void **state)
{
    (void)state;
    static struct cell cell;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    make_cell(&cell, 0.8, 0.04);
    memset(cell.counts, 0, sizeof cell.counts);
    make_sample(&spectrum, 0.0);
    make_noisy(&spectrum, 7);
    struct ixs_fit_task task = task_with(&spectrum, &cell);
    run_both(&task, &answer);
    assert_near(answer.lines[0].omega0, truth[3], 3.0 * answer.lines[0].omega0_err);
    assert_true(answer.lines[0].omega0_err > 0.0);
    assert_int_equal(answer.status, IXS_FIT_GOOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slopes),      cmocka_unit_test(test_values),
        cmocka_unit_test(test_rate_slopes), cmocka_unit_test(test_truth_comes_back),
        cmocka_unit_test(test_no_share),    cmocka_unit_test(test_error_of_scale),
        cmocka_unit_test(test_few_counts),  cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_empty_cell),
    };
    return cmocka_run_group_tests_name("cell", tests, NULL, NULL);
}
