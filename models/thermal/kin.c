/* SPDX-License-Identifier: GPL-3.0-or-later
 * Figures of several temperatures that vary together because they were fitted together: one that
 * is shared is one datum, which is compared with the mean of the law over its temperatures; the
 * others are whitened (models/numerics/whiten.h), to first order in what OMEGA0 and FWHM are off.
 */
#include "models/thermal/inside.h"

#include "models/numerics/whiten.h"

#include <math.h>
#include <string.h>

struct figure { /* a residual: of which point, which of its, and how it goes with OMEGA0 and FWHM */
    size_t point, which;
    double by[2]; /* in their errors */
};

/* Of a rate OMEGA0^2/FWHM: that of its logarithm. */
static void rate_by(const struct ixs_thermal_point *point, double by[2])
{
    double o = 2.0 * point->omega0_err / point->omega0, g = point->fwhm_err / point->fwhm;
    double norm = sqrt(o * o + g * g - 2.0 * point->correlation * o * g);
    by[0] = norm > 0.0 ? o / norm : 0.0;
    by[1] = norm > 0.0 ? -g / norm : 0.0;
}

/* What is left of a figure beside another one. */
static void beside(double rho, const double other[2], double by[2])
{
    double of = isfinite(rho) ? fmin(fmax(rho, -0.99), 0.99) : 0.0;
    for (int a = 0; a < 2; a++)
        by[a] = (by[a] - of * other[a]) / sqrt(1.0 - of * of);
}

/* The figures of a point in the order of ixs_thermal_residuals. */
static size_t figures_of(const struct ixs_thermal_point *point, size_t i, struct figure out[2])
{
    out[0] = (struct figure){i, 0, {1.0, 0.0}};
    out[1] = (struct figure){i, 1, {0.0, 1.0}};
    switch (point->told) {
    case IXS_THERMAL_BOTH:
        beside(point->correlation, out[0].by, out[1].by);
        return 2;
    case IXS_THERMAL_LIMIT:
        return 2;
    case IXS_THERMAL_DAMPED:
        rate_by(point, out[0].by);
        out[1].by[1] = -1.0;
        beside(ixs_thermal_damped_correlation(point), out[0].by, out[1].by);
        return 2;
    case IXS_THERMAL_RELAXATION:
        rate_by(point, out[0].by);
        return 1;
    default:
        return 0;
    }
}

static double correlation(const struct ixs_thermal_kin *kin, size_t i, int a, size_t k, int b)
{
    return kin->correlation[(2 * i + (size_t)a) * 2 * kin->n + 2 * k + (size_t)b];
}

static double together(const struct ixs_thermal_kin *kin, const struct figure *one,
                       const struct figure *other)
{
    double sum = 0.0;
    if (one->point == other->point)
        return one->which == other->which ? 1.0 : 0.0;
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++)
            if (one->by[a] != 0.0 && other->by[b] != 0.0)
                sum += one->by[a] * other->by[b] * correlation(kin, one->point, a, other->point, b);
    return isfinite(sum) ? fmin(fmax(sum, -1.0), 1.0) : 0.0;
}

/* Whether two figures of the same kind are one value. */
static bool is_same(const struct ixs_thermal_kin *kin, const struct ixs_thermal_point *points,
                    const struct figure *one, const struct figure *other)
{
    size_t i = one->point, k = other->point;
    bool damped = points[i].told == IXS_THERMAL_DAMPED || points[i].told == IXS_THERMAL_RELAXATION;
    bool omega0 = correlation(kin, i, 0, k, 0) >= 1.0, fwhm = correlation(kin, i, 1, k, 1) >= 1.0;
    if (points[i].told != points[k].told || one->which != other->which)
        return false;
    return damped ? omega0 && fwhm : one->which == 0 ? omega0 : fwhm;
}

/* Which figures are one datum. */
static void gather(struct ixs_thermal_relation *out, const struct figure *figures,
                   const struct ixs_thermal_point *points)
{
    const struct ixs_thermal_kin *kin = out->kin;
    for (size_t r = 0; r < out->nraw; r++) {
        size_t s = 0;
        out->point[r] = figures[r].point;
        memcpy(out->by[r], figures[r].by, sizeof out->by[r]);
        while (kin != NULL && s < r && !is_same(kin, points, &figures[s], &figures[r]))
            s++;
        bool met = kin != NULL && s < r;
        out->group[r] = met ? out->group[s] : out->n++;
        out->size[out->group[r]] = met ? out->size[out->group[r]] + 1 : 1;
    }
}

/* The correlations of the data, each the mean of its figures, and the data's errors. */
static void correlate(const struct ixs_thermal_relation *relation, const struct figure *figures,
                      double *matrix, double *scale)
{
    size_t n = relation->n;
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t r = 0; r < relation->nraw; r++)
        for (size_t s = 0; s < relation->nraw; s++) {
            size_t g = relation->group[r], h = relation->group[s];
            matrix[g * n + h] += together(relation->kin, &figures[r], &figures[s]) /
                                 ((double)relation->size[g] * (double)relation->size[h]);
        }
    for (size_t g = 0; g < n; g++)
        scale[g] = sqrt(fmax(matrix[g * (n + 1)], 1e-3));
    for (size_t g = 0; g < n; g++)
        for (size_t h = 0; h < n; h++)
            matrix[g * n + h] /= scale[g] * scale[h];
}

void ixs_thermal_relate(struct ixs_thermal_relation *out, size_t n,
                        const struct ixs_thermal_point *points)
{
    struct figure figures[IXS_THERMAL_MOST_DATA];
    const struct ixs_thermal_kin *kin = out->kin = n > 0 ? points[0].kin : NULL;
    out->nraw = out->n = 0;
    for (size_t i = 0; i < n; i++)
        out->nraw += figures_of(&points[i], i, &figures[out->nraw]);
    gather(out, figures, points);
    if (kin == NULL)
        return;
    correlate(out, figures, kin->room, kin->room + 4 * kin->n * kin->n);
    ixs_whiten_factor(out->n, kin->room, kin->first);
}

void ixs_thermal_whiten(const struct ixs_thermal_relation *relation, double *r)
{
    const struct ixs_thermal_kin *kin = relation->kin;
    double merged[IXS_THERMAL_MOST_DATA] = {0};
    if (kin == NULL)
        return;
    const double *scale = kin->room + 4 * kin->n * kin->n;
    for (size_t i = 0; i < relation->nraw; i++) {
        size_t g = relation->group[i];
        merged[g] += r[i] / ((double)relation->size[g] * scale[g]);
    }
    ixs_whiten_apply(relation->n, kin->room, kin->first, merged);
    memcpy(r, merged, relation->n * sizeof *r);
}
