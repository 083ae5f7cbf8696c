/* SPDX-License-Identifier: GPL-3.0-or-later
 * Small products of every kind for the tests of view: made up, but consistent with themselves, with
 * a flagged point, a gap, a NaN, an unresolved width, an analyzer that nothing is known of.
 */
#ifndef IXS_TESTS_VIEW_PRODUCTS_H
#define IXS_TESTS_VIEW_PRODUCTS_H

#include "base/array.h"
#include "products/calibration.h"
#include "products/dispersion.h"
#include "tests/view_thermal.h"
#include "products/fit.h"
#include "products/raw.h"
#include "products/spectra.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLE_POINTS = 91, SAMPLE_ANALYZERS = 3 };

static const char *const sample_names[SAMPLE_ANALYZERS] = {"Ana5", "Ana7", "Ana9"};

static double sample_energy(size_t i)
{
    return -15.0 + 0.5 * (double)i;
}

static double sample_peak(double energy, double width)
{
    double x = energy / width;
    return exp(-2.772588722239781 * x * x);
}

/* An elastic line, a Stokes and an anti-Stokes line, count/s. */
static double sample_part(size_t part, double energy)
{
    if (part == 0)
        return 0.1;
    if (part == 1)
        return 4.0 * sample_peak(energy, 1.6);
    return 8.0 * sample_peak(energy - 5.0, 1.7) + 6.6 * sample_peak(energy + 5.0, 1.7);
}

static double sample_counts(size_t i, double scale)
{
    double energy = sample_energy(i);
    double mean =
        30.0 * scale * (sample_part(0, energy) + sample_part(1, energy) + sample_part(2, energy));
    double ripple = sin(12.9898 * (double)i) * 43758.5453;
    return floor(fmax(0.0, mean + sqrt(mean) * 2.0 * (ripple - floor(ripple) - 0.5)) + 0.5);
}

static void sample_identity(struct ixs_identity *identity)
{
    snprintf(identity->instrument, sizeof identity->instrument, "HERIX 30-ID");
    snprintf(identity->object, sizeof identity->object, "Cd2Os2O7");
    snprintf(identity->date, sizeof identity->date, "Thu Nov 12 01:32:27 2015");
}

static bool sample_raw(struct ixs_raw *raw, struct ixs_err *err)
{
    static const char *const labels[] = {"HerixE", "Ana7", "Heat Stage T1", "Seconds", "Seconds"};
    sample_identity(&raw->identity);
    raw->npoints = SAMPLE_POINTS;
    raw->nlabels = 5;
    if (!IXS_NEW(raw->labels, raw->nlabels, err) ||
        !IXS_NEW(raw->values, raw->npoints * raw->nlabels, err))
        return false;
    for (size_t c = 0; c < raw->nlabels; c++)
        snprintf(raw->labels[c], sizeof raw->labels[c], "%s", labels[c]);
    for (size_t i = 0; i < raw->npoints; i++) {
        double row[] = {sample_energy(i), sample_counts(i, 1.0), 1.0 / (3.0 + (double)i), 30.0,
                        i == 7 ? NAN : 30.0};
        memcpy(raw->values + i * raw->nlabels, row, sizeof row);
    }
    struct ixs_raw_keys *keys = &raw->keys;
    *keys = (struct ixs_raw_keys){.scan = 60,
                                  .order = 1,
                                  .npoints = SAMPLE_POINTS,
                                  .nplanned = 91,
                                  .nmissing = 1,
                                  .lambda = 0.52262,
                                  .e_origin = -8.90308,
                                  .epoch = NAN,
                                  .preset = 30.0,
                                  .q = {5.5, 5.5, 5.8}};
    snprintf(keys->command, sizeof keys->command, "ascan  herixE -15 30  90 30");
    snprintf(keys->source, sizeof keys->source, "it's \"odd\", {a_b}^2 `c` $x");
    snprintf(keys->e_axis, sizeof keys->e_axis, "HerixE");
    snprintf(keys->ended, sizeof keys->ended, "COMPLETE");
    return true;
}

static void sample_response(struct ixs_calib *calib, size_t analyzer)
{
    for (size_t i = 0; i < 201; i++) {
        double energy = -25.0 + 0.25 * (double)i;
        struct ixs_calib_response *row = &calib->response[calib->nresponse++];
        snprintf(row->analyzer, sizeof row->analyzer, "%s", sample_names[analyzer]);
        double lorentz = 0.8 / 3.141592653589793 / (energy * energy + 0.64);
        double ripple = sin(78.233 * (double)i) * 43758.5453;
        row->scan = 6;
        row->energy = energy;
        row->response = 0.5 * lorentz + 0.5 * sample_peak(energy, 1.6) / 1.703;
        row->expected = 60000.0 * row->response + 2.0;
        row->counts = floor(row->expected + sqrt(row->expected) * (ripple - floor(ripple) - 0.5));
        row->measured = (row->counts - 2.0) / 60000.0;
        row->measured_err = sqrt(fmax(row->counts, 1.0)) / 60000.0;
    }
}

static bool sample_calib(struct ixs_calib *calib, struct ixs_err *err)
{
    sample_identity(&calib->identity);
    if (!IXS_NEW(calib->analyzers, SAMPLE_ANALYZERS, err) || !IXS_NEW(calib->components, 4, err) ||
        !IXS_NEW(calib->response, 2 * 201, err))
        return false;
    calib->keys = (struct ixs_calib_keys){
        .origin_scatter = 0.02, .width_scatter = 0.03, .efficiency_scatter = 0.06};
    calib->nanalyzers = SAMPLE_ANALYZERS;
    for (size_t a = 0; a < SAMPLE_ANALYZERS; a++) {
        bool lit = a < 2;
        struct ixs_calib_analyzer *row = &calib->analyzers[a];
        *row = (struct ixs_calib_analyzer){.zero = lit ? -0.47 : NAN,
                                           .zero_err = lit ? 0.04 : NAN,
                                           .efficiency = lit ? 1.0 : NAN,
                                           .efficiency_err = lit ? 0.06 : NAN,
                                           .fwhm = lit ? 1.6 + 0.1 * (double)a : NAN,
                                           .fwhm_err = lit ? 0.03 : NAN,
                                           .tail10 = lit ? 0.024 : NAN,
                                           .e_lo = lit ? -25.0 : NAN,
                                           .e_hi = lit ? 25.0 : NAN,
                                           .deviance = lit ? 230.0 : NAN,
                                           .dof = lit ? 190 : 0,
                                           .ncomponents = lit ? 2 : 0};
        snprintf(row->analyzer, sizeof row->analyzer, "%s", sample_names[a]);
        snprintf(row->quality, sizeof row->quality, lit ? "good" : "uncalibrated");
        snprintf(row->reason, sizeof row->reason, lit ? "" : "no scan lights it");
        snprintf(row->scan, sizeof row->scan, lit ? "6,20" : "");
        if (lit)
            sample_response(calib, a);
        for (int64_t c = 0; c < row->ncomponents; c++) {
            struct ixs_calib_component *part = &calib->components[calib->ncomponents++];
            *part = (struct ixs_calib_component){
                .component = c + 1, .weight = 0.5, .fwhm = 1.6, .eta = (double)c};
            snprintf(part->analyzer, sizeof part->analyzer, "%s", sample_names[a]);
        }
    }
    return true;
}

static void sample_point(struct ixs_point *row, size_t a, size_t i)
{
    *row = (struct ixs_point){.spectrum = (int64_t)a + 1,
                              .scan = 60,
                              .point = (int64_t)i + 1,
                              .time = 30.0,
                              .energy_raw = sample_energy(i),
                              .energy = sample_energy(i),
                              .counts = sample_counts(i, a == 2 ? 0.01 : 1.0),
                              .exposure = 30.0,
                              .dark = 0.03,
                              .flags = i == 30 ? IXS_FLAG_BURST : 0,
                              .elastic = NAN,
                              .elastic_err = NAN,
                              .inelastic = NAN,
                              .inelastic_err = NAN};
    snprintf(row->analyzer, sizeof row->analyzer, "%s", sample_names[a]);
    if (i == 30)
        row->counts = 939.0;
    if (i == 31) {
        row->exposure = NAN;
        row->flags = IXS_FLAG_MONITOR;
    }
    row->intensity = (row->counts - row->dark) / row->exposure;
    row->error = sqrt(fmax(row->counts, 1.0)) / row->exposure;
    if (a == 1) {
        row->elastic = sample_part(1, row->energy);
        row->elastic_err = 0.1 * row->elastic;
        row->inelastic = row->intensity - row->elastic;
        row->inelastic_err = row->error;
    }
}

static bool sample_spectra(struct ixs_spectra *spectra, struct ixs_err *err)
{
    sample_identity(&spectra->identity);
    if (!IXS_NEW(spectra->spectra, SAMPLE_ANALYZERS, err) ||
        !IXS_NEW(spectra->points, SAMPLE_ANALYZERS * SAMPLE_POINTS, err))
        return false;
    spectra->keys = (struct ixs_spectra_keys){.reference = 1e5, .lambda = 0.52262};
    spectra->nspectra = SAMPLE_ANALYZERS;
    for (size_t a = 0; a < SAMPLE_ANALYZERS; a++) {
        struct ixs_spectrum *row = &spectra->spectra[a];
        *row = (struct ixs_spectrum){.spectrum = (int64_t)a + 1,
                                     .temperature = 298.5,
                                     .temperature_err = 0.8,
                                     .zero = 7.47,
                                     .zero_err = 0.03,
                                     .q = 6.0,
                                     .q_width = NAN,
                                     .h = 5.842,
                                     .k = 5.735,
                                     .l = 6.297,
                                     .g_h = 6,
                                     .g_k = 6,
                                     .g_l = 6,
                                     .q_reduced = 0.1 * (double)(a + 1),
                                     .npoints = SAMPLE_POINTS,
                                     .elastic = a == 1 ? 6.8 : NAN,
                                     .elastic_err = a == 1 ? 0.3 : NAN};
        snprintf(row->analyzer, sizeof row->analyzer, "%s", sample_names[a]);
        snprintf(row->scans, sizeof row->scans, "60");
        snprintf(row->statist, sizeof row->statist, "POISSON");
        snprintf(row->quality, sizeof row->quality, a == 2 ? "no-signal" : "good");
        snprintf(row->response, sizeof row->response, "lent");
        for (size_t i = 0; i < SAMPLE_POINTS; i++)
            sample_point(&spectra->points[spectra->npoints++], a, i);
    }
    return true;
}

static void sample_fit_identity(struct ixs_fit_identity *id, size_t a)
{
    *id = (struct ixs_fit_identity){.spectrum = (int64_t)a + 1,
                                    .temperature = 298.5,
                                    .q = 6.38,
                                    .h = 5.842,
                                    .k = 5.735,
                                    .l = 6.297,
                                    .g_h = 6,
                                    .g_k = 6,
                                    .g_l = 6,
                                    .q_reduced = 0.265};
    snprintf(id->source, sizeof id->source, "s60.fits");
    snprintf(id->analyzer, sizeof id->analyzer, "%s", sample_names[a]);
    snprintf(id->scans, sizeof id->scans, "60");
    snprintf(id->response, sizeof id->response, a == 2 ? "none" : "lent");
}

static void sample_curve(struct ixs_fit_curve *row, size_t a, size_t i)
{
    struct ixs_point point;
    sample_point(&point, a, i);
    double background = sample_part(0, point.energy), elastic = sample_part(1, point.energy);
    double modes = sample_part(2, point.energy);
    double expected = point.exposure * (background + elastic + modes) + point.dark;
    *row = (struct ixs_fit_curve){.spectrum = point.spectrum,
                                  .point = point.point,
                                  .energy = point.energy + 0.2,
                                  .counts = point.counts,
                                  .exposure = point.exposure,
                                  .dark = point.dark,
                                  .intensity = point.intensity,
                                  .error = point.error,
                                  .total = background + elastic + modes,
                                  .elastic = elastic,
                                  .background = background,
                                  .modes = modes,
                                  .mode1 = modes,
                                  .mode2 = NAN,
                                  .mode3 = NAN,
                                  .mode4 = NAN,
                                  .mode5 = NAN,
                                  .mode6 = NAN,
                                  .residual = (point.counts - expected) / sqrt(expected),
                                  .flags = point.flags};
}

static void sample_mode(struct ixs_fit_mode *row, size_t a)
{
    *row = (struct ixs_fit_mode){.mode = 1,
                                 .omega0 = 4.99,
                                 .omega0_err = 0.02,
                                 .omega0_lo = 4.97,
                                 .omega0_hi = 5.01,
                                 .fwhm = a == 0 ? 0.9 : 0.1,
                                 .fwhm_err = 0.2,
                                 .fwhm_lo = 0.0,
                                 .fwhm_hi = 1.1,
                                 .strength = 12.0,
                                 .strength_err = 0.3,
                                 .fwhm_ul90 = a == 0 ? 1.2 : 0.42,
                                 .relaxation = NAN,
                                 .relaxation_err = NAN,
                                 .susceptibility = NAN,
                                 .susceptibility_err = NAN,
                                 .area = 14.0,
                                 .omega_damped = 4.97,
                                 .lifetime = NAN,
                                 .lifetime_err = NAN};
    sample_fit_identity(&row->id, a);
    snprintf(row->regime, sizeof row->regime, a == 0 ? "underdamped" : "unresolved");
    snprintf(row->status, sizeof row->status, a == 0 ? "poor" : "good");
}

static bool sample_fit(struct ixs_fit *fit, bool curves, struct ixs_err *err)
{
    sample_identity(&fit->identity);
    if (!IXS_NEW(fit->spectra, SAMPLE_ANALYZERS, err) || !IXS_NEW(fit->modes, 2, err) ||
        !IXS_NEW(fit->curves, 2 * SAMPLE_POINTS, err) || !IXS_NEW(fit->parameters, 1, err))
        return false;
    fit->nspectra = SAMPLE_ANALYZERS;
    for (size_t a = 0; a < SAMPLE_ANALYZERS; a++) {
        struct ixs_fit_spectrum *row = &fit->spectra[a];
        bool data = a < 2;
        *row = (struct ixs_fit_spectrum){.deviance = data ? 125.0 : NAN,
                                         .dof = data ? 85 : 0,
                                         .p_value = data ? 0.003 : NAN,
                                         .aicc = NAN,
                                         .log_evidence = NAN,
                                         .nmodes = data,
                                         .zero = data ? 0.2 : NAN,
                                         .zero_err = data ? 0.03 : NAN,
                                         .elastic = data ? 6.8 : NAN,
                                         .elastic_err = data ? 0.2 : NAN,
                                         .background = data ? 0.1 : NAN,
                                         .background_err = data ? 0.01 : NAN};
        sample_fit_identity(&row->id, a);
        snprintf(row->status, sizeof row->status, !data ? "no-data" : a == 0 ? "poor" : "good");
        snprintf(row->reason, sizeof row->reason,
                 a == 0 ? "the deviance is 7 standard deviations above its mean" : "");
        if (!data)
            continue;
        sample_mode(&fit->modes[fit->nmodes++], a);
        for (size_t i = 0; i < SAMPLE_POINTS && curves; i++)
            sample_curve(&fit->curves[fit->ncurves++], a, i);
    }
    fit->nparameters = 1;
    fit->parameters[0] = (struct ixs_fit_parameter){
        .parameter = 1, .spectrum = 1, .value = 0.2, .err = 0.03, .lo = NAN, .hi = NAN};
    snprintf(fit->parameters[0].component, sizeof fit->parameters[0].component, "zero");
    snprintf(fit->parameters[0].name, sizeof fit->parameters[0].name, "zero");
    snprintf(fit->parameters[0].unit, sizeof fit->parameters[0].unit, "meV");
    snprintf(fit->parameters[0].state, sizeof fit->parameters[0].state, "free");
    return true;
}

static void sample_branch(struct ixs_dispersion_branch *row, int64_t branch)
{
    bool acoustic = branch < 3;
    *row = (struct ixs_dispersion_branch){.branch = branch,
                                          .npoints = 5,
                                          .q_lo = 0.08,
                                          .q_hi = 0.4,
                                          .velocity = acoustic ? 2.0 + (double)branch : NAN,
                                          .velocity_err = acoustic ? 0.04 : NAN,
                                          .omega_zone = branch == 2 ? 16.0 : NAN,
                                          .omega_zone_err = branch == 2 ? 0.6 : NAN,
                                          .omega_centre = branch == 3 ? 14.0 : NAN,
                                          .omega_centre_err = branch == 3 ? 0.1 : NAN,
                                          .chi2 = 3.1,
                                          .dof = 4,
                                          .fwhm_mean = branch == 1 ? 0.6 : NAN,
                                          .fwhm_mean_err = branch == 1 ? 0.1 : NAN,
                                          .nresolved = branch == 1 ? 3 : 0};
    snprintf(row->path, sizeof row->path, "(6 6 6) + [0.09 0.15 -0.17]");
    snprintf(row->law, sizeof row->law, branch == 1 ? "linear" : branch == 2 ? "sine" : "mean");
    snprintf(row->remark, sizeof row->remark, branch == 1 ? "response lent" : "");
}

static bool sample_dispersion(struct ixs_dispersion *dispersion, struct ixs_err *err)
{
    sample_identity(&dispersion->identity);
    if (!IXS_NEW(dispersion->points, 16, err) || !IXS_NEW(dispersion->branches, 3, err))
        return false;
    dispersion->nbranches = 3;
    for (size_t b = 0; b < 3; b++)
        sample_branch(&dispersion->branches[b], (int64_t)b + 1);
    for (size_t i = 0; i < 16; i++) {
        struct ixs_dispersion_point *row = &dispersion->points[dispersion->npoints++];
        size_t b = i % 3, k = i / 3;
        double q = 0.08 * (double)(k + 1), bend = b == 1 ? 16.0 * sin(26.33 * q / 16.0) : 14.0;
        *row = (struct ixs_dispersion_point){.temperature = 298.5,
                                             .h = 6,
                                             .k = 6,
                                             .l = 6,
                                             .q_reduced = q,
                                             .position = q,
                                             .mode = 1,
                                             .branch = i == 15 ? 0 : (int64_t)b + 1,
                                             .omega0 = (b == 0 ? 19.75 * q : bend) *
                                                       (1.0 + 0.01 * sin((double)i)),
                                             .omega0_err = 0.1,
                                             .fwhm = 0.3 + 0.1 * (double)k,
                                             .fwhm_err = 0.15,
                                             .fwhm_ul90 = 0.4 + 0.1 * (double)k,
                                             .strength = 5.0,
                                             .strength_err = 0.5};
        snprintf(row->analyzer, sizeof row->analyzer, "Ana7");
        snprintf(row->scans, sizeof row->scans, "%zu", 58 + k);
        snprintf(row->regime, sizeof row->regime, k < 2 ? "unresolved" : "underdamped");
        snprintf(row->status, sizeof row->status, i == 5 ? "poor" : "good");
        snprintf(row->response, sizeof row->response, "lent");
    }
    return sample_thermal(dispersion, err);
}

#endif
