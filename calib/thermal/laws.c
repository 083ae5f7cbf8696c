/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laws of a series, and rows of THERMAL_LAWS.
 */
#include "calib/thermal/parts.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double unlikely = 0.01;       /* P below which laws do not hold */
static const double reach[2] = {0.5, 1.5}; /* of the temperatures, where crossings are looked for */

static enum ixs_thermal_law law_of(const char *word)
{
    enum ixs_thermal_law law = IXS_THERMAL_POWER;
    return word != NULL && ixs_thermal_find(word, &law) ? law : IXS_THERMAL_POWER;
}

void ixs_thermal_settle(struct ixs_thermal_series *series, const struct ixs_thermal_rules *rules)
{
    enum ixs_thermal_law energy = law_of(rules->energy_law), width = law_of(rules->width_law);
    bool free = rules->width_law == NULL && energy != IXS_THERMAL_CHOOSE;
    for (size_t i = 0; i < series->n; i++)
        series->points[i].kin = series->correlation != NULL ? &series->kin : NULL;
    if (free)
        series->has_laws = ixs_thermal_carry(series->n, series->points, energy, &series->laws);
    else
        series->has_laws =
            ixs_thermal_choose(series->n, series->points, energy, width, &series->laws);
    if (series->has_laws && free)
        (void)ixs_thermal_trim(series->n, series->points, energy, &series->laws);
}

/* ---- rows ------------------------------------------------------------------------------------ */

struct ixs_thermal_law_row *ixs_thermal_law_new(struct ixs_dispersion *out)
{
    const double nan = (double)NAN;
    struct ixs_thermal_law_row *row = &out->laws[out->nlaws++];
    *row = (struct ixs_thermal_law_row){.q_reduced = nan,
                                        .t_lo = nan,
                                        .t_hi = nan,
                                        .t_ref = nan,
                                        .omega_ref = nan,
                                        .p = {nan, nan, nan},
                                        .p_err = {nan, nan, nan},
                                        .chi2 = nan,
                                        .p_value = nan,
                                        .aicc = nan,
                                        .exponent = nan,
                                        .exponent_err = nan,
                                        .t_overdamped = nan,
                                        .t_overdamped_err = nan,
                                        .t_ioffe = nan,
                                        .t_ioffe_err = nan};
    return row;
}

static struct ixs_thermal_law_row *new_row(struct ixs_dispersion *out,
                                           const struct ixs_thermal_series *series, size_t number,
                                           const char *quantity)
{
    struct ixs_thermal_law_row *row = ixs_thermal_law_new(out);
    row->series = (int64_t)number;
    row->q_reduced = series->modes[0]->fit.id.q_reduced;
    row->t_lo = series->t_lo;
    row->t_hi = series->t_hi;
    ixs_copy(row->analyzer, sizeof row->analyzer, series->modes[0]->fit.id.analyzer);
    ixs_copy(row->quantity, sizeof row->quantity, quantity);
    for (size_t i = 0; i < series->n; i++) {
        enum ixs_thermal_told told = series->points[i].told;
        row->npoints += told != IXS_THERMAL_NOTHING && told != IXS_THERMAL_OUTLIER;
        row->nlimits += told == IXS_THERMAL_LIMIT;
        row->nrelaxations += told == IXS_THERMAL_RELAXATION;
    }
    return row;
}

static void put_parameters(struct ixs_thermal_law_row *row, const struct ixs_thermal_fit *fit,
                           bool is_width)
{
    enum ixs_thermal_law law = is_width ? fit->width_law : fit->omega_law;
    size_t first = is_width ? ixs_thermal_terms(fit->omega_law) : 0;
    for (size_t k = 0; k < ixs_thermal_terms(law); k++) {
        size_t at = first + k;
        row->p[k] = fit->p[at];
        row->p_err[k] = sqrt(fit->cov[at * fit->nparameters + at]);
    }
    ixs_copy(row->law, sizeof row->law, ixs_thermal_word(law));
    row->t_ref = fit->kelvin_ref;
    row->omega_ref = fit->omega_ref;
    row->chi2 = fit->chi2;
    row->dof = fit->dof;
    row->p_value = fit->p_value;
    row->aicc = isfinite(fit->aicc) ? fit->aicc : (double)NAN;
}

/* The exponent of a power in this quantity, the other's law as it is. */
static void put_exponent(struct ixs_thermal_law_row *row, const struct ixs_thermal_series *series,
                         const struct ixs_thermal_fit *laws, bool is_width)
{
    struct ixs_thermal_fit fit;
    if (!ixs_thermal_fit(series->n, series->points, is_width ? laws->omega_law : IXS_THERMAL_POWER,
                         is_width ? IXS_THERMAL_POWER : laws->width_law, &fit))
        return;
    size_t at = is_width ? ixs_thermal_terms(laws->omega_law) + 1 : 1;
    row->exponent = fit.p[at];
    row->exponent_err = sqrt(fit.cov[at * fit.nparameters + at]);
}

static void put_crossings(struct ixs_thermal_law_row *row, const struct ixs_thermal_series *series)
{
    double lo = reach[0] * series->t_lo, hi = reach[1] * series->t_hi;
    if (ixs_thermal_crossing(&series->laws, 2.0, lo, hi, &row->t_overdamped,
                             &row->t_overdamped_err) &&
        (row->t_overdamped < series->t_lo || row->t_overdamped > series->t_hi))
        ixs_copy(row->remark, sizeof row->remark, "T_OVERDAMPED is extrapolated; ");
    ixs_thermal_crossing(&series->laws, 1.0 / IXS_PI, lo, hi, &row->t_ioffe, &row->t_ioffe_err);
}

static void put_remark(struct ixs_thermal_law_row *row, const struct ixs_thermal_series *series)
{
    size_t used = strlen(row->remark);
    snprintf(row->remark + used, sizeof row->remark - used, "%s%s",
             row->p_value < unlikely ? "the laws do not hold; " : "",
             series->own ? "" : "response lent or nominal: widths are not intrinsic; ");
    used = strlen(row->remark);
    if (used >= 2)
        row->remark[used - 2] = '\0';
}

static void tell_laws(struct ixs_dispersion *out, const struct ixs_thermal_series *series,
                      size_t number)
{
    for (int is_width = 0; is_width < 2; is_width++) {
        struct ixs_thermal_law_row *row =
            new_row(out, series, number, is_width ? "fwhm" : "omega0");
        put_parameters(row, &series->laws, is_width);
        put_exponent(row, series, &series->laws, is_width);
        if (is_width)
            put_crossings(row, series);
        ixs_copy(row->used, sizeof row->used, "carried");
        put_remark(row, series);
    }
}

/* ---- comparison ------------------------------------------------------------------------------ */

/* The last row of this series and quantity. */
static size_t last_row(const struct ixs_dispersion *out, size_t number, const char *quantity)
{
    size_t at = out->nlaws;
    while (at-- > 0)
        if (out->laws[at].series == (int64_t)number &&
            strcmp(out->laws[at].quantity, quantity) == 0)
            return at;
    return 0;
}

static bool fit_other(const struct ixs_thermal_series *series, enum ixs_thermal_law law,
                      bool is_width, struct ixs_thermal_fit *out)
{
    const struct ixs_thermal_fit *laws = &series->laws;
    if (law == (is_width ? laws->width_law : laws->omega_law))
        return false;
    return ixs_thermal_fit(series->n, series->points, is_width ? laws->omega_law : law,
                           is_width ? law : laws->width_law, out);
}

/* A row for each law of a quantity beside the one that is carried; the best of all is marked. */
static void compare_laws(struct ixs_dispersion *out, const struct ixs_thermal_series *series,
                         size_t number, bool is_width)
{
    const char *quantity = is_width ? "fwhm" : "omega0";
    size_t carried = last_row(out, number, quantity), best = carried;
    for (int law = 0; law < IXS_THERMAL_CHOOSE; law++) {
        struct ixs_thermal_fit fit;
        if (!fit_other(series, (enum ixs_thermal_law)law, is_width, &fit))
            continue;
        struct ixs_thermal_law_row *row = new_row(out, series, number, quantity);
        put_parameters(row, &fit, is_width);
        put_remark(row, series);
        if (row->aicc < out->laws[best].aicc)
            best = out->nlaws - 1;
    }
    ixs_copy(out->laws[best].used, sizeof out->laws[best].used,
             best == carried ? "carried+best" : "best");
}

/* ---- relaxation and susceptibility ----------------------------------------------------------- */

/* Whether energy and width of two modes, and so their relaxation, are one value. */
static bool is_same(const struct ixs_thermal_series *series, size_t one, size_t other)
{
    size_t m = IXS_KIN_FIGURES * series->n;
    for (size_t a = 0; a < IXS_KIN_FIGURES; a++)
        if (series->correlation == NULL ||
            series->correlation[(IXS_KIN_FIGURES * one + a) * m + IXS_KIN_FIGURES * other + a] < 1)
            return false;
    return true;
}

/* Where mode i is the first of those that have its relaxation: the middle of their ln T; else 0. */
static double shared_kelvin(const struct ixs_thermal_series *series, size_t i)
{
    double sum = 0.0, count = 0.0;
    for (size_t k = 0; k < series->n; k++) {
        if (k != i && !is_same(series, i, k))
            continue;
        if (k < i)
            return 0.0;
        sum += log(series->modes[k]->fit.id.temperature);
        count += 1.0;
    }
    return exp(sum / count);
}

/* A power of T through one figure of the modes. */
static bool tell_power(struct ixs_dispersion *out, const struct ixs_thermal_series *series,
                       size_t number, bool is_relaxation, struct ixs_err *err)
{
    double *room = NULL;
    size_t n = 0, most = series->n;
    struct ixs_thermal_power power;
    if (!IXS_NEW(room, 4 * most, err))
        return false;
    for (size_t i = 0; i < most; i++) {
        const struct ixs_fit_mode *mode = &series->modes[i]->fit;
        double lo = is_relaxation ? mode->relaxation_lo : mode->susceptibility_lo;
        double hi = is_relaxation ? mode->relaxation_hi : mode->susceptibility_hi;
        double kelvin = is_relaxation && series->correlation != NULL ? shared_kelvin(series, i)
                                                                     : mode->id.temperature;
        if (!(lo > 0.0 && lo < hi && isfinite(hi)) || !(kelvin > 0.0))
            continue;
        room[n] = kelvin;
        room[most + n] = is_relaxation ? mode->relaxation : mode->susceptibility;
        room[2 * most + n] = lo;
        room[3 * most + n++] = hi;
    }
    bool found = ixs_thermal_power(n, room, room + most, room + 2 * most, room + 3 * most, &power);
    free(room);
    if (!found)
        return true;
    struct ixs_thermal_law_row *row =
        new_row(out, series, number, is_relaxation ? "relaxation" : "susceptibility");
    row->npoints = (int64_t)n;
    row->t_ref = power.kelvin_ref;
    row->p[0] = power.value;
    row->p_err[0] = power.value_err;
    row->p[1] = row->exponent = power.exponent;
    row->p_err[1] = row->exponent_err = power.exponent_err;
    row->chi2 = power.chi2;
    row->dof = power.dof;
    row->p_value = power.p_value;
    ixs_copy(row->law, sizeof row->law, "power");
    put_remark(row, series);
    return true;
}

/* ---- all of them, and what they make of THERMAL ---------------------------------------------- */

static void fill_row(struct ixs_thermal_row *row, const struct ixs_thermal_series *series)
{
    const struct ixs_thermal_fit *laws = &series->laws;
    double kelvin = row->temperature, nan = (double)NAN;
    bool known = series->has_laws;
    row->omega_law = known ? ixs_thermal_omega(laws, NULL, kelvin) : nan;
    row->omega_law_err = known ? ixs_thermal_omega_error(laws, kelvin) : nan;
    row->fwhm_law = known ? ixs_thermal_width(laws, NULL, kelvin) : nan;
    row->fwhm_law_err = known ? ixs_thermal_width_error(laws, kelvin) : nan;
    bool meant = series->own && row->fwhm_law > 0.0;
    row->lifetime = meant ? IXS_HBAR / row->fwhm_law : nan;
    row->lifetime_err = row->lifetime * row->fwhm_law_err / row->fwhm_law;
    row->ioffe_regel = IXS_PI * row->fwhm_law / row->omega_law;
    row->ioffe_regel_err = known ? IXS_PI * ixs_thermal_ratio_error(laws, kelvin) : nan;
}

static void fill_rows(struct ixs_dispersion *out, const struct ixs_thermal_list *list)
{
    for (size_t i = 0; i < out->nthermal; i++)
        fill_row(&out->thermal[i], &list->series[out->thermal[i].series - 1]);
}

bool ixs_thermal_tell_laws(struct ixs_dispersion *out, const struct ixs_thermal_list *list,
                           const struct ixs_thermal_rules *rules, struct ixs_err *err)
{
    const size_t quantities = 4, others = rules->compare ? 2 * (size_t)IXS_THERMAL_CHOOSE : 0;
    size_t capacity = 0;
    bool ok = ixs_grow(&out->laws, &capacity, list->n * (quantities + others) + 1,
                       sizeof *out->laws, err);
    fill_rows(out, list);
    for (size_t s = 0; ok && s < list->n; s++) {
        const struct ixs_thermal_series *series = &list->series[s];
        if (series->has_laws)
            tell_laws(out, series, s + 1);
        for (int is_width = 0; series->has_laws && rules->compare && is_width < 2; is_width++)
            compare_laws(out, series, s + 1, is_width);
        ok =
            tell_power(out, series, s + 1, true, err) && tell_power(out, series, s + 1, false, err);
    }
    return ok;
}
