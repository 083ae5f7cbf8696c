/* SPDX-License-Identifier: GPL-3.0-or-later
 * How well a response is known at an energy, and how far out it is known within 10 %.
 *
 * Where nothing was taken off, a part x of the area that the sample may have scattered
 * inelastically is left in it: R is off by x (R x S - R), S of unit area as a glass has it. x is of
 * the order of 3 % where the line is brightest: plexiglas at HERIX shows a few percent between 3
 * and 8 meV that change with the angle.
 */
#include "calib/standard/parts.h"

#include "models/line/bose.h"

#include <math.h>

const double ixs_shape_left_over = 0.03;
static const double within = 0.1;
static const double room = 295;            /* K, where no temperature is known */
static const double cut = 40, step = 0.25; /* meV, of the sum over the spectrum */
static const double debye = 10;            /* meV: below, g ~ E^2 */

double ixs_shape_error(const struct ixs_shape *shape, double energy)
{
    double by[IXS_SHAPE_VALUES], variance = 0;
    size_t n = ixs_response_count(&shape->response);
    ixs_response_by(&shape->response, energy, by);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            variance += by[i] * shape->covariance[i][j] * by[j];
    return sqrt(fmax(variance, 0));
}

double ixs_shape_glass(double kelvin, double energy)
{
    double x = energy / debye, h = 1 / (1 + x * x);
    return h * h * ixs_bose_energy_factor(kelvin > 0 ? kelvin : room, energy);
}

/* R x S - R for a spectrum of unit area. */
static double blur_less_line(const struct ixs_response *response, double kelvin, double energy)
{
    double sum = 0, area = 0;
    for (double e = -cut; e <= cut; e += step) {
        double s = ixs_shape_glass(kelvin, e);
        area += s;
        sum += s * ixs_response_value(response, energy - e);
    }
    return sum / area - ixs_response_value(response, energy);
}

static bool known_at(const struct ixs_shape *shape, double left, double kelvin, double energy)
{
    double value = ixs_response_value(&shape->response, energy);
    double error = ixs_shape_error(shape, energy);
    if (left > 0)
        error = hypot(error, left * blur_less_line(&shape->response, kelvin, energy));
    return error <= within * value;
}

static double walk(const struct ixs_shape *shape, double left, double kelvin, double end)
{
    double stride = copysign(0.05 * shape->fwhm, end), at = 0;
    while (fabs(at) < fabs(end) && known_at(shape, left, kelvin, at + stride))
        at += stride;
    return fabs(at) < fabs(end) ? at : end;
}

void ixs_shape_known(const struct ixs_shape *shape, double left, double kelvin, double *lo,
                     double *hi)
{
    *lo = walk(shape, left, kelvin, shape->lowest);
    *hi = walk(shape, left, kelvin, shape->highest);
}
