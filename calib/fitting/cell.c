/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of BACKGROUND to arrays.
 */
#include "calib/fitting/cell.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

static bool usable(const struct ixs_background *row, const double range[2])
{
    return !ixs_flags_bar(row->flags) && isfinite(row->energy) && row->counts >= 0 &&
           row->exposure > 0 && !(row->energy < range[0]) && !(row->energy > range[1]);
}

bool ixs_fitting_cell_make(struct ixs_fitting_cell *out, const struct ixs_spectra *spectra,
                           int64_t spectrum, const double range[2], struct ixs_err *err)
{
    size_t n = 0, used = 0;
    const struct ixs_background *rows = ixs_spectra_background(spectra, spectrum, &n);
    *out = (struct ixs_fitting_cell){0};
    if (rows == NULL)
        return true;
    if (!IXS_NEW(out->owned, 4 * n, err))
        return false;
    double *energy = out->owned, *counts = energy + n, *exposure = energy + 2 * n,
           *dark = energy + 3 * n;
    for (size_t i = 0; i < n; i++) {
        if (!usable(&rows[i], range))
            continue;
        energy[used] = rows[i].energy;
        counts[used] = rows[i].counts;
        exposure[used] = rows[i].exposure;
        dark[used++] = rows[i].dark;
    }
    out->cell = (struct ixs_cell){.points = {used, energy, counts, exposure, dark},
                                  .scale = rows[0].scale,
                                  .scale_err = rows[0].scale_err,
                                  .zero_err = rows[0].zero_err};
    return true;
}

void ixs_fitting_cell_dispose(struct ixs_fitting_cell *cell)
{
    free(cell->owned);
    *cell = (struct ixs_fitting_cell){0};
}
