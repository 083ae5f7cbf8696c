/* SPDX-License-Identifier: GPL-3.0-or-later
 * ln rate(E) = Sum_k c_k B(E/step - k), B the cubic B-spline (de Boor, A Practical Guide to
 * Splines, 2001), by Poisson likelihood. A line as narrow as the narrowest has second differences
 * of c of -8 ln2 step^2/fwhm^2 = -0.9 at its top; a normal prior of that size on second differences
 * (Eilers & Marx 1996, Statistical Science 11, 89) says what is to be thought where counts tell
 * little, and next to nothing where they tell much.
 */
#include "models/response/freeform.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REACH = IXS_FREEFORM_REACH, MOST_STEPS = 60 };
static const double spacing = 0.4;                        /* of the narrowest FWHM */
static const double bend = 0.5, tilt = 2.0, level = 10.0; /* prior errors: of second and first
                                                             differences, of c itself */
static const double longest_step = 2.0;                   /* of c */
static const double converged = 1e-5;                     /* in the logarithm of the likelihood */

bool ixs_freeform_make(struct ixs_freeform *out, double lo, double hi, double fwhm,
                       struct ixs_err *err)
{
    double step = spacing * fwhm, count = ceil((hi - lo) / step) + REACH;
    *out = (struct ixs_freeform){.first = lo, .step = step};
    if (!(count < 1e6))
        return ixs_fail(err, IXS_INPUT,
                        "found energies %g to %g meV beside features of %g meV, expected a range "
                        "of fewer than a million knots",
                        lo, hi, fwhm);
    out->n = (size_t)count;
    return IXS_NEW(out->coefficient, out->n, err) && IXS_NEW(out->factor, out->n * REACH, err) &&
           IXS_NEW(out->work, 2 * out->n, err);
}

void ixs_freeform_dispose(struct ixs_freeform *form)
{
    free(form->coefficient);
    free(form->factor);
    free(form->work);
    *form = (struct ixs_freeform){0};
}

/* Splines that are not zero at an energy, and their slopes; beyond the ends as at the ends. */
static size_t splines(const struct ixs_freeform *form, double energy, double value[REACH],
                      double slope[REACH])
{
    double last = (double)(form->n - REACH);
    double at = fmin(fmax((energy - form->first) / form->step, 0.0), last + 1.0);
    double begin = fmin(floor(at), last), t = at - begin, u = 1.0 - t;
    value[0] = u * u * u / 6.0;
    value[1] = (4.0 - 6.0 * t * t + 3.0 * t * t * t) / 6.0;
    value[2] = (4.0 - 6.0 * u * u + 3.0 * u * u * u) / 6.0;
    value[3] = t * t * t / 6.0;
    slope[0] = -0.5 * u * u / form->step;
    slope[1] = (1.5 * t * t - 2.0 * t) / form->step;
    slope[2] = (2.0 * u - 1.5 * u * u) / form->step;
    slope[3] = 0.5 * t * t / form->step;
    return (size_t)begin;
}

static double sum_of(const struct ixs_freeform *form, size_t first, const double *value)
{
    double sum = 0.0;
    for (size_t j = 0; j < REACH; j++)
        sum += form->coefficient[first + j] * value[j];
    return sum;
}

static double rate_at(const struct ixs_freeform *form, double energy, size_t *first,
                      double value[REACH], double slope[REACH])
{
    *first = splines(form, energy, value, slope);
    return exp(fmin(sum_of(form, *first, value), 100.0));
}

void ixs_freeform_gradient(const struct ixs_freeform *form, double energy, size_t *first,
                           double *gradient)
{
    double slope[REACH], rate = rate_at(form, energy, first, gradient, slope);
    for (size_t j = 0; j < REACH; j++)
        gradient[j] *= rate;
}

/* ---- banded algebra: row i holds columns i - REACH + 1 .. i ---------------------------------- */

static void factorize(struct ixs_freeform *form)
{
    for (size_t i = 0; i < form->n; i++) {
        double *row = form->factor + i * REACH;
        size_t begin = i < REACH ? REACH - 1 - i : 0;
        for (size_t j = begin; j < REACH; j++) {
            /* so that other[m] stands in the column of row[m] */
            const double *other = form->factor + (i + j - (REACH - 1)) * REACH + REACH - 1 - j;
            double sum = row[j];
            for (size_t m = begin; m < j; m++)
                sum -= row[m] * other[m];
            row[j] = j + 1 < REACH ? sum / other[j] : sqrt(fmax(sum, 1e-300));
        }
    }
}

static void forward(const struct ixs_freeform *form, size_t from, double *x)
{
    for (size_t i = from; i < form->n; i++) {
        const double *row = form->factor + i * REACH;
        for (size_t j = 1; j < REACH && j <= i - from; j++)
            x[i] -= row[REACH - 1 - j] * x[i - j];
        x[i] /= row[REACH - 1];
    }
}

void ixs_freeform_solve(const struct ixs_freeform *form, double *x)
{
    forward(form, 0, x);
    for (size_t i = form->n; i-- > 0;) {
        const double *row = form->factor + i * REACH;
        x[i] /= row[REACH - 1];
        for (size_t j = 1; j < REACH && j <= i; j++)
            x[i - j] -= row[REACH - 1 - j] * x[i];
    }
}

void ixs_freeform_at(const struct ixs_freeform *form, double energy, struct ixs_freeform_rate *out)
{
    double value[REACH], slope[REACH], *x = form->work;
    size_t first;
    out->rate = rate_at(form, energy, &first, value, slope);
    out->slope = out->rate * sum_of(form, first, slope);
    memset(x, 0, form->n * sizeof *x);
    memcpy(x + first, value, sizeof value);
    forward(form, first, x);
    out->variance = 0.0;
    for (size_t k = first; k < form->n; k++)
        out->variance += x[k] * x[k];
    out->variance *= out->rate * out->rate;
}

/* ---- the fit --------------------------------------------------------------------------------- */

/* Order 0, 1, 2: c_k, c_k - c_k-1, c_k - 2 c_k-1 + c_k-2; and their prior. */
struct difference {
    size_t order;
    double factor[3]; /* of c_k, c_k-1, c_k-2 */
    double error, mean;
};

static void differences(struct difference out[3], double mean)
{
    out[0] = (struct difference){0, {1.0, 0.0, 0.0}, level, mean};
    out[1] = (struct difference){1, {1.0, -1.0, 0.0}, tilt, 0.0};
    out[2] = (struct difference){2, {1.0, -2.0, 1.0}, bend, 0.0};
}

static double difference_at(const struct ixs_freeform *form, const struct difference *one, size_t k)
{
    double sum = -one->mean;
    for (size_t j = 0; j <= one->order; j++)
        sum += one->factor[j] * form->coefficient[k - j];
    return sum / one->error;
}

static double expected(const struct ixs_freeform_points *points, size_t i, double rate)
{
    return fmax(points->exposure[i] * rate + points->dark[i], 1e-100);
}

/* Minus the logarithm of likelihood and prior. */
static double objective(const struct ixs_freeform *form, const struct ixs_freeform_points *points,
                        const struct difference prior[3])
{
    double sum = 0.0, value[REACH], slope[REACH];
    for (size_t i = 0; i < points->n; i++) {
        size_t first;
        if (points->weight[i] == 0.0)
            continue;
        double mu = expected(points, i, rate_at(form, points->energy[i], &first, value, slope));
        sum += points->weight[i] * (mu - points->counts[i] * log(mu));
    }
    for (const struct difference *one = prior; one < prior + 3; one++)
        for (size_t k = one->order; k < form->n; k++)
            sum += 0.5 * pow(difference_at(form, one, k), 2.0);
    return sum;
}

static void add_prior(struct ixs_freeform *form, const struct difference prior[3], double *gradient)
{
    for (const struct difference *one = prior; one < prior + 3; one++)
        for (size_t k = one->order; k < form->n; k++) {
            double away = difference_at(form, one, k) / one->error;
            for (size_t i = 0; i <= one->order; i++) {
                double *row = form->factor + (k - i) * REACH + REACH - 1;
                gradient[k - i] += away * one->factor[i];
                for (size_t j = i; j <= one->order; j++)
                    row[-(ptrdiff_t)(j - i)] +=
                        one->factor[i] * one->factor[j] / (one->error * one->error);
            }
        }
}

static void add_point(struct ixs_freeform *form, const struct ixs_freeform_points *points, size_t i,
                      double *gradient)
{
    double value[REACH], slope[REACH], m = points->exposure[i];
    size_t first;
    double rate = rate_at(form, points->energy[i], &first, value, slope);
    double mu = expected(points, i, rate), by = m * rate; /* of mu, by the logarithm of the rate */
    double information = points->weight[i] * by * by / mu;
    double score = points->weight[i] * by * (1.0 - points->counts[i] / mu);
    for (size_t j = 0; j < REACH; j++) {
        double *row = form->factor + (first + j) * REACH + REACH - 1 - j;
        for (size_t k = 0; k <= j; k++)
            row[k] += information * value[j] * value[k];
        gradient[first + j] += score * value[j];
    }
}

/* Factor of the expected information, and the gradient. */
static void linearize(struct ixs_freeform *form, const struct ixs_freeform_points *points,
                      const struct difference prior[3], double *gradient)
{
    memset(form->factor, 0, form->n * REACH * sizeof *form->factor);
    memset(gradient, 0, form->n * sizeof *gradient);
    add_prior(form, prior, gradient);
    for (size_t i = 0; i < points->n; i++)
        if (points->weight[i] > 0.0)
            add_point(form, points, i, gradient);
    factorize(form);
}

static double mean_rate(const struct ixs_freeform_points *points)
{
    double counts = 0.5, exposure = 0.0;
    for (size_t i = 0; i < points->n; i++)
        if (points->weight[i] > 0.0) {
            counts += fmax(points->counts[i] - points->dark[i], 0.0);
            exposure += points->exposure[i];
        }
    return exposure > 0.0 ? counts / exposure : 1.0;
}

/* One step of scoring, halved until it is none upwards; returns what it was to gain. */
static double descend(struct ixs_freeform *form, const struct ixs_freeform_points *points,
                      const struct difference prior[3], double *now)
{
    double *step = form->work, *from = form->work + form->n, gain = 0.0, most = 0.0;
    linearize(form, points, prior, step);
    memcpy(from, step, form->n * sizeof *from);
    ixs_freeform_solve(form, step);
    for (size_t k = 0; k < form->n; k++) {
        gain += step[k] * from[k];
        most = fmax(most, fabs(step[k]));
    }
    memcpy(from, form->coefficient, form->n * sizeof *from);
    double before = *now, part = fmin(1.0, longest_step / most);
    for (int halving = 0; halving < 12; halving++, part *= 0.5) {
        for (size_t k = 0; k < form->n; k++)
            form->coefficient[k] = from[k] - part * step[k];
        *now = objective(form, points, prior);
        if (*now <= before + 1e-10 * fabs(before))
            break;
    }
    return gain;
}

void ixs_freeform_fit(struct ixs_freeform *form, const struct ixs_freeform_points *points)
{
    struct difference prior[3];
    double mean = log(mean_rate(points)), now, gain = INFINITY;
    differences(prior, mean);
    for (size_t k = 0; !form->fitted && k < form->n; k++)
        form->coefficient[k] = mean;
    form->fitted = true;
    now = objective(form, points, prior);
    for (int count = 0; count < MOST_STEPS && gain > converged; count++)
        gain = descend(form, points, prior, &now);
    linearize(form, points, prior, form->work);
}
