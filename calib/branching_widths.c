/* SPDX-License-Identifier: GPL-3.0-or-later
 * The linewidths of a branch: their weighted mean, and how they grow with q.
 */
#include "calib/branching.h"

#include "base/array.h"
#include "models/width_law.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void mean_width(struct ixs_dispersion_branch *row, const struct ixs_dispersion *from,
                       const struct ixs_branching_branch *branch)
{
    double weights = 0, sum = 0;
    for (size_t k = 0; k < branch->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[branch->rows[k]];
        if (strcmp(point->regime, "unresolved") == 0 || !(point->fwhm_err > 0))
            continue;
        double weight = 1 / (point->fwhm_err * point->fwhm_err);
        weights += weight;
        sum += weight * point->fwhm;
        row->nresolved++;
    }
    row->fwhm_mean = weights > 0 ? sum / weights : NAN;
    row->fwhm_mean_err = weights > 0 ? 1 / sqrt(weights) : NAN;
}

/* What the widths tell of a law: points[n], *limits of them unresolved. Nothing where one is not
 * resolved and has no limit either (the response is not the beamtime's own): those that are would
 * tell a law of the widest. */
static size_t take_widths(const struct ixs_dispersion *from,
                          const struct ixs_branching_branch *branch,
                          struct ixs_regress_point *points, size_t *limits)
{
    size_t n = 0;
    *limits = 0;
    for (size_t k = 0; k < branch->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[branch->rows[k]];
        const struct ixs_width width = {point->position,
                                        point->fwhm,
                                        point->fwhm_lo,
                                        point->fwhm_hi,
                                        point->fwhm_err,
                                        point->fwhm_ul90,
                                        strcmp(point->regime, "unresolved") == 0};
        if (!isfinite(point->omega0_err))
            continue;
        if (width.limit && isnan(width.ul90))
            return 0;
        if (!ixs_width_point(&width, &points[n]))
            continue;
        n++;
        *limits += width.limit ? 1 : 0;
    }
    return n;
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
    struct ixs_regress_point *points = NULL;
    struct ixs_width_law law;
    size_t limits;
    row->fwhm_scale = row->fwhm_scale_err = row->fwhm_power = row->fwhm_power_err = NAN;
    row->fwhm_q = NAN;
    mean_width(row, out, branch);
    bool ok = IXS_NEW(points, branch->n, err);
    size_t n = ok ? take_widths(out, branch, points, &limits) : 0;
    if (ok && ixs_width_law_fit(n, points, limits, &law))
        ok = record_law(out, row, &law, err);
    free(points);
    return ok;
}
