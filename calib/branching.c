/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gathers modes into branches, temperature by temperature, and sums each branch up.
 */
#include "calib/branching.h"

#include "base/array.h"
#include "base/units.h"
#include "models/branches.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BRANCHES = 12 };

bool ixs_branching_add(struct ixs_dispersion *out, const struct ixs_fit *fit, struct ixs_err *err)
{
    size_t capacity = out->npoints;
    if (!ixs_grow(&out->points, &capacity, out->npoints + fit->nmodes, sizeof *out->points, err))
        return false;
    for (size_t i = 0; i < fit->nmodes; i++) {
        const struct ixs_fit_mode *mode = &fit->modes[i];
        const struct ixs_fit_identity *id = &mode->id;
        struct ixs_dispersion_point *row = &out->points[out->npoints++];
        *row = (struct ixs_dispersion_point){.temperature = id->temperature,
                                             .h = id->h,
                                             .k = id->k,
                                             .l = id->l,
                                             .g_h = id->g_h,
                                             .g_k = id->g_k,
                                             .g_l = id->g_l,
                                             .q_h = id->q_h,
                                             .q_k = id->q_k,
                                             .q_l = id->q_l,
                                             .q_reduced = id->q_reduced,
                                             .position = id->q_reduced,
                                             .mode = mode->mode,
                                             .omega0 = mode->omega0,
                                             .omega0_err = mode->omega0_err,
                                             .fwhm = mode->fwhm,
                                             .fwhm_err = mode->fwhm_err,
                                             .fwhm_ul90 = mode->fwhm_ul90,
                                             .strength = mode->strength,
                                             .strength_err = mode->strength_err};
        ixs_copy(row->source, sizeof row->source, id->source);
        ixs_copy(row->analyzer, sizeof row->analyzer, id->analyzer);
        ixs_copy(row->scans, sizeof row->scans, id->scans);
        ixs_copy(row->regime, sizeof row->regime, mode->regime);
        ixs_copy(row->status, sizeof row->status, mode->status);
        ixs_copy(row->response, sizeof row->response, id->response);
    }
    if (out->identity.kind[0] == '\0')
        out->identity = fit->identity;
    return true;
}

/* An overdamped mode has no energy of its own to follow, nor has one known to a third of itself. */
static bool takes_part(const struct ixs_dispersion_point *point)
{
    return isfinite(point->omega0) && point->omega0_err > 0 && point->q_reduced > 0 &&
           point->omega0_err < point->omega0 / 3 && strcmp(point->regime, "overdamped") != 0 &&
           strcmp(point->status, "not-converged") != 0 && strcmp(point->status, "no-data") != 0 &&
           strcmp(point->status, "undetermined") != 0;
}

static bool same_spectrum(const struct ixs_dispersion_point *a,
                          const struct ixs_dispersion_point *b)
{
    return strcmp(a->source, b->source) == 0 && strcmp(a->analyzer, b->analyzer) == 0 &&
           strcmp(a->scans, b->scans) == 0;
}

struct group { /* modes of one temperature */
    size_t n;
    struct ixs_branch_mode *modes; /* [npoints] */
    size_t *rows;                  /* their place in POINTS */
    long *chosen;
};

static bool group_make(struct group *group, size_t most, struct ixs_err *err)
{
    return IXS_NEW(group->modes, most, err) && IXS_NEW(group->rows, most, err) &&
           IXS_NEW(group->chosen, most, err);
}

static void group_dispose(struct group *group)
{
    free(group->modes);
    free(group->rows);
    free(group->chosen);
}

static bool close_enough(double a, double b, double warm)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= warm;
}

static void group_fill(struct group *group, const struct ixs_dispersion *from, bool *done,
                       size_t first, double warm)
{
    group->n = 0;
    for (size_t i = first; i < from->npoints; i++) {
        const struct ixs_dispersion_point *point = &from->points[i];
        if (done[i] || !close_enough(point->temperature, from->points[first].temperature, warm))
            continue;
        done[i] = true;
        if (!takes_part(point))
            continue;
        size_t spectrum = i;
        for (size_t k = 0; k < group->n && spectrum == i; k++)
            if (same_spectrum(&from->points[group->rows[k]], point))
                spectrum = group->modes[k].spectrum;
        group->rows[group->n] = i;
        group->modes[group->n++] =
            (struct ixs_branch_mode){spectrum, point->q_reduced, point->omega0, point->omega0_err};
    }
}

/* Weighted mean of the resolved linewidths. */
static void mean_width(struct ixs_dispersion_branch *row, const struct ixs_dispersion *from,
                       const struct group *group, long number)
{
    double weights = 0, sum = 0;
    for (size_t k = 0; k < group->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[group->rows[k]];
        if (group->chosen[k] != number || strcmp(point->regime, "unresolved") == 0 ||
            !(point->fwhm_err > 0))
            continue;
        double weight = 1 / (point->fwhm_err * point->fwhm_err);
        weights += weight;
        sum += weight * point->fwhm;
        row->nresolved++;
    }
    row->fwhm_mean = weights > 0 ? sum / weights : NAN;
    row->fwhm_mean_err = weights > 0 ? 1 / sqrt(weights) : NAN;
}

static void describe(struct ixs_dispersion_branch *row, const struct ixs_dispersion *from,
                     const struct group *group, long number)
{
    size_t used = 0;
    bool lent = false;
    row->q_lo = INFINITY;
    for (size_t k = 0; k < group->n; k++) {
        const struct ixs_dispersion_point *point = &from->points[group->rows[k]];
        char zone[49];
        if (group->chosen[k] != number)
            continue;
        row->q_lo = fmin(row->q_lo, point->q_reduced);
        row->q_hi = fmax(row->q_hi, point->q_reduced);
        lent = lent || strcmp(point->response, "good") != 0;
        snprintf(zone, sizeof zone, "(%g %g %g)", point->g_h, point->g_k, point->g_l);
        if (strstr(row->path, zone) != NULL || used + strlen(zone) + 2 > sizeof row->path)
            continue;
        used += (size_t)snprintf(row->path + used, sizeof row->path - used, "%s%s", used ? " " : "",
                                 zone);
    }
    snprintf(row->remark, sizeof row->remark,
             "%sdirections of q taken as equivalent; Q acceptance"
             " not taken off the linewidths",
             lent ? "response lent or nominal: no intrinsic linewidth; " : "");
}

static const char *law_word(enum ixs_branch_law law)
{
    static const char *const words[] = {"mean", "curved", "linear", "sine"};
    return words[law];
}

static void sum_up(struct ixs_dispersion_branch *row, const struct ixs_branch *law)
{
    bool acoustic = ixs_branch_is_acoustic(law->law), curved = law->law == IXS_BRANCH_CURVED;
    row->velocity = acoustic ? law->p[0] / IXS_MEV_A_PER_KM_S : NAN;
    row->velocity_err = acoustic ? sqrt(law->cov[0]) / IXS_MEV_A_PER_KM_S : NAN;
    row->omega_centre = acoustic ? NAN : law->p[0];
    row->omega_centre_err = acoustic ? NAN : sqrt(law->cov[0]);
    row->curvature = curved ? law->p[1] : NAN;
    row->curvature_err = curved ? sqrt(law->cov[2]) : NAN;
    row->omega_zone = row->omega_zone_err = NAN;
    row->scatter = law->scatter;
    row->chi2 = law->chi2;
    row->dof = law->dof;
    row->npoints = (int64_t)law->nmodes;
    ixs_copy(row->law, sizeof row->law, law_word(law->law));
    if (law->law == IXS_BRANCH_SINE) {
        double top = 2 / IXS_PI * law->p[0] * law->p[1], a = law->p[1], b = law->p[0];
        row->omega_zone = top;
        row->omega_zone_err =
            2 / IXS_PI *
            sqrt(fmax(0, a * a * law->cov[0] + 2 * a * b * law->cov[1] + b * b * law->cov[2]));
    }
}

static bool add_branches(struct ixs_dispersion *out, const struct group *group, size_t found,
                         const struct ixs_branch *laws, struct ixs_err *err)
{
    size_t first = out->nbranches, capacity = first;
    if (!ixs_grow(&out->branches, &capacity, first + found, sizeof *out->branches, err))
        return false;
    for (size_t b = 0; b < found; b++) {
        struct ixs_dispersion_branch *row = &out->branches[out->nbranches++];
        *row = (struct ixs_dispersion_branch){.branch = (int64_t)out->nbranches};
        sum_up(row, &laws[b]);
        describe(row, out, group, (long)b + 1);
        mean_width(row, out, group, (long)b + 1);
    }
    for (size_t k = 0; k < group->n; k++)
        if (group->chosen[k] > 0)
            out->points[group->rows[k]].branch = (int64_t)first + group->chosen[k];
    return true;
}

bool ixs_branching_find(struct ixs_dispersion *out, const struct ixs_branching *rules,
                        struct ixs_err *err)
{
    struct group group = {0};
    struct ixs_branch laws[MOST_BRANCHES];
    bool *done = NULL;
    bool ok = group_make(&group, out->npoints, err) && IXS_NEW(done, out->npoints, err);
    for (size_t first = 0; ok && first < out->npoints; first++) {
        if (done[first])
            continue;
        group_fill(&group, out, done, first, rules->warm);
        size_t found = ixs_branches_find(group.n, group.modes, rules->tolerance, MOST_BRANCHES,
                                         laws, group.chosen);
        ok = add_branches(out, &group, found, laws, err);
    }
    free(done);
    group_dispose(&group);
    return ok;
}
