/* SPDX-License-Identifier: GPL-3.0-or-later
 * The array on the arm.
 */
#include "calib/arm.h"

#include <math.h>

double ixs_arm_main(const struct ixs_instrument *instrument, const struct ixs_raw *raw)
{
    double stated = instrument->main_metadata[0] != '\0'
                        ? ixs_raw_metadata(raw, instrument->main_metadata)
                        : NAN;
    return isfinite(stated) ? stated : instrument->main;
}

double ixs_arm_two_theta(const struct ixs_instrument *instrument,
                         const struct ixs_analyzer *analyzer, double arm, double central)
{
    return arm + ((analyzer->position - central) * instrument->pitch + analyzer->offset);
}
