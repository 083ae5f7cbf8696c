/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectra fitted together: expected counts give all parameters back, errors shrink by the right
 * factor, draws scatter as the errors say, disagreement is told, ties hold, responses' errors do
 * not average out where they are the same, and the number of threads changes nothing.
 */
#include "bench/pull.h"
#include "tests/together_scene.h"
#include "tests/near.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static struct scene scene, other;

static void fit(struct scene *at, struct ixs_together_result *result)
{
    struct ixs_err err = IXS_ERR_NONE;
    if (!ixs_together_fit(&at->together, result, NULL, &err))
        fail_msg("%s", err.text);
}

static void prepare(struct scene *at, double brightness, uint64_t seed, size_t threads)
{
    scene_truth(at);
    scene_expect(at, brightness, seed);
    for (size_t b = 0; b < SPECTRA && seed > 0; b++)
        make_noisy(&at->data[b], 1000 * seed + b);
    scene_make(at, threads);
}

static void test_found(void **state)
{
    (void)state;
    struct ixs_together_result result;
    prepare(&scene, 1.0, 0, 2);
    fit(&scene, &result);
    assert_int_equal(result.status, IXS_FIT_GOOD);
    for (size_t k = 0; k < SHARED; k++) {
        assert_near(scene.shared[k].value, scene.truth_shared[k], 0.02 * scene.shared[k].error);
        assert_int_equal(scene.shared[k].state, IXS_SOLVE_FREE);
    }
    for (size_t b = 0; b < SPECTRA; b++) {
        const struct ixs_fit_answer *answer = &scene.answers[b];
        for (size_t k = 0; k < OWN; k++)
            assert_near(answer->parameters[scene_terms[k].parameter], scene.truth_own[b][k],
                        0.02 * scene.own[b][k].error + 1e-6);
        assert_near(answer->lines[1].omega0, scene.truth_shared[USES * (b / ZONES) + 2], 0.01);
        assert_near(answer->lines[1].omega0_err, scene.shared[USES * (b / ZONES) + 2].error, 1e-12);
        assert_int_equal(answer->states[3], IXS_SOLVE_SHARED);
        assert_int_equal(answer->states[5], IXS_SOLVE_FREE);
        assert_near((double)answer->dof, POINTS - 5 - 1 + 0.5, 0.6);
    }
    assert_near(result.agreement, 1.0, 1e-3);
}

/* Information adds up: 1/error^2 of what is shared is the sum of that of single fits. */
static void test_errors_shrink(void **state)
{
    (void)state;
    static struct ixs_fit_answer single;
    struct ixs_together_result result;
    prepare(&scene, 1.0, 0, 1);
    fit(&scene, &result);
    for (size_t t = 0; t < KELVINS; t++)
        for (size_t k = 0; k < USES; k++) {
            double weight = 0.0;
            for (size_t zone = 0; zone < ZONES; zone++) {
                const struct ixs_fit_task *task = &scene.pieces[ZONES * t + zone].task;
                run(task, &single);
                double error = single.errors[scene_terms[OWN + k].parameter];
                weight += 1.0 / (error * error);
            }
            double error = scene.shared[USES * t + k].error;
            assert_near(error * sqrt(weight), 1.0, 0.06); /* they also help each other */
            assert_true(error * sqrt(weight) < 1.001);
        }
}

static void test_threads(void **state)
{
    (void)state;
    struct ixs_together_result one, many;
    prepare(&scene, 0.5, 3, 1);
    prepare(&other, 0.5, 3, 3);
    fit(&scene, &one);
    fit(&other, &many);
    assert_memory_equal(scene.answers, other.answers, sizeof scene.answers);
    for (size_t k = 0; k < SHARED; k++)
        assert_true(scene.shared[k].value == other.shared[k].value &&
                    scene.shared[k].error == other.shared[k].error);
    assert_true(one.deviance == many.deviance && one.p_value == many.p_value);
}

/* Mean 0 and width 1 within 3.5 of their own standard errors. */
static void hold(const struct pull_sums *sums, const char *what)
{
    double mean = pull_mean(sums), width = pull_rms(sums);
    print_message("# %s: %.0f pulls, mean %.3f, width %.3f\n", what, sums->n, mean, width);
    assert_near(mean, 0.0, 3.5 / sqrt(sums->n));
    assert_near(width, 1.0, 3.5 / sqrt(2.0 * sums->n));
}

static void test_pulls(void **state)
{
    (void)state;
    enum { DRAWS = 60 };
    struct pull_sums energies = {0}, widths = {0}, strengths = {0};
    struct ixs_together_result result;
    size_t poor = 0, disagree = 0;
    for (uint64_t d = 1; d <= DRAWS; d++) {
        prepare(&scene, 1.0, d, 2);
        fit(&scene, &result);
        assert_int_not_equal(result.status, IXS_FIT_NOT_CONVERGED);
        poor += result.p_value < 0.05;
        disagree += result.agreement < 0.05;
        for (size_t k = 0; k < SHARED; k++)
            pull_add(k % 2 ? &widths : &energies,
                     (scene.shared[k].value - scene.truth_shared[k]) / scene.shared[k].error);
        for (size_t b = 0; b < SPECTRA; b++)
            for (size_t k = 3; k < OWN; k++)
                pull_add(&strengths,
                         (scene.own[b][k].value - scene.truth_own[b][k]) / scene.own[b][k].error);
    }
    hold(&energies, "shared energies");
    hold(&widths, "shared widths");
    hold(&strengths, "own strengths");
    print_message("# p value below 5 %% in %zu of %d, agreement in %zu\n", poor, DRAWS, disagree);
    assert_true(poor <= 9 && disagree <= 9); /* binomial: 3 expected, more than 9 once in 2000 */
}

/* One zone of one temperature has its mode elsewhere. */
static void test_disagreement(void **state)
{
    (void)state;
    const struct ixs_model_form form = {0};
    struct ixs_together_result result;
    double odd[LOCAL] = {0.0, 30.0, 0.02, 8.6, 0.7, 3.0, 14.6, 1.1, 6.0};
    prepare(&scene, 1.0, 5, 2);
    expect_form(&scene.data[ZONES], scene_kelvin[1], &form, MODES, odd);
    make_noisy(&scene.data[ZONES], 5);
    fit(&scene, &result);
    assert_true(result.agreement < 1e-6);
    assert_int_equal(result.status, IXS_FIT_POOR);
    for (size_t b = 0; b < SPECTRA; b++)
        assert_int_not_equal(scene.answers[b].status, IXS_FIT_GOOD);
}

/* Within a spectrum: the second energy a multiple of the first, its width larger by a given amount;
 * a shared energy fixed. */
static void test_ties(void **state)
{
    (void)state;
    const struct ixs_together_term terms[] = {{0, 0, 1.0}, {1, 1, 1.0}, {2, 2, 1.0},
                                              {5, 3, 1.0}, {8, 4, 1.0}, {4, 5, 1.0},
                                              {7, 5, 1.0}, {3, 6, 1.0}, {6, 6, 1.75}};
    struct ixs_together_result result;
    prepare(&scene, 1.0, 0, 1);
    scene.shared[0].value = scene.shared[0].lower = scene.shared[0].upper = 7.8;
    struct ixs_together_source own[OWN + 1];
    memcpy(own, scene.own[ZONES], sizeof scene.own[ZONES]);
    own[OWN] = scene_source(0.7);
    const size_t uses[] = {0};
    scene.pieces[ZONES].terms = terms;
    scene.pieces[ZONES].nterms = IXS_COUNT(terms);
    scene.pieces[ZONES].offset[7] = 0.4;
    struct ixs_together_spectrum *spectrum = &scene.spectra[ZONES];
    spectrum->own = own;
    spectrum->nown = OWN + 1;
    spectrum->uses = uses;
    spectrum->nuses = 1;
    const struct ixs_together alone = {1, 1, spectrum, scene.shared, 1, false};
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_together_fit(&alone, &result, NULL, &err));
    const struct ixs_fit_answer *answer = &scene.answers[ZONES];
    assert_near(answer->parameters[6], 1.75 * 7.8, 1e-12);
    assert_near(answer->parameters[7], answer->parameters[4] + 0.4, 1e-12);
    assert_near(answer->errors[7], answer->errors[4], 1e-12);
    assert_near(answer->parameters[4], 0.7, 0.05); /* truth is tied so: 7.8, 0.7; 13.6, 1.1 */
    assert_int_equal(answer->states[7], IXS_SOLVE_TIED);
    assert_int_equal(answer->states[4], IXS_SOLVE_FREE);
    assert_int_equal(answer->states[3], IXS_SOLVE_FIXED);
    assert_true(isnan(result.agreement));

    own[OWN].lower = 3.0; /* above what the model lets a width of mode 1 be */
    own[OWN].upper = 2.0;
    assert_false(ixs_together_fit(&alone, &result, NULL, &err));
    assert_int_equal(err.code, IXS_INPUT);
}

/* What a response's error adds to that of the first mode's energy, in a fit by itself. */
static double moved_alone(const struct ixs_fit_task *task, const struct ixs_uncertain *uncertain)
{
    static struct ixs_fit_answer answer;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_uncertain_space *space = NULL;
    run(task, &answer);
    double before = answer.errors[3];
    assert_true(ixs_uncertain_space_new(&space, POINTS, &err));
    ixs_uncertain_add(space, uncertain, task, &answer);
    ixs_uncertain_space_free(space);
    return sqrt(answer.errors[3] * answer.errors[3] - before * before);
}

/* One response for all, or one for each zone: its error is in the shared energy whole or halved. */
static void test_response(void **state)
{
    (void)state;
    static struct ixs_uncertain same, each[ZONES];
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_together_result result;
    double covariance[64] = {0}, errors[3];
    covariance[1 * 9] = covariance[5 * 9] = 0.02 * 0.02; /* centres of both parts */
    covariance[1 * 8 + 5] = covariance[5 * 8 + 1] = 0.02 * 0.02;
    assert_true(ixs_uncertain_make(&same, &response, covariance, &err));
    assert_true(same.n > 0);
    for (size_t z = 0; z < ZONES; z++)
        assert_true(ixs_uncertain_make(&each[z], &response, covariance, &err));
    for (int how = 0; how < 3; how++) {
        prepare(&scene, 100.0, 0, 1);
        for (size_t b = 0; b < SPECTRA; b++) {
            scene.own[b][0].lower = scene.own[b][0].upper = 0.0;
            scene.spectra[b].uncertain = how == 0 ? NULL : how == 1 ? &same : &each[b % ZONES];
        }
        fit(&scene, &result);
        errors[how] = scene.shared[USES].error;
        assert_near(scene.answers[ZONES].lines[0].omega0_err, errors[how], 1e-9);
    }
    double whole = sqrt(errors[1] * errors[1] - errors[0] * errors[0]);
    double part = sqrt(errors[2] * errors[2] - errors[0] * errors[0]);
    scene.pieces[ZONES].task.zero_err = 0.0;
    assert_near(whole, moved_alone(&scene.pieces[ZONES].task, &same), 0.05 * whole);
    assert_true(part < 0.7 * whole && part > 0.5 * whole); /* zones weigh unequally */
    ixs_uncertain_dispose(&same);
    for (size_t z = 0; z < ZONES; z++)
        ixs_uncertain_dispose(&each[z]);
}

/* A delta line: the width stays at 0 with an error and a limit that hold. */
static void test_unresolved(void **state)
{
    (void)state;
    enum { DRAWS = 60 };
    struct ixs_together_result result;
    size_t n = 0, inside = 0, below = 0;
    for (uint64_t d = 1; d <= DRAWS; d++) {
        scene_truth(&scene);
        for (size_t t = 0; t < KELVINS; t++)
            scene.truth_shared[USES * t + 1] = 0.15;
        scene_expect(&scene, 1.0, d);
        for (size_t b = 0; b < SPECTRA; b++)
            make_noisy(&scene.data[b], 77 * d + b);
        scene_make(&scene, 2);
        fit(&scene, &result);
        for (size_t t = 0; t < KELVINS; t++, n++) {
            const struct ixs_fit_line *line = &scene.answers[ZONES * t].lines[0];
            assert_true(line->fwhm_err > 0.0 && line->fwhm_ul90 > 0.0);
            inside += line->fwhm_lo <= 0.15 && 0.15 <= line->fwhm_hi;
            below += 0.15 <= line->fwhm_ul90;
        }
    }
    print_message("# width of 0.15 meV: in %zu of %zu intervals, below %zu limits\n", inside, n,
                  below);
    assert_true((double)inside / (double)n > 0.6);
    assert_true((double)below / (double)n > 0.83);
}

/* Of all data and priors. */
static double objective(const struct ixs_together_result *result)
{
    double sum = result->deviance;
    for (size_t b = 0; b < SPECTRA; b++)
        sum += pow(scene.own[b][0].value / scene_zero_err, 2.0);
    return sum;
}

/* The least objective with one source held, all else fitted again. */
static double held_at(struct ixs_together_source *source, double value)
{
    struct ixs_together_result result;
    source->value = source->lower = source->upper = value;
    fit(&scene, &result);
    source->lower = source->upper = NAN;
    return objective(&result);
}

/* Few counts: intervals are lopsided, and where they end all data together say so. */
static void test_profile(void **state)
{
    (void)state;
    struct ixs_together_result result;
    struct ixs_together_source *const sources[] = {&scene.shared[0], &scene.shared[1],
                                                   &scene.own[3][3], &scene.own[5][4]};
    prepare(&scene, 0.1, 3, 2);
    fit(&scene, &result);
    double least = objective(&result), lopsided = 0.0;
    scene.together.quick = true;
    struct ixs_together_source all[sizeof sources / sizeof *sources];
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        all[i] = *sources[i];
    for (size_t k = 0; k < 2; k++) {
        assert_near(all[k].lo, scene.answers[1].lower[3 + k], 1e-12);
        assert_near(all[k].hi, scene.answers[2].upper[3 + k], 1e-12);
    }
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        const struct ixs_together_source found = all[i];
        assert_true(found.lo < found.value && found.value < found.hi);
        lopsided = fmax(lopsided, fabs((found.hi + found.lo - 2.0 * found.value) / found.error));
        double low = held_at(sources[i], found.lo), high = held_at(sources[i], found.hi);
        print_message("# %zu: %.4g, %.4g .. %.4g (%.4g): rise %.3f, %.3f\n", i, found.value,
                      found.lo, found.hi, found.error, low - least, high - least);
        if (found.lo > 0.0)
            assert_near(low - least, 1.0, 0.06);
        assert_near(high - least, 1.0, 0.06);
    }
    assert_true(lopsided > 0.05);
    scene.together.quick = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_found),        cmocka_unit_test(test_errors_shrink),
        cmocka_unit_test(test_threads),      cmocka_unit_test(test_pulls),
        cmocka_unit_test(test_disagreement), cmocka_unit_test(test_ties),
        cmocka_unit_test(test_response),     cmocka_unit_test(test_unresolved),
        cmocka_unit_test(test_profile),
    };
    return cmocka_run_group_tests_name("together", tests, NULL, NULL);
}
