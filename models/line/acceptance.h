/* SPDX-License-Identifier: GPL-3.0-or-later
 * A mode whose energy changes over the Q that the slits let through: with a slope v = dE/dQ and Q
 * uniform over a width dQ, it is seen as the mean of modes between OMEGA0 - w/2 and OMEGA0 + w/2,
 * w = |v| dQ. Without it the dispersion is read as a linewidth.
 */
#ifndef IXS_MODELS_LINE_ACCEPTANCE_H
#define IXS_MODELS_LINE_ACCEPTANCE_H

#include "models/line/line.h"

/* As ixs_line_expand, the line's first shape averaged over `width` (meV, 0: none) by Gauss-Legendre
 * quadrature: right to 1e-4 of the peak for widths up to four FWHM of the response. */
void ixs_acceptance_expand(struct ixs_line *out, enum ixs_line_kind kind,
                           const double shape[IXS_LINE_SHAPES], double width,
                           const struct ixs_bose *bose);

#endif
