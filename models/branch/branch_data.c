/* SPDX-License-Identifier: GPL-3.0-or-later
 * The modes of one branch as data of its law: an energy that several modes share is one datum, and
 * errors of energies fitted together vary together.
 */
#include "models/branch/branches_inside.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

static bool is_member(const struct ixs_branches_work *work, const long *chosen, long number,
                      size_t i)
{
    return chosen[i] == number && work->modes[i].omega > 0;
}

size_t ixs_branches_members(const struct ixs_branches_work *work, const long *chosen, long number)
{
    size_t count = 0;
    for (size_t i = 0; i < work->n; i++)
        count += is_member(work, chosen, number, i);
    return count;
}

/* The point of `count` that has this datum, or `count`. */
static size_t find_datum(const struct ixs_branches_work *work, size_t count, long datum)
{
    size_t k = datum == 0 ? count : 0;
    while (k < count && work->modes[work->of[k]].datum != datum)
        k++;
    return k;
}

/* One more mode of a point: the means of all of them. */
static void add_to(struct ixs_regress_point *point, const struct ixs_branch_mode *mode, size_t size)
{
    double share = 1 / (double)size;
    point->x += share * (mode->q - point->x);
    point->y += share * (mode->omega - point->y);
    point->below += share * (mode->err - point->below);
    point->above = point->below;
}

size_t ixs_branches_data(struct ixs_branches_work *work, const long *chosen, long number)
{
    size_t count = 0;
    for (size_t i = 0; i < work->n; i++) {
        const struct ixs_branch_mode *mode = &work->modes[i];
        if (!is_member(work, chosen, number, i))
            continue;
        size_t k = find_datum(work, count, mode->datum);
        if (k < count) {
            add_to(&work->points[k], mode, ++work->size[k]);
            continue;
        }
        work->of[count] = i;
        work->size[count] = 1;
        work->points[count++] =
            (struct ixs_regress_point){mode->q, mode->omega, mode->err, mode->err, mode->limit};
    }
    return count;
}

static bool choose(const struct ixs_branches_work *work, size_t count, enum ixs_branch_sort sort,
                   const struct ixs_branch_rules *rules, struct ixs_branch *out)
{
    double nearest = INFINITY, farthest = 0;
    for (size_t i = 0; i < count; i++) {
        nearest = fmin(nearest, work->points[i].x);
        farthest = fmax(farthest, work->points[i].x);
    }
    if (nearest > ixs_branches_reach_to_zero * farthest)
        sort = IXS_BRANCH_OPTIC;
    return ixs_branch_choose(count, work->points, sort, rules, out);
}

bool ixs_branches_law(struct ixs_branches_work *work, const long *chosen, long number,
                      enum ixs_branch_sort sort, struct ixs_branch *out)
{
    size_t count = ixs_branches_data(work, chosen, number);
    return choose(work, count, sort, &work->rules->law, out);
}

/* Correlations of the points; whether there are any. */
static bool fill_correlation(const struct ixs_branches_work *work, size_t n, double *correlation)
{
    const struct ixs_branches_rules *rules = work->rules;
    bool any = false;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) {
            bool apart = work->points[i].limit || work->points[k].limit;
            double of = apart ? 0 : rules->correlation(rules->context, work->of[i], work->of[k]);
            correlation[i * n + k] = correlation[k * n + i] = of;
            any = any || of != 0;
        }
    return any;
}

bool ixs_branches_relate(struct ixs_branches_work *work, long number, struct ixs_branch *out,
                         double *follow, struct ixs_err *err)
{
    struct ixs_branch_rules rules = work->rules->law;
    double *correlation = NULL, *room = NULL, *of_data = NULL;
    size_t *first = NULL, n = ixs_branches_data(work, work->chosen, number);
    bool ok = IXS_NEW(correlation, n * n, err) &&
              IXS_NEW(room, n * (n + 1 + IXS_REGRESS_MOST), err) && IXS_NEW(first, n, err) &&
              IXS_NEW(of_data, n, err);
    const struct ixs_regress_kin kin = {correlation, room, first};
    rules.kin = ok && fill_correlation(work, n, correlation) ? &kin : NULL;
    if (rules.kin != NULL)
        (void)choose(work, n, IXS_BRANCH_ANY, &rules, out); /* else the law stands as it is */
    if (ok && follow != NULL)
        ixs_branch_follow(out, n, work->points, rules.kin, of_data);
    for (size_t i = 0; ok && follow != NULL && i < n; i++)
        follow[work->of[i]] = of_data[i];
    free(correlation);
    free(room);
    free(first);
    free(of_data);
    return ok;
}
