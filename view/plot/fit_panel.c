/* SPDX-License-Identifier: GPL-3.0-or-later
 * One panel of a fit: data with Poisson errors, the components, and beneath them the signed square
 * roots of the points' deviances, which are of unit size where the model holds. Energies are shown
 * with ZERO of the fit taken off.
 */
#include "view/plot/fit.h"

#include "base/array.h"
#include "products/spectra.h"
#include "view/plot/residuals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct curves { /* the rows of one spectrum by energy; owns its array, borrows the rows */
    size_t n;
    const struct ixs_fit_curve **rows;
    double zero;
};

static int by_energy(const void *a, const void *b)
{
    const struct ixs_fit_curve *const *one = a, *const *other = b;
    return ((*one)->energy > (*other)->energy) - ((*one)->energy < (*other)->energy);
}

static bool gather(struct curves *curves, const struct ixs_fit_drawing *drawing,
                   struct ixs_err *err)
{
    const struct ixs_fit *fit = drawing->fit;
    curves->zero = isfinite(drawing->row->zero) ? drawing->row->zero : 0.0;
    if (!IXS_NEW(curves->rows, fit->ncurves, err))
        return false;
    for (size_t i = 0; i < fit->ncurves; i++)
        if (fit->curves[i].spectrum == drawing->row->id.spectrum && isfinite(fit->curves[i].energy))
            curves->rows[curves->n++] = &fit->curves[i];
    qsort(curves->rows, curves->n, sizeof curves->rows[0], by_energy);
    return true;
}

static bool to_dots(struct ixs_dots *dots, const struct curves *curves, struct ixs_err *err)
{
    if (!ixs_dots_make(dots, curves->n, err))
        return false;
    dots->n = curves->n;
    for (size_t i = 0; i < curves->n; i++) {
        dots->x[i] = curves->rows[i]->energy - curves->zero;
        dots->y[i] = curves->rows[i]->intensity;
        dots->error[i] = curves->rows[i]->error;
        dots->flagged[i] = ixs_flags_bar(curves->rows[i]->flags);
    }
    return true;
}

static bool to_residuals(struct ixs_dots *dots, const struct curves *curves, struct ixs_err *err)
{
    if (!ixs_dots_make(dots, curves->n, err))
        return false;
    for (size_t i = 0; i < curves->n; i++) {
        if (!isfinite(curves->rows[i]->residual) || ixs_flags_bar(curves->rows[i]->flags))
            continue;
        dots->x[dots->n] = curves->rows[i]->energy - curves->zero;
        dots->y[dots->n++] = curves->rows[i]->residual;
    }
    return true;
}

/* Columns of a fit's curves that are drawn, in drawing order. */
static const struct {
    size_t offset;
    bool filled;
} components[] = {
    {offsetof(struct ixs_fit_curve, background), false},
    {offsetof(struct ixs_fit_curve, elastic), true},
    {offsetof(struct ixs_fit_curve, quasielastic), true},
    {offsetof(struct ixs_fit_curve, table), false},
    {offsetof(struct ixs_fit_curve, cell), false},
    {offsetof(struct ixs_fit_curve, mode1), true},
    {offsetof(struct ixs_fit_curve, mode2), true},
    {offsetof(struct ixs_fit_curve, mode3), true},
    {offsetof(struct ixs_fit_curve, mode4), true},
    {offsetof(struct ixs_fit_curve, mode5), true},
    {offsetof(struct ixs_fit_curve, mode6), true},
    {offsetof(struct ixs_fit_curve, total), false},
};
enum { NCOMPONENTS = IXS_COUNT(components), FIRST_MODE = 5 };

static double value(const struct ixs_fit_curve *row, size_t component)
{
    double number;
    memcpy(&number, (const char *)row + components[component].offset, sizeof number);
    return number;
}

static int put_curve(struct ixs_script *script, const struct curves *curves, size_t component,
                     const struct ixs_frame *frame)
{
    int block = 0;
    for (size_t i = 0; i < curves->n; i++) {
        double y = value(curves->rows[i], component);
        if (!isfinite(y))
            continue;
        if (block == 0)
            block = ixs_script_block(script);
        ixs_script_pair(script, curves->rows[i]->energy - curves->zero,
                        frame->log ? fmax(y, frame->y_lo * 0.5) : y);
    }
    if (block > 0)
        ixs_script_block_end(script);
    return block;
}

static void plot_curve(struct ixs_script *script, size_t component, int block, bool fill)
{
    static const char *const colours[FIRST_MODE] = {IXS_GREY, IXS_ORANGE, IXS_BROWN, IXS_BLACK,
                                                    IXS_GREY};
    const char *colour = component < FIRST_MODE ? colours[component]
                         : component == NCOMPONENTS - 1
                             ? IXS_VERMILLION
                             : ixs_fit_mode_colour(component - FIRST_MODE);
    if (block == 0)
        return;
    if (fill && components[component].filled)
        fprintf(script->out, ", $d%d using 1:2 with filledcurves y=0 lc rgb '%s' notitle", block,
                colour);
    fprintf(script->out,
            ", $d%d using 1:2 smooth mcsplines with lines lw %g dt %d lc rgb '%s' "
            "notitle",
            block, component == NCOMPONENTS - 1 ? 2.0 : 1.5, component == 0 ? 2 : 1, colour);
}

static void draw_spectrum(struct ixs_script *script, const struct curves *curves,
                          const struct ixs_dots *dots, const struct ixs_frame *frame, bool single)
{
    int blocks[NCOMPONENTS];
    struct ixs_dots_blocks points = ixs_script_dots(script, dots, frame);
    for (size_t k = 0; k < NCOMPONENTS; k++)
        blocks[k] = put_curve(script, curves, k, frame);
    ixs_script_frame(script, frame);
    fprintf(script->out, "set samples %d\nplot NaN notitle",
            single           ? 600
            : curves->n < 60 ? 180
                             : 100);
    for (size_t k = 0; k + 1 < NCOMPONENTS; k++)
        plot_curve(script, k, blocks[k], !frame->log);
    plot_curve(script, NCOMPONENTS - 1, blocks[NCOMPONENTS - 1], false);
    ixs_script_dots_both(script, &points, single ? 0.6 : 0.35, IXS_BLACK);
    fputc('\n', script->out);
}

static void label_upper(struct ixs_script *script, const struct ixs_page *page, size_t index,
                        const struct ixs_fit_drawing *drawing, const struct ixs_panel *panel)
{
    char place[200];
    ixs_fit_place(drawing->row, drawing->say_scan, drawing->say_temperature, sizeof place, place);
    ixs_script_title(script, panel, drawing->row->id.analyzer, place);
    fputs("set format x ''\n", script->out);
    if (ixs_page_is_left(page, index))
        ixs_script_ylabel(script, panel, page->single ? "Intensity (count/s)" : "count/s");
}

static double most_of_curves(const struct curves *curves)
{
    double most = -INFINITY;
    for (size_t i = 0; i < curves->n; i++)
        most = fmax(most, curves->rows[i]->total);
    return most;
}

/* A FIT without curves still has results to tell. */
static void draw_nothing(struct ixs_script *script, const struct ixs_fit_drawing *drawing,
                         const struct ixs_panel *panel)
{
    ixs_script_say(script, panel,
                   drawing->fit->ncurves == 0 ? "no curves in this FIT (ixs-fit --curves)"
                                              : "no points");
}

static void draw_panel(struct ixs_script *script, const struct ixs_page *page, size_t index,
                       const struct ixs_fit_drawing *drawing, const struct curves *curves,
                       const struct ixs_dots *dots, const struct ixs_dots *residuals)
{
    struct ixs_panel whole = ixs_grid_panel(&page->grid, index), upper = whole;
    struct ixs_panel lower;
    struct ixs_words words = {0};
    struct ixs_frame frame;
    ixs_residuals_split(script, page->single, &upper, &lower);
    ixs_frame_of(&frame, dots, drawing->log, 4.0);
    ixs_frame_hold(&frame, most_of_curves(curves));
    if (page->single)
        ixs_fit_words_long(&words, drawing->fit, drawing->row);
    else
        ixs_fit_words_short(&words, drawing->fit, drawing->row);
    bool left = page->single || ixs_words_room(script, &words, &upper, &frame, dots);
    ixs_script_panel(script, frame.empty ? &whole : &upper);
    label_upper(script, page, index, drawing, &upper);
    ixs_words_put(script, &words, page->single ? &page->side : &upper, left);
    if (frame.empty) {
        draw_nothing(script, drawing, &whole);
        return;
    }
    draw_spectrum(script, curves, dots, &frame, page->single);
    ixs_script_panel(script, &lower);
    if (ixs_page_is_low(page, index))
        ixs_script_xlabel(script, &lower, "Energy transfer (meV)");
    if (ixs_page_is_left(page, index))
        ixs_script_ylabel(script, &lower, page->single ? "residual" : "resid.");
    ixs_residuals_draw(script, residuals, &frame, page->single);
}

bool ixs_fit_draw(struct ixs_script *script, const struct ixs_page *page, size_t index,
                  const struct ixs_fit_drawing *drawing, struct ixs_err *err)
{
    struct curves curves = {0};
    struct ixs_dots dots = {0}, residuals = {0};
    bool ok = gather(&curves, drawing, err) && to_dots(&dots, &curves, err) &&
              to_residuals(&residuals, &curves, err);
    if (ok)
        draw_panel(script, page, index, drawing, &curves, &dots, &residuals);
    ixs_dots_dispose(&dots);
    ixs_dots_dispose(&residuals);
    free(curves.rows);
    return ok;
}
