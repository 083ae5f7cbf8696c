/* SPDX-License-Identifier: GPL-3.0-or-later
 * The array on the arm.
 */
#include "calib/instrument/arm.h"

#include "base/array.h"
#include "base/units.h"
#include "calib/instrument/geometry.h"
#include "calib/instrument/orientation.h"

#include <math.h>

double ixs_arm_main(const struct ixs_instrument *instrument, const struct ixs_raw *raw)
{
    double stated = instrument->main_metadata[0] != '\0'
                        ? ixs_raw_metadata(raw, instrument->main_metadata)
                        : NAN;
    return isfinite(stated) ? stated : instrument->main;
}

double ixs_arm_angle(const struct ixs_raw *raw, const char *motor, double header, double fixed)
{
    double value = motor[0] ? ixs_raw_motor(raw, motor) : NAN;
    const double choices[] = {value, header, fixed, motor[0] ? NAN : 0.0};
    size_t i = 0;
    while (i + 1 < IXS_COUNT(choices) && !isfinite(choices[i]))
        i++;
    return choices[i];
}

double ixs_arm_mu(const struct ixs_instrument *instrument, const struct ixs_raw *raw)
{
    double header[2];
    ixs_orientation_tilts(raw, header);
    return ixs_arm_angle(raw, instrument->mu, header[0], instrument->fixed_mu);
}

struct ixs_aim ixs_arm_aim(const struct ixs_instrument *instrument, const struct ixs_raw *raw)
{
    double header[2];
    ixs_orientation_tilts(raw, header);
    return (struct ixs_aim){
        ixs_arm_angle(raw, instrument->two_theta, NAN, NAN),
        ixs_arm_angle(raw, instrument->gamma, header[1], instrument->fixed_gamma)};
}

struct ixs_aim ixs_arm_place(const struct ixs_instrument *instrument,
                             const struct ixs_analyzer *analyzer, struct ixs_aim arm,
                             double central)
{
    const struct ixs_array *array = &instrument->array;
    double steps = analyzer->position - central, rows = instrument->main_row - analyzer->row;
    bool flat = isfinite(array->radius) && isfinite(array->pitch_x);
    double x = flat ? array->offset_x + array->pitch_x * steps : 0.0;
    double across = flat ? atan2(x, array->radius) / IXS_DEGREE : steps * instrument->pitch;
    double z = array->offset_z + (rows != 0.0 ? array->pitch_z * rows : 0.0);
    double up = z != 0.0 ? atan2(z, hypot(array->radius, x)) / IXS_DEGREE : 0.0;
    return (struct ixs_aim){arm.two_theta + (across + analyzer->offset), arm.gamma + up};
}

double ixs_arm_scattering(const struct ixs_instrument *instrument,
                          const struct ixs_analyzer *analyzer, const struct ixs_raw *raw)
{
    struct ixs_aim aim = ixs_arm_place(instrument, analyzer, ixs_arm_aim(instrument, raw),
                                       ixs_arm_main(instrument, raw));
    struct ixs_angles angles = {
        .two_theta = aim.two_theta, .gamma = aim.gamma, .mu = ixs_arm_mu(instrument, raw)};
    return copysign(ixs_geometry_scattering(&angles), aim.two_theta);
}
