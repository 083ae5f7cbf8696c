/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model of a spectrum: every column of its Jacobian against differences, its components, what
 * is convolved and what is not.
 */
#include "models/line/convolve.h"
#include "models/fit/model.h"

#include "base/array.h"

#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

enum { POINTS = 83, P = 9 }; /* more than one block, not a whole number of them */

static const struct ixs_response response = {
    .nparts = 2, .parts = {{0.7, -0.05, 1.5, 0.3}, {0.3, 0.2, 2.2, 0.6}}};

struct setting {
    double energy[POINTS], exposure[POINTS], dark[POINTS];
    struct ixs_transforms transforms;
    struct ixs_model model;
};

/* counts: those of a fit for which the transform is chosen */
static void set_form(struct setting *setting, double kelvin, const struct ixs_model_form *form,
                     size_t nmodes, double counts)
{
    for (int i = 0; i < POINTS; i++) {
        setting->energy[i] = -18.0 + 0.6 * i + 0.1 * (i % 3); /* uneven, as scans are */
        setting->exposure[i] = 10.0 + 0.5 * (i % 7);
        setting->dark[i] = 0.1 + 0.01 * i;
    }
    struct ixs_model_points points = {POINTS, setting->energy, NULL, setting->exposure,
                                      setting->dark};
    struct ixs_bose bose;
    ixs_bose_make(&bose, kelvin, ixs_model_span(&points));
    ixs_transforms_make(&setting->transforms, &response);
    ixs_model_make(&setting->model, &points, ixs_transform_choose(&setting->transforms, counts),
                   &bose, 1.0, form, nmodes);
}

static void set(struct setting *setting, double kelvin, size_t nmodes)
{
    const struct ixs_model_form form = {0};
    set_form(setting, kelvin, &form, nmodes, INFINITY);
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

/* Columns of the Jacobian against differences, to 1e-6 of the largest in each. */
static void check_slopes(const struct setting *setting, const double *parameters,
                         const double *jacobian)
{
    double p[11], up[POINTS], down[POINTS];
    size_t n = setting->model.nparameters;
    const double h = 2e-5;
    for (size_t k = 0; k < n; k++) {
        const double *column = jacobian + k * POINTS;
        double scale = 0.0;
        memcpy(p, parameters, n * sizeof *p);
        p[k] += h;
        ixs_model_evaluate(&setting->model, p, up, NULL);
        p[k] -= 2.0 * h;
        ixs_model_evaluate(&setting->model, p, down, NULL);
        for (int i = 0; i < POINTS; i++)
            scale = fmax(scale, fabs(column[i]));
        assert_true(scale > 0.0);
        for (int i = 0; i < POINTS; i++)
            assert_near(column[i], (up[i] - down[i]) / (2.0 * h), 1e-6 * scale + 1e-7);
    }
}

static void test_jacobian(void **state)
{
    (void)state;
    double mu[POINTS], jacobian[P * POINTS];
    for (size_t c = 0; c < CASES; c++) {
        struct setting setting;
        set(&setting, table[c].kelvin, 2);
        ixs_model_evaluate(&setting.model, table[c].parameters, mu, jacobian);
        check_slopes(&setting, table[c].parameters, jacobian);
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

/* Every kind of component, with both versions of the kernels: values against quadrature with the
 * very R that the kernels have, columns of the Jacobian against differences. */
static const struct {
    double kelvin;
    struct ixs_model_form form;
    double parameters[11]; /* of one mode */
} forms[] = {
    {300.0, {.background_degree = 2}, {0.3, 20.0, 0.5, 0.01, 1e-3, 6.0, 1.1, 2.0}},
    {300.0, {.quasielastic = true}, {0.3, 20.0, 0.5, 9.0, 1.2, 6.0, 1.1, 2.0}},
    {300.0, {.quasielastic = true, .interaction = true}, {0.3, 0.5, 0.5, 9.0, 1.2, 6.0, 2.1, 2.0}},
    {30.0, {.quasielastic = true, .interaction = true}, {0.3, 0.5, 0.5, 9.0, 1.2, 6.0, 15.0, 2.0}},
    {NAN, {.quasielastic = true, .interaction = true}, {0.3, 0.5, 0.5, 9.0, 1.2, 6.0, 2.1, 2.0}},
    {100.0, {.pair = true}, {0.3, 20.0, 0.5, 6.0, 1.1, 2.0}},
    {5.0, {.background_degree = 1}, {0.3, 20.0, 0.5, 0.01, 14.0, 50.0, 2.0}},
    {900.0, {.background_degree = 1}, {0.3, 20.0, 0.5, 0.01, 14.0, 0.14, 2.0}},
};

static double line_of(const struct setting *setting, enum ixs_line_kind kind, double first,
                      double second, double kelvin, double energy)
{
    struct ixs_err err = IXS_ERR_NONE;
    double value = 0.0;
    const struct ixs_convolve what = {.kind = kind,
                                      .shape = {first, second},
                                      .kelvin = kelvin,
                                      .response = &response,
                                      .transform = setting->model.transform};
    if (!ixs_convolve(&what, energy, 1e-9, &value, &err))
        fail_msg("%s", err.text);
    return value;
}

static double rate_of(const struct setting *setting, size_t c, const double *p, double energy)
{
    const struct ixs_model_form *form = &forms[c].form;
    double kelvin = forms[c].kelvin, x = energy - p[0], sum = p[2];
    const double *more = p + 3, *mode = p + ixs_model_first_mode(form);
    for (int k = 1; k <= form->background_degree; k++)
        sum += *more++ * pow(energy, k);
    sum += p[1] * ixs_transform_value(setting->model.transform, x);
    sum += mode[2] *
           line_of(setting, form->pair ? IXS_LINE_PAIR : IXS_LINE_DHO, mode[0], mode[1], kelvin, x);
    if (form->quasielastic)
        sum += more[0] * line_of(setting, IXS_LINE_QUASIELASTIC, more[1], 0.0, kelvin, x);
    if (form->interaction)
        sum += more[0] * 0.5 * more[1] *
               line_of(setting, IXS_LINE_INTERACTION, mode[0], mode[1], kelvin, x);
    return sum;
}

static void check_form(struct setting *setting, size_t c, const struct ixs_kernels *kernels)
{
    double mu[POINTS], jacobian[11 * POINTS], peak = 0.0;
    setting->model.kernels = kernels;
    ixs_model_evaluate(&setting->model, forms[c].parameters, mu, jacobian);
    for (int i = 0; i < POINTS; i++)
        peak = fmax(peak, (mu[i] - setting->dark[i]) / setting->exposure[i]);
    for (int i = 0; i < POINTS; i += 5) {
        double rate = rate_of(setting, c, forms[c].parameters, setting->energy[i]);
        assert_near((mu[i] - setting->dark[i]) / setting->exposure[i], rate, 1e-7 * peak);
    }
    check_slopes(setting, forms[c].parameters, jacobian);
}

static void test_forms(void **state)
{
    (void)state;
    for (size_t c = 0; c < IXS_COUNT(forms); c++) {
        struct setting setting;
        set_form(&setting, forms[c].kelvin, &forms[c].form, 1, 20.0); /* a transform of a fit */
        check_form(&setting, c, ixs_kernels_plain());
        if (ixs_kernels_v3())
            check_form(&setting, c, ixs_kernels_v3());
    }
}

/* A calculated spectrum beside the rest. */
static void test_table(void **state)
{
    (void)state;
    const double energy[4] = {-12.0, -3.0, 5.0, 14.0}, value[4] = {0.1, 0.4, 1.0, 0.2};
    const double p[5] = {0.4, 3.0, 0.5, 2.5, 0.0};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_curve curve = {0};
    struct setting setting;
    double mu[POINTS], up[POINTS], down[POINTS], jacobian[4 * POINTS], convolved[POINTS] = {0},
                                                                       slope;
    set(&setting, 300.0, 0);
    const struct ixs_curve_table calculated = {4, energy, value};
    assert_true(ixs_curve_make(&curve, &calculated, setting.model.transform, -40.0, 50.0, &err));
    const struct ixs_model_form form = {.tabulated = true, .table = &curve};
    const struct ixs_model_curves curves = {.table = convolved};
    set_form(&setting, 300.0, &form, 0, INFINITY);
    ixs_model_evaluate(&setting.model, p, mu, jacobian);
    ixs_model_components(&setting.model, p, POINTS, NULL, &curves);
    double moved[4] = {p[0] + 1e-5, p[1], p[2], p[3]};
    ixs_model_evaluate(&setting.model, moved, up, NULL);
    moved[0] -= 2e-5;
    ixs_model_evaluate(&setting.model, moved, down, NULL);
    for (int i = 0; i < POINTS; i++) {
        double plain = ixs_curve_value(&curve, setting.energy[i] - p[0], &slope);
        assert_near(convolved[i], 2.5 * plain, 1e-12);
        assert_near(jacobian[3 * POINTS + i], setting.exposure[i] * plain, 1e-12);
        assert_near(jacobian[i], (up[i] - down[i]) / 2e-5, 1e-3);
    }
    ixs_curve_dispose(&curve);
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
        cmocka_unit_test(test_jacobian),   cmocka_unit_test(test_against_plain),
        cmocka_unit_test(test_components), cmocka_unit_test(test_forms),
        cmocka_unit_test(test_table),      cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
