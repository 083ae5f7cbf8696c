/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laws of THERMAL_LAWS, as docs/thermal.md has them: sums of 1, N3 = 1 + 2 n(w/2) and N4 = 1 +
 * 3 n(w/3) + 3 n(w/3)^2, or a power of T/T_REF.
 */
#include "view/plot/thermal.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

const struct ixs_thermal_law_row *ixs_thermal_law_of(const struct ixs_dispersion *dispersion,
                                                     int64_t series, const char *quantity)
{
    for (size_t i = 0; i < dispersion->nlaws; i++) {
        const struct ixs_thermal_law_row *row = &dispersion->laws[i];
        bool carried = strncmp(row->used, "carried", 7) == 0 || series == 0;
        if (row->series == series && carried && strcmp(row->quantity, quantity) == 0)
            return row;
    }
    return NULL;
}

double ixs_thermal_law_at(const struct ixs_thermal_law_row *row, double kelvin)
{
    const double *p = row->p;
    double kt = IXS_BOLTZMANN * kelvin, sum = 0.0;
    double third = 1.0 / expm1(row->omega_ref / (3.0 * kt));
    if (strcmp(row->law, "power") == 0)
        return p[0] * pow(kelvin / row->t_ref, p[1]);
    if (strstr(row->law, "rest") != NULL || strcmp(row->law, "constant") == 0)
        sum += *p++;
    if (strstr(row->law, "three") != NULL)
        sum += *p++ * (1.0 + 2.0 / expm1(row->omega_ref / (2.0 * kt)));
    if (strstr(row->law, "four") != NULL)
        sum += *p * (1.0 + 3.0 * third + 3.0 * third * third);
    return sum;
}

static enum ixs_thermal_kind kind_of(const struct ixs_thermal_row *row)
{
    if (strcmp(row->told, "limit") == 0)
        return IXS_THERMAL_BELOW;
    return strcmp(row->told, "relaxation") == 0 ? IXS_THERMAL_ABOVE : IXS_THERMAL_WIDTH;
}

double ixs_thermal_shown(const struct ixs_thermal_row *row, enum ixs_thermal_kind kind)
{
    if (kind == IXS_THERMAL_ENERGY)
        return kind_of(row) == IXS_THERMAL_ABOVE ? (double)NAN : row->omega0;
    if (kind != kind_of(row))
        return (double)NAN;
    return kind == IXS_THERMAL_BELOW   ? row->fwhm_ul90
           : kind == IXS_THERMAL_ABOVE ? row->fwhm_lo
                                       : row->fwhm;
}

struct ixs_thermal_axes ixs_thermal_axes(const struct ixs_dispersion *d, int64_t series)
{
    struct ixs_thermal_axes axes = {INFINITY, 0.0, 0.0};
    for (size_t i = 0; i < d->nthermal; i++) {
        const struct ixs_thermal_row *row = &d->thermal[i];
        axes.t_lo = fmin(axes.t_lo, row->temperature);
        axes.t_hi = fmax(axes.t_hi, row->temperature);
        if (row->series != series)
            continue;
        for (int k = 0; k < IXS_THERMAL_KINDS; k++) {
            double value = ixs_thermal_shown(row, (enum ixs_thermal_kind)k);
            if (value < 8.0 * row->omega_law)
                axes.top = fmax(axes.top, 1.12 * value);
        }
        axes.top = fmax(axes.top, fmax(1.1 * row->omega_law, 1.1 * row->fwhm_law));
    }
    double room = fmax(0.06 * (axes.t_hi - axes.t_lo), 1.0);
    return (struct ixs_thermal_axes){fmax(0.0, axes.t_lo - room), axes.t_hi + room,
                                     axes.top > 0.0 ? axes.top : 1.0};
}

int64_t ixs_thermal_nseries(const struct ixs_dispersion *dispersion)
{
    int64_t most = 0;
    for (size_t i = 0; i < dispersion->nthermal; i++)
        most = dispersion->thermal[i].series > most ? dispersion->thermal[i].series : most;
    return most;
}
