/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the page of a scan tells beside its pictures: how sure the number of modes is, what was
 * fitted together, each mode and what is not a mode in a table.
 */
#include "view/report/spectrum.h"

#include "base/array.h"
#include "view/plot/fit_words.h"
#include "view/report/html.h"
#include "view/quantity.h"
#include "view/report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { MOST_SETS = 60, MOST_NAMED = 12 };
static const double sure = 0.9, probable = 0.005; /* of a number of modes */

struct ixs_fit_spread ixs_fit_spread(const struct ixs_fit *fit)
{
    struct ixs_fit_spread spread = {.coldest = NAN, .warmest = NAN};
    for (size_t i = 0; i < fit->nspectra; i++) {
        const struct ixs_fit_identity *id = &fit->spectra[i].id;
        spread.coldest = fmin(spread.coldest, id->temperature);
        spread.warmest = fmax(spread.warmest, id->temperature);
        spread.several_scans |= strcmp(id->scans, fit->spectra[0].id.scans) != 0;
    }
    spread.several_temperatures = spread.warmest - spread.coldest > 1;
    return spread;
}

void ixs_report_more(FILE *out, size_t count, size_t most, const char *what)
{
    if (count > most)
        fprintf(out, "<p class=\"weak\">and %zu more %s (ixs-show and ixs-plot have all)</p>\n",
                count - most, what);
}

/* ---- the number of modes --------------------------------------------------------------------- */

void ixs_report_evidence(const struct ixs_fit *fit, int64_t spectrum, char words[IXS_EVIDENCE_SIZE])
{
    size_t used = 0;
    char share[IXS_QUANTITY_SIZE];
    words[0] = '\0';
    for (size_t i = 0; i < fit->nnumbers && used < IXS_EVIDENCE_SIZE; i++) {
        const struct ixs_fit_number_row *row = &fit->numbers[i];
        if (row->spectrum != spectrum || !(row->probability >= probable))
            continue;
        ixs_quantity_plain(100 * row->probability, 2, sizeof share, share);
        used += (size_t)snprintf(words + used, IXS_EVIDENCE_SIZE - used,
                                 "%s%" PRId64 " mode%s %s %%", used > 0 ? ", " : "", row->nmodes,
                                 ixs_html_plural((size_t)row->nmodes),
                                 row->probability >= 0.995 ? "100" : share);
    }
}

static bool is_unsure(const struct ixs_fit_number_row *row)
{
    return row->chosen == 1 && row->probability < sure;
}

const char *ixs_report_analyzer(const struct ixs_fit *fit, int64_t spectrum)
{
    const struct ixs_fit_spectrum *row = ixs_fit_find(fit, spectrum);
    return row != NULL ? row->id.analyzer : "";
}

static void say_numbers(FILE *out, const struct ixs_fit *fit)
{
    char words[IXS_EVIDENCE_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < fit->nnumbers; i++) {
        const struct ixs_fit_number_row *row = &fit->numbers[i];
        if (!is_unsure(row) || count++ >= MOST_NAMED)
            continue;
        ixs_report_evidence(fit, row->spectrum, words);
        ixs_html_item(out, "%s: how many modes there are is not sure: %s; %" PRId64 " were fitted",
                      ixs_report_analyzer(fit, row->spectrum), words, row->nmodes);
    }
    if (count > MOST_NAMED)
        ixs_html_item(out, "and %zu more spectra whose number of modes is not sure",
                      count - MOST_NAMED);
}

void ixs_report_evidence_words(FILE *out, const struct ixs_fit *fit)
{
    say_numbers(out, fit);
    for (size_t i = 0; i < fit->nsets && i < MOST_SETS; i++) {
        const struct ixs_fit_set *row = &fit->sets[i];
        if (strcmp(row->status, "good") != 0)
            ixs_html_item(out, "set %" PRId64 " of %" PRId64 " spectra fitted together is %s%s%s",
                          row->set, row->nspectra, row->status, row->reason[0] != '\0' ? ": " : "",
                          row->reason);
    }
}

/* ---- fitted together ------------------------------------------------------------------------- */

static void print_shared(FILE *out, const struct ixs_fit *fit, int64_t set)
{
    char text[IXS_QUANTITY_SIZE];
    const char *separator = "";
    fputs("<td class=\"long\">", out);
    for (size_t i = 0; i < fit->nparameters; i++) {
        const struct ixs_fit_parameter *row = &fit->parameters[i];
        if (row->spectrum != 0 || row->set != set)
            continue;
        bool free = strcmp(row->state, "free") == 0;
        ixs_quantity(row->value, row->err, sizeof text, text);
        fputs(separator, out);
        ixs_html(out, row->label[0] != '\0' ? row->label : row->component);
        fputc('.', out);
        ixs_html(out, row->name);
        fprintf(out, " = %s %s%s%s", text, ixs_unit_typeset(row->unit), free ? "" : ", ",
                free ? "" : row->state);
        separator = "; ";
    }
    fputs("</td>", out);
}

static void print_set(FILE *out, const struct ixs_fit *fit, const struct ixs_fit_set *row)
{
    fputs("<tr>", out);
    ixs_html_cell(out, "number", "%" PRId64, row->set);
    ixs_html_cell(out, "number", "%" PRId64, row->nspectra);
    ixs_html_cell(out, ixs_status_class(row->status), "%s", row->status);
    ixs_html_cell(out, "number", "%.0f / %" PRId64, row->deviance, row->dof);
    ixs_html_number(out, row->p_value, 2);
    ixs_html_number(out, row->agreement, 2);
    print_shared(out, fit, row->set);
    ixs_html_cell(out, "long", "%s", row->reason);
    fputs("</tr>\n", out);
}

static void print_sets(FILE *out, const struct ixs_fit *fit)
{
    static const char *const headings[] = {
        "set",    "spectra",   "status",          "deviance / freedom",
        "chance", "agreement", "what they share", "why",
    };
    if (fit->nsets == 0)
        return;
    fputs(
        "<h2>Fitted together</h2>\n<p class=\"weak\">Each set is one likelihood; agreement is the "
        "chance that spectra which share what they share differ so much.</p>\n",
        out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0; i < fit->nsets && i < MOST_SETS; i++)
        print_set(out, fit, &fit->sets[i]);
    ixs_html_table_end(out);
    ixs_report_more(out, fit->nsets, MOST_SETS, "sets");
}

/* ---- what is not a mode ---------------------------------------------------------------------- */

/* Components that are neither in every fit nor modes. */
static bool is_aside(const struct ixs_fit_parameter *row)
{
    static const char *const common[] = {"zero", "elastic", "dho", "pair"};
    if (strcmp(row->component, "background") == 0)
        return strcmp(row->name, "level") != 0;
    for (size_t k = 0; k < IXS_COUNT(common); k++)
        if (strncmp(row->component, common[k], strlen(common[k])) == 0)
            return false;
    return row->spectrum > 0 && row->label[0] == '\0';
}

static void print_aside(FILE *out, const struct ixs_fit *fit)
{
    static const char *const headings[] = {"analyzer", "component", "parameter",
                                           "value",    "unit",      "state"};
    size_t count = 0;
    for (size_t i = 0; i < fit->nparameters; i++)
        count += is_aside(&fit->parameters[i]);
    if (count == 0)
        return;
    fputs("<h2>Beside the modes</h2>\n", out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t i = 0, told = 0; i < fit->nparameters && told < IXS_REPORT_ROWS; i++) {
        const struct ixs_fit_parameter *row = &fit->parameters[i];
        if (!is_aside(row))
            continue;
        told++;
        fputs("<tr>", out);
        ixs_html_cell(out, NULL, "%s", ixs_report_analyzer(fit, row->spectrum));
        ixs_html_cell(out, NULL, "%s",
                      strcmp(row->component, "cell") == 0 ? "empty cell" : row->component);
        ixs_html_cell(out, NULL, "%s", row->name);
        ixs_html_quantity(out, row->value, row->err);
        ixs_html_cell(out, NULL, "%s", ixs_unit_typeset(row->unit));
        ixs_html_cell(out, NULL, "%s", row->state);
        fputs("</tr>\n", out);
    }
    ixs_html_table_end(out);
    ixs_report_more(out, count, IXS_REPORT_ROWS, "parameters");
}

void ixs_report_together(FILE *out, const struct ixs_fit *fit)
{
    print_sets(out, fit);
    print_aside(out, fit);
}

/* ---- modes ----------------------------------------------------------------------------------- */

/* An unresolved width is a limit, never a value. */
static void print_width(FILE *out, const struct ixs_fit_mode *mode)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity_above(mode->fwhm, mode->fwhm_err, mode->fwhm_lo, sizeof text, text);
    if (strcmp(mode->regime, "unresolved") != 0)
        ixs_html_cell(out, "number", "%s", text);
    else if (isfinite(mode->fwhm_ul90))
        ixs_html_cell(out, "number", "<%.2g", mode->fwhm_ul90);
    else
        ixs_html_cell(out, "number", "-");
}

static void print_mode(FILE *out, const struct ixs_fit_mode *mode)
{
    char energy[IXS_QUANTITY_SIZE], hkl[IXS_QUANTITY_SIZE];
    ixs_quantity_above(mode->omega0, mode->omega0_err, mode->omega0_lo, sizeof energy, energy);
    ixs_quantity_hkl(mode->id.h, mode->id.k, mode->id.l, sizeof hkl, hkl);
    fputs("<tr>", out);
    ixs_html_cell(out, NULL, "%s", mode->id.analyzer);
    ixs_html_cell(out, NULL, "%s", mode->id.scans);
    ixs_html_number(out, mode->id.temperature, 4);
    ixs_html_cell(out, NULL, "%s", hkl);
    ixs_html_number(out, mode->id.q_reduced, 3);
    if (mode->label[0] != '\0')
        ixs_html_cell(out, NULL, "%s", mode->label);
    else
        ixs_html_cell(out, NULL, "%" PRId64, mode->mode);
    ixs_html_cell(out, "number", "%s", energy);
    print_width(out, mode);
    bool over = strcmp(mode->regime, "overdamped") == 0;
    ixs_html_quantity(out, over ? mode->relaxation : (double)NAN, mode->relaxation_err);
    ixs_html_quantity(out, mode->strength, mode->strength_err);
    ixs_html_quantity(out, mode->lifetime, mode->lifetime_err);
    ixs_html_cell(out, NULL, "%s", mode->regime);
    ixs_html_cell(out, ixs_status_class(mode->status), "%s", mode->status);
    fputs("</tr>\n", out);
}

void ixs_report_modes(FILE *out, const struct ixs_fit *fit)
{
    static const char *const headings[] = {
        "analyzer",     "scans",   "K",         "H K L",           "q, Å⁻¹",
        "mode",         "Ω₀, meV", "FWHM, meV", "relaxation, meV", "strength, meV count/s",
        "lifetime, ps", "regime",  "status",
    };
    if (fit->nmodes == 0)
        return;
    fputs("<h2>Each mode</h2>\n", out);
    ixs_html_table(out, IXS_COUNT(headings), headings);
    for (size_t k = 0; k < fit->nmodes && k < IXS_REPORT_ROWS; k++)
        print_mode(out, &fit->modes[k]);
    ixs_html_table_end(out);
    ixs_report_more(out, fit->nmodes, IXS_REPORT_ROWS, "modes");
}
