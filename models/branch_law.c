/* SPDX-License-Identifier: GPL-3.0-or-later
 * The law of one branch: weighted least squares in one scale factor (and a zone edge), with a
 * scatter beyond the modes' own errors where chi2 demands one (as in random-effects meta-analysis:
 * DerSimonian & Laird, Control. Clin. Trials 7, 177, 1986), so that no single sharp mode decides.
 */
#include "models/branches.h"

#include "base/units.h"

#include <math.h>

struct members { /* the modes of one branch */
    size_t n;
    const struct ixs_branch_mode *modes;
    const long *chosen;
    long number;
    double scatter; /* meV, added to each error in quadrature */
};

struct sums { /* of one scale factor times a known shape */
    double scale, variance, chi2;
    size_t n;
};

double ixs_branch_shape(enum ixs_branch_law law, double q, double edge)
{
    if (law == IXS_BRANCH_MEAN)
        return 1;
    if (law == IXS_BRANCH_LINEAR || isinf(edge))
        return q;
    return 2 * edge / IXS_PI * sin(IXS_PI * q / (2 * edge));
}

double ixs_branch_energy(const struct ixs_branch *branch, double q)
{
    return branch->p[0] * ixs_branch_shape(branch->law, q, branch->p[1]);
}

static bool belongs(const struct members *of, size_t i)
{
    return of->chosen[i] == of->number;
}

static double weight(const struct members *of, size_t i)
{
    double err = of->modes[i].err;
    return 1 / (err * err + of->scatter * of->scatter);
}

static struct sums fit_scale(const struct members *of, enum ixs_branch_law law, double edge)
{
    struct sums sums = {0, 0, 0, 0};
    double ff = 0, fy = 0;
    for (size_t i = 0; i < of->n; i++) {
        if (!belongs(of, i))
            continue;
        double f = ixs_branch_shape(law, of->modes[i].q, edge);
        ff += weight(of, i) * f * f;
        fy += weight(of, i) * f * of->modes[i].omega;
        sums.n++;
    }
    if (!(ff > 0))
        return sums;
    sums.scale = fy / ff;
    sums.variance = 1 / ff;
    for (size_t i = 0; i < of->n; i++) {
        if (!belongs(of, i))
            continue;
        double f = ixs_branch_shape(law, of->modes[i].q, edge);
        sums.chi2 += weight(of, i) * pow(of->modes[i].omega - sums.scale * f, 2);
    }
    return sums;
}

static double largest_q(const struct members *of)
{
    double largest = 0;
    for (size_t i = 0; i < of->n; i++)
        if (belongs(of, i) && of->modes[i].q > largest)
            largest = of->modes[i].q;
    return largest;
}

/* The zone edge with the least chi2: a golden section in 1/edge, which is smooth down to a line. */
static double best_edge(const struct members *of)
{
    const double golden = 0.6180339887498949;
    double low = 0, high = 1.25 / largest_q(of);
    for (int step = 0; step < 60; step++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        if (fit_scale(of, IXS_BRANCH_SINE, 1 / left).chi2 <
            fit_scale(of, IXS_BRANCH_SINE, 1 / right).chi2)
            high = right;
        else
            low = left;
    }
    return 2 / (low + high);
}

/* Covariance of slope and edge from the Jacobian at the minimum. */
static bool sine_covariance(const struct members *of, struct ixs_branch *out)
{
    double a = 0, b = 0, d = 0, edge = out->p[1];
    for (size_t i = 0; i < of->n; i++) {
        if (!belongs(of, i))
            continue;
        double q = of->modes[i].q, by_slope = ixs_branch_shape(IXS_BRANCH_SINE, q, edge);
        double by_edge = out->p[0] * (by_slope / edge - q / edge * cos(IXS_PI * q / (2 * edge)));
        a += weight(of, i) * by_slope * by_slope;
        b += weight(of, i) * by_slope * by_edge;
        d += weight(of, i) * by_edge * by_edge;
    }
    double determinant = a * d - b * b;
    if (!(determinant > 1e-12 * a * d))
        return false;
    out->cov[0] = d / determinant;
    out->cov[1] = -b / determinant;
    out->cov[2] = a / determinant;
    return true;
}

static struct sums fit_law(const struct members *of, enum ixs_branch_law law, double *edge)
{
    *edge = law == IXS_BRANCH_SINE ? best_edge(of) : INFINITY;
    return fit_scale(of, law, *edge);
}

/* The scatter at which chi2 is the degrees of freedom; 0 if chi2 is below them without any. */
static double find_scatter(struct members *of, enum ixs_branch_law law, double dof)
{
    double edge, low = 0, high = 1e-3;
    of->scatter = 0;
    if (!(dof > 0) || fit_law(of, law, &edge).chi2 <= dof)
        return 0;
    for (of->scatter = high; fit_law(of, law, &edge).chi2 > dof && high < 1e3;)
        of->scatter = high *= 2;
    for (int step = 0; step < 40; step++) {
        of->scatter = (low + high) / 2;
        if (fit_law(of, law, &edge).chi2 > dof)
            low = of->scatter;
        else
            high = of->scatter;
    }
    return high;
}

bool ixs_branch_fit(size_t n, const struct ixs_branch_mode *modes, const long *chosen, long number,
                    enum ixs_branch_law law, struct ixs_branch *out)
{
    struct members of = {n, modes, chosen, number, 0};
    double edge;
    struct sums plain = fit_law(&of, law, &edge);
    long dof = (long)plain.n - (law == IXS_BRANCH_SINE ? 2 : 1);
    *out = (struct ixs_branch){.law = law, .chi2 = plain.chi2, .dof = dof, .nmodes = plain.n};
    if (dof < 0 || !(plain.variance > 0))
        return false;
    out->scatter = of.scatter = find_scatter(&of, law, (double)dof);
    struct sums sums = fit_law(&of, law, &edge);
    out->p[0] = sums.scale;
    out->p[1] = law == IXS_BRANCH_SINE ? edge : NAN;
    out->cov[0] = sums.variance;
    out->cov[2] = NAN;
    return law != IXS_BRANCH_SINE || sine_covariance(&of, out);
}
