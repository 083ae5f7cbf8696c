/* SPDX-License-Identifier: GPL-3.0-or-later
 * The workspace of starts, shared by its source files alone.
 */
#ifndef IXS_MODELS_FIT_START_INSIDE_H
#define IXS_MODELS_FIT_START_INSIDE_H

#include "models/fit/start.h"

enum { IXS_START_TABLE = 4096, IXS_START_WIDTHS = 2 };

struct ixs_start {
    size_t most_points;
    double fwhm;                     /* of the response */
    double from, step;               /* of the table's energies u */
    double widths[IXS_START_WIDTHS]; /* meV, of the trial modes */
    struct ixs_bose bose;
    double *re[IXS_START_WIDTHS], *im[IXS_START_WIDTHS]; /* [IXS_START_TABLE] */
    double *column;                                      /* [most_points] */
    double *smooth, *noise;                              /* [most_points] */
    size_t *order;                                       /* [most_points] */
};

#endif
