/* SPDX-License-Identifier: GPL-3.0-or-later
 * Six circles and flat arrays, forwards: where the analyzers stand, what they see, and where the
 * sample must stand. After the six-circle code of SPring-8 (Zhao & Baron): Q = (2 pi/lambda)
 * (out - in), in = (0, -cos mu, -sin mu), out = (sin tth cos gam, -cos tth cos gam, -sin gam), and
 * Q = Rz(th) Rchi Rz(phi) U B h. At mu = gam = 0 that is fourc turned by 180 deg about x.
 */
#include "calib/forward/forward.h"

#include "base/units.h"

#include <math.h>

static double radians(double degrees)
{
    return degrees * IXS_DEGREE;
}

/* Q in the laboratory, in units of 2 pi/lambda. */
static void laboratory(const struct ixs_forward_crystal *x, double tth, double gam, double q[3])
{
    q[0] = sin(radians(tth)) * cos(radians(gam));
    q[1] = cos(radians(x->mu)) - cos(radians(tth)) * cos(radians(gam));
    q[2] = sin(radians(x->mu)) - sin(radians(gam));
}

static void turn(double angle, double *first, double *second)
{
    const double c = cos(angle), s = sin(angle), a = *first, b = *second;
    *first = c * a - s * b;
    *second = s * a + c * b;
}

void ixs_forward_direction(const struct ixs_forward_crystal *crystal, double tth, double gam,
                           const struct ixs_forward_setting *at, double q[3])
{
    laboratory(crystal, tth, gam, q);
    turn(-radians(at->th), &q[0], &q[1]);
    turn(-radians(at->chi), &q[0], &q[2]);
    turn(-radians(at->phi), &q[0], &q[1]);
}

double ixs_forward_scattering(const struct ixs_forward_crystal *crystal, double tth, double gam)
{
    double q[3];
    laboratory(crystal, tth, gam, q);
    return sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
}

/* omega = 0: theta is half of two theta. v: U B h, length: that of Q lambda/(2 pi). */
bool ixs_forward_aim_six(const struct ixs_forward_crystal *crystal, const double v[3],
                         double length, struct ixs_forward_setting *at)
{
    const double mu = radians(crystal->mu), gam = radians(crystal->gam);
    const double cosine =
        (2.0 - 2.0 * sin(mu) * sin(gam) - length * length) / (2.0 * cos(mu) * cos(gam));
    double w[3];
    if (!(fabs(cosine) <= 1.0))
        return false;
    at->tth = acos(cosine) / IXS_DEGREE;
    at->th = 0.5 * at->tth;
    laboratory(crystal, at->tth, crystal->gam, w);
    turn(-radians(at->th), &w[0], &w[1]);
    const double unit = length / sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    const double rho = unit * hypot(v[0], v[1]);
    if (!(fabs(w[1]) <= rho))
        return false;
    const double sine = asin(w[1] / rho);
    at->phi = (sine - atan2(v[1], v[0])) / IXS_DEGREE;
    at->chi = (atan2(w[2], w[0]) - atan2(unit * v[2], rho * cos(sine))) / IXS_DEGREE;
    at->phi = remainder(at->phi, 360.0);
    at->chi = remainder(at->chi, 360.0);
    return true;
}

void ixs_forward_place(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                       size_t a, double *tth, double *gam)
{
    const struct ixs_forward_analyzer *analyzer = &forward->analyzers[a],
                                      *main = &forward->analyzers[shot->plan->main_index];
    const double middle = forward->floating ? main->position : forward->middle;
    const double off = forward->floating ? analyzer->offset - main->offset : analyzer->offset;
    *tth = shot->at.tth + (analyzer->position - middle) * forward->pitch + off;
    *gam = forward->crystal.gam;
    if (!(forward->radius > 0))
        return;
    const double x = (analyzer->position - middle) * forward->pitch_x;
    const double z = (forward->middle_row - analyzer->row) * forward->pitch_z;
    *tth = shot->at.tth + atan2(x, forward->radius) / IXS_DEGREE + off;
    *gam += atan2(z, hypot(forward->radius, x)) / IXS_DEGREE;
}
