/* SPDX-License-Identifier: GPL-3.0-or-later
 * A RAW scan in words.
 */
#include "view/show/show.h"

#include "base/array.h"
#include "products/raw.h"
#include "view/quantity.h"
#include "view/show/sheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void say_where(FILE *out, const struct ixs_raw_keys *keys)
{
    char hkl[IXS_QUANTITY_SIZE];
    ixs_quantity_hkl(keys->q[0], keys->q[1], keys->q[2], sizeof hkl, hkl);
    fprintf(out, "  H K L %s", hkl);
    if (keys->lambda > 0.0)
        fprintf(out, "; wavelength %.6g A", keys->lambda);
    if (keys->lattice[0] > 0.0)
        fprintf(out, "; lattice %.6g %.6g %.6g A, %.6g %.6g %.6g deg", keys->lattice[0],
                keys->lattice[1], keys->lattice[2], keys->lattice[3], keys->lattice[4],
                keys->lattice[5]);
    fputc('\n', out);
}

static void say_scan(FILE *out, const struct ixs_raw *raw)
{
    const struct ixs_raw_keys *keys = &raw->keys;
    fprintf(out, "  scan %lld", (long long)keys->scan);
    if (keys->order > 1)
        fprintf(out, " (number %lld of that name in the file)", (long long)keys->order);
    fprintf(out, ": %s\n", keys->command);
    if (keys->title[0] != '\0')
        fprintf(out, "  %s\n", keys->title);
    fprintf(out, "  from %s", keys->source[0] ? keys->source : "a file not named");
    if (keys->e_origin < 0.0 || keys->e_origin > 0.0)
        fprintf(out, "; energy axis %s was reset: recorded + %.6g", keys->e_axis, keys->e_origin);
    fputc('\n', out);
}

static void say_ending(FILE *out, const struct ixs_raw *raw)
{
    fprintf(out, "  %s: %zu points", raw->keys.ended, raw->npoints);
    if (raw->keys.nplanned >= 0)
        fprintf(out, " of %lld planned", (long long)raw->keys.nplanned);
    fprintf(out, ", %zu columns; %lld values missing, %lld rows dropped\n", raw->nlabels,
            (long long)raw->keys.nmissing, (long long)raw->keys.ndropped);
}

static void add_analyzer(struct ixs_sheet *sheet, const struct ixs_raw *raw, size_t label)
{
    double sum = 0.0, most = NAN, where = NAN;
    size_t missing = 0;
    for (size_t i = 0; i < raw->npoints; i++) {
        double value = raw->values[i * raw->nlabels + label];
        missing += isnan(value) ? 1 : 0;
        sum += isnan(value) ? 0.0 : value;
        if (value > most || (isnan(most) && !isnan(value))) {
            most = value;
            where = raw->values[i * raw->nlabels];
        }
    }
    ixs_sheet_cell(sheet, "%s", raw->labels[label]);
    ixs_sheet_cell(sheet, "%.10g", sum);
    ixs_sheet_number(sheet, most);
    ixs_sheet_number(sheet, where);
    ixs_sheet_cell(sheet, "%zu", missing);
}

bool ixs_show_raw(FILE *out, const struct ixs_raw *raw, struct ixs_err *err)
{
    char where[64];
    snprintf(where, sizeof where, "AT %s", raw->nlabels > 0 ? raw->labels[0] : "-");
    const struct ixs_sheet_column columns[] = {
        {"ANALYZER", "", true}, {"COUNTS", "count", false}, {"MOST", "count", false},
        {where, "", false},     {"MISSING", "", false},
    };
    struct ixs_sheet sheet = {.ncolumns = 5, .columns = columns};
    say_scan(out, raw);
    say_ending(out, raw);
    say_where(out, &raw->keys);
    size_t count = 0, *shown = NULL;
    bool ok = IXS_NEW(shown, raw->nlabels, err);
    if (ok)
        ixs_analyzer_columns(raw->nlabels, (const char(*)[49])raw->labels, &count, shown);
    for (size_t i = 0; i < count; i++)
        add_analyzer(&sheet, raw, shown[i]);
    free(shown);
    if (ok && count > 0)
        ok = ixs_sheet_print(&sheet, 2, out, err);
    else if (ok)
        fputs("  no column with an analyzer's name\n", out);
    ixs_sheet_dispose(&sheet);
    return ok;
}
