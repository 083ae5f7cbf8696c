/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of chi''(E): points, the fit through the response, and the fit without it.
 */
#include "view/plot/spectra.h"

#include "view/quantity.h"

#include <math.h>
#include <string.h>

/* Rows of one spectrum in SQW; NULL: ixs-elastic has not been there. */
static const struct ixs_sqw *rows_of(const struct ixs_spectra_shown *shown, size_t *count)
{
    const struct ixs_spectra *product = shown->product;
    size_t first = 0, n = 0;
    while (first < product->nsqw && product->sqw[first].spectrum != shown->row->spectrum)
        first++;
    while (first + n < product->nsqw && product->sqw[first + n].spectrum == shown->row->spectrum)
        n++;
    *count = n;
    return n > 0 ? &product->sqw[first] : NULL;
}

static const struct ixs_sqw_moments *moments_of(const struct ixs_spectra_shown *shown)
{
    for (size_t i = 0; i < shown->product->nmoments; i++)
        if (shown->product->moments[i].spectrum == shown->row->spectrum)
            return &shown->product->moments[i];
    return NULL;
}

/* Points whose errors say nothing (far on the anti-Stokes side) do not choose the frame. */
static bool to_dots(struct ixs_dots *dots, size_t n, const struct ixs_sqw *rows,
                    struct ixs_err *err)
{
    if (!ixs_dots_make(dots, n, err))
        return false;
    dots->n = n;
    for (size_t i = 0; i < n; i++) {
        dots->x[i] = rows[i].energy;
        dots->y[i] = rows[i].chi;
        dots->error[i] = rows[i].chi_err;
    }
    return true;
}

static void frame_of(struct ixs_frame *frame, const struct ixs_dots *dots, size_t n,
                     const struct ixs_sqw *rows)
{
    double lowest = INFINITY, highest = -INFINITY;
    ixs_frame_of(frame, dots, false, 4.0);
    for (size_t i = 0; i < n; i++) {
        lowest = fmin(lowest, rows[i].chi_fit);
        highest = fmax(highest, rows[i].chi_fit);
    }
    if (!isfinite(lowest) || !(highest > 0.0))
        return;
    frame->y_lo = fmax(frame->y_lo, 1.8 * lowest - 0.6 * highest);
    frame->most = fmin(frame->most, 1.8 * highest);
    frame->y_hi = 1.06 * frame->most;
}

static int put_curve(struct ixs_script *script, size_t n, const struct ixs_sqw *rows, bool model)
{
    int block = ixs_script_block(script);
    for (size_t i = 0; i < n; i++)
        ixs_script_pair(script, rows[i].energy, model ? rows[i].chi_model : rows[i].chi_fit);
    ixs_script_block_end(script);
    return block;
}

static void draw_points(struct ixs_script *script, size_t n, const struct ixs_sqw *rows,
                        const struct ixs_dots *dots, const struct ixs_frame *frame, bool single)
{
    struct ixs_dots_blocks blocks = ixs_script_dots(script, dots, frame);
    int model = put_curve(script, n, rows, true), fit = put_curve(script, n, rows, false);
    ixs_script_frame(script, frame);
    fputs("set arrow 1 from graph 0, first 0 to graph 1, first 0 nohead lw 0.6 lc rgb '" IXS_GREY
          "' back\nplot NaN notitle",
          script->out);
    ixs_script_dots_both(script, &blocks, single ? 0.6 : 0.35, IXS_BLACK);
    fprintf(script->out,
            ", $d%d using 1:2 with lines lw 1.2 dt 2 lc rgb '" IXS_BLUE "' notitle"
            ", $d%d using 1:2 with lines lw 1.8 lc rgb '" IXS_VERMILLION "' notitle\n",
            model, fit);
    fputs("unset arrow 1\n", script->out);
}

static void add_words(struct ixs_words *words, const struct ixs_spectra_shown *shown)
{
    const struct ixs_sqw_moments *row = moments_of(shown);
    char text[IXS_QUANTITY_SIZE];
    if (row == NULL)
        return;
    ixs_quantity(row->balance, row->balance_err, sizeof text, text);
    if (isfinite(row->balance))
        ixs_words_add(words, fabs(row->balance_pull) > 3.0 ? IXS_VERMILLION : IXS_BLACK, 0.88,
                      "balance %s K", text);
    ixs_quantity(row->first, row->first_err, sizeof text, text);
    if (isfinite(row->first))
        ixs_words_add(words, IXS_BLACK, 0.88, "first moment %s", text);
    ixs_quantity(row->scale, row->scale_err, sizeof text, text);
    if (isfinite(row->scale))
        ixs_words_add(words, IXS_BLACK, 0.88, "scale %s, %.0f %% of it unseen", text,
                      100.0 * row->truncated);
}

static bool draw_panel(struct ixs_script *script, const struct ixs_page *page, size_t index,
                       const struct ixs_spectra_chosen *chosen, struct ixs_err *err)
{
    const struct ixs_spectra_shown *shown = &chosen->panels[index];
    struct ixs_panel panel = ixs_grid_panel(&page->grid, index);
    struct ixs_words words = {0};
    struct ixs_dots dots = {0};
    struct ixs_frame frame;
    size_t n = 0;
    const struct ixs_sqw *rows = rows_of(shown, &n);
    if (!to_dots(&dots, n, rows, err))
        return ixs_dots_dispose(&dots), false;
    frame_of(&frame, &dots, n, rows);
    add_words(&words, shown);
    bool left = ixs_words_room(script, &words, &panel, &frame, &dots);
    ixs_script_panel(script, &panel);
    ixs_spectra_title(script, chosen, shown->row, &panel);
    ixs_words_put(script, &words, page->single ? &page->side : &panel, page->single || left);
    if (ixs_page_is_low(page, index))
        ixs_script_xlabel(script, &panel, "Energy transfer (meV)");
    if (ixs_page_is_left(page, index))
        ixs_script_ylabel(script, &panel, "χ″(E) (count/s)");
    if (frame.empty)
        ixs_script_say(script, &panel, n > 0 ? "no temperature" : "no fit of ixs-elastic");
    else
        draw_points(script, n, rows, &dots, &frame, page->single);
    ixs_dots_dispose(&dots);
    return true;
}

bool ixs_plot_chi(struct ixs_script *script, const struct ixs_spectra_chosen *chosen,
                  const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    static const struct ixs_legend legend[] = {
        {"points pt 7 ps 0.5 lc rgb '" IXS_BLACK "'", "data − elastic − background"},
        {"lines lw 1.8 lc rgb '" IXS_VERMILLION "'", "fit through the response"},
        {"lines lw 1.2 dt 2 lc rgb '" IXS_BLUE "'", "fit without it"},
    };
    struct ixs_page page;
    char title[256];
    ixs_page_begin(script, choice, chosen->npanels, &page);
    ixs_spectra_heading(chosen, sizeof title, title);
    ixs_page_head(script, &page, &(struct ixs_heading){.title = title}, 3, legend);
    bool ok = true;
    for (size_t i = 0; i < chosen->npanels && ok; i++)
        ok = draw_panel(script, &page, i, chosen, err);
    ixs_script_end(script);
    return ok;
}
