/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of a DISPERSION's temperature series, and what it shares with the words.
 */
#ifndef IXS_VIEW_PLOT_THERMAL_H
#define IXS_VIEW_PLOT_THERMAL_H

#include "products/dispersion.h"
#include "view/plot/page.h"

/* The row of THERMAL_LAWS of a quantity of a series by which lifetimes are told (of `kappa`: series
 * 0), or NULL. */
const struct ixs_thermal_law_row *ixs_thermal_law_of(const struct ixs_dispersion *dispersion,
                                                     int64_t series, const char *quantity);
/* The law of a row at a temperature. */
double ixs_thermal_law_at(const struct ixs_thermal_law_row *row, double kelvin);

/* What of a row is drawn; the last two are limits of the width. */
enum ixs_thermal_kind {
    IXS_THERMAL_ENERGY,
    IXS_THERMAL_WIDTH,
    IXS_THERMAL_BELOW,
    IXS_THERMAL_ABOVE,
    IXS_THERMAL_KINDS
};
/* What a row shows of a kind, meV; NaN: nothing. */
double ixs_thermal_shown(const struct ixs_thermal_row *row, enum ixs_thermal_kind kind);

struct ixs_thermal_axes { /* K, meV */
    double t_lo, t_hi, top;
};
/* Over all temperatures; points far above the laws do not press them down. */
struct ixs_thermal_axes ixs_thermal_axes(const struct ixs_dispersion *dispersion, int64_t series);

/* Number of series in THERMAL. */
int64_t ixs_thermal_nseries(const struct ixs_dispersion *dispersion);

IXS_MUST_CHECK bool ixs_plot_thermal(struct ixs_script *script,
                                     const struct ixs_dispersion *dispersion,
                                     const struct ixs_plot_choice *choice, struct ixs_err *err);

#endif
