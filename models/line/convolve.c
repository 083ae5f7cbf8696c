/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numerical convolution: adaptive quadrature (QUADPACK's QAG, QAGIU by way of GSL) of S(E - t)
 * R(t) in t, split at every place where either has a peak or turns steep.
 */
#include "models/line/convolve.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>

enum { MOST_BREAKS = 256, INTERVALS = 2000 };

struct integrand {
    const struct ixs_convolve *what;
    double energy;
};

static double product(double t, void *context)
{
    const struct integrand *in = context;
    const struct ixs_convolve *what = in->what;
    double r = what->transform ? ixs_transform_value(what->transform, t)
                               : ixs_response_value(what->response, t);
    return r * ixs_line_value(what->kind, what->shape, what->kelvin, in->energy - t);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Around `place`, at distances growing by factors of four from `width`. */
static void add_breaks(double *list, size_t *n, double place, double width)
{
    list[(*n)++] = place;
    for (double d = width; d < 300.0 && *n + 2 < MOST_BREAKS; d *= 4.0) {
        list[(*n)++] = place - d;
        list[(*n)++] = place + d;
    }
}

static size_t breaks(const struct integrand *in, double *list)
{
    const struct ixs_convolve *what = in->what;
    bool central = what->kind == IXS_LINE_QUASIELASTIC;
    double omega0 = central ? 0.0 : what->shape[0],
           fwhm = central ? what->shape[0] : what->shape[1];
    size_t n = 0;
    add_breaks(list, &n, in->energy - omega0, 0.5 * fwhm);
    if (!central)
        add_breaks(list, &n, in->energy + omega0, 0.5 * fwhm);
    list[n++] = in->energy;
    for (size_t k = 0; k < what->response->nparts && n + 40 < MOST_BREAKS; k++)
        add_breaks(list, &n, what->response->parts[k].center, 0.5 * what->response->parts[k].fwhm);
    if (what->response->table.n > 0)
        add_breaks(list, &n, what->response->table.center, 0.5 * what->response->table.scale);
    qsort(list, n, sizeof *list, ascending);
    return n;
}

static bool integrate(struct integrand *in, double accuracy, double *value,
                      gsl_integration_workspace *space)
{
    gsl_function f = {.function = product, .params = in};
    double list[MOST_BREAKS], part, error, least = 0.0;
    size_t n = breaks(in, list);
    int status = gsl_integration_qagil(&f, list[0], 0.0, accuracy, INTERVALS, space, value, &error);
    status |=
        gsl_integration_qagiu(&f, list[n - 1], 0.0, accuracy, INTERVALS, space, &part, &error);
    *value += part;
    for (size_t i = 1; i < n; i++) {
        if (!(list[i] > list[i - 1]))
            continue;
        least = 0.01 * accuracy * fabs(*value);
        status |= gsl_integration_qag(&f, list[i - 1], list[i], least, accuracy, INTERVALS,
                                      GSL_INTEG_GAUSS21, space, &part, &error);
        *value += part;
    }
    return status == 0;
}

bool ixs_convolve(const struct ixs_convolve *what, double energy, double accuracy, double *value,
                  struct ixs_err *err)
{
    struct integrand in = {what, energy};
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(INTERVALS);
    bool ok = space ? integrate(&in, accuracy, value, space) ||
                          ixs_fail(err, IXS_BUG,
                                   "the numerical convolution at %g meV does not settle", energy)
                    : ixs_fail(err, IXS_OUTPUT, "no memory for a numerical convolution");
    gsl_integration_workspace_free(space);
    gsl_set_error_handler(handler);
    return ok;
}
