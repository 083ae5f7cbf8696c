/* SPDX-License-Identifier: GPL-3.0-or-later
 * What of a polarized beam an analyzer sees.
 */
#include "calib/instrument/polarization.h"

#include <math.h>
#include <string.h>

double ixs_polarization(const struct ixs_polarization *polarization,
                        const struct ixs_angles *angles)
{
    double in[3], out[3];
    if (polarization->direction[0] == '\0')
        return 1.0;
    ixs_geometry_incoming(angles, in);
    ixs_geometry_outgoing(angles, out);
    double horizontal = out[0], vertical = out[2] * -in[1] + out[1] * in[2]; /* e . k_out */
    double share = (1.0 + polarization->degree) / 2.0;
    if (strcmp(polarization->direction, "vertical") == 0)
        share = 1.0 - share;
    return 1.0 - share * horizontal * horizontal - (1.0 - share) * vertical * vertical;
}
