/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectra for the tests of the fit: a model's expected counts, or draws from them.
 */
#ifndef IXS_TESTS_FIT_SAMPLE_H
#define IXS_TESTS_FIT_SAMPLE_H

#include "models/fit/fit.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

enum { POINTS = 111 };

static const struct ixs_response response = {
    .nparts = 2, .parts = {{0.85, -0.05, 1.46, 0.2}, {0.15, 0.28, 2.4, 0.7}}};

struct spectrum {
    double energy[POINTS], counts[POINTS], exposure[POINTS];
};

/* Expected counts themselves as data: the fit must give the parameters back. */
static inline void expect_form(struct spectrum *out, double kelvin,
                               const struct ixs_model_form *form, size_t nmodes,
                               const double *parameters)
{
    struct ixs_model model;
    struct ixs_bose bose;
    struct ixs_transforms prepared;
    for (int i = 0; i < POINTS; i++) {
        out->energy[i] = -20.0 + 0.5 * i;
        out->exposure[i] = 100.0;
    }
    struct ixs_model_points points = {POINTS, out->energy, NULL, out->exposure, NULL};
    ixs_transforms_make(&prepared, &response);
    ixs_bose_make(&bose, kelvin, ixs_model_span(&points));
    ixs_model_make(&model, &points, ixs_transform_choose(&prepared, INFINITY), &bose,
                   fabs(parameters[IXS_MODEL_ZERO]), form, nmodes);
    ixs_model_evaluate(&model, parameters, out->counts, NULL);
}

static inline void expect(struct spectrum *out, double kelvin, size_t nmodes,
                          const double *parameters)
{
    const struct ixs_model_form form = {0};
    expect_form(out, kelvin, &form, nmodes, parameters);
}

static inline uint64_t draw(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline void make_noisy(struct spectrum *spectrum, uint64_t seed)
{
    for (int i = 0; i < POINTS; i++) {
        double left = spectrum->counts[i], count = 0.0;
        for (; left > 0.0; left -= 20.0) {
            double limit = exp(-fmin(left, 20.0)), product = 1.0;
            while ((product *= ((double)(draw(&seed) >> 11) + 0.5) / 9007199254740992.0) > limit)
                count += 1.0;
        }
        spectrum->counts[i] = count;
    }
}

static inline struct ixs_fit_task task_of(const struct spectrum *spectrum, size_t n)
{
    struct ixs_fit_task task = IXS_FIT_TASK;
    task.points =
        (struct ixs_model_points){n, spectrum->energy, spectrum->counts, spectrum->exposure, NULL};
    task.response = response;
    task.kelvin = 300.0;
    task.zero_err = 0.1;
    return task;
}

static inline void run(const struct ixs_fit_task *task, struct ixs_fit_answer *answer)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    assert_true(ixs_fit_space_new(&space, POINTS, &err));
    assert_null(ixs_fit_complaint(task));
    ixs_fit_run(space, task, answer);
    ixs_fit_space_free(space);
}

#endif
