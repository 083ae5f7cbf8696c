/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model of a spectrum: every column of its Jacobian against differences, its components, what
 * is convolved and what is not.
 */
#include "models/model.h"

#include "base/array.h"

#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

enum { POINTS = 83, P = 9 }; /* more than one block, not a whole number of them */

static const struct ixs_response response = {2, {{0.7, -0.05, 1.5, 0.3}, {0.3, 0.2, 2.2, 0.6}}};

struct setting {
    double energy[POINTS], exposure[POINTS], dark[POINTS];
    struct ixs_transforms transforms;
    struct ixs_model model;
};

static void set(struct setting *setting, double kelvin, size_t nmodes)
{
    for (int i = 0; i < POINTS; i++) {
        setting->energy[i] = -18.0 + 0.6 * i + 0.1 * (i % 3); /* uneven, as scans are */
        setting->exposure[i] = 10.0 + 0.5 * (i % 7);
        setting->dark[i] = 0.1 + 0.01 * i;
    }
    struct ixs_model_points points = {POINTS, setting->energy, NULL, setting->exposure,
                                      setting->dark};
    const struct ixs_model_form form = {0};
    struct ixs_bose bose;
    ixs_bose_make(&bose, kelvin, ixs_model_span(&points));
    ixs_transforms_make(&setting->transforms, &response);
    ixs_model_make(&setting->model, &points, ixs_transform_choose(&setting->transforms, INFINITY),
                   &bose, 1.0, &form, nmodes);
}

/* { zero, elastic, background, then modes }: narrow, critical, far overdamped, at the limits. */
static const struct {
    const char *name;
    double kelvin, parameters[P];
} table[] = {
    {"two modes", 300.0, {0.3, 20.0, 0.5, 6.0, 1.1, 2.0, 14.0, 3.0, 1.0}},
    {"cold", 5.0, {-0.2, 5.0, 0.1, 6.0, 1.1, 2.0, 14.0, 3.0, 1.0}},
    {"critical", 120.0, {0.1, 1.0, 0.5, 5.0, 10.0, 2.0, 9.0, 18.001, 1.0}},
    {"overdamped", 300.0, {0.0, 1.0, 0.0, 3.0, 30.0, 2.0, 9.0, 60.0, 4.0}},
    {"no temperature", NAN, {0.3, 20.0, 0.5, 6.0, 1.1, 2.0, 14.0, 30.0, 1.0}},
};
enum { CASES = IXS_COUNT(table) };

static void test_jacobian(void **state)
{
    (void)state;
    double mu[POINTS], jacobian[P * POINTS], up[POINTS], down[POINTS];
    for (size_t c = 0; c < CASES; c++) {
        struct setting setting;
        set(&setting, table[c].kelvin, 2);
        ixs_model_evaluate(&setting.model, table[c].parameters, mu, jacobian);
        for (size_t k = 0; k < P; k++) {
            double p[P], h = 2e-5, scale = 0.0;
            for (size_t l = 0; l < P; l++)
                p[l] = table[c].parameters[l];
            p[k] += h;
            ixs_model_evaluate(&setting.model, p, up, NULL);
            p[k] -= 2.0 * h;
            ixs_model_evaluate(&setting.model, p, down, NULL);
            for (int i = 0; i < POINTS; i++)
                scale = fmax(scale, fabs(jacobian[k * POINTS + (size_t)i]));
            assert_true(scale > 0.0);
            for (int i = 0; i < POINTS; i++)
                assert_near(jacobian[k * POINTS + (size_t)i], (up[i] - down[i]) / (2.0 * h),
                            1e-6 * scale + 1e-7);
        }
    }
}

/* mu against the plain evaluation of each mode at each point. */
static void test_against_plain(void **state)
{
    (void)state;
    double mu[POINTS];
    for (size_t c = 0; c < CASES; c++) {
        struct setting setting;
        const double *p = table[c].parameters;
        set(&setting, table[c].kelvin, 2);
        ixs_model_evaluate(&setting.model, p, mu, NULL);
        for (int i = 0; i < POINTS; i++) {
            double x = setting.energy[i] - p[0];
            double sum = p[1] * ixs_response_value(&response, x) + p[2];
            for (int k = 0; k < 2; k++) {
                struct ixs_dho mode = {p[3 + 3 * k], p[4 + 3 * k], p[5 + 3 * k]};
                sum += ixs_dho_convolved(&mode, &setting.model.bose, &response, x, NULL);
            }
            assert_near(mu[i], setting.exposure[i] * sum + setting.dark[i], 1e-10 * mu[i]);
        }
    }
}

static void test_components(void **state)
{
    (void)state;
    struct setting setting;
    double mu[POINTS], total[POINTS], elastic[POINTS], background[POINTS], one[POINTS], two[POINTS];
    const struct ixs_model_curves curves = {
        .total = total, .elastic = elastic, .background = background, .modes = {one, two}};
    set(&setting, 300.0, 2);
    ixs_model_evaluate(&setting.model, table[0].parameters, mu, NULL);
    ixs_model_components(&setting.model, table[0].parameters, POINTS, NULL, &curves);
    for (int i = 0; i < POINTS; i++) {
        assert_near(elastic[i] + background[i] + one[i] + two[i], total[i], 1e-13);
        assert_near(setting.exposure[i] * total[i] + setting.dark[i], mu[i], 1e-11 * mu[i]);
        assert_near(background[i], 0.5, 0.0); /* not convolved: no sag at the edges */
    }
}

static void test_names(void **state)
{
    (void)state;
    const struct ixs_model_form plain = {0};
    const struct ixs_model_form rich = {.background_degree = 2, .quasielastic = true, .pair = true};
    assert_int_equal(ixs_model_nparameters(&plain, 2), 9);
    assert_int_equal(ixs_model_nparameters(&rich, 2), 13);
    struct ixs_model_name name = ixs_model_parameter(&plain, 1);
    assert_string_equal(name.component, "elastic");
    assert_string_equal(name.unit, "meV count/s");
    name = ixs_model_parameter(&plain, 7);
    assert_string_equal(name.component, "dho2");
    assert_string_equal(name.name, "fwhm");
    assert_string_equal(name.unit, "meV");
    assert_string_equal(ixs_model_parameter(&rich, 4).name, "curvature");
    assert_string_equal(ixs_model_parameter(&rich, 5).component, "quasielastic");
    assert_string_equal(ixs_model_parameter(&rich, 6).name, "fwhm");
    assert_string_equal(ixs_model_parameter(&rich, 12).component, "pair2");
    assert_string_equal(ixs_model_parameter(&rich, 12).name, "strength");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jacobian),
        cmocka_unit_test(test_against_plain),
        cmocka_unit_test(test_components),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
