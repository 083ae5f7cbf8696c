/* SPDX-License-Identifier: GPL-3.0-or-later
 * Modes against temperature on the page of a beamtime: the thermal conductivity, each mode's energy
 * and width with their laws.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "base/units.h"
#include "view/report/html.h"
#include "view/plot/thermal.h"
#include "view/quantity.h"
#include "view/report/svg.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    HEIGHT = 560,
    MOST_OPEN = 11,
    MOST_PANELS = 120,
    MOST_ROWS = 400,
    MOST_UNFOLDED = 20,
    STEPS = 24
};

/* ---- one mode -------------------------------------------------------------------------------- */

static void draw_law(struct ixs_svg *svg, const struct ixs_thermal_law_row *row, const char *style,
                     double factor)
{
    if (row == NULL)
        return;
    ixs_svg_begin(svg, style);
    for (int i = 0; i <= STEPS; i++) {
        double kelvin = row->t_lo + (row->t_hi - row->t_lo) * i / STEPS;
        double value = factor * ixs_thermal_law_at(row, kelvin);
        ixs_svg_point(svg, kelvin, value <= svg->y.high ? value : (double)NAN);
    }
    ixs_svg_end(svg);
}

/* Points of a kind with their errors; of limits arrows. */
static void draw_kind(struct ixs_svg *svg, const struct ixs_dispersion *d, int64_t series,
                      enum ixs_thermal_kind kind, bool outliers)
{
    bool energy = kind == IXS_THERMAL_ENERGY, any = false;
    const char *style = outliers ? "elastic dots" : energy ? "m0 dots" : "total dots";
    for (size_t i = 0; i < d->nthermal; i++) {
        const struct ixs_thermal_row *row = &d->thermal[i];
        double value = ixs_thermal_shown(row, kind);
        if (row->series != series || !isfinite(value) ||
            (strcmp(row->told, "outlier") == 0) != outliers)
            continue;
        if (!any)
            ixs_svg_begin(svg, style);
        any = true;
        ixs_svg_dot(svg, row->temperature, value);
    }
    if (any)
        ixs_svg_end(svg);
}

static void draw_errors(struct ixs_svg *svg, const struct ixs_dispersion *d, int64_t series,
                        enum ixs_thermal_kind kind)
{
    bool any = false;
    for (size_t i = 0; i < d->nthermal; i++) {
        const struct ixs_thermal_row *row = &d->thermal[i];
        double value = ixs_thermal_shown(row, kind);
        if (row->series != series || !isfinite(value))
            continue;
        if (!any)
            ixs_svg_begin(svg, kind == IXS_THERMAL_ENERGY ? "m0" : "total");
        any = true;
        if (kind == IXS_THERMAL_BELOW || kind == IXS_THERMAL_ABOVE)
            ixs_svg_arrow(svg, row->temperature, value, kind == IXS_THERMAL_BELOW);
        else
            ixs_svg_bar(svg, row->temperature,
                        value - (kind == IXS_THERMAL_ENERGY ? row->omega0_err : row->fwhm_err),
                        value + (kind == IXS_THERMAL_ENERGY ? row->omega0_err : row->fwhm_err));
    }
    if (any)
        ixs_svg_end(svg);
}

static void draw_series(FILE *out, const struct ixs_dispersion *d, int64_t series)
{
    struct ixs_svg svg = {.out = out, .left = 90, .right = 985, .top = IXS_SVG_HEAD};
    const struct ixs_thermal_law_row *energy = ixs_thermal_law_of(d, series, "omega0");
    struct ixs_thermal_axes axes = ixs_thermal_axes(d, series);
    svg.bottom = HEIGHT - IXS_SVG_FOOT;
    svg.x = (struct ixs_svg_axis){axes.t_lo, axes.t_hi, IXS_SVG_LINEAR};
    svg.y = (struct ixs_svg_axis){0, axes.top, IXS_SVG_LINEAR};
    ixs_svg_open(out, HEIGHT, "energy and linewidth against temperature");
    ixs_svg_frame(&svg, "K", "meV");
    draw_law(&svg, energy, "elastic dash", 2);
    draw_law(&svg, energy, "elastic tight", 1 / IXS_PI);
    draw_law(&svg, energy, "m0", 1);
    draw_law(&svg, ixs_thermal_law_of(d, series, "fwhm"), "total", 1);
    for (int kind = 0; kind < IXS_THERMAL_KINDS; kind++) {
        draw_errors(&svg, d, series, (enum ixs_thermal_kind)kind);
        draw_kind(&svg, d, series, (enum ixs_thermal_kind)kind, false);
        draw_kind(&svg, d, series, (enum ixs_thermal_kind)kind, true);
    }
    ixs_svg_close(out);
}

const struct ixs_thermal_row *ixs_report_series(const struct ixs_dispersion *d, int64_t series)
{
    for (size_t i = 0; i < d->nthermal; i++)
        if (d->thermal[i].series == series)
            return &d->thermal[i];
    return NULL;
}

static void print_exponent(FILE *out, const char *what, const struct ixs_thermal_law_row *row)
{
    char text[IXS_QUANTITY_SIZE];
    if (row == NULL || !isfinite(row->exponent))
        return;
    ixs_quantity(row->exponent, row->exponent_err, sizeof text, text);
    fprintf(out, "%s ∝ T<sup>%s</sup>", what, text);
}

static void print_series(FILE *out, const struct ixs_dispersion *d, int64_t series)
{
    const struct ixs_thermal_law_row *width = ixs_thermal_law_of(d, series, "fwhm");
    const struct ixs_thermal_row *row = ixs_report_series(d, series);
    char text[IXS_QUANTITY_SIZE];
    if (row == NULL)
        return;
    fputs("<figure><figcaption><b>", out);
    ixs_html(out, row->analyzer);
    ixs_quantity_plain(row->q_reduced, 3, sizeof text, text);
    fprintf(out, "</b> <span class=\"weak\">%s Å⁻¹, ", text);
    fprintf(out, "series %" PRId64 "</span><br>", series);
    fputs("<span class=\"m0\">●</span> ", out);
    print_exponent(out, "Ω₀", ixs_thermal_law_of(d, series, "omega0"));
    fputs(" <span class=\"total\">●</span> ", out);
    print_exponent(out, "FWHM", width);
    if (width != NULL && width->remark[0] != '\0') {
        fputs("<br><span class=\"fair\">", out);
        ixs_html(out, width->remark);
        fputs("</span>", out);
    }
    fputs("</figcaption>\n", out);
    draw_series(out, d, series);
    fputs("</figure>\n", out);
}

/* ---- conductivity ---------------------------------------------------------------------------- */

static void draw_kappa(struct ixs_svg *svg, const struct ixs_dispersion *d)
{
    ixs_svg_begin(svg, "shade");
    for (size_t i = 0; i < d->nkappas; i++)
        ixs_svg_point(svg, d->kappas[i].temperature, d->kappas[i].kappa + d->kappas[i].kappa_err);
    for (size_t i = d->nkappas; i-- > 0;)
        ixs_svg_point(svg, d->kappas[i].temperature, d->kappas[i].kappa - d->kappas[i].kappa_err);
    ixs_svg_end(svg);
    draw_law(svg, ixs_thermal_law_of(d, 0, "kappa"), "m1", 1);
    for (int dots = 0; dots < 2; dots++) {
        ixs_svg_begin(svg, dots == 1 ? "data" : "bars");
        for (size_t i = 0; i < d->nkappas; i++) {
            const struct ixs_thermal_kappa *row = &d->kappas[i];
            if (dots == 1)
                ixs_svg_dot(svg, row->temperature, row->measured);
            else
                ixs_svg_bar(svg, row->temperature, row->measured - row->measured_err,
                            row->measured + row->measured_err);
        }
        ixs_svg_end(svg);
    }
}

static void print_kappa(FILE *out, const struct ixs_dispersion *d)
{
    struct ixs_svg svg = {.out = out, .left = 100, .right = 985, .top = IXS_SVG_HEAD};
    svg.bottom = HEIGHT - IXS_SVG_FOOT;
    svg.x = svg.y = (struct ixs_svg_axis){INFINITY, 0, IXS_SVG_LOG};
    for (size_t i = 0; i < d->nkappas; i++) {
        const struct ixs_thermal_kappa *row = &d->kappas[i];
        const double values[] = {row->kappa, row->measured};
        svg.x.low = fmin(svg.x.low, 0.9 * row->temperature);
        svg.x.high = fmax(svg.x.high, 1.1 * row->temperature);
        for (size_t k = 0; k < IXS_COUNT(values); k++) {
            svg.y.low = values[k] > 0 ? fmin(svg.y.low, 0.7 * values[k]) : svg.y.low;
            svg.y.high = fmax(svg.y.high, 1.4 * values[k]);
        }
    }
    if (!(svg.y.high > svg.y.low) || !(svg.x.low > 0))
        return;
    fputs("<figure><figcaption><b>Thermal conductivity</b> <span class=\"weak\">of these modes; "
          "points: with widths as measured</span><br><span class=\"m1\">●</span> ",
          out);
    print_exponent(out, "κ", ixs_thermal_law_of(d, 0, "kappa"));
    fputs("</figcaption>\n", out);
    ixs_svg_open(out, HEIGHT, "thermal conductivity against temperature");
    ixs_svg_frame(&svg, "K", "W/m/K");
    draw_kappa(&svg, d);
    ixs_svg_close(out);
    fputs("</figure>\n", out);
}

/* ---- the section ----------------------------------------------------------------------------- */

static void print_panels(FILE *out, const struct ixs_dispersion *d, int64_t from, int64_t to)
{
    fputs("<div class=\"panels\">\n", out);
    if (from == 1)
        print_kappa(out, d);
    for (int64_t s = from; s <= to; s++)
        print_series(out, d, s);
    fputs("</div>\n", out);
}

/* Many modes are folded up behind the first. */
static void print_modes(FILE *out, const struct ixs_dispersion *d, int64_t n)
{
    int64_t drawn = n < MOST_PANELS ? n : MOST_PANELS, open = drawn < MOST_OPEN ? drawn : MOST_OPEN;
    print_panels(out, d, 1, open);
    if (drawn > open) {
        fprintf(out, "<details><summary>%" PRId64 " more modes</summary>\n", drawn - open);
        print_panels(out, d, open + 1, drawn);
        fputs("</details>\n", out);
    }
    if (n > drawn)
        fprintf(out,
                "<p class=\"weak\">and %" PRId64 " that are not drawn here: ixs-plot --view "
                "thermal</p>\n",
                n - drawn);
}

void ixs_report_thermal(FILE *out, const struct ixs_dispersion *d)
{
    int64_t n = ixs_thermal_nseries(d);
    if (n == 0)
        return;
    fputs("<h2 id=\"thermal\">Against temperature</h2>\n", out);
    ixs_report_thermal_words(out, d);
    fputs("<p class=\"weak\"><span class=\"m0\">●</span> Ω₀, "
          "<span class=\"total\">●</span> FWHM with their laws; above the dashed line (2 Ω₀) "
          "a mode is overdamped, above the dotted one (Ω₀/π) beyond the Ioffe-Regel limit; "
          "arrows are limits, grey points were left out</p>\n",
          out);
    print_modes(out, d, n);
    ixs_report_thermal_tables(out, d);
}
