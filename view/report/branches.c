/* SPDX-License-Identifier: GPL-3.0-or-later
 * The branches on the page of a beamtime: pictures, a table, elastic constants, what to keep in
 * mind.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "view/show/branch_words.h"
#include "view/report/html.h"

#include <inttypes.h>
#include <math.h>

static void print_branch(FILE *out, const struct ixs_dispersion *d, size_t branch)
{
    const struct ixs_dispersion_branch *row = &d->branches[branch];
    fprintf(out, "<tr><td><span class=\"m%zu\">●</span> %" PRId64 "</td>",
            ixs_branch_rank(d, branch) % IXS_BRANCH_COLOURS, row->branch);
    ixs_html_cell(out, NULL, "%s", row->path);
    ixs_html_number(out, row->temperature, 4);
    ixs_html_cell(out, "number", "%" PRId64, row->npoints);
    ixs_html_cell(out, NULL, "%s", row->law);
    ixs_html_quantity(out, row->velocity, row->velocity_err);
    ixs_html_quantity(out, row->omega_centre, row->omega_centre_err);
    if (row->dof > 0 && isfinite(row->chi2))
        ixs_html_cell(out, "number", "%.1f / %" PRId64, row->chi2, row->dof);
    else
        ixs_html_cell(out, "number", "-");
    ixs_html_number(out, row->scatter, 2);
    ixs_html_quantity(out, row->fwhm_mean, row->fwhm_mean_err);
    ixs_html_quantity(out, row->fwhm_power, row->fwhm_power_err);
    fputs("</tr>\n", out);
}

static void print_table(FILE *out, const struct ixs_dispersion *d)
{
    static const char *const headings[] = {
        "branch",
        "path",
        "K",
        "modes",
        "law",
        "velocity, km/s",
        "at q = 0, meV",
        "χ² / freedom",
        "scatter, meV",
        "mean FWHM, meV",
        "FWHM as q to the",
    };
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t b = 0; b < d->nbranches; b++)
        print_branch(out, d, b);
    ixs_html_table_end(out);
}

static void print_sentences(FILE *out, const struct ixs_dispersion *d)
{
    bool (*const next[])(const struct ixs_dispersion *, size_t *, char[IXS_SENTENCE]) = {
        ixs_branch_fact, ixs_branch_constants, ixs_branch_remark};
    char sentence[IXS_SENTENCE];
    fputs("<ul>\n", out);
    for (size_t k = 0; k < IXS_COUNT(next); k++)
        for (size_t at = 0; next[k](d, &at, sentence);)
            ixs_html_item(out, "%s", sentence);
    fputs("</ul>\n", out);
}

void ixs_report_branches(FILE *out, const struct ixs_dispersion *d)
{
    if (d->npoints == 0)
        return;
    fputs("<h2 id=\"dispersion\">Dispersion</h2>\n", out);
    ixs_report_dispersion(out, d);
    if (d->nbranches > 0)
        print_table(out, d);
    print_sentences(out, d);
}
