/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside models/thermal*.c.
 */
#ifndef IXS_MODELS_THERMAL_INSIDE_H
#define IXS_MODELS_THERMAL_INSIDE_H

#include "models/thermal.h"

/* How far laws that give these (meV) are from what the point tells: as many residuals as it tells
 * figures, their count. */
size_t ixs_thermal_residuals(const struct ixs_thermal_point *point, double omega, double width,
                             double out[2]);

#endif
