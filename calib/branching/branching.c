/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gathers modes into branches, path by path and temperature by temperature.
 */
#include "calib/branching/branching.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct ixs_dispersion_point point_of(const struct ixs_fit_mode *mode)
{
    const struct ixs_fit_identity *id = &mode->id;
    struct ixs_dispersion_point row = {.temperature = id->temperature,
                                       .h = id->h,
                                       .k = id->k,
                                       .l = id->l,
                                       .g_h = id->g_h,
                                       .g_k = id->g_k,
                                       .g_l = id->g_l,
                                       .q_h = id->q_h,
                                       .q_k = id->q_k,
                                       .q_l = id->q_l,
                                       .q = id->q,
                                       .scale_err = id->scale_err,
                                       .q_reduced = id->q_reduced,
                                       .position = id->q_reduced,
                                       .offset = NAN,
                                       .q_angle = NAN,
                                       .mode = mode->mode,
                                       .omega0 = mode->omega0,
                                       .omega0_err = mode->omega0_err,
                                       .omega0_lo = mode->omega0_lo,
                                       .omega0_hi = mode->omega0_hi,
                                       .fwhm = mode->fwhm,
                                       .fwhm_err = mode->fwhm_err,
                                       .fwhm_lo = mode->fwhm_lo,
                                       .fwhm_hi = mode->fwhm_hi,
                                       .fwhm_ul90 = mode->fwhm_ul90,
                                       .strength = mode->strength,
                                       .strength_err = mode->strength_err,
                                       .omega_law = NAN,
                                       .group_velocity = NAN,
                                       .group_velocity_err = NAN};
    ixs_copy(row.source, sizeof row.source, id->source);
    ixs_copy(row.analyzer, sizeof row.analyzer, id->analyzer);
    ixs_copy(row.scans, sizeof row.scans, id->scans);
    ixs_copy(row.regime, sizeof row.regime, mode->regime);
    ixs_copy(row.status, sizeof row.status, mode->status);
    ixs_copy(row.response, sizeof row.response, id->response);
    return row;
}

void ixs_branching_keep(struct ixs_fit *fit, const char *analyzer)
{
    size_t kept = 0;
    for (size_t i = 0; i < fit->nmodes; i++)
        if (analyzer == NULL || strcasecmp(fit->modes[i].id.analyzer, analyzer) == 0)
            fit->modes[kept++] = fit->modes[i];
    fit->nmodes = kept;
}

bool ixs_branching_add(struct ixs_dispersion *out, const struct ixs_fit *fit, struct ixs_err *err)
{
    size_t capacity = out->npoints;
    if (!ixs_grow(&out->points, &capacity, out->npoints + fit->nmodes, sizeof *out->points, err))
        return false;
    for (size_t i = 0; i < fit->nmodes; i++)
        out->points[out->npoints++] = point_of(&fit->modes[i]);
    if (out->identity.kind[0] == '\0')
        out->identity = fit->identity;
    return true;
}

static bool is_determined(const struct ixs_dispersion_point *point)
{
    return point->position > 0 && strcmp(point->status, "not-converged") != 0 &&
           strcmp(point->status, "no-data") != 0 && strcmp(point->status, "undetermined") != 0;
}

/* A mode whose energy is not known to a third of itself has none to follow. */
static bool takes_part(const struct ixs_dispersion_point *point)
{
    return is_determined(point) && isfinite(point->omega0) && point->omega0_err > 0 &&
           point->omega0_err < point->omega0 / 3;
}

/* One that is not told apart from its width: only the lower end of its energy is meant. */
static bool is_limit(const struct ixs_dispersion_point *point)
{
    return is_determined(point) && isnan(point->omega0_err) && point->omega0_lo > 0 &&
           point->omega0 > point->omega0_lo;
}

bool ixs_branching_met(const struct ixs_dispersion *dispersion, const char *analyzer,
                       struct ixs_err *err)
{
    return analyzer == NULL || dispersion->npoints > 0 ||
           ixs_fail(err, IXS_USAGE, "found no mode of analyzer %s in the fits", analyzer);
}

void ixs_branching_excuse(const struct ixs_dispersion *dispersion,
                          const struct ixs_branching *rules, size_t size, char *room)
{
    size_t known = 0, inside = 0;
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < dispersion->npoints; i++) {
        const struct ixs_dispersion_point *point = &dispersion->points[i];
        if (!takes_part(point))
            continue;
        known++;
        inside += !(point->position < rules->q_from) && !(point->position > rules->q_to);
        lo = fmin(lo, point->position);
        hi = fmax(hi, point->position);
    }
    if (known > 0 && inside == 0)
        snprintf(room, size,
                 "no branch found: reduced q of all modes, %.3g to %.3g 1/Angstrom, is out of "
                 "the range asked for",
                 lo, hi);
    else
        snprintf(room, size,
                 "no branch found among %zu modes, %zu of them with a reduced q and an energy "
                 "known to a third: a branch needs four",
                 dispersion->npoints, inside);
}

struct group { /* modes of one temperature on one path */
    size_t n;
    struct ixs_branch_mode *modes; /* [npoints] */
    size_t *rows;                  /* their place in POINTS */
    size_t *members;               /* scratch: rows of one branch */
    long *chosen, *zones;
    const struct ixs_kinship *kinship; /* borrowed; NULL: none */
    double *follow;                    /* [npoints] as of ixs_branching_bonds, by place in POINTS */
    double *own;                       /* [npoints] scratch: the same of the modes */
    size_t *degree;                    /* [npoints]: number of the temperature, from 1 */
};

static bool group_make(struct group *group, size_t most, struct ixs_err *err)
{
    return IXS_NEW(group->modes, most, err) && IXS_NEW(group->rows, most, err) &&
           IXS_NEW(group->members, most, err) && IXS_NEW(group->chosen, most, err) &&
           IXS_NEW(group->zones, most, err) && IXS_NEW(group->degree, most, err) &&
           IXS_NEW(group->follow, most, err) && IXS_NEW(group->own, most, err);
}

static void group_dispose(struct group *group)
{
    free(group->modes);
    free(group->rows);
    free(group->members);
    free(group->chosen);
    free(group->zones);
    free(group->degree);
    free(group->follow);
    free(group->own);
}

static bool close_enough(double a, double b, double warm)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= warm;
}

static struct ixs_branch_mode mode_of(const struct ixs_dispersion_point *point, long zone)
{
    bool limit = !takes_part(point);
    bool comparable = zone >= 0, wide = strcmp(point->regime, "unresolved") != 0;
    return (struct ixs_branch_mode){.q = point->position,
                                    .omega = limit ? point->omega0_lo : point->omega0,
                                    .err = limit ? point->omega0 - point->omega0_lo
                                                 : point->omega0_err,
                                    .limit = limit,
                                    .width = wide ? point->fwhm : NAN,
                                    .width_err = point->fwhm_err,
                                    .strength = comparable ? point->strength : NAN,
                                    .strength_err = point->strength_err,
                                    .zone = zone};
}

/* Of what is shared; 0: its own. */
static long datum_of(const struct ixs_kinship *kinship, size_t row)
{
    long datum = kinship->modes[row].datum[IXS_KIN_OMEGA0];
    return datum < 0 ? datum : 0;
}

static double correlation_of(const void *context, size_t one, size_t other)
{
    const struct group *group = context;
    return ixs_kinship_correlation(group->kinship, group->rows[one], IXS_KIN_OMEGA0,
                                   group->rows[other], IXS_KIN_OMEGA0);
}

/* Modes of one path, in the order of POINTS: those of a spectrum stand together. */
static void group_fill(struct group *group, const struct ixs_dispersion *from, int64_t path,
                       size_t degree, const struct ixs_branching *rules)
{
    group->n = 0;
    for (size_t i = 0; i < from->npoints; i++) {
        const struct ixs_dispersion_point *point = &from->points[i];
        size_t n = group->n;
        if (point->path != path || point->position < rules->q_from ||
            point->position > rules->q_to || group->degree[i] != degree ||
            !(takes_part(point) || is_limit(point)))
            continue;
        bool again = n > 0 && group->zones[group->rows[n - 1]] == group->zones[i] &&
                     strcmp(from->points[group->rows[n - 1]].source, point->source) == 0 &&
                     strcmp(from->points[group->rows[n - 1]].analyzer, point->analyzer) == 0 &&
                     strcmp(from->points[group->rows[n - 1]].scans, point->scans) == 0;
        group->modes[n] = mode_of(point, group->zones[i]);
        if (ixs_kinship_any(group->kinship))
            group->modes[n].datum = datum_of(group->kinship, i);
        group->modes[n].spectrum = again ? group->modes[n - 1].spectrum : i;
        group->rows[n] = i;
        group->n++;
    }
}

static bool record_all(struct ixs_dispersion *out, struct group *group, size_t found,
                       const struct ixs_branch *laws, const struct ixs_branching_crystal *crystal,
                       struct ixs_err *err)
{
    bool ok = true;
    for (size_t b = 0; ok && b < found; b++) {
        struct ixs_branching_branch branch = {&laws[b], 0, group->members, crystal, group->kinship};
        for (size_t k = 0; k < group->n; k++)
            if (group->chosen[k] == (long)b + 1)
                group->members[branch.n++] = group->rows[k];
        ok = ixs_branching_record(out, &branch, err);
    }
    return ok;
}

static struct ixs_branches_rules rules_of(const struct ixs_branching *rules, double edge)
{
    struct ixs_branches_rules out = {.tolerance = rules->tolerance, .law = {.edge = edge}};
    const enum ixs_branch_law laws[] = {IXS_BRANCH_LINEAR, IXS_BRANCH_SINE, IXS_BRANCH_SERIES,
                                        IXS_BRANCH_KARMAN};
    for (size_t i = 0; i < IXS_COUNT(laws); i++)
        if (strcmp(rules->law, ixs_branch_law_word(laws[i])) == 0) {
            out.law.chosen = true;
            out.law.law = laws[i];
        }
    out.law.most_terms = (size_t)rules->terms;
    return out;
}

/* All branches of one path at one temperature. */
static bool find_on_path(struct ixs_dispersion *out, struct group *group,
                         const struct ixs_dispersion_path *path, size_t degree,
                         const struct ixs_branching_crystal *crystal,
                         const struct ixs_branching *rules, struct ixs_err *err)
{
    struct ixs_branch laws[IXS_BRANCHING_MOST_BRANCHES];
    struct ixs_branches_rules how = rules_of(rules, path->q_zone);
    struct ixs_branches branches = {IXS_COUNT(laws), 0, laws, group->chosen, group->own};
    how.correlation = ixs_kinship_any(group->kinship) ? correlation_of : NULL;
    how.context = group;
    size_t first = out->nbranches;
    group_fill(group, out, path->path, degree, rules);
    bool ok = ixs_branches_find(group->n, group->modes, &how, &branches, err) &&
              record_all(out, group, branches.found, laws, crystal, err);
    for (size_t i = 0; ok && i < group->n; i++)
        group->follow[group->rows[i]] = group->own[i];
    size_t found = branches.found;
    for (size_t a = 0; ok && a < found; a++)
        for (size_t b = 0; b < found; b++) {
            struct ixs_dispersion_branch *row = &out->branches[first + a];
            const struct ixs_dispersion_branch *other = &out->branches[first + b];
            size_t used = strlen(row->crosses);
            double where =
                a == b ? (double)NAN
                       : ixs_branches_cross(&laws[a], &laws[b], fmax(row->q_lo, other->q_lo),
                                            fmin(row->q_hi, other->q_hi));
            if (isfinite(where) && used + 20 < sizeof row->crosses)
                snprintf(row->crosses + used, sizeof row->crosses - used, "%s%lld at %.3f",
                         used > 0 ? ", " : "", (long long)other->branch, where);
        }
    return ok;
}

static bool find_at(struct ixs_dispersion *out, struct group *group, size_t degree,
                    const struct ixs_branching_crystal *crystal, const struct ixs_branching *rules,
                    struct ixs_err *err)
{
    size_t first = out->nbranches;
    bool ok = true;
    for (size_t p = 0; ok && p < out->npaths; p++)
        ok = find_on_path(out, group, &out->paths[p], degree, crystal, rules, err);
    const struct ixs_branching_bonds bonds = {group->kinship, group->follow};
    return ok && ixs_branching_elastic(out, first, crystal,
                                       ixs_kinship_any(group->kinship) ? &bonds : NULL, err);
}

bool ixs_branching_find(struct ixs_dispersion *out, const struct ixs_kinship *kinship,
                        const struct ixs_branching *rules, struct ixs_err *err)
{
    struct ixs_branching_crystal crystal;
    struct group group = {.kinship = kinship};
    bool ok = ixs_branching_crystal(&crystal, out, rules, err) &&
              group_make(&group, out->npoints, err) &&
              ixs_branching_paths(out, group.zones, &crystal, rules, err);
    for (size_t first = 0, degree = 1; ok && first < out->npoints; first++) {
        double kelvin = out->points[first].temperature;
        if (group.degree[first] > 0)
            continue;
        for (size_t i = first; i < out->npoints; i++)
            if (group.degree[i] == 0 &&
                close_enough(out->points[i].temperature, kelvin, rules->warm))
                group.degree[i] = degree;
        ok = find_at(out, &group, degree++, &crystal, rules, err);
    }
    group_dispose(&group);
    return ok;
}
