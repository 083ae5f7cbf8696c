/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page of a scan: a verdict in words, each analyzer's spectrum with its fit and residuals, and
 * its health in a table.
 */
#include "view/report/report.h"

#include "view/plot/fit_words.h"
#include "view/report/html.h"
#include "view/quantity.h"
#include "view/report/spectrum.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MOST_DOUBTS = 12, NAMES = 400 };

/* ---- verdict --------------------------------------------------------------------------------- */

/* Of several each by its name. */
static void print_scan(FILE *out, const struct ixs_report *report, size_t i)
{
    if (report->nscans > 1) {
        ixs_html(out, report->scans[i].name);
        fputs(": ", out);
    }
    ixs_report_course(out, &report->scans[i]);
}

static void say_courses(FILE *out, const struct ixs_report *report)
{
    for (size_t i = 0; i < report->nscans; i++) {
        if (!ixs_report_is_short(&report->scans[i]))
            continue;
        fputs("<li>", out);
        print_scan(out, report, i);
        fputs("</li>\n", out);
    }
}

static bool same_fate(const struct ixs_fit_spectrum *a, const struct ixs_fit_spectrum *b)
{
    return strcmp(a->status, b->status) == 0 && strcmp(a->reason, b->reason) == 0;
}

/* "Ana1, Ana4" of all whose fate is that of spectrum i; how many they are. */
static size_t name_alike(char names[NAMES], const struct ixs_fit *fit, size_t i)
{
    size_t count = 0;
    names[0] = '\0';
    for (size_t k = i; k < fit->nspectra; k++) {
        size_t used = strlen(names);
        if (same_fate(&fit->spectra[k], &fit->spectra[i]) && count++ < MOST_DOUBTS)
            snprintf(names + used, NAMES - used, "%s%s", used > 0 ? ", " : "",
                     fit->spectra[k].id.analyzer);
    }
    return count;
}

static void say_alike(FILE *out, const struct ixs_fit *fit, size_t i)
{
    const struct ixs_fit_spectrum *row = &fit->spectra[i];
    char names[NAMES], more[32] = "";
    size_t count = name_alike(names, fit, i);
    if (count > MOST_DOUBTS)
        snprintf(more, sizeof more, " and %zu more", count - MOST_DOUBTS);
    ixs_html_item(out, "%s%s %s %s%s%s", names, more, count == 1 ? "is" : "are", row->status,
                  row->reason[0] != '\0' ? ": " : "", row->reason);
}

/* Spectra of one status and reason are told together. */
static void say_spectra(FILE *out, const struct ixs_fit *fit)
{
    size_t told = 0;
    for (size_t i = 0; i < fit->nspectra; i++) {
        size_t before = 0;
        while (before < i && !same_fate(&fit->spectra[before], &fit->spectra[i]))
            before++;
        if (strcmp(fit->spectra[i].status, "good") != 0 && before == i && told++ < MOST_DOUBTS)
            say_alike(out, fit, i);
    }
    if (told > MOST_DOUBTS)
        ixs_html_item(out, "and more of other kinds: see the table");
}

/* Widths behind a response that is not of this beamtime are not the sample's. */
static void say_responses(FILE *out, const struct ixs_fit *fit)
{
    static const char *const words[] = {"nominal", "lent"};
    for (size_t k = 0; k < IXS_COUNT(words); k++) {
        size_t count = 0;
        for (size_t i = 0; i < fit->nspectra; i++)
            count += strcmp(fit->spectra[i].id.response, words[k]) == 0;
        if (count > 0)
            ixs_html_item(out, "%zu of %zu responses are %s: linewidths are not intrinsic", count,
                          fit->nspectra, words[k]);
    }
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
    struct ixs_fit_spread spread = ixs_fit_spread(fit);
    fprintf(
        out, "<div class=\"verdict %s\"><span>%zu of %zu %s fitted well, %zu mode%s.</span><ul>",
        ixs_verdict_word(verdict), tally.good, fit->nspectra,
        spread.several_scans ? "spectra" : "analyzers", fit->nmodes, ixs_html_plural(fit->nmodes));
    say_courses(out, report);
    say_spectra(out, fit);
    say_responses(out, fit);
    ixs_report_evidence_words(out, fit);
    fputs("</ul></div>\n", out);
}

/* ---- the table ------------------------------------------------------------------------------- */

static void print_row(FILE *out, const struct ixs_fit *fit, const struct ixs_fit_spectrum *row)
{
    char place[256], number[IXS_QUANTITY_SIZE], numbers[IXS_EVIDENCE_SIZE];
    struct ixs_fit_spread spread = ixs_fit_spread(fit);
    ixs_fit_place(row, spread.several_scans, spread.several_temperatures, sizeof place, place);
    ixs_report_evidence(fit, row->id.spectrum, numbers);
    fputs("<tr>", out);
    ixs_html_cell(out, NULL, "%s", row->id.analyzer);
    ixs_html_cell(out, NULL, "%s", place);
    ixs_html_cell(out, ixs_status_class(row->status), "%s", row->status);
    ixs_html_cell(out, "long", "%s", row->reason);
    ixs_html_cell(out, NULL, "%s", row->id.response);
    ixs_html_cell(out, NULL, "%" PRId64 "%s%s", row->nmodes, numbers[0] != '\0' ? ": " : "",
                  numbers);
    ixs_html_quantity(out, row->zero, row->zero_err);
    ixs_html_quantity(out, row->elastic, row->elastic_err);
    ixs_html_quantity(out, row->background, row->background_err);
    ixs_quantity_plain(row->deviance, 4, sizeof number, number);
    ixs_html_cell(out, "number", "%s / %" PRId64, number, row->dof);
    ixs_html_number(out, row->p_value, 2);
    fputs("</tr>\n", out);
}

static void print_table(FILE *out, const struct ixs_fit *fit)
{
    static const char *const headings[] = {
        "analyzer",
        "where",
        "status",
        "why",
        "response",
        "modes",
        "zero, meV",
        "elastic, meV count/s",
        "background, count/s",
        "deviance / freedom",
        "chance",
    };
    fputs("<h2>Each spectrum</h2>\n", out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0; i < fit->nspectra && i < IXS_REPORT_ROWS; i++)
        print_row(out, fit, &fit->spectra[i]);
    ixs_html_table_end(out);
    ixs_report_more(out, fit->nspectra, IXS_REPORT_ROWS, "spectra");
}

/* ---- the page -------------------------------------------------------------------------------- */

static void print_title(FILE *out, const struct ixs_fit *fit, const char *name)
{
    const char *words[] = {fit->identity.object, fit->identity.instrument, fit->identity.date};
    struct ixs_fit_spread spread = ixs_fit_spread(fit);
    fputs("<h1>", out);
    ixs_html(out, name);
    fputs("</h1>\n<p class=\"weak\">", out);
    for (size_t k = 0; k < IXS_COUNT(words); k++) {
        ixs_html(out, words[k]);
        fputs(words[k][0] != '\0' ? " · " : "", out);
    }
    if (spread.several_temperatures)
        fprintf(out, "%.4g to %.4g K · ", spread.coldest, spread.warmest);
    else if (isfinite(spread.coldest))
        fprintf(out, "%.4g K · ", spread.coldest);
    fputs("<a href=\"index.html\">the beamtime</a></p>\n", out);
}

/* What was scanned, and how far. */
static void print_course(FILE *out, const struct ixs_report *report)
{
    for (size_t i = 0; i < report->nscans; i++) {
        fputs("<p>", out);
        print_scan(out, report, i);
        fputs("</p>\n", out);
    }
}

void ixs_report_scan(FILE *out, const struct ixs_report *report)
{
    const struct ixs_fit *fit = &report->fits[0];
    ixs_report_head(out, report->names[0], report->refresh);
    print_title(out, fit, report->names[0]);
    if (ixs_report_set_of(report, 0) == NULL)
        print_course(out, report);
    print_verdict(out, report);
    ixs_report_merged(out, report, 0);
    ixs_report_spectra(out, fit);
    ixs_report_together(out, fit);
    ixs_report_modes(out, fit);
    ixs_report_draws(out, fit);
    print_table(out, fit);
    ixs_report_foot(out);
}
