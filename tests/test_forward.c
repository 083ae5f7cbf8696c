/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small simulated beamtime: counts against Poisson's law, expectation by hand, axis and truth.
 */
#include "calib/forward/forward.h"

#include "tests/near.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct ixs_forward_response three = {
    3, {{0.62, 0.05, 1.40, 0.15}, {0.30, -0.10, 2.10, 0.80}, {0.08, 0.30, 6.0, 1.0}}};

/* A cubic crystal, oriented. */
static struct ixs_forward_crystal crystal(void)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_forward_crystal x = {.a = 10.17,
                                    .b = 10.17,
                                    .c = 10.17,
                                    .alpha = 90,
                                    .beta = 90,
                                    .gamma = 90,
                                    .centring = "F",
                                    .or0 = {4, 4, 4, {20.5, 10.25, 22.8, 7.2}},
                                    .or1 = {4, 0, 0, {11.8, 5.9, -31.8, 11.2}},
                                    .wavelength = 0.52262};
    assert_true(ixs_forward_orient(&x, &err));
    return x;
}

enum { ANALYZERS = 2, POINTS = 21 };

struct bench { /* a plan without XML: a reference scan, then a phonon scan after a reset */
    struct ixs_forward forward;
    struct ixs_forward_branch branches[1];
    struct ixs_forward_analyzer analyzers[ANALYZERS];
    struct ixs_forward_scan scans[2];
};

static void make_bench(struct bench *bench)
{
    *bench = (struct bench){
        .branches = {{.name = "LA",
                      .law = "linear",
                      .velocity = 3.0,
                      .width = 0.2,
                      .slope = 2.0,
                      .power = 2.0,
                      .strength = 1.5}},
        .analyzers = {{.name = "Ana1",
                       .position = 1,
                       .zero = 1.2,
                       .efficiency = 1,
                       .dark = 0.05,
                       .transmission = 1,
                       .response = three},
                      {.name = "Ana2",
                       .position = 2,
                       .zero = -0.4,
                       .efficiency = 1,
                       .transmission = 1,
                       .response = three}},
        .scans = {{.kind = "reference",
                   .main = "Ana1",
                   .tth = 4.7,
                   .from = -5,
                   .to = 5,
                   .intervals = POINTS - 1,
                   .time = 2,
                   .temperature = NAN,
                   .pause = 30},
                  {.kind = "phonon",
                   .main = "Ana2",
                   .main_index = 1,
                   .h = 6.1,
                   .k = 6.1,
                   .l = 6.2,
                   .from = -5,
                   .to = 5,
                   .intervals = POINTS - 1,
                   .time = 20,
                   .temperature = 250,
                   .reset = "peak",
                   .pause = 30}},
    };
    struct ixs_forward *forward = &bench->forward;
    *forward = (struct ixs_forward){.axis_scale = 1,
                                    .floating = true,
                                    .name = "bench",
                                    .origin = "bench",
                                    .crystal = crystal(),
                                    .temperature = 300,
                                    .scale = 1,
                                    .threads = 1,
                                    .elastic = 0.8,
                                    .reach = 1,
                                    .background = 0.05,
                                    .standard = 30,
                                    .standard_floor = 1,
                                    .pitch = 0.95,
                                    .reference = 1e5,
                                    .rate = 1e5,
                                    .step = 0.03,
                                    .nbranches = 1,
                                    .nanalyzers = ANALYZERS,
                                    .nscans = 2,
                                    .branches = bench->branches,
                                    .analyzers = bench->analyzers,
                                    .scans = bench->scans};
}

static void run(struct bench *bench, int64_t seed, struct ixs_forward_beamtime *out)
{
    struct ixs_err err = IXS_ERR_NONE;
    bench->forward.seed = seed;
    if (!ixs_forward_run(out, &bench->forward, &err))
        fail_msg("%s", err.text);
}

/* Counts over many seeds: (N - mu)^2/mu adds up to as many as there are, within 5 of its standard
 * deviations sqrt(n (2 + 1/mu)); and N to mu. */
static void test_counts_are_poisson(void **state)
{
    enum { SEEDS = 300 };
    struct bench bench;
    double square = 0, spread = 0, sum = 0, total = 0;
    size_t n = 0;
    (void)state;
    make_bench(&bench);
    for (int64_t seed = 1; seed <= SEEDS; seed++) {
        struct ixs_forward_beamtime beamtime = {0};
        run(&bench, seed, &beamtime);
        for (size_t i = 0; i < POINTS * ANALYZERS; i++) {
            const double mu = beamtime.shots[1].expected[i], x = beamtime.shots[1].counts[i];
            square += (x - mu) * (x - mu) / mu;
            spread += 2.0 + 1.0 / mu;
            sum += x;
            total += mu;
            n++;
        }
        ixs_forward_beamtime_dispose(&beamtime);
    }
    assert_near(square, (double)n, 5.0 * sqrt(spread));
    assert_near(sum, total, 5.0 * sqrt(total));
    assert_true(total / (double)n > 5 && total / (double)n < 200);
}

static void test_same_seed_same_counts(void **state)
{
    struct bench bench;
    struct ixs_forward_beamtime one = {0}, two = {0}, other = {0};
    (void)state;
    make_bench(&bench);
    run(&bench, 5, &one);
    bench.forward.threads = 3;
    run(&bench, 5, &two);
    run(&bench, 6, &other);
    const size_t size = POINTS * ANALYZERS * sizeof(double);
    assert_memory_equal(one.shots[1].counts, two.shots[1].counts, size);
    assert_memory_equal(one.shots[1].expected, two.shots[1].expected, size);
    assert_true(memcmp(one.shots[1].counts, other.shots[1].counts, size) != 0);
    assert_true(memcmp(one.shots[0].counts, one.shots[1].counts, size) != 0);
    ixs_forward_beamtime_dispose(&one);
    ixs_forward_beamtime_dispose(&two);
    ixs_forward_beamtime_dispose(&other);
}

/* After "peak" the main analyzer's zero is read as 0, and the resets add up to the first axis. */
static void test_reset_and_drift(void **state)
{
    struct bench bench;
    struct ixs_forward_beamtime beamtime = {0};
    (void)state;
    make_bench(&bench);
    bench.forward.drift = 3.0; /* meV/h */
    run(&bench, 1, &beamtime);
    const struct ixs_forward_shot *shot = &beamtime.shots[1];
    assert_true(isnan(beamtime.shots[0].reset_from));
    const double drift = 3.0 * shot->reset_clock / 3600.0;
    assert_true(drift > 0.05);
    assert_near(shot->reset_from, -0.4 + drift, 6e-5);
    assert_near(shot->e_origin, shot->reset_from, 1e-12);
    for (size_t i = 0; i < shot->npoints; i++) {
        const double steps = shot->points[i].axis / 0.03;
        assert_near(steps, round(steps), 5e-5 / 0.03);
        assert_near(shot->points[i].axis, shot->points[i].position + shot->e_origin, 1e-12);
        const double centre = shot->points[i].clock - 0.5 * (shot->time + 0.386);
        assert_near(shot->points[i].shift, 3.0 * centre / 3600.0, 1e-9);
    }
    ixs_forward_beamtime_dispose(&beamtime);
}

/* Expected count by hand: dark + exposure {background + elastic R + R (x) S} at the true energy. */
static void test_expectation(void **state)
{
    struct bench bench;
    struct ixs_forward_beamtime beamtime = {0};
    (void)state;
    make_bench(&bench);
    run(&bench, 2, &beamtime);
    const struct ixs_forward_shot *shot = &beamtime.shots[1];
    const struct ixs_forward_site *site = &shot->sites[0];
    const double q = site->q_reduced;
    const struct ixs_forward_mode mode = {"", 6.582119569 * 3.0 * q, 0.2 + 2.0 * q * q, 1.5};
    assert_near(site->modes[0].omega0, mode.omega0, 1e-8);
    assert_near(site->modes[0].fwhm, mode.fwhm, 1e-12);
    for (size_t i = 0; i < shot->npoints; i++) {
        const double energy = shot->points[i].axis - 1.2;
        const double rate = 0.05 + 0.8 * ixs_forward_response_at(&three, energy) +
                            ixs_forward_blurred(&mode, 250, &three, energy);
        assert_near(shot->expected[i * ANALYZERS], 20.0 * rate + 20.0 * 0.05, 1e-6);
    }
    ixs_forward_beamtime_dispose(&beamtime);
}

static void test_random_branch(void **state)
{
    struct bench bench;
    (void)state;
    make_bench(&bench);
    memcpy(bench.branches[0].law, "random", sizeof "random");
    bench.branches[0].energy_lo = 4;
    bench.branches[0].energy_hi = 20;
    bench.branches[0].width_lo = bench.branches[0].strength_lo = 0.1;
    bench.branches[0].width_hi = bench.branches[0].strength_hi = 4;
    double sum = 0;
    for (int64_t seed = 0; seed < 100; seed++) {
        struct ixs_forward_beamtime beamtime = {0};
        run(&bench, seed, &beamtime);
        for (size_t a = 0; a < ANALYZERS; a++) {
            const struct ixs_forward_mode *mode = &beamtime.shots[1].sites[a].modes[0];
            assert_true(mode->omega0 >= 4 && mode->omega0 <= 20);
            assert_true(mode->fwhm >= 0.1 && mode->fwhm <= 4);
            sum += log(mode->fwhm / 0.1) / log(40.0);
        }
        ixs_forward_beamtime_dispose(&beamtime);
    }
    assert_near(sum / 200.0, 0.5, 5.0 * sqrt(1.0 / 12.0 / 200.0)); /* uniform in the logarithm */
}

/* ---- truth ----------------------------------------------------------------------------------- */

static void test_truth(void **state)
{
    struct bench bench;
    struct ixs_forward_beamtime beamtime = {0};
    struct ixs_calib calib = {0};
    struct ixs_spectra spectra = {0};
    struct ixs_fit fit = {0};
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    make_bench(&bench);
    bench.analyzers[0].transmission = 0;
    run(&bench, 3, &beamtime);
    assert_true(ixs_forward_truth_calib(&beamtime, &calib, &err) &&
                ixs_forward_truth_spectra(&beamtime, "bench.spec", &spectra, &err) &&
                ixs_forward_truth_fit(&beamtime, &spectra, "truth.fits", &fit, &err));
    assert_int_equal(calib.nanalyzers, 2);
    assert_string_equal(calib.analyzers[0].quality, "uncalibrated");
    assert_near(calib.analyzers[1].zero, -0.4, 0);
    assert_int_equal(calib.ncomponents, 6);
    assert_int_equal(spectra.nspectra, 1); /* the masked one has none */
    assert_int_equal(spectra.npoints, POINTS);
    const struct ixs_forward_shot *shot = &beamtime.shots[1];
    for (size_t i = 0; i < POINTS; i++) {
        const struct ixs_point *point = &spectra.points[i];
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a failed assertion ends the test
        assert_near(point->counts, shot->counts[i * ANALYZERS + 1], 0);
        assert_near(point->energy, point->energy_raw - spectra.spectra[0].zero, 1e-9);
    }
    assert_int_equal(fit.nmodes, 1);
    assert_near(fit.modes[0].omega0, shot->sites[1].modes[0].omega0, 0);
    assert_near(fit.modes[0].omega0_err, 0, 0);
    assert_true(fit.spectra[0].deviance > 0 && fit.spectra[0].deviance < 3 * POINTS);
    ixs_calib_dispose(&calib);
    ixs_spectra_dispose(&spectra);
    ixs_fit_dispose(&fit);
    ixs_forward_beamtime_dispose(&beamtime);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_are_poisson), cmocka_unit_test(test_same_seed_same_counts),
        cmocka_unit_test(test_reset_and_drift),    cmocka_unit_test(test_expectation),
        cmocka_unit_test(test_random_branch),      cmocka_unit_test(test_truth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
