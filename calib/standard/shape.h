/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/standard: the fit of a response with a given number of parts, as the choice of that
 * number uses it.
 */
#ifndef IXS_CALIB_STANDARD_SHAPE_H
#define IXS_CALIB_STANDARD_SHAPE_H

#include "calib/standard/parts.h"
#include "models/line/curve.h"
#include "models/fit/solve.h"

struct ixs_shape_data { /* borrowed: context of the model */
    size_t nparts, ntraces, npoints;
    struct ixs_trace **traces;
    double floor, range;           /* meV: least width of a part; energies of the first trace */
    const double *share;           /* [npoints] of counts and expected counts that the fit sees */
    const struct ixs_curve *wings; /* what the sample scatters beside the line, of unit area about
                                      its zero: each further trace has a part of it; NULL: none */
    double place;                  /* meV, zero of the first trace, that wings are about */
};

size_t ixs_shape_count(const struct ixs_shape_data *data); /* of parameters */
void ixs_shape_model(void *context, const double *p, double *mu, double *jacobian);
void ixs_shape_bounds(const struct ixs_shape_data *data, double *lower, double *upper);

/* A start with one part, from the looks of the traces. */
void ixs_shape_start(const struct ixs_shape_data *data, double *p);
/* A start from a shape with as many parts: zeros and areas as the peaks have them. */
void ixs_shape_from(const struct ixs_shape_data *data, const struct ixs_shape *shape, double *p);
/* A start from the result `before` with one part less: the new one at place 0 .. _places() - 1.
 * width: meV, of the whole line. */
void ixs_shape_more(const struct ixs_shape_data *data, const double *before, double width,
                    size_t place, double *p);
size_t ixs_shape_places(void);
/* One more part for those of p: its area, center, fwhm and eta. Fills *area of all and returns
 * their mean center. */
double ixs_shape_place(size_t nparts, const double *p, double width, size_t place, double floor,
                       double part[4], double *area);

/* Whether each part stands for something: none as narrow as the floor (it only fits the jitter of
 * the steps), none with its centre at a bound, none empty or undetermined. */
bool ixs_shape_admissible(const struct ixs_shape_data *data, const double *p,
                          const enum ixs_solve_state *states);

/* The centred response; returns the zero of the first trace. */
double ixs_shape_response(const struct ixs_shape_data *data, const double *p,
                          struct ixs_response *out);
/* Fills covariance, fwhm_err, center_err and share_err of *out, whose fwhm and excess are set, from
 * the parameters p [count] and their covariance [count][count]. */
IXS_MUST_CHECK bool ixs_shape_errors(struct ixs_shape *out, const struct ixs_shape_data *data,
                                     const double *p, const double *covariance,
                                     struct ixs_err *err);
/* Area of the wings of a trace beside the first. */
double ixs_shape_wing(const struct ixs_shape_data *data, const double *p, size_t s);
void ixs_shape_trace(const struct ixs_shape_data *data, const double *p, size_t s,
                     struct ixs_trace_fit *out);

/* ---- standard_jitter.c ----------------------------------------------------------------------- */

struct ixs_jitter_point {
    double counts, mu; /* mu > 0: expected */
    double slope;      /* 1/meV, dmu/dE */
    double leverage;   /* 0 .. 1: share of its variance that the fit takes up */
    double left;       /* 0 .. 1: share of the jitter that other analyzers do not tell */
};

/* Most likely rms jitter between 0 and `most`, meV. */
double ixs_jitter_find(size_t n, const struct ixs_jitter_point *points, double most);
/* Variance of the counts beside that of Poisson. */
double ixs_jitter_inflation(const struct ixs_jitter_point *point, double jitter);

#endif
