/* SPDX-License-Identifier: GPL-3.0-or-later
 * The exact minimum: damped Fisher scoring on the Poisson deviance, until nothing is to be gained.
 */
#include "bench/peers/reference.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { P = PEERS_PARAMETERS, MOST_STEPS = 2000 };
#define GAIN 1e-11 /* of deviance: less is nothing */

static double deviance(const struct peers_set *set, const struct peers_spectrum *spectrum,
                       const double *mu)
{
    double sum = 0.0;
    for (size_t i = 0; i < set->npoints; i++) {
        double n = spectrum->counts[i];
        if (!(mu[i] > 0.0))
            return INFINITY;
        sum += 2.0 * (mu[i] - n + (n > 0.0 ? n * log(n / mu[i]) : 0.0));
    }
    return sum;
}

double reference_deviance(const struct peers_set *set, const struct peers_spectrum *spectrum,
                          const double *parameters)
{
    double *mu = calloc(set->npoints, sizeof *mu);
    if (!mu)
        abort();
    reference_model(set, spectrum, parameters, mu, NULL);
    double value = deviance(set, spectrum, mu);
    free(mu);
    return value;
}

struct descent {
    const struct peers_set *set;
    const struct peers_spectrum *spectrum;
    size_t n, p;
    double *mu, *slopes; /* at the place reached */
    double gradient[P], curvature[P * P], step[P];
    bool held[P];
};

static bool bounded(size_t k)
{
    return k == 0 || (k >= 4 && (k - 4) % 3 != 1); /* Ael, A, G */
}

static void differentiate(struct descent *d, const double *at)
{
    for (size_t k = 0; k < d->p; k++) {
        const double *a = d->slopes + k * d->n;
        d->gradient[k] = 0.0;
        for (size_t i = 0; i < d->n; i++)
            d->gradient[k] += a[i] * (1.0 - d->spectrum->counts[i] / d->mu[i]);
        for (size_t l = 0; l < d->p; l++) {
            const double *b = d->slopes + l * d->n;
            double sum = 0.0;
            for (size_t i = 0; i < d->n; i++)
                sum += a[i] * b[i] / d->mu[i];
            d->curvature[k * d->p + l] = sum;
        }
        d->held[k] = bounded(k) && at[k] <= 0.0 && d->gradient[k] >= 0.0;
    }
    for (size_t k = 4; k < d->p; k += 3)
        if (at[k] <= 0.0 && d->held[k]) /* a mode without area has no energy or width */
            d->held[k + 1] = d->held[k + 2] = true;
}

/* The damped curvature of the parameters that move, factored; their number, 0 if singular. */
static size_t factor(const struct descent *d, double lambda, double *matrix, size_t *moving)
{
    size_t m = 0;
    for (size_t k = 0; k < d->p; k++)
        if (!d->held[k])
            moving[m++] = k;
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b < m; b++)
            matrix[a * m + b] =
                d->curvature[moving[a] * d->p + moving[b]] * (a == b ? 1.0 + lambda : 1.0);
    gsl_matrix_view view = gsl_matrix_view_array(matrix, m, m);
    return gsl_linalg_cholesky_decomp1(&view.matrix) == GSL_SUCCESS ? m : 0;
}

/* The gain that the step promises; negative: no step. */
static double find_step(struct descent *d, double lambda)
{
    double matrix[P * P], right[P], gain = 0.0;
    size_t moving[P], m = factor(d, lambda, matrix, moving);
    if (m == 0)
        return -1.0;
    for (size_t a = 0; a < m; a++)
        right[a] = -d->gradient[moving[a]];
    gsl_matrix_view view = gsl_matrix_view_array(matrix, m, m);
    gsl_vector_view x = gsl_vector_view_array(right, m);
    gsl_linalg_cholesky_svx(&view.matrix, &x.vector);
    memset(d->step, 0, sizeof d->step);
    for (size_t a = 0; a < m; a++) {
        d->step[moving[a]] = right[a];
        gain -= d->gradient[moving[a]] * right[a];
    }
    return gain;
}

/* Goes to the trial place if that is lower. */
static bool try_step(struct descent *d, double *spare, struct reference_minimum *out)
{
    double trial[P] = {0};
    for (size_t k = 0; k < d->p; k++) {
        trial[k] = out->parameters[k] + d->step[k];
        if (bounded(k) && trial[k] < 0.0)
            trial[k] = 0.0;
        if (k >= 4 && (k - 4) % 3 == 1)
            trial[k] = fmax(trial[k], 0.1 * out->parameters[k]);
    }
    reference_model(d->set, d->spectrum, trial, spare, NULL);
    double now = deviance(d->set, d->spectrum, spare);
    if (!(now <= out->deviance))
        return false;
    memcpy(out->parameters, trial, sizeof trial);
    out->deviance = now;
    reference_model(d->set, d->spectrum, trial, d->mu, d->slopes);
    differentiate(d, trial);
    return true;
}

static void descend(struct descent *d, double *spare, struct reference_minimum *out)
{
    double lambda = 1e-3;
    while (out->iterations++ < MOST_STEPS && lambda < 1e12) {
        double before = out->deviance, promise = find_step(d, lambda);
        if (promise >= 0.0 && promise < GAIN && lambda < 1e-2)
            break;
        if (promise > 0.0 && try_step(d, spare, out))
            lambda = before - out->deviance > 0.25 * promise ? 0.2 * lambda : lambda;
        else
            lambda = fmax(4.0 * lambda, 1e-9);
    }
}

static void find_errors(struct descent *d, struct reference_minimum *out)
{
    double matrix[P * P];
    size_t moving[P], m = factor(d, 0.0, matrix, moving);
    memset(out->errors, 0, sizeof out->errors);
    if (m == 0)
        return;
    gsl_matrix_view view = gsl_matrix_view_array(matrix, m, m);
    gsl_linalg_cholesky_invert(&view.matrix);
    for (size_t a = 0; a < m; a++)
        out->errors[moving[a]] = sqrt(matrix[a * m + a]);
}

/* Memory for a descent at a place; what is beyond its slopes is spare. */
static void begin(struct descent *d, const struct peers_set *set,
                  const struct peers_spectrum *spectrum, const double *at)
{
    *d = (struct descent){.set = set, .spectrum = spectrum, .n = set->npoints};
    d->p = peers_nparameters(spectrum);
    d->mu = calloc(d->n * (2 + P), sizeof *d->mu);
    if (!d->mu)
        abort();
    d->slopes = d->mu + 2 * d->n;
    reference_model(set, spectrum, at, d->mu, d->slopes);
}

void reference_shifts(const struct peers_set *set, const struct peers_spectrum *spectrum,
                      const double *parameters, const double *mu, double *shifts)
{
    struct descent d;
    double matrix[P * P], right[P];
    size_t moving[P];
    begin(&d, set, spectrum, parameters);
    differentiate(&d, parameters);
    size_t m = factor(&d, 0.0, matrix, moving);
    memset(shifts, 0, P * sizeof *shifts);
    for (size_t a = 0; a < m; a++) {
        right[a] = 0.0;
        for (size_t i = 0; i < d.n; i++)
            right[a] -= d.slopes[moving[a] * d.n + i] * (mu[i] - d.mu[i]) / d.mu[i];
    }
    gsl_matrix_view view = gsl_matrix_view_array(matrix, m > 0 ? m : 1, m > 0 ? m : 1);
    gsl_vector_view x = gsl_vector_view_array(right, m > 0 ? m : 1);
    if (m > 0) {
        gsl_linalg_cholesky_svx(&view.matrix, &x.vector);
        gsl_linalg_cholesky_invert(&view.matrix);
    }
    for (size_t a = 0; a < m; a++)
        shifts[moving[a]] = right[a] / sqrt(matrix[a * m + a]);
    free(d.mu);
}

void reference_minimise(const struct peers_set *set, const struct peers_spectrum *spectrum,
                        const double *start, struct reference_minimum *out)
{
    struct descent d;
    begin(&d, set, spectrum, start);
    *out = (struct reference_minimum){0};
    memcpy(out->parameters, start, d.p * sizeof *start);
    out->deviance = deviance(set, spectrum, d.mu);
    if (isfinite(out->deviance)) {
        differentiate(&d, start);
        descend(&d, d.mu + d.n, out);
        find_errors(&d, out);
    }
    free(d.mu);
}
