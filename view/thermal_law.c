/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laws of THERMAL_LAWS, as docs/thermal.md has them: sums of 1, N3 = 1 + 2 n(w/2) and N4 = 1 +
 * 3 n(w/3) + 3 n(w/3)^2, or a power of T/T_REF.
 */
#include "view/plot_thermal.h"

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

int64_t ixs_thermal_nseries(const struct ixs_dispersion *dispersion)
{
    int64_t most = 0;
    for (size_t i = 0; i < dispersion->nthermal; i++)
        most = dispersion->thermal[i].series > most ? dispersion->thermal[i].series : most;
    return most;
}
