/* SPDX-License-Identifier: GPL-3.0-or-later
 * What must hold in the temperature series of a DISPERSION.
 */
#include "view/check/check.h"

#include "products/dispersion.h"
#include "products/words.h"

#include <math.h>

static int64_t series_of(const struct ixs_dispersion *dispersion)
{
    int64_t most = 0;
    for (size_t i = 0; i < dispersion->nthermal; i++)
        most = dispersion->thermal[i].series > most ? dispersion->thermal[i].series : most;
    return most;
}

static void check_rows(struct ixs_complaints *complaints, const struct ixs_dispersion *dispersion)
{
    for (size_t i = 0; i < dispersion->nthermal; i++) {
        const struct ixs_thermal_row *row = &dispersion->thermal[i];
        ixs_check_word(complaints, "THERMAL", i + 1, "TOLD", row->told, IXS_WORDS_TOLD);
        ixs_check_range(complaints, "THERMAL", i + 1, "TEMPERATURE", row->temperature, 0.0,
                        INFINITY);
        ixs_check_range(complaints, "THERMAL", i + 1, "FWHM", row->fwhm, 0.0, INFINITY);
        ixs_check_range(complaints, "THERMAL", i + 1, "HEAT_CAPACITY", row->heat, 0.0, 1.0);
        if (row->series < 1)
            ixs_complain(complaints, "THERMAL", i + 1, "found SERIES %lld, expected 1 or more",
                         (long long)row->series);
    }
}

void ixs_check_thermal(struct ixs_complaints *complaints, const struct ixs_dispersion *dispersion)
{
    check_rows(complaints, dispersion);
    int64_t most = series_of(dispersion);
    for (size_t i = 0; i < dispersion->nlaws; i++) {
        const struct ixs_thermal_law_row *row = &dispersion->laws[i];
        ixs_check_word(complaints, "THERMAL_LAWS", i + 1, "QUANTITY", row->quantity,
                       IXS_WORDS_QUANTITY);
        if (row->series < 0 || row->series > most)
            ixs_complain(complaints, "THERMAL_LAWS", i + 1,
                         "found SERIES %lld, expected 0 or one of THERMAL", (long long)row->series);
    }
    for (size_t i = 0; i < dispersion->nkappa_covariances; i++) {
        const struct ixs_thermal_covariance *row = &dispersion->kappa_covariances[i];
        if (row->column < 1 || row->column > row->row || row->row > (int64_t)dispersion->nkappas)
            ixs_complain(complaints, "KAPPA_COVARIANCE", i + 1,
                         "found ROW %lld, COLUMN %lld, expected rows of KAPPA", (long long)row->row,
                         (long long)row->column);
    }
}
