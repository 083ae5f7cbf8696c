/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two ensembles go until their figures are good enough, or not at all.
 */
#include "models/evidence/sample_inside.h"

#include "base/array.h"
#include "models/numerics/chance.h"

#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 500, MOST_ROUNDS = 7 }; /* steps kept; each round takes twice as many as the last */
static const double most_r_hat = 1.01;

struct chains {
    struct ixs_ensemble ensembles[2];
    double *series[2]; /* [nmoving][KEPT][walkers] */
    double *room;      /* [2 * KEPT * walkers] */
};

static bool make(struct chains *chains, struct ixs_fit_space *space,
                 const struct ixs_fit_answer *answer, const struct ixs_sample_rules *rules,
                 struct ixs_err *err)
{
    for (uint64_t e = 0; e < 2; e++) {
        struct ixs_ensemble *ensemble = &chains->ensembles[e];
        uint64_t state = ixs_chance_state(rules->seed, 2 * rules->index + e);
        if (!ixs_ensemble_make(ensemble, space, 1.0, state, err) ||
            !IXS_NEW(chains->series[e], KEPT * ensemble->n * ensemble->nmoving, err))
            return false;
        ixs_ensemble_about(ensemble, answer);
    }
    return IXS_NEW(chains->room, 2 * KEPT * chains->ensembles[0].n, err);
}

static void dispose(struct chains *chains)
{
    for (int e = 0; e < 2; e++) {
        ixs_ensemble_dispose(&chains->ensembles[e]);
        free(chains->series[e]);
    }
    free(chains->room);
}

/* All but the last round is for coming to rest. */
static void go(struct chains *chains, size_t thin)
{
    for (int e = 0; e < 2; e++) {
        struct ixs_ensemble *ensemble = &chains->ensembles[e];
        ensemble->tried = ensemble->taken = 0;
        for (size_t s = 0; s < KEPT; s++) {
            for (size_t t = 0; t < thin; t++)
                ixs_ensemble_step(ensemble);
            for (size_t m = 0; m < ensemble->nmoving; m++)
                for (size_t w = 0; w < ensemble->n; w++)
                    chains->series[e][(m * KEPT + s) * ensemble->n + w] =
                        ensemble->walkers[w].x[ensemble->moving[m]];
        }
    }
}

/* Whether all figures may be believed. */
static bool diagnose(const struct chains *chains, double draws, struct ixs_sample *out)
{
    const struct ixs_ensemble *ensemble = &chains->ensembles[0];
    bool good = true;
    for (size_t m = 0; m < ensemble->nmoving; m++) {
        size_t at = m * KEPT * ensemble->n;
        const double *const series[2] = {chains->series[0] + at, chains->series[1] + at};
        struct ixs_sample_figure *figure = &out->figures[ensemble->moving[m]];
        ixs_sample_diagnose(KEPT, ensemble->n, series, figure);
        good = good && figure->r_hat < most_r_hat && figure->draws >= draws;
    }
    return good;
}

static void measure(const struct chains *chains, size_t m, double response_error,
                    struct ixs_sample_figure *out)
{
    const struct ixs_ensemble *ensemble = &chains->ensembles[0];
    size_t half = KEPT * ensemble->n, n = 2 * half;
    double *x = chains->room, sum = 0.0, square = 0.0;
    for (size_t e = 0; e < 2; e++)
        memcpy(x + e * half, chains->series[e] + m * half, half * sizeof *x);
    gsl_sort(x, 1, n);
    for (size_t i = 0; i < n; i++)
        sum += x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        square += (x[i] - sum) * (x[i] - sum) / (double)(n - 1);
    out->mean = sum;
    out->sd = hypot(sqrt(square), response_error);
    out->median = x[n / 2];
    out->lo = out->median - hypot(out->median - x[(size_t)(0.158655 * (double)n)], response_error);
    out->hi = out->median + hypot(x[(size_t)(0.841345 * (double)n)] - out->median, response_error);
}

static void forget(struct ixs_sample *out, size_t k)
{
    struct ixs_sample_figure *figure = &out->figures[k];
    figure->mean = figure->sd = figure->lo = figure->median = figure->hi = (double)NAN;
}

static void say_why(const struct chains *chains, struct ixs_sample *out)
{
    double worst = 0.0, fewest = INFINITY;
    for (size_t m = 0; m < chains->ensembles[0].nmoving; m++) {
        const struct ixs_sample_figure *figure = &out->figures[chains->ensembles[0].moving[m]];
        worst = fmax(worst, figure->r_hat);
        fewest = fmin(fewest, figure->draws);
    }
    snprintf(out->reason, sizeof out->reason, "R hat up to %.3f, %.0f effective draws", worst,
             fewest);
}

/* A model of as many modes as the answer has. */
static struct ixs_fit_task task_of(const struct ixs_fit_task *task,
                                   const struct ixs_fit_answer *answer)
{
    struct ixs_fit_task given = *task;
    given.nmodes = (int)answer->nmodes;
    given.start = NULL;
    return given;
}

bool ixs_sample_run(struct ixs_sample *out, struct ixs_fit_space *space,
                    const struct ixs_fit_task *task, const struct ixs_fit_answer *answer,
                    const struct ixs_sample_rules *rules, struct ixs_err *err)
{
    struct ixs_fit_task given = task_of(task, answer);
    struct chains chains = {0};
    memset(out, 0, sizeof *out);
    for (size_t k = 0; k < answer->nparameters; k++) {
        forget(out, k);
        out->figures[k].r_hat = out->figures[k].draws = (double)NAN;
    }
    ixs_fit_cell_begin(space, &given);
    ixs_fit_prepare(space, &given);
    bool ok = make(&chains, space, answer, rules, err);
    size_t thin = 1;
    int most = rules->rounds > 0 ? rules->rounds : MOST_ROUNDS;
    for (int round = 0; ok && !out->good && round < most; round++, thin *= 2) {
        go(&chains, thin);
        out->good = round > 0 && diagnose(&chains, rules->draws, out);
        out->steps = thin * KEPT;
    }
    for (size_t m = 0; ok && out->good && m < chains.ensembles[0].nmoving; m++) {
        size_t k = chains.ensembles[0].moving[m];
        measure(&chains, m, answer->response_errors[k], &out->figures[k]);
    }
    if (ok && !out->good)
        say_why(&chains, out);
    out->walkers = chains.ensembles[0].n;
    out->acceptance =
        (double)chains.ensembles[0].taken / fmax(1.0, (double)chains.ensembles[0].tried);
    dispose(&chains);
    return ok;
}
