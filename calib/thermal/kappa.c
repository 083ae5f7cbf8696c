/* SPDX-License-Identifier: GPL-3.0-or-later
 * Velocities of the series from the branches they lie on, mean free paths, and KAPPA.
 */
#include "calib/thermal/parts.h"

#include "base/array.h"
#include "base/units.h"
#include "models/thermal/kappa.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double unlikely = 1e-3; /* P below which laws say nothing of the heat */
static const double vague = 0.5; /* relative error of FWHM beyond which its inverse is not known */

struct carriers { /* series that conduct; owns its arrays */
    size_t n;
    struct ixs_kappa_mode *modes;
    size_t *series; /* their place in the list */
    size_t ntemperatures;
    double *kelvin;
};

/* ---- velocities ------------------------------------------------------------------------------ */

/* Slope of a branch's law at q, km/s, where POINTS do not state it. */
static double law_slope(const struct ixs_dispersion_branch *branch, double q)
{
    if (strcmp(branch->law, "linear") == 0)
        return branch->velocity;
    if (strcmp(branch->law, "sine") == 0)
        return branch->velocity *
               cos(IXS_MEV_A_PER_KM_S * branch->velocity * q / branch->omega_zone);
    if (strcmp(branch->law, "curved") == 0)
        return 2.0 * branch->curvature * q / IXS_MEV_A_PER_KM_S;
    return 0.0;
}

static void point_velocity(const struct ixs_dispersion *from,
                           const struct ixs_dispersion_point *point, double *value, double *error)
{
    *value = fabs(point->group_velocity);
    *error = point->group_velocity_err;
    for (size_t b = 0; b < from->nbranches && !(*value > 0.0); b++) {
        const struct ixs_dispersion_branch *row = &from->branches[b];
        if (row->branch != point->branch)
            continue;
        double part = strcmp(row->law, "curved") == 0 ? row->curvature_err / row->curvature
                                                      : row->velocity_err / row->velocity;
        *value = fabs(law_slope(row, point->q_reduced));
        *error = *value * fabs(part);
    }
}

static const struct ixs_dispersion_point *point_of(const struct ixs_dispersion *from,
                                                   const struct ixs_fit_mode *mode)
{
    for (size_t i = 0; i < from->npoints; i++) {
        const struct ixs_dispersion_point *row = &from->points[i];
        if (row->mode == mode->mode && row->temperature == mode->id.temperature &&
            row->h == mode->id.h && row->k == mode->id.k && row->l == mode->id.l &&
            row->omega0 == mode->omega0 && strcmp(row->analyzer, mode->id.analyzer) == 0 &&
            strcmp(row->scans, mode->id.scans) == 0 && strcmp(row->source, mode->id.source) == 0)
            return row;
    }
    return NULL;
}

/* The coldest of its modes that lies on a branch tells the velocity; false if none does. */
static bool has_velocity(const struct ixs_dispersion *from, const struct ixs_thermal_series *series,
                         struct ixs_kappa_mode *out)
{
    for (size_t i = 0; i < series->n; i++) {
        const struct ixs_dispersion_point *point = point_of(from, &series->modes[i]->fit);
        if (point == NULL || point->branch <= 0)
            continue;
        *out = (struct ixs_kappa_mode){.fit = &series->laws,
                                       .branch = (size_t)point->branch,
                                       .q = point->q_reduced,
                                       .velocity_kelvin = point->temperature};
        point_velocity(from, point, &out->velocity, &out->velocity_err);
        if (isfinite(out->velocity))
            return true;
    }
    return false;
}

/* ---- what conducts --------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    const double *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

/* The temperatures of all modes, those within `warm` of the first of them as one, their mean. */
static void find_temperatures(struct carriers *out, const struct ixs_thermal_list *list,
                              double warm, double *room)
{
    size_t n = 0;
    for (size_t c = 0; c < out->n; c++)
        for (size_t i = 0; i < list->series[out->series[c]].n; i++)
            room[n++] = list->series[out->series[c]].points[i].kelvin;
    qsort(room, n, sizeof *room, by_size);
    for (size_t i = 0, end = 0; i < n; i = end) {
        double sum = 0.0;
        for (; end < n && room[end] - room[i] <= warm; end++)
            sum += room[end];
        out->kelvin[out->ntemperatures++] = sum / (double)(end - i);
    }
}

/* Laws that hold, with a width that is known wherever the heat is asked for. */
static bool is_known(const struct ixs_thermal_series *series, double lo, double hi)
{
    const double ends[2] = {lo, hi};
    if (!series->has_laws || !series->own || series->laws.p_value < unlikely)
        return false;
    for (size_t i = 0; i < IXS_COUNT(ends); i++)
        if (!(ixs_thermal_width_error(&series->laws, ends[i]) <
              vague * ixs_thermal_width(&series->laws, NULL, ends[i])))
            return false;
    return true;
}

static bool find_carriers(struct carriers *out, const struct ixs_dispersion *from,
                          const struct ixs_thermal_list *list, double warm, struct ixs_err *err)
{
    double *room = NULL;
    double lo = INFINITY, hi = -INFINITY;
    size_t most = 0;
    for (size_t s = 0; s < list->n; s++) {
        most += list->series[s].n;
        lo = fmin(lo, list->series[s].t_lo);
        hi = fmax(hi, list->series[s].t_hi);
    }
    bool ok = IXS_NEW(out->modes, list->n, err) && IXS_NEW(out->series, list->n, err) &&
              IXS_NEW(out->kelvin, most, err) && IXS_NEW(room, most, err);
    for (size_t s = 0; ok && s < list->n; s++)
        if (is_known(&list->series[s], lo, hi) &&
            has_velocity(from, &list->series[s], &out->modes[out->n]))
            out->series[out->n++] = s;
    if (ok)
        find_temperatures(out, list, warm, room);
    free(room);
    return ok;
}

static void dispose(struct carriers *carriers)
{
    free(carriers->modes);
    free(carriers->series);
    free(carriers->kelvin);
}

/* ---- the rest of THERMAL --------------------------------------------------------------------- */

static const struct ixs_kappa_mode *carrier_of(const struct carriers *carriers, int64_t series)
{
    for (size_t c = 0; c < carriers->n; c++)
        if (carriers->series[c] + 1 == (size_t)series)
            return &carriers->modes[c];
    return NULL;
}

static void fill_row(struct ixs_thermal_row *row, const struct carriers *carriers)
{
    const struct ixs_kappa_mode *mode = carrier_of(carriers, row->series);
    row->heat = ixs_kappa_heat(row->omega_law, row->temperature);
    if (mode == NULL)
        return;
    row->velocity =
        mode->velocity * row->omega_law / ixs_thermal_omega(mode->fit, NULL, mode->velocity_kelvin);
    row->velocity_err = mode->velocity > 0.0 ? row->velocity * mode->velocity_err / mode->velocity
                                             : mode->velocity_err;
    row->path = 10.0 * row->velocity * row->lifetime; /* km/s x ps = 10 Angstrom */
    row->path_err =
        10.0 * hypot(row->velocity_err * row->lifetime, row->velocity * row->lifetime_err);
    row->kappa = ixs_kappa_share(mode, NULL, row->temperature);
    row->kappa_err = ixs_kappa_share_error(mode, row->temperature);
}

/* ---- KAPPA ----------------------------------------------------------------------------------- */

/* The widths of a series as measured at a temperature, where resolved: their mean, NaN where there
 * is none, and what each one's error adds to it, *n parts. */
static double measured_width(const struct ixs_thermal_series *series, double kelvin, double warm,
                             size_t *n, struct ixs_thermal_part *parts)
{
    double weights = 0.0, sum = 0.0;
    *n = 0;
    for (size_t i = 0; i < series->n; i++) {
        const struct ixs_thermal_point *point = &series->points[i];
        bool resolved = point->told == IXS_THERMAL_BOTH || point->told == IXS_THERMAL_DAMPED;
        if (!resolved || fabs(point->kelvin - kelvin) > warm)
            continue;
        double weight = 1.0 / (point->fwhm_err * point->fwhm_err);
        weights += weight;
        sum += weight * point->fwhm;
        parts[(*n)++] = (struct ixs_thermal_part){series->modes[i]->index, 1.0 / point->fwhm_err};
    }
    for (size_t k = 0; k < *n; k++)
        parts[k].error /= weights;
    return weights > 0.0 ? sum / weights : (double)NAN;
}

/* KAPPA with widths as measured. parts: room for all points of all series. */
static void add_measured(struct ixs_thermal_kappa *row, const struct carriers *carriers,
                         const struct ixs_thermal_list *list, double warm,
                         const struct ixs_kinship *kinship, struct ixs_thermal_part *parts)
{
    double variance = 0.0;
    size_t all = 0, n;
    for (size_t c = 0; c < carriers->n; c++) {
        const struct ixs_kappa_mode *mode = &carriers->modes[c];
        double width = measured_width(&list->series[carriers->series[c]], row->temperature, warm,
                                      &n, parts + all);
        bool resolved = width > 0.0;
        double share = resolved ? ixs_kappa_share_of(mode, row->temperature, width)
                                : ixs_kappa_share(mode, NULL, row->temperature);
        row->measured += share;
        for (size_t k = 0; k < n; k++)
            parts[all + k].error *= share / width;
        all += resolved ? n : 0;
        variance += resolved ? 0.0 : pow(ixs_kappa_share_error(mode, row->temperature), 2.0);
        double law = ixs_thermal_width(mode->fit, NULL, row->temperature);
        row->nbeyond += IXS_PI * law > ixs_thermal_omega(mode->fit, NULL, row->temperature);
    }
    row->measured_err = sqrt(variance + ixs_thermal_bonds_variance(kinship, all, parts));
}

static bool add_rows(struct ixs_dispersion *out, const struct carriers *carriers,
                     const struct ixs_kappa *kappa, double zone, struct ixs_err *err)
{
    const size_t n = kappa->n;
    if (!IXS_NEW(out->kappas, n, err) || !IXS_NEW(out->kappa_covariances, n * (n + 1) / 2, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        out->kappas[out->nkappas++] =
            (struct ixs_thermal_kappa){.temperature = carriers->kelvin[i],
                                       .kappa = kappa->kappa[i],
                                       .kappa_err = sqrt(kappa->covariance[i * n + i]),
                                       .nmodes = (int64_t)carriers->n,
                                       .q_zone = zone};
        for (size_t k = 0; k <= i; k++)
            out->kappa_covariances[out->nkappa_covariances++] = (struct ixs_thermal_covariance){
                (int64_t)i + 1, (int64_t)k + 1, kappa->covariance[i * n + k]};
    }
    return true;
}

/* A straight line through ln KAPPA against ln T: its value where ln T is in the middle. */
static void add_law(struct ixs_dispersion *out, const struct carriers *carriers,
                    const struct ixs_kappa *kappa, double zone, size_t nseries)
{
    struct ixs_thermal_law_row *row = ixs_thermal_law_new(out);
    double t = 0.0, value = 0.0, variance = 0.0, n = (double)kappa->n;
    for (size_t i = 0; i < kappa->n; i++) {
        t += log(carriers->kelvin[i]) / n;
        value += log(kappa->kappa[i]) / n;
        for (size_t k = 0; k < kappa->n; k++)
            variance += kappa->covariance[i * kappa->n + k] / (kappa->kappa[i] * kappa->kappa[k]);
    }
    ixs_copy(row->quantity, sizeof row->quantity, "kappa");
    ixs_copy(row->law, sizeof row->law, "power");
    ixs_kappa_exponent(kappa, carriers->kelvin, &row->exponent, &row->exponent_err);
    row->npoints = (int64_t)kappa->n;
    row->t_lo = carriers->kelvin[0];
    row->t_hi = carriers->kelvin[kappa->n - 1];
    row->t_ref = exp(t);
    row->p[0] = exp(value);
    row->p_err[0] = row->p[0] * sqrt(fmax(variance, 0.0)) / n;
    row->p[1] = row->exponent;
    row->p_err[1] = row->exponent_err;
    snprintf(row->remark, sizeof row->remark,
             "C v^2 tau/3 over q < %.3g/A as if isotropic, each of %zu of %zu modes for its shell "
             "of its branch; tau = hbar/FWHM; no other branches",
             zone, carriers->n, nseries);
}

static double largest_q(const struct carriers *carriers)
{
    double largest = 0.0;
    for (size_t c = 0; c < carriers->n; c++)
        largest = fmax(largest, carriers->modes[c].q);
    return largest;
}

static bool add_all(struct ixs_dispersion *out, const struct carriers *carriers,
                    const struct ixs_thermal_list *list, double zone,
                    const struct ixs_kinship *kinship, struct ixs_err *err)
{
    struct ixs_thermal_bonds bonds = {0};
    struct ixs_kappa kappa = {0};
    const struct ixs_kappa_kin kin = {ixs_thermal_bonds_between, &bonds};
    bool any = ixs_kinship_any(kinship);
    bool ok = (!any ||
               ixs_thermal_bonds_make(&bonds, kinship, carriers->n, carriers->series, list, err)) &&
              ixs_kappa_sum(carriers->n, carriers->modes, carriers->ntemperatures, carriers->kelvin,
                            any ? &kin : NULL, &kappa, err) &&
              add_rows(out, carriers, &kappa, zone, err);
    if (ok)
        add_law(out, carriers, &kappa, zone, list->n);
    ixs_kappa_dispose(&kappa);
    ixs_thermal_bonds_dispose(&bonds);
    return ok;
}

bool ixs_thermal_conduct(struct ixs_dispersion *out, const struct ixs_thermal_list *list,
                         const struct ixs_thermal_rules *rules, double warm,
                         const struct ixs_kinship *kinship, struct ixs_err *err)
{
    struct carriers carriers = {0};
    struct ixs_thermal_part *parts = NULL;
    size_t most = 0;
    for (size_t s = 0; s < list->n; s++)
        most += list->series[s].n;
    bool ok = find_carriers(&carriers, out, list, warm, err) && IXS_NEW(parts, most, err);
    double zone = rules->zone > 0.0 ? rules->zone : largest_q(&carriers);
    ixs_kappa_shells(carriers.n, carriers.modes, zone);
    for (size_t i = 0; ok && i < out->nthermal; i++)
        fill_row(&out->thermal[i], &carriers);
    if (ok && carriers.n > 0)
        ok = add_all(out, &carriers, list, zone, kinship, err);
    for (size_t i = 0; ok && i < out->nkappas; i++)
        add_measured(&out->kappas[i], &carriers, list, warm, kinship, parts);
    free(parts);
    dispose(&carriers);
    return ok;
}
