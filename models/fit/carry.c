/* SPDX-License-Identifier: GPL-3.0-or-later
 * Errors carried through data and fit.
 */
#include "models/fit/carry.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

static const double least_variance = 0.05; /* of a count, where next to none is expected */

bool ixs_carry_make(struct ixs_carry *out, const struct ixs_fit_task *task,
                    const struct ixs_model *model, const struct ixs_cell_model *cell,
                    const struct ixs_fit_answer *answer, struct ixs_err *err)
{
    size_t n = task->points.n, p = answer->nparameters, stride = cell ? model->stride : n;
    *out = (struct ixs_carry){.n = n, .p = p, .stride = stride};
    if (!IXS_NEW(out->mu, stride, err) || !IXS_NEW(out->variance, n, err) ||
        !IXS_NEW(out->jacobian, ixs_kernels_room(IXS_MODEL_MOST_PARAMETERS, stride), err))
        return false;
    if (cell)
        ixs_cell_evaluate(cell, model, answer->parameters, out->mu, out->jacobian);
    else
        ixs_model_evaluate(model, answer->parameters, out->mu, out->jacobian);
    for (size_t i = 0; i < n; i++)
        out->variance[i] =
            task->sigma ? task->sigma[i] * task->sigma[i] : fmax(out->mu[i], least_variance);
    for (size_t k = 0; k < p * p; k++)
        out->covariance[k] = isfinite(answer->covariance[k]) ? answer->covariance[k] : 0.0;
    return true;
}

void ixs_carry_dispose(struct ixs_carry *carry)
{
    free(carry->mu);
    free(carry->variance);
    free(carry->jacobian);
    *carry = (struct ixs_carry){0};
}

/* x^T C y */
static double product(const struct ixs_carry *carry, const double *x, const double *y)
{
    double sum = 0.0;
    for (size_t k = 0; k < carry->p; k++)
        for (size_t l = 0; l < carry->p; l++)
            sum += x[k] * carry->covariance[k * carry->p + l] * y[l];
    return sum;
}

double ixs_carry_error(const struct ixs_carry *carry, const double *a, const double *by)
{
    double own = 0.0, along[IXS_MODEL_MOST_PARAMETERS] = {0};
    for (size_t i = 0; a != NULL && i < carry->n; i++) {
        own += a[i] * a[i] * carry->variance[i];
        for (size_t k = 0; k < carry->p; k++)
            along[k] += a[i] * carry->jacobian[k * carry->stride + i];
    }
    return sqrt(fmax(0.0, own + 2.0 * product(carry, by, along) + product(carry, by, by)));
}

double ixs_carry_point(const struct ixs_carry *carry, size_t i, double a, const double *by)
{
    double along[IXS_MODEL_MOST_PARAMETERS];
    for (size_t k = 0; k < carry->p; k++)
        along[k] = a * carry->jacobian[k * carry->stride + i];
    return sqrt(fmax(0.0, a * a * carry->variance[i] + 2.0 * product(carry, by, along) +
                              product(carry, by, by)));
}
