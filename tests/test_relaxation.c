/* SPDX-License-Identifier: GPL-3.0-or-later
 * The coordinates of an overdamped mode: they lead back to where they came from, their slopes are
 * those of differences, and far out the line is a plain relaxation.
 */
#include "models/line/relaxation.h"
#include "tests/fit_sample.h"
#include "tests/near.h"

#include <string.h>

static const double parameters[6] = {0.05, 1.0, 0.01, 6.0, 24.0, 2.0};

static void evaluate(void *context, const double *at, double *mu, double *jacobian)
{
    ixs_model_evaluate(context, at, mu, jacobian);
}

struct scene {
    struct spectrum spectrum;
    struct ixs_transforms transforms;
    struct ixs_model model;
    struct ixs_relaxation relaxation;
};

static void make(struct scene *scene, double kelvin, bool by_energy)
{
    expect(&scene->spectrum, kelvin, 1, parameters);
    struct ixs_model_points points = {POINTS, scene->spectrum.energy, NULL,
                                      scene->spectrum.exposure, NULL};
    const struct ixs_model_form form = {0};
    struct ixs_bose bose;
    ixs_bose_make(&bose, kelvin, ixs_model_span(&points));
    ixs_transforms_make(&scene->transforms, &response);
    ixs_model_make(&scene->model, &points, ixs_transform_choose(&scene->transforms, INFINITY),
                   &bose, 1.0, &form, 1);
    scene->relaxation = (struct ixs_relaxation){
        .plain = {.nparameters = 6, .ndata = POINTS, .model = evaluate, .context = &scene->model},
        .at = 3,
        .by_energy = by_energy,
        .thermal = !isnan(kelvin)};
}

static void test_there_and_back(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        struct scene scene;
        double there[3], back[3];
        make(&scene, k < 2 ? 300.0 : (double)NAN, k % 2 == 1);
        ixs_relaxation_from(&scene.relaxation, parameters + 3, there);
        ixs_relaxation_to(&scene.relaxation, there, back);
        assert_near(exp(there[IXS_RELAXATION_RATE]), 1.5, 1e-12);
        for (size_t i = 0; i < 3; i++)
            assert_near(back[i], parameters[3 + i], 1e-12 * parameters[3 + i]);
    }
}

static void test_slopes(void **state)
{
    (void)state;
    static double mu[POINTS], up[POINTS], down[POINTS], jacobian[6 * POINTS];
    for (int k = 0; k < 4; k++) {
        struct scene scene;
        double at[6];
        make(&scene, k < 2 ? 300.0 : (double)NAN, k % 2 == 1);
        memcpy(at, parameters, sizeof at);
        ixs_relaxation_from(&scene.relaxation, parameters + 3, at + 3);
        ixs_relaxation_model(&scene.relaxation, at, mu, jacobian);
        for (size_t p = 0; p < 6; p++) {
            double keep = at[p], h = 1e-5 * fmax(fabs(keep), 0.1);
            at[p] = keep + h;
            ixs_relaxation_model(&scene.relaxation, at, up, NULL);
            at[p] = keep - h;
            ixs_relaxation_model(&scene.relaxation, at, down, NULL);
            at[p] = keep;
            for (size_t i = 0; i < POINTS; i++) {
                double slope = (up[i] - down[i]) / (2.0 * h);
                assert_near(jacobian[p * POINTS + i], slope, 1e-6 * (fabs(slope) + mu[40]));
            }
        }
    }
}

/* For u -> 0 with r and chi kept: (chi/pi) [E/(1 - exp(-E/kT))] r/(E^2 + r^2). */
static void test_plain_relaxation(void **state)
{
    (void)state;
    const struct ixs_relaxation relaxation = {.thermal = true};
    const double rate = 1.5, chi = 0.7, kt = 8.617333262145179e-2 * 300.0;
    const double at[3] = {log(rate), 1e-5, log(chi)};
    double mode[3];
    ixs_relaxation_to(&relaxation, at, mode);
    struct ixs_dho dho = {mode[0], mode[1], mode[2]};
    for (double e = -9.75; e < 10.0; e += 0.5) {
        double line =
            chi / 3.14159265358979323846 * e / (1.0 - exp(-e / kt)) * rate / (e * e + rate * rate);
        assert_near(ixs_dho_value(&dho, 300.0, e), line, 1e-3 * line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_plain_relaxation),
    };
    return cmocka_run_group_tests_name("relaxation", tests, NULL, NULL);
}
