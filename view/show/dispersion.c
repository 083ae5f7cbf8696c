/* SPDX-License-Identifier: GPL-3.0-or-later
 * A DISPERSION in words: one line a branch, then one a mode.
 */
#include "view/show/show.h"

#include "base/array.h"

#include "products/dispersion.h"
#include "view/show/branch_words.h"
#include "view/quantity.h"
#include "view/show/sheet.h"

#include <math.h>
#include <string.h>

static const struct ixs_sheet_column branch_columns[] = {
    {"BRANCH", "", false},          {"PATH", "", true},          {"LAW", "", true},
    {"NPOINTS", "", false},         {"VELOCITY", "km/s", false}, {"OMEGA_ZONE", "meV", false},
    {"OMEGA_CENTRE", "meV", false}, {"SCATTER", "meV", false},   {"CHI2/DOF", "", false},
    {"FWHM_MEAN", "meV", false},    {"NRESOLVED", "", false},    {"FWHM_POWER", "", false},
};
static const struct ixs_sheet_column point_columns[] = {
    {"BRANCH", "", false},    {"ANALYZER", "", true},       {"SCANS", "", true},
    {"H K L", "", true},      {"Q_REDUCED", "A^-1", false}, {"TEMPERATURE", "K", false},
    {"OMEGA0", "meV", false}, {"FWHM", "meV", false},       {"GROUP_VELOCITY", "km/s", false},
    {"REGIME", "", true},     {"STATUS", "", true},         {"RESPONSE", "", true},
};

static void add_branch(struct ixs_sheet *sheet, const struct ixs_dispersion_branch *row)
{
    ixs_sheet_cell(sheet, "%lld", (long long)row->branch);
    ixs_sheet_cell(sheet, "%s", row->path);
    ixs_sheet_cell(sheet, "%s", row->law);
    ixs_sheet_cell(sheet, "%lld", (long long)row->npoints);
    ixs_sheet_quantity(sheet, row->velocity, row->velocity_err);
    ixs_sheet_quantity(sheet, row->omega_zone, row->omega_zone_err);
    ixs_sheet_quantity(sheet, row->omega_centre, row->omega_centre_err);
    if (isfinite(row->scatter))
        ixs_sheet_cell(sheet, "%.2g", row->scatter);
    else
        ixs_sheet_cell(sheet, "-");
    if (isfinite(row->chi2))
        ixs_sheet_cell(sheet, "%.1f/%lld", row->chi2, (long long)row->dof);
    else
        ixs_sheet_cell(sheet, "-");
    ixs_sheet_quantity(sheet, row->fwhm_mean, row->fwhm_mean_err);
    ixs_sheet_cell(sheet, "%lld", (long long)row->nresolved);
    ixs_sheet_quantity(sheet, row->fwhm_power, row->fwhm_power_err);
}

static void add_point(struct ixs_sheet *sheet, const struct ixs_dispersion_point *row)
{
    char hkl[IXS_QUANTITY_SIZE], energy[IXS_QUANTITY_SIZE];
    ixs_quantity_hkl(row->h, row->k, row->l, sizeof hkl, hkl);
    if (row->branch > 0)
        ixs_sheet_cell(sheet, "%lld", (long long)row->branch);
    else
        ixs_sheet_cell(sheet, "-");
    ixs_sheet_cell(sheet, "%s", row->analyzer);
    ixs_sheet_cell(sheet, "%s", row->scans);
    ixs_sheet_cell(sheet, "%s", hkl);
    ixs_sheet_number(sheet, row->q_reduced);
    ixs_sheet_number(sheet, row->temperature);
    ixs_quantity_above(row->omega0, row->omega0_err, row->omega0_lo, sizeof energy, energy);
    ixs_sheet_cell(sheet, "%s", energy);
    if (strcmp(row->regime, "unresolved") != 0)
        ixs_sheet_quantity(sheet, row->fwhm, row->fwhm_err);
    else if (isfinite(row->fwhm_ul90))
        ixs_sheet_cell(sheet, "<%.2g", row->fwhm_ul90);
    else
        ixs_sheet_cell(sheet, "-");
    ixs_sheet_quantity(sheet, row->group_velocity, row->group_velocity_err);
    ixs_sheet_cell(sheet, "%s", row->regime);
    ixs_sheet_cell(sheet, "%s", row->status);
    ixs_sheet_cell(sheet, "%s", row->response);
}

static void say_modes(FILE *out, const struct ixs_dispersion *dispersion)
{
    size_t n = dispersion->npoints, stride = sizeof dispersion->points[0], none = 0;
    for (size_t i = 0; i < n; i++)
        none += dispersion->points[i].branch <= 0;
    fprintf(out, "  %zu branches, %zu modes (%zu on no branch): ", dispersion->nbranches, n, none);
    ixs_show_counts(out, n, n ? dispersion->points[0].regime : "", stride);
    fputs("\n  responses: ", out);
    ixs_show_counts(out, n, n ? dispersion->points[0].response : "", stride);
    fputc('\n', out);
}

/* Sentences, one a line. */
static void say_all(FILE *out, const struct ixs_dispersion *dispersion,
                    bool (*next)(const struct ixs_dispersion *, size_t *, char[IXS_SENTENCE]))
{
    char sentence[IXS_SENTENCE];
    for (size_t at = 0; next(dispersion, &at, sentence);)
        fprintf(out, "  %s\n", sentence);
}

bool ixs_show_dispersion(FILE *out, const struct ixs_dispersion *dispersion, struct ixs_err *err)
{
    struct ixs_sheet branches = {.ncolumns = IXS_COUNT(branch_columns), .columns = branch_columns};
    struct ixs_sheet points = {
        .ncolumns = IXS_COUNT(point_columns), .columns = point_columns, .most = 60};
    say_modes(out, dispersion);
    for (size_t i = 0; i < dispersion->nbranches; i++)
        add_branch(&branches, &dispersion->branches[i]);
    for (size_t i = 0; i < dispersion->npoints; i++)
        add_point(&points, &dispersion->points[i]);
    bool ok = ixs_sheet_print(&branches, 2, out, err);
    if (ok) {
        say_all(out, dispersion, ixs_branch_fact);
        say_all(out, dispersion, ixs_branch_constants);
        say_all(out, dispersion, ixs_branch_remark);
    }
    ok = ok && ixs_show_thermal(out, dispersion, err) && ixs_sheet_print(&points, 2, out, err);
    ixs_sheet_dispose(&branches);
    ixs_sheet_dispose(&points);
    return ok;
}
