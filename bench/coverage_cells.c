/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectra of a cell: expected counts by plain summation, Poisson draws, fits.
 */
#include "bench/coverage.h"
#include "bench/chance.h"
#include "bench/judge.h"
#include "bench/plain.h"

#include "models/evidence/bootstrap.h"
#include "models/fit/predict.h"

#include <math.h>

#define KELVIN 300.0
#define ZERO_ERR 0.1 /* meV */
static const double first = -40.0, step = 0.4;
static const double exposure = 100.0; /* s a point */
static const double level = 0.03;

/* FWHM 1.5 meV, slightly asymmetric. */
static const struct ixs_response response = {
    .nparts = 2, .parts = {{0.82, -0.09, 1.455, 0.3}, {0.18, 0.41, 1.725, 0.3}}};

static double kelvin_of(const struct coverage_cell *cell)
{
    return cell->kelvin > 0.0 ? cell->kelvin : KELVIN;
}

static bool add_mode(struct coverage_cell *cell, size_t k, struct ixs_err *err)
{
    double line[COVERAGE_POINTS], highest = 0.0;
    const double shape[2] = {cell->omega0[k], cell->fwhm[k]}, grid[2] = {first, step};
    if (!plain_convolve(line, &response, shape, kelvin_of(cell), COVERAGE_POINTS, grid, err))
        return false;
    for (int i = 0; i < COVERAGE_POINTS; i++)
        highest = fmax(highest, line[i]);
    cell->strength[k] = cell->peak / (exposure * highest);
    for (int i = 0; i < COVERAGE_POINTS; i++)
        cell->expected[i] += cell->peak * line[i] / highest;
    return true;
}

static void scale_to_mean(struct coverage_cell *cell)
{
    double sum = 0.0;
    for (int i = 0; i < COVERAGE_POINTS; i++)
        sum += cell->expected[i] / COVERAGE_POINTS;
    double factor = cell->mean > 0.0 ? cell->mean / sum : 1.0;
    cell->peak *= factor;
    for (size_t k = 0; k < cell->nmodes; k++)
        cell->strength[k] *= factor;
    for (int i = 0; i < COVERAGE_POINTS; i++)
        cell->expected[i] *= factor;
}

bool coverage_expect(struct coverage_cell *cell, struct ixs_err *err)
{
    double top = plain_response(&response, 0.0);
    double background = cell->level > 0.0 ? cell->level : level;
    for (int i = 0; i < COVERAGE_POINTS; i++) {
        cell->energy[i] = first + step * i;
        cell->expected[i] =
            cell->peak * (background + plain_response(&response, cell->energy[i]) / top);
    }
    for (size_t k = 0; k < cell->nmodes; k++)
        if (!add_mode(cell, k, err))
            return false;
    scale_to_mean(cell);
    return true;
}

static size_t find(const struct ixs_fit_answer *answer, double omega0)
{
    size_t m = 0;
    while (m + 1 < answer->nmodes && answer->lines[m].omega0 != omega0)
        m++;
    return m;
}

/* Who belongs to whom (bench/judge.h); a single mode is taken for itself wherever it went. */
static void compare(struct coverage_draw *draw, const struct coverage_cell *cell,
                    const struct ixs_fit_answer *answer)
{
    struct judge_mode fits[IXS_MODEL_MOST_MODES] = {{0}}, truths[COVERAGE_MODES] = {{0}};
    struct judge_record records[COVERAGE_MODES];
    for (size_t k = 0; k < answer->nmodes; k++)
        fits[k].omega0 = answer->lines[k].omega0;
    for (size_t k = 0; k < cell->nmodes; k++) {
        truths[k].omega0 = cell->omega0[k];
        truths[k].fwhm = cell->fwhm[k];
    }
    (void)judge_match(cell->nmodes, truths, answer->nmodes, fits, cell->chosen, records);
    draw->status = answer->status;
    draw->nmodes = answer->nmodes;
    draw->p_value = answer->p_value;
    bool single = cell->nmodes == 1 && answer->nmodes == 1;
    for (size_t k = 0; k < cell->nmodes; k++) {
        struct coverage_mode *mode = &draw->modes[k];
        size_t m = single ? 0 : find(answer, records[k].fit.omega0);
        mode->missed = !single && records[k].missed;
        mode->line = answer->lines[m];
        size_t o = answer->first_mode + IXS_MODEL_PER_MODE * m, n = answer->nparameters;
        size_t at = answer->first_mode + IXS_MODEL_PER_MODE * m;
        for (size_t i = 0; i < 3; i++) {
            mode->values[i] = answer->parameters[at + i];
            mode->errors[i] = sqrt(answer->covariance[(at + i) * (answer->nparameters + 1)]);
            mode->lower[i] = answer->lower[at + i];
            mode->upper[i] = answer->upper[at + i];
            mode->bootstrap[i] = answer->bootstrap.figures[at + i];
        }
        mode->likeliest = answer->parameters[o + 1];
        mode->correlation =
            answer->covariance[o * n + o + 1] /
            sqrt(answer->covariance[o * n + o] * answer->covariance[(o + 1) * n + o + 1]);
    }
}

bool coverage_predict(double *errors, struct ixs_fit_space *space, const struct coverage_cell *cell,
                      struct ixs_err *err)
{
    double exposures[COVERAGE_POINTS], truth[IXS_MODEL_MOST_PARAMETERS] = {0};
    double top = plain_response(&response, 0.0);
    struct ixs_fit_task task = IXS_FIT_TASK;
    for (int i = 0; i < COVERAGE_POINTS; i++)
        exposures[i] = exposure;
    truth[IXS_MODEL_ELASTIC] = cell->peak / (exposure * top);
    truth[IXS_MODEL_BACKGROUND] = cell->peak * level / exposure;
    for (size_t k = 0; k < cell->nmodes; k++) {
        double *mode = truth + IXS_MODEL_BACKGROUND + 1 + IXS_MODEL_PER_MODE * k;
        mode[0] = cell->omega0[k];
        mode[1] = cell->fwhm[k];
        mode[2] = cell->strength[k];
    }
    task.points = (struct ixs_model_points){COVERAGE_POINTS, cell->energy, NULL, exposures, NULL};
    task.response = response;
    task.kelvin = KELVIN;
    task.zero_err = ZERO_ERR;
    task.nmodes = (int)cell->nmodes;
    task.start = truth;
    return ixs_predict_errors(errors, space, &task, 1.0, err);
}

bool coverage_fit(struct coverage *coverage, size_t cell, size_t draw, size_t worker,
                  struct ixs_err *err)
{
    const struct coverage_cell *truth = &coverage->cells[cell];
    uint64_t state = ixs_chance_state(coverage->seed, ((uint64_t)cell << 32) + draw);
    double energy[COVERAGE_POINTS], counts[COVERAGE_POINTS], exposures[COVERAGE_POINTS];
    struct ixs_fit_answer answer;
    struct ixs_fit_task task = IXS_FIT_TASK;
    double zero = ZERO_ERR * ixs_chance_normal(&state);
    for (int i = 0; i < COVERAGE_POINTS; i++) {
        energy[i] = truth->energy[i] + zero;
        counts[i] = chance_poisson(&state, truth->expected[i]);
        exposures[i] = exposure;
    }
    task.points = (struct ixs_model_points){COVERAGE_POINTS, energy, counts, exposures, NULL};
    task.response = response;
    task.kelvin = kelvin_of(truth);
    task.zero_err = ZERO_ERR;
    task.nmodes = truth->chosen ? IXS_FIT_CHOOSE_MODES : (int)truth->nmodes;
    const char *complaint = ixs_fit_complaint(&task);
    if (complaint)
        return ixs_fail(err, IXS_BUG, "%s", complaint);
    ixs_fit_run(coverage->spaces[worker], &task, &answer);
    const struct ixs_bootstrap_rules rules = {coverage->seed, ((uint64_t)cell << 32) + draw,
                                              truth->bootstrap};
    if (truth->bootstrap > 0 &&
        !ixs_bootstrap_run(coverage->spaces[worker], &task, &rules, &answer, err))
        return false;
    compare(&coverage->draws[cell * coverage->ndraws + draw], truth, &answer);
    return true;
}
