/* SPDX-License-Identifier: GPL-3.0-or-later
 * Spectra on the page of a scan: each with its fit and residuals, and what was found in a caption.
 */
#include "view/report/spectrum.h"

#include "base/array.h"
#include "products/spectra.h"
#include "view/plot/fit_words.h"
#include "view/report/html.h"
#include "view/quantity.h"
#include "view/report/report.h"
#include "view/report/svg.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { HEIGHT = 730, SPLIT = 470 };

/* ---- how much is drawn ----------------------------------------------------------------------- */

/* A page stays below 500 kB: a point takes 50 bytes, one of a component 7 in each of about six. */
enum { MOST_FIGURES = 48, MOST_POINTS = 5000, COMPONENT_POINTS = 3000, FINEST = 120 };

struct thrift {
    size_t nfigures, stride; /* every which point is drawn */
    size_t component_points;
};

static struct thrift thrift_of(const struct ixs_fit *fit)
{
    struct thrift thrift = {.nfigures = fit->nspectra};
    size_t points = fit->ncurves;
    if (fit->nspectra > MOST_FIGURES) {
        thrift.nfigures = MOST_FIGURES;
        points = points / fit->nspectra * MOST_FIGURES;
    }
    thrift.stride = 1 + points / MOST_POINTS;
    thrift.component_points = COMPONENT_POINTS / (thrift.nfigures + 1);
    if (thrift.component_points > FINEST)
        thrift.component_points = FINEST;
    return thrift;
}

struct curves { /* of one spectrum: its rows of CURVES */
    const struct ixs_fit_curve *rows;
    size_t n;
    struct thrift thrift;
};

static struct curves curves_of(const struct ixs_fit *fit, int64_t spectrum)
{
    struct curves curves = {NULL, 0, thrift_of(fit)};
    for (size_t i = 0; i < fit->ncurves; i++) {
        if (fit->curves[i].spectrum != spectrum)
            continue;
        if (curves.rows == NULL)
            curves.rows = &fit->curves[i];
        curves.n++;
    }
    return curves;
}

enum { FIRST_MODE = 5 }; /* of the columns below */

/* ---- pictures -------------------------------------------------------------------------------- */

static struct ixs_svg_axis energies(const struct curves *curves)
{
    struct ixs_svg_axis axis = {INFINITY, -INFINITY, IXS_SVG_LINEAR};
    for (size_t i = 0; i < curves->n; i++) {
        axis.low = fmin(axis.low, curves->rows[i].energy);
        axis.high = fmax(axis.high, curves->rows[i].energy);
    }
    return axis;
}

static struct ixs_svg_axis intensities(const struct curves *curves)
{
    struct ixs_svg_axis axis = {0, 0, IXS_SVG_ROOT};
    for (size_t i = 0; i < curves->n; i++) {
        if (ixs_flags_bar(curves->rows[i].flags))
            continue;
        axis.high = fmax(axis.high, curves->rows[i].intensity + curves->rows[i].error);
        axis.high = fmax(axis.high, curves->rows[i].total);
    }
    axis.high *= 1.05;
    return axis;
}

/* Columns of CURVES, how they are drawn, and what they are. */
static const struct {
    const char *style, *words;
    size_t offset;
} columns[] = {
    {"elastic", "elastic line", offsetof(struct ixs_fit_curve, elastic)},
    {"elastic", "background", offsetof(struct ixs_fit_curve, background)},
    {"elastic dash", "quasi-elastic line", offsetof(struct ixs_fit_curve, quasielastic)},
    {"m2 dash", "calculated spectrum", offsetof(struct ixs_fit_curve, table)},
    {"cell", "empty cell, by its own counts", offsetof(struct ixs_fit_curve, cell)},
    {"m0", "", offsetof(struct ixs_fit_curve, mode1)},
    {"m1", "", offsetof(struct ixs_fit_curve, mode2)},
    {"m2", "", offsetof(struct ixs_fit_curve, mode3)},
    {"m3", "", offsetof(struct ixs_fit_curve, mode4)},
    {"m0", "", offsetof(struct ixs_fit_curve, mode5)},
    {"m1", "", offsetof(struct ixs_fit_curve, mode6)},
};

static double column_of(const struct ixs_fit_curve *row, size_t offset)
{
    double value;
    memcpy(&value, (const char *)row + offset, sizeof value);
    return value;
}

/* One column as a curve of every `stride`th row and the last. */
static void draw_column(struct ixs_svg *svg, const struct curves *curves, const char *style,
                        size_t offset, size_t stride)
{
    bool any = false;
    for (size_t i = 0; i < curves->n; i += stride)
        any = any || isfinite(column_of(&curves->rows[i], offset));
    if (!any)
        return;
    ixs_svg_begin(svg, style);
    for (size_t i = 0; i < curves->n; i += stride)
        ixs_svg_point(svg, curves->rows[i].energy, column_of(&curves->rows[i], offset));
    ixs_svg_end(svg);
}

/* Whether a point is drawn: not flagged, and its turn. */
static bool is_drawn(const struct curves *curves, size_t i)
{
    return !ixs_flags_bar(curves->rows[i].flags) && i % curves->thrift.stride == 0;
}

static void draw_data(struct ixs_svg *svg, const struct curves *curves)
{
    ixs_svg_begin(svg, "bars");
    for (size_t i = 0; i < curves->n; i++) {
        const struct ixs_fit_curve *row = &curves->rows[i];
        if (is_drawn(curves, i))
            ixs_svg_bar(svg, row->energy, row->intensity - row->error, row->intensity + row->error);
    }
    ixs_svg_end(svg);
    ixs_svg_begin(svg, "data");
    for (size_t i = 0; i < curves->n; i++)
        if (is_drawn(curves, i))
            ixs_svg_dot(svg, curves->rows[i].energy, curves->rows[i].intensity);
    ixs_svg_end(svg);
}

static void draw_fit(struct ixs_svg *svg, const struct curves *curves)
{
    size_t stride = 1 + curves->n / curves->thrift.component_points;
    for (size_t k = 0; k < IXS_COUNT(columns); k++)
        draw_column(svg, curves, columns[k].style, columns[k].offset, stride);
    draw_column(svg, curves, "total", offsetof(struct ixs_fit_curve, total), curves->thrift.stride);
}

static void draw_residuals(const struct ixs_svg *above, const struct curves *curves)
{
    struct ixs_svg svg = *above;
    svg.top = SPLIT + IXS_SVG_HEAD;
    svg.bottom = HEIGHT - IXS_SVG_FOOT;
    svg.y = (struct ixs_svg_axis){-5, 5, IXS_SVG_LINEAR};
    ixs_svg_frame(&svg, "meV", "residual / σ");
    ixs_svg_begin(&svg, "data");
    for (size_t i = 0; i < curves->n; i++)
        if (is_drawn(curves, i))
            ixs_svg_dot(&svg, curves->rows[i].energy, curves->rows[i].residual);
    ixs_svg_end(&svg);
}

static void draw_spectrum(FILE *out, const struct curves *curves, const char *analyzer)
{
    struct ixs_svg svg = {
        .out = out, .left = 110, .right = 985, .top = IXS_SVG_HEAD, .bottom = SPLIT};
    svg.x = energies(curves);
    svg.y = intensities(curves);
    ixs_svg_open(out, HEIGHT, analyzer);
    ixs_svg_frame(&svg, "", "count/s");
    draw_data(&svg, curves);
    draw_fit(&svg, curves);
    draw_residuals(&svg, curves);
    ixs_svg_close(out);
}

/* ---- words ----------------------------------------------------------------------------------- */

static void print_mode(FILE *out, const struct ixs_fit_mode *mode)
{
    char energy[IXS_QUANTITY_SIZE], width[80];
    ixs_quantity_above(mode->omega0, mode->omega0_err, mode->omega0_lo, sizeof energy, energy);
    ixs_fit_width_words(mode, "", sizeof width, width);
    fprintf(out, "<br><span class=\"%s\">●</span> ",
            columns[FIRST_MODE + (mode->mode + 5) % 6].style);
    if (mode->label[0] != '\0') {
        ixs_html(out, mode->label);
        fputs(": ", out);
    }
    ixs_html(out, energy);
    fputs(" meV, ", out);
    ixs_html(out, width);
}

static void print_caption(FILE *out, const struct ixs_fit *fit, const struct ixs_fit_spectrum *row)
{
    char place[256], numbers[IXS_EVIDENCE_SIZE];
    struct ixs_fit_spread spread = ixs_fit_spread(fit);
    fputs("<figcaption><b>", out);
    ixs_html(out, row->id.analyzer);
    fprintf(out, "</b> <span class=\"%s\">", ixs_status_class(row->status));
    ixs_html(out, row->status);
    fputs("</span> <span class=\"weak\">", out);
    ixs_fit_place(row, spread.several_scans, spread.several_temperatures, sizeof place, place);
    ixs_html(out, place);
    if (row->set > 0)
        fprintf(out, " · set %" PRId64, row->set);
    ixs_report_evidence(fit, row->id.spectrum, numbers);
    fputs(numbers[0] != '\0' ? " · " : "", out);
    ixs_html(out, numbers);
    fputs("</span>", out);
    for (size_t k = 0; k < fit->nmodes; k++)
        if (fit->modes[k].id.spectrum == row->id.spectrum)
            print_mode(out, &fit->modes[k]);
    fputs("</figcaption>\n", out);
}

static void print_figure(FILE *out, const struct ixs_fit *fit, const struct ixs_fit_spectrum *row)
{
    struct curves curves = curves_of(fit, row->id.spectrum);
    fputs("<figure>", out);
    print_caption(out, fit, row);
    if (curves.n > 0)
        draw_spectrum(out, &curves, row->id.analyzer);
    else
        fprintf(out, "<p class=\"weak\">%s</p>",
                row->reason[0] != '\0' ? "nothing was fitted" : "no curves: ixs-fit --curves");
    fputs("</figure>\n", out);
}

/* What the lines are, as far as there are any. */
static void print_legend(FILE *out, const struct ixs_fit *fit)
{
    fputs("<p class=\"weak\"><span class=\"total\">━</span> fit", out);
    for (size_t k = 0; k < FIRST_MODE; k++) {
        size_t i = 0;
        while (i < fit->ncurves && !isfinite(column_of(&fit->curves[i], columns[k].offset)))
            i++;
        if (i < fit->ncurves)
            fprintf(out, ", <span class=\"%s\">%s</span> %s", columns[k].style,
                    strchr(columns[k].style, ' ') || columns[k].style[0] == 'c' ? "╍" : "━",
                    columns[k].words);
    }
    fputs(", modes in the colours of their dots; intensities on a square-root scale", out);
    struct thrift thrift = thrift_of(fit);
    if (thrift.stride > 1)
        fprintf(out, "; one of %zu points is drawn", thrift.stride);
    fputs("</p>\n", out);
}

void ixs_report_spectra(FILE *out, const struct ixs_fit *fit)
{
    struct thrift thrift = thrift_of(fit);
    if (fit->ncurves > 0)
        print_legend(out, fit);
    fputs("<div class=\"panels\">\n", out);
    for (size_t i = 0; i < thrift.nfigures; i++)
        print_figure(out, fit, &fit->spectra[i]);
    fputs("</div>\n", out);
    ixs_report_more(out, fit->nspectra, thrift.nfigures, "spectra");
}
