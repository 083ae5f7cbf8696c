/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page of panels.
 */
#include "view/plot/page.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { HEAD = 46, FOOT = 34, SIDE = 330 }; /* pixels */

static void lay_out_single(const struct ixs_script *script, struct ixs_page *page)
{
    page->grid = (struct ixs_grid){.ncolumns = 1,
                                   .nrows = 1,
                                   .width = script->width,
                                   .height = script->height - HEAD,
                                   .left = 92,
                                   .right = SIDE,
                                   .bottom = 62,
                                   .top = 34};
    page->side = (struct ixs_panel){.left = script->width - SIDE + 18,
                                    .right = script->width - 10,
                                    .bottom = 62,
                                    .top = script->height - HEAD - 8};
}

static void lay_out_grid(const struct ixs_script *script, struct ixs_page *page)
{
    page->grid.x = 10;
    page->grid.y = FOOT;
    page->grid.width = script->width - 14;
    page->grid.height = script->height - HEAD - FOOT;
    page->grid.left = 58;
    page->grid.right = 10;
    page->grid.bottom = 40;
    page->grid.top = 24;
}

void ixs_page_begin(struct ixs_script *script, const struct ixs_plot_choice *choice, size_t npanels,
                    struct ixs_page *page)
{
    *page = (struct ixs_page){.npanels = npanels, .single = npanels <= 1};
    ixs_grid_shape(npanels, &page->grid.ncolumns, &page->grid.nrows);
    ixs_script_begin(script, choice, fmax(1200.0, 330.0 * (double)page->grid.ncolumns),
                     fmax(800.0, 230.0 * (double)page->grid.nrows));
    if (page->single) {
        script->font = 15.0;
        lay_out_single(script, page);
    } else {
        lay_out_grid(script, page);
    }
    fprintf(script->out, "set xtics font ',%g'\nset ytics font ',%g'\n",
            ixs_script_points(script, 0.92), ixs_script_points(script, 0.92));
}

static void put_key(struct ixs_script *script, const struct ixs_page *page)
{
    if (page->single)
        fprintf(script->out,
                "set key at screen %.6g,%.6g left bottom vertical Left reverse samplen 2 noenhanced"
                " font ',%g'\n",
                page->side.left / script->width, page->side.bottom / script->height,
                ixs_script_points(script, 0.9));
    else
        fprintf(script->out,
                "set key at screen 0.5,%.6g center bottom horizontal Left reverse samplen 2 "
                "noenhanced font ',%g' maxcols 12\n",
                8.0 / script->height, ixs_script_points(script, 1.0));
}

/* How many rows gnuplot makes of a legend across the page: all entries are as wide as the widest
 * with its sample. */
static size_t rows_of(const struct ixs_script *script, size_t nlegend,
                      const struct ixs_legend *legend)
{
    double widest = 1.0;
    for (size_t i = 0; i < nlegend; i++)
        widest = fmax(widest, ixs_script_width(script, legend[i].text, 1.0));
    size_t across = (size_t)fmax(
        1.0, floor(script->width / (widest + ixs_script_width(script, "a sample", 1.0))));
    return nlegend > 0 ? (nlegend + across - 1) / across : 0;
}

void ixs_page_head(struct ixs_script *script, struct ixs_page *page,
                   const struct ixs_heading *heading, size_t nlegend,
                   const struct ixs_legend *legend)
{
    struct ixs_panel all = {0, script->width, 0, script->height};
    size_t rows = page->single ? 0 : rows_of(script, nlegend, legend);
    double more = rows > 1 ? 1.6 * script->font * (double)(rows - 1) : 0.0;
    page->grid.y += more;
    page->grid.height -= more;
    ixs_script_panel(script, &all);
    fputs("set label ", script->out);
    ixs_script_quote(script, heading->title);
    fprintf(script->out, " at screen %.6g,%.6g left front noenhanced font ',%g'\n",
            18.0 / script->width, (script->height - 24.0) / script->height,
            ixs_script_points(script, page->single ? 1.27 : 1.5));
    if (heading->remark != NULL)
        ixs_script_text(script, script->width - 18.0, script->height - 24.0, "right",
                        page->single ? 0.9 : 1.0, heading->warning ? IXS_VERMILLION : "#404040",
                        heading->remark);
    fputs("unset border\nunset xtics\nunset ytics\n", script->out);
    put_key(script, page);
    fputs("plot [0:1] [0:1] NaN notitle", script->out);
    for (size_t i = 0; i < nlegend; i++) {
        fprintf(script->out, ", keyentry with %s title ", legend[i].style);
        ixs_script_quote(script, legend[i].text);
    }
    fputs("\nunset key\nset border 31 lw 1 lc rgb '#404040'\nset xtics\nset ytics\n", script->out);
}

void ixs_page_empty(struct ixs_script *script, const struct ixs_plot_choice *choice,
                    const char *text)
{
    ixs_script_begin(script, choice, 1200.0, 800.0);
    script->font = 15.0;
    struct ixs_panel all = {0, script->width, 0, script->height};
    ixs_script_panel(script, &all);
    fputs("unset border\n", script->out);
    ixs_script_say(script, &all, text);
    ixs_script_end(script);
}

bool ixs_page_is_left(const struct ixs_page *page, size_t index)
{
    return index % page->grid.ncolumns == 0;
}

bool ixs_page_is_low(const struct ixs_page *page, size_t index)
{
    return index + page->grid.ncolumns >= page->npanels;
}

void ixs_words_add(struct ixs_words *words, const char *colour, double size, const char *format,
                   ...)
{
    if (words->count >= sizeof words->lines / sizeof words->lines[0])
        return;
    struct ixs_word_line *line = &words->lines[words->count++];
    va_list args;
    va_start(args, format);
    vsnprintf(line->text, sizeof line->text, format, args);
    va_end(args);
    line->colour = colour;
    line->size = size;
}

bool ixs_words_room(const struct ixs_script *script, const struct ixs_words *words,
                    const struct ixs_panel *panel, struct ixs_frame *frame,
                    const struct ixs_dots *dots)
{
    double width = 14.0, height = words->count > 0 ? 0.6 * script->font : 0.0;
    for (size_t i = 0; i < words->count; i++) {
        const struct ixs_word_line *line = &words->lines[i];
        height += 1.35 * script->font * line->size;
        width = fmax(width, 14.0 + ixs_script_width(script, line->text, line->size));
    }
    return ixs_frame_room(frame, dots, width / (panel->right - panel->left),
                          height / (panel->top - panel->bottom));
}

void ixs_words_put(struct ixs_script *script, const struct ixs_words *words,
                   const struct ixs_panel *panel, bool left)
{
    double y = panel->top - 0.2 * script->font;
    for (size_t i = 0; i < words->count; i++) {
        double step = 1.35 * script->font * words->lines[i].size;
        ixs_script_text(script, left ? panel->left + 7.0 : panel->right - 7.0, y - 0.55 * step,
                        left ? "left" : "right", words->lines[i].size, words->lines[i].colour,
                        words->lines[i].text);
        y -= step;
    }
}
