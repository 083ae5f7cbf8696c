/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page of a calibration: a verdict, doubts in words, each analyzer's response over four decades
 * with its residuals, what repeats show in time, and everything in a table.
 */
#include "view/report/report.h"

#include "view/report/html.h"
#include "view/quantity.h"
#include "view/plot/residuals.h"
#include "view/report/svg.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { HEIGHT = 730, SPLIT = 470, LOW = 490, MOST_DOTS = 420 };

static const double decades = 5e-5; /* of the highest point, drawn */

/* ---- one response ---------------------------------------------------------------------------- */

struct drawn { /* borrowed */
    const struct ixs_calib *calib;
    const struct ixs_calib_analyzer *row;
    int64_t curve;    /* SCAN of its rows */
    size_t n, stride; /* points measured; every which is drawn */
    struct ixs_svg_axis x, y;
};

static bool is_point(const struct drawn *drawn, const struct ixs_calib_response *row)
{
    return strcmp(row->analyzer, drawn->row->analyzer) == 0 && isfinite(row->measured);
}

static bool is_curve(const struct drawn *drawn, const struct ixs_calib_response *row)
{
    return strcmp(row->analyzer, drawn->row->analyzer) == 0 && row->scan == drawn->curve &&
           row->response > 0;
}

static struct drawn measure(const struct ixs_calib *calib, const struct ixs_calib_analyzer *row)
{
    struct drawn drawn = {.calib = calib, .row = row};
    drawn.curve = ixs_calib_curve_scan(calib, row->analyzer);
    drawn.x = (struct ixs_svg_axis){INFINITY, -INFINITY, IXS_SVG_LINEAR};
    drawn.y = (struct ixs_svg_axis){0, 0, IXS_SVG_LOG};
    for (size_t i = 0; i < calib->nresponse; i++) {
        const struct ixs_calib_response *point = &calib->response[i];
        drawn.n += is_point(&drawn, point);
        if (!is_point(&drawn, point) && !is_curve(&drawn, point))
            continue;
        drawn.x.low = fmin(drawn.x.low, point->energy);
        drawn.x.high = fmax(drawn.x.high, point->energy);
        drawn.y.high = fmax(drawn.y.high, point->response);
    }
    drawn.stride = 1 + drawn.n / MOST_DOTS;
    drawn.y.low = decades * drawn.y.high;
    drawn.y.high *= 2;
    return drawn;
}

static void draw_points(struct ixs_svg *svg, const struct drawn *drawn, bool bars)
{
    size_t k = 0;
    ixs_svg_begin(svg, bars ? "bars" : "data");
    for (size_t i = 0; i < drawn->calib->nresponse; i++) {
        const struct ixs_calib_response *row = &drawn->calib->response[i];
        if (!is_point(drawn, row) || k++ % drawn->stride != 0)
            continue;
        double low = fmax(row->measured - row->measured_err, svg->y.low);
        double high = fmax(row->measured + row->measured_err, svg->y.low);
        if (bars)
            ixs_svg_bar(svg, row->energy, low, high);
        else
            ixs_svg_dot(svg, row->energy, row->measured);
    }
    ixs_svg_end(svg);
}

static void draw_curve(struct ixs_svg *svg, const struct drawn *drawn)
{
    ixs_svg_begin(svg, "total");
    for (size_t i = 0; i < drawn->calib->nresponse; i++)
        if (is_curve(drawn, &drawn->calib->response[i]))
            ixs_svg_point(svg, drawn->calib->response[i].energy,
                          drawn->calib->response[i].response);
    ixs_svg_end(svg);
}

static void draw_residuals(const struct ixs_svg *above, const struct drawn *drawn)
{
    struct ixs_svg svg = *above;
    size_t k = 0;
    svg.top = SPLIT + IXS_SVG_HEAD;
    svg.bottom = HEIGHT - IXS_SVG_FOOT;
    svg.y = (struct ixs_svg_axis){-5, 5, IXS_SVG_LINEAR};
    ixs_svg_frame(&svg, "meV", "residual / σ");
    ixs_svg_begin(&svg, "data");
    for (size_t i = 0; i < drawn->calib->nresponse; i++) {
        const struct ixs_calib_response *row = &drawn->calib->response[i];
        if (is_point(drawn, row) && k++ % drawn->stride == 0)
            ixs_svg_dot(&svg, row->energy, ixs_residual_of(row->counts, row->expected));
    }
    ixs_svg_end(&svg);
}

static void draw_response(FILE *out, const struct drawn *drawn)
{
    struct ixs_svg svg = {
        .out = out, .left = 120, .right = 985, .top = IXS_SVG_HEAD, .x = drawn->x};
    bool residuals = drawn->n > 0;
    svg.bottom = residuals ? SPLIT : HEIGHT - IXS_SVG_FOOT;
    svg.y = drawn->y;
    ixs_svg_open(out, HEIGHT, drawn->row->analyzer);
    if (isfinite(drawn->row->known_lo) && isfinite(drawn->row->known_hi)) {
        ixs_svg_band(&svg, "beyond", svg.x.low, drawn->row->known_lo);
        ixs_svg_band(&svg, "beyond", drawn->row->known_hi, svg.x.high);
    }
    ixs_svg_frame(&svg, residuals ? "" : "meV", "R, meV⁻¹");
    if (residuals) {
        draw_points(&svg, drawn, true);
        draw_points(&svg, drawn, false);
    }
    draw_curve(&svg, drawn);
    if (residuals)
        draw_residuals(&svg, drawn);
    ixs_svg_close(out);
}

static const char *quality_class(const char *quality)
{
    return strcmp(quality, "good") == 0           ? "good"
           : strcmp(quality, "uncalibrated") == 0 ? "bad"
                                                  : "fair";
}

static void print_figure(FILE *out, const struct ixs_calib *calib,
                         const struct ixs_calib_analyzer *row)
{
    struct drawn drawn = measure(calib, row);
    char width[IXS_QUANTITY_SIZE];
    fputs("<figure><figcaption><b>", out);
    ixs_html(out, row->analyzer);
    fprintf(out, "</b> <span class=\"%s\">", quality_class(row->quality));
    ixs_html(out, row->quality);
    fputs("</span> <span class=\"weak\">", out);
    fputs(row->scan[0] != '\0' ? "scan " : "", out);
    ixs_html(out, row->scan);
    fputs("</span><br>", out);
    ixs_quantity(row->fwhm, row->fwhm_err, sizeof width, width);
    if (isfinite(row->fwhm))
        fprintf(out, "FWHM %s meV", width);
    if (isfinite(row->tail10))
        fprintf(out, ", %.1f %% beyond ±10 meV", 100 * row->tail10);
    fputs("</figcaption>\n", out);
    if (drawn.y.high > 0)
        draw_response(out, &drawn);
    else {
        fputs("<p class=\"weak\">", out);
        ixs_html(out, row->reason);
        fputs("</p>\n", out);
    }
    fputs("</figure>\n", out);
}

/* ---- repeats in time ------------------------------------------------------------------------- */

enum repeat { WIDTHS, ZEROS };

struct spot { /* one repeat */
    double hours, value, error;
};

static size_t repeats(const struct ixs_calib *calib, enum repeat what)
{
    return what == WIDTHS ? calib->nsettings : calib->ndrift;
}

/* Repeat i; false: it tells nothing. */
static bool repeat_of(const struct ixs_calib *calib, enum repeat what, size_t i, struct spot *out)
{
    if (what == WIDTHS) {
        const struct ixs_calib_setting *row = &calib->settings[i];
        *out = (struct spot){row->time / 3600, row->stretch, row->stretch_err};
    } else {
        const struct ixs_calib_drift *row = &calib->drift[i];
        *out = (struct spot){row->time / 3600, row->origin + row->e_origin, row->origin_err};
    }
    return isfinite(out->hours) && isfinite(out->value) && isfinite(out->error);
}

static bool find_repeat_axes(struct ixs_svg *svg, const struct ixs_calib *calib, enum repeat what)
{
    struct spot spot;
    svg->x = svg->y = (struct ixs_svg_axis){INFINITY, -INFINITY, IXS_SVG_LINEAR};
    for (size_t i = 0; i < repeats(calib, what); i++) {
        if (!repeat_of(calib, what, i, &spot))
            continue;
        svg->x.low = fmin(svg->x.low, spot.hours);
        svg->x.high = fmax(svg->x.high, spot.hours);
        svg->y.low = fmin(svg->y.low, spot.value - spot.error);
        svg->y.high = fmax(svg->y.high, spot.value + spot.error);
    }
    return svg->x.high > svg->x.low && svg->y.high > svg->y.low;
}

static void draw_spots(struct ixs_svg *svg, const struct ixs_calib *calib, enum repeat what,
                       bool bars)
{
    struct spot spot;
    ixs_svg_begin(svg, bars ? "m0" : "m0 dots");
    for (size_t i = 0; i < repeats(calib, what); i++) {
        if (!repeat_of(calib, what, i, &spot))
            continue;
        if (bars)
            ixs_svg_bar(svg, spot.hours, spot.value - spot.error, spot.value + spot.error);
        else
            ixs_svg_dot(svg, spot.hours, spot.value);
    }
    ixs_svg_end(svg);
}

static void draw_repeats(FILE *out, const struct ixs_calib *calib, enum repeat what)
{
    struct ixs_svg svg = {
        .out = out, .left = 120, .right = 985, .top = IXS_SVG_HEAD, .bottom = LOW - IXS_SVG_FOOT};
    if (!find_repeat_axes(&svg, calib, what))
        return;
    fprintf(out, "<figure><figcaption>%s</figcaption>\n",
            what == WIDTHS ? "Width of each line beside its response"
                           : "Where the zero of all analyzers stood");
    ixs_svg_open(out, LOW, what == WIDTHS ? "widths against time" : "zero against time");
    ixs_svg_frame(&svg, "hours", what == WIDTHS ? "" : "meV");
    draw_spots(&svg, calib, what, true);
    draw_spots(&svg, calib, what, false);
    ixs_svg_close(out);
    fputs("</figure>\n", out);
}

/* ---- the table ------------------------------------------------------------------------------- */

static void print_form(FILE *out, const struct ixs_calib_analyzer *row)
{
    if (strcmp(row->form, "table") == 0)
        fputs("<td>table</td>", out);
    else
        fprintf(out, "<td>%" PRId64 " part%s</td>", row->ncomponents,
                row->ncomponents == 1 ? "" : "s");
}

/* Of the mask and the slits in x and z, as far as they are known. */
static void print_openings(FILE *out, const struct ixs_calib_analyzer *row)
{
    const double openings[] = {row->opening, row->slit_x, row->slit_z};
    const char *separator = "";
    fputs("<td class=\"number\">", out);
    for (size_t k = 0; k < 3; k++) {
        if (!isfinite(openings[k]))
            continue;
        fprintf(out, "%s%.4g", separator, openings[k]);
        separator = ", ";
    }
    fputs(separator[0] == '\0' ? "-</td>" : "</td>", out);
}

static void print_row(FILE *out, const struct ixs_calib_analyzer *row)
{
    char text[IXS_QUANTITY_SIZE];
    const double pairs[][2] = {{row->fwhm, row->fwhm_err},
                               {row->zero, row->zero_err},
                               {row->zero, row->own_err},
                               {row->efficiency, row->efficiency_err},
                               {100 * row->inelastic, 100 * row->inelastic_err}};
    fputs("<tr><td>", out);
    ixs_html(out, row->analyzer);
    fprintf(out, "</td><td class=\"%s\">", quality_class(row->quality));
    ixs_html(out, row->quality);
    fputs("</td>", out);
    print_form(out, row);
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        ixs_quantity(pairs[k][0], pairs[k][1], sizeof text, text);
        fprintf(out, "<td class=\"number\">%s</td>", text);
    }
    if (isfinite(row->tail10))
        fprintf(out, "<td class=\"number\">%.2f</td>", 100 * row->tail10);
    else
        fputs("<td class=\"number\">-</td>", out);
    if (isfinite(row->known_lo) && isfinite(row->known_hi))
        fprintf(out, "<td class=\"number\">%.1f .. %.1f</td>", row->known_lo, row->known_hi);
    else
        fputs("<td class=\"number\">-</td>", out);
    print_openings(out, row);
    if (row->dof > 0)
        fprintf(out, "<td class=\"number\">%.0f / %" PRId64 "</td><td>", row->deviance, row->dof);
    else
        fputs("<td class=\"number\">-</td><td>", out);
    ixs_html(out, row->scan);
    fputs("</td><td>", out);
    ixs_html(out, row->reason);
    fputs("</td></tr>\n", out);
}

static void print_table(FILE *out, const struct ixs_calib *calib)
{
    fputs("<h2>Each analyzer</h2>\n<div class=\"scroll\"><table>\n<tr><th>analyzer</th>"
          "<th>quality</th><th>response</th><th>FWHM, meV</th><th>zero, meV</th>"
          "<th>without drift</th><th>efficiency</th><th>inelastic taken off, %</th>"
          "<th>beyond ±10 meV, %</th><th>known within 10 %, meV</th><th>mask, slits</th>"
          "<th>deviance / freedom</th><th>scans</th><th>why</th></tr>\n",
          out);
    for (size_t i = 0; i < calib->nanalyzers; i++)
        print_row(out, &calib->analyzers[i]);
    fputs("</table></div>\n", out);
}

/* ---- the page -------------------------------------------------------------------------------- */

static void print_head(FILE *out, const struct ixs_calib *calib)
{
    const struct ixs_identity *identity = &calib->identity;
    const char *words[] = {identity->object, identity->instrument, identity->date,
                           calib->keys.beamtimes};
    const char *separator = "";
    fputs("<h1>The calibration</h1>\n<p class=\"weak\">", out);
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (words[k][0] == '\0')
            continue;
        fputs(separator, out);
        ixs_html(out, words[k]);
        separator = " · ";
    }
    fprintf(out, "%s%zu reference scans", separator, calib->ndrift);
    fputs(" · <a href=\"index.html\">the beamtime</a></p>\n", out);
}

void ixs_report_calib(FILE *out, const struct ixs_report *report)
{
    const struct ixs_calib *calib = &report->calib;
    ixs_report_head(out, "The calibration", report->refresh);
    print_head(out, calib);
    ixs_report_calib_words(out, calib);
    fputs("<h2>Responses</h2>\n<p class=\"weak\">Counts on the scale of R, the response (orange), "
          "and what is left over in units of its error; shaded where R is not known within "
          "10 %.</p>\n<div class=\"panels\">\n",
          out);
    for (size_t i = 0; i < calib->nanalyzers; i++)
        print_figure(out, calib, &calib->analyzers[i]);
    fputs("</div>\n", out);
    if (calib->ndrift > 1) {
        fputs("<h2>Repeats</h2>\n<div class=\"panels\">\n", out);
        draw_repeats(out, calib, ZEROS);
        draw_repeats(out, calib, WIDTHS);
        fputs("</div>\n", out);
    }
    print_table(out, calib);
    ixs_report_foot(out);
}
