/* SPDX-License-Identifier: GPL-3.0-or-later
 * One lot of scans laid out for models/repeats/repeats.h, and what came of it brought back.
 */
#include "calib/merge/parts.h"

#include "base/array.h"
#include "base/median.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_own = 0.005;   /* meV; few scans find no drift at all */
static const double usual_own = 0.03;    /* meV; HERIX 30-ID: up to 0.05 between repeats */
static const double usual_jitter = 0.02; /* meV; HERIX 30-ID: 0.015 to 0.02 (docs/merging.md) */

struct lot { /* owns its arrays */
    struct ixs_merging *merging;
    size_t name;       /* its first scan */
    size_t *place;     /* [merging->nscans] of a scan within the lot */
    size_t *first_row; /* [merging->nscans] row of its first point */
    struct ixs_repeats repeats;
    struct ixs_repeats_series *series; /* [groups of the lot] */
    size_t *groups;                    /* [series] */
    double *numbers;                   /* six columns of all points, then three of all scans */
    size_t *integers;
    uint8_t *marks;
    struct ixs_repeats_agreement *agreement; /* [series][scans] */
};

static bool belongs(const struct lot *lot, const struct ixs_merge_member *member)
{
    return !member->repeated && lot->merging->scans[member->scan].lot == lot->name;
}

static bool compared(const struct ixs_merge_member *member)
{
    return strcmp(member->row->statist, "POISSON") == 0;
}

static bool usable(const struct ixs_point *point)
{
    return !ixs_flags_bar(point->flags) && isfinite(point->energy) && point->counts >= 0.0 &&
           point->exposure > 0.0 && point->dark >= 0.0;
}

/* The error of a scan's zero: the median of its analyzers', where it is known. */
static bool find_prior(struct lot *lot, size_t scan, struct ixs_err *err)
{
    const struct ixs_merging *merging = lot->merging;
    double *room = NULL;
    size_t n = 0;
    if (!IXS_NEW(room, merging->nmembers, err))
        return false;
    for (size_t i = 0; i < merging->nmembers; i++)
        if (merging->members[i].scan == scan && isfinite(merging->members[i].row->zero_err))
            room[n++] = merging->members[i].row->zero_err;
    lot->merging->scans[scan].prior = ixs_median(n, room);
    free(room);
    return true;
}

static bool number_scans(struct lot *lot, struct ixs_err *err)
{
    const struct ixs_merging *merging = lot->merging;
    bool ok =
        IXS_NEW(lot->place, merging->nscans, err) && IXS_NEW(lot->first_row, merging->nscans, err);
    for (size_t s = 0; ok && s < merging->nscans; s++) {
        size_t rows = 0;
        if (merging->scans[s].lot != lot->name)
            continue;
        lot->place[s] = lot->repeats.nscans++;
        lot->first_row[s] = lot->repeats.nrows;
        for (size_t i = 0; i < merging->nmembers; i++)
            if (merging->members[i].scan == s && merging->members[i].npoints > rows)
                rows = merging->members[i].npoints;
        lot->repeats.nrows += rows;
        ok = find_prior(lot, s, err);
    }
    return ok;
}

static void place_columns(struct ixs_repeats_series *series, const struct lot *lot, size_t npoints,
                          size_t before)
{
    double *numbers = lot->numbers + before;
    series->energy = numbers;
    series->counts = numbers + npoints;
    series->exposure = numbers + 2 * npoints;
    series->dark = numbers + 3 * npoints;
    series->noise = numbers + 4 * npoints;
    series->foretold = numbers + 5 * npoints;
    series->scan = lot->integers + before;
    series->row = lot->integers + npoints + before;
    series->mark = lot->marks + before;
}

/* One usable point of a member, to be number `at` of all. */
static void lay_out(const struct lot *lot, size_t npoints, size_t at,
                    const struct ixs_merge_member *member, size_t i)
{
    const struct ixs_point *point = &member->points[i];
    double *numbers = lot->numbers + at,
           reference = ixs_merge_reference(lot->merging, member->input);
    double noise = point->exposure_err / point->exposure;
    numbers[0] = point->energy;
    numbers[npoints] = point->counts;
    numbers[2 * npoints] = point->exposure * reference;
    numbers[3 * npoints] = point->dark;
    numbers[4 * npoints] = isfinite(noise) ? noise : 0.0;
    lot->integers[at] = lot->place[member->scan];
    lot->integers[npoints + at] = lot->first_row[member->scan] + i;
}

static void add_group(struct lot *lot, size_t group, size_t npoints, size_t *at)
{
    const struct ixs_merging *merging = lot->merging;
    struct ixs_repeats_series *series = &lot->series[lot->repeats.nseries];
    size_t before = *at;
    for (size_t i = 0; i < merging->nmembers; i++) {
        const struct ixs_merge_member *member = &merging->members[i];
        if (member->group != group || !belongs(lot, member) || !compared(member))
            continue;
        for (size_t k = 0; k < member->npoints; k++)
            if (usable(&member->points[k]))
                lay_out(lot, npoints, (*at)++, member, k);
    }
    if (*at == before)
        return;
    place_columns(series, lot, npoints, before);
    series->n = *at - before;
    series->fwhm =
        ixs_merge_narrowest(merging->rules, merging->members[merging->heads[group]].row->analyzer);
    series->agreement = lot->agreement + lot->repeats.nseries * lot->repeats.nscans;
    lot->groups[lot->repeats.nseries++] = group;
}

/* As stated, else as CALIB found it, else as usual. */
static double choose(double stated, double found, double usual)
{
    double known = isfinite(found) ? found : usual;
    return isfinite(stated) ? stated : known;
}

static bool make(struct lot *lot, struct ixs_err *err)
{
    const struct ixs_merging *merging = lot->merging;
    size_t npoints = 0, at = 0;
    lot->repeats = IXS_REPEATS;
    if (!number_scans(lot, err))
        return false;
    size_t nscans = lot->repeats.nscans;
    for (size_t i = 0; i < merging->nmembers; i++)
        npoints += belongs(lot, &merging->members[i]) ? merging->members[i].npoints : 0;
    bool ok = IXS_NEW(lot->series, merging->ngroups, err) &&
              IXS_NEW(lot->groups, merging->ngroups, err) &&
              IXS_NEW(lot->numbers, 6 * npoints + 3 * nscans, err) &&
              IXS_NEW(lot->integers, 2 * npoints, err) && IXS_NEW(lot->marks, npoints, err) &&
              IXS_NEW(lot->agreement, merging->ngroups * nscans, err);
    for (size_t g = 0; ok && g < merging->ngroups; g++)
        if (belongs(lot, &merging->members[merging->heads[g]]))
            add_group(lot, g, npoints, &at);
    if (!ok)
        return false;
    double *of_scans = lot->numbers + 6 * npoints;
    for (size_t s = 0; s < merging->nscans; s++)
        if (merging->scans[s].lot == lot->name)
            of_scans[lot->place[s]] = merging->scans[s].prior;
    lot->repeats.series = lot->series;
    lot->repeats.prior = of_scans;
    lot->repeats.shift = of_scans + nscans;
    lot->repeats.shift_err = of_scans + 2 * nscans;
    lot->repeats.most_shift = merging->rules->most_shift;
    const struct ixs_calib *calib = merging->rules->calib;
    lot->repeats.jitter =
        choose(merging->rules->jitter, calib != NULL ? calib->keys.jitter : NAN, usual_jitter);
    double own = calib != NULL ? calib->keys.own_scatter : NAN;
    own = isfinite(own) ? fmax(own, least_own) : own;
    lot->repeats.own = choose(merging->rules->own, own, usual_own);
    lot->repeats.threads = merging->rules->threads;
    lot->repeats.all_points = merging->rules->all_points;
    return true;
}

static void dispose(struct lot *lot)
{
    free(lot->place);
    free(lot->first_row);
    free(lot->series);
    free(lot->groups);
    free(lot->numbers);
    free(lot->integers);
    free(lot->marks);
    free(lot->agreement);
}

/* ---- and back -------------------------------------------------------------------------------- */

static void take_group(struct lot *lot, const struct ixs_repeats_series *series, size_t group)
{
    size_t at = 0;
    for (size_t i = 0; i < lot->merging->nmembers; i++) {
        struct ixs_merge_member *member = &lot->merging->members[i];
        if (member->group != group || !belongs(lot, member) || !compared(member))
            continue;
        member->agreement = series->agreement[lot->place[member->scan]];
        for (size_t k = 0; k < member->npoints; k++)
            if (usable(&member->points[k]))
                member->mark[k] = series->mark[at++];
    }
}

static void take_shifts(struct lot *lot)
{
    lot->merging->scans[lot->name].drift = lot->repeats.drift;
    for (size_t i = 0; i < lot->merging->nmembers; i++) {
        struct ixs_merge_member *member = &lot->merging->members[i];
        if (!belongs(lot, member))
            continue;
        member->shift = lot->repeats.shift[lot->place[member->scan]];
        member->shift_err = lot->repeats.shift_err[lot->place[member->scan]];
        member->agreement.p_value = NAN;
    }
    for (size_t a = 0; a < lot->repeats.nseries; a++)
        take_group(lot, &lot->series[a], lot->groups[a]);
}

bool ixs_merge_compare(struct ixs_merging *merging, size_t name, struct ixs_err *err)
{
    struct lot lot = {.merging = merging, .name = name};
    bool ok = make(&lot, err) && ixs_repeats_join(&lot.repeats, err);
    if (ok)
        take_shifts(&lot);
    dispose(&lot);
    return ok;
}
