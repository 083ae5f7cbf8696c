/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits with what a model may have beside damped modes: expected counts give their parameters back,
 * from the data alone and from a poor start; stated errors instead of counts; draws scatter as the
 * errors say.
 */
#include "tests/fit_sample.h"
#include "tests/near.h"

#include "base/array.h"

#include <string.h>

static struct ixs_transforms transforms;

static const struct {
    struct ixs_model_form form;
    size_t nmodes, n;
    double parameters[12];
} cases[] = {
    {{.background_degree = 1}, 1, 7, {0.0, 40.0, 1.0, 0.02, 9.0, 1.5, 30.0}},
    {{.quasielastic = true}, 1, 8, {0.0, 40.0, 0.5, 60.0, 3.0, 11.0, 1.5, 30.0}},
    {{.quasielastic = true, .interaction = true},
     1,
     8,
     {0.0, 40.0, 0.5, 60.0, 3.0, 9.0, 2.5, 60.0}},
    {{.pair = true}, 2, 9, {0.0, 40.0, 0.5, 8.0, 1.0, 20.0, 15.0, 2.0, 20.0}},
};

static void run_form(const struct ixs_fit_task *task, struct ixs_fit_answer *answer)
{
    run(task, answer);
    assert_int_not_equal(answer->status, IXS_FIT_NOT_CONVERGED);
    assert_int_not_equal(answer->status, IXS_FIT_UNDETERMINED);
}

static struct ixs_fit_task task_for(const struct spectrum *spectrum, size_t c)
{
    struct ixs_fit_task task = task_of(spectrum, POINTS);
    task.transforms = &transforms;
    task.form = cases[c].form;
    task.nmodes = (int)cases[c].nmodes;
    task.quick = true;
    return task;
}

static void test_found(void **state)
{
    (void)state;
    static struct ixs_fit_answer answer;
    struct spectrum spectrum;
    ixs_transforms_make(&transforms, &response);
    for (size_t c = 0; c < IXS_COUNT(cases); c++) {
        double start[12];
        expect_form(&spectrum, 300.0, &cases[c].form, cases[c].nmodes, cases[c].parameters);
        struct ixs_fit_task task = task_for(&spectrum, c);
        for (int given = 0; given < 2; given++) {
            for (size_t k = 0; k < cases[c].n; k++) /* areas ten times too large, widths by half */
                start[k] = cases[c].parameters[k] * (k % 3 == 2 ? 10.0 : k % 3 == 1 ? 1.4 : 1.1);
            start[0] = 0.05;
            task.start = given ? start : NULL;
            run_form(&task, &answer);
            assert_int_equal(answer.nparameters, cases[c].n);
            for (size_t k = 0; k < cases[c].n; k++)
                assert_near(answer.parameters[k], cases[c].parameters[k], 0.03 * answer.errors[k]);
        }
    }
}

/* A zero known to lie off 0: all else stays in the energies of the data. */
static void test_zero_known(void **state)
{
    (void)state;
    static struct ixs_fit_answer answer;
    struct spectrum spectrum;
    double truth[12];
    ixs_transforms_make(&transforms, &response);
    memcpy(truth, cases[0].parameters, sizeof truth);
    truth[IXS_MODEL_ZERO] = 6.0;
    expect_form(&spectrum, 300.0, &cases[0].form, 1, truth);
    struct ixs_fit_task task = task_for(&spectrum, 0);
    task.zero = truth[IXS_MODEL_ZERO];
    for (int known = 0; known < 2; known++) {
        task.zero_err = known ? 0.0 : 0.1;
        run_form(&task, &answer);
        for (size_t k = 0; k < cases[0].n; k++)
            assert_near(answer.parameters[k], truth[k], 0.03 * answer.errors[k] + 1e-9 * known);
    }
    task.zero = NAN;
    assert_non_null(ixs_fit_complaint(&task));
}

/* What is known of single parameters: held, bounded, or with a prior that weighs as it should. */
static void test_given(void **state)
{
    (void)state;
    static struct ixs_fit_answer free, with;
    struct ixs_fit_given given[12];
    struct spectrum spectrum;
    ixs_transforms_make(&transforms, &response);
    expect_form(&spectrum, 300.0, &cases[0].form, 1, cases[0].parameters);
    struct ixs_fit_task task = task_for(&spectrum, 0);
    run_form(&task, &free);
    for (size_t k = 0; k < 12; k++)
        given[k] = IXS_FIT_GIVEN;
    task.given = given;
    const size_t width = 5, energy = 4;
    given[width].lower = given[width].upper = 2.0;
    run_form(&task, &with);
    assert_near(with.parameters[width], 2.0, 0.0);
    assert_int_equal(with.states[width], IXS_SOLVE_FIXED);
    assert_true(with.deviance > 5.0);

    given[width] = IXS_FIT_GIVEN;
    double sigma = free.errors[width];
    given[width].mean = free.parameters[width] + 0.4 * sigma;
    given[width].sigma = sigma; /* as much as the data tell: half way, and error/sqrt 2 */
    run_form(&task, &with);
    assert_near(with.parameters[width], free.parameters[width] + 0.2 * sigma, 0.03 * sigma);
    assert_near(with.errors[width], sigma / sqrt(2.0), 0.03 * sigma);
    assert_int_equal(with.dof, free.dof + 1);

    given[width] = IXS_FIT_GIVEN;
    given[energy].lower = cases[0].parameters[energy] + 0.3;
    run_form(&task, &with);
    assert_near(with.parameters[energy], cases[0].parameters[energy] + 0.3, 1e-9);
    assert_int_equal(with.status == IXS_FIT_BOUND || with.status == IXS_FIT_POOR, true);
    given[energy].upper = 1.0;
    assert_non_null(ixs_fit_complaint(&task));
}

/* Intensities with stated errors, on any scale, and no counts. */
static void test_stated_errors(void **state)
{
    (void)state;
    static struct ixs_fit_answer counted, stated;
    struct spectrum spectrum, scaled;
    double sigma[POINTS];
    ixs_transforms_make(&transforms, &response);
    expect_form(&spectrum, 300.0, &cases[0].form, 1, cases[0].parameters);
    struct ixs_fit_task task = task_for(&spectrum, 0);
    run_form(&task, &counted);
    scaled = spectrum;
    for (int i = 0; i < POINTS; i++) {
        sigma[i] = 1e-5 * sqrt(spectrum.counts[i]);
        scaled.counts[i] = 1e-5 * spectrum.counts[i];
        scaled.exposure[i] = 1e-5 * spectrum.exposure[i];
    }
    task = task_for(&scaled, 0);
    task.sigma = sigma;
    run_form(&task, &stated);
    for (size_t k = 0; k < cases[0].n; k++) {
        assert_near(stated.parameters[k], cases[0].parameters[k], 0.03 * stated.errors[k]);
        assert_near(stated.errors[k] / counted.errors[k], 1.0, 1e-2);
    }
    assert_true(stated.deviance < 1e-2);
    scaled.counts[3] = -1e-4; /* negative intensities are data too */
    assert_null(ixs_fit_complaint(&task));
    sigma[7] = 0.0; // cppcheck-suppress unreadVariable; the task has it
    assert_string_equal(ixs_fit_complaint(&task), "an error is not positive");
}

/* A component that is not there: its area at 0 is what is said, not that its width is unknown. */
static void test_absent_line(void **state)
{
    (void)state;
    static struct ixs_fit_answer answer;
    struct spectrum spectrum;
    const struct ixs_model_form with = {.quasielastic = true};
    const double parameters[8] = {0.0, 40.0, 0.5, -3.0, 1.5, 9.0, 1.5, 30.0};
    ixs_transforms_make(&transforms, &response);
    expect_form(&spectrum, 300.0, &with, 1, parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.form = with;
    task.nmodes = 1;
    task.quick = true;
    run(&task, &answer);
    assert_int_equal(answer.states[3], IXS_SOLVE_LOWER);
    assert_int_not_equal(answer.status, IXS_FIT_UNDETERMINED);
}

/* 200 draws of the triplet: pulls of width 1. */
static void test_pulls(void **state)
{
    (void)state;
    enum { DRAWS = 200, CASE = 2 };
    static struct ixs_fit_answer answer;
    struct spectrum expected, spectrum;
    double squares[8] = {0}, means[8] = {0};
    ixs_transforms_make(&transforms, &response);
    expect_form(&expected, 300.0, &cases[CASE].form, 1, cases[CASE].parameters);
    for (int d = 0; d < DRAWS; d++) {
        spectrum = expected;
        make_noisy(&spectrum, 77 + (uint64_t)d);
        struct ixs_fit_task task = task_for(&spectrum, CASE);
        run_form(&task, &answer);
        for (size_t k = 0; k < 8; k++) {
            double pull = (answer.parameters[k] - cases[CASE].parameters[k]) / answer.errors[k];
            squares[k] += pull * pull / DRAWS;
            means[k] += pull / DRAWS;
        }
    }
    for (size_t k = 1; k < 8; k++) { /* three standard errors of a mean and of a width */
        assert_near(means[k], 0.0, 0.25);
        assert_near(sqrt(squares[k]), 1.0, 0.2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),       cmocka_unit_test(test_zero_known),
        cmocka_unit_test(test_given),       cmocka_unit_test(test_stated_errors),
        cmocka_unit_test(test_absent_line), cmocka_unit_test(test_pulls),
    };
    return cmocka_run_group_tests_name("fit_forms", tests, NULL, NULL);
}
