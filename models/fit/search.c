/* SPDX-License-Identifier: GPL-3.0-or-later
 * The way to the best fit with 0, 1, 2 .. modes. The two best states with n modes each get a
 * further one at the places of highest score, or one of their modes split in two; after a few cheap
 * steps from all of these starts the two best are polished. Where the zero is not known, the way is
 * gone in haste from each candidate zero first, and with care from the three best.
 */
#include "models/fit/fit_inside.h"
#include "models/evidence/select.h"

#include <math.h>
#include <string.h>

enum {
    KEPT = IXS_FIT_KEPT,
    PLACES = 3,
    MOST_TRIES = KEPT * (PLACES + IXS_MODEL_MOST_MODES),
    ZEROS = 3
};

struct effort { /* how much work a way may cost */
    size_t kept, places, first_steps, steps;
    double tolerance;
};
static const struct effort careful = {KEPT, PLACES, 8, 100, 1e-5};
static const struct effort hasty = {1, 2, 5, 10, 1e-1};

static const double unlikely = 1e-3; /* p value below which a minimum is looked at again */

struct shortlist { /* best first */
    size_t n;
    struct ixs_fit_state states[MOST_TRIES];
};

static void keep(struct shortlist *list, const struct ixs_fit_state *state)
{
    size_t k = list->n;
    if (list->n == MOST_TRIES)
        return;
    for (; k > 0 && list->states[k - 1].objective > state->objective; k--)
        list->states[k] = list->states[k - 1];
    list->states[k] = *state;
    list->n++;
}

/* Drops states that have come to the same place, and all beyond the first `most`. */
static void thin_out(struct shortlist *list, size_t most)
{
    size_t n = 0;
    for (size_t k = 0; k < list->n && n < most; k++)
        if (n == 0 || list->states[k].objective > list->states[n - 1].objective + 1e-2)
            list->states[n++] = list->states[k];
    list->n = n;
}

static void try_state(struct ixs_fit_space *space, const struct effort *effort,
                      struct ixs_fit_state *state, struct shortlist *list)
{
    ixs_fit_improve_areas(space, state, 2);
    ixs_fit_improve(space, state, effort->first_steps, 0.1);
    keep(list, state);
}

static void add_modes(struct ixs_fit_space *space, const struct effort *effort,
                      const struct ixs_fit_state *from, struct shortlist *list)
{
    struct ixs_start_place places[PLACES];
    size_t first = space->model.first_mode;
    const double range[2] = {space->lower[first], space->upper[first]};
    ixs_model_set_modes(&space->model, from->nmodes);
    ixs_fit_evaluate(space, from->parameters, space->mu, NULL);
    size_t n = ixs_start_places(space->start, &space->model, from->parameters[IXS_MODEL_ZERO],
                                space->mu, range, effort->places, places);
    for (size_t k = 0; k < n; k++) {
        struct ixs_fit_state state = *from;
        double *mode = state.parameters + first + IXS_MODEL_PER_MODE * state.nmodes++;
        mode[0] = places[k].omega0;
        mode[1] = places[k].fwhm;
        mode[2] = places[k].strength;
        try_state(space, effort, &state, list);
    }
}

/* A mode that is not a delta line may be two, at least as narrow and no farther apart than it is
 * broad. */
static void split_modes(struct ixs_fit_space *space, const struct effort *effort,
                        const struct ixs_fit_state *from, struct shortlist *list)
{
    for (size_t k = 0; k < from->nmodes; k++) {
        struct ixs_fit_state state = *from;
        double *one = state.parameters + space->model.first_mode + IXS_MODEL_PER_MODE * k;
        double *two =
            state.parameters + space->model.first_mode + IXS_MODEL_PER_MODE * state.nmodes++;
        double apart = fmin(0.3 * (one[1] + space->fwhm), one[1]);
        if (one[1] < 0.1 * space->fwhm)
            continue;
        two[0] = one[0] + apart;
        one[0] = fmax(one[0] - apart, 0.5 * one[0]);
        one[1] = two[1] = 0.5 * one[1];
        one[2] = two[2] = 0.5 * one[2];
        try_state(space, effort, &state, list);
    }
}

static void polish(struct ixs_fit_space *space, const struct effort *effort, struct shortlist *list)
{
    struct shortlist done = {0};
    thin_out(list, effort->kept);
    for (size_t k = 0; k < list->n; k++) {
        ixs_fit_improve(space, &list->states[k], effort->steps, effort->tolerance);
        keep(&done, &list->states[k]);
    }
    thin_out(&done, effort->kept);
    memcpy(list->states, done.states, done.n * sizeof *done.states);
    list->n = done.n;
}

double ixs_fit_cost(const struct ixs_fit_space *space, size_t nmodes, double objective)
{
    size_t n = space->ndata, p = ixs_fit_counted(space, nmodes);
    double aicc = ixs_select_aicc(objective, n, p);
    double places = (space->upper[IXS_MODEL_ZERO] - space->lower[IXS_MODEL_ZERO]) / space->fwhm;
    switch (space->task->choice) {
    case IXS_FIT_BY_AICC:
        return aicc;
    case IXS_FIT_BY_BIC:
        return ixs_select_bic(objective, n, p);
    default: /* the evidence is close to it */
        return ixs_select_cost(aicc, nmodes, places);
    }
}

static double cost(const struct ixs_fit_space *space, const struct ixs_fit_state *state)
{
    return ixs_fit_cost(space, state->nmodes, state->objective);
}

static void first_state(struct ixs_fit_space *space, double zero, struct shortlist *list)
{
    struct ixs_fit_state state = {.parameters = {[IXS_MODEL_ZERO] = zero}};
    ixs_model_set_modes(&space->model, 0);
    ixs_start_first(&space->model, zero, &state.parameters[IXS_MODEL_ELASTIC],
                    &state.parameters[IXS_MODEL_BACKGROUND]);
    ixs_fit_cell_start(space, state.parameters);
    if (space->model.form.quasielastic) /* told from the elastic line where it is wider */
        state.parameters[space->model.first_quasielastic + 1] = space->fwhm;
    ixs_fit_improve_areas(space, &state, 4);
    list->n = 0;
    keep(list, &state);
}

/* The two best that are not the same, of all ways that were gone. */
static void note_best(const struct shortlist *list, struct ixs_fit_found *found)
{
    struct shortlist all = *list;
    for (size_t k = 0; k < found->n; k++)
        keep(&all, &found->states[k]);
    thin_out(&all, KEPT);
    found->n = all.n;
    memcpy(found->states, all.states, all.n * sizeof *all.states);
}

/* From one zero upwards in the number of modes. Without modes a free zero would go to the highest
 * peak: such a state is noted, but the way does not go on from it. */
static size_t go(struct ixs_fit_space *space, const struct effort *effort, double zero, size_t most,
                 bool choose, struct ixs_fit_found *best)
{
    struct shortlist now = {0};
    double least = INFINITY;
    size_t level = 0, misses = 0;
    first_state(space, zero, &now);
    for (;; level++) {
        if (level > 0)
            polish(space, effort, &now);
        struct shortlist next = now;
        if (level == 0 && (most == 0 || choose))
            polish(space, effort, &next);
        note_best(&next, &best[level]);
        double price = next.n > 0 ? cost(space, &next.states[0]) : INFINITY;
        misses = price < least ? 0 : misses + 1;
        least = fmin(least, price);
        if (level == most || now.n == 0 || (choose && misses == 2))
            return level;
        next.n = 0;
        for (size_t k = 0; k < now.n; k++) {
            add_modes(space, effort, &now.states[k], &next);
            split_modes(space, effort, &now.states[k], &next);
        }
        now = next;
    }
}

/* What a hasty way from this zero comes to: with as many modes as are given, else with at most two,
 * for the strongest pairs of lines tell the zero. */
static double promise(struct ixs_fit_space *space, double zero, size_t most, bool choose)
{
    struct ixs_fit_found best[IXS_MODEL_MOST_MODES + 1] = {0};
    double least = INFINITY;
    most = choose && most > 2 ? 2 : most;
    size_t reached = go(space, &hasty, zero, most, choose, best);
    for (size_t n = choose ? 0 : most; n <= reached; n++)
        if (best[n].n > 0) {
            const struct ixs_fit_state *state = &best[n].states[0];
            least = fmin(least, choose ? cost(space, state) : state->objective);
        }
    return least;
}

static size_t promising_zeros(struct ixs_fit_space *space, size_t most, bool choose,
                              double chosen[ZEROS])
{
    double zeros[IXS_START_MOST + 1], promises[ZEROS];
    const double range[2] = {space->lower[IXS_MODEL_ZERO], space->upper[IXS_MODEL_ZERO]};
    size_t found = 0, n = ixs_start_zeros(space->start, &space->model, range, zeros);
    if (space->prior_sigma[IXS_MODEL_ZERO] > 0.0) /* no peak need be there */
        zeros[n++] = space->prior_mean[IXS_MODEL_ZERO];
    for (size_t k = 0; k < n; k++) {
        double value = promise(space, zeros[k], most, choose);
        size_t at = found;
        if (found == ZEROS && !(value < promises[ZEROS - 1]))
            continue;
        if (found < ZEROS)
            found++;
        else
            at = ZEROS - 1;
        for (; at > 0 && promises[at - 1] > value; at--) {
            promises[at] = promises[at - 1];
            chosen[at] = chosen[at - 1];
        }
        promises[at] = value;
        chosen[at] = zeros[k];
    }
    return found;
}

void ixs_fit_search(struct ixs_fit_space *space, size_t most, bool choose,
                    struct ixs_fit_found best[IXS_MODEL_MOST_MODES + 1], size_t *reached)
{
    double zeros[ZEROS] = {space->task->zero};
    double zero_err = space->task->zero_err;
    bool known = zero_err >= 0.0 && zero_err < 0.5 * space->fwhm;
    ixs_start_prepare(space->start, &space->model, space->fwhm);
    size_t n = known ? 1 : promising_zeros(space, most, choose, zeros);
    memset(best, 0, (IXS_MODEL_MOST_MODES + 1) * sizeof *best);
    *reached = 0;
    for (size_t k = 0; k < n; k++) {
        size_t level = go(space, &careful, zeros[k], most, choose, best);
        *reached = level > *reached ? level : *reached;
    }
}

static bool lost(const struct ixs_fit_space *space, const double *mode)
{
    return !(mode[2] > 0.0) || mode[1] >= space->upper[space->model.first_mode + 1];
}

/* A minimum that may be a wrong one. */
static bool suspect(const struct ixs_fit_space *space, const struct ixs_fit_state *state)
{
    const double *modes = state->parameters + space->model.first_mode;
    bool any = !state->converged ||
               ixs_fit_unlikely(space, space->model.nparameters, state->deviance, unlikely);
    for (size_t k = 0; k < state->nmodes; k++) {
        any = any || lost(space, modes + IXS_MODEL_PER_MODE * k);
        for (size_t l = 0; l < k; l++)
            any = any || fabs(modes[IXS_MODEL_PER_MODE * k] - modes[IXS_MODEL_PER_MODE * l]) <
                             0.5 * space->fwhm;
    }
    return any;
}

static struct ixs_fit_state without(const struct ixs_fit_space *space,
                                    const struct ixs_fit_state *state, size_t k)
{
    struct ixs_fit_state rest = *state;
    double *mode = rest.parameters + space->model.first_mode + IXS_MODEL_PER_MODE * k;
    rest.nmodes--;
    memmove(mode, mode + IXS_MODEL_PER_MODE, IXS_MODEL_PER_MODE * (rest.nmodes - k) * sizeof *mode);
    return rest;
}

/* The best of all states with one mode taken away and put where the data ask for one. */
static bool move_a_mode(struct ixs_fit_space *space, struct ixs_fit_state *state)
{
    struct shortlist list = {0};
    for (size_t k = 0; k < state->nmodes; k++) {
        struct ixs_fit_state rest = without(space, state, k);
        ixs_fit_improve_areas(space, &rest, 2);
        ixs_fit_improve(space, &rest, 8, 0.1);
        add_modes(space, &careful, &rest, &list);
    }
    polish(space, &careful, &list);
    if (list.n == 0 || !(list.states[0].objective < state->objective - 1e-3))
        return false;
    *state = list.states[0];
    return true;
}

void ixs_fit_from_start(struct ixs_fit_space *space, struct ixs_fit_state *state)
{
    for (size_t k = 0; k < space->model.nparameters; k++)
        state->parameters[k] = fmin(fmax(state->parameters[k], space->lower[k]), space->upper[k]);
    ixs_fit_improve_areas(space, state, 1);
    ixs_fit_finish(space, state);
    if (state->nmodes == 0 || space->task->keep_order || !suspect(space, state))
        return;
    ixs_start_prepare(space->start, &space->model, space->fwhm);
    for (size_t round = 0; round < state->nmodes && move_a_mode(space, state); round++) {
    }
    ixs_fit_finish(space, state);
}
