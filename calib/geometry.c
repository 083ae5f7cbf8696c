/* SPDX-License-Identifier: GPL-3.0-or-later
 * Angles to momentum transfer: where an analyzer looks, in 1/Angstrom and in r.l.u.
 */
#include "calib/geometry.h"

#include "base/array.h"
#include "base/units.h"
#include "models/lattice.h"

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

void ixs_geometry_q_phi(const struct ixs_angles *angles, double wavelength, double q[3])
{
    double half = angles->two_theta * IXS_DEGREE / 2.0;
    double omega = angles->theta * IXS_DEGREE - half;
    double chi = angles->chi * IXS_DEGREE, phi = angles->phi * IXS_DEGREE;
    double length = 4.0 * IXS_PI * sin(half) / wavelength;
    q[0] = length * (cos(omega) * cos(chi) * cos(phi) - sin(omega) * sin(phi));
    q[1] = length * (cos(omega) * cos(chi) * sin(phi) + sin(omega) * cos(phi));
    q[2] = length * cos(omega) * sin(chi);
}

static void reduce(const struct ixs_crystal *crystal, struct ixs_momentum *out)
{
    double away[3];
    if (!ixs_lattice_nearest(crystal->ub, crystal->centring, out->hkl, out->lattice))
        return;
    for (int i = 0; i < 3; i++)
        out->reduced[i] = out->hkl[i] - out->lattice[i];
    ixs_matrix_apply(crystal->ub, out->reduced, away);
    out->reduced_length = sqrt(away[0] * away[0] + away[1] * away[1] + away[2] * away[2]);
}

void ixs_geometry_momentum(const struct ixs_angles *angles, double wavelength,
                           const struct ixs_crystal *crystal, struct ixs_momentum *out)
{
    const double none[3] = {NAN, NAN, NAN};
    out->two_theta = angles->two_theta;
    out->q = ixs_geometry_q(angles->two_theta, wavelength);
    memcpy(out->hkl, none, sizeof none);
    memcpy(out->lattice, none, sizeof none);
    memcpy(out->reduced, none, sizeof none);
    out->reduced_length = NAN;
    if (crystal == NULL)
        return;
    double q[3];
    ixs_geometry_q_phi(angles, wavelength, q);
    ixs_matrix_apply(crystal->inverse, q, out->hkl);
    reduce(crystal, out);
}
