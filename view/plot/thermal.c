/* SPDX-License-Identifier: GPL-3.0-or-later
 * Temperature series: a panel for each mode with its energy and width against temperature, their
 * laws, and where it is overdamped (FWHM above 2 OMEGA0) or beyond the Ioffe-Regel limit (above
 * OMEGA0/pi); limits with an arrow; at the end the thermal conductivity, both axes logarithmic.
 */
#include "view/plot/thermal.h"

#include "base/array.h"
#include "base/units.h"
#include "view/quantity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PANELS = 63 };

/* ---- points ---------------------------------------------------------------------------------- */

static bool fill(struct ixs_dots *dots, const struct ixs_dispersion *from, int64_t series,
                 enum ixs_thermal_kind kind, struct ixs_err *err)
{
    if (!ixs_dots_make(dots, from->nthermal, err))
        return false;
    for (size_t i = 0; i < from->nthermal; i++) {
        const struct ixs_thermal_row *row = &from->thermal[i];
        if (row->series != series || !isfinite(ixs_thermal_shown(row, kind)))
            continue;
        dots->x[dots->n] = row->temperature;
        dots->y[dots->n] = ixs_thermal_shown(row, kind);
        dots->error[dots->n] = kind == IXS_THERMAL_ENERGY  ? row->omega0_err
                               : kind == IXS_THERMAL_WIDTH ? fmin(row->fwhm_err, row->fwhm)
                                                           : 0.0;
        dots->flagged[dots->n++] = strcmp(row->told, "outlier") == 0;
    }
    return true;
}

/* ---- panels of modes ------------------------------------------------------------------------- */

static int put_law(struct ixs_script *script, const struct ixs_thermal_law_row *row, double factor)
{
    if (row == NULL)
        return 0;
    int block = ixs_script_block(script);
    for (int i = 0; i <= 60; i++) {
        double kelvin = row->t_lo + (row->t_hi - row->t_lo) * i / 60.0;
        ixs_script_pair(script, kelvin, factor * ixs_thermal_law_at(row, kelvin));
    }
    ixs_script_block_end(script);
    return block;
}

static void plot_law(struct ixs_script *script, int block, const char *style)
{
    if (block > 0)
        fprintf(script->out, ", $d%d using 1:2 with lines %s notitle", block, style);
}

static void plot_arrows(struct ixs_script *script, int block, double length)
{
    if (block > 0)
        fprintf(script->out,
                ", $d%d using 1:2:(0):(%g) with vectors head filled size screen 0.004,20 lw 1.2 lc "
                "rgb '" IXS_VERMILLION "' notitle",
                block, length);
}

static void title(struct ixs_script *script, const struct ixs_panel *panel,
                  const struct ixs_dispersion *d, int64_t series)
{
    char bold[64] = "", plain[128] = "", over[IXS_QUANTITY_SIZE], power[IXS_QUANTITY_SIZE];
    const struct ixs_thermal_law_row *width = ixs_thermal_law_of(d, series, "fwhm");
    for (size_t i = 0; i < d->nthermal; i++)
        if (d->thermal[i].series == series) {
            snprintf(bold, sizeof bold, "%s  %.3g Å⁻¹", d->thermal[i].analyzer,
                     d->thermal[i].q_reduced);
            break;
        }
    if (width != NULL) {
        ixs_quantity(width->exponent, width->exponent_err, sizeof power, power);
        ixs_quantity(width->t_overdamped, width->t_overdamped_err, sizeof over, over);
        snprintf(plain, sizeof plain, "T^%s%s%s%s", power,
                 isfinite(width->t_overdamped) ? ", over at " : "",
                 isfinite(width->t_overdamped) ? over : "",
                 isfinite(width->t_overdamped) ? " K" : "");
    }
    ixs_script_title(script, panel, bold, plain);
}

static bool draw_series(struct ixs_script *script, const struct ixs_panel *panel,
                        const struct ixs_dispersion *d, int64_t series, struct ixs_err *err)
{
    const struct ixs_frame plain = {.log = false};
    struct ixs_dots_blocks blocks[IXS_THERMAL_KINDS];
    struct ixs_thermal_axes axes = ixs_thermal_axes(d, series);
    bool ok = true;
    for (int kind = 0; ok && kind < IXS_THERMAL_KINDS; kind++) {
        struct ixs_dots dots = {0};
        ok = fill(&dots, d, series, (enum ixs_thermal_kind)kind, err);
        if (ok)
            blocks[kind] = ixs_script_dots(script, &dots, &plain);
        ixs_dots_dispose(&dots);
    }
    if (!ok)
        return false;
    const struct ixs_thermal_law_row *energy = ixs_thermal_law_of(d, series, "omega0");
    int over = put_law(script, energy, 2.0), ioffe = put_law(script, energy, 1.0 / IXS_PI);
    int omega = put_law(script, energy, 1.0);
    int width = put_law(script, ixs_thermal_law_of(d, series, "fwhm"), 1.0);
    ixs_script_panel(script, panel);
    title(script, panel, d, series);
    fprintf(script->out, "set xrange [%.8g:%.8g]\nset yrange [0:%.8g]\nplot NaN notitle", axes.t_lo,
            axes.t_hi, axes.top);
    plot_law(script, over, "dt 2 lw 1.2 lc rgb '" IXS_GREY "'");
    plot_law(script, ioffe, "dt 3 lw 1.2 lc rgb '" IXS_GREY "'");
    plot_law(script, omega, "lw 1.8 lc rgb '" IXS_BLUE "'");
    plot_law(script, width, "lw 1.8 lc rgb '" IXS_VERMILLION "'");
    plot_arrows(script, blocks[IXS_THERMAL_BELOW].plain.points, -0.1 * axes.top);
    plot_arrows(script, blocks[IXS_THERMAL_ABOVE].plain.points, 0.1 * axes.top);
    ixs_script_dots_plot(script, &blocks[IXS_THERMAL_ENERGY].plain, "pt 7 ps 0.7", 1.0, IXS_BLUE);
    ixs_script_dots_plot(script, &blocks[IXS_THERMAL_WIDTH].plain, "pt 5 ps 0.7", 1.0,
                         IXS_VERMILLION);
    ixs_script_dots_plot(script, &blocks[IXS_THERMAL_BELOW].plain, "pt 4 ps 0.7", 1.0,
                         IXS_VERMILLION);
    ixs_script_dots_plot(script, &blocks[IXS_THERMAL_ABOVE].plain, "pt 4 ps 0.7", 1.0,
                         IXS_VERMILLION);
    ixs_script_dots_plot(script, &blocks[IXS_THERMAL_ENERGY].flagged, "pt 6 ps 0.7", 0.7, IXS_GREY);
    ixs_script_dots_plot(script, &blocks[IXS_THERMAL_WIDTH].flagged, "pt 4 ps 0.7", 0.7, IXS_GREY);
    fputc('\n', script->out);
    return true;
}

/* ---- conductivity ---------------------------------------------------------------------------- */

static void put_kappa(struct ixs_script *script, const struct ixs_dispersion *d, int blocks[3])
{
    blocks[0] = ixs_script_block(script);
    for (size_t i = 0; i < d->nkappas; i++) {
        const struct ixs_thermal_kappa *row = &d->kappas[i];
        double low = fmax(row->kappa - row->kappa_err, 0.05 * row->kappa);
        fprintf(script->out, "%.7g %.7g %.7g\n", row->temperature, low,
                row->kappa + row->kappa_err);
    }
    ixs_script_block_end(script);
    blocks[1] = ixs_script_block(script);
    for (size_t i = 0; i < d->nkappas; i++)
        ixs_script_pair(script, d->kappas[i].temperature, d->kappas[i].measured);
    ixs_script_block_end(script);
    blocks[2] = ixs_script_block(script);
    for (size_t i = 0; i < d->nkappas; i++) {
        const struct ixs_thermal_kappa *row = &d->kappas[i];
        ixs_script_bar(script, row->temperature,
                       fmax(row->measured - row->measured_err, 0.05 * row->measured),
                       row->measured + row->measured_err);
    }
    ixs_script_block_end(script);
}

/* 1, 2 and 5 of each power of ten: the axis covers one or two. */
static void put_tics(struct ixs_script *script, double low, double high)
{
    static const int digits[] = {1, 2, 5};
    const char *between = "";
    fputs("set ytics (", script->out);
    for (double decade = pow(10.0, floor(log10(low))); decade <= high; decade *= 10.0)
        for (size_t i = 0; i < IXS_COUNT(digits); i++) {
            fprintf(script->out, "%s%.6g", between, digits[i] * decade);
            between = ", ";
        }
    fputs(")\n", script->out);
}

static void draw_kappa(struct ixs_script *script, const struct ixs_panel *panel,
                       const struct ixs_dispersion *d)
{
    const struct ixs_thermal_law_row *law = ixs_thermal_law_of(d, 0, "kappa");
    double low = INFINITY, high = 0.0, t_hi = d->kappas[d->nkappas - 1].temperature;
    char power[IXS_QUANTITY_SIZE] = "-", plain[80];
    int blocks[3];
    for (size_t i = 0; i < d->nkappas; i++) {
        low = fmin(low, fmin(d->kappas[i].kappa, d->kappas[i].measured));
        high = fmax(high, fmax(d->kappas[i].kappa, d->kappas[i].measured));
    }
    put_kappa(script, d, blocks);
    int line = put_law(script, law, 1.0);
    if (law != NULL)
        ixs_quantity(law->exponent, law->exponent_err, sizeof power, power);
    snprintf(plain, sizeof plain, "κ (W/m/K) ∝ T^%s", power);
    ixs_script_panel(script, panel);
    ixs_script_title(script, panel, "conductivity", plain);
    put_tics(script, 0.6 * low, 1.5 * high);
    fprintf(script->out,
            "set logscale xy\nset xrange [%.8g:%.8g]\nset yrange [%.8g:%.8g]\nset xtics add "
            "(100, 150, 200, 300, 400, 500, 700)\nplot $d%d using 1:2:3 with filledcurves lc rgb "
            "'" IXS_GREEN "' notitle",
            0.9 * d->kappas[0].temperature, 1.1 * t_hi, 0.6 * low, 1.5 * high, blocks[0]);
    plot_law(script, line, "lw 1.8 lc rgb '" IXS_GREEN "'");
    fprintf(script->out,
            ", $d%d using 1:2 with lines lw 1 lc rgb '#000000' notitle, $d%d using 1:2 with points "
            "pt 7 ps 0.7 lc rgb '#000000' notitle\nunset logscale\n",
            blocks[2], blocks[1]);
}

/* ---- the page -------------------------------------------------------------------------------- */

static bool is_chosen(const struct ixs_dispersion *d, int64_t series,
                      const struct ixs_plot_choice *choice)
{
    if (choice->spectrum > 0)
        return series == choice->spectrum;
    for (size_t i = 0; i < d->nthermal; i++)
        if (d->thermal[i].series == series)
            return choice->analyzer == NULL ||
                   strcmp(choice->analyzer, d->thermal[i].analyzer) == 0;
    return false;
}

static size_t choose(const struct ixs_dispersion *d, const struct ixs_plot_choice *choice,
                     int64_t series[MOST_PANELS], size_t *more)
{
    size_t n = 0;
    *more = 0;
    for (int64_t s = 1; s <= ixs_thermal_nseries(d); s++) {
        if (!is_chosen(d, s, choice))
            continue;
        if (n < MOST_PANELS)
            series[n++] = s;
        else
            ++*more;
    }
    return n;
}

static void head(struct ixs_script *script, struct ixs_page *page, const struct ixs_dispersion *d,
                 size_t more)
{
    static const struct ixs_legend legend[] = {
        {"points pt 7 ps 0.9 lc rgb '" IXS_BLUE "'", "Ω₀ (meV) against T (K)"},
        {"points pt 5 ps 0.9 lc rgb '" IXS_VERMILLION "'", "FWHM"},
        {"points pt 4 ps 0.9 lc rgb '" IXS_VERMILLION "'", "limit"},
        {"points pt 6 ps 0.9 lc rgb '" IXS_GREY "'", "left out"},
        {"lines dt 2 lw 1.2 lc rgb '" IXS_GREY "'", "2 Ω₀: overdamped above"},
        {"lines dt 3 lw 1.2 lc rgb '" IXS_GREY "'", "Ω₀/π: Ioffe-Regel"},
    };
    char text[160], remark[64];
    snprintf(text, sizeof text, "%s%smodes against temperature", d->identity.object,
             d->identity.object[0] ? ": " : "");
    snprintf(remark, sizeof remark, "and %zu more (--analyzer, --spectrum)", more);
    struct ixs_heading heading = {text, more > 0 ? remark : NULL, false};
    ixs_page_head(script, page, &heading, IXS_COUNT(legend), legend);
}

bool ixs_plot_thermal(struct ixs_script *script, const struct ixs_dispersion *dispersion,
                      const struct ixs_plot_choice *choice, struct ixs_err *err)
{
    int64_t series[MOST_PANELS];
    struct ixs_page page;
    size_t more = 0, n = choose(dispersion, choice, series, &more);
    bool heat = dispersion->nkappas > 0 && choice->spectrum == 0, ok = true;
    if (n == 0) {
        ixs_page_empty(script, choice, "no mode of this dispersion at several temperatures");
        return true;
    }
    ixs_page_begin(script, choice, n + (heat ? 1 : 0), &page);
    head(script, &page, dispersion, more);
    for (size_t i = 0; ok && i < n; i++) {
        struct ixs_panel panel = ixs_grid_panel(&page.grid, i);
        ok = draw_series(script, &panel, dispersion, series[i], err);
    }
    struct ixs_panel last = ixs_grid_panel(&page.grid, n);
    if (ok && heat)
        draw_kappa(script, &last, dispersion);
    ixs_script_end(script);
    return ok;
}
