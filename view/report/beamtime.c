/* SPDX-License-Identifier: GPL-3.0-or-later
 * The page of a beamtime: a verdict in words, the dispersion, modes against temperature, every scan
 * with a link to its page, every analyzer over all scans.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "view/report/html.h"

#include <math.h>
#include <string.h>

/* How many scans ended early, and merged scans that do not agree. */
static void say_scans(FILE *out, const struct ixs_report *report)
{
    size_t early = 0, merged = 0, doubtful = 0;
    for (size_t i = 0; i < report->nscans; i++)
        early += ixs_report_is_short(&report->scans[i]);
    if (early > 0)
        ixs_html_item(out, "%zu scan%s of %zu ended early or lost rows", early,
                      ixs_html_plural(early), report->nscans);
    for (size_t i = 0; i < report->nfits; i++) {
        struct ixs_fate fate;
        size_t at = 0;
        while (ixs_fate_next(ixs_report_set_of(report, i), &at, &fate)) {
            merged++;
            doubtful += fate.doubts[0] != '\0';
        }
    }
    if (merged > 0)
        ixs_html_item(out, "%zu scan%s merged with repeats", merged,
                      merged == 1 ? " was" : "s were");
    if (doubtful > 0)
        ixs_html_item(out, "in %zu of them some analyzer differs from the other scans", doubtful);
}

/* Widths behind a response that is not of this beamtime are not the sample's. */
static void say_responses(FILE *out, const struct ixs_report *report)
{
    size_t others = 0, all = 0;
    for (size_t i = 0; i < report->nfits; i++)
        for (size_t k = 0; k < report->fits[i].nspectra; k++, all++) {
            const char *response = report->fits[i].spectra[k].id.response;
            others += strcmp(response, "nominal") == 0 || strcmp(response, "lent") == 0;
        }
    if (others > 0)
        ixs_html_item(out, "%zu of %zu responses are nominal or lent: linewidths are not intrinsic",
                      others, all);
}

static void print_verdict(FILE *out, const struct ixs_report *report)
{
    struct ixs_tally tally = {0};
    size_t nmodes = 0, nbranches = report->dispersion.nbranches;
    for (size_t i = 0; i < report->nfits; i++) {
        ixs_report_tally(&tally, &report->fits[i]);
        nmodes += report->fits[i].nmodes;
    }
    size_t all = tally.good + tally.doubtful + tally.without;
    fprintf(out,
            "<div class=\"verdict %s\"><span>%zu fit%s, %zu spectr%s: %zu fitted well, %zu "
            "doubtful, %zu without data; %zu mode%s in %zu branch%s.</span>\n<ul>",
            ixs_verdict_word(ixs_report_judge(&tally)), report->nfits,
            ixs_html_plural(report->nfits), all, all == 1 ? "um" : "a", tally.good, tally.doubtful,
            tally.without, nmodes, ixs_html_plural(nmodes), nbranches, nbranches == 1 ? "" : "es");
    ixs_report_health_words(out, report);
    say_scans(out, report);
    say_responses(out, report);
    fputs("</ul></div>\n", out);
}

/* The sections of the page that are there. */
static void print_contents(FILE *out, const struct ixs_report *report)
{
    const struct {
        bool there;
        const char *place, *words;
    } sections[] = {{report->dispersion.npoints > 0, "#dispersion", "Dispersion"},
                    {report->dispersion.nthermal > 0, "#thermal", "Against temperature"},
                    {report->nfits + report->nscans > 0, "#scans", "Scans"},
                    {report->nfits > 0, "#analyzers", "Analyzers"},
                    {report->has_calib, "calibration.html", "Calibration"}};
    const char *separator = "<p>";
    for (size_t k = 0; k < IXS_COUNT(sections); k++) {
        if (!sections[k].there)
            continue;
        fprintf(out, "%s<a href=\"%s\">%s</a>", separator, sections[k].place, sections[k].words);
        separator = " · ";
    }
    fputs("</p>\n", out);
}

void ixs_report_beamtime(FILE *out, const struct ixs_report *report)
{
    const struct ixs_identity *identity =
        report->nfits > 0 ? &report->fits[0].identity : &report->dispersion.identity;
    const char *title = identity->object[0] != '\0' ? identity->object : "Beamtime";
    ixs_report_head(out, title, report->refresh);
    fputs("<h1>", out);
    ixs_html(out, title);
    fputs("</h1>\n<p class=\"weak\">", out);
    ixs_html(out, identity->instrument);
    fputs("</p>\n", out);
    print_contents(out, report);
    if (report->nfits > 0)
        print_verdict(out, report);
    ixs_report_branches(out, &report->dispersion);
    ixs_report_thermal(out, &report->dispersion);
    ixs_report_scans(out, report);
    ixs_report_health(out, report);
    ixs_report_foot(out);
}
