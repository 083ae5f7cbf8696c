/* SPDX-License-Identifier: GPL-3.0-or-later
 * Angles to momentum transfer: where an analyzer looks, in 1/Angstrom and in r.l.u.
 */
#include "calib/instrument/geometry.h"

#include "base/array.h"
#include "base/units.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

bool ixs_crystal_set(struct ixs_crystal *out, const double ub[9], const char *centring)
{
    memcpy(out->ub, ub, sizeof out->ub);
    ixs_copy(out->centring, sizeof out->centring, centring);
    return ixs_matrix_invert(ub, out->inverse);
}

double ixs_geometry_q(double two_theta, double wavelength)
{
    return 4.0 * IXS_PI * fabs(sin(two_theta * IXS_DEGREE / 2.0)) / wavelength;
}

void ixs_geometry_incoming(const struct ixs_angles *angles, double direction[3])
{
    double mu = angles->mu * IXS_DEGREE;
    direction[0] = 0.0;
    direction[1] = -cos(mu);
    direction[2] = -sin(mu);
}

void ixs_geometry_outgoing(const struct ixs_angles *angles, double direction[3])
{
    double tth = angles->two_theta * IXS_DEGREE, gamma = angles->gamma * IXS_DEGREE;
    direction[0] = sin(tth) * cos(gamma);
    direction[1] = -cos(tth) * cos(gamma);
    direction[2] = -sin(gamma);
}

/* Half the chord between the two directions is the sine of half the angle: no cancellation at
 * small angles, as the difference of two nearly equal unit vectors has. */
static void transfer(const struct ixs_angles *angles, double out[3])
{
    double tth = angles->two_theta * IXS_DEGREE, gamma = angles->gamma * IXS_DEGREE;
    double mu = angles->mu * IXS_DEGREE, half = sin(tth / 2.0);
    double mean = (gamma + mu) / 2.0, apart = sin((gamma - mu) / 2.0);
    out[0] = sin(tth) * cos(gamma);
    out[1] = 2.0 * half * half * cos(gamma) + 2.0 * sin(mean) * apart;
    out[2] = -2.0 * cos(mean) * apart;
}

double ixs_geometry_scattering(const struct ixs_angles *angles)
{
    double q[3];
    transfer(angles, q);
    double chord = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
    return 2.0 * asin(fmin(chord / 2.0, 1.0)) / IXS_DEGREE;
}

static void turn(double *a, double *b, double degrees)
{
    double c = cos(degrees * IXS_DEGREE), s = sin(degrees * IXS_DEGREE);
    double first = c * *a + s * *b;
    *b = c * *b - s * *a;
    *a = first;
}

void ixs_geometry_to_phi(const struct ixs_angles *angles, const double lab[3], double out[3])
{
    double v[3] = {lab[0], lab[1], lab[2]};
    turn(&v[0], &v[1], angles->theta);
    turn(&v[0], &v[2], angles->chi);
    turn(&v[0], &v[1], angles->phi);
    out[0] = v[0];
    out[1] = angles->sixcircle ? v[1] : -v[1];
    out[2] = angles->sixcircle ? v[2] : -v[2];
}

void ixs_geometry_q_phi(const struct ixs_angles *angles, double wavelength, double q[3])
{
    transfer(angles, q);
    for (int i = 0; i < 3; i++)
        q[i] *= 2.0 * IXS_PI / wavelength;
    ixs_geometry_to_phi(angles, q, q);
}

static double length(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

double ixs_geometry_angle(const double u[3], const double v[3])
{
    double both = length(u) * length(v);
    double cosine = (u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) / both;
    return both > 0.0 ? acos(fmax(-1.0, fmin(1.0, cosine))) / IXS_DEGREE : NAN;
}

static void reduce(const struct ixs_crystal *crystal, const double q[3], struct ixs_momentum *out)
{
    double away[3];
    if (!ixs_lattice_nearest(crystal->ub, crystal->centring, out->hkl, out->lattice))
        return;
    for (int i = 0; i < 3; i++)
        out->reduced[i] = out->hkl[i] - out->lattice[i];
    ixs_matrix_apply(crystal->ub, out->reduced, away);
    out->reduced_length = length(away);
    out->angle = ixs_geometry_angle(q, away);
}

void ixs_geometry_momentum(const struct ixs_angles *angles, double wavelength,
                           const struct ixs_crystal *crystal, struct ixs_momentum *out)
{
    const double none[3] = {NAN, NAN, NAN};
    out->two_theta = angles->two_theta;
    out->gamma = angles->gamma;
    out->q = ixs_geometry_q(ixs_geometry_scattering(angles), wavelength);
    memcpy(out->hkl, none, sizeof none);
    memcpy(out->lattice, none, sizeof none);
    memcpy(out->reduced, none, sizeof none);
    out->reduced_length = out->angle = NAN;
    if (crystal == NULL)
        return;
    double q[3];
    ixs_geometry_q_phi(angles, wavelength, q);
    ixs_matrix_apply(crystal->inverse, q, out->hkl);
    reduce(crystal, q, out);
}
