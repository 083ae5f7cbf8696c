/* SPDX-License-Identifier: GPL-3.0-or-later
 * The independent directions of a response's errors: eigenvectors of the covariance scaled to unit
 * diagonal. How much each matters is told by Int dR^2/(R + R_max/1000) dE.
 */
#include "models/response/uncertain.h"

#include "base/array.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double stride = 0.4;   /* standard deviations to either side */
static const double matters = 0.01; /* of the sum of all */
static const double reach = 20;     /* FWHM */
enum { SAMPLES = 400 };

struct direction {
    double by[IXS_RESPONSE_VALUES]; /* one standard deviation */
    double effect;
};

/* The widest step to both sides that leaves responses; 0: none does. */
static double step_of(const struct ixs_response *response, const double *by)
{
    struct ixs_response room;
    double far = stride;
    while (far > 1e-4 && !(ixs_response_move(&room, response, by, far) &&
                           ixs_response_move(&room, response, by, -far)))
        far *= 0.5;
    return far > 1e-4 ? far : 0;
}

static double effect_of(const struct ixs_response *response, const double *by)
{
    struct ixs_response low, high;
    double far = step_of(response, by), sum = 0, fwhm = ixs_response_fwhm(response);
    double ground = 1e-3 * ixs_response_value(response, 0);
    if (far == 0 || !ixs_response_move(&low, response, by, -far) ||
        !ixs_response_move(&high, response, by, far))
        return 0;
    for (int i = 0; i <= SAMPLES; i++) {
        double e = reach * fwhm * sinh(4.0 * (2.0 * i / SAMPLES - 1)) / sinh(4.0);
        double step = reach * fwhm * 8 / SAMPLES * cosh(4.0 * (2.0 * i / SAMPLES - 1)) / sinh(4.0);
        double change = (ixs_response_value(&high, e) - ixs_response_value(&low, e)) / (2 * far);
        sum += change * change / (ixs_response_value(response, e) + ground) * step;
    }
    return sum;
}

/* Eigenvectors times the roots of their eigenvalues. */
static bool find_directions(size_t n, const double *covariance, struct direction *directions,
                            struct ixs_err *err)
{
    gsl_matrix *matrix = gsl_matrix_calloc(n, n), *vectors = gsl_matrix_calloc(n, n);
    gsl_vector *values = gsl_vector_calloc(n);
    gsl_eigen_symmv_workspace *space = gsl_eigen_symmv_alloc(n);
    double scale[IXS_RESPONSE_VALUES];
    bool ok = matrix != NULL && vectors != NULL && values != NULL && space != NULL;
    for (size_t i = 0; i < n; i++)
        scale[i] = covariance[i * n + i] > 0 && isfinite(covariance[i * n + i])
                       ? sqrt(covariance[i * n + i])
                       : 0;
    for (size_t i = 0; ok && i < n; i++)
        for (size_t j = 0; j < n; j++)
            gsl_matrix_set(matrix, i, j,
                           scale[i] > 0 && scale[j] > 0 && isfinite(covariance[i * n + j])
                               ? covariance[i * n + j] / (scale[i] * scale[j])
                               : 0);
    if (ok)
        gsl_eigen_symmv(matrix, values, vectors, space);
    for (size_t l = 0; ok && l < n; l++)
        for (size_t i = 0; i < n; i++)
            directions[l].by[i] =
                sqrt(fmax(gsl_vector_get(values, l), 0)) * scale[i] * gsl_matrix_get(vectors, i, l);
    gsl_matrix_free(matrix);
    gsl_matrix_free(vectors);
    gsl_vector_free(values);
    gsl_eigen_symmv_free(space);
    return ok || ixs_fail(err, IXS_OUTPUT, "no memory for the errors of a response");
}

static bool by_effect_make(struct ixs_uncertain *out, const struct ixs_response *response, size_t n,
                           struct direction *directions, struct ixs_err *err)
{
    double all = 0;
    for (size_t l = 0; l < n; l++) {
        directions[l].effect = effect_of(response, directions[l].by);
        all += directions[l].effect;
    }
    if (!IXS_NEW(out->ends, n, err))
        return false;
    for (size_t l = 0; l < n; l++) {
        struct ixs_response low, high;
        double far = step_of(response, directions[l].by);
        if (!(directions[l].effect > matters * all) ||
            !ixs_response_move(&low, response, directions[l].by, -far) ||
            !ixs_response_move(&high, response, directions[l].by, far))
            continue;
        struct ixs_uncertain_end *end = &out->ends[out->n++];
        end->step = 2 * far;
        memcpy(end->by, directions[l].by, sizeof end->by);
    }
    return true;
}

bool ixs_uncertain_plan(struct ixs_uncertain *out, const struct ixs_response *response,
                        const double *covariance, struct ixs_err *err)
{
    size_t n = ixs_response_count(response);
    struct direction *directions = NULL;
    *out = (struct ixs_uncertain){0};
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    bool ok = IXS_NEW(directions, n, err) && find_directions(n, covariance, directions, err) &&
              by_effect_make(out, response, n, directions, err);
    gsl_set_error_handler(before);
    free(directions);
    return ok;
}

void ixs_uncertain_fill(struct ixs_uncertain *uncertain, const struct ixs_response *response)
{
    for (size_t l = 0; l < uncertain->n; l++) {
        struct ixs_uncertain_end *end = &uncertain->ends[l];
        struct ixs_response low, high;
        if (ixs_response_move(&low, response, end->by, -0.5 * end->step))
            ixs_transforms_make(&end->low, &low);
        if (ixs_response_move(&high, response, end->by, 0.5 * end->step))
            ixs_transforms_make(&end->high, &high);
    }
}

bool ixs_uncertain_make(struct ixs_uncertain *out, const struct ixs_response *response,
                        const double *covariance, struct ixs_err *err)
{
    if (!ixs_uncertain_plan(out, response, covariance, err))
        return false;
    ixs_uncertain_fill(out, response);
    return true;
}

void ixs_uncertain_dispose(struct ixs_uncertain *uncertain)
{
    free(uncertain->ends);
    *uncertain = (struct ixs_uncertain){0};
}
