/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/standard: the joint fit of all reference scans. In scan s of sample m at temperature
 * T and momentum Q, analyzer a counts
 *   N ~ Poisson(exposure {A_as R_a(E - zero_as) + B (R_a x S_mT)(E - zero_as) + ground_as}),
 *   S_mT(E) = h_m(|E|) E/(1 - exp(-E/kT)),         h_m(E) = g_m(E)/E^2: g [n + 1]/E,
 *   B = b_m e_a Q^2 exp(-2W),                      2W = w_m Q^2 Int S_mT dE,
 * with A free everywhere: the elastic line of a glass follows no law of Q. On request two phonons,
 *   B (w Q^2/2) (S x S), are in it (Sjolander, Ark. Fys. 14, 315, 1958: incoherent approximation).
 */
#ifndef IXS_CALIB_STANDARD_JOINT_H
#define IXS_CALIB_STANDARD_JOINT_H

#include "calib/standard/parts.h"
#include "models/together/arrow.h"

/* ---- the profile of an analyzer (standard_profile.c) ----------------------------------------- */

enum { IXS_PROFILE_MOST = 4 * IXS_SHAPE_MOST };

struct ixs_profile {  /* P(E) = area x R, a sum of pseudo-Voigts: area, center, fwhm, eta of each */
    size_t nparts, n; /* n: parameters, 4 nparts */
};

/* P and its slope at an energy; by[n]: derivatives with respect to the parameters. */
double ixs_profile_at(const struct ixs_profile *profile, const double *p, double energy, double *by,
                      double *slope);

/* ---- the vibrations of the samples (standard_density.c) -------------------------------------- */

enum { IXS_DENSITY_N = 10, IXS_DENSITY_ORDERS = 2 };
/* Common parameters of a sample: coefficients of ln h, then these. */
enum { IXS_SAMPLE_SCALE = IXS_DENSITY_N, IXS_SAMPLE_WALLER, IXS_SAMPLE_N };

struct ixs_joint_group { /* one sample at one temperature; owns its arrays */
    size_t sample;
    double kelvin;
    double *spectrum[IXS_DENSITY_ORDERS]; /* [ne]: S, S x S */
    double *by[IXS_DENSITY_ORDERS];       /* [IXS_DENSITY_N][ne], per coefficient */
    double area, area_by[IXS_DENSITY_N];  /* Int S dE */
};

#define IXS_JOINT_BEYOND 10 /* meV, of the spectra beyond the energies measured */

struct ixs_joint_grid { /* energies (i - ne/2) step, ne odd */
    double step;
    size_t ne;
    double *basis; /* [IXS_DENSITY_N][ne] */
    double *room;  /* [IXS_DENSITY_N + 1][ne] */
};

IXS_MUST_CHECK bool ixs_joint_grid_make(struct ixs_joint_grid *grid, double step, double cut,
                                        struct ixs_err *err);
void ixs_joint_grid_dispose(struct ixs_joint_grid *grid);
IXS_MUST_CHECK bool ixs_joint_group_make(struct ixs_joint_group *group,
                                         const struct ixs_joint_grid *grid, size_t norders,
                                         struct ixs_err *err);
void ixs_joint_group_dispose(struct ixs_joint_group *group);
/* Spectra from the coefficients [IXS_DENSITY_N]. */
void ixs_joint_group_fill(struct ixs_joint_group *group, const struct ixs_joint_grid *grid,
                          size_t norders, const double *coefficients);
/* Coefficients to begin with: those of a glass, Debye-like below 10 meV, falling above. */
void ixs_density_start(const struct ixs_joint_grid *grid, double *coefficients);
/* Smoothness, and what fixes the scale that the coefficients and b share; as ixs_arrow_prior. */
double ixs_density_prior(size_t stride, const double *coefficients, double *gradient,
                         double *curvature);
/* ln h at an energy, and its derivatives by[IXS_DENSITY_N]. */
double ixs_density_log(const struct ixs_joint_grid *grid, const double *coefficients, double energy,
                       double *by);

/* ---- the model of one analyzer (standard_blur.c, standard_joint.c) --------------------------- */

struct ixs_joint_block { /* one analyzer in all its scans; owns its arrays */
    size_t analyzer, ntraces, npoints;
    struct ixs_trace **traces; /* the first gives the profile its area and zero */
    size_t *group;             /* [ntraces] */
    struct ixs_profile profile;
    double *counts, *share; /* [npoints] as the fit sees them; 1/inflation by the jitter */
    double *p, *lower, *upper;
    double floor;          /* meV, least width of a part */
    double lo;             /* meV: where the grid of the profile begins */
    size_t nx;             /* energies of the blurred spectra, from lo + ne/2 step */
    double *profiles;      /* [n][nx + ne]: derivatives of the profile on the grid */
    double *blurred;       /* [ngroups][norders][n + IXS_DENSITY_N][nx] */
    double efficiency_err; /* of e_a beside 1, relative: prior */
};

struct ixs_joint {  /* owns its arrays */
    bool inelastic; /* else B = 0 */
    bool given;     /* the samples: no slopes are wanted */
    size_t most_parts;
    size_t norders, nblocks, ngroups, nsamples;
    struct ixs_joint_grid grid;
    struct ixs_joint_group *groups;
    struct ixs_joint_block *blocks;
    double *common, *lower, *upper; /* [nsamples * IXS_SAMPLE_N] */
    double *scale_prior;            /* [nsamples][2] of ln b: mean, error; NaN: none */
    bool *held;                     /* [nsamples] the density is the start's */
};

/* Own parameters: the profile's, then these. */
size_t ixs_joint_ground(const struct ixs_joint_block *block, size_t trace);
size_t ixs_joint_ratio(const struct ixs_joint_block *block,
                       size_t trace);                             /* trace > 0; then shift */
size_t ixs_joint_efficiency(const struct ixs_joint_block *block); /* ln e_a */
size_t ixs_joint_nown(const struct ixs_joint_block *block);

IXS_MUST_CHECK bool ixs_joint_block_room(struct ixs_joint_block *block,
                                         const struct ixs_joint *joint, struct ixs_err *err);
void ixs_joint_block_dispose(struct ixs_joint_block *block);

/* Fills profiles and, where there is an inelastic part, blurred: all of it with `slopes`, else what
 * the value alone needs (in the first place of each group and order: the whole profile). */
void ixs_joint_blur(const struct ixs_joint *joint, struct ixs_joint_block *block, const double *own,
                    bool slopes);

/* The columns [n + IXS_DENSITY_N][nx] of a group and order: derivatives of the blurred profile. */
const double *ixs_joint_blurred(const struct ixs_joint *joint, const struct ixs_joint_block *block,
                                size_t group, size_t order);
/* Area of the profile and its derivatives by[n]. */
double ixs_joint_area(const struct ixs_joint_block *block, const double *own, double *by);

struct ixs_joint_reading { /* cubic interpolation on the grid of a block */
    size_t at;
    double weight[4], slope[4];
};
void ixs_joint_reading_at(const struct ixs_joint *joint, const struct ixs_joint_block *block,
                          double energy, struct ixs_joint_reading *out);

void ixs_joint_model(void *context, size_t index, const double *own, const double *common,
                     double *mu, double *jacobian);
void ixs_joint_prepare(void *context, const double *common);
double ixs_joint_prior(void *context, long index, const double *p, double *gradient,
                       double *curvature);

/* Inelastic over elastic area in a trace; by[nown + ncommon] of its logarithm may be NULL. */
double ixs_joint_share(const struct ixs_joint *joint, const struct ixs_joint_block *block,
                       size_t trace, const double *own, const double *common, double *by);

#endif
