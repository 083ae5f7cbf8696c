/* SPDX-License-Identifier: GPL-3.0-or-later
 * The analyzers of a beamtime over all of its scans.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "view/report/html.h"

#include <math.h>
#include <string.h>

enum { MOST_ANALYZERS = 96 };

struct one { /* analyzer over all scans */
    const char *name;
    struct ixs_tally tally;
    const char *last; /* the last reason, "" if there was none */
};

struct health {
    size_t count, others; /* others: of more analyzers than there is room for */
    struct one list[MOST_ANALYZERS];
};

static struct one *one_of(struct health *health, const char *name)
{
    for (size_t i = 0; i < health->count; i++)
        if (strcmp(health->list[i].name, name) == 0)
            return &health->list[i];
    if (health->count == MOST_ANALYZERS) {
        health->others++;
        return NULL;
    }
    health->list[health->count] = (struct one){.name = name, .last = ""};
    return &health->list[health->count++];
}

static void gather(struct health *health, const struct ixs_report *report)
{
    *health = (struct health){.count = 0};
    for (size_t i = 0; i < report->nfits; i++)
        for (size_t k = 0; k < report->fits[i].nspectra; k++) {
            struct ixs_fit_spectrum *row = &report->fits[i].spectra[k];
            struct one *one = one_of(health, row->id.analyzer);
            const struct ixs_fit alone = {.spectra = row, .nspectra = 1};
            if (one == NULL)
                continue;
            ixs_report_tally(&one->tally, &alone);
            if (row->reason[0] != '\0')
                one->last = row->reason;
        }
}

static void print_one(FILE *out, const struct one *one, const struct ixs_calib *calib)
{
    const struct ixs_calib_analyzer *row = ixs_calib_find(calib, one->name);
    const double nan = (double)NAN;
    fputs("<tr>", out);
    ixs_html_cell(out, NULL, "%s", one->name);
    fprintf(out, "<td class=\"number %s\">%zu</td>",
            ixs_verdict_word(ixs_report_judge(&one->tally)), one->tally.good);
    ixs_html_cell(out, "number", "%zu", one->tally.doubtful);
    ixs_html_cell(out, "number", "%zu", one->tally.without);
    ixs_html_quantity(out, row != NULL ? row->fwhm : nan, row != NULL ? row->fwhm_err : nan);
    ixs_html_quantity(out, row != NULL ? row->zero : nan, row != NULL ? row->zero_err : nan);
    ixs_html_cell(out, NULL, "%s", row != NULL ? row->quality : "");
    ixs_html_cell(out, "long", "%s", one->last);
    fputs("</tr>\n", out);
}

void ixs_report_health(FILE *out, const struct ixs_report *report)
{
    static const char *const headings[] = {
        "analyzer",  "good",      "doubtful",    "no data",
        "FWHM, meV", "zero, meV", "calibration", "last reason",
    };
    struct health health;
    gather(&health, report);
    if (health.count == 0)
        return;
    fputs("<h2 id=\"analyzers\">Analyzers</h2>\n", out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0; i < health.count; i++)
        print_one(out, &health.list[i], &report->calib);
    ixs_html_table_end(out);
    if (health.others > 0)
        fprintf(out, "<p class=\"weak\">and %zu spectra of more analyzers</p>\n", health.others);
}

void ixs_report_health_words(FILE *out, const struct ixs_report *report)
{
    struct health health;
    gather(&health, report);
    for (size_t i = 0; i < health.count; i++) {
        const struct one *one = &health.list[i];
        size_t all = one->tally.good + one->tally.doubtful + one->tally.without;
        if (one->tally.good + one->tally.doubtful == 0)
            ixs_html_item(out, "%s gave no data in any of its %zu spectr%s%s%s", one->name, all,
                          all == 1 ? "um" : "a", one->last[0] != '\0' ? ": " : "", one->last);
    }
}
