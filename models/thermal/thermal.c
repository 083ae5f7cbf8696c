/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laws of OMEGA0 and FWHM fitted to what each temperature tells: Levenberg-Marquardt on at most six
 * parameters, derivatives by differences.
 */
#include "models/thermal/inside.h"

#include "base/array.h"
#include "models/numerics/cholesky.h"
#include "models/evidence/select.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

struct problem {
    size_t n;
    const struct ixs_thermal_point *points;
    const struct ixs_thermal_fit *fit;
    const struct ixs_thermal_relation *relation;
};

enum { MOST_DATA = IXS_THERMAL_MOST_DATA };

static size_t residuals(const struct problem *problem, const double *p, double *out)
{
    size_t count = 0;
    for (size_t i = 0; i < problem->n; i++) {
        double kelvin = problem->points[i].kelvin;
        count +=
            ixs_thermal_residuals(&problem->points[i], ixs_thermal_omega(problem->fit, p, kelvin),
                                  ixs_thermal_width(problem->fit, p, kelvin), out + count);
    }
    ixs_thermal_whiten(problem->relation, out);
    return problem->relation->n;
}

/* ---- least squares --------------------------------------------------------------------------- */

static double square(size_t n, const double *r)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += r[i] * r[i];
    return sum;
}

struct normal { /* J^T J and J^T r */
    double matrix[IXS_THERMAL_MOST * IXS_THERMAL_MOST], vector[IXS_THERMAL_MOST];
};

/* Slopes of the residuals by each parameter, by differences over 1e-5 of its scale. */
static void differentiate(const struct problem *problem, const double *p, const double *scale,
                          double slopes[][MOST_DATA])
{
    double trial[IXS_THERMAL_MOST];
    size_t m = problem->fit->nparameters;
    memcpy(trial, p, m * sizeof *trial);
    for (size_t k = 0; k < m; k++) {
        double step = 1e-5 * scale[k], low[MOST_DATA];
        trial[k] = p[k] + step;
        size_t n = residuals(problem, trial, slopes[k]);
        trial[k] = p[k] - step;
        residuals(problem, trial, low);
        for (size_t i = 0; i < n; i++)
            slopes[k][i] = (slopes[k][i] - low[i]) / (2.0 * step);
        trial[k] = p[k];
    }
}

static void linearise(const struct problem *problem, const double *p, const double *scale,
                      struct normal *out)
{
    double slopes[IXS_THERMAL_MOST][MOST_DATA], r[MOST_DATA];
    size_t m = problem->fit->nparameters, n = residuals(problem, p, r);
    differentiate(problem, p, scale, slopes);
    for (size_t a = 0; a < m; a++) {
        out->vector[a] = 0.0;
        for (size_t i = 0; i < n; i++)
            out->vector[a] += slopes[a][i] * r[i];
        for (size_t b = 0; b < m; b++) {
            out->matrix[a * m + b] = 0.0;
            for (size_t i = 0; i < n; i++)
                out->matrix[a * m + b] += slopes[a][i] * slopes[b][i];
        }
    }
}

/* Solves (matrix with its diagonal raised by `damping`) step = vector; in units of the diagonal, so
 * that a pivot says how far the parameters are told apart. */
static bool solve(size_t m, const struct normal *normal, double damping, double *step)
{
    double matrix[IXS_THERMAL_MOST * IXS_THERMAL_MOST], unit[IXS_THERMAL_MOST];
    for (size_t a = 0; a < m; a++)
        if (!((unit[a] = sqrt(normal->matrix[a * m + a])) > 0.0) || !isfinite(unit[a]))
            return false;
    for (size_t a = 0; a < m; a++) {
        for (size_t b = 0; b < m; b++)
            matrix[a * m + b] = normal->matrix[a * m + b] / (unit[a] * unit[b]);
        matrix[a * m + a] += damping;
        step[a] /= unit[a];
    }
    if (ixs_cholesky(m, matrix, 1e-10) < m)
        return false;
    ixs_cholesky_solve(m, matrix, step);
    for (size_t a = 0; a < m; a++)
        step[a] /= unit[a];
    return true;
}

static bool descend(const struct problem *problem, double *p, const double *scale, double *chi2)
{
    double r[MOST_DATA], damping = 1e-3;
    size_t m = problem->fit->nparameters;
    *chi2 = square(residuals(problem, p, r), r);
    for (int turn = 0; turn < 200 && damping < 1e12; turn++) {
        struct normal normal;
        double step[IXS_THERMAL_MOST], trial[IXS_THERMAL_MOST];
        linearise(problem, p, scale, &normal);
        memcpy(step, normal.vector, m * sizeof *step);
        if (!solve(m, &normal, damping, step))
            return false;
        for (size_t k = 0; k < m; k++)
            trial[k] = p[k] - step[k];
        double next = square(residuals(problem, trial, r), r);
        damping = next < *chi2 ? 0.1 * damping : 10.0 * damping;
        if (!(next < *chi2))
            continue;
        double gain = *chi2 - next;
        memcpy(p, trial, m * sizeof *p);
        *chi2 = next;
        if (gain < 1e-10 * (1.0 + next))
            break;
    }
    return isfinite(*chi2);
}

static bool invert(const struct problem *problem, const double *scale, struct ixs_thermal_fit *out)
{
    struct normal normal;
    size_t m = out->nparameters;
    linearise(problem, out->p, scale, &normal);
    for (size_t k = 0; k < m; k++) {
        double column[IXS_THERMAL_MOST] = {0};
        column[k] = 1.0;
        if (!solve(m, &normal, 0.0, column))
            return false;
        for (size_t i = 0; i < m; i++)
            out->cov[i * m + k] = column[i];
    }
    return true;
}

/* ---- starts ---------------------------------------------------------------------------------- */

static bool tells_energy(const struct ixs_thermal_point *point)
{
    return point->told == IXS_THERMAL_BOTH || point->told == IXS_THERMAL_DAMPED ||
           point->told == IXS_THERMAL_LIMIT;
}

struct usual { /* what the points say without any law */
    double omega, width, coldest;
    size_t energies, any;
};

static struct usual usual_of(size_t n, const struct ixs_thermal_point *points, double *kelvin_ref)
{
    struct usual usual = {.coldest = INFINITY};
    double logarithms = 0.0;
    size_t nwidths = 0;
    for (size_t i = 0; i < n; i++) {
        if (points[i].told == IXS_THERMAL_NOTHING || points[i].told == IXS_THERMAL_OUTLIER)
            continue;
        logarithms += log(points[i].kelvin);
        usual.any++;
        if (!tells_energy(&points[i]))
            continue;
        usual.omega += points[i].omega0;
        usual.width += fmax(points[i].fwhm, 0.3 * points[i].fwhm_hi);
        usual.coldest = fmin(usual.coldest, points[i].kelvin);
        nwidths++;
    }
    *kelvin_ref = exp(logarithms / (double)usual.any);
    usual.energies = nwidths;
    usual.omega /= (double)nwidths;
    usual.width /= (double)nwidths;
    return usual;
}

static double coldest_energy(size_t n, const struct ixs_thermal_point *points, double kelvin)
{
    for (size_t i = 0; i < n; i++)
        if (tells_energy(&points[i]) && points[i].kelvin <= kelvin)
            return points[i].omega0;
    return (double)NAN;
}

/* The last term alone is as large as the quantity usually is, the others 0 (a power: none). */
static void start_law(const struct ixs_thermal_fit *fit, enum ixs_thermal_law law, double usual,
                      bool is_width, double *p, double *scale)
{
    struct ixs_thermal_fit one = *fit;
    size_t terms = ixs_thermal_terms(law);
    size_t held = law == IXS_THERMAL_POWER || !is_width ? 0 : terms - 1;
    one.omega_law = law;
    for (size_t k = 0; k < terms; k++) {
        double only[IXS_THERMAL_MOST_TERMS] = {0};
        only[k] = 1.0;
        bool power = law == IXS_THERMAL_POWER;
        scale[k] =
            power ? (k == 0 ? usual : 1.0) : usual / ixs_thermal_omega(&one, only, fit->kelvin_ref);
        p[k] = k == held ? scale[k] : 0.0;
    }
    if (law == IXS_THERMAL_POWER && is_width)
        p[1] = 1.0;
}

static bool fit_from(size_t n, const struct ixs_thermal_point *points, const struct usual *usual,
                     struct ixs_thermal_fit *out)
{
    double scale[IXS_THERMAL_MOST] = {0}, r[MOST_DATA];
    size_t first = ixs_thermal_terms(out->omega_law);
    struct ixs_thermal_relation relation;
    struct problem problem = {n, points, out, &relation};
    ixs_thermal_relate(&relation, n, points);
    start_law(out, out->omega_law, usual->omega, false, out->p, scale);
    start_law(out, out->width_law, usual->width, true, out->p + first, scale + first);
    out->ndata = residuals(&problem, out->p, r);
    out->dof = (long)out->ndata - (long)out->nparameters;
    if (out->dof < 0 || !descend(&problem, out->p, scale, &out->chi2) ||
        !invert(&problem, scale, out))
        return false;
    out->p_value = out->dof > 0 ? gsl_cdf_chisq_Q(out->chi2, (double)out->dof) : (double)NAN;
    out->aicc = ixs_select_aicc(out->chi2, out->ndata, out->nparameters);
    return true;
}

bool ixs_thermal_fit(size_t n, const struct ixs_thermal_point *points,
                     enum ixs_thermal_law omega_law, enum ixs_thermal_law width_law,
                     struct ixs_thermal_fit *out)
{
    *out = (struct ixs_thermal_fit){.omega_law = omega_law, .width_law = width_law};
    struct usual usual = usual_of(n, points, &out->kelvin_ref);
    out->nparameters = ixs_thermal_terms(omega_law) + ixs_thermal_terms(width_law);
    if (n > IXS_THERMAL_MOST_POINTS || usual.energies == 0)
        return false;
    out->omega_ref = coldest_energy(n, points, usual.coldest);
    return fit_from(n, points, &usual, out);
}

/* J^T u of what the residuals of a point change by, times the covariance. */
static void follow_one(const struct problem *problem, double slopes[][MOST_DATA], size_t point,
                       int figure, double *out, size_t stride)
{
    const struct ixs_thermal_relation *relation = problem->relation;
    const struct ixs_thermal_fit *fit = problem->fit;
    size_t m = fit->nparameters;
    double r[MOST_DATA], gradient[IXS_THERMAL_MOST] = {0};
    for (size_t d = 0; d < relation->nraw; d++)
        r[d] = relation->point[d] == point ? relation->by[d][figure] : 0.0;
    ixs_thermal_whiten(relation, r);
    for (size_t k = 0; k < m; k++)
        for (size_t d = 0; d < relation->n; d++)
            gradient[k] += slopes[k][d] * r[d];
    for (size_t k = 0; k < m; k++) {
        out[k * stride] = 0.0;
        for (size_t l = 0; l < m; l++)
            out[k * stride] += fit->cov[k * m + l] * gradient[l];
    }
}

void ixs_thermal_follow_data(const struct ixs_thermal_fit *fit, size_t n,
                             const struct ixs_thermal_point *points, double *out)
{
    struct ixs_thermal_relation relation;
    const struct problem problem = {n, points, fit, &relation};
    double slopes[IXS_THERMAL_MOST][MOST_DATA], scale[IXS_THERMAL_MOST];
    ixs_thermal_relate(&relation, n, points);
    for (size_t k = 0; k < fit->nparameters; k++)
        scale[k] = sqrt(fit->cov[k * (fit->nparameters + 1)]);
    differentiate(&problem, fit->p, scale, slopes);
    for (size_t i = 0; i < n; i++)
        for (int figure = 0; figure < 2; figure++)
            follow_one(&problem, slopes, i, figure, out + 2 * i + (size_t)figure, 2 * n);
}
