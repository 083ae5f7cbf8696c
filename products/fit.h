/* SPDX-License-Identifier: GPL-3.0-or-later
 * FIT: what was fitted to each spectrum: modes, parameters, covariance, curves.
 */
#ifndef IXS_PRODUCTS_FIT_H
#define IXS_PRODUCTS_FIT_H

#include "products/fit_errors.h"

struct ixs_fit_identity { /* identity columns: which spectrum a row belongs to */
    int64_t spectrum;     /* from 1, over all inputs of the fit */
    char source[73];      /* base name of the SPECTRA product */
    char analyzer[25];
    char scans[49];
    double temperature; /* K */
    double scale_err;   /* relative, of all energies together; NaN: not known */
    double q;           /* 1/Angstrom */
    double h, k, l;     /* r.l.u. */
    double g_h, g_k, g_l;
    double q_h, q_k, q_l;
    double q_reduced;  /* 1/Angstrom */
    char response[17]; /* good, nominal, lent, none */
};

struct ixs_fit_spectrum { /* SPECTRA */
    struct ixs_fit_identity id;
    char status[17]; /* good, bound, undetermined, not-converged, poor, no-data */
    char reason[81]; /* why not good, "" if it is */
    char statist[9]; /* POISSON; GAUSSIAN: stated errors, deviance is chi squared; "": POISSON */
    double deviance;
    int64_t dof;
    double p_value; /* NaN: not meant (no degree of freedom) */
    double aicc, log_evidence;
    int64_t nmodes, iterations;
    double zero, zero_err;             /* meV, what remains beside what was applied */
    double elastic, elastic_err;       /* meV count/s */
    double background, background_err; /* count/s, not convolved */
    int64_t set;                       /* of SETS, that it was fitted together with; 0: by itself */
};

struct ixs_fit_mode { /* MODES */
    struct ixs_fit_identity id;
    int64_t mode;   /* from 1, by energy; named modes in the order of the model file */
    char label[17]; /* its name in the model file; "": it has none */
    double omega0, omega0_err, omega0_lo, omega0_hi; /* meV */
    double fwhm, fwhm_err, fwhm_lo, fwhm_hi;         /* meV, full damping width */
    double strength, strength_err;                   /* meV count/s */
    double relaxation, relaxation_err;               /* meV, omega0^2/fwhm */
    double relaxation_lo, relaxation_hi;
    double susceptibility, susceptibility_err; /* count/s, 2 strength/omega0 */
    double susceptibility_lo, susceptibility_hi;
    double area;                   /* meV count/s, integral of S(E) over all E */
    double omega_damped;           /* meV, sqrt(omega0^2 - fwhm^2/4), 0 when overdamped */
    double fwhm_ul90;              /* meV, 90 % upper limit */
    char regime[13];               /* underdamped, overdamped, unresolved */
    double lifetime, lifetime_err; /* ps, hbar/fwhm; NaN: unresolved or response nominal or lent */
    char status[17];               /* of the spectrum */
};

struct ixs_fit_parameter { /* PARAMETERS */
    int64_t parameter;     /* from 1 */
    int64_t spectrum;      /* 0: shared */
    char component[17];    /* zero, elastic, background, dho1 .. */
    char name[17];         /* zero, area, level, omega0, fwhm, strength */
    double value, err, lo, hi;
    char unit[17];  /* FITS unit of value */
    char state[13]; /* free, fixed, tied, shared, bound, undetermined, inseparable */
    char label[17]; /* of a mode, its name in the model file */
    int64_t like;   /* PARAMETER that this one follows, tied or shared; 0: none */
    int64_t set;    /* of what is shared, of SETS; 0: of one spectrum */
};

struct ixs_fit_set { /* SETS: spectra fitted together */
    int64_t set;     /* from 1 */
    int64_t nspectra, nown, nshared;
    double deviance;
    int64_t dof;
    double p_value;
    double agreement; /* chance that spectra differ so much in what they share; NaN: nothing */
    double aicc;
    int64_t iterations;
    char status[17], reason[81];
};

struct ixs_fit_covariance { /* COVARIANCE: lower triangle, parameters of one spectrum, of what is
                               shared, and of a spectrum with what it shares */
    int64_t row, column;    /* PARAMETER numbers, column <= row */
    double covariance;
};

struct ixs_fit_curve { /* CURVES: one row per point and component; COMPONENT 'total' has the data */
    int64_t spectrum;
    int64_t point; /* row of the spectrum, from 1 */
    double energy; /* meV, FIT.ZERO not taken off */
    double counts, exposure, dark;
    double intensity, error;           /* count/s */
    double total;                      /* count/s */
    double elastic, background, modes; /* count/s, components of total; modes: their sum */
    double quasielastic, table;        /* count/s; NaN: not in the model */
    double cell;                       /* count/s; NaN: no background data */
    double mode1, mode2, mode3, mode4, mode5, mode6; /* count/s; NaN: no such mode */
    double residual; /* signed square root of the point's deviance */
    int64_t flags;
};

struct ixs_fit { /* owns its arrays; all-zero is empty */
    struct ixs_identity identity;
    struct ixs_fit_spectrum *spectra;
    size_t nspectra;
    struct ixs_fit_mode *modes;
    size_t nmodes;
    struct ixs_fit_parameter *parameters;
    size_t nparameters;
    struct ixs_fit_covariance *covariances;
    size_t ncovariances;
    struct ixs_fit_curve *curves;
    size_t ncurves;
    struct ixs_fit_set *sets;
    size_t nsets;
    struct ixs_fit_number_row *numbers;
    size_t nnumbers;
    struct ixs_fit_bootstrap_row *bootstraps;
    size_t nbootstraps;
    struct ixs_fit_posterior_row *posteriors;
    size_t nposteriors;
};

enum { IXS_FIT_MOST_MODES = 6 };

extern const struct ixs_table ixs_table_fit_spectra, ixs_table_fit_modes, ixs_table_fit_parameters,
    ixs_table_fit_covariance, ixs_table_fit_curves, ixs_table_fit_sets;

IXS_MUST_CHECK bool ixs_fit_write(const struct ixs_fit *fit, const char *path,
                                  const struct ixs_provenance *provenance,
                                  const struct ixs_commit *how, bool *changed, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_fit_read(struct ixs_fit *out, const char *path,
                                 const struct ixs_reading *how, struct ixs_provenance *provenance,
                                 struct ixs_err *err);
void ixs_fit_dispose(struct ixs_fit *fit);

/* The spectrum of that number, or NULL. */
const struct ixs_fit_spectrum *ixs_fit_find(const struct ixs_fit *fit, int64_t number);

#endif
