/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPECTRA: calibrated spectra, one per analyzer, counts kept. Expected count of a point:
 * EXPOSURE x model + DARK.
 */
#ifndef IXS_PRODUCTS_SPECTRA_H
#define IXS_PRODUCTS_SPECTRA_H

#include "base/product.h"
#include "products/sqw.h"

/* FLAGS of a point: words in docs/products.md. A point with any flag is not fitted, but for those
 * that only tell how its counts came to be. */
enum ixs_flag {
    IXS_FLAG_MONITOR = 1,      /* monitor missing, not a number, or zero */
    IXS_FLAG_COUNTS = 2,       /* counts missing or not a whole number >= 0 */
    IXS_FLAG_ENERGY = 4,       /* energy missing or not a number */
    IXS_FLAG_EXCLUDED = 8,     /* by <exclude> of the experiment */
    IXS_FLAG_BURST = 16,       /* far more counts than its neighbours and the spectrum allow */
    IXS_FLAG_TIME = 32,        /* counting time missing or not positive */
    IXS_FLAG_ERROR = 64,       /* STATIST GAUSSIAN: stated error missing or not positive */
    IXS_FLAG_ATTENUATOR = 128, /* the attenuators' reading is none of their settings */
    IXS_FLAG_SPIKE = 256,    /* ixs-merge: more counts than scans beside it and neighbours allow */
    IXS_FLAG_DIP = 512,      /* ixs-merge: fewer */
    IXS_FLAG_ELASTIC = 8192, /* ixs-elastic: lost under the elastic line; fitted */
    IXS_FLAG_INTERPOLATED = 1024, /* archive: counts are between those of recorded points; fitted */
    IXS_FLAG_INEXACT = 2048,      /* archive: counts recovered to the nearest few; fitted */
    IXS_FLAG_LOST = 4096,         /* ixs-merge: fewer, in all analyzers at once */
};
enum { IXS_FLAGS_TOLD = IXS_FLAG_ELASTIC | IXS_FLAG_INTERPOLATED | IXS_FLAG_INEXACT };

struct ixs_flag_word {
    int64_t bit;
    const char *word, *meaning;
};

/* Whether flags keep a point out of fits. */
static inline bool ixs_flags_bar(int64_t flags)
{
    return (flags & ~(int64_t)IXS_FLAGS_TOLD) != 0;
}
extern const struct ixs_flag_word ixs_flag_words[];
extern const size_t ixs_flag_nwords;

struct ixs_spectrum { /* SPECTRA: one row per analyzer */
    int64_t spectrum; /* from 1 */
    char analyzer[25];
    char scans[49];                      /* "60", "58,59" */
    char statist[9];                     /* POISSON, GAUSSIAN */
    double temperature, temperature_err; /* K; NaN: not known, then no detailed balance */
    double zero,
        zero_err;     /* meV, what was taken off the recorded energy; zero_err NaN: flat prior */
    double scale_err; /* relative error of the energy scale */
    double two_theta, gamma; /* deg, of this analyzer */
    double q, q_width;       /* 1/Angstrom; width NaN: slits not known */
    double hkl_cov[6];       /* r.l.u.^2, acceptance: HH HK HL KK KL LL; NaN: not known */
    double h, k, l;          /* r.l.u. */
    double g_h, g_k, g_l;    /* nearest reciprocal-lattice point */
    double q_h, q_k, q_l;    /* reduced q, r.l.u. */
    double q_reduced;        /* its length, 1/Angstrom */
    double q_angle;          /* deg, between Q and the reduced q; NaN: no crystal, or q = 0 */
    double efficiency, polarization, form_factor, absorption; /* factors within EXPOSURE */
    int64_t npoints;
    double elastic, elastic_err; /* meV count/s; NaN before ixs-elastic */
    double elastic_lo, elastic_hi, elastic_ul90;
    double central, central_err; /* meV count/s, where the elastic line is not told apart */
    char elastic_status[17];     /* good, limit, inseparable, unknown */
    char quality[17];            /* good, no-signal, bursts, uncalibrated, masked */
    char response[17];           /* quality of its response: good, nominal, lent, none */
};

struct ixs_point { /* POINTS: one row per analyzer and point */
    int64_t spectrum;
    char analyzer[25];
    int64_t scan, point; /* row of RAW, from 1; of several scans summed: 0 and 0 */
    double time;         /* s, counting time */
    double energy_raw;   /* as recorded */
    double energy;       /* meV, E_in - E_out - zero, positive = energy loss */
    double counts;
    double exposure;         /* s: time x monitor/reference x factors */
    double exposure_err;     /* s, by the monitor's own noise; NaN: not known */
    double dark;             /* expected dark counts */
    double intensity, error; /* count/s: (counts-dark)/exposure, sqrt(max(counts,1))/exposure */
    int64_t flags;
    int64_t summed;                    /* points summed in it; 0: not merged */
    double energy_span;                /* meV, from the lowest to the highest energy summed in it */
    double elastic, elastic_err;       /* count/s; NaN before ixs-elastic */
    double inelastic, inelastic_err;   /* count/s; NaN before ixs-elastic */
    double subtracted, subtracted_err; /* count/s; NaN before ixs-background; to look at */
};

/* BACKGROUND: one row per spectrum and point of the empty cell. What is measured of the spectrum
 * contains SCALE times the cell's rate (models/fit/cell.h). */
struct ixs_background {
    int64_t spectrum;
    double energy;           /* meV, of the cell's scan, its own zero taken off */
    double counts, exposure; /* of the cell; exposure in s of the spectrum's reference */
    double dark;             /* expected dark counts */
    double scale, scale_err; /* the same for all rows of a spectrum */
    double zero_err;         /* meV, of all energies of a spectrum together; NaN: not known */
    int64_t scan, point;     /* of the cell */
    int64_t flags;           /* of its point */
};

struct ixs_merged {   /* MERGED: one row per spectrum that went in, of one analyzer in one scan */
    int64_t spectrum; /* that it is in */
    char analyzer[25];
    char scans[49];
    char source[121];        /* product that it came from */
    double zero, zero_err;   /* meV, as there */
    double shift, shift_err; /* meV, taken off beside the zero: the same for all analyzers */
    double own_shift, own_shift_err; /* meV, of this analyzer by itself; taken off too */
    double scale, scale_err;         /* its rates over those of all scans */
    double deviance, dof, p_value;   /* of its points that are used, against all scans */
    int64_t npoints, used, spikes, dips, lost, flagged; /* flagged: before */
    double counts, exposure;                            /* of the points used */
    char status[17]; /* good, differs, scale, shift, single, not-compared */
};

struct ixs_spectra_keys { /* keywords of SPECTRA */
    double reference;     /* monitor counts per second that EXPOSURE is referred to */
    char monitor[25];     /* label */
    char source[121];     /* SPEC file */
    char origin[161];     /* #F: names the beamtime */
    double lambda;        /* Angstrom */
    double lattice[6];    /* Angstrom, deg */
    char centring[3];     /* P, A, B, C, I, F, R */
    char ub_from[33];     /* where UB came from */
    char temp_from[49];   /* where TEMPERATURE came from */
};

struct ixs_spectra { /* owns its arrays; all-zero is empty */
    struct ixs_identity identity;
    struct ixs_spectra_keys keys;
    struct ixs_spectrum *spectra;
    size_t nspectra;
    struct ixs_point *points; /* those of one spectrum stand together, in order of SPECTRUM */
    size_t npoints;
    struct ixs_background *backgrounds; /* in order of SPECTRUM too; none before ixs-background */
    size_t nbackgrounds;
    struct ixs_sqw *sqw; /* none before ixs-elastic */
    size_t nsqw;
    struct ixs_sqw_moments *moments;
    size_t nmoments;
    struct ixs_merged *merged; /* none before ixs-merge */
    size_t nmerged;
};

extern const struct ixs_table ixs_table_spectra, ixs_table_points, ixs_table_background,
    ixs_table_merged, ixs_table_spectra_keys;

IXS_MUST_CHECK bool ixs_spectra_write(const struct ixs_spectra *spectra, const char *path,
                                      const struct ixs_provenance *provenance,
                                      const struct ixs_commit *how, bool *changed,
                                      struct ixs_err *err);
IXS_MUST_CHECK bool ixs_spectra_read(struct ixs_spectra *out, const char *path,
                                     const struct ixs_reading *how,
                                     struct ixs_provenance *provenance, struct ixs_err *err);
/* The same of an input that PROVENANCE calls by another name: "cell". */
IXS_MUST_CHECK bool ixs_spectra_read_as(struct ixs_spectra *out, const char *path, const char *role,
                                        const struct ixs_reading *how,
                                        struct ixs_provenance *provenance, struct ixs_err *err);
void ixs_spectra_dispose(struct ixs_spectra *spectra);

/* As it is before ixs-elastic. */
void ixs_spectrum_without_elastic(struct ixs_spectrum *spectrum);

/* The spectrum of that number, or NULL. */
const struct ixs_spectrum *ixs_spectra_find(const struct ixs_spectra *spectra, int64_t number);

/* First point of a spectrum (by its number), *count of them. */
const struct ixs_point *ixs_spectra_points(const struct ixs_spectra *spectra, int64_t spectrum,
                                           size_t *count);

/* First row of a spectrum's background data, *count of them; NULL: there are none. */
const struct ixs_background *ixs_spectra_background(const struct ixs_spectra *spectra,
                                                    int64_t spectrum, size_t *count);

#endif
