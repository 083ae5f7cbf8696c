/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page of panels: heading, legend, and where the panels go. One panel gets a column of words at
 * its side.
 */
#ifndef IXS_VIEW_PLOT_PAGE_H
#define IXS_VIEW_PLOT_PAGE_H

#include "view/plot/frame.h"

struct ixs_legend {    /* one entry: how it is drawn and what it is */
    const char *style; /* gnuplot style: "lines lw 2 lc rgb '#000000'" */
    const char *text;
};

struct ixs_page {
    size_t npanels;
    struct ixs_grid grid;
    struct ixs_panel side; /* the column of words of a single panel; right > left only then */
    bool single;
};

/* Begins the script and lays out n panels on the canvas that the choice asks for. */
void ixs_page_begin(struct ixs_script *script, const struct ixs_plot_choice *choice, size_t npanels,
                    struct ixs_page *page);

struct ixs_heading {
    const char *title;
    const char *remark; /* at the right; NULL: none */
    bool warning;       /* the remark is a caveat: coloured */
};

/* Draws the heading and the legend below; where that needs more rows than one the panels of a grid
 * make room. */
void ixs_page_head(struct ixs_script *script, struct ixs_page *page,
                   const struct ixs_heading *heading, size_t nlegend,
                   const struct ixs_legend *legend);

/* A page that says only why it is empty. */
void ixs_page_empty(struct ixs_script *script, const struct ixs_plot_choice *choice,
                    const char *text);

/* True for the panels at the left edge (y title) and at the lower end of a column (x title). */
bool ixs_page_is_left(const struct ixs_page *page, size_t index);
bool ixs_page_is_low(const struct ixs_page *page, size_t index);

struct ixs_words { /* lines of text in a corner of a panel or in the column beside it */
    size_t count;
    struct ixs_word_line {
        char text[160];
        const char *colour;
        double size;
    } lines[40];
};
void ixs_words_add(struct ixs_words *words, const char *colour, double size, const char *format,
                   ...) IXS_PRINTF(4, 5);
/* Makes room for the words in the frame of a panel; true: in the left corner. */
bool ixs_words_room(const struct ixs_script *script, const struct ixs_words *words,
                    const struct ixs_panel *panel, struct ixs_frame *frame,
                    const struct ixs_dots *dots);
/* Labels of the next plot, from the upper left (or right) corner of the panel. */
void ixs_words_put(struct ixs_script *script, const struct ixs_words *words,
                   const struct ixs_panel *panel, bool left);

#endif
