/* SPDX-License-Identifier: GPL-3.0-or-later
 * The temperature series of a DISPERSION in words: one line a mode, then the conductivity.
 */
#include "view/plot/thermal.h"
#include "view/show/show.h"

#include "base/array.h"
#include "view/show/branch_words.h"
#include "view/quantity.h"
#include "view/show/sheet.h"

#include <math.h>
#include <string.h>

static const struct ixs_sheet_column series_columns[] = {
    {"SERIES", "", false},
    {"ANALYZER", "", true},
    {"Q_REDUCED", "A^-1", false},
    {"NPTS", "", false},
    {"OMEGA0", "exponent", false},
    {"FWHM", "exponent", false},
    {"LAW", "of FWHM", true},
    {"P_VALUE", "", false},
    {"T_OVERDAMPED", "K", false},
    {"T_IOFFE_REGEL", "K", false},
    {"RELAXATION", "exponent", false},
    {"REMARK", "", true},
};
static const struct ixs_sheet_column kappa_columns[] = {
    {"TEMPERATURE", "K", false}, {"KAPPA", "W/m/K", false}, {"KAPPA_MEASURED", "W/m/K", false},
    {"NMODES", "", false},       {"NBEYOND", "", false},
};

static const struct ixs_thermal_law_row *any_law(const struct ixs_dispersion *d, int64_t series,
                                                 const char *quantity)
{
    for (size_t i = 0; i < d->nlaws; i++)
        if (d->laws[i].series == series && strcmp(d->laws[i].quantity, quantity) == 0)
            return &d->laws[i];
    return NULL;
}

static void add_exponent(struct ixs_sheet *sheet, const struct ixs_thermal_law_row *row)
{
    ixs_sheet_quantity(sheet, row ? row->exponent : (double)NAN,
                       row ? row->exponent_err : (double)NAN);
}

static void add_series(struct ixs_sheet *sheet, const struct ixs_dispersion *d, int64_t series)
{
    const struct ixs_thermal_law_row *width = ixs_thermal_law_of(d, series, "fwhm"),
                                     *rate = any_law(d, series, "relaxation"),
                                     *known = width ? width : rate;
    if (known == NULL)
        return;
    ixs_sheet_cell(sheet, "%lld", (long long)series);
    ixs_sheet_cell(sheet, "%s", known->analyzer);
    ixs_sheet_number(sheet, known->q_reduced);
    ixs_sheet_cell(sheet, "%lld", (long long)known->npoints);
    add_exponent(sheet, ixs_thermal_law_of(d, series, "omega0"));
    add_exponent(sheet, width);
    ixs_sheet_cell(sheet, "%s", width ? width->law : "-");
    ixs_sheet_number(sheet, width ? width->p_value : (double)NAN);
    ixs_sheet_quantity(sheet, width ? width->t_overdamped : (double)NAN,
                       width ? width->t_overdamped_err : (double)NAN);
    ixs_sheet_quantity(sheet, width ? width->t_ioffe : (double)NAN,
                       width ? width->t_ioffe_err : (double)NAN);
    add_exponent(sheet, rate);
    ixs_sheet_cell(sheet, "%s", known->remark[0] ? known->remark : "-");
}

bool ixs_show_thermal(FILE *out, const struct ixs_dispersion *d, struct ixs_err *err)
{
    struct ixs_sheet series = {
        .ncolumns = IXS_COUNT(series_columns), .columns = series_columns, .most = 60};
    struct ixs_sheet kappa = {.ncolumns = IXS_COUNT(kappa_columns), .columns = kappa_columns};
    if (d->nthermal == 0)
        return true;
    fprintf(out, "  %lld modes at several temperatures\n", (long long)ixs_thermal_nseries(d));
    for (int64_t s = 1; s <= ixs_thermal_nseries(d); s++)
        add_series(&series, d, s);
    for (size_t i = 0; i < d->nkappas; i++) {
        const struct ixs_thermal_kappa *row = &d->kappas[i];
        ixs_sheet_number(&kappa, row->temperature);
        ixs_sheet_quantity(&kappa, row->kappa, row->kappa_err);
        ixs_sheet_quantity(&kappa, row->measured, row->measured_err);
        ixs_sheet_cell(&kappa, "%lld", (long long)row->nmodes);
        ixs_sheet_cell(&kappa, "%lld", (long long)row->nbeyond);
    }
    bool ok = ixs_sheet_print(&series, 2, out, err);
    if (ok && d->nkappas > 0) {
        char sentence[IXS_SENTENCE];
        if (ixs_thermal_kappa_law(d, sentence))
            fprintf(out, "  %s\n", sentence);
        ok = ixs_sheet_print(&kappa, 2, out, err);
    }
    ixs_sheet_dispose(&series);
    ixs_sheet_dispose(&kappa);
    return ok;
}
