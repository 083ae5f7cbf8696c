/* SPDX-License-Identifier: GPL-3.0-or-later
 * A line being expanded in poles, shared by its source files alone.
 */
#ifndef IXS_MODELS_LINE_INSIDE_H
#define IXS_MODELS_LINE_INSIDE_H

#include "models/line/line.h"

#include <stdbool.h>

struct ixs_line_shape { /* what is expanded */
    enum ixs_line_kind kind;
    double omega0, fwhm; /* omega0 0 for a quasi-elastic line */
    const struct ixs_bose *bose;
    size_t nown;               /* poles of its own below the real axis */
    double complex own[2], wd; /* their places; sqrt(O^2 - G^2/4) of an oscillator */
};

void ixs_line_locate(struct ixs_line_shape *line, enum ixs_line_kind kind,
                     const double shape[IXS_LINE_SHAPES], const struct ixs_bose *bose);

/* Adds own pole k by itself. */
void ixs_line_add_own(struct ixs_line *out, const struct ixs_line_shape *line, size_t k);

/* Adds Bose's pole j by itself. */
void ixs_line_add_bose(struct ixs_line *out, const struct ixs_line_shape *line, size_t j);

/* The continuation h(center + arm) of the line into the complex plane, and its slopes; from
 * distances, which do not cancel near its own poles. */
double complex ixs_line_continued(const struct ixs_line_shape *line, double complex center,
                                  double complex arm, double complex by[IXS_LINE_SHAPES]);

#endif
