/* SPDX-License-Identifier: GPL-3.0-or-later
 * CALIB: per analyzer the energy zero, efficiency, dark rate and resolution function.
 */
#ifndef IXS_PRODUCTS_CALIBRATION_H
#define IXS_PRODUCTS_CALIBRATION_H

#include "base/product.h"

struct ixs_calib_analyzer { /* ANALYZERS: one row each */
    char analyzer[25];
    double zero, zero_err; /* meV, on the axis recorded + E_ORIGIN; NaN: not known */
    double own_err;        /* meV, of zero beside all drift: what a scan with its own origin has */
    double efficiency, efficiency_err; /* mean 1 over the calibrated analyzers */
    double dark_rate;                  /* count/s */
    double dead_time;                  /* s */
    double fwhm, fwhm_err;             /* meV, of the response */
    double tail10;     /* share of the area within e_lo .. e_hi that lies beyond +-10 meV */
    double e_lo, e_hi; /* meV, range in which the response was measured */
    double peak;       /* counts at the highest point of the best scan */
    double deviance;   /* of the fit of the response */
    int64_t dof;
    int64_t ncomponents;
    char form[9];                    /* of the response: sum, single, table; "": sum */
    double known_lo, known_hi;       /* meV, between them the response is known within 10 % */
    double inelastic, inelastic_err; /* inelastic over elastic area taken off in SCAN; NaN: none */
    double opening;                  /* of its mask in SCAN, motor units; NaN: not known */
    double slit_x, slit_z;           /* mm, gaps of its slits in SCAN; NaN: not known */
    char scan[49];                   /* scan numbers that it came from, "18,20" */
    char quality[17];                /* good, nominal, lent, uncalibrated */
    char reason[81];                 /* why not good, "" if it is */
};

struct ixs_calib_component { /* RESOLUTION: one pseudo-Voigt of one analyzer; weights add up to 1 */
    char analyzer[25];
    int64_t component; /* from 1 */
    double weight, weight_err;
    double center, center_err; /* meV; R is centred: its centroid within +-10 meV is 0 */
    double fwhm, fwhm_err;     /* meV, common to the Gaussian and the Lorentzian part */
    double eta, eta_err;       /* Lorentzian share of the area, 0 .. 1 */
};

/* RESOLUTION_TABLE: a response as a table; with theta = 2 atan((E - center)/scale),
 * ln[R ((E - center)^2 + scale^2)] is a periodic cubic spline in theta through these, which stand
 * at theta = 2 pi (node - 1/2)/count - pi. */
struct ixs_calib_node {
    char analyzer[25];
    int64_t node;                  /* from 1 */
    double energy;                 /* meV */
    double response, response_err; /* 1/meV */
    double center, scale;          /* meV */
};

struct ixs_calib_covariance { /* RESOLUTION_COV: lower triangle per analyzer */
    char analyzer[25];
    int64_t row, column; /* parameter numbers from 1: WEIGHT, CENTER, FWHM, ETA of component 1, 2
                            ..; of a table, ln RESPONSE of node 1, 2 .. */
    double covariance;
};

struct ixs_calib_response { /* RESPONSE: data and curve of one analyzer in one scan */
    char analyzer[25];
    int64_t scan;
    double energy;                 /* meV, zero of this scan taken off */
    double counts;                 /* NaN on a grid without data */
    double expected;               /* counts of the fit */
    double response, response_err; /* 1/meV, unit-area R(energy) */
    double measured, measured_err; /* 1/meV, the counts on the scale of response */
};

struct ixs_calib_setting { /* SETTINGS: one lit analyzer in one reference scan */
    char analyzer[25];
    int64_t scan;
    char sample[25];
    double temperature;    /* K; NaN: not known */
    double two_theta;      /* deg */
    double q;              /* 1/Angstrom */
    double opening;        /* of its mask */
    double slit_x, slit_z; /* mm */
    double time;           /* s since the first reference scan started */
    int64_t shaping;       /* 1: the response came from it, among others */
    double zero, zero_err, area, area_err, stretch, stretch_err; /* of the peak: meV, meV count/s */
    double inelastic, inelastic_err;                             /* inelastic over elastic area */
    double background;                                           /* count/s */
    double deviance;                                             /* of all points, if shaping */
    int64_t npoints;
};

struct ixs_calib_density { /* DENSITY: vibrations of a sample, as the joint fit found them */
    char sample[25];
    double energy;               /* meV */
    double density, density_err; /* 1/meV, g(E) of unit area */
};

struct ixs_calib_drift { /* DRIFT: origin of one scan */
    int64_t scan;
    double time;     /* s since the first reference scan started; NaN: not known */
    double e_origin; /* meV, resets that the file tells of */
    double origin,
        origin_err; /* meV, recorded energy at which an analyzer of offset 0 has its zero */
};

struct ixs_calib_line { /* LINES: a line of known energy in one scan of one analyzer */
    char analyzer[25];
    int64_t scan;
    double time;             /* s since the first scan of DRIFT; NaN: not known */
    double known, known_err; /* meV; 0: the elastic line */
    double found, found_err; /* meV, on the axis recorded + E_ORIGIN */
    double residual;         /* meV, found - known - ZERO - the drift of the scan */
};

struct ixs_calib_keys {  /* keywords of ANALYZERS */
    char beamtimes[161]; /* #F of the reference scans, so that another beamtime knows it is lent */
    double origin_scatter;     /* meV, rms of what analyzer offset + scan origin leave */
    double width_scatter;      /* rms relative difference of FWHM between repeats */
    double efficiency_scatter; /* rms relative difference of areas between repeats */
    double jitter;   /* meV, rms, of the energy axis: variance that counting does not tell of */
    char center[33]; /* where energy 0 of a response is */
    char removal[9]; /* of the sample's inelastic part: none, joint, prior */
    double prior, prior_err;       /* stated inelastic over elastic area; NaN: none stated */
    double fading, fading_err;     /* 1/h, relative change of areas with time */
    double widening, widening_err; /* 1/h, relative change of widths with time */
    double scale, scale_err; /* true energy over the instrument's; NaN: no known line told it */
    double epoch;            /* s since 1970, TIME 0 of DRIFT; NaN: not known */
    double walk, scatter;    /* of the common drift: meV h**(-1/2), meV; NaN: cannot be told */
    double own_walk, own_scatter; /* of single analyzers beside it */
};

struct ixs_calib { /* owns its arrays; all-zero is empty */
    struct ixs_identity identity;
    struct ixs_calib_keys keys;
    struct ixs_calib_analyzer *analyzers;
    size_t nanalyzers;
    struct ixs_calib_component *components;
    size_t ncomponents;
    struct ixs_calib_node *nodes;
    size_t nnodes;
    struct ixs_calib_covariance *covariances;
    size_t ncovariances;
    struct ixs_calib_response *response;
    size_t nresponse;
    struct ixs_calib_drift *drift;
    size_t ndrift;
    struct ixs_calib_setting *settings;
    size_t nsettings;
    struct ixs_calib_density *density;
    size_t ndensity;
    struct ixs_calib_line *lines;
    size_t nlines;
};

extern const struct ixs_table ixs_table_calib_analyzers, ixs_table_calib_components,
    ixs_table_calib_covariance, ixs_table_calib_nodes, ixs_table_calib_response,
    ixs_table_calib_drift, ixs_table_calib_keys, ixs_table_calib_settings, ixs_table_calib_density,
    ixs_table_calib_lines;

IXS_MUST_CHECK bool ixs_calib_write(const struct ixs_calib *calib, const char *path,
                                    const struct ixs_provenance *provenance,
                                    const struct ixs_commit *how, bool *changed,
                                    struct ixs_err *err);
IXS_MUST_CHECK bool ixs_calib_read(struct ixs_calib *out, const char *path,
                                   const struct ixs_reading *how, struct ixs_provenance *provenance,
                                   struct ixs_err *err);
void ixs_calib_dispose(struct ixs_calib *calib);

/* The row of an analyzer, or NULL. Its components: first one and *count of them (they stand
 * together). */
const struct ixs_calib_analyzer *ixs_calib_find(const struct ixs_calib *calib, const char *name);
const struct ixs_calib_component *ixs_calib_response_of(const struct ixs_calib *calib,
                                                        const char *name, size_t *count);
/* The same of its table. */
const struct ixs_calib_node *ixs_calib_table_of(const struct ixs_calib *calib, const char *name,
                                                size_t *count);

/* SCAN of the rows of RESPONSE that are the curve of an analyzer: 0, those on a grid; products of
 * version 1 have it only at the points of the scans. */
int64_t ixs_calib_curve_scan(const struct ixs_calib *calib, const char *analyzer);

#endif
