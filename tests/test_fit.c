/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fit of a spectrum from its own starts: known truth comes back, modes are counted, derived
 * quantities. Statistics of the errors: bench/pulls.c.
 */
#include "tests/fit_sample.h"

#include "base/array.h"
#include "tests/near.h"

#include <math.h>
#include <string.h>

/* ---- known truth ----------------------------------------------------------------------------- */

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
    for (size_t c = 0; c < IXS_COUNT(table); c++) {
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
    for (size_t c = 0; c < IXS_COUNT(table); c++)
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

/* ---- derived quantities ---------------------------------------------------------------------- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth_comes_back),
        cmocka_unit_test(test_number_of_modes),
        cmocka_unit_test(test_no_modes_are_invented),
        cmocka_unit_test(test_order_and_repetition),
        cmocka_unit_test(test_derived),
    };
    return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
