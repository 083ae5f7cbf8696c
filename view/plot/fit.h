/* SPDX-License-Identifier: GPL-3.0-or-later
 * One panel of a picture of fits.
 */
#ifndef IXS_VIEW_PLOT_FIT_H
#define IXS_VIEW_PLOT_FIT_H

#include "view/plot/fit_words.h"

struct ixs_fit_drawing { /* one spectrum and how to draw it; borrows the fit */
    const struct ixs_fit *fit;
    const struct ixs_fit_spectrum *row;
    bool log;
    bool say_scan, say_temperature; /* where they differ from panel to panel */
};

/* Data, curves and residuals of a spectrum as panel `index` of the page. */
IXS_MUST_CHECK bool ixs_fit_draw(struct ixs_script *script, const struct ixs_page *page,
                                 size_t index, const struct ixs_fit_drawing *drawing,
                                 struct ixs_err *err);

#endif
