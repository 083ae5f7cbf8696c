/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bursts and signals: what must never be flagged, what must be, and how often chance does it.
 */
#include "calib/instrument/quality.h"

#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

enum { N = 91 };
static const double narrowest = 0.9, fwhm = 1.5;

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

/* Poisson by counting exponential waits; a normal of the same variance above 500. */
static double poisson(uint64_t *state, double mean)
{
    if (mean > 500.0) {
        double radius = sqrt(-2.0 * log(uniform(state)));
        return fmax(0.0,
                    round(mean + sqrt(mean) * radius * cos(6.283185307179586 * uniform(state))));
    }
    double count = -1.0;
    for (double wait = 0.0; wait < mean; wait -= log(uniform(state)))
        count += 1.0;
    return fmax(count, 0.0);
}

struct line {
    double center, width, height; /* meV, meV, counts */
};

/* -15 .. 30 meV with the uneven steps of a real monochromator. */
static void fill(struct ixs_point points[N], uint64_t *state, double flat, size_t n,
                 const struct line *lines)
{
    for (int i = 0; i < N; i++) {
        points[i] = (struct ixs_point){.energy = -15.0 + 0.5 * i + 0.015 * (i % 2),
                                       .exposure = 33.0 * (0.99 + 0.02 * uniform(state))};
        double mean = flat;
        for (size_t k = 0; k < n; k++) {
            double away = (points[i].energy - lines[k].center) / lines[k].width;
            mean += lines[k].height * exp(-2.772588722239781 * away * away);
        }
        points[i].counts = poisson(state, mean);
    }
}

static size_t count_flags(const struct ixs_point points[N])
{
    size_t count = 0;
    for (int i = 0; i < N; i++)
        count += points[i].flags != 0;
    return count;
}

static const char *judge(struct ixs_point points[N])
{
    struct ixs_err err = IXS_ERR_NONE;
    const char *word = NULL;
    assert_true(ixs_quality_word(N, points, narrowest, fwhm, &word, &err));
    return word;
}

/* The narrowest true lines, weak and strong, anywhere: 30:1 within 1 meV and steeper on the flank.
 */
static void test_lines_are_no_bursts(void **state)
{
    (void)state;
    uint64_t seed = 11;
    struct ixs_point points[N];
    for (int trial = 0; trial < 3000; trial++) {
        double height = pow(10.0, 1.0 + 4.0 * uniform(&seed));
        const struct line lines[] = {{-10 + 35 * uniform(&seed), narrowest, height},
                                     {-10 + 35 * uniform(&seed), fwhm, height / 30}};
        fill(points, &seed, 5.0 * uniform(&seed), 2, lines);
        assert_int_equal(ixs_quality_bursts(N, points, narrowest), 0);
        assert_int_equal(count_flags(points), 0);
    }
}

static void test_descending_scan(void **state)
{
    (void)state;
    uint64_t seed = 12;
    struct ixs_point points[N];
    fill(points, &seed, 3.0, 1, &(struct line){5.0, fwhm, 4000.0});
    for (int i = 0; i < N; i++)
        points[i].energy = -points[i].energy;
    assert_string_equal(judge(points), "good");
    points[20].counts += 300;
    assert_int_equal(ixs_quality_bursts(N, points, narrowest), 1);
    assert_true(points[20].flags == IXS_FLAG_BURST);
}

static void test_bursts_are_found(void **state)
{
    (void)state;
    uint64_t seed = 13;
    struct ixs_point points[N];
    for (int trial = 0; trial < 500; trial++) {
        int at = 2 + (int)(uniform(&seed) * (N - 5));
        fill(points, &seed, 2.0, 1, &(struct line){5.0, fwhm, 6.0});
        points[at].counts += 1200;     /* one point, */
        points[at + 1].counts += 1100; /* or two together */
        if (trial % 2)
            points[at + 1].counts -= 1100;
        ixs_quality_bursts(N, points, narrowest);
        assert_int_equal(points[at].flags, IXS_FLAG_BURST);
        assert_int_equal(count_flags(points), trial % 2 ? 1 : 2);
    }
}

static void test_words(void **state)
{
    (void)state;
    uint64_t seed = 14;
    struct ixs_point points[N];
    fill(points, &seed, 3.0, 1, &(struct line){5.0, fwhm, 30.0});
    points[70].counts = 86; /* one burst in a good spectrum is one flag */
    assert_string_equal(judge(points), "good");
    assert_int_equal(count_flags(points), 1);
    fill(points, &seed, 0.5, 0, NULL);
    points[40].counts = 724; /* nearly all counts are in it */
    assert_string_equal(judge(points), "bursts");
    fill(points, &seed, 3.0, 1, &(struct line){5.0, fwhm, 200.0});
    for (int i = 5; i < N; i += 17)
        points[i].counts += 150;
    assert_string_equal(judge(points), "bursts");
}

/* Flat spectra of 0 to 12 counts: a line is seen in less than one of a thousand. */
static void test_no_signal(void **state)
{
    (void)state;
    uint64_t seed = 15;
    struct ixs_point points[N];
    int good = 0;
    for (int trial = 0; trial < 1000; trial++) {
        fill(points, &seed, 5.0 * uniform(&seed), 0, NULL);
        good += strcmp(judge(points), "no-signal") != 0;
    }
    assert_true(good <= 1);
    fill(points, &seed, 0.0, 0, NULL);
    assert_string_equal(judge(points), "no-signal");
}

/* Lines of 60 counts on 5, narrow or 12 meV broad, are seen. */
static void test_signal(void **state)
{
    (void)state;
    uint64_t seed = 16;
    struct ixs_point points[N];
    for (int trial = 0; trial < 300; trial++) {
        double width = trial % 2 ? fwhm : 12.0;
        fill(points, &seed, 5.0, 1, &(struct line){-10 + 30 * uniform(&seed), width, 60.0});
        assert_string_equal(judge(points), "good");
    }
}

static void test_ratio(void **state)
{
    (void)state;
    uint64_t seed = 17;
    struct ixs_point points[N];
    struct ixs_err err = IXS_ERR_NONE;
    double ratio, again;
    fill(points, &seed, 4.0, 1, &(struct line){5.0, fwhm, 25.0});
    assert_true(ixs_quality_signal(N, points, fwhm, INFINITY, &ratio, &err));
    for (int i = 0; i < N; i++)
        points[i].exposure *= 7.0; /* another monitor reference */
    assert_true(ixs_quality_signal(N, points, fwhm, INFINITY, &again, &err));
    assert_near(again, ratio, 1e-6 * ratio);
    assert_true(ixs_quality_signal(N, points, fwhm, 25.0, &again, &err));
    assert_true(again > 25.0 && again <= ratio * (1 + 1e-9));
    for (int i = 0; i < N; i++)
        points[i].flags = IXS_FLAG_EXCLUDED;
    assert_true(ixs_quality_signal(N, points, fwhm, 25.0, &again, &err));
    assert_near(again, 0.0, 0.0);
}

/* Flagged points, whatever stands in them, change nothing. */
static void test_flagged_points_are_passed_over(void **state)
{
    (void)state;
    uint64_t seed = 18;
    struct ixs_point points[N];
    fill(points, &seed, 1.0, 0, NULL);
    for (int i = 30; i < 33; i++) {
        points[i].counts = i == 31 ? NAN : 5000.0;
        points[i].flags = IXS_FLAG_COUNTS;
    }
    points[50].exposure = NAN;
    points[50].flags = IXS_FLAG_MONITOR;
    assert_string_equal(judge(points), "no-signal");
    assert_int_equal(count_flags(points), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_no_bursts),
        cmocka_unit_test(test_descending_scan),
        cmocka_unit_test(test_bursts_are_found),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_no_signal),
        cmocka_unit_test(test_signal),
        cmocka_unit_test(test_ratio),
        cmocka_unit_test(test_flagged_points_are_passed_over),
    };
    return cmocka_run_group_tests_name("quality", tests, NULL, NULL);
}
