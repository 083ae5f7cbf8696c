/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page of a scan: a verdict in words, each analyzer's spectrum with its fit and residuals, and
 * its health in a table.
 */
#include "view/report.h"

#include "view/fit_words.h"
#include "view/quantity.h"
#include "view/svg.h"

#include "products/spectra.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { HEIGHT = 640, SPLIT = 440, MOST_COMPONENT_POINTS = 120 };

struct curves { /* of one spectrum: its rows of CURVES */
    const struct ixs_fit_curve *rows;
    size_t n;
};

static struct curves curves_of(const struct ixs_fit *fit, int64_t spectrum)
{
    struct curves curves = {NULL, 0};
    for (size_t i = 0; i < fit->ncurves; i++) {
        if (fit->curves[i].spectrum != spectrum)
            continue;
        if (curves.rows == NULL)
            curves.rows = &fit->curves[i];
        curves.n++;
    }
    return curves;
}

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

/* One column of CURVES as a curve; components need fewer points than the total. */
static void draw_column(struct ixs_svg *svg, const struct curves *curves, const char *style,
                        size_t offset, bool all)
{
    size_t stride = all ? 1 : 1 + curves->n / MOST_COMPONENT_POINTS;
    bool any = false;
    for (size_t i = 0; i < curves->n; i += stride) {
        double value;
        memcpy(&value, (const char *)&curves->rows[i] + offset, sizeof value);
        if (!isfinite(value) && !any)
            continue;
        if (!any)
            ixs_svg_begin(svg, style);
        any = true;
        ixs_svg_point(svg, curves->rows[i].energy, value);
    }
    if (any)
        ixs_svg_end(svg);
}

static void draw_data(struct ixs_svg *svg, const struct curves *curves)
{
    ixs_svg_begin(svg, "bars");
    for (size_t i = 0; i < curves->n; i++) {
        const struct ixs_fit_curve *row = &curves->rows[i];
        if (!ixs_flags_bar(row->flags))
            ixs_svg_bar(svg, row->energy, row->intensity - row->error, row->intensity + row->error);
    }
    ixs_svg_end(svg);
    ixs_svg_begin(svg, "data");
    for (size_t i = 0; i < curves->n; i++)
        if (!ixs_flags_bar(curves->rows[i].flags))
            ixs_svg_dot(svg, curves->rows[i].energy, curves->rows[i].intensity);
    ixs_svg_end(svg);
}

static void draw_fit(struct ixs_svg *svg, const struct curves *curves)
{
    static const struct {
        const char *style;
        size_t offset;
    } columns[] = {
        {"elastic", offsetof(struct ixs_fit_curve, elastic)},
        {"elastic", offsetof(struct ixs_fit_curve, background)},
        {"m0", offsetof(struct ixs_fit_curve, mode1)},
        {"m1", offsetof(struct ixs_fit_curve, mode2)},
        {"m2", offsetof(struct ixs_fit_curve, mode3)},
        {"m3", offsetof(struct ixs_fit_curve, mode4)},
        {"m0", offsetof(struct ixs_fit_curve, mode5)},
        {"m1", offsetof(struct ixs_fit_curve, mode6)},
    };
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
        draw_column(svg, curves, columns[k].style, columns[k].offset, false);
    draw_column(svg, curves, "total", offsetof(struct ixs_fit_curve, total), true);
}

static void draw_residuals(const struct ixs_svg *above, const struct curves *curves)
{
    struct ixs_svg svg = *above;
    svg.top = SPLIT + 20;
    svg.bottom = HEIGHT - 75;
    svg.y = (struct ixs_svg_axis){-5, 5, IXS_SVG_LINEAR};
    ixs_svg_frame(&svg, "meV", "residual / σ");
    ixs_svg_begin(&svg, "data");
    for (size_t i = 0; i < curves->n; i++)
        if (!ixs_flags_bar(curves->rows[i].flags))
            ixs_svg_dot(&svg, curves->rows[i].energy, curves->rows[i].residual);
    ixs_svg_end(&svg);
}

static void draw_spectrum(FILE *out, const struct curves *curves, const char *analyzer)
{
    struct ixs_svg svg = {.out = out, .left = 90, .right = 985, .top = 10, .bottom = SPLIT - 20};
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

static void print_modes(FILE *out, const struct ixs_fit *fit, const struct ixs_fit_spectrum *row)
{
    const char *separator = "";
    for (size_t k = 0; k < fit->nmodes; k++) {
        const struct ixs_fit_mode *mode = &fit->modes[k];
        char energy[IXS_QUANTITY_SIZE], width[80];
        if (mode->id.spectrum != row->id.spectrum)
            continue;
        ixs_quantity_above(mode->omega0, mode->omega0_err, mode->omega0_lo, sizeof energy, energy);
        ixs_fit_width_words(mode, "", sizeof width, width);
        fputs(separator, out);
        ixs_html(out, energy);
        fputs(" meV, ", out);
        ixs_html(out, width);
        separator = "; ";
    }
}

static void print_figure(FILE *out, const struct ixs_fit *fit, const struct ixs_fit_spectrum *row)
{
    struct curves curves = curves_of(fit, row->id.spectrum);
    char place[256];
    fputs("<figure><figcaption><b>", out);
    ixs_html(out, row->id.analyzer);
    fprintf(out, "</b> <span class=\"%s\">", ixs_status_class(row->status));
    ixs_html(out, row->status);
    fputs("</span> <span class=\"weak\">", out);
    ixs_fit_place(row, false, false, sizeof place, place);
    ixs_html(out, place);
    fputs("</span><br>", out);
    print_modes(out, fit, row);
    fputs("</figcaption>\n", out);
    if (curves.n > 0)
        draw_spectrum(out, &curves, row->id.analyzer);
    else
        fprintf(out, "<p class=\"weak\">%s</p>",
                row->reason[0] != '\0' ? "nothing was fitted" : "no curves: ixs-fit --curves");
    fputs("</figure>\n", out);
}

static void print_row(FILE *out, const struct ixs_fit_spectrum *row)
{
    char number[IXS_QUANTITY_SIZE];
    fputs("<tr><td>", out);
    ixs_html(out, row->id.analyzer);
    fprintf(out, "</td><td class=\"%s\">", ixs_status_class(row->status));
    ixs_html(out, row->status);
    fputs("</td><td>", out);
    ixs_html(out, row->reason);
    fputs("</td><td>", out);
    ixs_html(out, row->id.response);
    fprintf(out, "</td><td class=\"number\">%" PRId64 "</td>", row->nmodes);
    const double pairs[][2] = {{row->zero, row->zero_err},
                               {row->elastic, row->elastic_err},
                               {row->background, row->background_err}};
    for (size_t i = 0; i < 3; i++) {
        ixs_quantity(pairs[i][0], pairs[i][1], sizeof number, number);
        fprintf(out, "<td class=\"number\">%s</td>", number);
    }
    ixs_quantity_plain(row->deviance, 4, sizeof number, number);
    fprintf(out, "<td class=\"number\">%s / %" PRId64 "</td></tr>\n", number, row->dof);
}

/* Of several that were merged, each by its name. */
static void tell_course(FILE *out, const struct ixs_report *report, size_t scan)
{
    if (report->nscans > 1) {
        ixs_html(out, report->scans[scan].name);
        fputs(": ", out);
    }
    ixs_report_course(out, &report->scans[scan]);
}

static void print_verdict(FILE *out, const struct ixs_report *report)
{
    const struct ixs_fit *fit = &report->fits[0];
    struct ixs_tally tally = {0};
    ixs_report_tally(&tally, fit);
    enum ixs_verdict verdict = ixs_report_judge(&tally);
    for (size_t i = 0; i < report->nscans; i++)
        if (verdict == IXS_VERDICT_GOOD && ixs_report_is_short(&report->scans[i]))
            verdict = IXS_VERDICT_FAIR;
    fprintf(out, "<div class=\"verdict %s\"><span>%zu of %zu analyzers fitted well, %zu modes.",
            ixs_verdict_word(verdict), tally.good, fit->nspectra, fit->nmodes);
    for (size_t i = 0; i < report->nscans; i++) {
        if (!ixs_report_is_short(&report->scans[i]))
            continue;
        fputc(' ', out);
        tell_course(out, report, i);
        fputc('.', out);
    }
    for (size_t i = 0; i < fit->nspectra; i++) {
        if (strcmp(fit->spectra[i].status, "good") == 0)
            continue;
        fputc(' ', out);
        ixs_html(out, fit->spectra[i].id.analyzer);
        fputs(" is ", out);
        ixs_html(out, fit->spectra[i].status);
        fputs(fit->spectra[i].reason[0] != '\0' ? ": " : "", out);
        ixs_html(out, fit->spectra[i].reason);
        fputc('.', out);
    }
    fputs("</span></div>\n", out);
}

static void print_title(FILE *out, const struct ixs_fit *fit, const char *name)
{
    fputs("<h1>", out);
    ixs_html(out, name);
    fputs("</h1>\n<p class=\"weak\">", out);
    ixs_html(out, fit->identity.object);
    fputs(fit->identity.object[0] != '\0' ? " · " : "", out);
    ixs_html(out, fit->identity.instrument);
    fputs(fit->identity.instrument[0] != '\0' ? " · " : "", out);
    ixs_html(out, fit->identity.date);
    if (fit->nspectra > 0 && isfinite(fit->spectra[0].id.temperature))
        fprintf(out, " · %.4g K", fit->spectra[0].id.temperature);
    fputs(" · <a href=\"index.html\">the beamtime</a></p>\n", out);
}

/* What was scanned, and how far. */
static void print_course(FILE *out, const struct ixs_report *report)
{
    for (size_t i = 0; i < report->nscans; i++) {
        fputs("<p>", out);
        tell_course(out, report, i);
        fputs("</p>\n", out);
    }
}

void ixs_report_scan(FILE *out, const struct ixs_report *report)
{
    const struct ixs_fit *fit = &report->fits[0];
    ixs_report_head(out, report->names[0], report->refresh);
    print_title(out, fit, report->names[0]);
    print_course(out, report);
    print_verdict(out, report);
    fputs("<div class=\"panels\">\n", out);
    for (size_t i = 0; i < fit->nspectra; i++)
        print_figure(out, fit, &fit->spectra[i]);
    fputs("</div>\n<h2>Each analyzer</h2>\n<div class=\"scroll\"><table>\n"
          "<tr><th>analyzer</th><th>status</th><th>why</th><th>response</th><th>modes</th>"
          "<th>zero, meV</th><th>elastic, meV count/s</th><th>background, count/s</th>"
          "<th>deviance / freedom</th></tr>\n",
          out);
    for (size_t i = 0; i < fit->nspectra; i++)
        print_row(out, &fit->spectra[i]);
    fputs("</table></div>\n", out);
    ixs_report_foot(out);
}
