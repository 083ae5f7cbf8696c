/* SPDX-License-Identifier: GPL-3.0-or-later
 * DISPERSION: modes against reduced q, gathered into branches.
 */
#ifndef IXS_PRODUCTS_DISPERSION_H
#define IXS_PRODUCTS_DISPERSION_H

#include "base/product.h"

struct ixs_dispersion_point { /* POINTS: one mode of one spectrum */
    char source[73];
    char analyzer[25];
    char scans[49];
    double temperature;                           /* K */
    double h, k, l, g_h, g_k, g_l, q_h, q_k, q_l; /* r.l.u. */
    double q_reduced;                             /* 1/Angstrom */
    double position;                              /* 1/Angstrom, along the path of its branch */
    int64_t mode;                                 /* of the FIT */
    int64_t branch;                               /* from 1; 0: none */
    double omega0, omega0_err;                    /* meV */
    double fwhm, fwhm_err, fwhm_ul90;             /* meV */
    double strength, strength_err;                /* meV count/s */
    char regime[13], status[17], response[17];
};

struct ixs_dispersion_branch { /* BRANCHES */
    int64_t branch;
    char path[49]; /* the reciprocal-lattice point and direction, in words */
    int64_t npoints;
    double q_lo, q_hi;                     /* 1/Angstrom, range covered */
    char law[17];                          /* linear, sine, mean */
    double velocity, velocity_err;         /* km/s, slope at q = 0; NaN: not an acoustic branch */
    double omega_zone, omega_zone_err;     /* meV, amplitude of the sine; NaN otherwise */
    double omega_centre, omega_centre_err; /* meV, of an optic branch at q = 0; NaN otherwise */
    double curvature, curvature_err; /* meV Angstrom^2: omega_centre + curvature q^2; NaN: none */
    double scatter;                  /* meV, rms beyond the modes' own errors */
    double chi2;
    int64_t dof;
    double fwhm_mean, fwhm_mean_err; /* meV, over resolved modes; NaN if none */
    int64_t nresolved;
    char remark[161]; /* caveats: response lent, acceptance not taken off */
};

struct ixs_dispersion { /* owns its arrays; all-zero is empty */
    struct ixs_identity identity;
    struct ixs_dispersion_point *points;
    size_t npoints;
    struct ixs_dispersion_branch *branches;
    size_t nbranches;
};

extern const struct ixs_table ixs_table_dispersion_points, ixs_table_dispersion_branches;

IXS_MUST_CHECK bool ixs_dispersion_write(const struct ixs_dispersion *dispersion, const char *path,
                                         const struct ixs_provenance *provenance,
                                         const struct ixs_commit *how, bool *changed,
                                         struct ixs_err *err);
IXS_MUST_CHECK bool ixs_dispersion_read(struct ixs_dispersion *out, const char *path,
                                        const struct ixs_reading *how,
                                        struct ixs_provenance *provenance, struct ixs_err *err);
void ixs_dispersion_dispose(struct ixs_dispersion *dispersion);

#endif
