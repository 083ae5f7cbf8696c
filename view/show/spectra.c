/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPECTRA in words.
 */
#include "view/show/show.h"

#include "base/array.h"

#include "products/spectra.h"
#include "view/quantity.h"
#include "view/show/sheet.h"

#include <math.h>
#include <string.h>

static const struct ixs_sheet_column columns[] = {
    {"SPECTRUM", "", false},     {"ANALYZER", "", true},     {"SCANS", "", true},
    {"H K L", "", true},         {"Q", "A^-1", false},       {"Q_REDUCED", "A^-1", false},
    {"TEMPERATURE", "K", false}, {"ZERO", "meV", false},     {"NPTS", "", false},
    {"FLAGGED", "", false},      {"COUNTS", "count", false}, {"ELASTIC", "meV count/s", false},
    {"QUALITY", "", true},       {"RESPONSE", "", true},
};

static void put_elastic(struct ixs_sheet *sheet, const struct ixs_spectrum *row)
{
    if (strcmp(row->elastic_status, "limit") == 0)
        ixs_sheet_cell(sheet, "< %.3g", row->elastic_ul90);
    else if (strcmp(row->elastic_status, "inseparable") == 0)
        ixs_sheet_cell(sheet, "not told");
    else
        ixs_sheet_quantity(sheet, row->elastic, row->elastic_err);
}

static void add_spectrum(struct ixs_sheet *sheet, const struct ixs_spectra *spectra,
                         const struct ixs_spectrum *row)
{
    size_t n = 0, flagged = 0;
    double counts = strcmp(row->statist, "GAUSSIAN") == 0 ? NAN : 0.0;
    char hkl[IXS_QUANTITY_SIZE];
    const struct ixs_point *points = ixs_spectra_points(spectra, row->spectrum, &n);
    for (size_t i = 0; i < n; i++) {
        flagged += ixs_flags_bar(points[i].flags);
        counts += !ixs_flags_bar(points[i].flags) ? points[i].counts : 0.0;
    }
    ixs_quantity_hkl(row->h, row->k, row->l, sizeof hkl, hkl);
    ixs_sheet_cell(sheet, "%lld", (long long)row->spectrum);
    ixs_sheet_cell(sheet, "%s", row->analyzer);
    ixs_sheet_cell(sheet, "%s", row->scans);
    ixs_sheet_cell(sheet, "%s", hkl);
    ixs_sheet_number(sheet, row->q);
    ixs_sheet_number(sheet, row->q_reduced);
    ixs_sheet_quantity(sheet, row->temperature, row->temperature_err);
    if (isnan(row->zero_err)) /* flat prior: what was taken off says nothing */
        ixs_sheet_cell(sheet, "not known");
    else
        ixs_sheet_quantity(sheet, row->zero, row->zero_err);
    ixs_sheet_cell(sheet, "%zu", n);
    ixs_sheet_cell(sheet, "%zu", flagged);
    if (isnan(counts)) /* they are not known */
        ixs_sheet_cell(sheet, "-");
    else
        ixs_sheet_cell(sheet, "%.8g", counts);
    put_elastic(sheet, row);
    ixs_sheet_cell(sheet, "%s", row->quality);
    ixs_sheet_cell(sheet, "%s", row->response);
}

static void say_flags(FILE *out, const struct ixs_spectra *spectra)
{
    const char *separator = "  flagged points: ";
    for (size_t k = 0; k < ixs_flag_nwords; k++) {
        size_t count = 0;
        for (size_t i = 0; i < spectra->npoints; i++)
            count += (spectra->points[i].flags & ixs_flag_words[k].bit) != 0;
        if (count > 0) {
            fprintf(out, "%s%zu %s", separator, count, ixs_flag_words[k].word);
            separator = ", ";
        }
    }
    fputs(separator[0] == ',' ? "\n" : "", out);
}

/* Of scans that were merged, those that do not agree with the rest. */
static void say_merged(FILE *out, const struct ixs_spectra *spectra)
{
    size_t together = 0, shown = 0;
    for (size_t i = 0; i < spectra->nmerged; i++)
        together += strcmp(spectra->merged[i].status, "single") != 0;
    if (together == 0)
        return;
    fprintf(out, "  merged from %zu spectra: ", together);
    ixs_show_counts(out, spectra->nmerged, spectra->merged[0].status, sizeof *spectra->merged);
    fputs("; see MERGED\n", out);
    for (size_t i = 0; i < spectra->nmerged && shown < 10; i++) {
        const struct ixs_merged *row = &spectra->merged[i];
        if (strcmp(row->status, "differs") != 0 && strcmp(row->status, "scale") != 0 &&
            strcmp(row->status, "shift") != 0)
            continue;
        fprintf(out, "  %s: scan %s %s, P_VALUE %.2g, SCALE %.3f, OWN_SHIFT %+.3f meV\n",
                row->status, row->scans, row->analyzer, row->p_value, row->scale, row->own_shift);
        shown++;
    }
}

static void say_statistics(FILE *out, const struct ixs_spectra *spectra)
{
    size_t stated = 0;
    for (size_t i = 0; i < spectra->nspectra; i++)
        stated += strcmp(spectra->spectra[i].statist, "GAUSSIAN") == 0;
    if (stated > 0)
        fprintf(out, "  no counts known for %zu of %zu spectra: errors as stated (GAUSSIAN)\n",
                stated, spectra->nspectra);
}

static const struct ixs_sheet_column moment_columns[] = {
    {"SPECTRUM", "", false},  {"ANALYZER", "", true},
    {"BALANCE", "K", false},  {"M1", "meV^2 count/s", false},
    {"TRUNCATED", "", false}, {"SCALE", "meV count/s", false},
    {"S_Q", "", false},       {"NOTE", "", true},
};

/* What ixs-elastic found beside the elastic line. */
static bool show_moments(FILE *out, const struct ixs_spectra *spectra, struct ixs_err *err)
{
    struct ixs_sheet sheet = {
        .ncolumns = IXS_COUNT(moment_columns), .columns = moment_columns, .most = 60};
    if (spectra->nmoments == 0)
        return true;
    fputs("\n  beside the elastic line: temperature of detailed balance, first moment of S(E), "
          "f-sum rule\n",
          out);
    for (size_t i = 0; i < spectra->nmoments; i++) {
        const struct ixs_sqw_moments *row = &spectra->moments[i];
        ixs_sheet_cell(&sheet, "%lld", (long long)row->spectrum);
        ixs_sheet_cell(&sheet, "%s", row->analyzer);
        ixs_sheet_quantity(&sheet, row->balance, row->balance_err);
        ixs_sheet_quantity(&sheet, row->first, row->first_err);
        if (isfinite(row->truncated))
            ixs_sheet_cell(&sheet, "%.3f", row->truncated);
        else
            ixs_sheet_cell(&sheet, "-");
        ixs_sheet_quantity(&sheet, row->scale, row->scale_err);
        ixs_sheet_quantity(&sheet, row->structure, row->structure_err);
        ixs_sheet_cell(&sheet, "%s", row->note);
    }
    bool ok = ixs_sheet_print(&sheet, 2, out, err);
    ixs_sheet_dispose(&sheet);
    return ok;
}

bool ixs_show_spectra(FILE *out, const struct ixs_spectra *spectra, struct ixs_err *err)
{
    struct ixs_sheet sheet = {.ncolumns = IXS_COUNT(columns), .columns = columns, .most = 60};
    const struct ixs_spectra_keys *keys = &spectra->keys;
    fprintf(out, "  %zu spectra, %zu points: ", spectra->nspectra, spectra->npoints);
    ixs_show_counts(out, spectra->nspectra, spectra->nspectra ? spectra->spectra[0].quality : "",
                    sizeof spectra->spectra[0]);
    fprintf(out, "\n  from %s", keys->source[0] ? keys->source : "a file not named");
    if (keys->monitor[0] != '\0' && isfinite(keys->reference))
        fprintf(out, "; intensities for %s at %.6g count/s", keys->monitor, keys->reference);
    fputc('\n', out);
    say_statistics(out, spectra);
    say_flags(out, spectra);
    say_merged(out, spectra);
    for (size_t i = 0; i < spectra->nspectra; i++)
        add_spectrum(&sheet, spectra, &spectra->spectra[i]);
    bool ok = ixs_sheet_print(&sheet, 2, out, err) && show_moments(out, spectra, err);
    ixs_sheet_dispose(&sheet);
    return ok;
}
