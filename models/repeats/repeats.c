/* SPDX-License-Identifier: GPL-3.0-or-later
 * Repeated scans of one setting: aligned, cleared of outliers, compared.
 */
#include "models/repeats/inside.h"

#include "base/array.h"
#include "base/median.h"
#include "base/parallel.h"
#include "models/fit/deviance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 3 };
static const double telling_mu = 5.0; /* from it on squares of residuals tell of a dispersion */
static const double median_square = 0.4549364; /* of a normal variable */
static const double sure = 5.0; /* over sqrt(n): two standard errors of a variance by the median */

/* ---- one analyzer ---------------------------------------------------------------------------- */

static void dispose(struct ixs_repeats_space *space)
{
    ixs_freeform_dispose(&space->form);
    free(space->energy);
    free(space->scale);
    *space = (struct ixs_repeats_space){0};
}

static bool make(struct ixs_repeats_space *out, const struct ixs_repeats *repeats,
                 struct ixs_repeats_series *series, struct ixs_err *err)
{
    double lo = INFINITY, hi = -INFINITY, *room = NULL;
    size_t n = series->n;
    for (size_t i = 0; i < n; i++) {
        lo = fmin(lo, series->energy[i]);
        hi = fmax(hi, series->energy[i]);
    }
    *out = (struct ixs_repeats_space){.all = repeats, .series = series, .dispersion = 1.0};
    if (!IXS_NEW(out->scale, 2 * repeats->nscans, err) || !IXS_NEW(room, 8 * n, err))
        return false;
    out->own = out->scale + repeats->nscans;
    out->energy = room;
    out->exposure = room + n;
    out->mu = room + 2 * n;
    out->slope = room + 3 * n;
    out->spread = room + 4 * n;
    out->extra = room + 5 * n;
    out->weight = room + 6 * n;
    out->room = room + 7 * n;
    double reach = n > 0 ? 2.0 * repeats->most_shift : 0.0;
    return ixs_freeform_make(&out->form, n > 0 ? lo - reach : 0.0, n > 0 ? hi + reach : 1.0,
                             series->fwhm, err);
}

static void place(struct ixs_repeats_space *space)
{
    const struct ixs_repeats_series *series = space->series;
    for (size_t i = 0; i < series->n; i++) {
        size_t s = series->scan[i];
        space->energy[i] = series->energy[i] - space->all->shift[s] - space->own[s];
        space->exposure[i] = series->exposure[i] * exp(space->scale[s]);
    }
}

static void fit_form(struct ixs_repeats_space *space)
{
    const struct ixs_repeats_series *series = space->series;
    ixs_freeform_fit(&space->form,
                     &(struct ixs_freeform_points){series->n, space->energy, series->counts,
                                                   space->exposure, series->dark, space->weight});
}

static void evaluate(struct ixs_repeats_space *space)
{
    const struct ixs_repeats_series *series = space->series;
    for (size_t i = 0; i < series->n; i++) {
        struct ixs_freeform_rate at;
        double m = space->exposure[i];
        ixs_freeform_at(&space->form, space->energy[i], &at);
        space->mu[i] = fmax(m * at.rate + series->dark[i], 1e-9);
        space->slope[i] = m * at.slope;
        space->spread[i] = m * m * at.variance;
        space->extra[i] = pow(series->noise[i] * m * at.rate, 2.0) +
                          pow(space->all->jitter * space->slope[i], 2.0);
    }
}

/* Where residuals are larger than all that is known of them, for certain: by the median of their
 * squares, which outliers do not move. */
static double find_dispersion(const struct ixs_repeats_space *space)
{
    size_t n = 0;
    for (size_t i = 0; i < space->series->n; i++) {
        double mu, variance;
        if (space->weight[i] == 0.0 || space->mu[i] < telling_mu)
            continue;
        ixs_repeats_without(space, i, &mu, &variance);
        space->room[n++] = pow(space->series->counts[i] - mu, 2.0) / (mu + variance);
    }
    double ratio = ixs_median(n, space->room) / median_square;
    return n > 0 ? fmax(1.0, ratio * (1.0 - sure / sqrt((double)n))) : 1.0;
}

void ixs_repeats_fit_first(struct ixs_repeats_space *space, size_t scan)
{
    place(space);
    for (size_t i = 0; i < space->series->n; i++)
        space->weight[i] =
            space->series->scan[i] < scan && space->series->mark[i] == IXS_REPEATS_GOOD;
    fit_form(space);
}

void ixs_repeats_fit(struct ixs_repeats_space *space)
{
    place(space);
    for (size_t i = 0; i < space->series->n; i++) {
        uint8_t mark = space->series->mark[i];
        bool used = mark == IXS_REPEATS_GOOD || mark > IXS_REPEATS_LOST;
        double known = space->mu[i] > 0.0 ? space->mu[i] / (space->mu[i] + space->extra[i]) : 1.0;
        space->weight[i] = used ? known : 0.0;
    }
    fit_form(space);
    evaluate(space);
    space->dispersion = find_dispersion(space);
}

/* ---- all of them ----------------------------------------------------------------------------- */

static size_t count_marks(const struct ixs_repeats *repeats)
{
    size_t sum = 0, passed = 0;
    for (size_t a = 0; a < repeats->nseries; a++)
        for (size_t i = 0; i < repeats->series[a].n; i++) /* which ones, too */
            sum += ++passed * (repeats->series[a].mark[i] + 1u);
    return sum;
}

struct each { /* what threads share */
    struct ixs_repeats_space *spaces;
    void (*treat)(struct ixs_repeats_space *);
};

static bool treat_one(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    const struct each *each = context;
    (void)worker;
    (void)err;
    each->treat(&each->spaces[index]);
    return true;
}

bool ixs_repeats_each(const struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                      void (*treat)(struct ixs_repeats_space *), struct ixs_err *err)
{
    struct each each = {spaces, treat};
    return ixs_parallel(repeats->nseries, repeats->threads, treat_one, &each, err);
}

static bool mark_all(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                     struct ixs_repeats_row *rows, struct ixs_err *err)
{
    bool again = !repeats->all_points;
    for (size_t a = 0; a < repeats->nseries; a++)
        memset(repeats->series[a].mark, IXS_REPEATS_GOOD, repeats->series[a].n);
    for (int pass = 0; pass < 2 && again; pass++) {
        if (!ixs_repeats_each(repeats, spaces, ixs_repeats_outliers, err) ||
            !ixs_repeats_rows(repeats, spaces, rows, &again, err))
            return false;
    }
    ixs_repeats_forgive(repeats, rows);
    return true;
}

static bool compare(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                    struct ixs_repeats_row *rows, struct ixs_err *err)
{
    size_t before, now = count_marks(repeats);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        if (repeats->nscans > 1 && !ixs_repeats_align(repeats, spaces, round == 0, err))
            return false;
        before = now;
        if (!mark_all(repeats, spaces, rows, err))
            return false;
        now = count_marks(repeats);
        if (now == before)
            break;
    }
    return true;
}

static void agree(struct ixs_repeats_space *space)
{
    struct ixs_repeats_series *series = space->series;
    for (size_t s = 0; s < space->all->nscans; s++) {
        struct ixs_repeats_agreement *out = &series->agreement[s];
        double fitted = 0.0;
        out->deviance = 0.0;
        out->used = 0;
        for (size_t i = 0; i < series->n; i++) {
            if (series->scan[i] != s || space->weight[i] == 0.0)
                continue;
            out->deviance += space->weight[i] * ixs_deviance_point(series->counts[i], space->mu[i]);
            fitted += space->weight[i] * space->spread[i] / space->mu[i];
            space->room[out->used++] = space->mu[i];
        }
        out->dof = (double)out->used - fitted;
        struct ixs_deviance_moments sum =
            ixs_deviance_sum(NULL, out->used, space->room, NULL, NULL);
        struct ixs_deviance_fitted own = {.leverage = fitted};
        out->p_value = ixs_deviance_chance(out->used, &sum, &own, out->deviance);
    }
}

static void foretell(struct ixs_repeats_space *space)
{
    for (size_t i = 0; i < space->series->n; i++) {
        double variance;
        space->series->foretold[i] = space->mu[i];
        if (space->weight[i] > 0.0)
            ixs_repeats_without(space, i, &space->series->foretold[i], &variance);
    }
}

static void begin(struct ixs_repeats *repeats)
{
    const struct ixs_repeats_agreement none = {.scale = NAN, .scale_err = NAN};
    repeats->drift = 1.0;
    for (size_t s = 0; s < repeats->nscans; s++) {
        repeats->shift[s] = 0.0;
        repeats->shift_err[s] = repeats->prior[s];
    }
    for (size_t a = 0; a < repeats->nseries; a++) {
        memset(repeats->series[a].mark, 0, repeats->series[a].n);
        for (size_t s = 0; s < repeats->nscans; s++)
            repeats->series[a].agreement[s] = none;
    }
}

bool ixs_repeats_join(struct ixs_repeats *repeats, struct ixs_err *err)
{
    struct ixs_repeats_space *spaces = NULL;
    struct ixs_repeats_row *rows = NULL;
    begin(repeats);
    bool ok = IXS_NEW(spaces, repeats->nseries, err) && IXS_NEW(rows, repeats->nrows, err);
    for (size_t a = 0; ok && a < repeats->nseries; a++)
        ok = make(&spaces[a], repeats, &repeats->series[a], err);
    ok = ok && compare(repeats, spaces, rows, err) &&
         ixs_repeats_each(repeats, spaces, ixs_repeats_fit, err);
    for (size_t a = 0; ok && a < repeats->nseries; a++) {
        foretell(&spaces[a]);
        agree(&spaces[a]);
    }
    for (size_t a = 0; spaces != NULL && a < repeats->nseries; a++)
        dispose(&spaces[a]);
    free(spaces);
    free(rows);
    return ok;
}
