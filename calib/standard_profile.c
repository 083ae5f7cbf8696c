/* SPDX-License-Identifier: GPL-3.0-or-later
 * The profile of an analyzer in the joint fit: a sum of pseudo-Voigts, or the exponential of a
 * cubic B-spline in u = asinh((E - center)/width), in which a power law is a straight line; beyond
 * its reach it falls as 1/E^2.
 */
#include "calib/standard_joint.h"

#include <math.h>
#include <string.h>

static double of_parts(const struct ixs_profile *profile, const double *p, double energy,
                       double *by, double *slope)
{
    double sum = 0;
    *slope = 0;
    for (size_t k = 0; k < profile->nparts; k++) {
        const double *q = p + 4 * k;
        struct ixs_response_part part = {1, q[1], q[2], q[3]};
        double *b = by + 4 * k;
        b[0] = ixs_response_part_value(&part, energy, &b[1], &b[2], &b[3]);
        for (size_t j = 1; j < 4; j++)
            b[j] *= q[0];
        sum += q[0] * b[0];
        *slope -= b[1];
    }
    return sum;
}

/* The four B-splines that are not 0 at t (0 <= t < 1 within a piece) and their derivatives. */
static void pieces(double t, double value[4], double slope[4])
{
    double s = 1 - t;
    value[0] = s * s * s / 6;
    value[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    value[2] = (3 * s * s * s - 6 * s * s + 4) / 6;
    value[3] = t * t * t / 6;
    slope[0] = -s * s / 2;
    slope[1] = (3 * t * t - 4 * t) / 2;
    slope[2] = -(3 * s * s - 4 * s) / 2;
    slope[3] = t * t / 2;
}

static double of_table(const struct ixs_profile *profile, const double *p, double energy,
                       double *by, double *slope)
{
    double x = energy - profile->center, outside = 1, fall = 0, value[4], rise[4], sum = 0, up = 0;
    if (fabs(x) > profile->reach) {
        outside = profile->reach / x * (profile->reach / x);
        fall = -2 / x;
        x = copysign(profile->reach, x);
    }
    double half = asinh(profile->reach / profile->width), npieces = (double)(profile->n - 3);
    double place = (asinh(x / profile->width) + half) / (2 * half) * npieces;
    size_t first = (size_t)fmin(fmax(place, 0), npieces - 1);
    pieces(place - (double)first, value, rise);
    for (size_t j = 0; j < 4; j++) {
        sum += p[first + j] * value[j];
        up += p[first + j] * rise[j];
    }
    double at = exp(sum) * outside;
    memset(by, 0, profile->n * sizeof *by);
    for (size_t j = 0; j < 4; j++)
        by[first + j] = at * value[j];
    up *= npieces / (2 * half) / hypot(x, profile->width);
    *slope = at * (outside < 1 ? fall : up);
    return at;
}

double ixs_profile_at(const struct ixs_profile *profile, const double *p, double energy, double *by,
                      double *slope)
{
    return profile->nparts > 0 ? of_parts(profile, p, energy, by, slope)
                               : of_table(profile, p, energy, by, slope);
}
