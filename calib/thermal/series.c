/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which modes are one mode at several temperatures: those of one analyzer at one HKL, from cold to
 * warm the ones nearest in energy and susceptibility (which an overdamped mode still tells).
 */
#include "calib/thermal/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double drift = 0.2;    /* of an energy from one temperature to the next */
static const double change = 0.8;   /* of ln susceptibility */
static const double farthest = 3.0; /* beyond which two modes are not one */
static const double vague = 0.3;    /* of an energy: an error that is larger says no more */

struct place { /* a mode while series are looked for */
    const struct ixs_thermal_mode *mode;
    size_t order;    /* as it came */
    size_t site;     /* analyzer and HKL: place of the first mode there */
    size_t spectrum; /* place of the first mode of its spectrum */
    long series;     /* -1: of none so far */
};

/* ---- what takes part ------------------------------------------------------------------------- */

static bool is_along(const struct ixs_fit_identity *id, const struct ixs_thermal_rules *rules)
{
    const double q[3] = {id->q_h, id->q_k, id->q_l};
    double d[3] = {0}, qd = 0.0, dd = 0.0, off = 0.0;
    if (rules->along == NULL || sscanf(rules->along, "%lf,%lf,%lf", &d[0], &d[1], &d[2]) != 3)
        return true;
    for (int i = 0; i < 3; i++) {
        qd += q[i] * d[i];
        dd += d[i] * d[i];
    }
    for (int i = 0; i < 3; i++)
        off = fmax(off, fabs(q[i] - qd / dd * d[i]));
    return off <= rules->same_q;
}

static bool takes_part(const struct ixs_fit_mode *mode, const struct ixs_thermal_rules *rules)
{
    static const char *const poor[] = {"not-converged", "no-data", "undetermined"};
    for (size_t i = 0; i < IXS_COUNT(poor); i++)
        if (strcmp(mode->status, poor[i]) == 0)
            return false;
    return mode->id.temperature > 0.0 && is_along(&mode->id, rules);
}

static int by_temperature(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    if (one->site != other->site)
        return (one->site > other->site) - (one->site < other->site);
    double t = one->mode->fit.id.temperature, u = other->mode->fit.id.temperature;
    return t != u ? (t > u) - (t < u) : (one->order > other->order) - (one->order < other->order);
}

static bool same_spectrum(const struct ixs_fit_identity *a, const struct ixs_fit_identity *b)
{
    return a->spectrum == b->spectrum && strcmp(a->source, b->source) == 0 &&
           strcmp(a->analyzer, b->analyzer) == 0 && strcmp(a->scans, b->scans) == 0;
}

static bool same_site(const struct ixs_fit_identity *a, const struct ixs_fit_identity *b,
                      double same_q)
{
    return strcmp(a->analyzer, b->analyzer) == 0 && fabs(a->h - b->h) <= same_q &&
           fabs(a->k - b->k) <= same_q && fabs(a->l - b->l) <= same_q;
}

/* Number of the site that a mode is at, among `n` first modes of sites; n: of none so far. */
static size_t find_site(const struct ixs_fit_identity *id, size_t n,
                        const struct ixs_fit_identity *const *sites, double same_q)
{
    size_t site = 0;
    while (site < n && !same_site(sites[site], id, same_q))
        site++;
    return site;
}

static bool make_places(struct place **out, size_t *n, const struct ixs_thermal_modes *modes,
                        const struct ixs_thermal_rules *rules, struct ixs_err *err)
{
    const struct ixs_fit_identity **sites = NULL;
    size_t nsites = 0;
    *n = 0;
    if (!IXS_NEW(*out, modes->n, err) || !IXS_NEW(sites, modes->n, err))
        return false;
    for (size_t i = 0; i < modes->n; i++) {
        const struct ixs_fit_identity *id = &modes->modes[i].fit.id;
        if (!takes_part(&modes->modes[i].fit, rules))
            continue;
        size_t site = find_site(id, nsites, sites, rules->same_q);
        if (site == nsites)
            sites[nsites++] = id;
        (*out)[(*n)++] = (struct place){&modes->modes[i], i, site, 0, -1};
    }
    free(sites);
    qsort(*out, *n, sizeof **out, by_temperature);
    for (size_t i = 0; i < *n; i++) {
        bool with = i > 0 && same_spectrum(&(*out)[i].mode->fit.id, &(*out)[i - 1].mode->fit.id);
        (*out)[i].spectrum = with ? (*out)[i - 1].spectrum : i;
    }
    return true;
}

/* ---- who follows whom ------------------------------------------------------------------------ */

/* Distance of an energy from what is known of another: 0 within an interval that has no error. */
static double energy_step(const struct ixs_fit_mode *from, const struct ixs_fit_mode *to)
{
    double low = from->omega0, high = low, err = drift * low;
    double to_low = to->omega0, to_high = to_low;
    if (!(from->omega0_err > 0.0)) {
        low = from->omega0_lo;
        high = from->omega0_hi;
        err = drift * low;
    }
    if (!(to->omega0_err > 0.0)) {
        to_low = to->omega0_lo;
        to_high = to->omega0_hi;
    }
    double gap = fmax(0.0, fmax(to_low - high, low - to_high));
    double a = from->omega0_err > 0.0 ? fmin(from->omega0_err, vague * from->omega0) : 0.0;
    double b = to->omega0_err > 0.0 ? fmin(to->omega0_err, vague * to->omega0) : 0.0;
    return gap / sqrt(err * err + a * a + b * b);
}

static double step(const struct ixs_fit_mode *from, const struct ixs_fit_mode *to)
{
    double by_strength = log(to->susceptibility / from->susceptibility) / change;
    return hypot(energy_step(from, to), isfinite(by_strength) ? by_strength : 0.0);
}

/* The last mode of a series before place `end`, or NULL if it is of another site. */
static const struct place *last_of(const struct place *places, size_t end, long series)
{
    for (size_t i = end; i-- > 0 && places[i].site == places[end - 1].site;)
        if (places[i].series == series)
            return &places[i];
    return NULL;
}

struct pair {
    size_t place;
    long series;
    double step;
};

/* The nearest pair of a free mode of this spectrum and a series of its site that it may go on. */
static struct pair nearest(const struct place *places, size_t first, size_t end, long from,
                           long nseries)
{
    struct pair best = {0, -1, farthest};
    for (long s = from; s < nseries; s++) {
        const struct place *last = last_of(places, end, s);
        if (last == NULL || last->spectrum == first)
            continue;
        for (size_t i = first; i < end; i++) {
            double far = step(&last->mode->fit, &places[i].mode->fit);
            if (places[i].series < 0 && far < best.step)
                best = (struct pair){i, s, far};
        }
    }
    return best;
}

static void follow(struct place *places, size_t n)
{
    long nseries = 0, from = 0;
    for (size_t first = 0, end = 0; first < n; first = end) {
        if (first > 0 && places[first].site != places[first - 1].site)
            from = nseries;
        while (end < n && places[end].spectrum == first)
            end++;
        for (struct pair pair; (pair = nearest(places, first, end, from, nseries)).series >= 0;)
            places[pair.place].series = pair.series;
        for (size_t i = first; i < end; i++)
            if (places[i].series < 0)
                places[i].series = nseries++;
    }
}

/* ---- series ---------------------------------------------------------------------------------- */

static struct ixs_thermal_point point_of(const struct ixs_thermal_mode *mode)
{
    const struct ixs_fit_mode *fit = &mode->fit;
    struct ixs_thermal_point point = {.kelvin = fit->id.temperature,
                                      .omega0 = fit->omega0,
                                      .omega0_err = fit->omega0_err,
                                      .fwhm = fit->fwhm,
                                      .fwhm_err = fit->fwhm_err,
                                      .fwhm_lo = fit->fwhm_lo,
                                      .fwhm_hi = fit->fwhm_hi,
                                      .correlation = mode->correlation,
                                      .relaxation = fit->relaxation,
                                      .relaxation_lo = fit->relaxation_lo,
                                      .relaxation_hi = fit->relaxation_hi,
                                      .unresolved = strcmp(fit->regime, "unresolved") == 0};
    ixs_thermal_tell(&point);
    return point;
}

/* How the figures of a series vary together, where spectra were fitted together. */
static bool relate(struct ixs_thermal_series *series, const struct ixs_kinship *kinship,
                   struct ixs_err *err)
{
    size_t n = series->n, m = IXS_KIN_FIGURES * n;
    if (!ixs_kinship_any(kinship))
        return true;
    if (!IXS_NEW(series->correlation, m * m, err) || !IXS_NEW(series->kin.room, m * (m + 1), err) ||
        !IXS_NEW(series->kin.first, m, err))
        return false;
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < m; k++)
            series->correlation[i * m + k] =
                ixs_kinship_correlation(kinship, series->modes[i / IXS_KIN_FIGURES]->index,
                                        (enum ixs_kin_figure)(i % IXS_KIN_FIGURES),
                                        series->modes[k / IXS_KIN_FIGURES]->index,
                                        (enum ixs_kin_figure)(k % IXS_KIN_FIGURES));
    series->kin.n = n;
    series->kin.correlation = series->correlation;
    return true;
}

static bool add_series(struct ixs_thermal_list *out, size_t n, const struct place *places,
                       long number, double warm, const struct ixs_kinship *kinship,
                       struct ixs_err *err)
{
    size_t count = 0;
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        if (places[i].series != number)
            continue;
        count++;
        lo = fmin(lo, places[i].mode->fit.id.temperature);
        hi = fmax(hi, places[i].mode->fit.id.temperature);
    }
    if (!(hi - lo > warm))
        return true;
    if (!IXS_MORE(out->series, &out->capacity, out->n, err))
        return false;
    struct ixs_thermal_series *series = &out->series[out->n++];
    *series = (struct ixs_thermal_series){.t_lo = lo, .t_hi = hi, .own = true};
    if (!IXS_NEW(series->modes, count, err) || !IXS_NEW(series->points, count, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (places[i].series != number)
            continue;
        series->modes[series->n] = places[i].mode;
        series->points[series->n++] = point_of(places[i].mode);
        series->own = series->own && strcmp(places[i].mode->fit.id.response, "good") == 0;
    }
    return relate(series, kinship, err);
}

static long last_series(size_t n, const struct place *places)
{
    long last = -1;
    for (size_t i = 0; i < n; i++)
        last = places[i].series > last ? places[i].series : last;
    return last;
}

bool ixs_thermal_follow(struct ixs_thermal_list *out, const struct ixs_thermal_modes *modes,
                        const struct ixs_thermal_rules *rules, double warm, struct ixs_err *err)
{
    struct place *places = NULL;
    size_t n = 0;
    bool ok = make_places(&places, &n, modes, rules, err);
    if (ok)
        follow(places, n);
    long s = 0; /* series are numbered site by site */
    for (size_t i = 0, end = 0; ok && i < n; i = end) {
        while (end < n && places[end].site == places[i].site)
            end++;
        for (long last = last_series(end - i, places + i); ok && s <= last; s++)
            ok = add_series(out, end - i, places + i, s, warm, &modes->kinship, err);
    }
    free(places);
    return ok;
}

void ixs_thermal_list_dispose(struct ixs_thermal_list *list)
{
    for (size_t s = 0; s < list->n; s++) {
        free(list->series[s].modes);
        free(list->series[s].points);
        free(list->series[s].correlation);
        free(list->series[s].kin.room);
        free(list->series[s].kin.first);
    }
    free(list->series);
    *list = (struct ixs_thermal_list){0};
}
