/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses as smooth tables: against an R that is known and the inelastic part of a sample, their
 * errors, and CALIB as the fits read it. `test_standard_table N` makes N draws for the pulls.
 */
#include "calib/fitting_responses.h"
#include "tests/removal_scene.h"

static struct removal_scene scene;
static int draws;

static double peak_of(int a)
{
    double peak = 0;
    for (int i = 0; i < FINE_N; i++)
        peak = fmax(peak, scene.response[a][i]);
    return peak;
}

/* Within 1 % of the peak in the core, 10 % of R as far as it is over 3e-4 of the peak. */
static void test_known(void **state)
{
    (void)state;
    scene = (struct removal_scene){0};
    removal_make(&scene, false);
    scene.form = IXS_STANDARD_TABLE;
    removal_scans(&scene, 1);
    removal_calibrate(&scene, true);
    assert_string_equal(scene.calib.keys.removal, "joint");
    for (int a = 0; a < REMOVAL_ARRAY; a++) {
        double core = 0, tail = 0, peak = peak_of(a);
        for (size_t i = 0; i < scene.calib.nresponse; i++) {
            const struct ixs_calib_response *row = &scene.calib.response[i];
            double truth = removal_read(scene.response[a], row->energy);
            if (row->analyzer[1] != '1' + a || row->scan != 0)
                continue;
            if (fabs(row->energy) <= 3)
                core = fmax(core, fabs(row->response - truth) / peak);
            if (truth > 3e-4 * peak && fabs(row->energy) < 25)
                tail = fmax(tail, fabs(row->response - truth) / truth);
        }
        printf("# A%d: off by %.4f of the peak, by %.3f of R; deviance %.0f on %lld\n", a + 1, core,
               tail, scene.calib.analyzers[a].deviance, (long long)scene.calib.analyzers[a].dof);
        assert_string_equal(scene.calib.analyzers[a].form, "table");
        assert_int_equal(scene.calib.analyzers[a].ncomponents, 0);
        assert_true(core < 0.01 && tail < 0.1);
    }
}

/* What a fit reads from CALIB is the curve that CALIB draws, with its errors. */
static void test_read(void **state)
{
    (void)state;
    struct ixs_fitting_responses read = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_fitting_responses_make(&read, &scene.calib, false, &err));
    assert_int_equal(read.n, REMOVAL_ARRAY);
    for (size_t i = 0; i < scene.calib.nresponse; i++) {
        const struct ixs_calib_response *row = &scene.calib.response[i];
        const struct ixs_fitting_response *response =
            ixs_fitting_responses_of(&read, row->analyzer);
        assert_near(ixs_response_value(&response->response, row->energy), row->response,
                    1e-9 * row->response);
        double variance = 0; /* of R, from what the fits would try */
        for (size_t k = 0; k < response->uncertain.n; k++) {
            const struct ixs_uncertain_end *end = &response->uncertain.ends[k];
            const struct ixs_transform *low = &end->low.list[end->low.n - 1];
            const struct ixs_transform *high = &end->high.list[end->high.n - 1];
            double by =
                (ixs_transform_value(high, row->energy) - ixs_transform_value(low, row->energy)) /
                end->step;
            variance += by * by;
        }
        if (row->scan == 0 && fabs(row->energy) < 3)
            assert_near(sqrt(variance), row->response_err, 0.25 * row->response_err + 2e-4);
    }
    ixs_fitting_responses_dispose(&read);
    double response = scene.calib.nodes[3].response, scale = scene.calib.nodes[0].scale;
    scene.calib.nodes[3].response = -1; /* a product that somebody spoilt */
    assert_true(ixs_fitting_responses_make(&read, &scene.calib, false, &err));
    assert_int_equal(read.n, REMOVAL_ARRAY - 1);
    ixs_fitting_responses_dispose(&read);
    scene.calib.nodes[3].response = response;
    scene.calib.nodes[0].scale = 0;
    assert_true(ixs_fitting_responses_make(&read, &scene.calib, false, &err));
    assert_int_equal(read.n, REMOVAL_ARRAY - 1);
    ixs_fitting_responses_dispose(&read);
    scene.calib.nodes[0].scale = scale;
}

/* Pulls of R at some energies and of FWHM. */
static void test_pulls(void **state)
{
    (void)state;
    static const double at[] = {-12, -6, -3, -1.5, 0, 1.5, 3, 6, 12};
    enum { NPULLS = IXS_COUNT(at) };
    double sum[NPULLS] = {0}, squares[NPULLS] = {0}, all = 0, n = REMOVAL_ARRAY * draws;
    for (int draw = 0; draw < draws; draw++) {
        removal_scans(&scene, 100 + (unsigned long)draw);
        removal_calibrate(&scene, true);
        for (int a = 0; a < REMOVAL_ARRAY; a++)
            for (size_t k = 0; k < NPULLS; k++) {
                const struct ixs_calib_response *row = removal_nearest(&scene, a, at[k]);
                double truth = removal_read(scene.response[a], row->energy);
                double pull = (row->response - truth) / row->response_err;
                sum[k] += pull;
                squares[k] += pull * pull;
                all += pull * pull;
            }
    }
    for (size_t k = 0; k < NPULLS; k++)
        printf("# R at %5.1f meV: %.0f pulls of mean %5.2f and rms %.2f\n", at[k], n, sum[k] / n,
               sqrt(squares[k] / n));
    double width = sqrt(all / n / NPULLS);
    printf("# all: rms %.2f\n", width);
    assert_true(width > 0.7 && width < 1.4);
    removal_free(&scene);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_pulls),
    };
    draws = argc > 1 ? atoi(argv[1]) : 2;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
