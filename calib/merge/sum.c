/* SPDX-License-Identifier: GPL-3.0-or-later
 * The points of one group: shifted, and summed where their energies coincide or in the bins of a
 * grid. Counts, exposures, times and darks add up; whole points go where they lie, so that counts
 * stay Poisson; the energy of a sum is that of its exposure. What is left out stays beside it, with
 * its flag.
 */
#include "calib/merge/parts.h"

#include "base/array.h"
#include "base/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double usual_tolerance = 0.05; /* of the FWHM: widens a line by less than 0.1 % */

static int64_t flag_of(uint8_t mark)
{
    static const int64_t flags[] = {0, IXS_FLAG_SPIKE, IXS_FLAG_DIP, IXS_FLAG_LOST};
    return flags[mark];
}

/* ---- one after the other ----------------------------------------------------------------------
 */

static int by_energy(const void *left, const void *right)
{
    const struct ixs_point *a = left, *b = right;
    double keys[2][3] = {{a->energy, (double)a->scan, (double)a->point},
                         {b->energy, (double)b->scan, (double)b->point}};
    for (int k = 0; k < 3; k++) {
        bool first = keys[0][k] < keys[1][k] || isnan(keys[1][k]);
        bool second = keys[1][k] < keys[0][k] || isnan(keys[0][k]);
        if (first != second)
            return first ? -1 : 1;
    }
    return 0;
}

static struct ixs_point take(const struct ixs_merge_member *member, size_t i, double reference)
{
    struct ixs_point point = member->points[i];
    point.energy -= member->shift + member->agreement.own_shift;
    point.exposure *= reference;
    point.exposure_err *= reference;
    point.intensity /= reference;
    point.error /= reference;
    point.flags = (point.flags & ~(int64_t)IXS_FLAG_ELASTIC) | flag_of(member->mark[i]);
    point.elastic = point.elastic_err = point.inelastic = point.inelastic_err = NAN;
    point.subtracted = point.subtracted_err = NAN;
    if (point.summed == 0 && !ixs_flags_bar(point.flags))
        point.summed = 1;
    return point;
}

static size_t gather(struct ixs_point *out, const struct ixs_merging *merging, size_t group)
{
    size_t n = 0;
    for (size_t i = merging->heads[group]; i < merging->nmembers; i++) {
        const struct ixs_merge_member *member = &merging->members[i];
        if (member->group != group || member->repeated)
            continue;
        double reference = ixs_merge_reference(merging, member->input);
        for (size_t k = 0; k < member->npoints; k++)
            out[n++] = take(member, k, reference);
    }
    qsort(out, n, sizeof *out, by_energy);
    return n;
}

/* ---- sums -------------------------------------------------------------------------------------
 */

struct sum { /* of points that coincide */
    struct ixs_point point;
    double lowest, highest, energy, raw, variance; /* energies times exposure; of the exposure */
    size_t n;
};

static void add(struct sum *sum, const struct ixs_point *point)
{
    struct ixs_point *total = &sum->point;
    if (sum->n++ == 0) {
        *total = *point;
        sum->lowest = point->energy;
        sum->energy = point->energy * point->exposure;
        sum->raw = point->energy_raw * point->exposure;
        sum->variance = point->exposure_err * point->exposure_err;
    } else {
        total->scan = total->point = 0;
        total->time += point->time;
        total->counts += point->counts;
        total->exposure += point->exposure;
        total->dark += point->dark;
        total->flags |= point->flags;
        total->summed += point->summed;
        total->energy_span = fmax(total->energy_span, point->energy_span);
        sum->energy += point->energy * point->exposure;
        sum->raw += point->energy_raw * point->exposure;
        sum->variance += point->exposure_err * point->exposure_err;
    }
    sum->highest = point->energy;
}

static struct ixs_point close_sum(struct sum *sum)
{
    struct ixs_point *total = &sum->point;
    if (sum->n > 1) {
        total->energy = sum->energy / total->exposure;
        total->energy_raw = sum->raw / total->exposure;
        total->energy_span = fmax(total->energy_span, sum->highest - sum->lowest);
        total->exposure_err = sqrt(sum->variance);
        total->intensity = (total->counts - total->dark) / total->exposure;
        total->error = sqrt(fmax(total->counts, 1.0)) / total->exposure;
    }
    sum->n = 0;
    return *total;
}

static bool coincides(const struct sum *sum, const struct ixs_point *point, double tolerance,
                      double bin)
{
    if (bin > 0.0)
        return floor(point->energy / bin + 0.5) == floor(sum->lowest / bin + 0.5);
    return point->energy - sum->lowest <= tolerance;
}

/* In place, with as much room behind; returns how many are left. */
static size_t sum_up(size_t n, struct ixs_point *points, double tolerance, double bin)
{
    struct sum sum = {.n = 0};
    struct ixs_point *aside = points + n;
    size_t count = 0, left_out = 0;
    for (size_t i = 0; i < n; i++) {
        if (ixs_flags_bar(points[i].flags) || !isfinite(points[i].energy)) {
            aside[left_out++] = points[i];
            continue;
        }
        if (sum.n > 0 && !coincides(&sum, &points[i], tolerance, bin))
            points[count++] = close_sum(&sum);
        add(&sum, &points[i]);
    }
    if (sum.n > 0)
        points[count++] = close_sum(&sum);
    memmove(points + count, aside, left_out * sizeof *points);
    qsort(points, count + left_out, sizeof *points, by_energy);
    return count + left_out;
}

double ixs_merge_reference(const struct ixs_merging *merging, size_t input)
{
    double first = merging->inputs[0].spectra->keys.reference;
    double own = merging->inputs[input].spectra->keys.reference;
    return first > 0.0 && own > 0.0 ? own / first : 1.0;
}

size_t ixs_merge_points(struct ixs_point *out, const struct ixs_merging *merging, size_t group)
{
    const struct ixs_merge_rules *rules = merging->rules;
    const char *analyzer = merging->members[merging->heads[group]].row->analyzer;
    double tolerance = isfinite(rules->tolerance)
                           ? rules->tolerance
                           : usual_tolerance * ixs_merge_fwhm(rules, analyzer);
    size_t n = gather(out, merging, group);
    bool counted = strcmp(merging->members[merging->heads[group]].row->statist, "POISSON") == 0;
    bool sums = ixs_merge_count(merging, group) > 1 || rules->bin > 0.0;
    return sums && counted && !rules->side_by_side ? sum_up(n, out, tolerance, rules->bin) : n;
}
