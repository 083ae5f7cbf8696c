/* SPDX-License-Identifier: GPL-3.0-or-later
 * The picture of a CALIB: the response of each analyzer over four decades, measured and fitted.
 */
#include "view/plot/page.h"

#include "products/calibration.h"
#include "view/quantity.h"
#include "view/plot/residuals.h"

#include <math.h>
#include <string.h>

static bool to_dots(struct ixs_dots *dots, const struct ixs_calib *calib, const char *analyzer,
                    struct ixs_err *err)
{
    if (!ixs_dots_make(dots, calib->nresponse, err))
        return false;
    for (size_t i = 0; i < calib->nresponse; i++) {
        const struct ixs_calib_response *row = &calib->response[i];
        if (strcmp(row->analyzer, analyzer) != 0 || !isfinite(row->measured))
            continue;
        dots->x[dots->n] = row->energy;
        dots->y[dots->n] = row->measured;
        dots->error[dots->n++] = row->measured_err;
    }
    return true;
}

static bool to_residuals(struct ixs_dots *dots, const struct ixs_calib *calib, const char *analyzer,
                         struct ixs_err *err)
{
    if (!ixs_dots_make(dots, calib->nresponse, err))
        return false;
    for (size_t i = 0; i < calib->nresponse; i++) {
        const struct ixs_calib_response *row = &calib->response[i];
        double residual = ixs_residual_of(row->counts, row->expected);
        if (strcmp(row->analyzer, analyzer) != 0 || !isfinite(residual))
            continue;
        dots->x[dots->n] = row->energy;
        dots->y[dots->n++] = residual;
    }
    return true;
}

static int put_curve(struct ixs_script *script, const struct ixs_calib *calib, const char *analyzer,
                     struct ixs_frame *frame)
{
    int64_t scan = ixs_calib_curve_scan(calib, analyzer);
    int block = 0;
    for (size_t i = 0; i < calib->nresponse; i++) {
        const struct ixs_calib_response *row = &calib->response[i];
        if (row->scan != scan || strcmp(row->analyzer, analyzer) != 0 || !(row->response > 0.0) ||
            !isfinite(row->energy))
            continue;
        if (block == 0)
            block = ixs_script_block(script);
        ixs_script_pair(script, row->energy, row->response);
        frame->most = fmax(frame->most, row->response);
        frame->x_lo = fmin(frame->x_lo, row->energy);
        frame->x_hi = fmax(frame->x_hi, row->energy);
    }
    if (block > 0)
        ixs_script_block_end(script);
    return block;
}

static void add_quantity(struct ixs_words *words, const char *name, double value, double error,
                         const char *unit)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity(value, error, sizeof text, text);
    if (isfinite(value))
        ixs_words_add(words, IXS_BLACK, 0.88, "%s %s%s", name, text, unit);
}

static void add_left(struct ixs_words *words, const struct ixs_calib_analyzer *row)
{
    if (strcmp(row->quality, "good") != 0)
        ixs_words_add(words, IXS_VERMILLION, 0.88, "%s", row->quality);
    add_quantity(words, "FWHM", row->fwhm, row->fwhm_err, " meV");
}

static void add_right(struct ixs_words *words, const struct ixs_calib_analyzer *row)
{
    if (isfinite(row->tail10))
        ixs_words_add(words, IXS_BLACK, 0.88, "tails %.1f %%", 100.0 * row->tail10);
    add_quantity(words, "zero", row->zero, row->zero_err, "");
}

/* Beside a single panel there is room for the rest. */
static void add_more(struct ixs_words *words, const struct ixs_calib_analyzer *row)
{
    add_quantity(words, "efficiency", row->efficiency, row->efficiency_err, "");
    if (row->ncomponents > 0)
        ixs_words_add(words, IXS_BLACK, 0.88, "%lld components", (long long)row->ncomponents);
    if (row->dof > 0 && isfinite(row->deviance))
        ixs_words_add(words, IXS_BLACK, 0.88, "deviance %.0f / %lld", row->deviance,
                      (long long)row->dof);
    add_quantity(words, "inelastic part taken off", 100.0 * row->inelastic,
                 100.0 * row->inelastic_err, " %");
    if (isfinite(row->known_lo) && isfinite(row->known_hi))
        ixs_words_add(words, IXS_BLACK, 0.88, "known within 10 %% from %.1f to %.1f meV",
                      row->known_lo, row->known_hi);
    if (row->reason[0] != '\0')
        ixs_words_add(words, IXS_VERMILLION, 0.8, "%.40s", row->reason);
}

static void put_words(struct ixs_script *script, const struct ixs_page *page,
                      const struct ixs_panel *panel, const struct ixs_calib_analyzer *row)
{
    struct ixs_words left = {0}, right = {0};
    add_left(&left, row);
    add_right(page->single ? &left : &right, row);
    if (page->single)
        add_more(&left, row);
    ixs_words_put(script, &left, page->single ? &page->side : panel, true);
    ixs_words_put(script, &right, panel, false);
}

/* All panels have one scale, so that they can be compared. */
static double highest(const struct ixs_calib *calib)
{
    double most = 0.0;
    for (size_t i = 0; i < calib->nresponse; i++)
        most = fmax(most, calib->response[i].response);
    return most;
}

static void draw_uncalibrated(struct ixs_script *script, const struct ixs_calib_analyzer *row,
                              const struct ixs_panel *panel)
{
    double x = (panel->left + panel->right) / 2.0, y = (panel->top + panel->bottom) / 2.0;
    ixs_script_text(script, x, y - 1.6 * script->font, "center", 0.85, "#606060", row->reason);
    ixs_script_say(script, panel,
                   strcmp(row->quality, "uncalibrated") == 0 ? row->quality : "no response");
}

struct panel { /* one analyzer's; owns its dots */
    const struct ixs_calib_analyzer *row;
    struct ixs_panel upper, lower;
    struct ixs_dots dots, residuals;
    struct ixs_frame frame;
    int curve; /* data block; 0: none */
};

/* Where the response is known within 10 %: pale beyond. */
static void draw_known(struct ixs_script *script, const struct panel *panel)
{
    const struct ixs_calib_analyzer *row = panel->row;
    const double edges[2][2] = {{panel->frame.x_lo, row->known_lo},
                                {row->known_hi, panel->frame.x_hi}};
    for (size_t k = 0; k < 2; k++)
        if (edges[k][0] < edges[k][1])
            fprintf(script->out,
                    "set object rectangle from first %.8g, graph 0 to first %.8g, graph 1 behind "
                    "fillstyle solid 0.4 noborder fillcolor rgb '" IXS_PALE "'\n",
                    edges[k][0], edges[k][1]);
}

static void draw_curve(struct ixs_script *script, struct panel *panel, double most, bool single)
{
    struct ixs_frame *frame = &panel->frame;
    frame->log = true;
    frame->most = most;
    frame->y_hi = 3.0 * most;
    frame->y_lo = 0.5e-4 * most;
    struct ixs_dots_blocks blocks = ixs_script_dots(script, &panel->dots, frame);
    ixs_script_frame(script, frame);
    draw_known(script, panel);
    fputs("set samples 400\nplot NaN notitle", script->out);
    ixs_script_dots_both(script, &blocks, single ? 0.6 : 0.3, IXS_BLACK);
    if (panel->curve > 0)
        fprintf(script->out,
                ", $d%d using 1:2 with lines lw %g lc rgb '" IXS_VERMILLION "' notitle",
                panel->curve, single ? 2.5 : 1.6);
    fputs("\nunset object\n", script->out);
}

static bool panel_make(struct panel *panel, struct ixs_script *script,
                       const struct ixs_calib *calib, struct ixs_err *err)
{
    if (!to_dots(&panel->dots, calib, panel->row->analyzer, err) ||
        !to_residuals(&panel->residuals, calib, panel->row->analyzer, err))
        return false;
    ixs_frame_of(&panel->frame, &panel->dots, true, 4.0);
    if (panel->frame.empty)
        panel->frame = (struct ixs_frame){.x_lo = INFINITY, .x_hi = -INFINITY, .most = 0.0};
    panel->curve = put_curve(script, calib, panel->row->analyzer, &panel->frame);
    return true;
}

static void draw_labels(struct ixs_script *script, const struct ixs_page *page, size_t index,
                        const struct panel *panel)
{
    char scans[80] = "";
    bool drawn = panel->frame.most > 0.0;
    if (panel->row->scan[0] != '\0')
        snprintf(scans, sizeof scans, "scan %.40s", panel->row->scan);
    ixs_script_title(script, &panel->upper, panel->row->analyzer, scans);
    if (drawn)
        put_words(script, page, &panel->upper, panel->row);
    if (ixs_page_is_low(page, index) && panel->residuals.n == 0)
        ixs_script_xlabel(script, &panel->upper, "Energy (meV)");
    if (ixs_page_is_left(page, index))
        ixs_script_ylabel(script, &panel->upper, "R(E) (meV⁻¹)");
    if (panel->residuals.n > 0)
        fputs("set format x ''\n", script->out);
}

static void draw_lower(struct ixs_script *script, const struct ixs_page *page, size_t index,
                       const struct panel *panel)
{
    ixs_script_panel(script, &panel->lower);
    if (ixs_page_is_low(page, index))
        ixs_script_xlabel(script, &panel->lower, "Energy (meV)");
    if (ixs_page_is_left(page, index))
        ixs_script_ylabel(script, &panel->lower, page->single ? "residual" : "resid.");
    ixs_residuals_draw(script, &panel->residuals, &panel->frame, page->single);
}

static void draw_panel(struct ixs_script *script, const struct ixs_page *page, size_t index,
                       struct panel *panel, double most)
{
    panel->upper = ixs_grid_panel(&page->grid, index);
    if (panel->residuals.n > 0)
        ixs_residuals_split(script, page->single, &panel->upper, &panel->lower);
    ixs_script_panel(script, &panel->upper);
    draw_labels(script, page, index, panel);
    if (!(panel->frame.most > 0.0)) {
        draw_uncalibrated(script, panel->row, &panel->upper);
        return;
    }
    draw_curve(script, panel, most, page->single);
    if (panel->residuals.n > 0)
        draw_lower(script, page, index, panel);
}

static bool draw_analyzer(struct ixs_script *script, const struct ixs_page *page, size_t index,
                          const struct ixs_calib *calib, const struct ixs_calib_analyzer *row,
                          struct ixs_err *err)
{
    struct panel panel = {.row = row};
    bool ok = panel_make(&panel, script, calib, err);
    if (ok)
        draw_panel(script, page, index, &panel, highest(calib));
    ixs_dots_dispose(&panel.dots);
    ixs_dots_dispose(&panel.residuals);
    return ok;
}

static size_t count_wanted(const struct ixs_calib *calib, const char *analyzer)
{
    size_t count = 0;
    for (size_t i = 0; i < calib->nanalyzers; i++)
        count += analyzer == NULL || strcmp(calib->analyzers[i].analyzer, analyzer) == 0;
    return count;
}

static bool draw(struct ixs_script *script, const struct ixs_calib *calib, size_t count,
                 const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    static const struct ixs_legend legend[] = {
        {"points pt 7 ps 0.5 lc rgb '" IXS_BLACK "'", "measured"},
        {"lines lw 2 lc rgb '" IXS_VERMILLION "'", "response R(E), unit area"},
    };
    struct ixs_page page;
    size_t index = 0;
    const char *instrument = calib->identity.instrument;
    char title[128];
    ixs_page_begin(script, choice, count, &page);
    snprintf(title, sizeof title, "%s%senergy resolution of the analyzers", instrument,
             instrument[0] ? ": " : "");
    const struct ixs_heading heading = {
        title, "tails: share of the area beyond ±10 meV; zero in meV; grey: not known within 10 %",
        false};
    ixs_page_head(script, &page, &heading, 2, legend);
    bool ok = true;
    for (size_t i = 0; i < calib->nanalyzers && ok; i++)
        if (choice->analyzer == NULL || strcmp(calib->analyzers[i].analyzer, choice->analyzer) == 0)
            ok = draw_analyzer(script, &page, index++, calib, &calib->analyzers[i], err);
    ixs_script_end(script);
    return ok;
}

bool ixs_plot_calib(struct ixs_script *script, size_t npaths, const char *const *paths,
                    const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    struct ixs_calib calib = {0};
    (void)npaths;
    bool ok = ixs_calib_read(&calib, paths[0], choice->reading, NULL, err);
    size_t count = ok ? count_wanted(&calib, choice->analyzer) : 0;
    if (ok && count == 0 && choice->analyzer != NULL)
        ok = ixs_fail_at(err, IXS_USAGE, paths[0], 0, "found no analyzer '%s' in ANALYZERS",
                         choice->analyzer);
    else if (ok && count == 0)
        ixs_page_empty(script, choice, "no analyzers in this calibration");
    else
        ok = ok && draw(script, &calib, count, choice, err);
    ixs_calib_dispose(&calib);
    return ok;
}
