/* SPDX-License-Identifier: GPL-3.0-or-later
 * The profile of an analyzer in the joint fit: a sum of pseudo-Voigts with areas.
 */
#include "calib/standard/joint.h"

double ixs_profile_at(const struct ixs_profile *profile, const double *p, double energy, double *by,
                      double *slope)
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
