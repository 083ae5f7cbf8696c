/* SPDX-License-Identifier: GPL-3.0-or-later
 * The list of scans of a beamtime: what was fitted, with a link to its page; the scans of a merged
 * set below it, with what became of them; scans of which nothing was made, and why.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "view/report/html.h"
#include "view/report/spectrum.h"

#include <string.h>

static void print_ending(FILE *out, const struct ixs_report_scan *scan)
{
    fputs("<td class=\"long\">", out);
    if (scan != NULL && ixs_report_is_short(scan))
        ixs_report_course(out, scan);
    fputs("</td></tr>\n", out);
}

static void print_fit(FILE *out, const struct ixs_report *report, size_t index)
{
    const struct ixs_fit *fit = &report->fits[index];
    const char *name = report->names[index];
    struct ixs_fit_spread spread = ixs_fit_spread(fit);
    struct ixs_tally tally = {0};
    ixs_report_tally(&tally, fit);
    fputs("<tr><td>", out);
    ixs_html_link(out, name, NULL, name);
    fputs("</td>", out);
    ixs_html_cell(out, NULL, "%s", fit->identity.date);
    if (spread.several_temperatures)
        ixs_html_cell(out, "number", "%.4g to %.4g", spread.coldest, spread.warmest);
    else
        ixs_html_number(out, spread.coldest, 4);
    fprintf(out, "<td class=\"number %s\">%zu</td>", ixs_verdict_word(ixs_report_judge(&tally)),
            tally.good);
    ixs_html_cell(out, "number", "%zu", tally.doubtful);
    ixs_html_cell(out, "number", "%zu", tally.without);
    ixs_html_cell(out, "number", "%zu", fit->nmodes);
    print_ending(out, ixs_report_scan_of(report, index));
}

/* A scan of a merged set, linked to its place on the page of the set. */
static void print_member(FILE *out, const struct ixs_report *report, size_t index,
                         const struct ixs_fate *fate)
{
    const struct ixs_report_scan *scan = ixs_report_find(report, fate->source, fate->scans);
    char words[IXS_FATE_WORDS], name[121];
    ixs_report_name(name, fate->source);
    ixs_fate_words(fate, words);
    fputs("<tr class=\"member\"><td>", out);
    ixs_html_link(out, report->names[index], "merged", name);
    fputs("</td>", out);
    ixs_html_cell(out, NULL, "%s", scan != NULL ? scan->date : "");
    fprintf(out, "<td colspan=\"5\" class=\"long %s\">",
            ixs_fate_is_doubtful(fate) ? "fair" : "weak");
    ixs_html(out, words);
    fputs("</td>", out);
    print_ending(out, scan);
}

static bool is_reference(const struct ixs_calib *calib, const struct ixs_report_scan *scan)
{
    for (size_t i = 0; i < calib->ndrift; i++)
        if (calib->drift[i].scan == scan->keys.scan && scan->keys.order == 1)
            return true;
    return false;
}

static void print_unused(FILE *out, const struct ixs_report_scan *scan,
                         const struct ixs_calib *calib)
{
    fputs("<tr>", out);
    ixs_html_cell(out, NULL, "%s", scan->name);
    ixs_html_cell(out, NULL, "%s", scan->date);
    fprintf(out, "<td colspan=\"5\" class=\"long %s\">%s%s",
            scan->failed[0] != '\0' ? "bad" : "weak",
            is_reference(calib, scan) ? "for the calibration" : "no fit",
            scan->failed[0] != '\0' ? ": " : "");
    ixs_html(out, scan->failed);
    fputs("</td>", out);
    print_ending(out, scan);
}

void ixs_report_scans(FILE *out, const struct ixs_report *report)
{
    static const char *const headings[] = {
        "scan",     "begun",   "K",     "good",
        "doubtful", "no data", "modes", "how it ended, if not complete",
    };
    if (report->nfits + report->nscans == 0)
        return;
    fputs("<h2 id=\"scans\">Scans</h2>\n", out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0; i < report->nfits; i++) {
        struct ixs_fate fate;
        size_t at = 0;
        print_fit(out, report, i);
        while (ixs_fate_next(ixs_report_set_of(report, i), &at, &fate))
            print_member(out, report, i, &fate);
    }
    for (size_t i = 0; i < report->nscans; i++)
        if (!report->scans[i].used)
            print_unused(out, &report->scans[i], &report->calib);
    ixs_html_table_end(out);
}
