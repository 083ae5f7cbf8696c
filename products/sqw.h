/* SPDX-License-Identifier: GPL-3.0-or-later
 * S(Q,E) as ixs-elastic leaves it in SPECTRA: what remains beside elastic line and background,
 * point by point, and its moments.
 */
#ifndef IXS_PRODUCTS_SQW_H
#define IXS_PRODUCTS_SQW_H

#include "base/table.h"

struct ixs_sqw { /* SQW: one row per fitted point */
    int64_t spectrum;
    char analyzer[25];
    int64_t point;         /* row of the spectrum, from 1 */
    double q;              /* 1/Angstrom */
    double energy;         /* meV, what the fit found left of the zero taken off */
    double s, s_err;       /* count/s; NaN: under the elastic line */
    double s_fit, s_model; /* of the fit, through the response and without it */
    double chi, chi_err;   /* count/s: S (1 - exp(-E/kT)) */
    double chi_fit, chi_model;
};

struct ixs_sqw_moments { /* MOMENTS: one row per spectrum that was fitted */
    int64_t spectrum;
    char analyzer[25];
    double q;                                            /* 1/Angstrom */
    double temperature, temperature_err;                 /* K, thermometer */
    double balance, balance_err, balance_lo, balance_hi; /* K */
    double balance_pull;
    double e_lo, e_hi;                           /* meV, what was measured */
    double zeroth_range, zeroth_range_err;       /* meV count/s */
    double first_range, first_range_err;         /* meV^2 count/s */
    double zeroth_pull, first_pull;              /* of the range, points against fit */
    double zeroth, zeroth_err, first, first_err; /* of S(E) */
    double truncated;                            /* share of first beyond the range */
    double mass;                                 /* u */
    double recoil;                               /* meV */
    double scale, scale_err;                     /* count/s meV: S = intensity / scale */
    double structure, structure_err;             /* S(Q), elastic line and all */
    char note[81];
};

extern const struct ixs_table ixs_table_sqw, ixs_table_sqw_moments;

#endif
