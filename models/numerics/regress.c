/* SPDX-License-Identifier: GPL-3.0-or-later
 * A law of a few parameters through values and limits.
 *
 * A limit adds -2 ln Phi(z), z = z1 + (law - y)/error, whose rise at law = y is 1 as the deviance's
 * is there: Phi(z1) = exp(-1/2). Its expected curvature is taken as h (h + z), h = phi(z)/Phi(z).
 * Values whose errors vary together are whitened (models/numerics/whiten.h); a scatter is each
 * one's own.
 */
#include "models/numerics/regress.h"

#include "models/numerics/cholesky.h"
#include "models/numerics/whiten.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_erf.h>
#include <math.h>
#include <string.h>

static const double z_limit = 0.2701; /* Phi(z_limit) = exp(-1/2) */
static const double demand = 0.05;    /* chance of chi squared below which a scatter is added */
/* In errors; so far below a limit nothing is left to add, and GSL calls that an underflow. */
static const double far_below = 37;

struct pull { /* of one point: -2 ln L, and by the law half its slope and half its curvature */
    double rise, slope, curvature;
};

static struct pull pull_of(const struct ixs_regress_point *point, double value, double scatter)
{
    double off = value - point->y, side = off > 0 ? point->above : point->below;
    double err = sqrt(side * side + scatter * scatter);
    if (!point->limit)
        return (struct pull){off * off / (err * err), off / (err * err), 1 / (err * err)};
    double z = fmin(z_limit + off / err, far_below), hazard = gsl_sf_hazard(-z);
    return (struct pull){-2 * gsl_sf_log_erfc(-z * M_SQRT1_2) + 2 * M_LN2, -hazard / err,
                         hazard * (hazard + z) / (err * err)};
}

double ixs_regress_rise(const struct ixs_regress_point *point, double value, double scatter)
{
    return pull_of(point, value, scatter).rise;
}

/* ---- values that vary together --------------------------------------------------------------- */

/* What of the error of a point is not the scatter. */
static double share_of(const struct ixs_regress_point *point, double scatter)
{
    double err = 0.5 * (point->below + point->above);
    return err / sqrt(err * err + scatter * scatter);
}

/* The factor of the correlation with that scatter, for what follows. */
static void relate(const struct ixs_regress *task, double scatter)
{
    size_t n = task->n;
    if (task->kin == NULL)
        return;
    for (size_t i = 0; i < n; i++) {
        double share = share_of(&task->points[i], scatter);
        for (size_t k = 0; k <= i; k++)
            task->kin->room[i * n + k] =
                task->kin->correlation[i * n + k] * share * share_of(&task->points[k], scatter);
    }
    ixs_whiten_factor(n, task->kin->room, task->kin->first);
}

/* The values' residuals and the first m slopes of them, whitened: [1 + m][n]; limits are 0. */
static const double *whiten(const struct ixs_regress *task, const double *p, double scatter,
                            size_t m)
{
    size_t n = task->n;
    double slopes[IXS_REGRESS_MOST], *columns = task->kin->room + n * n;
    for (size_t i = 0; i < n; i++) {
        const struct ixs_regress_point *point = &task->points[i];
        double off = task->law(task->context, p, point->x, slopes) - point->y;
        double err = hypot(off > 0 ? point->above : point->below, scatter);
        columns[i] = point->limit ? 0 : off / err;
        for (size_t k = 0; k < m; k++)
            columns[(1 + k) * n + i] = point->limit ? 0 : slopes[k] / err;
    }
    for (size_t k = 0; k <= m; k++)
        ixs_whiten_apply(n, task->kin->room, task->kin->first, columns + k * n);
    return columns;
}

static double product(size_t n, const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* ---- minimum --------------------------------------------------------------------------------- */

static bool is_apart(const struct ixs_regress *task, size_t i)
{
    return task->kin == NULL || task->points[i].limit;
}

static double objective(const struct ixs_regress *task, const double *p, double scatter)
{
    double slopes[IXS_REGRESS_MOST], sum = 0;
    const double *r = task->kin != NULL ? whiten(task, p, scatter, 0) : NULL;
    for (size_t i = 0; i < task->n; i++) {
        double value = task->law(task->context, p, task->points[i].x, slopes);
        sum += is_apart(task, i) ? pull_of(&task->points[i], value, scatter).rise : 0;
    }
    return sum + (r != NULL ? product(task->n, r, r) : 0);
}

/* Half the gradient and half the curvature, lower triangle filled on both sides. */
static void normal_equations(const struct ixs_regress *task, const double *p, double scatter,
                             double *gradient, double *matrix)
{
    size_t m = task->nparameters;
    double slopes[IXS_REGRESS_MOST];
    memset(gradient, 0, m * sizeof *gradient);
    memset(matrix, 0, m * m * sizeof *matrix);
    for (size_t i = 0; i < task->n; i++) {
        double value = task->law(task->context, p, task->points[i].x, slopes);
        struct pull pull = pull_of(&task->points[i], value, scatter);
        for (size_t k = 0; k < m && is_apart(task, i); k++) {
            gradient[k] += pull.slope * slopes[k];
            for (size_t l = 0; l < m; l++)
                matrix[k * m + l] += pull.curvature * slopes[k] * slopes[l];
        }
    }
    const double *r = task->kin != NULL ? whiten(task, p, scatter, m) : NULL;
    for (size_t k = 0; k < m && r != NULL; k++) {
        gradient[k] += product(task->n, r + (1 + k) * task->n, r);
        for (size_t l = 0; l < m; l++)
            matrix[k * m + l] += product(task->n, r + (1 + k) * task->n, r + (1 + l) * task->n);
    }
}

/* One step with this damping; false if the matrix is singular even so. */
static bool step_from(size_t m, const double *p, const double *gradient, const double *matrix,
                      double damping, double *next)
{
    double damped[IXS_REGRESS_MOST * IXS_REGRESS_MOST], step[IXS_REGRESS_MOST];
    memcpy(damped, matrix, m * m * sizeof *damped);
    for (size_t k = 0; k < m; k++) {
        damped[k * m + k] *= 1 + damping;
        step[k] = -gradient[k];
    }
    if (ixs_cholesky(m, damped, 0) < m)
        return false;
    ixs_cholesky_solve(m, damped, step);
    for (size_t k = 0; k < m; k++)
        next[k] = p[k] + step[k];
    return true;
}

static double minimise(const struct ixs_regress *task, double *p, double scatter)
{
    enum { MOST_STEPS = 60 };
    size_t m = task->nparameters;
    double gradient[IXS_REGRESS_MOST], matrix[IXS_REGRESS_MOST * IXS_REGRESS_MOST];
    relate(task, scatter);
    double next[IXS_REGRESS_MOST], damping = 1e-9, best = objective(task, p, scatter);
    for (int step = 0; step < MOST_STEPS && damping < 1e9; step++) {
        normal_equations(task, p, scatter, gradient, matrix);
        double there = step_from(m, p, gradient, matrix, damping, next)
                           ? objective(task, next, scatter)
                           : (double)NAN;
        if (!(there <= best)) {
            damping = damping < 1e-6 ? 1e-3 : 10 * damping;
            continue;
        }
        bool done = best - there <= 1e-12 * (1 + best);
        memcpy(p, next, m * sizeof *p);
        best = there;
        damping *= 0.1;
        if (done)
            break;
    }
    return best;
}

static bool invert(const struct ixs_regress *task, const double *p, double scatter, double *cov)
{
    size_t m = task->nparameters;
    double gradient[IXS_REGRESS_MOST], matrix[IXS_REGRESS_MOST * IXS_REGRESS_MOST];
    double scale[IXS_REGRESS_MOST], column[IXS_REGRESS_MOST];
    relate(task, scatter);
    normal_equations(task, p, scatter, gradient, matrix);
    for (size_t k = 0; k < m; k++) {
        double root = sqrt(matrix[k * m + k]);
        if (!(root > 0))
            return false;
        scale[k] = 1 / root;
    }
    for (size_t k = 0; k < m; k++)
        for (size_t l = 0; l < m; l++)
            matrix[k * m + l] *= scale[k] * scale[l];
    if (ixs_cholesky(m, matrix, 1e-12) < m)
        return false;
    for (size_t k = 0; k < m; k++) {
        memset(column, 0, sizeof column);
        column[k] = 1;
        ixs_cholesky_solve(m, matrix, column);
        for (size_t l = 0; l < m; l++)
            cov[l * m + k] = column[l] * scale[k] * scale[l];
    }
    return true;
}

/* After a minimum with that scatter. */
static double chi_squared(const struct ixs_regress *task, const double *p, double scatter)
{
    double slopes[IXS_REGRESS_MOST], sum = 0;
    const double *r = task->kin != NULL ? whiten(task, p, scatter, 0) : NULL;
    if (r != NULL)
        return product(task->n, r, r);
    for (size_t i = 0; i < task->n; i++) {
        double value = task->law(task->context, p, task->points[i].x, slopes);
        sum += task->points[i].limit ? 0 : pull_of(&task->points[i], value, scatter).rise;
    }
    return sum;
}

/* The scatter at which chi squared is the degrees of freedom, the law at its best each time. */
static double find_scatter(const struct ixs_regress *task, const struct ixs_regression *plain,
                           double *p)
{
    double low = 0, high = INFINITY, dof = (double)plain->dof, trial = 0;
    if (task->exact || plain->dof < 1 || gsl_cdf_chisq_Q(plain->chi2, dof) > demand)
        return 0;
    for (size_t i = 0; i < task->n; i++)
        trial = fmax(trial, task->points[i].above);
    for (int step = 0; step < 80 && high - low > 1e-4 * low; step++) {
        minimise(task, p, trial);
        if (chi_squared(task, p, trial) > dof)
            low = trial;
        else
            high = trial;
        trial = isinf(high) ? 2 * trial : low > 0 ? sqrt(low * high) : high / 2;
        if (high < 1e-9)
            break;
    }
    return isinf(high) ? low : high;
}

bool ixs_regress_run(const struct ixs_regress *task, struct ixs_regression *out)
{
    out->nvalues = out->nlimits = 0;
    for (size_t i = 0; i < task->n; i++)
        *(task->points[i].limit ? &out->nlimits : &out->nvalues) += 1;
    out->dof = (long)out->nvalues - (long)task->nparameters;
    out->scatter = 0;
    if (out->dof < 0)
        return false;
    minimise(task, out->p, 0);
    out->chi2 = chi_squared(task, out->p, 0);
    out->scatter = find_scatter(task, out, out->p);
    if (out->scatter > 0)
        minimise(task, out->p, out->scatter);
    return isfinite(out->chi2) && invert(task, out->p, out->scatter, out->cov);
}

/* Half of the error below and half of that above, and the scatter. */
static double spread(const struct ixs_regress_point *point, double scatter)
{
    return hypot(0.5 * (point->below + point->above), scatter);
}

void ixs_regress_weigh(const struct ixs_regress *task, double scatter, double *x)
{
    relate(task, scatter);
    for (size_t i = 0; i < task->n; i++)
        x[i] = task->points[i].limit ? 0 : x[i] / spread(&task->points[i], scatter);
    if (task->kin != NULL)
        ixs_whiten_solve(task->n, task->kin->room, task->kin->first, x);
    for (size_t i = 0; i < task->n; i++)
        x[i] /= spread(&task->points[i], scatter);
}

double ixs_regress_variance(size_t nparameters, const double *cov, const double *slopes)
{
    double sum = 0;
    for (size_t k = 0; k < nparameters; k++)
        for (size_t l = 0; l < nparameters; l++)
            sum += slopes[k] * cov[k * nparameters + l] * slopes[l];
    return sum;
}

double ixs_regress_aicc(const struct ixs_regression *fit, size_t nparameters)
{
    double k = (double)nparameters, n = (double)fit->nvalues;
    return n > k + 1 ? n * log1p(fit->chi2 / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)
                     : (double)INFINITY;
}
