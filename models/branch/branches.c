/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: candidate laws through every mode, the one that gathers most modes first, then its
 * proper fit, then the rest of the modes again; then all branches together.
 */
#include "models/branch/branches_inside.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SEEDS = 300 };

const double ixs_branches_reach_to_zero = 0.5;

/* largest q / zone edge of acoustic candidates; how far an optic one sags at the largest q */
static const double bends[] = {0, 0.33, 0.5, 0.67, 0.83, 1.0, 1.2, 1.4};
static const double sags[] = {0, -0.05, -0.1, -0.2, -0.4, 0.1, 0.25, 0.5};

static double reach(const struct ixs_branch_mode *mode, double tolerance)
{
    return fmax(3 * mode->err, tolerance);
}

static bool is_free(const struct ixs_branches_work *work, size_t i)
{
    return work->chosen[i] == 0 && !work->modes[i].limit;
}

/* The mode of the spectrum that begins at *first which is nearest to the law, in its reach: n if
 * none is. *first moves to the next spectrum. */
static size_t nearest(const struct ixs_branches_work *work, const struct ixs_branch *law,
                      size_t *first, double *part)
{
    const struct ixs_branch_mode *modes = work->modes;
    size_t i = *first, best = work->n;
    double energy = ixs_branch_energy(law, modes[i].q), least = INFINITY;
    for (; i < work->n && modes[i].spectrum == modes[*first].spectrum; i++) {
        double off = fabs(modes[i].omega - energy);
        if (!is_free(work, i) || !(off < least))
            continue;
        least = off;
        best = i;
    }
    *first = i;
    *part = best < work->n ? least / reach(&modes[best], work->rules->tolerance) : INFINITY;
    return *part < 1 ? best : work->n;
}

/* How well a law gathers the modes that are still free: near ones and sharp ones count more. Marks
 * them with `number` if it is not 0. */
static double gather(struct ixs_branches_work *work, const struct ixs_branch *law, long number)
{
    double score = 0, nearest_q = INFINITY, farthest_q = 0, tolerance = work->rules->tolerance;
    size_t members = 0;
    for (size_t first = 0; first < work->n;) {
        double part;
        size_t i = nearest(work, law, &first, &part);
        if (i == work->n)
            continue;
        score += (1 - part * part) * tolerance / reach(&work->modes[i], tolerance);
        members++;
        nearest_q = fmin(nearest_q, work->modes[i].q);
        farthest_q = fmax(farthest_q, work->modes[i].q);
        if (number != 0)
            work->chosen[i] = number;
    }
    if (ixs_branch_is_acoustic(law->law) && nearest_q > ixs_branches_reach_to_zero * farthest_q)
        return 0;
    return members >= IXS_BRANCHES_FEWEST ? score : 0;
}

static double largest_q(const struct ixs_branches_work *work)
{
    double largest = 0;
    for (size_t i = 0; i < work->n; i++)
        if (is_free(work, i))
            largest = fmax(largest, work->modes[i].q);
    return largest;
}

/* Candidate number k through a mode; false if there are no more. */
static bool candidate(const struct ixs_branch_mode *mode, double top, size_t k,
                      struct ixs_branch *out)
{
    double part = mode->q * mode->q / (top * top);
    if (k < IXS_COUNT(bends)) {
        double edge = bends[k] > 0 ? top / bends[k] : 0;
        *out = (struct ixs_branch){.law = IXS_BRANCH_LINEAR, .nterms = 1, .p = {1}};
        if (edge > 0)
            *out = (struct ixs_branch){.law = IXS_BRANCH_SINE, .nterms = 2, .p = {1, edge}};
        out->p[0] = mode->omega / ixs_branch_energy(out, mode->q);
        return true;
    }
    k -= IXS_COUNT(bends);
    if (k >= IXS_COUNT(sags))
        return false;
    *out = (struct ixs_branch){.law = IXS_BRANCH_CURVED, .nterms = 2};
    out->p[0] = mode->omega / (1 + sags[k] * part);
    out->p[1] = sags[k] * out->p[0] / (top * top);
    return true;
}

static double best_candidate(struct ixs_branches_work *work, struct ixs_branch *best)
{
    double score = 0, top = largest_q(work);
    size_t stride = work->n / MOST_SEEDS + 1;
    for (size_t i = 0; i < work->n; i += stride) {
        struct ixs_branch law;
        for (size_t k = 0; is_free(work, i) && candidate(&work->modes[i], top, k, &law); k++) {
            double trial = gather(work, &law, 0);
            if (trial > score)
                *best = law;
            score = fmax(score, trial);
        }
    }
    return score;
}

static void release(struct ixs_branches_work *work, long number)
{
    for (size_t i = 0; i < work->n; i++)
        if (work->chosen[i] == number)
            work->chosen[i] = 0;
}

/* Gathers by the law and fits it to what was gathered, a few times over: some come, some leave.
 * False, with none chosen, if it does not keep enough modes. */
static bool settle(struct ixs_branches_work *work, struct ixs_branch *law, long number)
{
    enum ixs_branch_sort sort =
        ixs_branch_is_acoustic(law->law) ? IXS_BRANCH_ACOUSTIC : IXS_BRANCH_OPTIC;
    for (int round = 0; round < 5; round++) {
        release(work, number);
        if (!(gather(work, law, 0) > 0))
            return false;
        gather(work, law, number);
        if (!ixs_branches_law(work, work->chosen, number, sort, law)) {
            release(work, number);
            return false;
        }
    }
    return true;
}

/* Takes away branches that have lost too many modes, and numbers the others anew. */
static size_t weed(struct ixs_branches_work *work, size_t count, struct ixs_branch *laws)
{
    size_t kept = 0;
    for (size_t b = 0; b < count; b++) {
        long number = (long)b + 1;
        if (ixs_branches_members(work, work->chosen, number) < IXS_BRANCHES_FEWEST) {
            release(work, number);
            continue;
        }
        laws[kept++] = laws[b];
        for (size_t i = 0; i < work->n; i++)
            if (work->chosen[i] == number)
                work->chosen[i] = (long)kept;
    }
    return kept;
}

static size_t more_branches(struct ixs_branches_work *work, size_t found, size_t most,
                            struct ixs_branch *out)
{
    while (found < most && best_candidate(work, &out[found]) > 0 &&
           settle(work, &out[found], (long)found + 1))
        found++;
    return found;
}

/* Each lower limit goes to the lowest branch above it that has no mode in its spectrum. */
static void place_limits(struct ixs_branches_work *work, size_t count,
                         const struct ixs_branch *laws)
{
    for (size_t i = 0; i < work->n; i++) {
        const struct ixs_branch_mode *mode = &work->modes[i];
        double least = INFINITY;
        for (size_t b = 0; mode->limit && b < count; b++) {
            double energy = ixs_branch_energy(&laws[b], mode->q);
            bool taken = !(energy > mode->omega) || energy >= least;
            for (size_t k = 0; !taken && k < work->n; k++)
                taken = work->modes[k].spectrum == mode->spectrum && work->chosen[k] == (long)b + 1;
            if (taken)
                continue;
            least = energy;
            work->chosen[i] = (long)b + 1;
        }
    }
}

static void find(struct ixs_branches_work *work, size_t most, size_t *found, struct ixs_branch *out)
{
    size_t count = more_branches(work, 0, most, out);
    for (int round = 0; round < 2; round++) {
        ixs_branches_assign(work, count, out);
        ixs_branches_untangle(work, count, out);
        count = weed(work, count, out);
        count = more_branches(work, count, most, out);
    }
    ixs_branches_assign(work, count, out);
    count = weed(work, count, out);
    place_limits(work, count, out);
    for (size_t b = 0; b < count; b++)
        ixs_branches_law(work, work->chosen, (long)b + 1, IXS_BRANCH_ANY, &out[b]);
    *found = count;
}

bool ixs_branches_find(size_t n, const struct ixs_branch_mode *modes,
                       const struct ixs_branches_rules *rules, struct ixs_branches *out,
                       struct ixs_err *err)
{
    struct ixs_branches_work work = {.n = n, .modes = modes, .rules = rules, .chosen = out->chosen};
    bool ok = IXS_NEW(work.points, n, err) && IXS_NEW(work.trial, n, err) &&
              IXS_NEW(work.of, n, err) && IXS_NEW(work.size, n, err);
    out->found = 0;
    memset(out->chosen, 0, n * sizeof *out->chosen);
    if (out->follow != NULL)
        memset(out->follow, 0, n * sizeof *out->follow);
    if (ok)
        find(&work, out->most, &out->found, out->laws);
    for (size_t b = 0; ok && rules->correlation != NULL && b < out->found; b++)
        ok = ixs_branches_relate(&work, (long)b + 1, &out->laws[b], out->follow, err);
    free(work.points);
    free(work.trial);
    free(work.of);
    free(work.size);
    return ok;
}

double ixs_branches_cross(const struct ixs_branch *a, const struct ixs_branch *b, double from,
                          double to)
{
    enum { STEPS = 200 };
    double before = 0, at_before = from;
    for (int i = 0; i <= STEPS; i++) {
        double q = from + (to - from) * i / STEPS;
        double gap = ixs_branch_energy(a, q) - ixs_branch_energy(b, q);
        if (i > 0 && gap * before < 0)
            return at_before + (q - at_before) * before / (before - gap);
        before = gap;
        at_before = q;
    }
    return NAN;
}
