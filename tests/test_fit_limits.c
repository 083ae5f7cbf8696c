/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fit of a spectrum at its limits: no data, too little, a width that is not resolved, a bound,
 * a model that does not describe the data. All of it is said in the status.
 */
#include "tests/fit_sample.h"
#include "tests/near.h"

#include <math.h>
#include <string.h>

static const double one_mode[6] = {0.05, 3.0, 0.01, 8.0, 1.2, 0.5};
static const double overdamped[6] = {0.0, 1.0, 0.01, 6.0, 18.0, 2.0};
static const double three_modes[12] = {-0.1, 2.0, 0.01, 5.0,  0.5, 0.3,
                                       10.0, 2.0, 0.6,  17.0, 3.0, 0.9};

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
    expect(&spectrum, 300.0, 1, overdamped);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    run(&task, &answer);
    const struct ixs_fit_line *line = &answer.lines[0];
    assert_int_equal(line->regime, IXS_FIT_OVERDAMPED);
    assert_near(line->omega_damped, 0.0, 0.0);
    /* what an overdamped mode determines is told better than OMEGA0 and FWHM are */
    assert_true(line->relaxation_err / line->relaxation < line->fwhm_err / line->fwhm);
}

/* Far overdamped, few counts: only relaxation and susceptibility are told. With many more counts
 * energy and width come apart. */
static void test_inseparable(void **state)
{
    (void)state;
    const double parameters[6] = {0.0, 1.0, 0.01, 6.0, 36.0, 2.0};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    run(&task, &answer);
    const struct ixs_fit_line *line = &answer.lines[0];
    assert_true(line->inseparable);
    assert_int_equal(answer.status, IXS_FIT_GOOD);
    assert_int_equal(line->regime, IXS_FIT_OVERDAMPED);
    for (size_t k = 3; k < 6; k++)
        assert_int_equal(answer.states[k], IXS_SOLVE_INSEPARABLE);
    assert_true(isnan(line->omega0_err) && isnan(line->fwhm_err) && isnan(line->strength_err));
    assert_true(line->omega0_lo < 6.0 && line->fwhm_lo < 36.0 && line->fwhm_hi > 100.0);
    assert_true(line->relaxation_lo < 1.0 && line->relaxation_hi > 1.0);
    assert_true(line->relaxation_err > 0.0 && line->relaxation_err < 0.3);
    assert_true(line->susceptibility_lo < 4.0 / 6.0 && line->susceptibility_hi > 4.0 / 6.0);
    for (size_t i = 0; i < POINTS; i++) {
        spectrum.exposure[i] *= 100.0;
        spectrum.counts[i] *= 100.0;
    }
    run(&task, &answer);
    assert_false(line->inseparable);
    assert_near(line->omega0, 6.0, 0.1);
    assert_true(line->omega0_err > 0.0 && line->omega0_lo < 6.0 && line->omega0_hi > 6.0);
}

/* A width that the user bounds is at that bound, not inseparable. */
static void test_bounded_width(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, one_mode);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    task.fwhm_hi = 0.8;
    run(&task, &answer);
    assert_false(answer.lines[0].inseparable);
    assert_int_equal(answer.status, IXS_FIT_BOUND);
}

/* The width of a quasi-elastic line has an interval of its own, wider upwards. */
static void test_quasielastic(void **state)
{
    (void)state;
    const double parameters[5] = {0.0, 1.0, 0.01, 2.0, 1.5};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    const struct ixs_model_form form = {.quasielastic = true};
    expect_form(&spectrum, 300.0, &form, 0, parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 0;
    task.form = form;
    run(&task, &answer);
    double width = answer.parameters[4], low = width - answer.lower[4],
           high = answer.upper[4] - width;
    assert_near(width, 1.5, 0.05);
    assert_true(low > 0.0 && high > low && high < 2.0 * low);
    assert_near(0.5 * (low + high), answer.errors[4], 0.3 * answer.errors[4]);
}

/* A pair of Lorentzians is not a damped oscillator: it has no relaxation and is never overdamped.
 */
static void test_pair(void **state)
{
    (void)state;
    const double parameters[6] = {0.0, 1.0, 0.01, 3.0, 8.0, 1.0};
    const struct ixs_model_form form = {.pair = true};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect_form(&spectrum, 300.0, &form, 1, parameters);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    task.form = form;
    run(&task, &answer);
    const struct ixs_fit_line *line = &answer.lines[0];
    assert_int_not_equal(line->regime, IXS_FIT_OVERDAMPED);
    assert_true(isnan(line->relaxation) && isnan(line->susceptibility));
    assert_near(line->omega_damped, line->omega0, 1e-9);
}

/* Two narrow modes half a resolution apart are found as two. */
static void test_close(void **state)
{
    (void)state;
    const double parameters[9] = {0.0, 10.0, 0.1, 12.0, 0.2, 8.0, 12.7, 0.2, 8.0};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 2, parameters);
    make_noisy(&spectrum, 5);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    for (int chosen = 0; chosen < 2; chosen++) {
        task.nmodes = chosen ? IXS_FIT_CHOOSE_MODES : 2;
        run(&task, &answer);
        assert_int_equal(answer.status, IXS_FIT_GOOD);
        assert_int_equal(answer.nmodes, 2);
        assert_near(answer.lines[0].omega0, 12.0, 0.2);
        assert_near(answer.lines[1].omega0, 12.7, 0.2);
    }
}

/* ---- what cannot be fitted ------------------------------------------------------------------- */

static void test_no_data(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, one_mode);
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
            expect(&spectrum, 300.0, 1, one_mode);
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
    expect(&spectrum, 300.0, 3, three_modes);
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
    expect(&spectrum, 300.0, 1, one_mode);
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
    expect(&spectrum, 300.0, 1, one_mode);
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
        expect(&spectrum, 300.0, 1, one_mode);
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
        cmocka_unit_test(test_unresolved),    cmocka_unit_test(test_overdamped),
        cmocka_unit_test(test_close),         cmocka_unit_test(test_quasielastic),
        cmocka_unit_test(test_pair),          cmocka_unit_test(test_inseparable),
        cmocka_unit_test(test_bounded_width), cmocka_unit_test(test_no_data),
        cmocka_unit_test(test_single_point),  cmocka_unit_test(test_too_many_modes),
        cmocka_unit_test(test_poor),          cmocka_unit_test(test_bound),
        cmocka_unit_test(test_complaints),    cmocka_unit_test(test_hostile_counts),
    };
    return cmocka_run_group_tests_name("fit_limits", tests, NULL, NULL);
}
