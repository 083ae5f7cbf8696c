/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside models/thermal/.
 */
#ifndef IXS_MODELS_THERMAL_INSIDE_H
#define IXS_MODELS_THERMAL_INSIDE_H

#include "models/thermal/thermal.h"

enum { IXS_THERMAL_MOST_POINTS = 256, IXS_THERMAL_MOST_DATA = 2 * IXS_THERMAL_MOST_POINTS };

struct ixs_thermal_relation {          /* of the residuals of points; borrows */
    const struct ixs_thermal_kin *kin; /* NULL: none */
    size_t nraw, n;                    /* as they come, and data: those that are shared are one */
    size_t group[IXS_THERMAL_MOST_DATA], size[IXS_THERMAL_MOST_DATA];
    size_t
        point[IXS_THERMAL_MOST_DATA]; /* of each as they come, and how it falls when OMEGA0 and */
    double by[IXS_THERMAL_MOST_DATA][2]; /* FWHM as told are one of their errors more */
};

/* Of points [n], at most IXS_THERMAL_MOST_POINTS, as they are told. */
void ixs_thermal_relate(struct ixs_thermal_relation *out, size_t n,
                        const struct ixs_thermal_point *points);
/* Residuals r[nraw] -> independent ones, n of them. */
void ixs_thermal_whiten(const struct ixs_thermal_relation *relation, double *r);

/* Of ln(OMEGA0^2/FWHM) and 1/FWHM, from that of OMEGA0 and FWHM; NaN: not told. */
double ixs_thermal_damped_correlation(const struct ixs_thermal_point *point);

/* How far laws that give these (meV) are from what the point tells: as many residuals as it tells
 * figures, their count. */
size_t ixs_thermal_residuals(const struct ixs_thermal_point *point, double omega, double width,
                             double out[2]);

#endif
