/* SPDX-License-Identifier: GPL-3.0-or-later
 * One spectrum and its fit, as the elastic line's source files pass it on.
 */
#ifndef IXS_CALIB_ELASTIC_PARTS_H
#define IXS_CALIB_ELASTIC_PARTS_H

#include "calib/elastic/elastic.h"
#include "models/fit/carry.h"
#include "models/fit/elastic.h"
#include "models/thermal/balance.h"

struct ixs_elastic_shift { /* what one standard deviation of a direction of the response does */
    double by[IXS_MODEL_MOST_PARAMETERS]; /* to the parameters */
    double step;                          /* between the two ends, in standard deviations */
    const struct ixs_transform *low, *high;
};

struct ixs_elastic_fit { /* owns carry, bose, share and shifts */
    const struct ixs_fitting_seen *seen;
    const struct ixs_fit_answer *answer;
    struct ixs_elastic elastic;
    struct ixs_model model;     /* of the answer, with the task's points */
    struct ixs_cell_model cell; /* of background data; without parameters: none */
    double *share;
    struct ixs_bose *bose;
    struct ixs_carry carry;
    double area_err; /* of the area that is taken off, the interval's farther end */
    size_t nshifts;
    struct ixs_elastic_shift *shifts;
};

IXS_MUST_CHECK bool ixs_elastic_fit_make(struct ixs_elastic_fit *out,
                                         const struct ixs_fitting_seen *seen,
                                         const struct ixs_fit_answer *answer,
                                         const struct ixs_elastic *elastic, struct ixs_err *err);
void ixs_elastic_fit_dispose(struct ixs_elastic_fit *fit);

/* One point: what the fit expects and how far that is known. */
struct ixs_elastic_point {
    double elastic, background, inelastic; /* count/s; background data are in background */
    double response, slope;                /* 1/meV: R and dR/dE there */
};
void ixs_elastic_point(const struct ixs_elastic_fit *fit, double energy,
                       struct ixs_elastic_point *out);

/* Error of the elastic line there (background too, if asked for): of the parameters, the area by
 * its interval, the response. Point i of the task takes part with `a` times its counts (a 0: none).
 * by_more [p] is added to the gradient; may be NULL. */
double ixs_elastic_error(const struct ixs_elastic_fit *fit, double energy,
                         const struct ixs_elastic_point *point, bool background, size_t i, double a,
                         const double *by_more);

/* Adds to by[p] factor times the slopes of the background there. */
void ixs_elastic_background_slopes(const struct ixs_elastic_fit *fit, double energy, double factor,
                                   double *by);

/* What the area may be off beyond what the covariance says: its interval knows of rivals. */
double ixs_elastic_more(const struct ixs_elastic_fit *fit);

/* Fills the rows of one spectrum. */
void ixs_elastic_subtract(const struct ixs_elastic_fit *fit, struct ixs_spectrum *spectrum,
                          size_t npoints, struct ixs_point *points, struct ixs_sqw *rows);
IXS_MUST_CHECK bool ixs_elastic_moments(const struct ixs_elastic_fit *fit,
                                        const struct ixs_spectrum *spectrum, double mass,
                                        struct ixs_sqw_moments *row, struct ixs_err *err);

#endif
