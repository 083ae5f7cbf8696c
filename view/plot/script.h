/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing a gnuplot script: canvas, panels, data blocks, words. What comes from products or file
 * names enters as quoted, unexpanded, plain text only.
 */
#ifndef IXS_VIEW_PLOT_SCRIPT_H
#define IXS_VIEW_PLOT_SCRIPT_H

#include "view/plot/plot.h"

/* Okabe and Ito, Color Universal Design (2008): told apart with any colour vision. */
#define IXS_BLACK "#000000"
#define IXS_GREY "#8c8c8c"
#define IXS_PALE "#d9d9d9"
#define IXS_ORANGE "#E69F00"
#define IXS_SKY "#56B4E9"
#define IXS_GREEN "#009E73"
#define IXS_BLUE "#0072B2"
#define IXS_VERMILLION "#D55E00"
#define IXS_PURPLE "#CC79A7"
#define IXS_BROWN "#8B5A2B" /* theirs is a yellow that white paper swallows */

struct ixs_script { /* the stream belongs to the caller */
    FILE *out;
    enum ixs_picture picture;
    double width, height; /* pixels */
    double font;          /* points, of the running text */
    int nblocks;          /* data blocks so far */
};

struct ixs_panel { /* inside of the axes, pixels from the lower left corner */
    double left, right, bottom, top;
};

struct ixs_grid { /* equal cells from the top left, row by row */
    size_t ncolumns, nrows;
    double x, y, width, height;      /* pixels: lower left corner and size of the whole */
    double left, right, bottom, top; /* margins of each cell, pixels */
};

/* The canvas is set (0: `width` x `height` of its own) and the plots begin; every script ends so.
 */
void ixs_script_begin(struct ixs_script *script, const struct ixs_plot_choice *choice, double width,
                      double height);
void ixs_script_end(struct ixs_script *script);

/* 'text' in quotes, safe whatever it holds; bytes that are not UTF-8 text become '?'. */
void ixs_script_quote(struct ixs_script *script, const char *text);
/* A number as data; NaN is what gnuplot passes over. */
void ixs_script_number(struct ixs_script *script, double value);

/* A row of two numbers; a vertical bar as a piece of line of its own. */
void ixs_script_pair(struct ixs_script *script, double x, double y);
void ixs_script_bar(struct ixs_script *script, double x, double low, double high);

/* `$dN << EOD`, then rows by the caller, then the end. Returns N. */
int ixs_script_block(struct ixs_script *script);
void ixs_script_block_end(struct ixs_script *script);

/* Columns and rows for n cells that are wider than high. */
void ixs_grid_shape(size_t n, size_t *ncolumns, size_t *nrows);
struct ixs_panel ixs_grid_panel(const struct ixs_grid *grid, size_t index);

/* Starts the axes of one panel: margins set, labels and objects of the one before forgotten. */
void ixs_script_panel(struct ixs_script *script, const struct ixs_panel *panel);
/* Title of the panel in front, bold, with a plain part behind it. */
void ixs_script_title(struct ixs_script *script, const struct ixs_panel *panel, const char *bold,
                      const char *plain);
/* Font size in the terminal's points: `size` relative to the running text. */
double ixs_script_points(const struct ixs_script *script, double size);
/* Width of a text in pixels, about: a letter is 0.6 of the size wide. */
double ixs_script_width(const struct ixs_script *script, const char *text, double size);
/* Text at pixels of the canvas; `align` is left, center or right; `size` relative to the font. */
void ixs_script_text(struct ixs_script *script, double x, double y, const char *align, double size,
                     const char *colour, const char *text);
/* An axis title at the middle of a side of the panel, at the same place in every panel. */
void ixs_script_xlabel(struct ixs_script *script, const struct ixs_panel *panel, const char *text);
void ixs_script_ylabel(struct ixs_script *script, const struct ixs_panel *panel, const char *text);
/* A panel that says only why it is empty. */
void ixs_script_say(struct ixs_script *script, const struct ixs_panel *panel, const char *text);

/* Colour and gnuplot point type of branch, mode or analyzer k = 0, 1 ... (seven, then again). */
const char *ixs_script_colour(size_t k);
int ixs_script_symbol(size_t k);

#endif
