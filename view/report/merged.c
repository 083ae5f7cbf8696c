/* SPDX-License-Identifier: GPL-3.0-or-later
 * Merged scans on pages: what became of each scan of a set.
 */
#include "view/report/report.h"

#include "base/array.h"
#include "view/report/html.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

/* ---- one scan of a set over its analyzers ---------------------------------------------------- */

static void add_words(char words[IXS_FATE_WORDS], const char *format, ...) IXS_PRINTF(2, 3);

static void add_words(char words[IXS_FATE_WORDS], const char *format, ...)
{
    size_t used = strlen(words);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words + used, IXS_FATE_WORDS - used, format, arguments);
    va_end(arguments);
}

static bool is_of(const struct ixs_merged *row, const struct ixs_merged *other)
{
    return strcmp(row->source, other->source) == 0 && strcmp(row->scans, other->scans) == 0;
}

static void name_spiky(struct ixs_fate *fate, const struct ixs_merged *row)
{
    if (row->spikes + row->dips > 0)
        add_words(fate->spiky, "%s%s", fate->spiky[0] != '\0' ? ", " : "", row->analyzer);
    if (row->used == 0)
        add_words(fate->unused, "%s%s", fate->unused[0] != '\0' ? ", " : "", row->analyzer);
}

static void name_doubts(struct ixs_fate *fate, const struct ixs_merged *row)
{
    static const struct {
        const char *status, *words;
    } doubts[] = {
        {"differs", "differs from the other scans"},
        {"scale", "has other rates"},
        {"shift", "is shifted by itself"},
    };
    for (size_t k = 0; k < IXS_COUNT(doubts); k++)
        if (strcmp(row->status, doubts[k].status) == 0)
            add_words(fate->doubts, "; %s %s", row->analyzer, doubts[k].words);
}

static struct ixs_fate fate_of(const struct ixs_report_set *set, size_t first)
{
    const struct ixs_merged *like = &set->rows[first];
    struct ixs_fate fate = {.source = like->source,
                            .scans = like->scans,
                            .shift = like->shift,
                            .shift_err = like->shift_err};
    for (size_t i = first; i < set->nrows; i++) {
        const struct ixs_merged *row = &set->rows[i];
        if (!is_of(row, like))
            continue;
        fate.nspectra++;
        fate.npoints += row->npoints;
        fate.used += row->used;
        fate.spikes += row->spikes;
        fate.dips += row->dips;
        fate.lost += row->lost;
        fate.flagged += row->flagged;
        name_spiky(&fate, row);
        name_doubts(&fate, row);
    }
    return fate;
}

bool ixs_fate_next(const struct ixs_report_set *set, size_t *at, struct ixs_fate *fate)
{
    for (; set != NULL && *at < set->nrows; ++*at) {
        size_t before = 0;
        while (before < *at && !is_of(&set->rows[before], &set->rows[*at]))
            before++;
        if (before < *at)
            continue;
        *fate = fate_of(set, (*at)++);
        return true;
    }
    return false;
}

bool ixs_fate_is_doubtful(const struct ixs_fate *fate)
{
    return fate->doubts[0] != '\0' || fate->unused[0] != '\0' ||
           fate->spikes + fate->dips + fate->lost > 0;
}

void ixs_fate_words(const struct ixs_fate *fate, char words[IXS_FATE_WORDS])
{
    const struct {
        int64_t count;
        const char *what;
    } left[] = {{fate->spikes, "spikes"},
                {fate->dips, "dips"},
                {fate->lost, "lost with the beam"},
                {fate->flagged, "flagged before"}};
    const char *separator = ", left out ";
    words[0] = '\0';
    add_words(words, "merged: %" PRId64 " of %" PRId64 " points of %zu analyzer%s", fate->used,
              fate->npoints, fate->nspectra, ixs_html_plural(fate->nspectra));
    for (size_t k = 0; k < IXS_COUNT(left); k++) {
        if (left[k].count == 0)
            continue;
        add_words(words, "%s%" PRId64 " %s", separator, left[k].count, left[k].what);
        separator = ", ";
    }
    if (fate->spiky[0] != '\0')
        add_words(words, " (spikes and dips: %s)", fate->spiky);
    if (fate->unused[0] != '\0')
        add_words(words, "; nothing of %s", fate->unused);
    add_words(words, "%s", fate->doubts);
}

const struct ixs_report_set *ixs_report_set_of(const struct ixs_report *report, size_t fit)
{
    char source[121] = "";
    if (report->fits[fit].nspectra > 0)
        ixs_report_name(source, report->fits[fit].spectra[0].id.source);
    for (size_t i = 0; i < report->nsets; i++)
        if (strcmp(report->sets[i].name, report->names[fit]) == 0 ||
            strcmp(report->sets[i].name, source) == 0)
            return &report->sets[i];
    return NULL;
}

/* ---- the section of a page ------------------------------------------------------------------- */

static void print_member(FILE *out, const struct ixs_report *report, const struct ixs_fate *fate)
{
    const struct ixs_report_scan *scan = ixs_report_find(report, fate->source, fate->scans);
    char words[IXS_FATE_WORDS];
    ixs_fate_words(fate, words);
    fputs("<li><b>scan ", out);
    ixs_html(out, fate->scans);
    fputs("</b> <span class=\"weak\">", out);
    ixs_html(out, fate->source);
    fprintf(out, "</span> <span class=\"%s\">", ixs_fate_is_doubtful(fate) ? "fair" : "good");
    ixs_html(out, words);
    fputs("</span>", out);
    if (scan != NULL) {
        fputs("; ", out);
        ixs_report_course(out, scan);
    }
    fputs("</li>\n", out);
}

static void print_row(FILE *out, const struct ixs_merged *row)
{
    const int64_t counts[] = {row->npoints, row->used, row->spikes,
                              row->dips,    row->lost, row->flagged};
    bool good = strcmp(row->status, "good") == 0 || strcmp(row->status, "single") == 0;
    fputs("<tr>", out);
    ixs_html_cell(out, NULL, "%s", row->scans);
    ixs_html_cell(out, NULL, "%s", row->analyzer);
    ixs_html_cell(out, good ? "good" : "fair", "%s", row->status);
    for (size_t k = 0; k < IXS_COUNT(counts); k++)
        ixs_html_cell(out, "number", "%" PRId64, counts[k]);
    ixs_html_quantity(out, row->shift, row->shift_err);
    ixs_html_quantity(out, row->own_shift, row->own_shift_err);
    ixs_html_quantity(out, row->scale, row->scale_err);
    ixs_html_number(out, row->p_value, 2);
    fputs("</tr>\n", out);
}

void ixs_report_merged(FILE *out, const struct ixs_report *report, size_t fit)
{
    static const char *const headings[] = {
        "scan", "analyzer", "status",     "points",   "used",           "spikes", "dips",
        "lost", "flagged",  "shift, meV", "own, meV", "rates over all", "chance",
    };
    const struct ixs_report_set *set = ixs_report_set_of(report, fit);
    struct ixs_fate fate;
    size_t at = 0;
    if (set == NULL)
        return;
    fputs("<h2 id=\"merged\">Merged from</h2>\n<ul>\n", out);
    while (ixs_fate_next(set, &at, &fate))
        print_member(out, report, &fate);
    fputs("</ul>\n<details><summary>Each analyzer of each scan</summary>\n", out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0; i < set->nrows; i++)
        print_row(out, &set->rows[i]);
    ixs_html_table_end(out);
    fputs("</details>\n", out);
}
