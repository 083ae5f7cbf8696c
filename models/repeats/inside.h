/* SPDX-License-Identifier: GPL-3.0-or-later
 * What models/repeats/ share: one analyzer while its scans are compared.
 */
#ifndef IXS_MODELS_REPEATS_INSIDE_H
#define IXS_MODELS_REPEATS_INSIDE_H

#include "models/response/freeform.h"
#include "models/repeats/repeats.h"

struct ixs_repeats_space { /* owns its arrays */
    const struct ixs_repeats *all;
    struct ixs_repeats_series *series;
    struct ixs_freeform form;
    double *energy;    /* [n] shifted */
    double *exposure;  /* [n] scaled */
    double *mu;        /* [n] expected counts */
    double *slope;     /* [n] of them, count/meV */
    double *spread;    /* [n] variance of mu by the fit */
    double *extra;     /* [n] variance beside counting: monitor, jitter */
    double *weight;    /* [n] mu/(mu + extra); 0: not used */
    double *room;      /* [n] */
    double *scale;     /* [nscans] logarithms */
    double *own;       /* [nscans] meV, shifts beside those of the scans */
    double dispersion; /* variance of counts over what is known of it, at least 1 */
};

/* The spectrum as the present shifts, scales and marks tell it, then mu, slope, spread, extra. */
void ixs_repeats_fit(struct ixs_repeats_space *space);
/* The same of the scans before this one alone. */
void ixs_repeats_fit_first(struct ixs_repeats_space *space, size_t scan);

/* Shifts of all scans and scales of each analyzer's, the joint likelihood's maximum; errors too.
 * anew: searched for, where little is known beforehand, and not from where they are. */
IXS_MUST_CHECK bool ixs_repeats_align(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                                      bool anew, struct ixs_err *err);

/* ---- repeats_system.c ------------------------------------------------------------------------ */

struct ixs_repeats_system { /* of `size` = 2 nscans unknowns: delta, lambda; owns its arrays */
    size_t nscans, size;
    double *matrix; /* [size][size] of one analyzer */
    double *score;  /* [size] */
    double *cross;  /* [size][heights] */
    double *solved; /* [heights] */
    double *lambda; /* [nscans][nscans] its block of lambda, Cholesky */
    double *column; /* [nscans] */
    double *shifts; /* [nscans][nscans] of its shifts, lambda taken out */
    double *tells;  /* [nscans] their score */
    double *owned;  /* [nscans][nscans] of its own shifts, Cholesky */
    double *owns;   /* [nscans] their score */
    double *unit;   /* [nscans] */
    double *total;  /* [nscans][nscans] information of delta, all analyzers; then Cholesky */
    double *sum;    /* [nscans] its score; then the step */
};

IXS_MUST_CHECK bool ixs_repeats_system_make(struct ixs_repeats_system *out, size_t nscans,
                                            size_t heights, struct ixs_err *err);
void ixs_repeats_system_dispose(struct ixs_repeats_system *system);

/* One analyzer's part, all but the shifts taken out. */
void ixs_repeats_reduce(struct ixs_repeats_system *system, const struct ixs_repeats_space *space);
/* total and sum of all analyzers. */
void ixs_repeats_gather(struct ixs_repeats_system *system, const struct ixs_repeats *repeats,
                        const struct ixs_repeats_space *spaces);
/* Right after _reduce: own shifts follow the step of delta; *moved: the largest over its error. */
void ixs_repeats_move_own(struct ixs_repeats_system *system, struct ixs_repeats_space *space,
                          const double *step, double most, double *moved);
/* The same: scales. */
void ixs_repeats_move_scales(struct ixs_repeats_system *system, struct ixs_repeats_space *space,
                             const double *step);

/* ---- all of them ----------------------------------------------------------------------------- */

/* Fits, or looks for outliers in, all analyzers, several at once. */
IXS_MUST_CHECK bool ixs_repeats_each(const struct ixs_repeats *repeats,
                                     struct ixs_repeats_space *spaces,
                                     void (*treat)(struct ixs_repeats_space *),
                                     struct ixs_err *err);

/* repeats_search.c: scans come one by one; each is put where those before it have it likeliest. */
void ixs_repeats_search(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces);
double ixs_repeats_prior(const struct ixs_repeats *repeats, size_t scan); /* meV, of a shift */
double ixs_repeats_narrowest(const struct ixs_repeats *repeats); /* meV, of all analyzers */

/* Marks the points of one analyzer, from none on (but those that are lost). */
void ixs_repeats_outliers(struct ixs_repeats_space *space);

struct ixs_repeats_row { /* all analyzers at one point of a scan */
    double counts, mu, variance, jitter, noise;
    double worst_counts, worst_mu; /* of the analyzer that lacks most */
    size_t nseries;
};

/* Marks rows in which all analyzers together have too few counts; *found: there are any. rows:
 * [nrows] to work in. */
IXS_MUST_CHECK bool ixs_repeats_rows(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                                     struct ixs_repeats_row *rows, bool *found,
                                     struct ixs_err *err);

/* What the others tell of point i, which is used: linear in what it adds to the fit itself. */
void ixs_repeats_without(const struct ixs_repeats_space *space, size_t i, double *mu,
                         double *variance);

/* Takes the marks off scans that differ from the others as a whole. rows: [nrows] to work in. */
void ixs_repeats_forgive(struct ixs_repeats *repeats, struct ixs_repeats_row *rows);

#endif
