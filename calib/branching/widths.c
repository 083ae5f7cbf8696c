/* SPDX-License-Identifier: GPL-3.0-or-later
 * The linewidths of a branch: their weighted mean, and how they grow with q.
 */
#include "calib/branching/branching.h"

#include "base/array.h"
#include "models/branch/width_law.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct widths { /* what the widths of a branch tell; owns its arrays */
    size_t n, nlimits;
    struct ixs_regress_point *points; /* x is q; of one width, shared by several modes, the mean */
    size_t *of, *size;                /* the first mode of each, and how many have it */
    double *correlation;              /* [n^2] */
    struct ixs_regress_kin kin;
    bool related;
};

static bool make(struct widths *widths, size_t most, bool related, struct ixs_err *err)
{
    size_t square = related ? most * (most + 1 + IXS_REGRESS_MOST) : 0;
    widths->related = related;
    return IXS_NEW(widths->points, most, err) && IXS_NEW(widths->of, most, err) &&
           IXS_NEW(widths->size, most, err) && IXS_NEW(widths->correlation, square, err) &&
           IXS_NEW(widths->kin.room, square, err) && IXS_NEW(widths->kin.first, most, err);
}

static void dispose(struct widths *widths)
{
    free(widths->points);
    free(widths->of);
    free(widths->size);
    free(widths->correlation);
    free(widths->kin.room);
    free(widths->kin.first);
}

/* Adds the width of a mode, as a point, to those there are; true if it is a new one. */
static bool add_width(struct widths *widths, const struct ixs_kinship *kinship, size_t row,
                      const struct ixs_regress_point *point)
{
    for (size_t k = 0; widths->related && k < widths->n; k++) {
        if (!ixs_kinship_same(kinship, widths->of[k], row, IXS_KIN_FWHM))
            continue;
        widths->points[k].x += (point->x - widths->points[k].x) / (double)++widths->size[k];
        return false;
    }
    widths->of[widths->n] = row;
    widths->size[widths->n] = 1;
    widths->points[widths->n++] = *point;
    return true;
}

/* How the widths vary together; NULL where they do not. */
static const struct ixs_regress_kin *relate(struct widths *widths,
                                            const struct ixs_kinship *kinship)
{
    size_t n = widths->n;
    bool any = false;
    for (size_t i = 0; widths->related && i < n; i++)
        for (size_t k = 0; k < i; k++) {
            double of = ixs_kinship_correlation(kinship, widths->of[i], IXS_KIN_FWHM, widths->of[k],
                                                IXS_KIN_FWHM);
            widths->correlation[i * n + k] = widths->correlation[k * n + i] = of;
            any = any || of != 0;
        }
    widths->kin.correlation = widths->correlation;
    return any ? &widths->kin : NULL;
}

static double one_value(const void *context, const double *p, double x, double *slopes)
{
    (void)context;
    (void)x;
    slopes[0] = 1;
    return p[0];
}

static void mean_width(struct ixs_dispersion_branch *row, const struct ixs_dispersion *from,
                       const struct ixs_branching_branch *branch, struct widths *widths)
{
    struct ixs_regression fit = {0};
    widths->n = 0;
    for (size_t k = 0; k < branch->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[branch->rows[k]];
        const struct ixs_regress_point width = {point->position, point->fwhm, point->fwhm_err,
                                                point->fwhm_err, false};
        if (strcmp(point->regime, "unresolved") == 0 || !(point->fwhm_err > 0))
            continue;
        add_width(widths, branch->kinship, branch->rows[k], &width);
        row->nresolved++;
    }
    const struct ixs_regress task = {.n = widths->n,
                                     .points = widths->points,
                                     .nparameters = 1,
                                     .law = one_value,
                                     .exact = true,
                                     .kin = relate(widths, branch->kinship)};
    bool known = widths->n > 0 && ixs_regress_run(&task, &fit);
    row->fwhm_mean = known ? fit.p[0] : NAN;
    row->fwhm_mean_err = known ? sqrt(fit.cov[0]) : NAN;
}

/* What the widths tell of a law: *limits of them unresolved. Nothing where one is not resolved and
 * has no limit either (the response is not the beamtime's own): those that are would tell a law of
 * the widest. */
static void take_widths(const struct ixs_dispersion *from,
                        const struct ixs_branching_branch *branch, struct widths *widths)
{
    widths->n = widths->nlimits = 0;
    for (size_t k = 0; k < branch->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[branch->rows[k]];
        struct ixs_regress_point told;
        const struct ixs_width width = {point->position,
                                        point->fwhm,
                                        point->fwhm_lo,
                                        point->fwhm_hi,
                                        point->fwhm_err,
                                        point->fwhm_ul90,
                                        strcmp(point->regime, "unresolved") == 0};
        if (!isfinite(point->omega0_err))
            continue;
        if (width.limit && isnan(width.ul90)) {
            widths->n = 0;
            return;
        }
        if (ixs_width_point(&width, &told) &&
            add_width(widths, branch->kinship, branch->rows[k], &told))
            widths->nlimits += width.limit ? 1 : 0;
    }
}

static bool record_law(struct ixs_dispersion *out, struct ixs_dispersion_branch *row,
                       const struct ixs_width_law *law, struct ixs_err *err)
{
    static const char *const names[] = {"scale", "power"}, *const units[] = {"meV", ""};
    const struct ixs_dispersion_parameter like = {
        .branch = row->branch, .temperature = row->temperature, .component = "width"};
    const double both[2] = {law->scale, law->power}, s = law->scale;
    const double cov[4] = {s * s * law->cov[0], s * law->cov[1], s * law->cov[2], law->cov[3]};
    row->fwhm_scale = law->scale;
    row->fwhm_scale_err = sqrt(cov[0]);
    row->fwhm_power = law->power;
    row->fwhm_power_err = sqrt(cov[3]);
    row->fwhm_q = law->q0;
    row->nwidths = (int64_t)law->n;
    row->nwidth_limits = (int64_t)law->nlimits;
    const struct ixs_branching_values values = {2, names, units, both, cov};
    return ixs_branching_parameters(out, &like, &values, err);
}

bool ixs_branching_widths(struct ixs_dispersion *out, struct ixs_dispersion_branch *row,
                          const struct ixs_branching_branch *branch, struct ixs_err *err)
{
    struct widths widths = {0};
    struct ixs_width_law law;
    row->fwhm_scale = row->fwhm_scale_err = row->fwhm_power = row->fwhm_power_err = NAN;
    row->fwhm_q = row->fwhm_mean = row->fwhm_mean_err = NAN;
    bool ok = make(&widths, branch->n, ixs_kinship_any(branch->kinship), err);
    if (ok) {
        mean_width(row, out, branch, &widths);
        take_widths(out, branch, &widths);
    }
    if (ok && ixs_width_law_fit(widths.n, widths.points, relate(&widths, branch->kinship),
                                widths.nlimits, &law))
        ok = record_law(out, row, &law, err);
    dispose(&widths);
    return ok;
}
