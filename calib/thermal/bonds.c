/* SPDX-License-Identifier: GPL-3.0-or-later
 * How laws of different series vary together, because their spectra were fitted together.
 */
#include "calib/thermal/parts.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

bool ixs_thermal_bonds_make(struct ixs_thermal_bonds *out, const struct ixs_kinship *kinship,
                            size_t n, const size_t *which, const struct ixs_thermal_list *list,
                            struct ixs_err *err)
{
    out->kinship = kinship;
    bool ok = IXS_NEW(out->series, n, err) && IXS_NEW(out->follow, n, err);
    out->n = ok ? n : 0;
    for (size_t s = 0; ok && s < n; s++) {
        const struct ixs_thermal_series *series = out->series[s] = &list->series[which[s]];
        ok = IXS_NEW(out->follow[s], series->laws.nparameters * IXS_KIN_FIGURES * series->n, err);
        if (ok)
            ixs_thermal_follow_data(&series->laws, series->n, series->points, out->follow[s]);
    }
    return ok;
}

void ixs_thermal_bonds_dispose(struct ixs_thermal_bonds *bonds)
{
    for (size_t s = 0; s < bonds->n; s++)
        free(bonds->follow[s]);
    free(bonds->follow);
    free(bonds->series);
    *bonds = (struct ixs_thermal_bonds){0};
}

static double correlation(const struct ixs_kinship *kinship, const struct ixs_thermal_series *one,
                          size_t i, const struct ixs_thermal_series *other, size_t k)
{
    return ixs_kinship_correlation(
        kinship, one->modes[i / IXS_KIN_FIGURES]->index, (enum ixs_kin_figure)(i % IXS_KIN_FIGURES),
        other->modes[k / IXS_KIN_FIGURES]->index, (enum ixs_kin_figure)(k % IXS_KIN_FIGURES));
}

void ixs_thermal_bonds_between(const void *context, size_t one, size_t other, double *covariance)
{
    const struct ixs_thermal_bonds *bonds = context;
    const struct ixs_thermal_series *s = bonds->series[one], *t = bonds->series[other];
    size_t m = s->laws.nparameters, p = t->laws.nparameters;
    size_t n = IXS_KIN_FIGURES * s->n, q = IXS_KIN_FIGURES * t->n;
    memset(covariance, 0, m * p * sizeof *covariance);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < q; k++) {
            double of = correlation(bonds->kinship, s, i, t, k);
            for (size_t c = 0; of != 0 && c < m * p; c++)
                covariance[c] +=
                    of * bonds->follow[one][c / p * n + i] * bonds->follow[other][c % p * q + k];
        }
}

double ixs_thermal_bonds_variance(const struct ixs_kinship *kinship, size_t n,
                                  const struct ixs_thermal_part *parts)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            double of = i == k ? 1.0
                        : ixs_kinship_any(kinship)
                            ? ixs_kinship_correlation(kinship, parts[i].mode, IXS_KIN_FWHM,
                                                      parts[k].mode, IXS_KIN_FWHM)
                            : 0.0;
            sum += of * parts[i].error * parts[k].error;
        }
    return sum;
}
