/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of SPECTRA: one panel a spectrum, with the elastic line and what remains where
 * ixs-elastic has been.
 */
#include "view/plot/spectra.h"

#include "base/array.h"
#include "view/quantity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PANELS = 64 };

static bool wanted(const struct ixs_spectrum *row, const struct ixs_plot_choice *choice)
{
    return (choice->spectrum == 0 || row->spectrum == choice->spectrum) &&
           (choice->analyzer == NULL || strcmp(row->analyzer, choice->analyzer) == 0);
}

static bool choose(struct ixs_spectra_chosen *chosen, const struct ixs_spectra *product,
                   const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    for (size_t i = 0; i < product->nspectra; i++) {
        const struct ixs_spectrum *row = &product->spectra[i];
        if (!wanted(row, choice))
            continue;
        if (chosen->npanels == MOST_PANELS && choice->view != IXS_VIEW_MAP) {
            chosen->nleft_out++;
            continue;
        }
        if (!IXS_MORE(chosen->panels, &chosen->capacity, chosen->npanels, err))
            return false;
        size_t rows = 0;
        chosen->cell = ixs_spectra_background(product, row->spectrum, &rows) || chosen->cell;
        chosen->elastic = chosen->elastic || isfinite(row->elastic);
        chosen->several_scans =
            chosen->several_scans ||
            (chosen->npanels > 0 && strcmp(row->scans, chosen->panels[0].row->scans) != 0);
        chosen->panels[chosen->npanels++] = (struct ixs_spectra_shown){product, row};
    }
    return true;
}

static bool read_all(struct ixs_spectra_chosen *chosen, size_t npaths, const char *const *paths,
                     const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    if (!IXS_NEW(chosen->products, npaths, err))
        return false;
    chosen->nproducts = npaths;
    for (size_t i = 0; i < npaths; i++)
        if (!ixs_spectra_read(&chosen->products[i], paths[i], choice->reading, NULL, err) ||
            !choose(chosen, &chosen->products[i], choice, err))
            return false;
    if (chosen->npanels > 0 || (choice->analyzer == NULL && choice->spectrum == 0))
        return true;
    const struct ixs_spectra *first = &chosen->products[0];
    return ixs_plot_none(choice, paths[0], first->nspectra,
                         first->nspectra > 0 ? first->spectra[0].analyzer : "",
                         sizeof first->spectra[0], err);
}

static void chosen_dispose(struct ixs_spectra_chosen *chosen)
{
    for (size_t i = 0; i < chosen->nproducts; i++)
        ixs_spectra_dispose(&chosen->products[i]);
    free(chosen->products);
    free(chosen->panels);
}

static bool to_dots(struct ixs_dots *dots, const struct ixs_spectra_shown *shown,
                    struct ixs_err *err)
{
    size_t n = 0;
    const struct ixs_point *points = ixs_spectra_points(shown->product, shown->row->spectrum, &n);
    if (!ixs_dots_make(dots, n, err))
        return false;
    dots->n = n;
    for (size_t i = 0; i < n; i++) {
        dots->x[i] = points[i].energy;
        dots->y[i] = points[i].intensity;
        dots->error[i] = points[i].error;
        dots->flagged[i] = ixs_flags_bar(points[i].flags);
    }
    return true;
}

/* One point of a block, which begins with the first that is there. */
static void put_point(struct ixs_script *script, int *block, double energy, double y,
                      const struct ixs_frame *frame)
{
    if (!isfinite(y) || !isfinite(energy))
        return;
    if (*block == 0)
        *block = ixs_script_block(script);
    ixs_script_pair(script, energy, frame->log ? fmax(y, frame->y_lo * 0.5) : y);
}

/* Energy against one column of POINTS; 0 if nothing is there. */
static int put_column(struct ixs_script *script, const struct ixs_spectra_shown *shown,
                      size_t offset, bool flagged_too, const struct ixs_frame *frame)
{
    size_t n = 0;
    int block = 0;
    const struct ixs_point *points = ixs_spectra_points(shown->product, shown->row->spectrum, &n);
    for (size_t i = 0; i < n; i++) {
        double y;
        memcpy(&y, (const char *)&points[i] + offset, sizeof y);
        if (flagged_too || !ixs_flags_bar(points[i].flags))
            put_point(script, &block, points[i].energy, y, frame);
    }
    if (block > 0)
        ixs_script_block_end(script);
    return block;
}

/* The empty cell's own points, times its scale; 0 if there are none. */
static int put_cell(struct ixs_script *script, const struct ixs_spectra_shown *shown,
                    const struct ixs_frame *frame)
{
    size_t n = 0;
    int block = 0;
    const struct ixs_background *rows =
        ixs_spectra_background(shown->product, shown->row->spectrum, &n);
    for (size_t i = 0; i < n; i++)
        if (!ixs_flags_bar(rows[i].flags))
            put_point(script, &block, rows[i].energy,
                      rows[i].scale * (rows[i].counts - rows[i].dark) / rows[i].exposure, frame);
    if (block > 0)
        ixs_script_block_end(script);
    return block;
}

static void plot_small(struct ixs_script *script, int block, const char *colour, bool single)
{
    if (block > 0)
        fprintf(script->out, ", $d%d using 1:2 with points pt 7 ps %g lc rgb '%s' notitle", block,
                single ? 0.5 : 0.3, colour);
}

static void draw_points(struct ixs_script *script, const struct ixs_spectra_shown *shown,
                        const struct ixs_dots *dots, const struct ixs_frame *frame, bool single)
{
    struct ixs_dots_blocks blocks = ixs_script_dots(script, dots, frame);
    int elastic = put_column(script, shown, offsetof(struct ixs_point, elastic), true, frame);
    int inelastic = put_column(script, shown, offsetof(struct ixs_point, inelastic), false, frame);
    int cell = put_cell(script, shown, frame);
    int rest = put_column(script, shown, offsetof(struct ixs_point, subtracted), false, frame);
    ixs_script_frame(script, frame);
    fprintf(script->out, "set samples %d\nplot NaN notitle", single ? 600 : 180);
    ixs_script_dots_both(script, &blocks, single ? 0.6 : 0.35, IXS_BLACK);
    if (elastic > 0)
        fprintf(script->out,
                ", $d%d using 1:2 smooth mcsplines with lines lw 1.5 lc rgb '" IXS_ORANGE
                "' notitle",
                elastic);
    plot_small(script, cell, IXS_PURPLE, single);
    plot_small(script, rest, IXS_GREEN, single);
    plot_small(script, inelastic, IXS_BLUE, single);
    fputc('\n', script->out);
}

static void add_more(struct ixs_words *words, const struct ixs_spectrum *row)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity(row->zero, row->zero_err, sizeof text, text);
    if (isnan(row->zero_err))
        ixs_words_add(words, IXS_BLACK, 0.88, "zero not known");
    else if (isfinite(row->zero))
        ixs_words_add(words, IXS_BLACK, 0.88, "zero, taken off: %s meV", text);
    ixs_quantity(row->elastic, row->elastic_err, sizeof text, text);
    if (strcmp(row->elastic_status, "inseparable") == 0)
        ixs_words_add(words, IXS_VERMILLION, 0.88, "elastic line not told apart");
    else if (strcmp(row->elastic_status, "limit") == 0)
        ixs_words_add(words, IXS_BLACK, 0.88, "elastic below %.3g meV count/s", row->elastic_ul90);
    else if (isfinite(row->elastic))
        ixs_words_add(words, IXS_BLACK, 0.88, "elastic %s meV count/s", text);
    ixs_words_add(words, IXS_BLACK, 0.88, "response %s", row->response);
}

static void add_words(struct ixs_words *words, const struct ixs_spectra_shown *shown, bool single)
{
    const struct ixs_spectrum *row = shown->row;
    size_t n = 0, flagged = 0;
    double counts = 0.0;
    const struct ixs_point *points = ixs_spectra_points(shown->product, row->spectrum, &n);
    for (size_t i = 0; i < n; i++) {
        flagged += ixs_flags_bar(points[i].flags);
        counts +=
            !ixs_flags_bar(points[i].flags) && isfinite(points[i].counts) ? points[i].counts : 0.0;
    }
    bool good = strcmp(row->quality, "good") == 0;
    ixs_words_add(words, good ? IXS_GREEN : IXS_VERMILLION, 0.88, "%s", row->quality);
    if (strcmp(row->statist, "GAUSSIAN") == 0)
        ixs_words_add(words, IXS_BLACK, 0.88, "errors as stated, %zu points", n);
    else
        ixs_words_add(words, IXS_BLACK, 0.88, "%.0f counts, %zu points", counts, n);
    if (flagged > 0)
        ixs_words_add(words, IXS_GREY, 0.88, "%zu flagged", flagged);
    if (single)
        add_more(words, row);
}

void ixs_spectra_title(struct ixs_script *script, const struct ixs_spectra_chosen *chosen,
                       const struct ixs_spectrum *row, const struct ixs_panel *panel)
{
    char hkl[IXS_QUANTITY_SIZE], reduced[48] = "", scan[64] = "", text[200];
    ixs_quantity_hkl(row->h, row->k, row->l, sizeof hkl, hkl);
    if (isfinite(row->q_reduced))
        snprintf(reduced, sizeof reduced, "  q %.3f Å⁻¹", row->q_reduced);
    if (chosen->several_scans && row->scans[0] != '\0')
        snprintf(scan, sizeof scan, "scan %.40s  ", row->scans);
    snprintf(text, sizeof text, "%s%s%s", scan, hkl[0] == '-' ? "" : hkl, reduced);
    ixs_script_title(script, panel, row->analyzer, text);
}

static void draw_panel(struct ixs_script *script, const struct ixs_page *page, size_t index,
                       const struct ixs_spectra_chosen *chosen, const struct ixs_dots *dots,
                       bool log)
{
    const struct ixs_spectra_shown *shown = &chosen->panels[index];
    struct ixs_panel panel = ixs_grid_panel(&page->grid, index);
    struct ixs_words words = {0};
    struct ixs_frame frame;
    add_words(&words, shown, page->single);
    ixs_frame_of(&frame, dots, log, 4.0);
    bool left = ixs_words_room(script, &words, &panel, &frame, dots);
    ixs_script_panel(script, &panel);
    ixs_spectra_title(script, chosen, shown->row, &panel);
    ixs_words_put(script, &words, page->single ? &page->side : &panel, page->single || left);
    if (ixs_page_is_low(page, index))
        ixs_script_xlabel(script, &panel,
                          isnan(shown->row->zero_err) ? "Recorded energy (meV), zero not known"
                                                      : "Energy transfer (meV)");
    if (ixs_page_is_left(page, index))
        ixs_script_ylabel(script, &panel,
                          strcmp(shown->row->statist, "GAUSSIAN") == 0 ? "Intensity (as archived)"
                                                                       : "Intensity (count/s)");
    if (frame.empty)
        ixs_script_say(script, &panel, dots->n ? "no points that can be drawn" : "no points");
    else
        draw_points(script, shown, dots, &frame, page->single);
}

void ixs_spectra_heading(const struct ixs_spectra_chosen *chosen, size_t size, char *room)
{
    const struct ixs_spectrum *row = chosen->panels[0].row;
    const char *object = chosen->products[0].identity.object;
    char scan[64] = "", kelvin[32] = "", more[48] = "";
    if (!chosen->several_scans && row->scans[0] != '\0')
        snprintf(scan, sizeof scan, ", scan %.40s", row->scans);
    if (isfinite(row->temperature))
        snprintf(kelvin, sizeof kelvin, ", %.4g K", row->temperature);
    if (chosen->nleft_out > 0)
        snprintf(more, sizeof more, " (%zu more spectra not shown)", chosen->nleft_out);
    snprintf(room, size, "%s%s%s%s", object[0] ? object : "Spectra", scan, kelvin, more);
}

static void draw_head(struct ixs_script *script, struct ixs_page *page,
                      const struct ixs_spectra_chosen *chosen)
{
    static const struct ixs_legend elastic[] = {
        {"lines lw 1.5 lc rgb '" IXS_ORANGE "'", "elastic"},
        {"points pt 7 ps 0.5 lc rgb '" IXS_BLUE "'", "data − elastic"},
    };
    static const struct ixs_legend cell[] = {
        {"points pt 7 ps 0.5 lc rgb '" IXS_PURPLE "'", "cell"},
        {"points pt 7 ps 0.5 lc rgb '" IXS_GREEN "'", "data − cell"},
    };
    struct ixs_legend legend[6] = {
        {"points pt 7 ps 0.5 lc rgb '" IXS_BLACK "'", "data"},
        {"points pt 6 ps 0.5 lc rgb '" IXS_GREY "'", "flagged"},
    };
    size_t n = 2;
    for (size_t i = 0; chosen->cell && i < IXS_COUNT(cell); i++)
        legend[n++] = cell[i];
    for (size_t i = 0; chosen->elastic && i < IXS_COUNT(elastic); i++)
        legend[n++] = elastic[i];
    char title[256];
    ixs_spectra_heading(chosen, sizeof title, title);
    const struct ixs_heading heading = {.title = title};
    ixs_page_head(script, page, &heading, n, legend);
}

static bool draw(struct ixs_script *script, const struct ixs_spectra_chosen *chosen,
                 const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_page page;
    ixs_page_begin(script, choice, chosen->npanels, &page);
    draw_head(script, &page, chosen);
    bool ok = true;
    for (size_t i = 0; i < chosen->npanels && ok; i++) {
        struct ixs_dots dots = {0};
        ok = to_dots(&dots, &chosen->panels[i], err);
        if (ok)
            draw_panel(script, &page, i, chosen, &dots, choice->log);
        ixs_dots_dispose(&dots);
    }
    ixs_script_end(script);
    return ok;
}

static bool draw_view(struct ixs_script *script, const struct ixs_spectra_chosen *chosen,
                      const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    switch (choice->view) {
    case IXS_VIEW_CHI:
        return ixs_plot_chi(script, chosen, choice, err);
    case IXS_VIEW_MAP:
        return ixs_plot_map(script, chosen, choice, err);
    default:
        return draw(script, chosen, choice, err);
    }
}

bool ixs_plot_spectra(struct ixs_script *script, size_t npaths, const char *const *paths,
                      const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_spectra_chosen chosen = {0};
    bool ok = read_all(&chosen, npaths, paths, choice, err);
    if (ok && chosen.npanels == 0)
        ixs_page_empty(script, choice, "no spectra in this product");
    else
        ok = ok && draw_view(script, &chosen, choice, err);
    chosen_dispose(&chosen);
    return ok;
}
