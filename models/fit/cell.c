/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectrum and cell evaluated together: a Jacobian with the points of both, one behind the other.
 */
#include "models/fit/cell.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

enum { ROW = IXS_RESPONSE_ROW };
static const double highest = 60.0;    /* of eta: no rate is exp(60) */
static const double level_sigma = 1e3; /* of a_0: none that is meant */

static void span(const struct ixs_model_points *points, double *lo, double *hi)
{
    for (size_t i = 0; i < points->n; i++) {
        *lo = fmin(*lo, points->energy[i]);
        *hi = fmax(*hi, points->energy[i]);
    }
}

double ixs_cell_sigma(double roughness, size_t m)
{
    return m > 0 ? roughness / (double)(m * m) : level_sigma;
}

void ixs_cell_model_make(struct ixs_cell_model *out, struct ixs_model *sample,
                         const struct ixs_cell *cell, double *share)
{
    double lo = INFINITY, hi = -INFINITY;
    span(&sample->points, &lo, &hi);
    span(&cell->points, &lo, &hi);
    sample->stride = sample->points.n + cell->points.n;
    *out = (struct ixs_cell_model){.nparameters = (size_t)sample->form.ncell,
                                   .first = sample->first_cell,
                                   .waves = {.lo = lo, .length = hi - lo},
                                   .transform = sample->transform,
                                   .kernels = sample->kernels,
                                   .here = sample->points,
                                   .alone = cell->points};
    out->share = share;
    out->here.dark = NULL;
}

struct wave { /* eta and its slope in energy; cos(m theta) of all waves */
    double value, slope, cosine[IXS_CELL_MOST_WAVES];
};

static void add_waves(const struct ixs_cell_model *cell, const double *waves, double energy,
                      struct wave *out)
{
    double step = IXS_PI / cell->waves.length, theta = (energy - cell->waves.lo) * step;
    double c = cos(theta), s = sin(theta), cosine = 1.0, sine = 0.0;
    size_t n = cell->nparameters - IXS_CELL_WAVES;
    out->value = out->slope = 0.0;
    for (size_t m = 0; m < n; m++) {
        out->cosine[m] = cosine;
        out->value += waves[m] * cosine;
        out->slope -= waves[m] * (double)m * step * sine;
        double next = cosine * c - sine * s;
        sine = sine * c + cosine * s;
        cosine = next;
    }
}

/* Point i at its place in the columns of zero, area and waves. */
static void put_slopes(const struct ixs_cell_model *cell, const struct wave *wave, double smooth,
                       double response, double rise, size_t stride, double *column)
{
    column[0] = -rise;
    column[stride] = response;
    for (size_t m = 0; m + IXS_CELL_WAVES < cell->nparameters; m++)
        column[(m + 2) * stride] = smooth * wave->cosine[m];
}

/* b times exposure, at points; own: zero, area, waves. */
static void evaluate(const struct ixs_cell_model *cell, const struct ixs_model_points *points,
                     const double *own, size_t stride, double *mu, double *jacobian)
{
    double x[ROW], area = own[IXS_CELL_AREA - IXS_CELL_ZERO];
    struct ixs_response_row row;
    struct wave wave;
    for (size_t first = 0; first < points->n; first += ROW) {
        size_t n = points->n - first < ROW ? points->n - first : ROW;
        for (size_t i = 0; i < ROW; i++)
            // cppcheck-suppress knownConditionTrueFalse; the last row is shorter
            x[i] = i < n ? points->energy[first + i] - own[0] : 0.0;
        cell->kernels->transform(cell->transform, n, x, 0.0, 0.0, &row);
        for (size_t i = 0; i < n; i++) {
            double exposure = points->exposure[first + i];
            add_waves(cell, own + IXS_CELL_WAVES - IXS_CELL_ZERO, x[i], &wave);
            double smooth = exposure * exp(fmin(wave.value, highest));
            double rise = exposure * area * row.slope_re[i] + smooth * wave.slope;
            mu[first + i] = exposure * area * row.re[i] + smooth;
            if (jacobian)
                put_slopes(cell, &wave, smooth, exposure * row.re[i], rise, stride,
                           jacobian + first + i);
        }
    }
    for (size_t i = 0; points->dark && i < points->n; i++)
        mu[i] += points->dark[i];
}

void ixs_cell_alone(const struct ixs_cell_model *cell, const double *parameters, size_t stride,
                    double *mu, double *jacobian)
{
    evaluate(cell, &cell->alone, parameters, stride, mu, jacobian);
}

/* The cell's parameters as they are in the spectrum, whose zero its energies have. */
static void parameters_here(const struct ixs_cell_model *cell, const double *parameters,
                            double *own)
{
    memcpy(own, parameters + cell->first + IXS_CELL_ZERO,
           (cell->nparameters - IXS_CELL_ZERO) * sizeof *own);
    own[0] = parameters[IXS_MODEL_ZERO];
}

/* Slopes of one kind of counts by parameters of the other. */
static void clear(size_t ncolumns, size_t nrows, size_t stride, double *column)
{
    for (size_t k = 0; k < ncolumns; k++)
        memset(column + k * stride, 0, nrows * sizeof *column);
}

/* Slopes of the spectrum's counts: those by k into scale[], those by the cell's zero to the
 * spectrum's. The slopes of b stand behind scale[]. */
static void turn_slopes(const struct ixs_cell_model *cell, double k, size_t stride, double *zero,
                        double *scale)
{
    size_t n = cell->here.n;
    double *shape = scale + IXS_CELL_ZERO * stride;
    memcpy(scale, cell->share, n * sizeof *scale);
    for (size_t i = 0; i < n; i++) {
        zero[i] += k * shape[i];
        shape[i] = 0.0;
    }
    for (size_t j = 1; j + IXS_CELL_ZERO < cell->nparameters; j++)
        for (size_t i = 0; i < n; i++)
            shape[j * stride + i] *= k;
}

void ixs_cell_evaluate(const struct ixs_cell_model *cell, const struct ixs_model *sample,
                       const double *parameters, double *mu, double *jacobian)
{
    size_t n = cell->here.n, m = cell->alone.n, stride = sample->stride;
    double own[IXS_MODEL_MOST_CELL], k = parameters[cell->first];
    double *scale = jacobian ? jacobian + cell->first * stride : NULL;
    double *shape = jacobian ? scale + IXS_CELL_ZERO * stride : NULL;
    parameters_here(cell, parameters, own);
    ixs_model_evaluate(sample, parameters, mu, jacobian);
    evaluate(cell, &cell->here, own, stride, cell->share, shape);
    for (size_t i = 0; i < n; i++)
        mu[i] += k * cell->share[i];
    ixs_cell_alone(cell, parameters + cell->first + IXS_CELL_ZERO, stride, mu + n,
                   jacobian ? shape + n : NULL);
    if (!jacobian)
        return;
    turn_slopes(cell, k, stride, jacobian + IXS_MODEL_ZERO * stride, scale);
    clear(cell->first + 1, m, stride, jacobian + n);
    clear(sample->nparameters - sample->first_mode, m, stride,
          jacobian + sample->first_mode * stride + n);
}

void ixs_cell_share(const struct ixs_cell_model *cell, const double *parameters)
{
    double own[IXS_MODEL_MOST_CELL];
    parameters_here(cell, parameters, own);
    evaluate(cell, &cell->here, own, 0, cell->share, NULL);
    for (size_t i = 0; i < cell->here.n; i++)
        cell->share[i] *= parameters[cell->first];
}

double ixs_cell_rate(const struct ixs_cell_model *cell, const double *parameters, double energy,
                     double *by)
{
    const double one = 1.0, k = parameters[cell->first];
    const struct ixs_model_points point = {.n = 1, .energy = &energy, .exposure = &one};
    double own[IXS_MODEL_MOST_CELL], slopes[IXS_MODEL_MOST_CELL], rate;
    parameters_here(cell, parameters, own);
    evaluate(cell, &point, own, 1, &rate, slopes);
    if (by) {
        by[IXS_MODEL_ZERO] += k * slopes[0];
        by[cell->first] += rate;
        for (size_t j = IXS_CELL_AREA; j < cell->nparameters; j++)
            by[cell->first + j] += k * slopes[j - IXS_CELL_ZERO];
    }
    return k * rate;
}
