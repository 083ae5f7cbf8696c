/* SPDX-License-Identifier: GPL-3.0-or-later
 * FIT products -> DISPERSION: every mode at its own reduced q, gathered into branches along paths.
 */
#ifndef IXS_CALIB_BRANCHING_BRANCHING_H
#define IXS_CALIB_BRANCHING_BRANCHING_H

#include "base/notes.h"
#include "calib/experiment/experiment.h"
#include "calib/branching/kinship.h"
#include "models/branch/branches.h"
#include "models/crystal/laue.h"
#include "models/branch/paths.h"
#include "products/dispersion.h"
#include "products/fit.h"

#include <math.h>

enum { IXS_BRANCHING_MOST_PATHS = 64, IXS_BRANCHING_MOST_BRANCHES = 12 };

struct ixs_branching_path { /* <dispersion><path> */
    char name[49];
    char zone[49], direction[49]; /* three numbers; zone "": any */
};

/* The three numbers of a zone or direction; false for anything else. out may be NULL. */
bool ixs_branching_three(const char *text, double out[3]);

struct ixs_branching_overlay { /* <dispersion><overlay>, or --overlay */
    char name[49];             /* what it is called; "": the base name of the file */
    char *file;                /* owned */
    char path[49];             /* name of the path it belongs to, "": all */
    int64_t segment;           /* of a band.yaml: from 1; 0: all that touch a zone centre */
};

struct ixs_branching {   /* rules; all-zero but for IXS_BRANCHING is not meant. Owns its lists */
    double tolerance;    /* meV, how far off a branch a mode may lie whatever its error */
    double warm;         /* K, modes whose temperatures differ by more are kept apart */
    double q_from, q_to; /* 1/Angstrom, range of positions on branches; NaN: open */
    char paths[16];      /* any, zones, directions */
    double angle;        /* deg, a q belongs to a direction within this ... */
    double width;        /* 1/Angstrom ... or this far off its line */
    char fold[16];       /* no, yes, or a point group */
    char law[16];        /* auto, linear, sine, series, karman */
    int64_t terms;       /* most of series and karman; 0: as many as there can be */
    char point_group[16];
    double density;    /* g/cm^3; NaN: from cell_mass, if that is known */
    double cell_mass;  /* u; NaN: not known */
    double lattice[6]; /* Angstrom, deg; NaN: from Q and HKL of the fits */
    char centring[3];
    struct ixs_branching_path *given;
    size_t ngiven;
    struct ixs_branching_overlay *overlays;
    size_t noverlays;
};
#define IXS_BRANCHING                                                                              \
    ((struct ixs_branching){.tolerance = 0.5,                                                      \
                            .warm = 5,                                                             \
                            .q_from = (double)NAN,                                                 \
                            .q_to = (double)NAN,                                                   \
                            .paths = "any",                                                        \
                            .angle = 8,                                                            \
                            .width = 0.02,                                                         \
                            .fold = "no",                                                          \
                            .law = "auto",                                                         \
                            .density = (double)NAN,                                                \
                            .cell_mass = (double)NAN,                                              \
                            .lattice = {(double)NAN}})

/* What <sample> and <dispersion> of an experiment say goes over what is there (branching_rules.c).
 */
IXS_MUST_CHECK bool ixs_branching_experiment(struct ixs_branching *rules, const char *experiment,
                                             struct ixs_provenance *provenance,
                                             struct ixs_err *err);
/* What it reads of an experiment, as a copy in `folder`, which is there, has to say it. */
IXS_MUST_CHECK bool ixs_branching_slice(struct ixs_branching *rules, const char *experiment,
                                        const char *folder, struct ixs_provenance *provenance,
                                        struct ixs_err *err);

struct ixs_branching_wishes { /* of the command line; NaN, 0 and NULL: as the rules have it */
    double tolerance, warm, angle, width, density, from, to;
    const char *paths, *fold, *law, *overlay, *analyzer;
    int64_t terms;
};
#define IXS_BRANCHING_WISHES                                                                       \
    {                                                                                              \
        .tolerance = NAN, .warm = NAN, .angle = NAN, .width = NAN, .density = NAN, .from = NAN,    \
        .to = NAN                                                                                  \
    }
/* Puts them over the rules; fails where these cannot be followed then. */
IXS_MUST_CHECK bool ixs_branching_wish(struct ixs_branching *rules,
                                       const struct ixs_branching_wishes *wishes,
                                       struct ixs_err *err);
void ixs_branching_dispose(struct ixs_branching *rules);

/* The crystal that the modes are of (branching_crystal.c). */
struct ixs_branching_crystal {
    bool known;           /* whether there is a lattice */
    double b[9];          /* models/crystal/lattice.h */
    double volume;        /* of the cell, Angstrom^3 */
    double density;       /* g/cm^3; NaN: not known */
    bool fold;            /* q are folded by `laue` */
    struct ixs_laue laue; /* of the stated point group, or of the lattice */
    const char *centring;
};
IXS_MUST_CHECK bool ixs_branching_crystal(struct ixs_branching_crystal *out,
                                          const struct ixs_dispersion *dispersion,
                                          const struct ixs_branching *rules, struct ixs_err *err);

/* Leaves the modes of one analyzer (NULL: all) in a FIT product. */
void ixs_branching_keep(struct ixs_fit *fit, const char *analyzer);

/* Fails when an analyzer was asked for (not NULL) of which no mode came. */
IXS_MUST_CHECK bool ixs_branching_met(const struct ixs_dispersion *dispersion, const char *analyzer,
                                      struct ixs_err *err);
/* Why there is no branch. */
void ixs_branching_excuse(const struct ixs_dispersion *dispersion,
                          const struct ixs_branching *rules, size_t size, char *room);

/* Adds all modes of a FIT product to POINTS. */
IXS_MUST_CHECK bool ixs_branching_add(struct ixs_dispersion *out, const struct ixs_fit *fit,
                                      struct ixs_err *err);

/* Sets the paths of all points and makes PATHS (branching_paths.c). zones[npoints]: strengths of
 * points with the same one may be compared. */
IXS_MUST_CHECK bool ixs_branching_paths(struct ixs_dispersion *out, long *zones,
                                        const struct ixs_branching_crystal *crystal,
                                        const struct ixs_branching *rules, struct ixs_err *err);

/* Finds the branches of each path at each temperature: BRANCH of all points, BRANCHES, PARAMETERS,
 * COVARIANCE, elastic constants. kinship: of the modes in the order of the points; NULL: none. */
IXS_MUST_CHECK bool ixs_branching_find(struct ixs_dispersion *out,
                                       const struct ixs_kinship *kinship,
                                       const struct ixs_branching *rules, struct ixs_err *err);

/* One branch as it is written: its modes are the points rows[n] (branching_record.c). */
struct ixs_branching_branch {
    const struct ixs_branch *law;
    size_t n;
    const size_t *rows;
    const struct ixs_branching_crystal *crystal;
    const struct ixs_kinship *kinship;
};
IXS_MUST_CHECK bool ixs_branching_record(struct ixs_dispersion *out,
                                         const struct ixs_branching_branch *branch,
                                         struct ixs_err *err);
/* The word of CHARACTER for the squared cosine between polarization and q. */
const char *ixs_branching_character(double along);

struct ixs_branching_values { /* parameters and their covariance; borrowed, arrays [n] */
    size_t n;
    const char *const *names, *const *units;
    const double *values, *cov; /* cov [n^2] */
};
/* Adds them to PARAMETERS and COVARIANCE; `like` has the branch, component and temperature. */
IXS_MUST_CHECK bool ixs_branching_parameters(struct ixs_dispersion *out,
                                             const struct ixs_dispersion_parameter *like,
                                             const struct ixs_branching_values *values,
                                             struct ixs_err *err);
/* Linewidths of a branch: their mean, their power of q (branching_widths.c). */
IXS_MUST_CHECK bool ixs_branching_widths(struct ixs_dispersion *out,
                                         struct ixs_dispersion_branch *row,
                                         const struct ixs_branching_branch *branch,
                                         struct ixs_err *err);
struct ixs_branching_bonds { /* how branches vary together; borrowed */
    const struct ixs_kinship *kinship;
    const double
        *follow; /* [npoints] how the slope at q = 0 of its branch follows a point's energy */
};
/* Elastic constants from the branches first .. nbranches - 1, all of one temperature; bonds NULL:
 * they are independent (branching_elastic.c). */
IXS_MUST_CHECK bool ixs_branching_elastic(struct ixs_dispersion *out, size_t first,
                                          const struct ixs_branching_crystal *crystal,
                                          const struct ixs_branching_bonds *bonds,
                                          struct ixs_err *err);

/* Reads the overlays into OVERLAY (overlay.c). */
IXS_MUST_CHECK bool ixs_branching_overlays(struct ixs_dispersion *out,
                                           const struct ixs_branching *rules,
                                           struct ixs_provenance *provenance, struct ixs_err *err);

#endif
