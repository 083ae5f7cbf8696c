/* SPDX-License-Identifier: GPL-3.0-or-later
 * How sure a fit is: evidence and numbers of modes, bootstrap, posterior, and what they draw from.
 */
#include "models/evidence/bootstrap.h"
#include "models/numerics/chance.h"
#include "models/fit/prior.h"
#include "models/evidence/sample.h"

#include "tests/fit_sample.h"
#include "tests/near.h"

static const double one_mode[] = {0.03, 0.9, 0.02, 12.0, 1.5, 2.0};

static struct ixs_fit_space *space_of(void)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    assert_true(ixs_fit_space_new(&space, POINTS, &err));
    return space;
}

/* Mean and variance of 20000 draws, where counts are drawn one way and the other. */
static void test_chance(void **state)
{
    (void)state;
    static const double means[] = {0.3, 20.5, 199.0, 201.0, 5000.0};
    uint64_t chance = ixs_chance_state(1, 2);
    for (size_t m = 0; m < sizeof means / sizeof *means; m++) {
        double sum = 0.0, square = 0.0;
        const int n = 20000;
        for (int i = 0; i < n; i++) {
            double far = ixs_chance_poisson(&chance, means[m]) - means[m];
            sum += far / n;
            square += far * far / n;
        }
        assert_near(sum, 0.0, 4.0 * sqrt(means[m] / n));
        assert_near(square / means[m], 1.0, 4.0 * sqrt((2.0 + 1.0 / means[m]) / n));
    }
}

static void prepare(struct ixs_fit_space *space, struct spectrum *spectrum,
                    struct ixs_fit_task *task, uint64_t seed)
{
    expect(spectrum, 300.0, 1, one_mode);
    if (seed > 0)
        make_noisy(spectrum, seed);
    *task = task_of(spectrum, POINTS);
    task->nmodes = 1;
    ixs_fit_prepare(space, task);
}

/* A density of one parameter is 1 in sum, and draws follow it. */
static void test_prior(void **state)
{
    (void)state;
    struct ixs_fit_space *space = space_of();
    struct spectrum spectrum;
    struct ixs_fit_task task;
    prepare(space, &spectrum, &task, 0);
    size_t width = space->model.first_mode + 1;
    double sum = 0.0, below = 0.0, share = 0.0, total = 0.0;
    for (double g = 0.005; g < space->upper[width]; g += 0.01)
        sum += 0.01 * exp(ixs_prior_log_of(space, width, g));
    assert_near(sum, 1.0, 1e-3);
    uint64_t chance = ixs_chance_state(3, 4);
    double x[IXS_FIT_P], sums[IXS_FIT_P];
    const int n = 20000;
    for (int i = 0; i < n; i++) {
        for (size_t k = 0; k < IXS_FIT_P; k++)
            sums[k] = 50.0;
        ixs_prior_draw_shapes(space, &chance, x);
        ixs_prior_draw_areas(space, &chance, sums, x);
        below += (x[width] < space->fwhm) / (double)n;
        double all = x[IXS_MODEL_ELASTIC] + x[IXS_MODEL_BACKGROUND] + x[width + 1];
        share += x[width + 1] / all / n;
        total += 50.0 * all / n;
    }
    double counts = 0.0;
    for (int i = 0; i < POINTS; i++)
        counts += spectrum.counts[i];
    assert_near(below, 0.609, 0.015);
    assert_near(share, 1.0 / 3.0, 0.01);
    assert_near(total / counts, 1.0, 0.04);
    ixs_fit_space_free(space);
}

/* Laplace against stepping stones, which share nothing but the prior. */
static void test_evidence(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = space_of();
    struct spectrum spectrum;
    struct ixs_fit_task task;
    struct ixs_fit_answer answer;
    double sampled, error;
    prepare(space, &spectrum, &task, 5);
    ixs_fit_run(space, &task, &answer);
    assert_true(ixs_sample_evidence(&sampled, &error, space, &task, &answer, 400, 1, &err));
    assert_near(answer.log_evidence, sampled, 0.4 + 3.0 * error);
    ixs_fit_space_free(space);
}

/* One mode is found as one, none as none, and the probabilities are such. */
static void test_numbers(void **state)
{
    (void)state;
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    for (size_t n = 0; n <= 1; n++) {
        expect(&spectrum, 300.0, n, one_mode);
        make_noisy(&spectrum, 11);
        struct ixs_fit_task task = task_of(&spectrum, POINTS);
        run(&task, &answer);
        double sum = 0.0;
        for (size_t k = 0; k < answer.numbers.n; k++) {
            sum += answer.numbers.list[k].probability;
            assert_true(answer.numbers.list[k].probability <=
                        answer.numbers.list[answer.nmodes].probability);
        }
        assert_near(sum, 1.0, 1e-12);
        assert_int_equal((long)answer.nmodes, (long)n);
        assert_true(answer.numbers.list[n].probability > 0.8);
        assert_near(answer.numbers.list[n].deviance, answer.deviance, 0.01);
    }
}

/* Where curvature holds, the bootstrap's errors are its own; the zero's come from its calibration;
 * the same seed gives the same draws. */
static void test_bootstrap(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = space_of();
    struct spectrum spectrum;
    struct ixs_fit_task task;
    struct ixs_fit_answer answer;
    enum { DRAWS = 600 };
    prepare(space, &spectrum, &task, 21);
    ixs_fit_run(space, &task, &answer);
    const struct ixs_bootstrap_rules rules = {7, 1, DRAWS};
    assert_true(ixs_bootstrap_run(space, &task, &rules, &answer, &err));
    assert_int_equal((long)answer.bootstrap.draws, DRAWS);
    for (size_t k = 0; k < answer.nparameters; k++) {
        const struct ixs_bootstrap_figure *figure = &answer.bootstrap.figures[k];
        assert_near(figure->sd / answer.errors[k], 1.0, 0.15);
        assert_near(figure->lo, answer.lower[k], 0.3 * answer.errors[k]);
        assert_near(figure->hi, answer.upper[k], 0.3 * answer.errors[k]);
    }
    assert_near(answer.bootstrap.p_value, answer.p_value, 0.08);
    struct ixs_bootstrap before = answer.bootstrap;
    assert_true(ixs_bootstrap_run(space, &task, &rules, &answer, &err));
    assert_true(before.figures[4].lo == answer.bootstrap.figures[4].lo);
    answer.response_errors[4] = 3.0 * answer.errors[4];
    assert_true(ixs_bootstrap_run(space, &task, &rules, &answer, &err));
    assert_near(answer.bootstrap.figures[4].sd / before.figures[4].sd,
                hypot(before.figures[4].sd, answer.response_errors[4]) / before.figures[4].sd,
                1e-9);
    ixs_fit_space_free(space);
}

/* The posterior agrees with the fit where there is much data; too short chains say nothing. */
static void test_posterior(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = space_of();
    struct spectrum spectrum;
    struct ixs_fit_task task;
    struct ixs_fit_answer answer;
    struct ixs_sample sample;
    prepare(space, &spectrum, &task, 33);
    ixs_fit_run(space, &task, &answer);
    struct ixs_sample_rules rules = {1, 2, 800.0, 0};
    assert_true(ixs_sample_run(&sample, space, &task, &answer, &rules, &err));
    assert_true(sample.good);
    for (size_t k = 0; k < answer.nparameters; k++) {
        assert_near(sample.figures[k].sd / answer.errors[k], 1.0, 0.12);
        assert_near(sample.figures[k].median, answer.parameters[k], 0.3 * answer.errors[k]);
        assert_true(sample.figures[k].r_hat < 1.01 && sample.figures[k].draws >= 800.0);
    }
    rules.draws = 1e9;
    rules.rounds = 2;
    assert_true(ixs_sample_run(&sample, space, &task, &answer, &rules, &err));
    assert_false(sample.good);
    assert_true(isnan(sample.figures[3].mean) && isnan(sample.figures[3].sd));
    assert_true(sample.reason[0] != '\0' && isfinite(sample.figures[3].r_hat));
    ixs_fit_space_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chance),    cmocka_unit_test(test_prior),
        cmocka_unit_test(test_evidence),  cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_bootstrap), cmocka_unit_test(test_posterior),
    };
    return cmocka_run_group_tests_name("sureness", tests, NULL, NULL);
}
