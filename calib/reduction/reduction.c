/* SPDX-License-Identifier: GPL-3.0-or-later
 * One energy scan to one calibrated spectrum per analyzer.
 */
#include "calib/reduction/reduction.h"

#include "base/array.h"
#include "calib/instrument/attenuator.h"
#include "calib/energy/energy.h"
#include "calib/instrument/exposure.h"
#include "calib/instrument/quality.h"
#include "calib/reduction/parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one analyzer ---------------------------------------------------------------------------- */

struct analyzer { /* one analyzer in one scan */
    const struct ixs_analyzer *place;
    long column;
    struct ixs_energy energy;
    struct ixs_chain chain;
    bool masked;
};

static void find_analyzer(struct analyzer *out, const struct ixs_reducing *scan,
                          const struct ixs_analyzer *place, long column)
{
    *out = (struct analyzer){.place = place, .column = column};
    const struct ixs_energy_scan energy = {scan->raw, &scan->axis, scan->how->experiment,
                                           scan->how->calib, &scan->drift};
    ixs_energy_find(&out->energy, &energy,
                    (size_t)(place - scan->how->experiment->instrument.analyzers));
    out->masked = place->mask[0] != '\0' && ixs_raw_motor(scan->raw, place->mask) < place->open;
}

static void fill_point(struct ixs_point *out, const struct ixs_reducing *scan,
                       const struct analyzer *analyzer, size_t i)
{
    const double *row = scan->raw->values + i * scan->raw->nlabels;
    const struct ixs_raw_keys *keys = &scan->raw->keys;
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    out->scan = keys->scan;
    out->point = (int64_t)i + 1;
    out->energy_raw = row[scan->axis.column];
    out->energy = ixs_energy_transfer(&analyzer->energy, row);
    out->flags = isfinite(out->energy) ? 0 : IXS_FLAG_ENERGY;
    out->elastic = out->elastic_err = out->inelastic = out->inelastic_err = NAN;
    out->subtracted = out->subtracted_err = NAN;
    ixs_copy(out->analyzer, sizeof out->analyzer, analyzer->place->name);
    ixs_exposure_point(out,
                       &(struct ixs_counted){row[analyzer->column], row[scan->time],
                                             row[scan->monitor],
                                             ixs_attenuator_transmission(instrument, scan->raw, i)},
                       &analyzer->chain);
    if (ixs_experiment_excludes(scan->how->experiment, keys->scan, keys->order,
                                analyzer->place->name, out->point, out->energy_raw))
        out->flags |= IXS_FLAG_EXCLUDED;
}

static void fill_momentum(struct ixs_spectrum *out, const struct ixs_momentum *momentum)
{
    out->two_theta = momentum->two_theta;
    out->gamma = momentum->gamma;
    out->q = momentum->q;
    out->h = momentum->hkl[0];
    out->k = momentum->hkl[1];
    out->l = momentum->hkl[2];
    out->g_h = momentum->lattice[0];
    out->g_k = momentum->lattice[1];
    out->g_l = momentum->lattice[2];
    out->q_h = momentum->reduced[0];
    out->q_k = momentum->reduced[1];
    out->q_l = momentum->reduced[2];
    out->q_reduced = momentum->reduced_length;
    out->q_angle = momentum->angle;
}

/* A calibration lends another beamtime its response, not what depends on masks and alignment. */
static void fill_exposure(struct ixs_spectrum *out, const struct ixs_reducing *scan,
                          struct analyzer *analyzer)
{
    const struct ixs_calib *calib = scan->how->calib;
    const struct ixs_calib_analyzer *row =
        calib ? ixs_calib_find(calib, analyzer->place->name) : NULL;
    bool own = row != NULL && strcmp(analyzer->energy.response, "good") == 0;
    ixs_reduction_exposure(&analyzer->chain, out, scan, analyzer->place, own ? row : NULL);
}

static void fill_spectrum(struct ixs_spectrum *out, const struct ixs_reducing *scan,
                          struct analyzer *analyzer)
{
    struct ixs_momentum momentum;
    struct ixs_acceptance acceptance;
    ixs_reduction_momentum(scan, analyzer->place, &momentum, &acceptance);
    fill_momentum(out, &momentum);
    out->q_width = acceptance.q_width;
    memcpy(out->hkl_cov, acceptance.cov, sizeof out->hkl_cov);
    fill_exposure(out, scan, analyzer);
    ixs_copy(out->analyzer, sizeof out->analyzer, analyzer->place->name);
    snprintf(out->scans, sizeof out->scans, "%" PRId64, scan->raw->keys.scan);
    ixs_copy(out->statist, sizeof out->statist, "POISSON");
    ixs_copy(out->response, sizeof out->response, analyzer->energy.response);
    out->temperature = scan->temperature.kelvin;
    out->temperature_err = scan->temperature.error;
    out->zero = analyzer->energy.zero;
    out->zero_err = analyzer->energy.zero_error;
    out->scale_err = analyzer->energy.scale_error;
    out->npoints = (int64_t)scan->raw->npoints;
    ixs_spectrum_without_elastic(out);
}

static bool judge(struct ixs_spectrum *spectrum, struct ixs_point *points,
                  const struct ixs_reducing *scan, const struct analyzer *analyzer,
                  struct ixs_err *err)
{
    double fwhm, narrowest;
    const char *word = "";
    ixs_quality_widths(&scan->how->experiment->instrument, analyzer->place->name, &fwhm,
                       &narrowest);
    if (!ixs_quality_word((size_t)spectrum->npoints, points, narrowest, fwhm, &word, err))
        return false;
    bool good = strcmp(word, "good") == 0;
    if (good && analyzer->masked)
        word = "masked";
    else if (good && scan->how->calib && strcmp(spectrum->response, "none") == 0)
        word = "uncalibrated";
    ixs_copy(spectrum->quality, sizeof spectrum->quality, word);
    return true;
}

static bool add_spectrum(struct ixs_spectra *out, const struct ixs_reducing *scan,
                         struct analyzer *analyzer, struct ixs_err *err)
{
    struct ixs_spectrum *spectrum = &out->spectra[out->nspectra];
    struct ixs_point *points = &out->points[out->npoints];
    spectrum->spectrum = (int64_t)out->nspectra + 1;
    fill_spectrum(spectrum, scan, analyzer);
    for (size_t i = 0; i < scan->raw->npoints; i++) {
        fill_point(&points[i], scan, analyzer, i);
        points[i].spectrum = spectrum->spectrum;
    }
    out->nspectra++;
    out->npoints += scan->raw->npoints;
    return judge(spectrum, points, scan, analyzer, err);
}

/* ---- one scan -------------------------------------------------------------------------------- */

static bool find_reference(struct ixs_reducing *scan, const struct ixs_spectra *out,
                           struct ixs_err *err)
{
    scan->reference = scan->how->experiment->instrument.reference;
    if (out->nspectra > 0)
        scan->reference = out->keys.reference;
    return isfinite(scan->reference) ||
           ixs_exposure_median_rate(scan->raw, scan->monitor, scan->time,
                                    &scan->how->experiment->instrument.monitoring, &scan->reference,
                                    err);
}

static void fill_keys(struct ixs_spectra *out, const struct ixs_reducing *scan)
{
    const struct ixs_experiment *experiment = scan->how->experiment;
    const struct ixs_raw *raw = scan->raw;
    const char *sample = experiment->sample[0] ? experiment->sample : raw->identity.object;
    const char *instrument = experiment->instrument.name;
    out->identity = raw->identity;
    ixs_copy(out->identity.kind, sizeof out->identity.kind, "SPECTRA");
    ixs_copy(out->identity.object, sizeof out->identity.object, sample);
    if (instrument[0] != '\0')
        ixs_copy(out->identity.instrument, sizeof out->identity.instrument, instrument);
    out->keys.reference = scan->reference;
    out->keys.lambda = scan->wavelength;
    memcpy(out->keys.lattice, scan->lattice, sizeof scan->lattice);
    ixs_copy(out->keys.centring, sizeof out->keys.centring, experiment->centring);
    ixs_copy(out->keys.monitor, sizeof out->keys.monitor, experiment->instrument.monitor);
    ixs_copy(out->keys.source, sizeof out->keys.source, raw->keys.source);
    ixs_copy(out->keys.origin, sizeof out->keys.origin, raw->keys.origin);
    ixs_copy(out->keys.ub_from, sizeof out->keys.ub_from, scan->ub_from);
    ixs_copy(out->keys.temp_from, sizeof out->keys.temp_from, scan->temperature.from);
}

static void compare_keys(const struct ixs_spectra *out, const struct ixs_reducing *scan)
{
    if (strcmp(out->keys.origin, scan->raw->keys.origin) != 0)
        ixs_note(scan->notes, scan->path, 0, "beamtime is %s, but %s of the scans before it",
                 scan->raw->keys.origin, out->keys.origin);
    if (strcmp(out->keys.temp_from, scan->temperature.from) != 0)
        ixs_note(scan->notes, scan->path, 0, "temperature is from %s, but %s for the scans before",
                 scan->temperature.from[0] ? scan->temperature.from : "nowhere",
                 out->keys.temp_from[0] ? out->keys.temp_from : "nowhere");
}

static bool add_analyzers(struct ixs_spectra *out, const struct ixs_reducing *scan,
                          struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    size_t spectra = out->nspectra, points = out->npoints, n = instrument->nanalyzers;
    if (!ixs_grow(&out->spectra, &spectra, out->nspectra + n, sizeof *out->spectra, err) ||
        !ixs_grow(&out->points, &points, out->npoints + n * scan->raw->npoints, sizeof *out->points,
                  err))
        return false;
    bool ok = true;
    for (size_t a = 0; ok && a < n; a++) {
        struct analyzer analyzer;
        long column = ixs_raw_label(scan->raw, instrument->analyzers[a].name);
        if (column < 0)
            continue;
        find_analyzer(&analyzer, scan, &instrument->analyzers[a], column);
        ok = add_spectrum(out, scan, &analyzer, err);
    }
    return ok;
}

bool ixs_reduction_add(struct ixs_spectra *out, const struct ixs_raw *raw, const char *path,
                       const struct ixs_reduction *how, struct ixs_notes *notes,
                       struct ixs_err *err)
{
    struct ixs_reducing scan = {.raw = raw, .path = path, .how = how, .notes = notes};
    size_t nspectra = out->nspectra, npoints = out->npoints;
    const char *complaint = ixs_instrument_complaint(&how->experiment->instrument);
    if (complaint != NULL)
        return ixs_fail(err, IXS_USAGE, "found an instrument with %s, expected one", complaint);
    if (!ixs_reduction_columns(&scan, err) || !find_reference(&scan, out, err) ||
        !ixs_energy_drift(&scan.drift, how->calib, &how->experiment->instrument, raw->identity.date,
                          err))
        return false;
    ixs_axis_tell(&scan.axis, raw, path, notes);
    ixs_temperature_find(&scan.temperature, raw, how->experiment, path, notes);
    ixs_reduction_geometry(&scan);
    if (nspectra == 0)
        fill_keys(out, &scan);
    else
        compare_keys(out, &scan);
    if (!add_analyzers(out, &scan, err))
        return false;
    if (out->nspectra == nspectra)
        return ixs_fail_at(err, IXS_INPUT, path, 0,
                           "found none of the instrument's %zu analyzers in scan %" PRId64
                           ", expected a column %s",
                           how->experiment->instrument.nanalyzers, raw->keys.scan,
                           how->experiment->instrument.analyzers[0].name);
    ixs_reduction_check_header(&scan, out->nspectra - nspectra, out->spectra + nspectra);
    ixs_reduction_tell(&scan, out, nspectra, npoints);
    return true;
}
