/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: candidate laws through every mode, the one that gathers most modes first, then its
 * proper fit, then the rest of the modes again.
 */
#include "models/branches.h"

#include "base/array.h"

#include <math.h>

enum { FEWEST = 4 };
static const double reach_to_zero = 0.5; /* farther from q = 0 than this part of its length, a
                                            branch says nothing of where it starts */

static const double bends[] = {INFINITY, 3.0, 2.0, 1.5, 1.2, 1.0}; /* zone edge / largest q */
static const double sags[] = {0, -0.05, -0.1, -0.2, 0.1}; /* of an optic branch at largest q */

static double reach(const struct ixs_branch_mode *mode, double tolerance)
{
    return fmax(3 * mode->err, tolerance);
}

/* How well a law gathers the modes that are still free: near ones count more; in one spectrum only
 * the nearest counts. Marks them with `number` if it is not 0. */
static double gather(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                     const struct ixs_branch *law, long *chosen, long number)
{
    double score = 0, nearest_q = INFINITY, farthest_q = 0;
    size_t members = 0;
    for (size_t i = 0; i < n; i++) {
        double off = fabs(modes[i].omega - ixs_branch_energy(law, modes[i].q));
        double part = off / reach(&modes[i], tolerance);
        bool nearest = chosen[i] == 0 && part < 1;
        for (size_t k = 0; nearest && k < n; k++)
            if (k != i && modes[k].spectrum == modes[i].spectrum && chosen[k] == 0)
                nearest = fabs(modes[k].omega - ixs_branch_energy(law, modes[k].q)) >= off;
        if (!nearest)
            continue;
        score += 1 - part * part;
        members++;
        nearest_q = fmin(nearest_q, modes[i].q);
        farthest_q = fmax(farthest_q, modes[i].q);
        if (number != 0)
            chosen[i] = number;
    }
    if (ixs_branch_is_acoustic(law->law) && nearest_q > reach_to_zero * farthest_q)
        return 0;
    return members >= FEWEST ? score : 0;
}

static double largest_q(size_t n, const struct ixs_branch_mode *modes, const long *chosen)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (chosen[i] == 0 && modes[i].q > largest)
            largest = modes[i].q;
    return largest;
}

static void keep_better(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                        const struct ixs_branch *law, long *chosen, struct ixs_branch *best,
                        double *best_score)
{
    double score = gather(n, modes, tolerance, law, chosen, 0);
    if (score > *best_score) {
        *best_score = score;
        *best = *law;
    }
}

static double best_candidate(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                             long *chosen, struct ixs_branch *best)
{
    double score = 0, top = largest_q(n, modes, chosen);
    for (size_t i = 0; i < n; i++) {
        if (chosen[i] != 0)
            continue;
        for (size_t b = 0; b < IXS_COUNT(bends); b++) {
            struct ixs_branch law = {.law = IXS_BRANCH_SINE, .p = {0, bends[b] * top}};
            law.p[0] = modes[i].omega / ixs_branch_shape(law.law, modes[i].q, law.p[1]);
            keep_better(n, modes, tolerance, &law, chosen, best, &score);
        }
        for (size_t b = 0; b < IXS_COUNT(sags); b++) {
            double part = modes[i].q * modes[i].q / (top * top);
            struct ixs_branch optic = {.law = IXS_BRANCH_CURVED};
            optic.p[0] = modes[i].omega / (1 + sags[b] * part);
            optic.p[1] = sags[b] * optic.p[0] / (top * top);
            keep_better(n, modes, tolerance, &optic, chosen, best, &score);
        }
    }
    return score;
}

static double aicc(const struct ixs_branch *fit)
{
    double k = fit->law == IXS_BRANCH_SINE || fit->law == IXS_BRANCH_CURVED ? 2 : 1;
    double n = (double)fit->nmodes;
    return n * log1p(fit->chi2 / n) + 2 * k +
           (n > k + 1 ? 2 * k * (k + 1) / (n - k - 1) : INFINITY);
}

static bool best_law(size_t n, const struct ixs_branch_mode *modes, const long *chosen, long number,
                     bool acoustic, struct ixs_branch *out)
{
    const enum ixs_branch_law laws[2][2] = {{IXS_BRANCH_MEAN, IXS_BRANCH_CURVED},
                                            {IXS_BRANCH_LINEAR, IXS_BRANCH_SINE}};
    bool any = false;
    for (size_t i = 0; i < 2; i++) {
        struct ixs_branch fit;
        if (!ixs_branch_fit(n, modes, chosen, number, laws[acoustic][i], &fit))
            continue;
        if (!any || aicc(&fit) < aicc(out))
            *out = fit;
        any = true;
    }
    return any;
}

static void release(size_t n, long *chosen, long number)
{
    for (size_t i = 0; i < n; i++)
        if (chosen[i] == number)
            chosen[i] = 0;
}

/* Gathers by the law and fits it to what was gathered, a few times over: some come, some leave.
 * False, with none chosen, if it does not keep enough modes. */
static bool settle(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                   struct ixs_branch *law, long *chosen, long number)
{
    bool acoustic = ixs_branch_is_acoustic(law->law);
    for (int round = 0; round < 5; round++) {
        release(n, chosen, number);
        if (!(gather(n, modes, tolerance, law, chosen, 0) > 0))
            return false;
        gather(n, modes, tolerance, law, chosen, number);
        if (!best_law(n, modes, chosen, number, acoustic, law)) {
            release(n, chosen, number);
            return false;
        }
    }
    return true;
}

size_t ixs_branches_find(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                         size_t most, struct ixs_branch *out, long *chosen)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        chosen[i] = 0;
    while (found < most && best_candidate(n, modes, tolerance, chosen, &out[found]) > 0 &&
           settle(n, modes, tolerance, &out[found], chosen, (long)found + 1))
        found++;
    return found;
}
