/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points that do not belong: each is compared with what all the others foretell, the most
 * surprising first, so that a spike does not make outliers of its neighbours. What looks odd is
 * decided on by a fit without it.
 */
#include "models/repeats/inside.h"

#include "models/numerics/surprise.h"

#include <math.h>
#include <string.h>

static const double look = 2.5;           /* standard errors: worth a fit without it */
static const double most_leverage = 0.98; /* above it nothing else tells of a point */
static const double lost_share = 0.8;     /* of the counts that are expected, at most */
static const double marked_share = 0.5;   /* of the points; then it is no matter of outliers */
enum { MANY_MARKS = 3 };                  /* of a scan, high and low: it is another spectrum */
enum { FEWEST_SERIES = 3 };

enum { LOOKED_AT = 0x80 }; /* beside the mark, while they are looked for */

void ixs_repeats_without(const struct ixs_repeats_space *space, size_t i, double *mu,
                         double *variance)
{
    double own = space->weight[i] * space->spread[i] / space->mu[i];
    double leverage = fmin(own, most_leverage), dark = space->series->dark[i];
    double without =
        space->mu[i] - leverage / (1.0 - leverage) * (space->series->counts[i] - space->mu[i]);
    *mu = fmax(without, fmax(dark, 1e-3 * space->mu[i]));
    *variance = space->spread[i] / (1.0 - leverage) + space->extra[i];
}

/* Chance of the counts of point i over the limit for such: below 1 it is an outlier. */
static double oddity(const struct ixs_repeats_space *space, size_t i, double mu, double variance,
                     enum ixs_repeats_mark *side)
{
    double counts = space->series->counts[i];
    double spread = variance + (space->dispersion - 1.0) * mu;
    double half = 0.5 * spread / mu; /* a count where it is told, as Jeffreys' prior adds */
    spread += half * spread / mu;
    mu += half;
    double high = ixs_surprise_high(counts, mu, spread) / space->all->high;
    double low = ixs_surprise_low(counts, mu, spread) / space->all->low;
    *side = high < low ? IXS_REPEATS_HIGH : IXS_REPEATS_LOW;
    return fmin(high, low);
}

/* Of point i against the fit with it: studentized. */
static double residual(const struct ixs_repeats_space *space, size_t i)
{
    double mu = space->mu[i], own = space->weight[i] * space->spread[i] / mu;
    double variance = space->dispersion * mu * (1.0 - fmin(own, most_leverage)) + space->extra[i];
    return fabs(space->series->counts[i] - mu) / sqrt(variance);
}

/* The oddest point not looked at yet; n: none is worth it. */
static size_t oddest(const struct ixs_repeats_space *space)
{
    const struct ixs_repeats_series *series = space->series;
    double most = look;
    size_t found = series->n;
    for (size_t i = 0; i < series->n; i++) {
        double odd = series->mark[i] == IXS_REPEATS_GOOD ? residual(space, i) : 0.0;
        if (odd > most) {
            most = odd;
            found = i;
        }
    }
    return found;
}

/* Marks point i if a fit without it says so. */
static bool decide(struct ixs_repeats_space *space, size_t i)
{
    enum ixs_repeats_mark side;
    space->series->mark[i] = IXS_REPEATS_HIGH;
    ixs_repeats_fit(space);
    double odd = oddity(space, i, space->mu[i], space->spread[i] + space->extra[i], &side);
    space->series->mark[i] = (uint8_t)(odd < 1.0 ? side : LOOKED_AT);
    return odd < 1.0;
}

/* A neighbour gone, what was passed may stand out. */
static void look_again(struct ixs_repeats_series *series, size_t marked)
{
    for (size_t i = 0; i < series->n; i++)
        if (series->mark[i] == LOOKED_AT &&
            fabs(series->energy[i] - series->energy[marked]) < 2.0 * series->fwhm)
            series->mark[i] = IXS_REPEATS_GOOD;
}

/* What seemed odd beside a spike that is now gone comes back. */
static void take_back(struct ixs_repeats_space *space)
{
    struct ixs_repeats_series *series = space->series;
    for (size_t i = 0; i < series->n; i++) {
        enum ixs_repeats_mark side;
        bool marked = series->mark[i] == IXS_REPEATS_HIGH || series->mark[i] == IXS_REPEATS_LOW;
        double variance = space->spread[i] + space->extra[i];
        if (marked && oddity(space, i, space->mu[i], variance, &side) >= 1.0)
            series->mark[i] = IXS_REPEATS_GOOD;
    }
}

static size_t count_high(const struct ixs_repeats_series *series, size_t scan)
{
    size_t high = 0;
    for (size_t i = 0; i < series->n; i++)
        high += series->scan[i] == scan && series->mark[i] == IXS_REPEATS_HIGH;
    return high;
}

/* Spikes are high and lost beam is low; a scan that is both, several times, differs as a whole.
 * What is odd in it cannot be told point by point. */
static void forgive(struct ixs_repeats_series *series, size_t scan)
{
    size_t high = count_high(series, scan), low = 0;
    for (size_t i = 0; i < series->n; i++)
        low += series->scan[i] == scan && series->mark[i] == IXS_REPEATS_LOW;
    bool other = high >= MANY_MARKS && low >= MANY_MARKS;
    for (size_t i = 0; other && i < series->n; i++)
        if (series->scan[i] == scan && series->mark[i] != IXS_REPEATS_LOST)
            series->mark[i] = IXS_REPEATS_GOOD;
}

void ixs_repeats_outliers(struct ixs_repeats_space *space)
{
    struct ixs_repeats_series *series = space->series;
    size_t count = 0, most = (size_t)(marked_share * (double)series->n);
    for (size_t i = 0; i < series->n; i++)
        if (series->mark[i] != IXS_REPEATS_LOST)
            series->mark[i] = IXS_REPEATS_GOOD;
    ixs_repeats_fit(space);
    for (size_t i; count < most && (i = oddest(space)) < series->n;) {
        bool marked = decide(space, i);
        count += marked;
        if (marked)
            look_again(series, i);
    }
    for (size_t i = 0; i < series->n; i++)
        if (series->mark[i] == LOOKED_AT)
            series->mark[i] = IXS_REPEATS_GOOD;
    ixs_repeats_fit(space);
    take_back(space);
    for (size_t s = 0; s < space->all->nscans && space->all->nscans > 1; s++)
        forgive(series, s);
    ixs_repeats_fit(space);
}

/* Rows of a scan at which several analyzers have a spike: that is no matter of detectors. */
static size_t count_rows(const struct ixs_repeats *repeats, struct ixs_repeats_row *rows,
                         size_t scan)
{
    size_t count = 0;
    memset(rows, 0, repeats->nrows * sizeof *rows);
    for (size_t a = 0; a < repeats->nseries; a++) {
        const struct ixs_repeats_series *series = &repeats->series[a];
        for (size_t i = 0; i < series->n; i++)
            if (series->scan[i] == scan && series->mark[i] == IXS_REPEATS_HIGH)
                count += ++rows[series->row[i]].nseries == FEWEST_SERIES;
    }
    return count;
}

/* A scan that has many such is shifted, or of something else. */
void ixs_repeats_forgive(struct ixs_repeats *repeats, struct ixs_repeats_row *rows)
{
    for (size_t s = 0; s < repeats->nscans && repeats->nscans > 1; s++) {
        if (count_rows(repeats, rows, s) < MANY_MARKS)
            continue;
        for (size_t a = 0; a < repeats->nseries; a++)
            for (size_t i = 0; i < repeats->series[a].n; i++)
                if (repeats->series[a].scan[i] == s)
                    repeats->series[a].mark[i] = IXS_REPEATS_GOOD;
    }
}

/* ---- all analyzers at once ------------------------------------------------------------------- */

static void add_points(struct ixs_repeats_row *rows, const struct ixs_repeats_space *space)
{
    const struct ixs_repeats_series *series = space->series;
    for (size_t i = 0; i < series->n; i++) {
        struct ixs_repeats_row *row = &rows[series->row[i]];
        double mu, variance;
        if (series->mark[i] != IXS_REPEATS_GOOD && series->mark[i] != IXS_REPEATS_LOW)
            continue;
        ixs_repeats_without(space, i, &mu, &variance);
        if (mu - series->counts[i] > row->worst_mu - row->worst_counts) {
            row->worst_mu = mu;
            row->worst_counts = series->counts[i];
        }
        row->counts += series->counts[i];
        row->mu += mu;
        row->variance += variance + (space->dispersion - 1.0) * mu;
        row->jitter += space->all->jitter * space->slope[i];
        row->noise = fmax(row->noise, series->noise[i]);
        row->nseries++;
    }
}

static bool lacks(const struct ixs_repeats_row *row, double counts, double mu, double chance)
{
    double share = mu / row->mu; /* of what the row has in common: monitor and jitter */
    double variance =
        share * row->variance + pow(row->noise * mu, 2.0) + pow(share * row->jitter, 2.0);
    return counts < lost_share * mu && ixs_surprise_low(counts, mu, variance) < chance;
}

/* All together lack counts, and still so without the one that lacks most. */
static bool is_lost(const struct ixs_repeats_row *row, const struct ixs_repeats *repeats)
{
    double counts = row->counts - row->worst_counts, mu = row->mu - row->worst_mu;
    return row->nseries >= FEWEST_SERIES && mu > 0.0 &&
           lacks(row, row->counts, row->mu, repeats->lost) &&
           lacks(row, counts, mu, sqrt(repeats->lost));
}

static bool mark_rows(const struct ixs_repeats *repeats, struct ixs_repeats_series *series,
                      const struct ixs_repeats_row *rows)
{
    bool any = false;
    for (size_t i = 0; i < series->n; i++)
        if ((series->mark[i] == IXS_REPEATS_GOOD || series->mark[i] == IXS_REPEATS_LOW) &&
            is_lost(&rows[series->row[i]], repeats)) {
            series->mark[i] = IXS_REPEATS_LOST;
            any = true;
        }
    return any;
}

bool ixs_repeats_rows(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                      struct ixs_repeats_row *rows, bool *found, struct ixs_err *err)
{
    bool any = repeats->lost > 0.0 && repeats->nseries >= FEWEST_SERIES;
    *found = false;
    while (any) {
        memset(rows, 0, repeats->nrows * sizeof *rows);
        if (!ixs_repeats_each(repeats, spaces, ixs_repeats_fit, err))
            return false;
        for (size_t a = 0; a < repeats->nseries; a++)
            add_points(rows, &spaces[a]);
        any = false;
        for (size_t a = 0; a < repeats->nseries; a++)
            any = mark_rows(repeats, &repeats->series[a], rows) || any;
        *found = *found || any;
    }
    return true;
}
