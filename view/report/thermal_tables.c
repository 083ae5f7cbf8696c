/* SPDX-License-Identifier: GPL-3.0-or-later
 * Modes against temperature in tables: the thermal conductivity, the laws of each mode.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "view/report/html.h"
#include "view/plot/thermal.h"
#include "view/quantity.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_ROWS = 400, MOST_UNFOLDED = 20 };

static void print_kappa_table(FILE *out, const struct ixs_dispersion *d)
{
    static const char *const headings[] = {
        "K", "κ by the laws, W/m/K", "κ with widths as measured", "modes", "beyond Ioffe-Regel",
    };
    if (d->nkappas == 0)
        return;
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0; i < d->nkappas; i++) {
        const struct ixs_thermal_kappa *row = &d->kappas[i];
        fputs("<tr>", out);
        ixs_html_number(out, row->temperature, 4);
        ixs_html_quantity(out, row->kappa, row->kappa_err);
        ixs_html_quantity(out, row->measured, row->measured_err);
        ixs_html_cell(out, "number", "%" PRId64, row->nmodes);
        ixs_html_cell(out, "number", "%" PRId64, row->nbeyond);
        fputs("</tr>\n", out);
    }
    ixs_html_table_end(out);
}

/* "0.97(3) (T/262 K)^0.78(7)", "0.31(2) + 0.12(3) N3". */
static void print_law(FILE *out, const struct ixs_thermal_law_row *row)
{
    static const struct {
        const char *word, *terms[3];
    } laws[] = {
        {"constant", {"", "", ""}},
        {"three", {" N3", "", ""}},
        {"four", {" N4", "", ""}},
        {"three+rest", {"", " N3", ""}},
        {"four+rest", {"", " N4", ""}},
        {"three+four", {" N3", " N4", ""}},
        {"three+four+rest", {"", " N3", " N4"}},
    };
    char text[IXS_QUANTITY_SIZE];
    size_t k = 0;
    fputs("<td>", out);
    if (row != NULL && strcmp(row->law, "power") == 0) {
        ixs_quantity(row->p[0], row->p_err[0], sizeof text, text);
        fprintf(out, "%s (T/%.4g K)<sup>", text, row->t_ref);
        ixs_quantity(row->p[1], row->p_err[1], sizeof text, text);
        fprintf(out, "%s</sup>", text);
    }
    while (row != NULL && k < IXS_COUNT(laws) && strcmp(row->law, laws[k].word) != 0)
        k++;
    for (size_t i = 0; row != NULL && k < IXS_COUNT(laws) && i < 3 && isfinite(row->p[i]); i++) {
        ixs_quantity(row->p[i], row->p_err[i], sizeof text, text);
        fprintf(out, "%s%s%s", i > 0 ? " + " : "", text, laws[k].terms[i]);
    }
    fputs("</td>", out);
}

static void print_quantity(FILE *out, const struct ixs_thermal_law_row *row, double value,
                           double error)
{
    ixs_html_quantity(out, row != NULL ? value : (double)NAN, row != NULL ? error : (double)NAN);
}

static void print_row(FILE *out, const struct ixs_dispersion *d, int64_t series)
{
    const struct ixs_thermal_law_row none = {.exponent = NAN};
    const struct ixs_thermal_law_row *width = ixs_thermal_law_of(d, series, "fwhm");
    const struct ixs_thermal_law_row *energy = ixs_thermal_law_of(d, series, "omega0");
    const struct ixs_thermal_law_row *known = width != NULL ? width : energy;
    const struct ixs_thermal_row *row = ixs_report_series(d, series);
    if (row == NULL)
        return;
    known = known != NULL ? known : &none;
    fputs("<tr>", out);
    ixs_html_cell(out, "number", "%" PRId64, series);
    ixs_html_cell(out, NULL, "%s", row->analyzer);
    ixs_html_number(out, row->q_reduced, 3);
    ixs_html_cell(out, "number", "%" PRId64, known->npoints);
    print_law(out, energy);
    print_law(out, width);
    print_quantity(out, width, known->exponent, known->exponent_err);
    print_quantity(out, width, known->t_overdamped, known->t_overdamped_err);
    print_quantity(out, width, known->t_ioffe, known->t_ioffe_err);
    ixs_html_number(out, width != NULL ? width->p_value : (double)NAN, 2);
    ixs_html_cell(out, "long", "%s", known->remark);
    fputs("</tr>\n", out);
}

static void print_table(FILE *out, const struct ixs_dispersion *d)
{
    static const char *const headings[] = {
        "series",
        "analyzer",
        "q, Å⁻¹",
        "temperatures",
        "Ω₀, meV",
        "FWHM, meV",
        "exponent of FWHM",
        "overdamped above, K",
        "Ioffe-Regel above, K",
        "chance",
        "remark",
    };
    int64_t n = ixs_thermal_nseries(d);
    fprintf(out, "<details%s><summary>The laws of each mode</summary>\n",
            n <= MOST_UNFOLDED ? " open" : "");
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (int64_t s = 1; s <= n && s <= MOST_ROWS; s++)
        print_row(out, d, s);
    ixs_html_table_end(out);
    fputs("</details>\n", out);
    if (n > MOST_ROWS)
        fprintf(out, "<p class=\"weak\">and %" PRId64 " more modes: ixs-show</p>\n", n - MOST_ROWS);
}

void ixs_report_thermal_tables(FILE *out, const struct ixs_dispersion *d)
{
    print_kappa_table(out, d);
    print_table(out, d);
}
