/* SPDX-License-Identifier: GPL-3.0-or-later
 * The errors of a response: from the curvature of the fit, carried over to what the response stands
 * for, enlarged by the root of what excess of deviance is left.
 */
#include "calib/standard/shape.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the response stands for beside its parameters. The last two are about the peak alone, within
 * `window` to either side: how far its centroid lies from that within 10 meV, and the logarithm of
 * its share of the area. Zeros and areas are found from the peak, so that errors of these two are
 * common to all zeros and all areas of an analyzer. */
enum { WIDTH, CENTER, SHARE, NEXTRAS };

static void values_of(const struct ixs_shape_data *data, const double *p, double window,
                      double *values)
{
    struct ixs_response response;
    double *extras = values + 4 * data->nparts;
    ixs_shape_response(data, p, &response);
    for (size_t k = 0; k < data->nparts; k++) {
        const struct ixs_response_part *part = &response.parts[k];
        memcpy(values + 4 * k, (double[]){part->weight, part->center, part->fwhm, part->eta},
               4 * sizeof *values);
    }
    extras[WIDTH] = ixs_response_fwhm(&response);
    extras[CENTER] = ixs_response_centroid(&response, window);
    extras[SHARE] = log(ixs_response_area(&response, -window, window));
}

enum { MOST_VALUES = 4 * IXS_SHAPE_MOST + NEXTRAS };

struct fitted { /* borrowed */
    const struct ixs_shape_data *data;
    double *p; /* room to vary the parameters in */
    const double *covariance;
};

/* d values / d parameter j, by differences over a hundredth of its error. */
static void slope_of(const struct fitted *fitted, size_t j, double window, double *slope)
{
    double up[MOST_VALUES], down[MOST_VALUES], *p = fitted->p, at = p[j];
    size_t n = 4 * fitted->data->nparts, m = ixs_shape_count(fitted->data);
    double h = 0.01 * sqrt(fitted->covariance[j * m + j]);
    p[j] = at + h;
    values_of(fitted->data, p, window, up);
    p[j] = at - h;
    values_of(fitted->data, p, window, down);
    p[j] = at;
    for (size_t v = 0; h > 0 && v < n + NEXTRAS; v++)
        slope[v] = (up[v] - down[v]) / (2 * h);
}

/* Covariance of values a and b from that of the parameters. */
static double covariance_of(const struct fitted *fitted, const double *slopes, size_t a, size_t b)
{
    size_t m = ixs_shape_count(fitted->data), n = 4 * fitted->data->nparts;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sum += slopes[i * MOST_VALUES + a] * fitted->covariance[i * m + j] *
                   slopes[j * MOST_VALUES + b];
    return sum;
}

static void carry_over(struct ixs_shape *out, const struct fitted *fitted, double *slopes)
{
    size_t n = 4 * fitted->data->nparts;
    double window = IXS_CORE_REACH * out->fwhm;
    for (size_t j = 0; j < n; j++)
        slope_of(fitted, j, window, slopes + j * MOST_VALUES);
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++)
            out->covariance[a][b] = out->excess * covariance_of(fitted, slopes, a, b);
    out->fwhm_err = sqrt(out->excess * covariance_of(fitted, slopes, n + WIDTH, n + WIDTH));
    out->center_err = sqrt(out->excess * covariance_of(fitted, slopes, n + CENTER, n + CENTER));
    out->share_err = sqrt(out->excess * covariance_of(fitted, slopes, n + SHARE, n + SHARE));
}

bool ixs_shape_errors(struct ixs_shape *out, const struct ixs_shape_data *data, const double *p,
                      const double *covariance, struct ixs_err *err)
{
    size_t m = ixs_shape_count(data);
    double *slopes = NULL;
    struct fitted fitted = {data, NULL, covariance};
    bool ok = IXS_NEW(slopes, 4 * data->nparts * MOST_VALUES, err) && IXS_NEW(fitted.p, m, err);
    if (ok) {
        memcpy(fitted.p, p, m * sizeof *p);
        carry_over(out, &fitted, slopes);
    }
    free(fitted.p);
    free(slopes);
    return ok;
}
