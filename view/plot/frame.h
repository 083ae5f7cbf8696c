/* SPDX-License-Identifier: GPL-3.0-or-later
 * Points of a panel and the ranges of its axes, with room for the words in a corner.
 */
#ifndef IXS_VIEW_PLOT_FRAME_H
#define IXS_VIEW_PLOT_FRAME_H

#include "view/plot/script.h"

struct ixs_dots { /* points with error bars; owns its arrays, all-zero is empty */
    size_t n;
    double *x, *y, *error; /* error NaN or 0: no bar */
    bool *flagged;         /* drawn hollow and grey, outside of the ranges' choice */
};

IXS_MUST_CHECK bool ixs_dots_make(struct ixs_dots *dots, size_t n, struct ixs_err *err);
void ixs_dots_dispose(struct ixs_dots *dots);

struct ixs_frame { /* ranges of the axes */
    double x_lo, x_hi, y_lo, y_hi;
    bool log;
    bool empty;  /* there is nothing to draw: the ranges are 0 .. 1 */
    double most; /* highest y drawn */
};

/* Ranges that hold all points that are not flagged and their upper bars; from 0 on a linear axis
 * unless points are below, over at most `decades` on a logarithmic one. */
void ixs_frame_of(struct ixs_frame *frame, const struct ixs_dots *dots, bool log, double decades);
/* Raises the top so that curves up to `most` fit. */
void ixs_frame_hold(struct ixs_frame *frame, double most);
/* Raises the top so that words of this share of the width and of the height find room in one upper
 * corner, over the points there; true: the left one. */
bool ixs_frame_room(struct ixs_frame *frame, const struct ixs_dots *dots, double width,
                    double height);

/* `set xrange`, `set yrange` and the scale. */
void ixs_script_frame(struct ixs_script *script, const struct ixs_frame *frame);

struct ixs_dots_block { /* numbers of the data blocks; 0: none */
    int points, bars;
};
struct ixs_dots_blocks {
    struct ixs_dots_block plain, flagged;
};
struct ixs_dots_blocks ixs_script_dots(struct ixs_script *script, const struct ixs_dots *dots,
                                       const struct ixs_frame *frame);
/* ", $dN using ..." to stand in a plot command; `symbol` is "pt 7 ps 0.5". */
void ixs_script_dots_plot(struct ixs_script *script, const struct ixs_dots_block *block,
                          const char *symbol, double bar_width, const char *colour);
/* Both: flagged ones hollow and grey, the others solid. */
void ixs_script_dots_both(struct ixs_script *script, const struct ixs_dots_blocks *blocks,
                          double size, const char *colour);

#endif
