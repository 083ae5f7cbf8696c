/* SPDX-License-Identifier: GPL-3.0-or-later
 * A CALIB in words.
 */
#include "view/show/show.h"

#include "base/array.h"

#include "products/calibration.h"
#include "view/quantity.h"
#include "view/show/sheet.h"

#include <math.h>
#include <string.h>

static const struct ixs_sheet_column columns[] = {
    {"ANALYZER", "", true},    {"QUALITY", "", true},       {"ZERO", "meV", false},
    {"FWHM", "meV", false},    {"TAIL10", "%", false},      {"KNOWN", "meV", true},
    {"INELASTIC", "%", false}, {"EFFICIENCY", "", false},   {"DARK", "1/s", false},
    {"COMPONENTS", "", false}, {"DEVIANCE/DOF", "", false}, {"SCAN", "", true},
    {"REASON", "", true},
};

static void add_analyzer(struct ixs_sheet *sheet, const struct ixs_calib_analyzer *row)
{
    ixs_sheet_cell(sheet, "%s", row->analyzer);
    ixs_sheet_cell(sheet, "%s", row->quality);
    ixs_sheet_quantity(sheet, row->zero, row->zero_err);
    ixs_sheet_quantity(sheet, row->fwhm, row->fwhm_err);
    if (isfinite(row->tail10))
        ixs_sheet_cell(sheet, "%.2f", 100.0 * row->tail10);
    else
        ixs_sheet_cell(sheet, "-");
    if (row->known_lo == 0 && row->known_hi == 0)
        ixs_sheet_cell(sheet, "nowhere");
    else if (isfinite(row->known_lo) && isfinite(row->known_hi))
        ixs_sheet_cell(sheet, "%.1f .. %.1f", row->known_lo, row->known_hi);
    else
        ixs_sheet_cell(sheet, "-");
    ixs_sheet_quantity(sheet, 100.0 * row->inelastic, 100.0 * row->inelastic_err);
    ixs_sheet_quantity(sheet, row->efficiency, row->efficiency_err);
    ixs_sheet_number(sheet, row->dark_rate);
    if (strcmp(row->form, "table") == 0)
        ixs_sheet_cell(sheet, "table");
    else
        ixs_sheet_cell(sheet, "%lld", (long long)row->ncomponents);
    if (row->dof > 0 && isfinite(row->deviance))
        ixs_sheet_cell(sheet, "%.0f/%lld", row->deviance, (long long)row->dof);
    else
        ixs_sheet_cell(sheet, "-");
    ixs_sheet_cell(sheet, "%s", row->scan);
    ixs_sheet_cell(sheet, "%s", row->reason);
}

static void say_scatter(FILE *out, const char *what, double value, const char *unit)
{
    if (value > 0.0)
        fprintf(out, "; %s %.2g %s", what, value, unit);
    else if (isfinite(value)) /* less than counting alone would give */
        fprintf(out, "; %s counting errors", what);
}

/* How the zeros wander, and what known lines say of the energy scale. */
static void say_energy(FILE *out, const struct ixs_calib_keys *keys)
{
    if (keys->walk > 0.0 || keys->scatter > 0.0)
        fprintf(out, "  all zeros wander by %.2g meV in an hour and scatter by %.2g meV",
                keys->walk, keys->scatter);
    if ((keys->walk > 0.0 || keys->scatter > 0.0) && isfinite(keys->own_walk))
        fprintf(out, "; single ones beside that %.2g and %.2g meV", keys->own_walk,
                keys->own_scatter);
    if (keys->walk > 0.0 || keys->scatter > 0.0)
        fputc('\n', out);
    if (keys->scale > 0.0 && keys->scale_err >= 0.0)
        fprintf(out, "  energy scale %.5f +- %.5f of the instrument's, from known lines\n",
                keys->scale, keys->scale_err);
}

static void say_change(FILE *out, const char *what, double change, double error)
{
    char text[IXS_QUANTITY_SIZE];
    if (!isfinite(change))
        return;
    ixs_quantity(100.0 * change, 100.0 * error, sizeof text, text);
    fprintf(out, "; %s change by %s %% an hour", what, text);
}

/* What is in the responses beside the instrument, and what time does to the sample. */
static void say_sample(FILE *out, const struct ixs_calib *calib)
{
    const struct ixs_calib_keys *keys = &calib->keys;
    char text[IXS_QUANTITY_SIZE];
    if (strcmp(keys->removal, "joint") == 0) {
        fputs("  the sample's inelastic part is taken off: joint fit of all scans", out);
    } else if (strcmp(keys->removal, "prior") == 0) {
        ixs_quantity(100.0 * keys->prior, 100.0 * keys->prior_err, sizeof text, text);
        fprintf(out, "  the sample's inelastic part is taken off as stated: %s %% of the line",
                text);
    } else if (calib->ndrift > 0) {
        fputs("  the sample's inelastic part is left in", out);
    } else {
        return;
    }
    say_change(out, "areas", keys->fading, keys->fading_err);
    say_change(out, "widths", keys->widening, keys->widening_err);
    if (keys->jitter > 0.0)
        fprintf(out, "; the energy axis jitters by %.2g meV", keys->jitter);
    fputc('\n', out);
}

bool ixs_show_calib(FILE *out, const struct ixs_calib *calib, struct ixs_err *err)
{
    struct ixs_sheet sheet = {.ncolumns = IXS_COUNT(columns), .columns = columns};
    fprintf(out, "  %zu analyzers: ", calib->nanalyzers);
    ixs_show_counts(out, calib->nanalyzers, calib->nanalyzers ? calib->analyzers[0].quality : "",
                    sizeof calib->analyzers[0]);
    fprintf(out, "\n  %zu reference scans", calib->ndrift);
    say_scatter(out, "zeros repeat within", calib->keys.origin_scatter, "meV");
    say_scatter(out, "widths within", 100.0 * calib->keys.width_scatter, "%");
    say_scatter(out, "areas within", 100.0 * calib->keys.efficiency_scatter, "%");
    fputc('\n', out);
    say_energy(out, &calib->keys);
    say_sample(out, calib);
    for (size_t i = 0; i < calib->nanalyzers; i++)
        add_analyzer(&sheet, &calib->analyzers[i]);
    bool ok = ixs_sheet_print(&sheet, 2, out, err);
    ixs_sheet_dispose(&sheet);
    return ok;
}
