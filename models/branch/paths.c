/* SPDX-License-Identifier: GPL-3.0-or-later
 * Paths in reciprocal space. Directions: the line that most places lie on first, lines of few index
 * before others, until no line has enough of them.
 */
#include "models/branch/paths.h"

#include "base/array.h"
#include "base/units.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEWEST = 4, MOST_INDEX = 3, MOST_OWN = 200 };

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double length_of(const double b[9], const double hkl[3])
{
    double v[3];
    ixs_matrix_apply(b, hkl, v);
    return sqrt(dot(v, v));
}

static bool same_zone(const double a[3], const double b[3])
{
    return fabs(a[0] - b[0]) + fabs(a[1] - b[1]) + fabs(a[2] - b[2]) < 0.3;
}

/* Where a place stands to a line; false if it is not on it. */
static bool on_line(const struct ixs_paths_rules *rules, const struct ixs_path *path,
                    const struct ixs_path_place *place, double *position, double *offset)
{
    double q[3], d[3];
    if (!path->any_zone && !same_zone(path->zone, place->g))
        return false;
    ixs_matrix_apply(rules->b, place->q, q);
    *position = sqrt(dot(q, q));
    *offset = 0;
    if (path->any_direction)
        return true;
    ixs_matrix_apply(rules->b, path->direction, d);
    double along = fabs(dot(q, d)) / sqrt(dot(d, d));
    *offset = sqrt(fmax(0, dot(q, q) - along * along));
    *position = along;
    return along > 0 &&
           (*offset <= rules->width || atan2(*offset, along) <= rules->angle * IXS_DEGREE);
}

double ixs_paths_edge(const double b[9], const char *centring, const double direction[3])
{
    for (long m = 1; m <= 6; m++) {
        long hkl[3];
        double vector[3];
        for (int i = 0; i < 3; i++) {
            hkl[i] = lround((double)m * direction[i]);
            vector[i] = (double)hkl[i];
            if (fabs((double)m * direction[i] - vector[i]) > 1e-6)
                return NAN;
        }
        if (ixs_centring_allows(centring, hkl))
            return length_of(b, vector) / 2;
    }
    return NAN;
}

static long divisor(long a, long b)
{
    while (b != 0) {
        long rest = a % b;
        a = b;
        b = rest;
    }
    return labs(a);
}

/* The lines of few index, one of each pair of opposites: number k = 0, 1 ..; false at the end. */
static bool few_index(size_t k, double direction[3])
{
    enum { SIDE = 2 * MOST_INDEX + 1 };
    size_t count = 0;
    for (long code = (long)SIDE * SIDE * SIDE - 1; code > SIDE * SIDE * SIDE / 2; code--) {
        long h = code / (SIDE * SIDE) - MOST_INDEX, m = code / SIDE % SIDE - MOST_INDEX,
             l = code % SIDE - MOST_INDEX;
        if (divisor(divisor(h, m), l) != 1 || count++ != k)
            continue;
        direction[0] = (double)h;
        direction[1] = (double)m;
        direction[2] = (double)l;
        return true;
    }
    return false;
}

struct search {
    const struct ixs_paths_rules *rules;
    size_t n;
    struct ixs_path_place *places;
    struct ixs_path best;
    double score;
};

/* Takes the candidate if more places that are still free are on it; `cost` decides between equals.
 */
static void consider(struct search *search, struct ixs_path *path, double cost)
{
    double position, offset, score = -cost;
    path->count = 0;
    for (size_t i = 0; i < search->n; i++)
        if (search->places[i].path == 0 &&
            on_line(search->rules, path, &search->places[i], &position, &offset)) {
            path->count++;
            score += 1 - 0.3 * offset / (offset + position + 1e-12);
        }
    if (path->count < FEWEST || !(score > search->score))
        return;
    search->best = *path;
    search->score = score;
}

static void consider_directions(struct search *search, struct ixs_path *path)
{
    for (size_t k = 0; few_index(k, path->direction); k++) {
        double index =
            fabs(path->direction[0]) + fabs(path->direction[1]) + fabs(path->direction[2]);
        consider(search, path, 0.02 * index);
    }
    size_t own = 0;
    for (size_t i = 0; i < search->n && own < MOST_OWN; i++) {
        const struct ixs_path_place *place = &search->places[i];
        if (place->path != 0 || (!path->any_zone && !same_zone(path->zone, place->g)))
            continue;
        memcpy(path->direction, place->q, sizeof path->direction);
        consider(search, path, 1.0);
        own++;
    }
}

static void consider_zone(struct search *search, const double zone[3])
{
    bool directions = search->rules->kind == IXS_PATHS_DIRECTIONS;
    struct ixs_path path = {.any_zone = search->rules->any_zone, .any_direction = !directions};
    memcpy(path.zone, zone, sizeof path.zone);
    if (directions)
        consider_directions(search, &path);
    else
        consider(search, &path, 0);
}

/* Of each zone that has a free place once. */
static bool find_best(struct search *search)
{
    search->score = 0;
    for (size_t i = 0; i < search->n; i++) {
        bool seen = search->places[i].path != 0;
        for (size_t k = 0; k < i && !seen; k++)
            seen = search->places[k].path == 0 &&
                   (search->rules->any_zone || same_zone(search->places[k].g, search->places[i].g));
        if (!seen)
            consider_zone(search, search->places[i].g);
    }
    return search->score > 0;
}

/* All free places on the line become the path's. */
static void take(struct search *search, struct ixs_path *path, size_t number)
{
    path->count = 0;
    for (size_t i = 0; i < search->n; i++) {
        double position, offset;
        struct ixs_path_place *place = &search->places[i];
        if (place->path != 0 || !on_line(search->rules, path, place, &position, &offset))
            continue;
        place->path = number;
        place->position = position;
        place->offset = offset;
        path->count++;
    }
    path->edge = path->any_direction
                     ? (double)NAN
                     : ixs_paths_edge(search->rules->b, search->rules->centring, path->direction);
}

size_t ixs_paths_find(const struct ixs_paths_rules *rules, size_t n, struct ixs_path_place *places,
                      size_t most, struct ixs_path *out)
{
    struct search search = {.rules = rules, .n = n, .places = places};
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        places[i].path = 0;
        places[i].position = length_of(rules->b, places[i].q);
        places[i].offset = NAN;
    }
    for (; found < rules->ngiven && found < most; found++) {
        out[found] = rules->given[found];
        take(&search, &out[found], found + 1);
    }
    while (rules->ngiven == 0 && found < most && find_best(&search)) {
        out[found] = search.best;
        take(&search, &out[found], found + 1);
        found++;
    }
    return found;
}
