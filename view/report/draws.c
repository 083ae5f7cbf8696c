/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a parametric bootstrap and Markov chains say of the parameters of a fit, in tables.
 */
#include "view/report/spectrum.h"

#include "base/array.h"
#include "view/report/html.h"
#include "view/quantity.h"
#include "view/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void print_who(FILE *out, const struct ixs_fit *fit, int64_t spectrum, const char *component,
                      const char *name)
{
    fputs("<tr>", out);
    ixs_html_cell(out, NULL, "%s", ixs_report_analyzer(fit, spectrum));
    ixs_html_cell(out, NULL, "%s.%s", component, name);
}

static void print_interval(FILE *out, double low, double high, const char *unit)
{
    char from[IXS_QUANTITY_SIZE], to[IXS_QUANTITY_SIZE];
    ixs_quantity_plain(low, 4, sizeof from, from);
    ixs_quantity_plain(high, 4, sizeof to, to);
    ixs_html_cell(out, "number", "%s .. %s", from, to);
    ixs_html_cell(out, NULL, "%s", ixs_unit_typeset(unit));
}

static void print_bootstrap(FILE *out, const struct ixs_fit *fit)
{
    static const char *const headings[] = {
        "analyzer", "parameter", "value", "bias of the median", "68 %", "unit", "draws", "chance",
    };
    if (fit->nbootstraps == 0)
        return;
    fputs("<h2>By bootstrap</h2>\n", out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0; i < fit->nbootstraps && i < IXS_REPORT_ROWS; i++) {
        const struct ixs_fit_bootstrap_row *row = &fit->bootstraps[i];
        print_who(out, fit, row->spectrum, row->component, row->name);
        ixs_html_quantity(out, row->value, row->sd);
        ixs_html_number(out, row->bias, 2);
        print_interval(out, row->lo, row->hi, row->unit);
        ixs_html_cell(out, "number", "%" PRId64, row->draws);
        ixs_html_number(out, row->p_value, 2);
        fputs("</tr>\n", out);
    }
    ixs_html_table_end(out);
    ixs_report_more(out, fit->nbootstraps, IXS_REPORT_ROWS, "parameters");
}

static void print_posterior(FILE *out, const struct ixs_fit *fit)
{
    static const char *const headings[] = {
        "analyzer", "parameter", "mean", "68 %", "unit", "R̂", "effective draws", "state",
    };
    if (fit->nposteriors == 0)
        return;
    fputs("<h2>By Markov chains</h2>\n", out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0; i < fit->nposteriors && i < IXS_REPORT_ROWS; i++) {
        const struct ixs_fit_posterior_row *row = &fit->posteriors[i];
        print_who(out, fit, row->spectrum, row->component, row->name);
        ixs_html_quantity(out, row->mean, row->sd);
        print_interval(out, row->lo, row->hi, row->unit);
        ixs_html_number(out, row->r_hat, 4);
        ixs_html_cell(out, "number", "%.0f", row->draws);
        ixs_html_cell(out, strcmp(row->state, "good") == 0 ? "good" : "bad", "%s", row->state);
        fputs("</tr>\n", out);
    }
    ixs_html_table_end(out);
    ixs_report_more(out, fit->nposteriors, IXS_REPORT_ROWS, "parameters");
}

void ixs_report_draws(FILE *out, const struct ixs_fit *fit)
{
    print_bootstrap(out, fit);
    print_posterior(out, fit);
}
