/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a slab takes of the beam that it scatters: the integral over the depth at which it scatters.
 */
#include "calib/experiment/absorption.h"

#include "models/crystal/lattice.h"

#include <math.h>

/* (1 - exp(-x))/x */
static double mean_exp(double x)
{
    return x == 0.0 ? 1.0 : -expm1(-x) / x;
}

static double along(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/* Cosine to the normal of a direction of the laboratory. */
static double cosine(const struct ixs_angles *angles, const double normal[3], const double lab[3],
                     bool turns)
{
    double here[3] = {lab[0], lab[1], lab[2]};
    if (turns)
        ixs_geometry_to_phi(angles, lab, here);
    return along(here, normal) / sqrt(along(normal, normal));
}

double ixs_absorption(const struct ixs_slab *slab, const struct ixs_angles *angles,
                      const struct ixs_crystal *crystal)
{
    double incoming[3], outgoing[3], normal[3];
    ixs_geometry_incoming(angles, incoming);
    ixs_geometry_outgoing(angles, outgoing);
    for (int i = 0; i < 3; i++)
        normal[i] = slab->turns ? slab->normal[i] : incoming[i];
    if (slab->turns && slab->hkl) {
        if (crystal == NULL)
            return NAN;
        ixs_matrix_apply(crystal->ub, slab->normal, normal);
    }
    double in = cosine(angles, normal, incoming, slab->turns);
    double out = cosine(angles, normal, outgoing, slab->turns);
    double depth = slab->thickness / slab->length;
    double x = depth / fabs(in), y = depth / fabs(out);
    if (in == 0.0 || out == 0.0)
        return NAN;
    double share = in * out > 0.0 ? exp(-fmin(x, y)) * mean_exp(fabs(y - x)) : mean_exp(x + y);
    return share / fabs(in);
}
