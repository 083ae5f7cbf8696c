/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points -> places in reciprocal space -> paths.
 */
#include "calib/branching/branching.h"

#include "base/array.h"
#include "base/units.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum ixs_paths_kind kind_of(const struct ixs_branching *rules)
{
    return strcmp(rules->paths, "directions") == 0 || rules->ngiven > 0 ? IXS_PATHS_DIRECTIONS
           : strcmp(rules->paths, "zones") == 0                         ? IXS_PATHS_ZONES
                                                                        : IXS_PATHS_ANY;
}

/* The paths that the user states; several directions are one where the crystal's symmetry is used.
 */
static bool given_paths(const struct ixs_branching *rules,
                        const struct ixs_branching_crystal *crystal, struct ixs_path *out,
                        struct ixs_err *err)
{
    for (size_t i = 0; i < rules->ngiven; i++) {
        const struct ixs_branching_path *given = &rules->given[i];
        out[i] = (struct ixs_path){.any_zone = given->zone[0] == '\0'};
        double length = 0;
        bool read = ixs_branching_three(given->direction, out[i].direction) &&
                    (out[i].any_zone || ixs_branching_three(given->zone, out[i].zone));
        for (int k = 0; read && k < 3; k++)
            length += fabs(out[i].direction[k]);
        if (!(length > 0))
            return ixs_fail(err, IXS_USAGE,
                            "found <path> direction \"%s\", expected one with length",
                            given->direction);
        if (crystal->fold)
            ixs_laue_fold(&crystal->laue, out[i].direction, out[i].zone);
    }
    return true;
}

/* A place, its q and g folded where that is asked for. Without a direction the length is all. */
static struct ixs_path_place place_of(const struct ixs_dispersion_point *row,
                                      const struct ixs_branching_crystal *crystal, bool directions)
{
    struct ixs_path_place place = {.q = {row->q_h, row->q_k, row->q_l},
                                   .g = {row->g_h, row->g_k, row->g_l}};
    if (crystal->fold)
        ixs_laue_fold(&crystal->laue, place.q, place.g);
    if (!directions) {
        place.q[0] = row->q_reduced;
        place.q[1] = place.q[2] = 0;
    }
    return place;
}

static bool same_spectrum(const struct ixs_dispersion_point *a,
                          const struct ixs_dispersion_point *b)
{
    return strcmp(a->source, b->source) == 0 && strcmp(a->analyzer, b->analyzer) == 0 &&
           strcmp(a->scans, b->scans) == 0;
}

/* One place for each spectrum; of[npoints]: which. */
static size_t make_places(const struct ixs_dispersion *from,
                          const struct ixs_branching_crystal *crystal, bool directions,
                          struct ixs_path_place *places, size_t *of)
{
    size_t count = 0;
    for (size_t i = 0; i < from->npoints; i++) {
        const struct ixs_dispersion_point *row = &from->points[i];
        if (i == 0 || !same_spectrum(row, row - 1))
            places[count++] = place_of(row, crystal, directions);
        of[i] = count - 1;
    }
    return count;
}

/* Angle between Q and reduced q, deg. */
static double angle_to_q(const struct ixs_dispersion_point *row,
                         const struct ixs_branching_crystal *crystal)
{
    double q[3], full[3], dot = 0, one = 0, other = 0;
    if (!crystal->known)
        return NAN;
    ixs_matrix_apply(crystal->b, (const double[]){row->q_h, row->q_k, row->q_l}, q);
    ixs_matrix_apply(crystal->b, (const double[]){row->h, row->k, row->l}, full);
    for (int i = 0; i < 3; i++) {
        dot += q[i] * full[i];
        one += q[i] * q[i];
        other += full[i] * full[i];
    }
    return one > 0 && other > 0 ? acos(fmin(1, fabs(dot) / sqrt(one * other))) / IXS_DEGREE : NAN;
}

struct placed { /* all places, which is that of each point, their paths (NULL: no directions) */
    size_t count;
    const struct ixs_path_place *places;
    const size_t *of;
    const struct ixs_path *paths;
};

/* Strengths may be compared in one zone and on one side of it, where the direction is one. */
static long zone_number(const struct placed *placed, size_t of)
{
    const struct ixs_path_place *place = &placed->places[of];
    if (placed->paths == NULL || place->path == 0)
        return -(long)of - 1;
    for (size_t k = 0; k < placed->count; k++) {
        const struct ixs_path_place *other = &placed->places[k];
        double side = 0, theirs = 0, far = 0;
        const double *d = placed->paths[place->path - 1].direction;
        for (int i = 0; i < 3; i++) {
            side += d[i] * place->q[i];
            theirs += d[i] * other->q[i];
            far += fabs(other->g[i] - place->g[i]);
        }
        if (other->path == place->path && far < 0.3 && side * theirs > 0)
            return (long)k;
    }
    return (long)of;
}

static void set_points(struct ixs_dispersion *out, long *zones, const struct placed *placed,
                       const struct ixs_branching_crystal *crystal)
{
    for (size_t i = 0; i < out->npoints; i++) {
        struct ixs_dispersion_point *row = &out->points[i];
        size_t of = placed->of[i];
        const struct ixs_path_place *place = &placed->places[of];
        row->path = (int64_t)place->path;
        row->position = place->position;
        row->offset = placed->paths != NULL ? place->offset : NAN;
        row->q_angle = angle_to_q(row, crystal);
        bool again = i > 0 && of == placed->of[i - 1];
        zones[i] = again ? zones[i - 1] : zone_number(placed, of);
    }
}

static void name_path(struct ixs_dispersion_path *row, const struct ixs_branching *rules)
{
    char zone[64] = "", direction[64] = "";
    if (row->path <= (int64_t)rules->ngiven && rules->given[row->path - 1].name[0] != '\0') {
        ixs_copy(row->name, sizeof row->name, rules->given[row->path - 1].name);
        return;
    }
    if (isfinite(row->g_h))
        snprintf(zone, sizeof zone, "(%.4g %.4g %.4g)", row->g_h, row->g_k, row->g_l);
    if (isfinite(row->d_h))
        snprintf(direction, sizeof direction, "[%.3g %.3g %.3g]", row->d_h, row->d_k, row->d_l);
    bool both = zone[0] != '\0' && direction[0] != '\0';
    snprintf(row->name, sizeof row->name, "%.22s%s%.22s", zone, both ? " + " : "", direction);
    if (row->name[0] == '\0')
        ixs_copy(row->name, sizeof row->name, "any direction");
}

static bool add_path(struct ixs_dispersion *out, const struct ixs_path *path,
                     const struct ixs_branching *rules, const struct ixs_branching_crystal *crystal,
                     struct ixs_err *err)
{
    size_t capacity = out->npaths;
    const double nan = (double)NAN;
    bool zone = !path->any_zone, direction = !path->any_direction;
    if (!IXS_MORE(out->paths, &capacity, out->npaths, err))
        return false;
    struct ixs_dispersion_path *row = &out->paths[out->npaths++];
    *row = (struct ixs_dispersion_path){.path = (int64_t)out->npaths,
                                        .g_h = zone ? path->zone[0] : nan,
                                        .g_k = zone ? path->zone[1] : nan,
                                        .g_l = zone ? path->zone[2] : nan,
                                        .d_h = direction ? path->direction[0] : nan,
                                        .d_k = direction ? path->direction[1] : nan,
                                        .d_l = direction ? path->direction[2] : nan,
                                        .q_zone = path->edge};
    for (size_t i = 0; i < out->npoints; i++)
        row->npoints += out->points[i].path == row->path;
    name_path(row, rules);
    if (crystal->fold)
        ixs_copy(row->folded, sizeof row->folded, crystal->laue.name);
    return true;
}

static bool find_paths(struct ixs_dispersion *out, long *zones, struct ixs_path_place *places,
                       size_t *of, const struct ixs_branching_crystal *crystal,
                       const struct ixs_branching *rules, struct ixs_err *err)
{
    static const double identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    struct ixs_path paths[IXS_BRANCHING_MOST_PATHS], given[IXS_BRANCHING_MOST_PATHS];
    struct ixs_paths_rules how = {.kind = kind_of(rules),
                                  .angle = rules->angle,
                                  .width = rules->width,
                                  .centring = crystal->centring};
    bool directions = how.kind == IXS_PATHS_DIRECTIONS;
    how.any_zone = how.kind == IXS_PATHS_ANY || (directions && crystal->fold);
    memcpy(how.b, directions ? crystal->b : identity, sizeof how.b);
    if (directions && !crystal->known)
        return ixs_fail(
            err, IXS_USAGE,
            "found --paths directions without a lattice that the spectra tell, expected "
            "<lattice> in the experiment's <sample>");
    if (!given_paths(rules, crystal, given, err))
        return false;
    how.ngiven = rules->ngiven;
    how.given = given;
    size_t count = make_places(out, crystal, directions, places, of);
    size_t found = ixs_paths_find(&how, count, places, IXS_BRANCHING_MOST_PATHS, paths);
    const struct placed placed = {count, places, of, directions ? paths : NULL};
    set_points(out, zones, &placed, crystal);
    bool ok = true;
    for (size_t i = 0; ok && i < found; i++)
        ok = add_path(out, &paths[i], rules, crystal, err);
    return ok;
}

bool ixs_branching_paths(struct ixs_dispersion *out, long *zones,
                         const struct ixs_branching_crystal *crystal,
                         const struct ixs_branching *rules, struct ixs_err *err)
{
    struct ixs_path_place *places = NULL;
    size_t *of = NULL;
    bool ok = IXS_NEW(places, out->npoints, err) && IXS_NEW(of, out->npoints, err) &&
              find_paths(out, zones, places, of, crystal, rules, err);
    free(places);
    free(of);
    return ok;
}
