/* SPDX-License-Identifier: GPL-3.0-or-later
 * Repeated scans compared: spikes found and good points kept, drift without bias and with honest
 * errors, whole rows lost, one scan alone. Many draws more: bench/repeats.c.
 */
#include "tests/repeats_scene.h"

#include "models/response/freeform.h"
#include "models/numerics/surprise.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static struct scene_room room;

static struct scene_score draw(struct scene scene, int draws)
{
    struct scene_score score = {0};
    for (int i = 0; i < draws; i++) {
        scene.seed = 20 + 7919 * (uint64_t)i;
        assert_true(scene_judge(&score, &room, &scene));
    }
    return score;
}

/* Sums of the Poisson and the negative binomial distribution, by recurrence. */
static void test_surprise(void **state)
{
    (void)state;
    double chance = exp(-3.0), low = 0.0;
    for (int k = 0; k <= 5; k++, chance *= 3.0 / k)
        low += chance;
    assert_near(ixs_surprise_low(5.0, 3.0, 0.0), low, 1e-5);
    assert_near(ixs_surprise_high(6.0, 3.0, 0.0), 1.0 - low, 1e-5);
    /* mean 4, own variance 2: shape 8, failure probability 1/3 */
    chance = pow(2.0 / 3.0, 8.0);
    low = chance;
    for (int k = 1; k <= 7; k++) {
        chance *= (8.0 + k - 1.0) / k / 3.0;
        low += chance;
    }
    assert_near(ixs_surprise_low(7.0, 4.0, 2.0), low, 1e-12);
    assert_near(ixs_surprise_high(8.0, 4.0, 2.0), 1.0 - low, 1e-12);
    assert_near(ixs_surprise_high(0.0, 4.0, 2.0), 1.0, 0.0);
}

enum { N = 200 };

/* Without noise the spectrum comes back, with its slope; with little exposure a level. */
static void test_freeform(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_freeform form;
    struct ixs_freeform_rate at, near;
    double energy[N], counts[N], exposure[N], dark[N], weight[N];
    for (int i = 0; i < N; i++) {
        energy[i] = -10.0 + 0.1 * i;
        exposure[i] = 1e5;
        dark[i] = 3.0;
        weight[i] = 1.0;
        counts[i] = exposure[i] * scene_rate(0, energy[i]) + dark[i];
    }
    const struct ixs_freeform_points points = {N, energy, counts, exposure, dark, weight};
    assert_true(ixs_freeform_make(&form, -10.0, 10.0, 0.9, &err));
    ixs_freeform_fit(&form, &points);
    for (double e = -9.0; e < 9.0; e += 0.37) {
        ixs_freeform_at(&form, e, &at);
        assert_near(at.rate, scene_rate(0, e), 0.01 * scene_rate(0, e));
        ixs_freeform_at(&form, e + 1e-5, &near);
        assert_near((near.rate - at.rate) / 1e-5, at.slope, 1e-3 * (1.0 + fabs(at.slope)));
        assert_true(at.variance > 0.0 && at.variance < at.rate / 1e5);
    }
    ixs_freeform_dispose(&form);
    ixs_freeform_dispose(&form);
}

/* The promise: of planted spikes 95 % above 6 standard errors and 99 % above 10, for less than one
 * good point in a thousand. */
static void test_spikes(void **state)
{
    (void)state;
    struct scene scene = {.nscans = 4,
                          .nseries = 4,
                          .counts = 300.0,
                          .drift = 0.05,
                          .prior = 0.05,
                          .own = 0.01,
                          .jitter = 0.01,
                          .spikes = 0.01,
                          .from = 6.0,
                          .to = 14.0};
    struct scene_score score = draw(scene, 25);
    print_message("# %zu of %zu above 6, %zu of %zu above 10, %zu of %zu good ones lost\n",
                  score.six_found, score.six, score.ten_found, score.ten, score.lost, score.good);
    assert_true(score.six > 100 && score.ten > 100);
    assert_true((double)score.six_found > 0.95 * (double)score.six);
    assert_true((double)score.ten_found > 0.99 * (double)score.ten);
    assert_true((double)score.lost < 1e-3 * (double)score.good);
}

/* Errors of shifts are their scatter, whether the prior says much, little or nothing. */
static void test_drift(void **state)
{
    (void)state;
    const double priors[] = {0.1, 1.0, NAN};
    for (int k = 0; k < 3; k++) {
        struct scene scene = {.nscans = 3,
                              .nseries = 3,
                              .counts = 200.0,
                              .drift = k < 1 ? 0.1 : 0.6,
                              .prior = priors[k],
                              .own = 0.02,
                              .jitter = 0.015};
        struct scene_score score = draw(scene, 40);
        double n = (double)score.npulls, rms = sqrt(score.pull_squared / n);
        print_message("# prior %g meV: pulls %.2f, %.2f wide\n", priors[k], score.pull / n, rms);
        assert_near(rms, 1.0, 0.2); /* 120 pulls: +-0.065, and two in three are free */
    }
}

/* A prior that is far too narrow gives way; a right one does not. */
static void test_tension(void **state)
{
    (void)state;
    struct scene scene = {.nscans = 3,
                          .nseries = 3,
                          .counts = 300.0,
                          .drift = 0.3,
                          .prior = 0.005,
                          .own = 0.005,
                          .jitter = 0.01,
                          .seed = 5};
    struct scene_score score = {0};
    assert_true(scene_judge(&score, &room, &scene));
    assert_true(room.repeats.drift > 5.0);
    for (size_t s = 1; s < 3; s++)
        assert_near(room.shift[s] - room.shift[0], room.truth[s] - room.truth[0],
                    5.0 * room.shift_err[s]);
    scene.drift = 0.005;
    assert_true(scene_judge(&score, &room, &scene));
    assert_near(room.repeats.drift, 1.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_surprise), cmocka_unit_test(test_freeform),
        cmocka_unit_test(test_spikes),   cmocka_unit_test(test_drift),
        cmocka_unit_test(test_tension),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
