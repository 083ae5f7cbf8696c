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

struct sums {             /* a law at its best for the present scatter */
    double scale, second; /* p0, p1 */
    double variance;      /* of p0, p1 known */
    double chi2;
    size_t n;
};

bool ixs_branch_is_acoustic(enum ixs_branch_law law)
{
    return law == IXS_BRANCH_LINEAR || law == IXS_BRANCH_SINE;
}

double ixs_branch_shape(enum ixs_branch_law law, double q, double edge)
{
    if (!ixs_branch_is_acoustic(law))
        return 1;
    if (law == IXS_BRANCH_LINEAR || isinf(edge))
        return q;
    return 2 * edge / IXS_PI * sin(IXS_PI * q / (2 * edge));
}

double ixs_branch_energy(const struct ixs_branch *branch, double q)
{
    if (branch->law == IXS_BRANCH_CURVED)
        return branch->p[0] + branch->p[1] * q * q;
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
    struct sums sums = {.second = edge};
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

/* p0 + p1 q^2: linear in both; chi2 and the covariance follow from the normal equations. */
static struct sums fit_curved(const struct members *of, double cov[3])
{
    struct sums sums = {0};
    double w = 0, x = 0, xx = 0, y = 0, xy = 0;
    for (size_t i = 0; i < of->n; i++) {
        if (!belongs(of, i))
            continue;
        double u = weight(of, i), q2 = of->modes[i].q * of->modes[i].q;
        w += u;
        x += u * q2;
        xx += u * q2 * q2;
        y += u * of->modes[i].omega;
        xy += u * q2 * of->modes[i].omega;
        sums.n++;
    }
    double determinant = w * xx - x * x;
    if (!(determinant > 1e-12 * w * xx))
        return sums;
    sums.scale = (xx * y - x * xy) / determinant;
    sums.second = (w * xy - x * y) / determinant;
    cov[0] = sums.variance = xx / determinant;
    cov[1] = -x / determinant;
    cov[2] = w / determinant;
    for (size_t i = 0; i < of->n; i++)
        if (belongs(of, i))
            sums.chi2 += weight(of, i) * pow(of->modes[i].omega - sums.scale -
                                                 sums.second * of->modes[i].q * of->modes[i].q,
                                             2);
    return sums;
}

static struct sums fit_law(const struct members *of, enum ixs_branch_law law)
{
    double cov[3];
    if (law == IXS_BRANCH_CURVED)
        return fit_curved(of, cov);
    return fit_scale(of, law, law == IXS_BRANCH_SINE ? best_edge(of) : NAN);
}

/* The scatter at which chi2 is the degrees of freedom; 0 if chi2 is below them without any. */
static double find_scatter(struct members *of, enum ixs_branch_law law, double dof)
{
    double low = 0, high = 1e-3;
    of->scatter = 0;
    if (!(dof > 0) || fit_law(of, law).chi2 <= dof)
        return 0;
    for (of->scatter = high; fit_law(of, law).chi2 > dof && high < 1e3;)
        of->scatter = high *= 2;
    for (int step = 0; step < 40; step++) {
        of->scatter = (low + high) / 2;
        if (fit_law(of, law).chi2 > dof)
            low = of->scatter;
        else
            high = of->scatter;
    }
    return high;
}

static bool covariance(const struct members *of, const struct sums *sums, struct ixs_branch *out)
{
    switch (out->law) {
    case IXS_BRANCH_SINE:
        return sine_covariance(of, out);
    case IXS_BRANCH_CURVED:
        fit_curved(of, out->cov);
        return true;
    default:
        out->cov[0] = sums->variance;
        out->cov[2] = NAN;
        return true;
    }
}

bool ixs_branch_fit(size_t n, const struct ixs_branch_mode *modes, const long *chosen, long number,
                    enum ixs_branch_law law, struct ixs_branch *out)
{
    struct members of = {n, modes, chosen, number, 0};
    struct sums plain = fit_law(&of, law);
    bool two = law == IXS_BRANCH_SINE || law == IXS_BRANCH_CURVED;
    long dof = (long)plain.n - (two ? 2 : 1);
    *out = (struct ixs_branch){.law = law, .chi2 = plain.chi2, .dof = dof, .nmodes = plain.n};
    if (dof < 0 || !(plain.variance > 0))
        return false;
    out->scatter = of.scatter = find_scatter(&of, law, (double)dof);
    struct sums sums = fit_law(&of, law);
    out->p[0] = sums.scale;
    out->p[1] = sums.second;
    return covariance(&of, &sums, out);
}
