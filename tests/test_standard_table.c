/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses as smooth tables: against an R that is known and the inelastic part of a sample, their
 * errors, and CALIB as the fits read it. `test_standard_table N` makes N draws for the pulls.
 */
#include "calib/fitting/responses.h"
#include "tests/removal_scene.h"

static struct removal_scene scene;
static int draws;

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
        struct removal_misfit misfit = removal_compare(&scene, a);
        printf("# A%d: off by %.4f of the peak, by %.3f of R; deviance %.0f on %lld\n", a + 1,
               misfit.core, misfit.tail, scene.calib.analyzers[a].deviance,
               (long long)scene.calib.analyzers[a].dof);
        assert_string_equal(scene.calib.analyzers[a].form, "table");
        assert_int_equal(scene.calib.analyzers[a].ncomponents, 0);
        assert_true(misfit.core < 0.01 && misfit.tail < 0.1);
    }
}

/* What a fit reads from CALIB is the curve that CALIB draws, with its errors. */
static void test_read(void **state)
{
    (void)state;
    struct ixs_fitting_responses read = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_fitting_responses_make(&read, &scene.calib, false, 2, &err));
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
    assert_true(ixs_fitting_responses_make(&read, &scene.calib, false, 2, &err));
    assert_int_equal(read.n, REMOVAL_ARRAY - 1);
    ixs_fitting_responses_dispose(&read);
    scene.calib.nodes[3].response = response;
    scene.calib.nodes[0].scale = 0;
    assert_true(ixs_fitting_responses_make(&read, &scene.calib, false, 2, &err));
    assert_int_equal(read.n, REMOVAL_ARRAY - 1);
    ixs_fitting_responses_dispose(&read);
    scene.calib.nodes[0].scale = scale;
}

static void test_pulls(void **state)
{
    (void)state;
    removal_pulls(&scene, draws);
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
