/* SPDX-License-Identifier: GPL-3.0-or-later
 * The strip of residuals below a panel: signed square roots of the points' deviances, which are of
 * unit size where the model holds.
 */
#ifndef IXS_VIEW_PLOT_RESIDUALS_H
#define IXS_VIEW_PLOT_RESIDUALS_H

#include "view/plot/frame.h"

/* Signed root of the deviance of a point; NaN without counts or expected ones. */
double ixs_residual_of(double counts, double expected);

/* Splits off the lower part of a panel. */
void ixs_residuals_split(const struct ixs_script *script, bool single, struct ixs_panel *upper,
                         struct ixs_panel *lower);
/* Draws them (y; all finite) over the energies of `frame`, in a panel begun by the caller. */
void ixs_residuals_draw(struct ixs_script *script, const struct ixs_dots *residuals,
                        const struct ixs_frame *frame, bool single);

#endif
