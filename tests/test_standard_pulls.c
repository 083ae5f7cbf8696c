/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calibration against lines that are known: values within errors, errors of the right size.
 */
#include "bench/pull.h"
#include "tests/standard_scene.h"

enum { DRAWS = 40 };

/* Mean 0 and width 1 to three and a half standard errors of n independent draws. */
static void assert_pulls(const struct pull_sums *pulls, const char *name)
{
    double n = pulls->n, mean = pull_mean(pulls), width = pull_width(pulls);
    printf("# %s: %.0f pulls of mean %.2f and width %.2f, at most %.1f\n", name, pulls->n, mean,
           width, pulls->most);
    assert_near(mean, 0, 3.5 / sqrt(n));
    assert_near(width, 1, 3.5 / sqrt(2 * n));
}

static double width_truth(const struct scene *scene, size_t a)
{
    return line_width(scene->lines[a]);
}

/* 40 beamtimes of three analyzers: widths, zeros, areas. */
static void test_pulls(void **state)
{
    (void)state;
    struct scene scene;
    struct pull_sums width = {0}, zero = {0}, efficiency = {0};
    set_scene(&scene);
    double truth[ARRAY];
    for (size_t a = 0; a < ARRAY; a++)
        truth[a] = width_truth(&scene, a);
    for (unsigned long draw = 0; draw < DRAWS; draw++) {
        run_scene(&scene, 100 + draw);
        for (size_t a = 0; a < ARRAY; a++) {
            const struct ixs_calib_analyzer *row = &scene.calib.analyzers[a];
            assert_string_equal(row->quality, "good");
            pull_add(&width, (row->fwhm - truth[a]) / row->fwhm_err);
            pull_add(&zero, (row->zero - scene.zero[a]) / row->zero_err);
            pull_add(&efficiency, (row->efficiency - scene.efficiency[a]) / row->efficiency_err);
            assert_near(row->fwhm, truth[a], 0.03);
            assert_near(row->zero, scene.zero[a], 0.02);
        }
    }
    assert_pulls(&width, "FWHM");
    assert_pulls(&zero, "ZERO");
    assert_pulls(&efficiency, "EFFICIENCY");
    clear_scene(&scene);
}

/* An axis that jitters by far more than counting: the jitter is found and the errors know of it,
 * and no part of a response is narrower than two steps. */
static void test_jitter(void **state)
{
    (void)state;
    struct scene scene;
    struct pull_sums width = {0};
    double excess = 0;
    set_scene(&scene);
    scene.rate = 15000;
    for (size_t s = 0; s < scene.nscans; s++)
        scene.scans[s].jitter = 0.02;
    for (unsigned long draw = 0; draw < 8; draw++) {
        run_scene(&scene, 40 + draw);
        for (size_t k = 0; k < scene.calib.ncomponents; k++)
            assert_true(scene.calib.components[k].fwhm >= 0.5);
        for (size_t a = 0; a < ARRAY; a++) {
            const struct ixs_calib_analyzer *row = &scene.calib.analyzers[a];
            pull_add(&width, (row->fwhm - line_width(scene.lines[a])) / row->fwhm_err);
            excess += row->deviance / (double)row->dof / (8 * ARRAY);
        }
        assert_near(scene.calib.keys.jitter, 0.02, 0.012);
    }
    printf("# deviance per degree of freedom: %.2f\n", excess);
    assert_true(excess > 1.05); /* what the others do not tell */
    assert_pulls(&width, "FWHM with jitter");
    clear_scene(&scene);
}

/* What one analyzer is told by the others of where the axis stood: a good part of the jitter on the
 * flanks of its line, in the right direction. */
static void test_axis(void **state)
{
    (void)state;
    struct scene scene;
    double xy = 0, xx = 0, yy = 0;
    set_scene(&scene);
    scene.rate = 60000;
    for (size_t s = 0; s < scene.nscans; s++)
        scene.scans[s].jitter = 0.02;
    for (unsigned long draw = 0; draw < 4; draw++) {
        run_scene(&scene, 500 + draw);
        for (size_t i = 0; i < scene.calib.nresponse;) {
            const struct ixs_calib_response *row = &scene.calib.response[i];
            double step = scene.scans[0].step, mean[2] = {0}, told[MOST_POINTS];
            size_t n = 0, flank = 0;
            while (i < scene.calib.nresponse && scene.calib.response[i].scan == row->scan &&
                   strcmp(scene.calib.response[i].analyzer, row->analyzer) == 0) {
                i++;
                n++;
            }
            if (row->scan == 0)
                continue;
            const double *shifts = scene.scans[row->scan - 1].shifts;
            for (size_t k = 0; k < n; k++) {
                told[k] = row[k].energy - step * (double)k;
                if (fabs(row[k].energy) < 1.5) {
                    mean[0] += told[k];
                    mean[1] += shifts[k];
                    flank++;
                }
            }
            for (size_t k = 0; k < n; k++) {
                if (fabs(row[k].energy) >= 1.5)
                    continue;
                double x = told[k] - mean[0] / (double)flank;
                double y = shifts[k] - mean[1] / (double)flank;
                xy += x * y;
                xx += x * x;
                yy += y * y;
            }
        }
    }
    printf("# told of true jitter: slope %.2f, correlation %.2f\n", xy / xx, xy / sqrt(xx * yy));
    assert_near(xy / xx, 1, 0.25);
    assert_true(xy > 0.6 * sqrt(xx * yy));
    clear_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pulls),
        cmocka_unit_test(test_jitter),
        cmocka_unit_test(test_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
