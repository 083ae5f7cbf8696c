/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the fits at one temperature tell of a mode, and how far that is from laws.
 *
 * It adds to chi squared, x being a figure of the laws, ((x - value)/s)^2 with s = s0 + s1 (x -
 * value), so that it is 1 at both ends of the 68 % interval (Barlow, arXiv:physics/0406120, eq.
 * 15), and for the second of two figures what is left of it beside the first. A width that is not
 * resolved adds what its likelihood does on the side of widths that can be: a parabola about FWHM,
 * or, of one that was pressed against 0, about where it would have come to lie below it.
 */
#include "models/thermal/inside.h"

#include <math.h>

static const double least_width = 1e-6; /* meV, of a law: its logarithm is looked for */

static bool is_interval(double lo, double value, double hi)
{
    return lo > 0.0 && lo < value && value < hi && isfinite(hi);
}

void ixs_thermal_tell(struct ixs_thermal_point *point)
{
    bool energy = point->omega0 > 0.0 && point->omega0_err > 0.0;
    bool rate = is_interval(point->relaxation_lo, point->relaxation, point->relaxation_hi);
    point->told = IXS_THERMAL_NOTHING;
    if (!(point->kelvin > 0.0))
        return;
    if (energy && point->unresolved && point->fwhm >= 0.0 && point->fwhm_hi > point->fwhm)
        point->told = IXS_THERMAL_LIMIT;
    else if (energy && !point->unresolved && point->fwhm_hi > point->fwhm_lo &&
             point->fwhm_err > 0.0)
        point->told = rate && point->fwhm > point->omega0 ? IXS_THERMAL_DAMPED : IXS_THERMAL_BOTH;
    else if (rate && !point->unresolved)
        point->told = IXS_THERMAL_RELAXATION;
}

static double skewed(double x, double value, double lo, double hi)
{
    double least = 0.2 * (hi - lo);
    double above = fmax(hi - value, least), below = fmax(value - lo, least);
    double s =
        2.0 * above * below / (above + below) + (above - below) / (above + below) * (x - value);
    return (x - value) / fmin(fmax(s, 0.3 * fmin(above, below)), 3.0 * fmax(above, below));
}

static double beside(double second, double first, double correlation)
{
    double rho = isfinite(correlation) ? fmin(fmax(correlation, -0.99), 0.99) : 0.0;
    return (second - rho * first) / sqrt(1.0 - rho * rho);
}

double ixs_thermal_damped_correlation(const struct ixs_thermal_point *point)
{
    double o = point->omega0_err / point->omega0, g = point->fwhm_err / point->fwhm;
    if (o > 0.5 || g > 1.0) /* errors from a curvature that does not hold so far */
        return (double)NAN;
    double both = point->correlation * o * g;
    double variance = 4.0 * o * o + g * g - 4.0 * both;
    return variance > 0.0 ? (g * g - 2.0 * both) / (g * sqrt(variance)) : (double)NAN;
}

/* Centre and width of the parabola whose rise from FWHM = 0 is 1 at FWHM_HI. */
static double limited(const struct ixs_thermal_point *point, double width)
{
    double end = point->fwhm_hi, sigma = end - point->fwhm, centre = point->fwhm;
    if (!(point->fwhm > 0.0) && point->fwhm_err > end) {
        sigma = point->fwhm_err;
        centre = -(sigma * sigma - end * end) / (2.0 * end);
    }
    return (width - centre) / sigma;
}

size_t ixs_thermal_residuals(const struct ixs_thermal_point *point, double omega, double width,
                             double out[2])
{
    double positive = fmax(width, least_width);
    double rate = log(fmax(omega * omega, least_width) / positive);
    double by_rate =
        skewed(rate, log(point->relaxation), log(point->relaxation_lo), log(point->relaxation_hi));
    out[0] = (omega - point->omega0) / point->omega0_err;
    switch (point->told) {
    case IXS_THERMAL_BOTH:
        out[1] = beside(skewed(width, point->fwhm, point->fwhm_lo, point->fwhm_hi), out[0],
                        point->correlation);
        return 2;
    case IXS_THERMAL_DAMPED:
        out[0] = by_rate;
        out[1] = beside(skewed(1.0 / positive, 1.0 / point->fwhm, 1.0 / point->fwhm_hi,
                               1.0 / fmax(point->fwhm_lo, 1e-3 * point->fwhm)),
                        out[0], ixs_thermal_damped_correlation(point));
        return 2;
    case IXS_THERMAL_LIMIT:
        out[1] = limited(point, width);
        return 2;
    case IXS_THERMAL_RELAXATION:
        out[0] = by_rate;
        return 1;
    default:
        return 0;
    }
}
