/* SPDX-License-Identifier: GPL-3.0-or-later
 * Modes to branches, all branches together: least sum of costs in each spectrum, exactly, over all
 * ways to assign its modes. Widths and strengths vary slowly along a branch, by about a third from
 * one neighbourhood to the next; strengths are those of one zone (the structure factor), times
 * energy, which the thermal factor and 1/omega of the cross-section take out.
 */
#include "models/branch/branches_inside.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

static const double gate = 9;        /* chi squared beyond which a mode is not the branch's */
static const double most_of_one = 6; /* of a width or a strength */
static const double unassigned = 22; /* gate + what any width and strength may cost */
static const double slowly = 0.35;   /* change of ln width or ln strength in a neighbourhood */
static const double better_by = 4;   /* that an exchange has to gain */

/* The logarithm of a width (its error beside it) or of a strength times energy. */
static bool logarithm(const struct ixs_branch_mode *mode, bool strength, double *value,
                      double *variance)
{
    double of = strength ? mode->strength * mode->omega : mode->width;
    double err = strength ? mode->strength_err / mode->strength : mode->width_err / mode->width;
    *value = log(of);
    *variance = err * err;
    return of > 0 && *variance >= 0 && *variance < 4;
}

/* Squared distance of the logarithm from its neighbours' on the branch, in variances; 1, what is
 * expected, where it cannot be told. */
static double away(const struct ixs_branches_work *work, const long *chosen, long number, size_t i,
                   bool strength)
{
    const struct ixs_branch_mode *mode = &work->modes[i];
    double value, variance, sum = 0, weights = 0, near = 0.25 * work->modes[i].q + 0.02;
    if (!logarithm(mode, strength, &value, &variance))
        return 1;
    for (size_t k = 0; k < work->n; k++) {
        const struct ixs_branch_mode *other = &work->modes[k];
        double theirs, spread, far = (other->q - mode->q) / near;
        bool counts = chosen[k] == number && other->spectrum != mode->spectrum && fabs(far) < 4 &&
                      (!strength || other->zone == mode->zone);
        if (!counts || !logarithm(other, strength, &theirs, &spread))
            continue;
        double weight = exp(-0.5 * far * far) / (spread + slowly * slowly);
        weights += weight;
        sum += weight * theirs;
    }
    if (!(weights > 0))
        return 1;
    double off = value - sum / weights;
    return fmin(most_of_one, off * off / (variance + slowly * slowly + 1 / weights));
}

static double far_in_energy(const struct ixs_branches_work *work, const struct ixs_branch *law,
                            size_t i)
{
    const struct ixs_branch_mode *mode = &work->modes[i];
    double reach = fmax(3 * mode->err, work->rules->tolerance) / 3;
    double off = (mode->omega - ixs_branch_energy(law, mode->q)) / reach;
    return off * off;
}

double ixs_branches_cost(const struct ixs_branches_work *work, const long *chosen,
                         const struct ixs_branch *law, long number, size_t i)
{
    double energy = far_in_energy(work, law, i);
    if (!(energy < gate) || work->modes[i].limit)
        return INFINITY;
    return energy + away(work, chosen, number, i, false) + away(work, chosen, number, i, true);
}

enum { WAYS = 1 << IXS_BRANCHES_PER_SPECTRUM, MOST_BRANCHES = 16 };

struct table { /* the modes of one spectrum and the branches, by sets of modes that are taken */
    size_t n, count;
    double cost[IXS_BRANCHES_PER_SPECTRUM][MOST_BRANCHES];
    double least[MOST_BRANCHES + 1][WAYS]; /* [b][set]: by the first b branches */
    int taken[MOST_BRANCHES + 1][WAYS];    /* the mode of branch b - 1, or -1 */
};

static void fill(struct table *table)
{
    size_t ways = (size_t)1 << table->n;
    for (size_t set = 0; set < ways; set++)
        table->least[0][set] = set == 0 ? 0 : INFINITY;
    for (size_t b = 1; b <= table->count; b++)
        for (size_t set = 0; set < ways; set++) {
            table->least[b][set] = table->least[b - 1][set];
            table->taken[b][set] = -1;
            for (size_t i = 0; i < table->n; i++) {
                size_t bit = (size_t)1 << i;
                double cost = (set & bit) ? table->least[b - 1][set & ~bit] + table->cost[i][b - 1]
                                          : INFINITY;
                if (cost < table->least[b][set]) {
                    table->least[b][set] = cost;
                    table->taken[b][set] = (int)i;
                }
            }
        }
}

/* The set with the least sum, modes that are left out counted; who takes whom into out[n]. */
static void read_off(const struct table *table, long *out)
{
    double least = INFINITY;
    size_t best = 0;
    for (size_t set = 0; set < (size_t)1 << table->n; set++) {
        size_t left_out = table->n - (size_t)__builtin_popcountll(set);
        double sum = table->least[table->count][set] + unassigned * (double)left_out;
        if (sum < least)
            best = set;
        least = fmin(least, sum);
    }
    for (size_t i = 0; i < table->n; i++)
        out[i] = 0;
    for (size_t b = table->count; b > 0; b--) {
        int mode = table->taken[b][best];
        if (mode < 0)
            continue;
        out[mode] = (long)b;
        best &= ~((size_t)1 << mode);
    }
}

static size_t end_of_spectrum(const struct ixs_branches_work *work, size_t first)
{
    size_t end = first;
    while (end < work->n && work->modes[end].spectrum == work->modes[first].spectrum)
        end++;
    return end;
}

static void assign_spectrum(struct ixs_branches_work *work, struct table *table,
                            const struct ixs_branch *laws, size_t first, size_t end)
{
    table->n = end - first < IXS_BRANCHES_PER_SPECTRUM ? end - first : IXS_BRANCHES_PER_SPECTRUM;
    for (size_t i = 0; i < table->n; i++)
        for (size_t b = 0; b < table->count; b++)
            table->cost[i][b] =
                ixs_branches_cost(work, work->chosen, &laws[b], (long)b + 1, first + i);
    fill(table);
    read_off(table, work->trial + first);
    for (size_t i = first + table->n; i < end; i++)
        work->trial[i] = 0;
}

static enum ixs_branch_sort sort_of(const struct ixs_branch *law)
{
    return ixs_branch_is_acoustic(law->law) ? IXS_BRANCH_ACOUSTIC : IXS_BRANCH_OPTIC;
}

void ixs_branches_assign(struct ixs_branches_work *work, size_t count, struct ixs_branch *laws)
{
    enum { MOST_ROUNDS = 10 };
    struct table table = {.count = count < MOST_BRANCHES ? count : MOST_BRANCHES};
    for (int round = 0; round < MOST_ROUNDS && count > 0; round++) {
        for (size_t first = 0; first < work->n;) {
            size_t end = end_of_spectrum(work, first);
            assign_spectrum(work, &table, laws, first, end);
            first = end;
        }
        bool same = memcmp(work->chosen, work->trial, work->n * sizeof *work->chosen) == 0;
        memcpy(work->chosen, work->trial, work->n * sizeof *work->chosen);
        if (same)
            return;
        for (size_t b = 0; b < count; b++)
            ixs_branches_law(work, work->chosen, (long)b + 1, sort_of(&laws[b]), &laws[b]);
    }
}

/* Sum over all modes of two branches as they are assigned, laws fitted to them. */
static double cost_of_two(struct ixs_branches_work *work, const long *chosen, const long two[2],
                          struct ixs_branch laws[2])
{
    double sum = 0;
    for (int k = 0; k < 2; k++) {
        if (!ixs_branches_law(work, chosen, two[k], IXS_BRANCH_ANY, &laws[k]))
            return INFINITY;
        sum += 2 * (double)laws[k].nterms;
    }
    for (size_t i = 0; i < work->n; i++)
        for (int k = 0; k < 2; k++)
            if (chosen[i] == two[k])
                sum += fmin(unassigned, far_in_energy(work, &laws[k], i)) +
                       away(work, chosen, two[k], i, false) + away(work, chosen, two[k], i, true);
    return sum;
}

/* Where two laws are nearest over the q's that both cover. */
static double nearest_q(const struct ixs_branches_work *work, const struct ixs_branch *laws,
                        const long two[2])
{
    double least = INFINITY, where = NAN;
    for (size_t i = 0; i < work->n; i++) {
        double q = work->modes[i].q;
        double gap =
            fabs(ixs_branch_energy(&laws[two[0] - 1], q) - ixs_branch_energy(&laws[two[1] - 1], q));
        if (work->chosen[i] != two[0] && work->chosen[i] != two[1])
            continue;
        if (gap < least)
            where = q;
        least = fmin(least, gap);
    }
    return least < 2 * work->rules->tolerance ? where : NAN;
}

static void exchange(struct ixs_branches_work *work, struct ixs_branch *laws, const long two[2])
{
    struct ixs_branch as_is[2], crossed[2];
    double where = nearest_q(work, laws, two);
    if (isnan(where))
        return;
    double before = cost_of_two(work, work->chosen, two, as_is);
    for (size_t i = 0; i < work->n; i++) {
        long now = work->chosen[i];
        bool swap = work->modes[i].q > where && (now == two[0] || now == two[1]);
        work->trial[i] = swap ? two[0] + two[1] - now : now;
    }
    if (!(cost_of_two(work, work->trial, two, crossed) < before - better_by))
        return;
    memcpy(work->chosen, work->trial, work->n * sizeof *work->chosen);
    for (int k = 0; k < 2; k++)
        laws[two[k] - 1] = crossed[k];
}

void ixs_branches_untangle(struct ixs_branches_work *work, size_t count, struct ixs_branch *laws)
{
    for (long a = 1; a <= (long)count; a++)
        for (long b = a + 1; b <= (long)count; b++)
            exchange(work, laws, (const long[2]){a, b});
}
