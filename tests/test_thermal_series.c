/* SPDX-License-Identifier: GPL-3.0-or-later
 * FIT products of several temperatures become series, and series tables.
 */
#include "calib/thermal/thermal.h"

#include "tests/near.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEMPERATURES = 5, QS = 2 };
static const double kelvins[TEMPERATURES] = {100, 200, 300, 400, 500};
static const struct ixs_thermal_rules usual = {.same_q = 0.02};

static struct ixs_fit_mode mode_of(int temperature, int q, int number, double omega, double width)
{
    struct ixs_fit_mode mode = {.mode = number,
                                .omega0 = omega,
                                .omega0_err = 0.05,
                                .omega0_lo = omega - 0.05,
                                .omega0_hi = omega + 0.05,
                                .fwhm = width,
                                .fwhm_err = 0.1,
                                .fwhm_lo = width - 0.1,
                                .fwhm_hi = width + 0.1,
                                .relaxation = omega * omega / width,
                                .relaxation_lo = 0.9 * omega * omega / width,
                                .relaxation_hi = 1.1 * omega * omega / width,
                                .susceptibility = number == 1 ? 3.0 : 1.0,
                                .susceptibility_lo = number == 1 ? 2.7 : 0.9,
                                .susceptibility_hi = number == 1 ? 3.3 : 1.1,
                                .regime = "underdamped",
                                .status = "good"};
    mode.id = (struct ixs_fit_identity){.spectrum = q + 1,
                                        .temperature = kelvins[temperature] + 0.3 * q,
                                        .h = 4.1 + 0.2 * q + 0.003 * temperature,
                                        .k = 4,
                                        .l = 4,
                                        .q_h = 0.1 + 0.2 * q,
                                        .q_reduced = 0.1 + 0.2 * q,
                                        .response = "good"};
    snprintf(mode.id.source, sizeof mode.id.source, "S%d.fits", temperature);
    snprintf(mode.id.scans, sizeof mode.id.scans, "%d", temperature);
    snprintf(mode.id.analyzer, sizeof mode.id.analyzer, "Ana1");
    return mode;
}

/* Mode 1 of energy 3 + 10 q, width T/200; mode 2 at 12, width T/20. */
static void fill(struct ixs_thermal_modes *modes, int temperature)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_mode rows[2 * QS];
    for (int q = 0; q < QS; q++) {
        double kelvin = kelvins[temperature];
        rows[2 * q] = mode_of(temperature, q, 1, 4.0 + 2.0 * q, kelvin / 200);
        rows[2 * q + 1] = mode_of(temperature, q, 2, 12, kelvin / 20);
    }
    struct ixs_fit fit = {.modes = rows, .nmodes = IXS_COUNT(rows)};
    assert_true(ixs_thermal_add(modes, &fit, &err));
}

/* POINTS of the coldest spectra: mode 1 on a branch. */
static void fill_points(struct ixs_dispersion *out, const struct ixs_thermal_modes *modes)
{
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(IXS_NEW(out->points, modes->n, &err));
    for (size_t i = 0; i < modes->n; i++) {
        const struct ixs_fit_mode *mode = &modes->modes[i].fit;
        struct ixs_dispersion_point *row = &out->points[out->npoints++];
        *row = (struct ixs_dispersion_point){.temperature = mode->id.temperature,
                                             .h = mode->id.h,
                                             .k = mode->id.k,
                                             .l = mode->id.l,
                                             .q_reduced = mode->id.q_reduced,
                                             .mode = mode->mode,
                                             .omega0 = mode->omega0,
                                             .branch = mode->mode == 1,
                                             .group_velocity = 2.0,
                                             .group_velocity_err = 0.1};
        ixs_copy(row->source, sizeof row->source, mode->id.source);
        ixs_copy(row->analyzer, sizeof row->analyzer, mode->id.analyzer);
        ixs_copy(row->scans, sizeof row->scans, mode->id.scans);
    }
}

static const struct ixs_thermal_law_row *law_of(const struct ixs_dispersion *d, int64_t series,
                                                const char *quantity)
{
    for (size_t i = 0; i < d->nlaws; i++)
        if (d->laws[i].series == series && strcmp(d->laws[i].quantity, quantity) == 0)
            return &d->laws[i];
    fail_msg("no law of %s of series %d", quantity, (int)series);
    return NULL;
}

static void test_series(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_thermal_modes modes = {0};
    struct ixs_dispersion out = {0};
    for (int t = TEMPERATURES; t-- > 0;) /* any order */
        fill(&modes, t);
    fill_points(&out, &modes);
    assert_true(ixs_thermal_gather(&out, &modes, &usual, 5, &err));
    assert_int_equal(out.nthermal, 2 * QS * TEMPERATURES);
    for (size_t i = 0; i < out.nthermal; i++) { /* each series is one mode, from cold to warm */
        const struct ixs_thermal_row *row = &out.thermal[i], *first = row - i % TEMPERATURES;
        assert_int_equal(row->series, 1 + (int)i / TEMPERATURES);
        assert_int_equal(row->mode, first->mode);
        assert_near(row->q_reduced, first->q_reduced, 0);
        assert_near(row->temperature, kelvins[i % TEMPERATURES] + (row->q_reduced > 0.2 ? 0.3 : 0),
                    1e-9);
        assert_near(row->lifetime, IXS_HBAR / row->fwhm_law, 1e-12);
        assert_near(row->ioffe_regel, IXS_PI * row->fwhm_law / row->omega_law, 1e-12);
        assert_true(isnan(row->velocity) == (row->mode == 2));
    }
    for (int s = 1; s <= 2 * QS; s++) {
        const struct ixs_thermal_law_row *width = law_of(&out, s, "fwhm");
        assert_near(width->exponent, 1, 0.01);
        assert_string_equal(width->used, "carried");
        if (out.thermal[(s - 1) * TEMPERATURES].mode == 2)
            assert_near(width->t_overdamped, 480, 2);
        else
            assert_true(isnan(width->t_overdamped));
    }
    assert_near(law_of(&out, 0, "kappa")->exponent, -1, 0.02);
    assert_int_equal(out.nkappas, TEMPERATURES);
    assert_int_equal(out.kappas[0].nmodes, QS);
    assert_int_equal(out.nkappa_covariances, TEMPERATURES * (TEMPERATURES + 1) / 2);
    assert_near(out.kappas[0].kappa, out.thermal[0].kappa + out.thermal[2 * TEMPERATURES].kappa,
                2e-3);
    ixs_dispersion_dispose(&out);
    ixs_thermal_modes_dispose(&modes);
}

/* A mode that is inseparable where it is warm goes on as itself, told by its relaxation. */
static void test_inseparable(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_thermal_modes modes = {0};
    struct ixs_dispersion out = {0};
    for (int t = 0; t < TEMPERATURES; t++)
        fill(&modes, t);
    for (size_t i = 0; i < modes.n; i++) {
        struct ixs_fit_mode *mode = &modes.modes[i].fit;
        if (mode->id.temperature < 450 || mode->mode != 2)
            continue;
        mode->omega0 = 40;
        mode->omega0_err = mode->fwhm_err = NAN;
        mode->omega0_lo = 8;
        mode->omega0_hi = 90;
    }
    assert_true(ixs_thermal_gather(&out, &modes, &usual, 5, &err));
    assert_int_equal(out.nthermal, 2 * QS * TEMPERATURES);
    size_t relaxations = 0;
    for (size_t i = 0; i < out.nthermal; i++)
        relaxations += strcmp(out.thermal[i].told, "relaxation") == 0;
    assert_int_equal(relaxations, QS);
    assert_int_equal(law_of(&out, 2, "fwhm")->nrelaxations, 1);
    assert_int_equal(out.nkappas, 0); /* no branches, no velocities */
    ixs_dispersion_dispose(&out);
    ixs_thermal_modes_dispose(&modes);
}

static void test_left_out(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_thermal_modes modes = {0};
    struct ixs_dispersion out = {0}, along = {0}, lent = {0};
    fill(&modes, 2); /* one temperature is no series */
    assert_true(ixs_thermal_gather(&out, &modes, &usual, 5, &err));
    assert_int_equal(out.nthermal + out.nlaws + out.nkappas, 0);
    fill(&modes, 0);
    const struct ixs_thermal_rules across = {.same_q = 0.02, .along = "0,1,0"};
    assert_true(ixs_thermal_gather(&along, &modes, &across, 5, &err));
    assert_int_equal(along.nthermal, 0);
    for (size_t i = 0; i < modes.n; i++)
        snprintf(modes.modes[i].fit.id.response, sizeof modes.modes[i].fit.id.response, "lent");
    fill_points(&lent, &modes);
    assert_true(ixs_thermal_gather(&lent, &modes, &usual, 5, &err));
    assert_int_equal(lent.nthermal, 8);
    assert_true(isnan(lent.thermal[0].lifetime));
    assert_int_equal(lent.nkappas, 0);
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a law that is not there fails above
    assert_non_null(strstr(law_of(&lent, 1, "fwhm")->remark, "lent"));
    ixs_dispersion_dispose(&out);
    ixs_dispersion_dispose(&along);
    ixs_dispersion_dispose(&lent);
    ixs_thermal_modes_dispose(&modes);
}

static void test_compare(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_thermal_modes modes = {0};
    struct ixs_dispersion out = {0};
    struct ixs_thermal_rules rules = usual;
    for (int t = 0; t < TEMPERATURES; t++)
        fill(&modes, t);
    rules.compare = true;
    assert_true(ixs_thermal_gather(&out, &modes, &rules, 5, &err));
    size_t best = 0, widths = 0;
    double least = INFINITY, marked = NAN;
    for (size_t i = 0; i < out.nlaws; i++) {
        const struct ixs_thermal_law_row *row = &out.laws[i];
        if (row->series != 1 || strcmp(row->quantity, "fwhm") != 0)
            continue;
        widths++;
        least = fmin(least, row->aicc);
        if (strstr(row->used, "best") == NULL)
            continue;
        best++;
        marked = row->aicc;
    }
    assert_int_equal(widths, 8);
    assert_int_equal(best, 1);
    assert_near(marked, least, 0);
    rules.width_law = "fivefold";
    assert_non_null(ixs_thermal_rules_complaint(&rules));
    rules.width_law = "choose";
    rules.along = "0,0,0";
    assert_non_null(ixs_thermal_rules_complaint(&rules));
    rules.along = "1,1,0";
    assert_null(ixs_thermal_rules_complaint(&rules));
    ixs_dispersion_dispose(&out);
    ixs_thermal_modes_dispose(&modes);
}

/* An energy that all temperatures share is one measurement, and tells no exponent. */
static void test_shared(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    double errors[2], exponent[2];
    for (int shared = 0; shared < 2; shared++) {
        struct ixs_thermal_modes modes = {0};
        struct ixs_dispersion out = {0};
        struct ixs_fit_mode rows[TEMPERATURES];
        struct ixs_fit_parameter parameters[TEMPERATURES + 1] = {
            {.parameter = 1, .set = 1, .component = "dho1", .name = "omega0", .err = 0.05}};
        struct ixs_fit_covariance covariances[2 * TEMPERATURES + 1] = {{1, 1, 0.0025}};
        for (int t = 0; t < TEMPERATURES; t++) {
            rows[t] = mode_of(t, 0, 1, 12, kelvins[t] / 100);
            rows[t].id.spectrum = t + 1;
            rows[t].omega0_err = 0.05;
            parameters[t + 1] = (struct ixs_fit_parameter){.parameter = t + 2,
                                                           .spectrum = t + 1,
                                                           .component = "dho1",
                                                           .name = "omega0",
                                                           .like = shared};
            covariances[2 * t + 1] = (struct ixs_fit_covariance){t + 2, 1, shared ? 0.0025 : 0};
            covariances[2 * t + 2] = (struct ixs_fit_covariance){t + 2, t + 2, 0.0025};
        }
        const struct ixs_fit fit = {.modes = rows,
                                    .nmodes = IXS_COUNT(rows),
                                    .parameters = parameters,
                                    .nparameters = IXS_COUNT(parameters),
                                    .covariances = covariances,
                                    .ncovariances = IXS_COUNT(covariances)};
        assert_true(ixs_thermal_add(&modes, &fit, &err));
        struct ixs_thermal_rules rules = usual;
        rules.energy_law = "constant";
        rules.width_law = "power";
        assert_true(ixs_thermal_gather(&out, &modes, &rules, 5, &err));
        errors[shared] = law_of(&out, 1, "omega0")->p_err[0];
        exponent[shared] = law_of(&out, 1, "omega0")->exponent_err;
        assert_int_equal(law_of(&out, 1, "omega0")->dof,
                         (shared ? 1 : TEMPERATURES) - 1 + TEMPERATURES - 2);
        ixs_dispersion_dispose(&out);
        assert_true(ixs_thermal_gather(&out, &modes, &usual, 5, &err)); /* by itself */
        assert_string_equal(law_of(&out, 1, "omega0")->law, shared ? "constant" : "power");
        ixs_dispersion_dispose(&out);
        ixs_thermal_modes_dispose(&modes);
    }
    assert_near(errors[0], 0.05 / sqrt(TEMPERATURES), 1e-6);
    assert_near(errors[1], 0.05, 1e-6);
    assert_true(exponent[0] > 0);
    assert_true(isnan(exponent[1]));
}

/* Modes 1 of both q, whose widths are one value at each temperature, or not. */
static void fill_widths(struct ixs_thermal_modes *modes, int temperature, bool shared)
{
    struct ixs_err err = IXS_ERR_NONE;
    double kelvin = kelvins[temperature];
    struct ixs_fit_mode rows[QS];
    struct ixs_fit_parameter parameters[QS + 1] = {
        {.parameter = 1, .set = 1, .component = "dho1", .name = "fwhm"}};
    struct ixs_fit_covariance covariances[2 * QS + 1] = {{1, 1, 0.01}};
    for (int q = 0; q < QS; q++) {
        rows[q] = mode_of(temperature, q, 1, 4.0 + 2.0 * q, kelvin / 200);
        rows[q].omega0_err = 1e-4;
        parameters[q + 1] = (struct ixs_fit_parameter){.parameter = q + 2,
                                                       .spectrum = q + 1,
                                                       .component = "dho1",
                                                       .name = "fwhm",
                                                       .like = shared};
        covariances[2 * q + 1] = (struct ixs_fit_covariance){q + 2, 1, shared ? 0.01 : 0};
        covariances[2 * q + 2] = (struct ixs_fit_covariance){q + 2, q + 2, 0.01};
    }
    const struct ixs_fit fit = {.modes = rows,
                                .nmodes = QS,
                                .parameters = parameters,
                                .nparameters = QS + 1,
                                .covariances = covariances,
                                .ncovariances = 2 * QS + 1};
    assert_true(ixs_thermal_add(modes, &fit, &err));
}

/* Errors of KAPPA add up where two modes have one width, else their squares do. */
static void test_shared_heat(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    for (int shared = 0; shared < 2; shared++) {
        struct ixs_thermal_modes modes = {0};
        struct ixs_dispersion out = {0};
        for (int t = 0; t < TEMPERATURES; t++)
            fill_widths(&modes, t, shared);
        fill_points(&out, &modes);
        for (size_t i = 0; i < out.npoints; i++)
            out.points[i].group_velocity_err = 0;
        assert_true(ixs_thermal_gather(&out, &modes, &usual, 5, &err));
        assert_int_equal(out.nkappas, TEMPERATURES);
        for (size_t t = 0; t < TEMPERATURES; t++) {
            double one = out.thermal[t].kappa_err, other = out.thermal[TEMPERATURES + t].kappa_err;
            double sum = shared ? one + other : hypot(one, other);
            assert_near(out.kappas[t].kappa_err, sum, 0.01 * sum);
            double width = out.thermal[t].fwhm_err / out.thermal[t].fwhm;
            one = width * out.thermal[t].kappa;
            other = width * out.thermal[TEMPERATURES + t].kappa;
            sum = shared ? one + other : hypot(one, other);
            assert_near(out.kappas[t].measured_err, sum, 0.02 * sum);
        }
        ixs_dispersion_dispose(&out);
        ixs_thermal_modes_dispose(&modes);
    }
}

/* The covariance of FWHM and OMEGA0 reaches the right mode. */
static void test_correlation(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_thermal_modes modes = {0};
    struct ixs_fit_mode rows[2] = {mode_of(0, 0, 1, 4, 1), mode_of(0, 0, 2, 12, 2)};
    struct ixs_fit_parameter parameters[] = {
        {.parameter = 1, .spectrum = 1, .component = "dho1", .name = "omega0"},
        {.parameter = 2, .spectrum = 1, .component = "dho1", .name = "fwhm"},
        {.parameter = 3, .spectrum = 1, .component = "dho2", .name = "omega0"},
        {.parameter = 4, .spectrum = 1, .component = "dho2", .name = "fwhm"}};
    struct ixs_fit_covariance covariances[] = {{1, 1, 0.01}, {2, 1, 0.01}, {2, 2, 0.04},
                                               {3, 2, 0.02}, {3, 3, 0.01}, {4, 3, -0.01},
                                               {4, 4, 0.16}};
    const struct ixs_fit fit = {.modes = rows,
                                .nmodes = 2,
                                .parameters = parameters,
                                .nparameters = IXS_COUNT(parameters),
                                .covariances = covariances,
                                .ncovariances = IXS_COUNT(covariances)};
    assert_true(ixs_thermal_add(&modes, &fit, &err));
    assert_near(modes.modes[0].correlation, 0.5, 1e-12);
    assert_near(modes.modes[1].correlation, -0.25, 1e-12);
    ixs_thermal_modes_dispose(&modes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_series),      cmocka_unit_test(test_inseparable),
        cmocka_unit_test(test_left_out),    cmocka_unit_test(test_compare),
        cmocka_unit_test(test_correlation), cmocka_unit_test(test_shared),
        cmocka_unit_test(test_shared_heat),
    };
    return cmocka_run_group_tests_name("thermal_series", tests, NULL, NULL);
}
