/* SPDX-License-Identifier: GPL-3.0-or-later
 * Paths in reciprocal space: the lines, through reciprocal-lattice points, along which modes are
 * followed. A q and its opposite are on the same line: time reversal gives them the same energies.
 */
#ifndef IXS_MODELS_BRANCH_PATHS_H
#define IXS_MODELS_BRANCH_PATHS_H

#include "base/err.h"

struct ixs_path {
    bool any_zone, any_direction;
    double zone[3];      /* hkl of the reciprocal-lattice point */
    double direction[3]; /* hkl; integers where few index one is meant */
    double edge;         /* 1/Angstrom, half the period along it; NaN: not known */
    size_t count;        /* places on it */
};

struct ixs_path_place { /* one measured momentum transfer */
    double q[3], g[3];  /* hkl: reduced, and the reciprocal-lattice point */
    size_t path;        /* number of its path from 1; 0: on none */
    double position;    /* 1/Angstrom, along the path, >= 0 */
    double offset;      /* 1/Angstrom, away from its line */
};

enum ixs_paths_kind {
    IXS_PATHS_ANY,        /* one path for all: directions and zones taken as equivalent */
    IXS_PATHS_ZONES,      /* one for each reciprocal-lattice point */
    IXS_PATHS_DIRECTIONS, /* one for each of those and direction */
};

struct ixs_paths_rules {
    enum ixs_paths_kind kind;
    bool any_zone;        /* zones taken as equivalent: after folding */
    double angle;         /* deg, a place belongs to a line within this ... */
    double width;         /* 1/Angstrom ... or this far off */
    double b[9];          /* of the lattice; not used for ANY and ZONES */
    const char *centring; /* likewise */
    size_t ngiven;        /* paths that the user states: then there are no others */
    const struct ixs_path *given;
};

/* Finds the paths of all places, those with most places first; places that share none with three
 * others are on none. `most` is room in out[]. Sets path, position, offset of all places; returns
 * how many paths there are. */
size_t ixs_paths_find(const struct ixs_paths_rules *rules, size_t n, struct ixs_path_place *places,
                      size_t most, struct ixs_path *out);

/* Half of the shortest reciprocal-lattice vector along a direction of integers; NaN for others. */
double ixs_paths_edge(const double b[9], const char *centring, const double direction[3]);

#endif
