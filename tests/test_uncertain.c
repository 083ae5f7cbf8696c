/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses that are not known exactly, and modes that the slits spread: what both do to widths.
 */
#include "models/response/uncertain.h"

#include "models/line/acceptance.h"
#include "tests/fit_sample.h"
#include "tests/near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAWS = 300 };
static const double kelvin = 300;
/* FWHM and ETA of both parts of fit_sample.h's response known to a few percent, the widths with a
 * correlation of -0.5; the weights opposite. */
static const double sigma[8] = {0.02, 0, 0.04, 0.05, 0.02, 0.05, 0.15, 0.08};

static void fill_covariance(double covariance[64])
{
    memset(covariance, 0, 64 * sizeof *covariance);
    for (size_t k = 0; k < 8; k++)
        covariance[9 * k] = sigma[k] * sigma[k];
    covariance[0 * 8 + 4] = covariance[4 * 8 + 0] = -sigma[0] * sigma[4];
    covariance[2 * 8 + 6] = covariance[6 * 8 + 2] = -0.5 * sigma[2] * sigma[6];
}

static double uniform(uint64_t *state)
{
    return ((double)(draw(state) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(uint64_t *state)
{
    return sqrt(-2 * log(uniform(state))) * cos(6.283185307179586 * uniform(state));
}

/* A response from the distribution that the covariance tells. */
static struct ixs_response drawn(uint64_t *state)
{
    struct ixs_response out = response;
    double z[8];
    for (size_t k = 0; k < 8; k++)
        z[k] = normal(state);
    z[4] = -z[0];
    z[6] = -0.5 * z[2] + sqrt(0.75) * z[6];
    for (size_t k = 0; k < 2; k++) {
        out.parts[k].weight += sigma[4 * k] * z[4 * k];
        out.parts[k].center += sigma[4 * k + 1] * z[4 * k + 1];
        out.parts[k].fwhm += sigma[4 * k + 2] * z[4 * k + 2];
        out.parts[k].eta = fmin(fmax(out.parts[k].eta + sigma[4 * k + 3] * z[4 * k + 3], 0), 1);
    }
    return out;
}

static int compare(const void *a, const void *b)
{
    const double *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

static double median(size_t n, double *values)
{
    qsort(values, n, sizeof *values, compare);
    return values[n / 2];
}

static double rms_about(size_t n, const double *values, double center)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (values[i] - center) * (values[i] - center);
    return sqrt(sum / (double)n);
}

struct widths { /* of one way to fit all draws */
    double value[DRAWS], error[DRAWS], widened[DRAWS];
};

/* `known`: through the true response; else through one from its errors. */
static void fit_draws(struct widths *out, const double *parameters, bool known)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    struct ixs_uncertain_space *room = NULL;
    struct ixs_uncertain uncertain = {0};
    struct ixs_transforms transforms;
    double covariance[64];
    fill_covariance(covariance);
    assert_true(ixs_fit_space_new(&space, POINTS, &err) &&
                ixs_uncertain_space_new(&room, POINTS, &err));
    assert_true(ixs_uncertain_make(&uncertain, &response, covariance, &err));
    for (int i = 0; i < DRAWS; i++) {
        uint64_t state = 7000 + (uint64_t)i;
        struct spectrum spectrum;
        struct ixs_fit_answer answer;
        expect(&spectrum, kelvin, 1, parameters);
        make_noisy(&spectrum, 500 + (uint64_t)i);
        struct ixs_fit_task task = IXS_FIT_TASK;
        task.points = (struct ixs_model_points){POINTS, spectrum.energy, spectrum.counts,
                                                spectrum.exposure, NULL};
        task.response = known ? response : drawn(&state);
        ixs_transforms_make(&transforms, &task.response);
        task.transforms = &transforms;
        task.kelvin = kelvin;
        task.nmodes = 1;
        task.start = parameters;
        task.quick = true;
        ixs_fit_run(space, &task, &answer);
        out->value[i] = answer.lines[0].fwhm;
        out->error[i] = answer.lines[0].fwhm_err;
        ixs_uncertain_add(room, &uncertain, &task, &answer);
        out->widened[i] = answer.lines[0].fwhm_err;
    }
    ixs_fit_space_free(space);
    ixs_uncertain_space_free(room);
    ixs_uncertain_dispose(&uncertain);
}

/* A width of 0.3 meV behind 1.5 meV, 1000 counts at the peak: right in the median, and its error
 * grows by what the response's errors make it scatter more. */
static void test_narrow(void **state)
{
    (void)state;
    static struct widths exact, uncertain;
    static const double parameters[6] = {0, 2.8, 0.1, 9, 0.3, 6.3};
    struct spectrum spectrum;
    expect(&spectrum, kelvin, 1, parameters);
    double peak = 0;
    for (int i = 0; i < POINTS; i++)
        peak = fmax(peak, spectrum.counts[i]);
    fit_draws(&exact, parameters, true);
    fit_draws(&uncertain, parameters, false);
    double scatter = rms_about(DRAWS, exact.value, 0.3);
    double more = rms_about(DRAWS, uncertain.value, 0.3);
    double by_true = median(DRAWS, exact.value), by_drawn = median(DRAWS, uncertain.value);
    double error = median(DRAWS, exact.error), widened = median(DRAWS, exact.widened);
    printf("# peak %.0f: median %.3f by the true response, %.3f by a drawn one; scatter %.4f and "
           "%.4f, errors %.4f and %.4f\n",
           peak, by_true, by_drawn, scatter, more, error, widened);
    assert_near(peak, 1000, 300);
    assert_near(by_drawn, by_true, 0.05 * by_true);
    assert_near(error, scatter, 0.15 * scatter);
    assert_near(widened, more, 0.15 * more);
    assert_true(widened > 1.1 * error);
}

/* A well resolved width, with its whole covariance: errors of a linear problem are exact. */
static void test_exact_zero(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_uncertain uncertain = {0};
    double covariance[64] = {0};
    assert_true(ixs_uncertain_make(&uncertain, &response, covariance, &err));
    assert_int_equal(uncertain.n, 0); /* no errors, no directions */
    ixs_uncertain_dispose(&uncertain);
    covariance[18] = NAN; /* of a nominal response: not known */
    assert_true(ixs_uncertain_make(&uncertain, &response, covariance, &err));
    assert_int_equal(uncertain.n, 0);
    ixs_uncertain_dispose(&uncertain);
}

/* ---- the acceptance in Q --------------------------------------------------------------------- */

enum { FINE = 201 };

static void fit_width(const struct spectrum *spectrum, const double *start, double acceptance,
                      struct ixs_fit_answer *answer)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    struct ixs_fit_task task = IXS_FIT_TASK;
    assert_true(ixs_fit_space_new(&space, POINTS, &err));
    task.points = (struct ixs_model_points){POINTS, spectrum->energy, spectrum->counts,
                                            spectrum->exposure, NULL};
    task.response = response;
    task.kelvin = kelvin;
    task.nmodes = 1;
    task.start = start;
    task.form.acceptance[0] = acceptance;
    ixs_fit_run(space, &task, answer);
    ixs_fit_space_free(space);
}

/* 5 km/s behind a slit of 60 mm at 8.965 m and 21.747 keV: 0.737 1/nm, 2.43 meV. */
static void test_slits(void **state)
{
    (void)state;
    double spread = 6.582 * 5 * 0.0737;
    for (double width = 0.25; width < 3.1; width *= 2) {
        double parameters[6] = {0, 4, 0.3, 12, width, 10};
        struct spectrum spectrum, one;
        struct ixs_fit_answer answer;
        memset(spectrum.counts, 0, sizeof spectrum.counts);
        for (int j = 0; j < FINE; j++) { /* each Q that the slit lets through */
            double moved[6];
            memcpy(moved, parameters, sizeof moved);
            moved[3] += spread * ((j + 0.5) / FINE - 0.5);
            expect(&one, kelvin, 1, moved);
            for (int i = 0; i < POINTS; i++)
                spectrum.counts[i] += one.counts[i] / FINE;
        }
        memcpy(spectrum.energy, one.energy, sizeof one.energy);
        memcpy(spectrum.exposure, one.exposure, sizeof one.exposure);
        fit_width(&spectrum, parameters, 0, &answer);
        double without = answer.parameters[4] - width;
        fit_width(&spectrum, parameters, spread, &answer);
        double with = answer.parameters[4] - width;
        printf("# width %.1f meV: off by %.3f without the acceptance, by %.4f with it\n", width,
               without, with);
        assert_near(with, 0, 0.005);
        assert_near(answer.parameters[3], 12, 0.005);
        assert_true(without > 0.4);
        if (width < 0.6)
            assert_near(without, 0.7, 0.1);
    }
}

/* Derivatives of a spread line against differences. */
static void test_slopes(void **state)
{
    (void)state;
    const double at[6] = {0.1, 40, 0.1, 2.0, 0.8, 60}; /* some nodes on the other side of 0 */
    struct ixs_model_form form = {.acceptance = {5.0}};
    struct ixs_model model;
    struct ixs_bose bose;
    struct ixs_transforms transforms;
    struct spectrum spectrum;
    static double jacobian[6 * POINTS], high[POINTS], low[POINTS];
    expect(&spectrum, kelvin, 1, at);
    struct ixs_model_points points = {POINTS, spectrum.energy, NULL, spectrum.exposure, NULL};
    ixs_transforms_make(&transforms, &response);
    ixs_bose_make(&bose, kelvin, ixs_model_span(&points));
    ixs_model_make(&model, &points, ixs_transform_choose(&transforms, INFINITY), &bose, 1, &form,
                   1);
    ixs_model_evaluate(&model, at, high, jacobian);
    for (size_t k = 0; k < 6; k++) {
        double moved[6], h = 1e-5 * fmax(fabs(at[k]), 0.1);
        memcpy(moved, at, sizeof moved);
        moved[k] = at[k] + h;
        ixs_model_evaluate(&model, moved, high, NULL);
        moved[k] = at[k] - h;
        ixs_model_evaluate(&model, moved, low, NULL);
        for (size_t i = 0; i < POINTS; i++) {
            double slope = (high[i] - low[i]) / (2 * h);
            assert_near(jacobian[k * POINTS + i], slope, 1e-4 * fabs(slope) + 1e-3);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_exact_zero),
        cmocka_unit_test(test_slits),
        cmocka_unit_test(test_slopes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
