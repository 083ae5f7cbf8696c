/* SPDX-License-Identifier: GPL-3.0-or-later
 * The laws of branches: values, slopes, fits, the choice among them.
 */
#include "models/branch/branch_law.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

struct shape { /* what a law is beside its parameters */
    enum ixs_branch_law law;
    size_t nterms;
    double edge;
};

const char *ixs_branch_law_word(enum ixs_branch_law law)
{
    static const char *const words[] = {"mean", "curved", "linear", "sine", "series", "karman"};
    return words[law];
}

bool ixs_branch_is_acoustic(enum ixs_branch_law law)
{
    return law != IXS_BRANCH_MEAN && law != IXS_BRANCH_CURVED;
}

/* (2 z/pi) sin(pi q/(2 z)) and its slope by 1/z; a line where 1/z is 0. */
static double bend(double q, double inverse, double *by_inverse)
{
    double a = IXS_PI / 2, x = a * inverse * q;
    double value = fabs(x) < 1e-4 ? q * (1 - x * x / 6) : sin(x) / (a * inverse);
    *by_inverse =
        fabs(x) < 1e-4 ? -a * a * q * q * q * inverse / 3 : (q * cos(x) - value) / inverse;
    return value;
}

static double series(const struct shape *shape, const double *p, double q, double *slopes)
{
    double sum = 0;
    for (size_t k = 0; k < shape->nterms; k++) {
        slopes[k] = sin((2 * (double)k + 1) * IXS_PI * q / (2 * shape->edge));
        sum += p[k] * slopes[k];
    }
    return sum;
}

static double karman(const struct shape *shape, const double *p, double q, double *slopes)
{
    double sum = 0;
    for (size_t k = 0; k < shape->nterms; k++) {
        double half = sin(((double)k + 1) * IXS_PI * q / (2 * shape->edge));
        slopes[k] = 2 * half * half;
        sum += p[k] * slopes[k];
    }
    double value = sqrt(sum);
    for (size_t k = 0; k < shape->nterms; k++)
        slopes[k] = value > 0 ? slopes[k] / (2 * value) : 0;
    return value;
}

/* The parameters of the fit: p of the header, but 1/z instead of z. */
static double value_of(const void *context, const double *p, double q, double *slopes)
{
    const struct shape *shape = context;
    double by_inverse, value;
    switch (shape->law) {
    case IXS_BRANCH_MEAN:
        slopes[0] = 1;
        return p[0];
    case IXS_BRANCH_CURVED:
        slopes[0] = 1;
        slopes[1] = q * q;
        return p[0] + p[1] * q * q;
    case IXS_BRANCH_LINEAR:
        slopes[0] = q;
        return p[0] * q;
    case IXS_BRANCH_SINE:
        value = bend(q, p[1], &by_inverse);
        slopes[0] = value;
        slopes[1] = p[0] * by_inverse;
        return p[0] * value;
    case IXS_BRANCH_SERIES:
        return series(shape, p, q, slopes);
    case IXS_BRANCH_KARMAN:
        return karman(shape, p, q, slopes);
    }
    return NAN;
}

/* Value and slopes by the parameters of the header. */
static double at(const struct ixs_branch *branch, double q, double *slopes)
{
    const struct shape shape = {branch->law, branch->nterms, branch->edge};
    double p[IXS_BRANCH_MOST_TERMS];
    memcpy(p, branch->p, sizeof p);
    if (branch->law == IXS_BRANCH_SINE)
        p[1] = 1 / p[1];
    double value = value_of(&shape, p, q, slopes);
    if (branch->law == IXS_BRANCH_SINE)
        slopes[1] *= -p[1] * p[1];
    return value;
}

double ixs_branch_energy(const struct ixs_branch *branch, double q)
{
    double slopes[IXS_BRANCH_MOST_TERMS];
    return at(branch, q, slopes);
}

double ixs_branch_energy_error(const struct ixs_branch *branch, double q)
{
    double slopes[IXS_BRANCH_MOST_TERMS];
    at(branch, q, slopes);
    return sqrt(fmax(0, ixs_regress_variance(branch->nterms, branch->cov, slopes)));
}

/* Differences over 1e-4 of a typical q: an acoustic law is odd in q. */
double ixs_branch_slope(const struct ixs_branch *branch, double q, double *err)
{
    double low[IXS_BRANCH_MOST_TERMS] = {0}, high[IXS_BRANCH_MOST_TERMS] = {0};
    double step = 1e-4 * (q > 0 ? q : 0.1), from = q > 0 ? q - step : 0, width = q + step - from;
    double value = at(branch, q + step, high), before = q > 0 ? at(branch, from, low) : 0;
    if (!ixs_branch_is_acoustic(branch->law) && !(q > 0)) {
        if (err != NULL)
            *err = 0;
        return 0;
    }
    for (size_t k = 0; k < branch->nterms; k++)
        high[k] = (high[k] - (q > 0 ? low[k] : 0)) / width;
    if (err != NULL)
        *err = sqrt(fmax(0, ixs_regress_variance(branch->nterms, branch->cov, high)));
    return (value - before) / width;
}

void ixs_branch_follow(const struct ixs_branch *branch, size_t n,
                       const struct ixs_regress_point *modes, const struct ixs_regress_kin *kin,
                       double *out)
{
    const struct ixs_regress task = {.n = n, .points = modes, .kin = kin};
    double by[IXS_BRANCH_MOST_TERMS] = {0}, slopes[IXS_BRANCH_MOST_TERMS] = {0};
    const double step = 1e-5; /* as ixs_branch_slope */
    at(branch, step, by);
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
        at(branch, modes[i].x, slopes);
        for (size_t k = 0; k < branch->nterms && ixs_branch_is_acoustic(branch->law); k++)
            for (size_t l = 0; l < branch->nterms; l++)
                out[i] += by[k] / step * branch->cov[k * branch->nterms + l] * slopes[l];
    }
    ixs_regress_weigh(&task, branch->scatter, out);
}

static double largest_q(size_t n, const struct ixs_regress_point *modes)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, modes[i].x);
    return largest;
}

/* Where a law begins that is not linear in its parameters: its first one at its best with the
 * others at 0 (1/z as given). Energies are compared as such, or squared. */
static double scale_of(size_t n, const struct ixs_regress_point *modes, const struct shape *shape,
                       double inverse)
{
    double ff = 0, fy = 0, unused;
    for (size_t i = 0; i < n; i++) {
        double half = sin(IXS_PI * modes[i].x / (2 * shape->edge));
        bool squares = shape->law == IXS_BRANCH_KARMAN;
        double f = squares ? 2 * half * half : bend(modes[i].x, inverse, &unused);
        double y = squares ? modes[i].y * modes[i].y : modes[i].y;
        double err = modes[i].above * (squares ? 2 * modes[i].y : 1);
        if (modes[i].limit)
            continue;
        ff += f * f / (err * err);
        fy += f * y / (err * err);
    }
    return ff > 0 ? fy / ff : 0;
}

static double start_chi2(size_t n, const struct ixs_regress_point *modes, const double *p)
{
    const struct shape sine = {IXS_BRANCH_SINE, 2, NAN};
    double slopes[IXS_BRANCH_MOST_TERMS], sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += ixs_regress_rise(&modes[i], value_of(&sine, p, modes[i].x, slopes), 0);
    return sum;
}

static void start(size_t n, const struct ixs_regress_point *modes, const struct shape *shape,
                  double *p)
{
    double least = INFINITY, top = largest_q(n, modes);
    memset(p, 0, IXS_REGRESS_MOST * sizeof *p);
    if (shape->law == IXS_BRANCH_KARMAN)
        p[0] = scale_of(n, modes, shape, 0);
    for (int i = 1; shape->law == IXS_BRANCH_SINE && i <= 12; i++) {
        double inverse = 0.1 * i / top;
        double trial[2] = {scale_of(n, modes, shape, inverse), inverse};
        double chi2 = start_chi2(n, modes, trial);
        if (chi2 < least)
            memcpy(p, trial, sizeof trial);
        least = fmin(least, chi2);
    }
}

/* 1/z -> z, with its covariances. False if the modes tell no bend, or one that they are far beyond.
 */
static bool settle_sine(struct ixs_branch *out, double top)
{
    double inverse = fabs(out->p[1]), by = -1 / (inverse * inverse);
    if (!(inverse * top > 0.02) || inverse * top > 1.3)
        return false;
    by *= out->p[1] < 0 ? -1 : 1;
    out->p[1] = 1 / inverse;
    out->cov[1] *= by;
    out->cov[2] *= by;
    out->cov[3] *= by * by;
    return true;
}

/* The law to the points of a task; true if they determine it. */
static bool fit_shape(const struct ixs_regress *points, const struct shape *shape,
                      struct ixs_branch *out)
{
    enum ixs_branch_law law = shape->law;
    size_t n = points->n, nterms = shape->nterms;
    const struct ixs_regress_point *modes = points->points;
    struct ixs_regress task = *points;
    struct ixs_regression fit;
    task.nparameters = nterms;
    task.law = value_of;
    task.context = shape;
    start(n, modes, shape, fit.p);
    if (!ixs_regress_run(&task, &fit))
        return false;
    *out = (struct ixs_branch){.law = law, .nterms = nterms, .edge = shape->edge};
    memcpy(out->p, fit.p, nterms * sizeof *out->p);
    memcpy(out->cov, fit.cov, nterms * nterms * sizeof *out->cov);
    out->scatter = fit.scatter;
    out->chi2 = fit.chi2;
    out->dof = fit.dof;
    out->nmodes = fit.nvalues;
    out->nlimits = fit.nlimits;
    out->aicc = ixs_regress_aicc(&fit, nterms);
    return law != IXS_BRANCH_SINE || settle_sine(out, largest_q(n, modes));
}

bool ixs_branch_fit(size_t n, const struct ixs_regress_point *modes, enum ixs_branch_law law,
                    size_t nterms, double edge, struct ixs_branch *out)
{
    const struct ixs_regress points = {.n = n, .points = modes};
    return fit_shape(&points, &(const struct shape){law, nterms, edge}, out);
}

static const double more_by = 2; /* AICc that a law of more parameters has to be better by: where
                                    chance chooses, errors of what it chose are too small */

struct choice { /* the modes, and the best law so far */
    struct ixs_regress points;
    struct ixs_branch *best;
    bool any;
};

static void consider(struct choice *choice, enum ixs_branch_law law, size_t nterms, double edge)
{
    struct ixs_branch fit;
    if (!fit_shape(&choice->points, &(const struct shape){law, nterms, edge}, &fit))
        return;
    double margin = choice->any && nterms > choice->best->nterms ? more_by : 0;
    if (!choice->any || fit.aicc + margin < choice->best->aicc)
        *choice->best = fit;
    choice->any = true;
}

static void consider_terms(struct choice *choice, const struct ixs_branch_rules *rules,
                           enum ixs_branch_law law)
{
    size_t most = rules->most_terms > 0 && rules->most_terms < IXS_BRANCH_MOST_TERMS
                      ? rules->most_terms
                      : IXS_BRANCH_MOST_TERMS;
    for (size_t terms = 1; terms <= most; terms++)
        consider(choice, law, terms, rules->edge);
}

static void consider_acoustic(struct choice *choice, const struct ixs_branch_rules *rules)
{
    bool edge = rules->edge > 0, chosen = rules->chosen;
    bool terms = chosen && (rules->law == IXS_BRANCH_SERIES || rules->law == IXS_BRANCH_KARMAN);
    if (terms && edge) {
        consider_terms(choice, rules, rules->law);
        return;
    }
    if (!chosen || terms || rules->law == IXS_BRANCH_LINEAR)
        consider(choice, IXS_BRANCH_LINEAR, 1, NAN);
    if (!chosen && edge)
        consider_terms(choice, rules, IXS_BRANCH_KARMAN);
    else if (!chosen || terms || rules->law == IXS_BRANCH_SINE)
        consider(choice, IXS_BRANCH_SINE, 2, NAN);
}

bool ixs_branch_choose(size_t n, const struct ixs_regress_point *modes, enum ixs_branch_sort sort,
                       const struct ixs_branch_rules *rules, struct ixs_branch *out)
{
    struct choice choice = {{.n = n, .points = modes, .kin = rules->kin}, out, false};
    if (sort != IXS_BRANCH_OPTIC)
        consider_acoustic(&choice, rules);
    if (sort != IXS_BRANCH_ACOUSTIC) {
        consider(&choice, IXS_BRANCH_MEAN, 1, NAN);
        consider(&choice, IXS_BRANCH_CURVED, 2, NAN);
    }
    return choice.any;
}
