/* SPDX-License-Identifier: GPL-3.0-or-later
 * The vibrations of a reference sample as the joint fit sees them: ln h is a cubic B-spline in
 * v = ln(1 + (E/E1)^2), even in E and straight where h follows a power law, and the spectrum of one
 * phonon is S(E) = h(|E|) E/(1 - exp(-E/kT)). Of two phonons: S x S.
 */
#include "calib/standard/joint.h"

#include "base/array.h"
#include "models/line/bose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double knee = 3;      /* meV, E1 */
static const double debye = 10;    /* meV: below, g ~ E^2 to begin with */
static const double roughness = 1; /* rms of the second differences of ln h */
static const double level = 1e-3;  /* rms of the mean of the coefficients: a convention */

static double coordinate(double energy)
{
    return log1p(energy / knee * (energy / knee));
}

/* Cardinal cubic B-spline, not 0 for 0 < t < 4. */
static double bell(double t)
{
    t = fabs(t - 2);
    if (t >= 2)
        return 0;
    return t >= 1 ? (2 - t) * (2 - t) * (2 - t) / 6 : (4 - 6 * t * t + 3 * t * t * t) / 6;
}

/* Energy of point i; the middle one's is 0. */
static double energy_at(const struct ixs_joint_grid *grid, size_t i)
{
    size_t middle = grid->ne / 2;
    return grid->step * ((double)i - (double)middle);
}

static double spacing(const struct ixs_joint_grid *grid)
{
    return coordinate(-energy_at(grid, 0)) / (IXS_DENSITY_N - 3);
}

static double basis(const struct ixs_joint_grid *grid, size_t j, double energy)
{
    return bell(coordinate(energy) / spacing(grid) - (double)j + 3);
}

bool ixs_joint_grid_make(struct ixs_joint_grid *grid, double step, double cut, struct ixs_err *err)
{
    size_t half = (size_t)ceil(cut / step);
    grid->step = step;
    grid->ne = 2 * half + 1;
    if (!IXS_NEW(grid->basis, IXS_DENSITY_N * grid->ne, err) ||
        !IXS_NEW(grid->room, (IXS_DENSITY_N + 1) * grid->ne, err))
        return false;
    for (size_t j = 0; j < IXS_DENSITY_N; j++)
        for (size_t i = 0; i < grid->ne; i++)
            grid->basis[j * grid->ne + i] = basis(grid, j, step * ((double)i - (double)half));
    return true;
}

void ixs_joint_grid_dispose(struct ixs_joint_grid *grid)
{
    free(grid->basis);
    free(grid->room);
}

bool ixs_joint_group_make(struct ixs_joint_group *group, const struct ixs_joint_grid *grid,
                          size_t norders, struct ixs_err *err)
{
    bool ok = true;
    for (size_t m = 0; ok && m < norders; m++)
        ok = IXS_NEW(group->spectrum[m], grid->ne, err) &&
             IXS_NEW(group->by[m], IXS_DENSITY_N * grid->ne, err);
    return ok;
}

void ixs_joint_group_dispose(struct ixs_joint_group *group)
{
    for (size_t m = 0; m < IXS_DENSITY_ORDERS; m++) {
        free(group->spectrum[m]);
        free(group->by[m]);
    }
}

/* out = factor a x b on the grid, what falls outside lost. */
static void fold(const struct ixs_joint_grid *grid, const double *a, const double *b, double factor,
                 double *out)
{
    size_t n = grid->ne, half = n / 2;
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        size_t from = i < half ? half - i : 0, to = i < half ? n : n - (i - half);
        double weight = factor * grid->step * a[i];
        for (size_t k = from; k < to; k++) /* place i + k - half */
            out[i + k - half] += weight * b[k];
    }
}

static void fill_two(struct ixs_joint_group *group, const struct ixs_joint_grid *grid)
{
    size_t n = grid->ne;
    fold(grid, group->spectrum[0], group->spectrum[0], 1, group->spectrum[1]);
    for (size_t j = 0; j < IXS_DENSITY_N; j++)
        fold(grid, group->spectrum[0], group->by[0] + j * n, 2, group->by[1] + j * n);
}

void ixs_joint_group_fill(struct ixs_joint_group *group, const struct ixs_joint_grid *grid,
                          size_t norders, const double *coefficients)
{
    size_t n = grid->ne;
    group->area = 0;
    memset(group->area_by, 0, sizeof group->area_by);
    for (size_t i = 0; i < n; i++) {
        double energy = energy_at(grid, i), sum = 0;
        for (size_t j = 0; j < IXS_DENSITY_N; j++)
            sum += coefficients[j] * grid->basis[j * n + i];
        double value = exp(sum) * ixs_bose_energy_factor(group->kelvin, energy);
        group->spectrum[0][i] = value;
        group->area += grid->step * value;
        for (size_t j = 0; j < IXS_DENSITY_N; j++) {
            group->by[0][j * n + i] = value * grid->basis[j * n + i];
            group->area_by[j] += grid->step * value * grid->basis[j * n + i];
        }
    }
    if (norders > 1)
        fill_two(group, grid);
}

void ixs_density_start(const struct ixs_joint_grid *grid, double *coefficients)
{
    double mean = 0;
    for (size_t j = 0; j < IXS_DENSITY_N; j++) { /* a B-spline is about its coefficient there */
        double at = knee * sqrt(expm1(fmax(0, (double)j - 1) * spacing(grid)));
        coefficients[j] = -2 * log1p(at / debye * (at / debye));
        mean += coefficients[j] / IXS_DENSITY_N;
    }
    for (size_t j = 0; j < IXS_DENSITY_N; j++)
        coefficients[j] -= mean;
}

/* ((row . c)/sigma)^2, half its gradient and half its curvature. */
static double square(size_t stride, const double *row, const double *c, double sigma,
                     double *gradient, double *curvature)
{
    double value = 0;
    for (size_t j = 0; j < IXS_DENSITY_N; j++)
        value += row[j] * c[j] / sigma;
    for (size_t j = 0; gradient != NULL && j < IXS_DENSITY_N; j++) {
        gradient[j] += value * row[j] / sigma;
        for (size_t k = 0; k < IXS_DENSITY_N; k++)
            curvature[j * stride + k] += row[j] * row[k] / (sigma * sigma);
    }
    return value * value;
}

double ixs_density_prior(size_t stride, const double *coefficients, double *gradient,
                         double *curvature)
{
    double row[IXS_DENSITY_N], sum;
    for (size_t j = 0; j < IXS_DENSITY_N; j++)
        row[j] = 1.0 / IXS_DENSITY_N;
    sum = square(stride, row, coefficients, level, gradient, curvature);
    for (size_t j = 1; j + 1 < IXS_DENSITY_N; j++) {
        memset(row, 0, sizeof row);
        row[j - 1] = row[j + 1] = 1;
        row[j] = -2;
        sum += square(stride, row, coefficients, roughness, gradient, curvature);
    }
    return sum;
}

double ixs_density_log(const struct ixs_joint_grid *grid, const double *coefficients, double energy,
                       double *by)
{
    double sum = 0;
    for (size_t j = 0; j < IXS_DENSITY_N; j++) {
        by[j] = basis(grid, j, energy);
        sum += coefficients[j] * by[j];
    }
    return sum;
}
