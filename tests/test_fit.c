/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fit of a spectrum from its own starts: known truth, no data, too little data, what is at a
 * limit says so. Statistics of the errors: bench/pulls.c.
 */
#include "models/fit.h"

#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

enum { POINTS = 111 };

static const struct ixs_response response = {2, {{0.85, -0.05, 1.46, 0.2}, {0.15, 0.28, 2.4, 0.7}}};

struct spectrum {
    double energy[POINTS], counts[POINTS], exposure[POINTS];
};

/* Expected counts themselves as data: the fit must give the parameters back. */
static void expect(struct spectrum *out, double kelvin, size_t nmodes, const double *parameters)
{
    struct ixs_model model;
    for (int i = 0; i < POINTS; i++) {
        out->energy[i] = -20.0 + 0.5 * i;
        out->exposure[i] = 100.0;
    }
    struct ixs_model_points points = {POINTS, out->energy, NULL, out->exposure, NULL};
    ixs_model_make(&model, &points, &response, kelvin, nmodes);
    ixs_model_evaluate(&model, parameters, out->counts, NULL);
}

static uint64_t draw(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static void make_noisy(struct spectrum *spectrum, uint64_t seed)
{
    for (int i = 0; i < POINTS; i++) {
        double left = spectrum->counts[i], count = 0.0;
        for (; left > 0.0; left -= 20.0) {
            double limit = exp(-fmin(left, 20.0)), product = 1.0;
            while ((product *= ((double)(draw(&seed) >> 11) + 0.5) / 9007199254740992.0) > limit)
                count += 1.0;
        }
        spectrum->counts[i] = count;
    }
}

static struct ixs_fit_task task_of(const struct spectrum *spectrum, size_t n)
{
    struct ixs_fit_task task = IXS_FIT_TASK;
    task.points =
        (struct ixs_model_points){n, spectrum->energy, spectrum->counts, spectrum->exposure, NULL};
    task.response = response;
    task.kelvin = 300.0;
    task.zero_err = 0.1;
    return task;
}

static void run(const struct ixs_fit_task *task, struct ixs_fit_answer *answer)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    assert_true(ixs_fit_space_new(&space, POINTS, &err));
    assert_null(ixs_fit_complaint(task));
    ixs_fit_run(space, task, answer);
    ixs_fit_space_free(space);
}

/* ---- known truth
 * ----------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    double kelvin;
    size_t nmodes;
    double parameters[12];
    double zero_err;
} table[] = {
    {"one mode", 300.0, 1, {0.05, 3.0, 0.01, 8.0, 1.2, 0.5}, 0.1},
    {"no elastic line", 300.0, 1, {0.05, 1e-6, 0.01, 8.0, 1.2, 0.5}, 0.1},
    {"three modes",
     300.0,
     3,
     {-0.1, 2.0, 0.01, 5.0, 0.5, 0.3, 10.0, 2.0, 0.6, 17.0, 3.0, 0.9},
     0.1},
    {"cold", 20.0, 2, {0.0, 1.0, 0.01, 7.0, 1.0, 1.0, 14.0, 2.5, 2.0}, 0.1},
    {"overdamped", 300.0, 1, {0.0, 1.0, 0.01, 6.0, 18.0, 2.0}, 0.1},
    {"near critical", 300.0, 1, {0.0, 1.0, 0.01, 6.0, 12.0, 2.0}, 0.1},
    {"no temperature", (double)NAN, 1, {0.0, 1.0, 0.01, 8.0, 1.5, 2.0}, 0.1},
    {"unknown zero", 300.0, 1, {5.3, 0.5, 0.01, 6.0, 1.0, 1.0}, (double)NAN},
    {"unknown zero, two modes",
     300.0,
     2,
     {4.7, 1.5, 0.01, 5.0, 1.0, 1.0, 12.0, 2.0, 0.7},
     (double)NAN},
};

static void test_truth_comes_back(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof table / sizeof table[0]; c++) {
        struct spectrum spectrum;
        struct ixs_fit_answer answer;
        expect(&spectrum, table[c].kelvin, table[c].nmodes, table[c].parameters);
        struct ixs_fit_task task = task_of(&spectrum, POINTS);
        task.kelvin = table[c].kelvin;
        task.nmodes = (int)table[c].nmodes;
        task.zero_err = table[c].zero_err;
        run(&task, &answer);
        assert_near(answer.deviance, 0.0, 1.1); /* the prior on zero pulls a little */
        for (size_t k = 0; k < answer.nparameters; k++)
            assert_near(answer.parameters[k], table[c].parameters[k],
                        1e-5 + 1.2 * answer.errors[k]);
    }
}

static void test_number_of_modes(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t c = 0; c < sizeof table / sizeof table[0]; c++)
        for (uint64_t seed = 1; seed <= 4; seed++) {
            struct spectrum spectrum;
            struct ixs_fit_answer answer;
            expect(&spectrum, table[c].kelvin, table[c].nmodes, table[c].parameters);
            make_noisy(&spectrum, 100 * c + seed);
            struct ixs_fit_task task = task_of(&spectrum, POINTS);
            task.kelvin = table[c].kelvin;
            task.zero_err = table[c].zero_err;
            task.quick = true;
            run(&task, &answer);
            wrong += answer.nmodes != table[c].nmodes;
        }
    assert_in_range(wrong, 0, 2);
}

/* Elastic line and background alone: hardly ever a mode. */
static void test_no_modes_are_invented(void **state)
{
    (void)state;
    const double parameters[3] = {0.0, 3.0, 0.03};
    size_t invented = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct spectrum spectrum;
        struct ixs_fit_answer answer;
        expect(&spectrum, 300.0, 0, parameters);
        make_noisy(&spectrum, seed);
        struct ixs_fit_task task = task_of(&spectrum, POINTS);
        task.quick = true;
        run(&task, &answer);
        invented += answer.nmodes > 0;
    }
    assert_in_range(invented, 0, 4);
}

static void test_order_and_repetition(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer one, two;
    expect(&spectrum, 300.0, 3, table[2].parameters);
    make_noisy(&spectrum, 11);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 3;
    run(&task, &one);
    run(&task, &two);
    assert_true(one.lines[0].omega0 < one.lines[1].omega0);
    assert_true(one.lines[1].omega0 < one.lines[2].omega0);
    assert_memory_equal(one.parameters, two.parameters, 12 * sizeof(double));
    assert_memory_equal(one.covariance, two.covariance, 144 * sizeof(double));
}

/* ---- derived quantities
 * -------------------------------------------------------------------------- */

static void test_derived(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, table[0].parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    run(&task, &answer);
    const struct ixs_fit_line *line = &answer.lines[0];
    struct ixs_dho mode = {line->omega0, line->fwhm, line->strength};
    assert_near(line->relaxation, line->omega0 * line->omega0 / line->fwhm, 1e-12);
    assert_near(line->susceptibility, 2.0 * line->strength / line->omega0, 1e-12);
    assert_near(line->area, ixs_dho_area(&mode, 300.0), 1e-12);
    assert_near(line->omega_damped, ixs_dho_damped(&mode), 1e-12);
    assert_near(line->lifetime * line->fwhm, 0.65821, 1e-5);
    assert_near(line->lifetime_err / line->lifetime, line->fwhm_err / line->fwhm, 1e-12);
    assert_true(line->fwhm_lo < line->fwhm && line->fwhm < line->fwhm_hi);
    assert_true(line->fwhm_ul90 > line->fwhm_hi);
    assert_int_equal(line->regime, IXS_FIT_UNDERDAMPED);
    assert_int_equal(answer.status, IXS_FIT_GOOD);
    assert_string_equal(answer.reason, "");
    assert_int_equal(answer.dof, POINTS - 6 + 1);
    double err = line->susceptibility * /* by hand, with the covariance of strength and energy */
                 sqrt(answer.covariance[35] / (line->strength * line->strength) +
                      answer.covariance[21] / (line->omega0 * line->omega0) -
                      2.0 * answer.covariance[23] / (line->strength * line->omega0));
    assert_near(line->susceptibility_err, err, 1e-10);
}

/* The width of a narrow mode is not told from 0, and its limit holds the truth. */
static void test_unresolved(void **state)
{
    (void)state;
    const double parameters[6] = {0.0, 0.5, 0.01, 8.0, 0.05, 0.1};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    run(&task, &answer);
    const struct ixs_fit_line *line = &answer.lines[0];
    assert_int_equal(line->regime, IXS_FIT_UNRESOLVED);
    assert_near(line->fwhm_lo, 0.0, 0.0);
    assert_true(line->fwhm_ul90 > 0.05 && line->fwhm_ul90 < 1.0);
    assert_true(line->fwhm_err > 0.05);
    assert_true(isnan(line->lifetime));
}

static void test_overdamped(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, table[4].parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    run(&task, &answer);
    const struct ixs_fit_line *line = &answer.lines[0];
    assert_int_equal(line->regime, IXS_FIT_OVERDAMPED);
    assert_near(line->omega_damped, 0.0, 0.0);
    /* what an overdamped mode determines is told better than OMEGA0 and FWHM are */
    assert_true(line->relaxation_err / line->relaxation < line->fwhm_err / line->fwhm);
}

/* ---- what cannot be fitted
 * ------------------------------------------------------------------------ */

static void test_no_data(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, table[0].parameters);
    memset(spectrum.counts, 0, sizeof spectrum.counts);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    run(&task, &answer);
    assert_int_equal(answer.status, IXS_FIT_NO_DATA);
    assert_string_equal(ixs_fit_status_word(answer.status), "no-data");
    assert_int_equal(answer.nmodes, 0);
    assert_true(isnan(answer.elastic) && isnan(answer.deviance));
    task.points.n = 0;
    task.nmodes = 2;
    run(&task, &answer);
    assert_int_equal(answer.status, IXS_FIT_NO_DATA);
    assert_int_equal(answer.nmodes, 2);
    assert_true(isnan(answer.lines[1].omega0) && isnan(answer.lines[1].fwhm_ul90));
}

static void test_single_point(void **state)
{
    (void)state;
    for (int nmodes = -1; nmodes <= 2; nmodes++)
        for (size_t n = 1; n <= 2; n++) {
            struct spectrum spectrum;
            struct ixs_fit_answer answer;
            expect(&spectrum, 300.0, 1, table[0].parameters);
            struct ixs_fit_task task = task_of(&spectrum, n);
            task.points.counts = spectrum.counts + 40; /* near the elastic line: counts */
            task.points.energy = spectrum.energy + 40;
            task.nmodes = nmodes;
            run(&task, &answer);
            assert_int_equal(answer.status, IXS_FIT_UNDETERMINED);
            assert_true(answer.reason[0] != '\0');
        }
}

/* A second mode where there is none: never good. */
static void test_too_many_modes(void **state)
{
    (void)state;
    const double parameters[3] = {0.0, 3.0, 0.03};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 0, parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 2;
    run(&task, &answer);
    assert_int_not_equal(answer.status, IXS_FIT_GOOD);
}

static void test_poor(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 3, table[2].parameters);
    for (int i = 0; i < POINTS; i++)
        spectrum.counts[i] = floor(20.0 * spectrum.counts[i]);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    run(&task, &answer);
    assert_int_equal(answer.status, IXS_FIT_POOR);
    assert_true(answer.p_value < 1e-4);
}

static void test_bound(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, table[0].parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    task.omega0_lo = 8.5;
    task.omega0_hi = 20.0;
    run(&task, &answer);
    assert_int_equal(answer.status, IXS_FIT_BOUND);
    assert_int_equal(answer.states[3], IXS_SOLVE_LOWER);
    assert_near(answer.lines[0].omega0, 8.5, 0.0);
    assert_non_null(strstr(answer.reason, "omega0 of dho1"));
}

static void test_complaints(void **state)
{
    (void)state;
    struct spectrum spectrum;
    expect(&spectrum, 300.0, 1, table[0].parameters);
    struct ixs_fit_task good = task_of(&spectrum, POINTS), bad = good;
    assert_null(ixs_fit_complaint(&good));
    bad.nmodes = 7;
    assert_non_null(ixs_fit_complaint(&bad));
    bad = good;
    bad.kelvin = -3.0;
    assert_non_null(ixs_fit_complaint(&bad));
    spectrum.exposure[3] = 0.0;
    assert_non_null(strstr(ixs_fit_complaint(&good), "exposure"));
    spectrum.exposure[3] = 1.0;
    spectrum.counts[9] = (double)NAN;
    assert_non_null(strstr(ixs_fit_complaint(&good), "count"));
}

/* Data of any kind must end in a status, with the workspace fit for the next. */
static void test_hostile_counts(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    struct ixs_fit_answer answer;
    struct spectrum spectrum;
    uint64_t seed = 3;
    assert_true(ixs_fit_space_new(&space, POINTS, &err));
    for (int round = 0; round < 40; round++) {
        expect(&spectrum, 300.0, 1, table[0].parameters);
        for (int i = 0; i < POINTS; i++) {
            uint64_t r = draw(&seed);
            spectrum.counts[i] = r % 5 ? 0.0 : pow(10.0, (double)(r >> 32) / 4294967296.0 * 12.0);
            spectrum.exposure[i] = pow(10.0, (double)(r & 0xffff) / 65536.0 * 8.0 - 4.0);
            if (round % 3 == 0)
                spectrum.energy[i] = round % 2 ? 1.0 : spectrum.energy[(r >> 20) % POINTS];
        }
        struct ixs_fit_task task = task_of(&spectrum, (size_t)round % POINTS + 1);
        task.nmodes = round % 4 - 1;
        task.zero_err = round % 2 ? (double)NAN : 0.2;
        task.kelvin = round % 5 ? 300.0 : 2.0;
        ixs_fit_run(space, &task, &answer);
        assert_in_range(answer.status, IXS_FIT_GOOD, IXS_FIT_NO_DATA);
        if (answer.status == IXS_FIT_GOOD)
            for (size_t k = 0; k < answer.nparameters; k++)
                assert_true(isfinite(answer.parameters[k]) && isfinite(answer.errors[k]));
    }
    ixs_fit_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth_comes_back),
        cmocka_unit_test(test_number_of_modes),
        cmocka_unit_test(test_no_modes_are_invented),
        cmocka_unit_test(test_order_and_repetition),
        cmocka_unit_test(test_derived),
        cmocka_unit_test(test_unresolved),
        cmocka_unit_test(test_overdamped),
        cmocka_unit_test(test_no_data),
        cmocka_unit_test(test_single_point),
        cmocka_unit_test(test_too_many_modes),
        cmocka_unit_test(test_poor),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_hostile_counts),
    };
    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
