/* SPDX-License-Identifier: GPL-3.0-or-later
 * The truth of a simulated beamtime as CALIB and SPECTRA: what a perfect reduction would give. All
 * errors are zero.
 */
#include "calib/forward/spec.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

struct ixs_identity ixs_forward_identity(const struct ixs_forward_beamtime *beamtime,
                                         const char *kind)
{
    struct ixs_identity id = {.version = 1};
    ixs_copy(id.kind, sizeof id.kind, kind);
    ixs_copy(id.instrument, sizeof id.instrument, beamtime->forward->instrument);
    ixs_copy(id.object, sizeof id.object, beamtime->forward->name);
    ixs_forward_date(beamtime->forward, 0.0, sizeof id.date, id.date);
    return id;
}

static bool is_kind(const struct ixs_forward_shot *shot, const char *kind)
{
    return strcmp(shot->plan->kind, kind) == 0;
}

bool ixs_forward_tells(const struct ixs_forward_shot *shot, size_t analyzer)
{
    return is_kind(shot, "phonon") && shot->sites[analyzer].exposure > 0;
}

/* ---- CALIB ----------------------------------------------------------------------------------- */

/* Widest true energies that a reference scan covers for this analyzer, its highest count, and the
 * scans whose main analyzer it is. */
static void cover(const struct ixs_forward_beamtime *beamtime, size_t a,
                  struct ixs_calib_analyzer *row)
{
    const struct ixs_forward *forward = beamtime->forward;
    for (size_t s = 0; s < beamtime->nshots; s++) {
        const struct ixs_forward_shot *shot = &beamtime->shots[s];
        if (!is_kind(shot, "reference"))
            continue;
        for (size_t i = 0; i < shot->npoints; i++) {
            const double energy = ixs_forward_energy(forward, a, &shot->points[i]);
            row->e_lo = fmin(row->e_lo, energy);
            row->e_hi = fmax(row->e_hi, energy);
            row->peak = fmax(row->peak, shot->counts[i * forward->nanalyzers + a]);
        }
        if (shot->plan->main_index == a) {
            char more[sizeof row->scan];
            snprintf(more, sizeof more, "%.40s%s%lld", row->scan, row->scan[0] ? "," : "",
                     (long long)(shot->number % 1000000));
            ixs_copy(row->scan, sizeof row->scan, more);
        }
    }
}

static void true_analyzer(const struct ixs_forward_beamtime *beamtime, size_t a,
                          struct ixs_calib_analyzer *row)
{
    const struct ixs_forward_analyzer *analyzer = &beamtime->forward->analyzers[a];
    *row = (struct ixs_calib_analyzer){.zero = analyzer->zero,
                                       .efficiency = analyzer->efficiency,
                                       .dark_rate = analyzer->dark,
                                       .e_lo = INFINITY,
                                       .e_hi = -INFINITY,
                                       .deviance = NAN,
                                       .slit_x = NAN,
                                       .slit_z = NAN,
                                       .known_lo = NAN,
                                       .known_hi = NAN,
                                       .inelastic = NAN,
                                       .inelastic_err = NAN,
                                       .opening = NAN,
                                       .form = "sum",
                                       .quality = "good"};
    ixs_copy(row->analyzer, sizeof row->analyzer, analyzer->name);
    cover(beamtime, a, row);
    if (row->e_lo > row->e_hi)
        row->e_lo = row->e_hi = NAN;
    row->fwhm = ixs_forward_response_fwhm(&analyzer->response);
    row->tail10 = isnan(row->e_lo)
                      ? NAN
                      : ixs_forward_response_tail(&analyzer->response, row->e_lo, row->e_hi);
    row->ncomponents = (int64_t)analyzer->response.ncomponents;
    if (analyzer->transmission > 0)
        return;
    ixs_copy(row->quality, sizeof row->quality, "uncalibrated");
    ixs_copy(row->reason, sizeof row->reason, "masked");
}

static bool true_responses(const struct ixs_forward *forward, struct ixs_calib *out,
                           struct ixs_err *err)
{
    size_t capacity = 0;
    for (size_t a = 0; a < forward->nanalyzers; a++) {
        const struct ixs_forward_response *response = &forward->analyzers[a].response;
        for (size_t i = 0; i < response->ncomponents; i++) {
            const struct ixs_forward_component *from = &response->components[i];
            if (!IXS_MORE(out->components, &capacity, out->ncomponents, err))
                return false;
            struct ixs_calib_component *row = &out->components[out->ncomponents++];
            ixs_copy(row->analyzer, sizeof row->analyzer, forward->analyzers[a].name);
            row->component = (int64_t)i + 1;
            row->weight = from->weight;
            row->center = from->center;
            row->fwhm = from->fwhm;
            row->eta = from->eta;
        }
    }
    return true;
}

static bool true_drift(const struct ixs_forward_beamtime *beamtime, struct ixs_calib *out,
                       struct ixs_err *err)
{
    double first = NAN;
    if (!IXS_NEW(out->drift, beamtime->nshots, err))
        return false;
    for (size_t s = 0; s < beamtime->nshots; s++) {
        const struct ixs_forward_shot *shot = &beamtime->shots[s];
        if (!is_kind(shot, "reference"))
            continue;
        first = isnan(first) ? shot->clock : first;
        out->drift[out->ndrift++] =
            (struct ixs_calib_drift){.scan = shot->number,
                                     .time = shot->clock - first,
                                     .e_origin = shot->e_origin,
                                     .origin = shot->shift - shot->e_origin};
    }
    return true;
}

bool ixs_forward_truth_calib(const struct ixs_forward_beamtime *beamtime, struct ixs_calib *out,
                             struct ixs_err *err)
{
    *out = (struct ixs_calib){.identity = ixs_forward_identity(beamtime, "CALIB")};
    ixs_copy(out->keys.beamtimes, sizeof out->keys.beamtimes, beamtime->forward->origin);
    out->keys.scale = beamtime->forward->thermal.scale;
    out->keys.epoch = out->keys.walk = out->keys.scatter = NAN;
    out->keys.own_walk = out->keys.own_scatter = NAN;
    if (!IXS_NEW(out->analyzers, beamtime->forward->nanalyzers, err))
        return false;
    for (size_t a = 0; a < beamtime->forward->nanalyzers; a++)
        true_analyzer(beamtime, a, &out->analyzers[out->nanalyzers++]);
    return true_responses(beamtime->forward, out, err) && true_drift(beamtime, out, err);
}

/* ---- SPECTRA --------------------------------------------------------------------------------- */

static void true_spectrum(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                          size_t a, struct ixs_spectrum *row)
{
    const struct ixs_forward_site *site = &shot->sites[a];
    const double middle = shot->clock + 0.5 * ixs_forward_duration(shot); /* s */
    *row =
        (struct ixs_spectrum){.statist = "POISSON",
                              .temperature = shot->kelvin,
                              .zero = forward->analyzers[a].zero + shot->shift - shot->e_origin +
                                      forward->analyzers[a].drift * middle / 3600.0,
                              .two_theta = site->two_theta,
                              .gamma = site->gam,
                              .q = site->q,
                              .q_width = NAN,
                              .h = site->hkl[0],
                              .k = site->hkl[1],
                              .l = site->hkl[2],
                              .g_h = site->g[0],
                              .g_k = site->g[1],
                              .g_l = site->g[2],
                              .q_h = site->hkl[0] - site->g[0],
                              .q_k = site->hkl[1] - site->g[1],
                              .q_l = site->hkl[2] - site->g[2],
                              .q_reduced = site->q_reduced,
                              .q_angle = ixs_forward_angle(&forward->crystal, site->hkl, site->g),
                              .efficiency = forward->analyzers[a].efficiency,
                              .polarization = site->polarization,
                              .form_factor = 1.0,
                              .absorption = 1.0,
                              .npoints = (int64_t)shot->npoints,
                              .elastic = site->elastic,
                              .quality = "good",
                              .response = "good"};
    for (int i = 0; i < 6; i++)
        row->hkl_cov[i] = NAN;
    ixs_copy(row->analyzer, sizeof row->analyzer, forward->analyzers[a].name);
    snprintf(row->scans, sizeof row->scans, "%lld", (long long)shot->number);
}

static void true_point(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                       size_t a, size_t i, struct ixs_point *row)
{
    const struct ixs_forward_point *point = &shot->points[i];
    const struct ixs_forward_analyzer *analyzer = &forward->analyzers[a];
    *row = (struct ixs_point){.scan = shot->number, .point = (int64_t)i + 1, .time = shot->time};
    ixs_copy(row->analyzer, sizeof row->analyzer, analyzer->name);
    row->energy_raw = point->position;
    row->energy = ixs_forward_energy(forward, a, point);
    row->counts = shot->counts[i * forward->nanalyzers + a];
    row->flags = shot->bursts[i * forward->nanalyzers + a] > 0 ? IXS_FLAG_BURST : 0;
    row->exposure = shot->sites[a].exposure * point->flux * shot->time;
    row->dark = analyzer->dark * shot->time;
    row->intensity = (row->counts - row->dark) / row->exposure;
    row->error = sqrt(fmax(row->counts, 1.0)) / row->exposure;
    row->elastic =
        shot->sites[a].elastic * ixs_forward_response_at(&analyzer->response, row->energy);
    row->inelastic = row->intensity - row->elastic;
    row->inelastic_err = row->error;
    row->subtracted = row->subtracted_err = NAN;
}

static bool add_spectrum(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                         size_t a, struct ixs_spectra *out, size_t capacity[2], struct ixs_err *err)
{
    if (!IXS_MORE(out->spectra, &capacity[0], out->nspectra, err) ||
        !ixs_grow(&out->points, &capacity[1], out->npoints + shot->npoints, sizeof *out->points,
                  err))
        return false;
    struct ixs_spectrum *row = &out->spectra[out->nspectra++];
    true_spectrum(forward, shot, a, row);
    row->spectrum = (int64_t)out->nspectra;
    for (size_t i = 0; i < shot->npoints; i++) {
        struct ixs_point *point = &out->points[out->npoints++];
        true_point(forward, shot, a, i, point);
        point->spectrum = row->spectrum;
    }
    return true;
}

static void true_keys(const struct ixs_forward *forward, const char *file,
                      struct ixs_spectra_keys *keys)
{
    const double lattice[6] = {forward->crystal.a,    forward->crystal.b,
                               forward->crystal.c,    forward->crystal.alpha,
                               forward->crystal.beta, forward->crystal.gamma};
    keys->reference = forward->reference;
    keys->lambda = forward->crystal.wavelength;
    memcpy(keys->lattice, lattice, sizeof lattice);
    ixs_copy(keys->monitor, sizeof keys->monitor, forward->monitor);
    ixs_copy(keys->source, sizeof keys->source, file);
    ixs_copy(keys->origin, sizeof keys->origin, forward->origin);
    ixs_copy(keys->centring, sizeof keys->centring, forward->crystal.centring);
    ixs_copy(keys->temp_from, sizeof keys->temp_from, "truth");
}

bool ixs_forward_truth_spectra(const struct ixs_forward_beamtime *beamtime, const char *file,
                               struct ixs_spectra *out, struct ixs_err *err)
{
    const struct ixs_forward *forward = beamtime->forward;
    size_t capacity[2] = {0, 0};
    *out = (struct ixs_spectra){.identity = ixs_forward_identity(beamtime, "SPECTRA")};
    true_keys(forward, file, &out->keys);
    for (size_t s = 0; s < beamtime->nshots; s++)
        for (size_t a = 0; a < forward->nanalyzers; a++)
            if (ixs_forward_tells(&beamtime->shots[s], a) &&
                !add_spectrum(forward, &beamtime->shots[s], a, out, capacity, err))
                return false;
    return true;
}
