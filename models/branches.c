/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: candidate laws through every mode, the one that gathers most modes first, then its
 * proper fit, then the rest of the modes again.
 */
#include "models/branches.h"

#include "base/units.h"

#include <math.h>

enum { FEWEST = 3 };

static const double bends[] = {INFINITY, 3.0, 2.0, 1.5, 1.2, 1.0}; /* zone edge / largest q */

static double sine(double q, double edge)
{
    return isinf(edge) ? q : 2 * edge / IXS_PI * sin(IXS_PI * q / (2 * edge));
}

double ixs_branch_energy(const struct ixs_branch *branch, double q)
{
    switch (branch->law) {
    case IXS_BRANCH_MEAN:
        return branch->p[0];
    case IXS_BRANCH_LINEAR:
        return branch->p[0] * q;
    case IXS_BRANCH_SINE:
        return branch->p[0] * sine(q, branch->p[1]);
    }
    return NAN;
}

/* ---- the fit of one law ------------------------------------------------------------------------
 */

struct sums { /* of one scale factor times a known shape */
    double scale, variance, chi2;
    size_t n;
};

static double shape(enum ixs_branch_law law, double q, double edge)
{
    if (law == IXS_BRANCH_MEAN)
        return 1;
    return law == IXS_BRANCH_LINEAR ? q : sine(q, edge);
}

static struct sums fit_scale(size_t n, const struct ixs_branch_mode *modes, const long *chosen,
                             long number, enum ixs_branch_law law, double edge)
{
    struct sums sums = {0, 0, 0, 0};
    double ff = 0, fy = 0;
    for (size_t i = 0; i < n; i++) {
        if (chosen[i] != number)
            continue;
        double f = shape(law, modes[i].q, edge), weight = 1 / (modes[i].err * modes[i].err);
        ff += weight * f * f;
        fy += weight * f * modes[i].omega;
        sums.n++;
    }
    if (!(ff > 0))
        return sums;
    sums.scale = fy / ff;
    sums.variance = 1 / ff;
    for (size_t i = 0; i < n; i++) {
        if (chosen[i] != number)
            continue;
        double off = modes[i].omega - sums.scale * shape(law, modes[i].q, edge);
        sums.chi2 += off * off / (modes[i].err * modes[i].err);
    }
    return sums;
}

static double largest_q(size_t n, const struct ixs_branch_mode *modes, const long *chosen,
                        long number)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (chosen[i] == number && modes[i].q > largest)
            largest = modes[i].q;
    return largest;
}

/* The zone edge with the least chi2: a golden section in 1/edge, which is smooth down to a line. */
static double best_edge(size_t n, const struct ixs_branch_mode *modes, const long *chosen,
                        long number)
{
    const double golden = 0.6180339887498949;
    double top = largest_q(n, modes, chosen, number), low = 0, high = 1.25 / top;
    for (int step = 0; step < 60; step++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        double a = fit_scale(n, modes, chosen, number, IXS_BRANCH_SINE, 1 / left).chi2;
        double b = fit_scale(n, modes, chosen, number, IXS_BRANCH_SINE, 1 / right).chi2;
        if (a < b)
            high = right;
        else
            low = left;
    }
    return 2 / (low + high);
}

/* Covariance of slope and edge from the Jacobian at the minimum. */
static bool sine_covariance(size_t n, const struct ixs_branch_mode *modes, const long *chosen,
                            long number, struct ixs_branch *out)
{
    double a = 0, b = 0, d = 0, edge = out->p[1];
    for (size_t i = 0; i < n; i++) {
        if (chosen[i] != number)
            continue;
        double phase = IXS_PI * modes[i].q / (2 * edge), weight = 1 / pow(modes[i].err, 2);
        double by_slope = sine(modes[i].q, edge);
        double by_edge = out->p[0] * (by_slope / edge - modes[i].q / edge * cos(phase));
        a += weight * by_slope * by_slope;
        b += weight * by_slope * by_edge;
        d += weight * by_edge * by_edge;
    }
    double determinant = a * d - b * b;
    if (!(determinant > 1e-12 * a * d))
        return false;
    out->cov[0] = d / determinant;
    out->cov[1] = -b / determinant;
    out->cov[2] = a / determinant;
    return true;
}

bool ixs_branch_fit(size_t n, const struct ixs_branch_mode *modes, const long *chosen, long number,
                    enum ixs_branch_law law, struct ixs_branch *out)
{
    double edge = law == IXS_BRANCH_SINE ? best_edge(n, modes, chosen, number) : INFINITY;
    struct sums sums = fit_scale(n, modes, chosen, number, law, edge);
    long nparameters = law == IXS_BRANCH_SINE ? 2 : 1;
    *out = (struct ixs_branch){.law = law,
                               .p = {sums.scale, law == IXS_BRANCH_SINE ? edge : NAN},
                               .cov = {sums.variance, 0, NAN},
                               .chi2 = sums.chi2,
                               .dof = (long)sums.n - nparameters,
                               .nmodes = sums.n};
    if (out->dof < 0 || !(sums.variance > 0))
        return false;
    if (law == IXS_BRANCH_SINE && !sine_covariance(n, modes, chosen, number, out))
        return false;
    double inflate =
        out->dof > 0 && out->chi2 > (double)out->dof ? out->chi2 / (double)out->dof : 1;
    for (int i = 0; i < 3; i++)
        out->cov[i] *= inflate;
    return true;
}

/* ---- which modes belong together ---------------------------------------------------------------
 */

static double reach(const struct ixs_branch_mode *mode, double tolerance)
{
    return fmax(3 * mode->err, tolerance);
}

/* How well a law gathers the modes that are still free: near ones count more; in one spectrum only
 * the nearest counts. Marks them with `number` if it is not 0. */
static double gather(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                     const struct ixs_branch *law, long *chosen, long number)
{
    double score = 0;
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
        if (number != 0)
            chosen[i] = number;
    }
    return members >= FEWEST ? score : 0;
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
    double score = 0, top = largest_q(n, modes, chosen, 0);
    for (size_t i = 0; i < n; i++) {
        if (chosen[i] != 0)
            continue;
        for (size_t b = 0; b < sizeof bends / sizeof bends[0]; b++) {
            struct ixs_branch law = {.law = IXS_BRANCH_SINE, .p = {0, bends[b] * top}};
            law.p[0] = modes[i].omega / sine(modes[i].q, law.p[1]);
            keep_better(n, modes, tolerance, &law, chosen, best, &score);
        }
        struct ixs_branch flat = {.law = IXS_BRANCH_MEAN, .p = {modes[i].omega, NAN}};
        keep_better(n, modes, tolerance, &flat, chosen, best, &score);
    }
    return score;
}

static double aicc(const struct ixs_branch *fit)
{
    double k = fit->law == IXS_BRANCH_SINE ? 2 : 1, n = (double)fit->nmodes;
    return fit->chi2 + 2 * k + (n > k + 1 ? 2 * k * (k + 1) / (n - k - 1) : INFINITY);
}

static bool best_law(size_t n, const struct ixs_branch_mode *modes, const long *chosen, long number,
                     bool acoustic, struct ixs_branch *out)
{
    const enum ixs_branch_law laws[] = {IXS_BRANCH_LINEAR, IXS_BRANCH_SINE};
    bool any = false;
    if (!acoustic)
        return ixs_branch_fit(n, modes, chosen, number, IXS_BRANCH_MEAN, out);
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
        struct ixs_branch fit;
        if (!ixs_branch_fit(n, modes, chosen, number, laws[i], &fit))
            continue;
        if (!any || aicc(&fit) < aicc(out))
            *out = fit;
        any = true;
    }
    return any;
}

/* Lets go of all members and gathers again by the fitted law; some come, some leave. */
static void gather_again(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                         struct ixs_branch *law, long *chosen, long number)
{
    for (int round = 0; round < 4; round++) {
        bool acoustic = law->law != IXS_BRANCH_MEAN;
        for (size_t i = 0; i < n; i++)
            if (chosen[i] == number)
                chosen[i] = 0;
        gather(n, modes, tolerance, law, chosen, number);
        if (!best_law(n, modes, chosen, number, acoustic, law))
            return;
    }
}

size_t ixs_branches_find(size_t n, const struct ixs_branch_mode *modes, double tolerance,
                         size_t most, struct ixs_branch *out, long *chosen)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        chosen[i] = 0;
    while (found < most) {
        struct ixs_branch *law = &out[found];
        long number = (long)found + 1;
        if (!(best_candidate(n, modes, tolerance, chosen, law) > 0))
            break;
        gather(n, modes, tolerance, law, chosen, number);
        if (!best_law(n, modes, chosen, number, law->law != IXS_BRANCH_MEAN, law))
            break;
        gather_again(n, modes, tolerance, law, chosen, number);
        found++;
    }
    return found;
}
