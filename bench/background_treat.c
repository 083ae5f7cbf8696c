/* SPDX-License-Identifier: GPL-3.0-or-later
 * Three ways of treating an empty cell.
 */
#include "bench/background.h"

#include "models/fit/solve.h"

#include <math.h>
#include <string.h>

static struct ixs_fit_task task_of(const struct background_draw *draw)
{
    struct ixs_fit_task task = IXS_FIT_TASK;
    task.points = (struct ixs_model_points){BACKGROUND_POINTS, draw->energy, draw->counts,
                                            draw->exposure, NULL};
    task.response = background_response;
    task.kelvin = BACKGROUND_KELVIN;
    task.zero_err = BACKGROUND_ZERO_ERR;
    task.nmodes = 1;
    return task;
}

static bool run(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                struct ixs_fit_answer *answer, struct ixs_err *err)
{
    const char *complaint = ixs_fit_complaint(task);
    if (complaint)
        return ixs_fail(err, IXS_BUG, "%s", complaint);
    ixs_fit_run(space, task, answer);
    return true;
}

bool background_joint(struct ixs_fit_space *space, const struct background_draw *draw,
                      struct ixs_fit_answer *answer, struct ixs_err *err)
{
    struct ixs_fit_task task = task_of(draw);
    const struct ixs_cell cell = {
        .points = {BACKGROUND_CELL, draw->other_energy, draw->other, draw->other_exposure, NULL},
        .scale = draw->scale,
        .scale_err = 0.05 * BACKGROUND_SCALE,
        .zero_err = BACKGROUND_ZERO_ERR};
    task.cell = &cell;
    return run(space, &task, answer, err);
}

bool background_known(struct ixs_fit_space *space, const struct background_draw *draw,
                      struct ixs_fit_answer *answer, struct ixs_err *err)
{
    struct ixs_fit_task task = task_of(draw);
    task.points.dark = draw->share;
    return run(space, &task, answer, err);
}

bool background_subtract(struct ixs_fit_space *space, const struct background_draw *draw,
                         struct ixs_fit_answer *answer, struct ixs_err *err)
{
    struct ixs_fit_task task = task_of(draw);
    double counts[BACKGROUND_POINTS], sigma[BACKGROUND_POINTS];
    for (int i = 0; i < BACKGROUND_POINTS; i++) {
        double share = draw->scale * draw->exposure[i] / draw->cell_exposure[i];
        counts[i] = draw->counts[i] - share * draw->same[i];
        sigma[i] = sqrt(fmax(draw->counts[i], 1.0) + share * share * fmax(draw->same[i], 1.0));
    }
    task.points.counts = counts;
    task.sigma = sigma;
    return run(space, &task, answer, err);
}

/* ---- the W statistic: the cell's rate at each point is a parameter --------------------------- */

enum { P = 6, ALL = P + 1 + BACKGROUND_POINTS, N = BACKGROUND_POINTS };

struct whole {
    struct ixs_model model;
    const struct background_draw *draw;
};

static void evaluate(void *context, const double *parameters, double *mu, double *jacobian)
{
    const struct whole *whole = context;
    const struct background_draw *draw = whole->draw;
    const double k = parameters[P], *rate = parameters + P + 1;
    if (jacobian)
        memset(jacobian, 0, sizeof(double) * ALL * 2 * N);
    ixs_model_evaluate(&whole->model, parameters, mu, jacobian);
    for (size_t i = 0; i < N; i++) {
        mu[i] += draw->exposure[i] * k * rate[i];
        mu[N + i] = draw->cell_exposure[i] * rate[i];
        if (!jacobian)
            continue;
        jacobian[P * 2 * N + i] = draw->exposure[i] * rate[i];
        jacobian[(P + 1 + i) * 2 * N + i] = draw->exposure[i] * k;
        jacobian[(P + 1 + i) * 2 * N + N + i] = draw->cell_exposure[i];
    }
}

/* From the fit with the cell's smooth spectrum: as good a start as there is. */
static void start(const struct background_draw *draw, const struct ixs_fit_answer *answer,
                  double *parameters)
{
    memcpy(parameters, answer->parameters, 3 * sizeof *parameters);
    memcpy(parameters + 3, answer->parameters + answer->first_mode, 3 * sizeof *parameters);
    parameters[P] = draw->scale;
    for (size_t i = 0; i < N; i++)
        parameters[P + 1 + i] = fmax(draw->same[i], 0.5) / draw->cell_exposure[i];
}

static void take_answer(const double *parameters, const double *covariance, size_t p,
                        struct ixs_fit_answer *answer)
{
    struct ixs_fit_line *line = &answer->lines[0];
    memset(answer, 0, sizeof *answer);
    double err[3];
    for (size_t k = 0; k < 3; k++)
        err[k] = sqrt(covariance[(3 + k) * p + 3 + k]);
    line->omega0 = parameters[3];
    line->fwhm = parameters[4];
    line->strength = parameters[5];
    line->omega0_err = err[0];
    line->fwhm_err = err[1];
    line->strength_err = err[2];
    line->omega0_lo = line->omega0 - err[0];
    line->omega0_hi = line->omega0 + err[0];
    line->fwhm_lo = line->fwhm - err[1];
    line->fwhm_hi = line->fwhm + err[1];
}

bool background_profile(struct ixs_fit_space *space, const struct background_draw *draw,
                        struct ixs_fit_answer *answer, struct ixs_err *err)
{
    static _Thread_local double covariance[ALL * ALL]; /* too large for a stack */
    double parameters[ALL], lower[ALL] = {0}, upper[ALL], mean[ALL] = {0}, sigma[ALL],
                            counts[2 * N];
    enum ixs_solve_state states[ALL];
    struct ixs_transforms transforms;
    struct ixs_bose bose;
    struct whole whole = {.draw = draw};
    const struct ixs_model_form form = {0};
    struct ixs_solve_result result;
    struct ixs_solve *solve = NULL;
    const struct ixs_model_points points = {N, draw->energy, draw->counts, draw->exposure, NULL};
    ixs_transforms_make(&transforms, &background_response);
    ixs_bose_make(&bose, BACKGROUND_KELVIN, ixs_model_span(&points));
    ixs_model_make(&whole.model, &points, ixs_transform_choose(&transforms, 1e4), &bose, 1.0, &form,
                   1);
    whole.model.stride = 2 * N;
    for (size_t k = 0; k < ALL; k++) {
        upper[k] = INFINITY;
        sigma[k] = (double)NAN;
    }
    lower[0] = -0.5;
    upper[0] = 0.5;
    lower[3] = 2.0;
    upper[3] = 30.0;
    upper[4] = 60.0;
    sigma[0] = BACKGROUND_ZERO_ERR;
    mean[P] = draw->scale;
    sigma[P] = 0.05 * BACKGROUND_SCALE;
    memcpy(counts, draw->counts, sizeof draw->counts);
    memcpy(counts + N, draw->same, sizeof draw->same);
    if (!background_joint(space, draw, answer, err))
        return false;
    start(draw, answer, parameters);
    const struct ixs_solve_problem problem = {.nparameters = ALL,
                                              .ndata = (size_t)2 * N,
                                              .counts = counts,
                                              .model = evaluate,
                                              .context = &whole,
                                              .lower = lower,
                                              .upper = upper,
                                              .prior_mean = mean,
                                              .prior_sigma = sigma};
    const struct ixs_solve_rules rules = {.most_iterations = 300, .tolerance = 1e-3};
    bool ok = ixs_solve_new(&solve, ALL, (size_t)2 * N, err);
    if (ok) {
        ixs_solve_run(solve, &problem, &rules, parameters, &result);
        ixs_solve_covariance(solve, &problem, parameters, covariance, states);
        take_answer(parameters, covariance, ALL, answer);
    }
    ixs_solve_free(solve);
    return ok;
}
