/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stepping stones: Z = Prod_k <L^(beta_k+1 - beta_k)> over the ensembles of a ladder.
 */
#include "models/evidence/sample_inside.h"

#include "base/array.h"
#include "models/numerics/chance.h"

#include <math.h>
#include <stdlib.h>

enum { RUNGS = 28, PARTS = 4 };
static const double crowding = 4.0; /* of the rungs near the prior */

static double beta_of(size_t rung)
{
    return pow((double)rung / (RUNGS - 1), crowding);
}

struct stone { /* a mean of exp, safe against overflow */
    double most, sum, n;
};

static void add(struct stone *stone, double log_value)
{
    if (log_value > stone->most) {
        stone->sum *= exp(stone->most - log_value);
        stone->most = log_value;
    }
    stone->sum += exp(log_value - stone->most);
    stone->n += 1.0;
}

static double log_mean(const struct stone *stone)
{
    return stone->most + log(stone->sum / stone->n);
}

static void climb(struct ixs_ensemble *ladder, size_t steps, struct stone *stones)
{
    for (size_t s = 0; s < steps; s++) {
        for (size_t r = 0; r < RUNGS; r++)
            ixs_ensemble_step(&ladder[r]);
        for (size_t r = RUNGS - 1; r > 0; r--)
            ixs_ensemble_swap(&ladder[r], &ladder[r - 1]);
        for (size_t r = 0; stones != NULL && r + 1 < RUNGS; r++)
            for (size_t w = 0; w < ladder[r].n; w++)
                add(&stones[r],
                    (ladder[r + 1].beta - ladder[r].beta) * ladder[r].walkers[w].likelihood);
    }
}

static void estimate(struct ixs_ensemble *ladder, size_t steps, double *evidence, double *error)
{
    double parts[PARTS], mean = 0.0, square = 0.0;
    climb(ladder, steps / 2, NULL);
    for (int k = 0; k < PARTS; k++) {
        struct stone stones[RUNGS];
        for (size_t r = 0; r < RUNGS; r++)
            stones[r] = (struct stone){-INFINITY, 0.0, 0.0};
        climb(ladder, steps / PARTS, stones);
        parts[k] = 0.0;
        for (size_t r = 0; r + 1 < RUNGS; r++)
            parts[k] += log_mean(&stones[r]);
        mean += parts[k] / PARTS;
    }
    for (int k = 0; k < PARTS; k++)
        square += (parts[k] - mean) * (parts[k] - mean);
    *evidence = mean;
    *error = sqrt(square / (PARTS * (PARTS - 1.0)));
}

// NOLINTNEXTLINE(readability-function-size): two results, a fit as it was made, steps and a seed
bool ixs_sample_evidence(double *evidence, double *error, struct ixs_fit_space *space,
                         const struct ixs_fit_task *task, const struct ixs_fit_answer *answer,
                         size_t steps, uint64_t seed, struct ixs_err *err)
{
    struct ixs_fit_task given = *task;
    struct ixs_ensemble *ladder = NULL;
    given.nmodes = (int)answer->nmodes;
    given.start = NULL;
    ixs_fit_cell_begin(space, &given);
    ixs_fit_prepare(space, &given);
    bool ok = IXS_NEW(ladder, RUNGS, err);
    for (size_t r = 0; ok && r < RUNGS; r++) {
        ok = ixs_ensemble_make(&ladder[r], space, beta_of(r), ixs_chance_state(seed, r), err);
        ladder[r].visible = true;
        if (ok && beta_of(r) < 0.1)
            ixs_ensemble_by_prior(&ladder[r]);
        else if (ok)
            ixs_ensemble_about(&ladder[r], answer);
    }
    if (ok)
        estimate(ladder, steps, evidence, error);
    for (size_t r = 0; ladder != NULL && r < RUNGS; r++)
        ixs_ensemble_dispose(&ladder[r]);
    free(ladder);
    return ok;
}
