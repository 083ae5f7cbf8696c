/* SPDX-License-Identifier: GPL-3.0-or-later
 * Modes of several temperatures: taken from FIT products, gathered, told.
 */
#include "calib/thermal/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- from FIT -------------------------------------------------------------------------------- */

bool ixs_thermal_add(struct ixs_thermal_modes *modes, const struct ixs_fit *fit,
                     struct ixs_err *err)
{
    size_t first = modes->n;
    if (!ixs_kinship_add(&modes->kinship, fit, err) ||
        !ixs_grow(&modes->modes, &modes->capacity, first + fit->nmodes, sizeof *modes->modes, err))
        return false;
    for (size_t i = 0; i < fit->nmodes; i++) {
        size_t n = modes->n++;
        double both = ixs_kinship_correlation(&modes->kinship, n, IXS_KIN_OMEGA0, n, IXS_KIN_FWHM);
        modes->modes[n] =
            (struct ixs_thermal_mode){.fit = fit->modes[i], .index = n, .correlation = both};
    }
    return true;
}

void ixs_thermal_modes_dispose(struct ixs_thermal_modes *modes)
{
    free(modes->modes);
    ixs_kinship_dispose(&modes->kinship);
    *modes = (struct ixs_thermal_modes){0};
}

/* ---- rows of THERMAL ------------------------------------------------------------------------- */

static const char *told_word(enum ixs_thermal_told told)
{
    static const char *const words[] = {"nothing", "both",       "both",
                                        "limit",   "relaxation", "outlier"};
    return words[told];
}

static struct ixs_thermal_row measured_row(const struct ixs_fit_mode *mode, int64_t series,
                                           enum ixs_thermal_told told)
{
    const double nan = (double)NAN;
    struct ixs_thermal_row row = {.series = series,
                                  .mode = mode->mode,
                                  .temperature = mode->id.temperature,
                                  .h = mode->id.h,
                                  .k = mode->id.k,
                                  .l = mode->id.l,
                                  .q_reduced = mode->id.q_reduced,
                                  .omega0 = mode->omega0,
                                  .omega0_err = mode->omega0_err,
                                  .omega0_lo = mode->omega0_lo,
                                  .omega0_hi = mode->omega0_hi,
                                  .fwhm = mode->fwhm,
                                  .fwhm_err = mode->fwhm_err,
                                  .fwhm_lo = mode->fwhm_lo,
                                  .fwhm_hi = mode->fwhm_hi,
                                  .fwhm_ul90 = mode->fwhm_ul90,
                                  .relaxation = mode->relaxation,
                                  .relaxation_err = mode->relaxation_err,
                                  .susceptibility = mode->susceptibility,
                                  .susceptibility_err = mode->susceptibility_err,
                                  .velocity = nan,
                                  .velocity_err = nan,
                                  .path = nan,
                                  .path_err = nan,
                                  .kappa = nan,
                                  .kappa_err = nan};
    ixs_copy(row.source, sizeof row.source, mode->id.source);
    ixs_copy(row.analyzer, sizeof row.analyzer, mode->id.analyzer);
    ixs_copy(row.scans, sizeof row.scans, mode->id.scans);
    ixs_copy(row.told, sizeof row.told, told_word(told));
    ixs_copy(row.regime, sizeof row.regime, mode->regime);
    ixs_copy(row.status, sizeof row.status, mode->status);
    ixs_copy(row.response, sizeof row.response, mode->id.response);
    return row;
}

bool ixs_thermal_tell_rows(struct ixs_dispersion *out, const struct ixs_thermal_list *list,
                           struct ixs_err *err)
{
    size_t capacity = out->nthermal, n = 0;
    for (size_t s = 0; s < list->n; s++)
        n += list->series[s].n;
    if (!ixs_grow(&out->thermal, &capacity, n, sizeof *out->thermal, err))
        return false;
    for (size_t s = 0; s < list->n; s++)
        for (size_t i = 0; i < list->series[s].n; i++)
            out->thermal[out->nthermal++] = measured_row(
                &list->series[s].modes[i]->fit, (int64_t)s + 1, list->series[s].points[i].told);
    return true;
}

/* ---- all of it ------------------------------------------------------------------------------- */

const char *ixs_thermal_rules_complaint(const struct ixs_thermal_rules *rules)
{
    enum ixs_thermal_law law;
    double along[3];
    const char *const words[] = {rules->width_law, rules->energy_law};
    for (size_t i = 0; i < IXS_COUNT(words); i++)
        if (words[i] != NULL && !ixs_thermal_find(words[i], &law))
            return "found another law of widths or energies, expected constant, three, three+rest, "
                   "four, four+rest, three+four, "
                   "three+four+rest, power or choose";
    if (rules->along != NULL &&
        (sscanf(rules->along, "%lf,%lf,%lf", &along[0], &along[1], &along[2]) != 3 ||
         !(fabs(along[0]) + fabs(along[1]) + fabs(along[2]) > 0)))
        return "found no direction in --along, expected H,K,L";
    return NULL;
}

bool ixs_thermal_gather(struct ixs_dispersion *out, const struct ixs_thermal_modes *modes,
                        const struct ixs_thermal_rules *rules, double warm, struct ixs_err *err)
{
    struct ixs_thermal_list list = {0};
    bool ok = ixs_thermal_follow(&list, modes, rules, warm, err);
    for (size_t s = 0; ok && s < list.n; s++)
        ixs_thermal_settle(&list.series[s], rules);
    ok = ok && ixs_thermal_tell_rows(out, &list, err) &&
         ixs_thermal_tell_laws(out, &list, rules, err) &&
         ixs_thermal_conduct(out, &list, rules, warm, &modes->kinship, err);
    ixs_thermal_list_dispose(&list);
    return ok;
}
