/* SPDX-License-Identifier: GPL-3.0-or-later
 * A FIT in words: one line a mode.
 */
#include "view/show/show.h"

#include "base/array.h"

#include "products/fit.h"
#include "view/quantity.h"
#include "view/show/sheet.h"

#include <math.h>
#include <string.h>

enum { MOST_SETS = 12 };

static const struct ixs_sheet_column columns[] = {
    {"SPECTRUM", "", false},     {"ANALYZER", "", true},       {"SCANS", "", true},
    {"H K L", "", true},         {"Q_REDUCED", "A^-1", false}, {"STATUS", "", true},
    {"DEVIANCE/DOF", "", false}, {"ZERO", "meV", false},       {"MODE", "", false},
    {"OMEGA0", "meV", false},    {"FWHM", "meV", false},       {"STRENGTH", "meV count/s", false},
    {"REGIME", "", true},        {"RESPONSE", "", true},       {"REASON", "", true},
};

static void add_spectrum(struct ixs_sheet *sheet, const struct ixs_fit_spectrum *row)
{
    char hkl[IXS_QUANTITY_SIZE];
    ixs_quantity_hkl(row->id.h, row->id.k, row->id.l, sizeof hkl, hkl);
    ixs_sheet_cell(sheet, "%lld", (long long)row->id.spectrum);
    ixs_sheet_cell(sheet, "%s", row->id.analyzer);
    ixs_sheet_cell(sheet, "%s", row->id.scans);
    ixs_sheet_cell(sheet, "%s", hkl);
    ixs_sheet_number(sheet, row->id.q_reduced);
    ixs_sheet_cell(sheet, "%s", row->status);
    if (isfinite(row->deviance))
        ixs_sheet_cell(sheet, "%.0f/%lld", row->deviance, (long long)row->dof);
    else
        ixs_sheet_cell(sheet, "-");
    ixs_sheet_quantity(sheet, row->zero, row->zero_err);
}

static void add_above(struct ixs_sheet *sheet, double value, double error, double lo)
{
    char text[IXS_QUANTITY_SIZE];
    ixs_quantity_above(value, error, lo, sizeof text, text);
    ixs_sheet_cell(sheet, "%s", text);
}

/* An unresolved width is a limit, never a value. */
static void add_width(struct ixs_sheet *sheet, const struct ixs_fit_mode *mode)
{
    if (strcmp(mode->regime, "unresolved") != 0)
        add_above(sheet, mode->fwhm, mode->fwhm_err, mode->fwhm_lo);
    else if (isfinite(mode->fwhm_ul90))
        ixs_sheet_cell(sheet, "<%.2g", mode->fwhm_ul90);
    else
        ixs_sheet_cell(sheet, "-");
}

/* What an overdamped mode determines is its relaxation. */
static void add_regime(struct ixs_sheet *sheet, const struct ixs_fit_mode *mode)
{
    char rate[IXS_QUANTITY_SIZE];
    ixs_quantity(mode->relaxation, mode->relaxation_err, sizeof rate, rate);
    if (strcmp(mode->regime, "overdamped") == 0 && isfinite(mode->relaxation))
        ixs_sheet_cell(sheet, "overdamped: relaxation %s", rate);
    else
        ixs_sheet_cell(sheet, "%s", mode->regime);
}

static void add_mode(struct ixs_sheet *sheet, const struct ixs_fit_mode *mode)
{
    if (mode == NULL) {
        for (size_t i = 0; i < 5; i++)
            ixs_sheet_cell(sheet, "-");
        return;
    }
    ixs_sheet_cell(sheet, "%lld", (long long)mode->mode);
    add_above(sheet, mode->omega0, mode->omega0_err, mode->omega0_lo);
    add_width(sheet, mode);
    bool told = !(strcmp(mode->regime, "overdamped") == 0 && isnan(mode->strength_err));
    ixs_sheet_quantity(sheet, told ? mode->strength : (double)NAN, mode->strength_err);
    add_regime(sheet, mode);
}

static void add_line(struct ixs_sheet *sheet, const struct ixs_fit_spectrum *row,
                     const struct ixs_fit_mode *mode)
{
    add_spectrum(sheet, row);
    add_mode(sheet, mode);
    ixs_sheet_cell(sheet, "%s", row->id.response);
    ixs_sheet_cell(sheet, "%s", row->reason);
}

static void add_lines(struct ixs_sheet *sheet, const struct ixs_fit *fit,
                      const struct ixs_fit_spectrum *row)
{
    size_t found = 0;
    for (size_t k = 0; k < fit->nmodes; k++)
        if (fit->modes[k].id.spectrum == row->id.spectrum) {
            add_line(sheet, row, &fit->modes[k]);
            found++;
        }
    if (found == 0)
        add_line(sheet, row, NULL);
}

static void show_shared(FILE *out, const struct ixs_fit_parameter *row)
{
    char text[IXS_QUANTITY_SIZE];
    bool free = strcmp(row->state, "free") == 0;
    ixs_quantity(row->value, row->err, sizeof text, text);
    fprintf(out, "\n    %s.%s %s %s%s%s", row->label[0] != '\0' ? row->label : row->component,
            row->name, text, row->unit, free ? "" : ", ", free ? "" : row->state);
}

/* Spectra fitted together: a line a set, the shared parameters below it. */
static void show_sets(FILE *out, const struct ixs_fit *fit)
{
    for (size_t i = 0; i < fit->nsets && i < MOST_SETS; i++) {
        const struct ixs_fit_set *row = &fit->sets[i];
        fprintf(out, "\n  set %lld: %lld spectra together, %s%s%s, deviance %.0f/%lld",
                (long long)row->set, (long long)row->nspectra, row->status,
                row->reason[0] != '\0' ? ": " : "", row->reason, row->deviance,
                (long long)row->dof);
        if (isfinite(row->agreement))
            fprintf(out, ", agreement %.2g", row->agreement);
        for (size_t k = 0; k < fit->nparameters; k++)
            if (fit->parameters[k].spectrum == 0 && fit->parameters[k].set == row->set)
                show_shared(out, &fit->parameters[k]);
    }
    if (fit->nsets > MOST_SETS)
        fprintf(out, "\n  and %zu more sets", fit->nsets - MOST_SETS);
}

bool ixs_show_fit(FILE *out, const struct ixs_fit *fit, struct ixs_err *err)
{
    struct ixs_sheet sheet = {.ncolumns = IXS_COUNT(columns), .columns = columns, .most = 60};
    fprintf(out, "  %zu spectra: ", fit->nspectra);
    ixs_show_counts(out, fit->nspectra, fit->nspectra ? fit->spectra[0].status : "",
                    sizeof fit->spectra[0]);
    fprintf(out, "\n  %zu modes: ", fit->nmodes);
    ixs_show_counts(out, fit->nmodes, fit->nmodes ? fit->modes[0].regime : "",
                    sizeof fit->modes[0]);
    size_t stated = 0;
    for (size_t i = 0; i < fit->nspectra; i++)
        stated += strcmp(fit->spectra[i].statist, "GAUSSIAN") == 0;
    if (stated > 0)
        fprintf(out,
                "\n  %zu of %zu spectra fitted to stated errors, chi squared for the deviance "
                "(GAUSSIAN)",
                stated, fit->nspectra);
    show_sets(out, fit);
    fprintf(out, "\n  curves: %s\n", fit->ncurves ? "yes" : "no (ixs-fit --curves)");
    for (size_t i = 0; i < fit->nspectra; i++)
        add_lines(&sheet, fit, &fit->spectra[i]);
    bool ok = ixs_sheet_print(&sheet, 2, out, err);
    ixs_sheet_dispose(&sheet);
    return ok;
}
