/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tables of a DISPERSION that say how modes change with temperature: what was measured, the
 * laws it follows, and what the modes carry of the heat.
 */
#ifndef IXS_PRODUCTS_THERMAL_H
#define IXS_PRODUCTS_THERMAL_H

#include "base/table.h"

struct ixs_thermal_row { /* THERMAL: one mode at one temperature */
    int64_t series;      /* one mode of one spectrum through all temperatures, from 1 */
    char source[73], analyzer[25], scans[49];
    int64_t mode;       /* of the FIT */
    double temperature; /* K */
    double h, k, l;     /* r.l.u. */
    double q_reduced;   /* 1/Angstrom */
    char told[13];      /* what entered the laws: both, limit, relaxation, nothing, outlier */
    double omega0, omega0_err, omega0_lo, omega0_hi;    /* meV */
    double fwhm, fwhm_err, fwhm_lo, fwhm_hi, fwhm_ul90; /* meV */
    double relaxation, relaxation_err;                  /* meV */
    double susceptibility, susceptibility_err;          /* count/s */
    char regime[13], status[17], response[17];
    double omega_law, omega_law_err, fwhm_law, fwhm_law_err; /* meV, of the laws there */
    double lifetime, lifetime_err;                           /* ps, hbar/fwhm_law */
    double velocity, velocity_err;                           /* km/s */
    double path, path_err;                                   /* Angstrom, velocity x lifetime */
    double ioffe_regel, ioffe_regel_err;                     /* pi fwhm_law/omega_law */
    double heat;                                             /* k_B */
    double kappa, kappa_err;                                 /* W/m/K, its share */
};

struct ixs_thermal_law_row { /* THERMAL_LAWS: one quantity of one series */
    int64_t series;          /* 0: of all together */
    char analyzer[25];
    double q_reduced;  /* 1/Angstrom */
    char quantity[17]; /* omega0, fwhm, relaxation, susceptibility, kappa */
    char law[17];
    char used[17]; /* carried: lifetimes and the rest follow from it; best: least AICC */
    int64_t npoints, nlimits, nrelaxations;
    double t_lo, t_hi;       /* K */
    double t_ref, omega_ref; /* K, meV: in the law's formula */
    double p[3], p_err[3];   /* see FORMULA in docs/thermal.md */
    double chi2;             /* of all laws of the series together */
    int64_t dof;
    double p_value, aicc;
    double exponent, exponent_err;                               /* of the power law */
    double t_overdamped, t_overdamped_err, t_ioffe, t_ioffe_err; /* K; NaN: not within reach */
    char remark[161];
};

struct ixs_thermal_kappa {                           /* KAPPA: one temperature */
    double temperature;                              /* K */
    double kappa, kappa_err, measured, measured_err; /* W/m/K */
    int64_t nmodes, nbeyond;
    double q_zone; /* 1/Angstrom */
};

struct ixs_thermal_covariance { /* KAPPA_COVARIANCE: lower triangle */
    int64_t row, column;        /* of KAPPA, from 1, column <= row */
    double covariance;          /* (W/m/K)^2 */
};

extern const struct ixs_table ixs_table_thermal, ixs_table_thermal_laws, ixs_table_thermal_kappa,
    ixs_table_thermal_covariance;

#endif
