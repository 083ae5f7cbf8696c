/* SPDX-License-Identifier: GPL-3.0-or-later
 * DISPERSION: modes against reduced q, gathered into branches.
 */
#ifndef IXS_PRODUCTS_DISPERSION_H
#define IXS_PRODUCTS_DISPERSION_H

#include "base/product.h"
#include "products/thermal.h"

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
    double q;         /* 1/Angstrom, length of the momentum transfer */
    double scale_err; /* relative, of all energies together; NaN: not known */
    int64_t path;     /* number of the path, from 1; 0: on none */
    double offset;    /* 1/Angstrom, away from the line of the path */
    double q_angle;   /* deg, between Q and the reduced q: 0 is longitudinal geometry */
    double omega0_lo, omega0_hi, fwhm_lo, fwhm_hi; /* meV, 68 % */
    double omega_law;                              /* meV, of the branch's law there */
    double group_velocity, group_velocity_err;     /* km/s, slope of the law there */
    char used[9]; /* how its energy entered the law: value, above (a limit), "" */
};

struct ixs_dispersion_path { /* PATHS: lines in reciprocal space along which modes are followed */
    int64_t path;
    char name[49];
    double g_h, g_k, g_l; /* r.l.u., where it starts; NaN: any reciprocal-lattice point */
    double d_h, d_k, d_l; /* r.l.u., its direction; NaN: any */
    double q_zone;        /* 1/Angstrom, half the period along it; NaN: not known */
    int64_t npoints;      /* modes on it */
    char folded[9];       /* Laue class by which q were folded, "" if they were not */
};

struct ixs_dispersion_parameter { /* PARAMETERS of the laws */
    int64_t parameter;            /* from 1 */
    int64_t branch;               /* 0: of all branches of this temperature */
    double temperature;           /* K */
    char component[17];           /* energy, width, elastic */
    char name[17];                /* velocity, zone, phi1 .., C11 .. */
    double value, err;
    char unit[17]; /* FITS unit of value */
};

struct ixs_dispersion_covariance { /* COVARIANCE: lower triangle, parameters of one law */
    int64_t row, column;           /* PARAMETER numbers, column <= row */
    double covariance;
};

struct ixs_dispersion_overlay { /* OVERLAY: a published or calculated dispersion beside it */
    char series[49];            /* what it is called */
    int64_t line;               /* points of one line are joined */
    int64_t path;               /* number of the path it belongs to; 0: all */
    double position, energy;    /* 1/Angstrom, meV */
};

struct ixs_dispersion_branch { /* BRANCHES */
    int64_t branch;
    char path[49]; /* the reciprocal-lattice point and direction, in words */
    int64_t npoints;
    double q_lo, q_hi;                     /* 1/Angstrom, range covered */
    char law[17];                          /* linear, sine, series, karman, mean, curved */
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
    int64_t path_number;
    double temperature;                /* K, mean of its modes */
    int64_t nterms;                    /* parameters of the law */
    int64_t nlimits;                   /* energies that entered as limits */
    double fwhm_scale, fwhm_scale_err; /* meV, of fwhm = fwhm_scale (q/fwhm_q)^fwhm_power */
    double fwhm_power, fwhm_power_err; /* NaN: too few widths */
    double fwhm_q;                     /* 1/Angstrom */
    int64_t nwidths, nwidth_limits;    /* widths in that law, and how many of them are limits */
    double modulus, modulus_err;       /* GPa, density x velocity^2 */
    char constant[33];                 /* the elastic constants it is: C11, (C11-C12)/2 .. */
    char character[13];                /* longitudinal, transverse, mixed */
    double scale_err;                  /* relative, of all energies together: not in the errors */
    char crosses[49];                  /* branches it crosses, and where */
};

struct ixs_dispersion_curve { /* CURVES: the laws at even steps, to be drawn */
    int64_t branch;
    double position;                           /* 1/Angstrom */
    double energy, energy_err;                 /* meV */
    double group_velocity, group_velocity_err; /* km/s */
    double fwhm;                               /* meV, NaN: no law or outside of its q */
};

struct ixs_dispersion { /* owns its arrays; all-zero is empty */
    struct ixs_identity identity;
    struct ixs_dispersion_point *points;
    size_t npoints;
    struct ixs_dispersion_branch *branches;
    size_t nbranches;
    struct ixs_dispersion_path *paths;
    size_t npaths;
    struct ixs_dispersion_parameter *parameters;
    size_t nparameters;
    struct ixs_dispersion_covariance *covariances;
    size_t ncovariances;
    struct ixs_dispersion_overlay *overlays;
    size_t noverlays;
    struct ixs_thermal_row *thermal; /* with several temperatures, as are the rest */
    size_t nthermal;
    struct ixs_thermal_law_row *laws;
    size_t nlaws;
    struct ixs_thermal_kappa *kappas;
    size_t nkappas;
    struct ixs_thermal_covariance *kappa_covariances;
    size_t nkappa_covariances;
    struct ixs_dispersion_curve *curves;
    size_t ncurves;
};

extern const struct ixs_table ixs_table_dispersion_points, ixs_table_dispersion_branches,
    ixs_table_dispersion_paths, ixs_table_dispersion_parameters, ixs_table_dispersion_covariance,
    ixs_table_dispersion_overlay, ixs_table_dispersion_curves;

IXS_MUST_CHECK bool ixs_dispersion_write(const struct ixs_dispersion *dispersion, const char *path,
                                         const struct ixs_provenance *provenance,
                                         const struct ixs_commit *how, bool *changed,
                                         struct ixs_err *err);
IXS_MUST_CHECK bool ixs_dispersion_read(struct ixs_dispersion *out, const char *path,
                                        const struct ixs_reading *how,
                                        struct ixs_provenance *provenance, struct ixs_err *err);
void ixs_dispersion_dispose(struct ixs_dispersion *dispersion);

#endif
