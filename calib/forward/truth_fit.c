/* SPDX-License-Identifier: GPL-3.0-or-later
 * The truth of a simulated beamtime as FIT: the modes that each spectrum was made of, without
 * error.
 */
#include "calib/forward/spec.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_energy(const void *one, const void *other)
{
    const double a = ((const struct ixs_forward_mode *)one)->omega0,
                 b = ((const struct ixs_forward_mode *)other)->omega0;
    return (a > b) - (a < b);
}

static struct ixs_fit_identity fit_identity(const struct ixs_spectrum *row, const char *source)
{
    struct ixs_fit_identity id = {.spectrum = row->spectrum,
                                  .temperature = row->temperature,
                                  .q = row->q,
                                  .h = row->h,
                                  .k = row->k,
                                  .l = row->l,
                                  .g_h = row->g_h,
                                  .g_k = row->g_k,
                                  .g_l = row->g_l,
                                  .q_h = row->q_h,
                                  .q_k = row->q_k,
                                  .q_l = row->q_l,
                                  .q_reduced = row->q_reduced,
                                  .response = "good"};
    ixs_copy(id.source, sizeof id.source, source);
    ixs_copy(id.analyzer, sizeof id.analyzer, row->analyzer);
    ixs_copy(id.scans, sizeof id.scans, row->scans);
    return id;
}

static struct ixs_fit_mode true_mode(const struct ixs_fit_identity *id, int64_t number,
                                     const struct ixs_forward_mode *mode)
{
    const double o = mode->omega0, g = mode->fwhm, square = o * o - 0.25 * g * g;
    struct ixs_fit_mode row = {.id = *id,
                               .mode = number,
                               .omega0 = o,
                               .omega0_lo = o,
                               .omega0_hi = o,
                               .fwhm = g,
                               .fwhm_lo = g,
                               .fwhm_hi = g,
                               .fwhm_ul90 = g,
                               .strength = mode->strength,
                               .relaxation = o * o / g,
                               .relaxation_lo = o * o / g,
                               .relaxation_hi = o * o / g,
                               .susceptibility = 2.0 * mode->strength / o,
                               .susceptibility_lo = 2.0 * mode->strength / o,
                               .susceptibility_hi = 2.0 * mode->strength / o,
                               .area = ixs_forward_area(mode, id->temperature),
                               .omega_damped = square > 0 ? sqrt(square) : 0.0,
                               .lifetime = IXS_HBAR / g,
                               .status = "good"};
    ixs_copy(row.regime, sizeof row.regime, square > 0 ? "underdamped" : "overdamped");
    return row;
}

/* Poisson deviance of the counts against the expectation they were drawn from, bursts left out. */
static double true_deviance(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                            size_t a, int64_t *dof)
{
    double sum = 0;
    for (size_t i = 0; i < shot->npoints; i++) {
        const size_t cell = i * forward->nanalyzers + a;
        const double expected = shot->expected[cell], counts = shot->counts[cell];
        if (shot->bursts[cell] > 0)
            continue;
        sum += 2.0 * (expected - counts + (counts > 0 ? counts * log(counts / expected) : 0.0));
        *dof += 1;
    }
    return sum;
}

struct record {
    struct ixs_fit *out;
    size_t spectra, modes, parameters; /* capacities */
};

static bool add_parameter(struct record *record, const struct ixs_fit_parameter *parameter,
                          struct ixs_err *err)
{
    struct ixs_fit *out = record->out;
    if (!IXS_MORE(out->parameters, &record->parameters, out->nparameters, err))
        return false;
    struct ixs_fit_parameter *row = &out->parameters[out->nparameters++];
    *row = *parameter;
    row->parameter = (int64_t)out->nparameters;
    row->lo = row->hi = row->value;
    return true;
}

static bool add_mode(struct record *record, const struct ixs_fit_identity *id, int64_t number,
                     const struct ixs_forward_mode *mode, struct ixs_err *err)
{
    struct ixs_fit *out = record->out;
    const struct ixs_fit_parameter parameters[3] = {
        {.name = "omega0", .value = mode->omega0, .unit = "meV"},
        {.name = "fwhm", .value = mode->fwhm, .unit = "meV"},
        {.name = "strength", .value = mode->strength, .unit = "meV.count/s"}};
    if (!IXS_MORE(out->modes, &record->modes, out->nmodes, err))
        return false;
    out->modes[out->nmodes++] = true_mode(id, number, mode);
    for (int i = 0; i < 3; i++) {
        struct ixs_fit_parameter row = parameters[i];
        row.spectrum = id->spectrum;
        snprintf(row.component, sizeof row.component, "dho%d", (int)number);
        ixs_copy(row.state, sizeof row.state, "fixed");
        if (!add_parameter(record, &row, err))
            return false;
    }
    return true;
}

static bool add_rest(struct record *record, int64_t spectrum, const struct ixs_forward_site *site,
                     struct ixs_err *err)
{
    const struct ixs_fit_parameter zero = {.spectrum = spectrum,
                                           .component = "zero",
                                           .name = "zero",
                                           .unit = "meV",
                                           .state = "fixed"},
                                   elastic = {.spectrum = spectrum,
                                              .component = "elastic",
                                              .name = "area",
                                              .value = site->elastic,
                                              .unit = "meV.count/s",
                                              .state = "fixed"},
                                   background = {.spectrum = spectrum,
                                                 .component = "background",
                                                 .name = "level",
                                                 .value = site->background,
                                                 .unit = "count/s",
                                                 .state = "fixed"};
    const struct ixs_fit_parameter hopping[2] = {{.spectrum = spectrum,
                                                  .component = "quasielastic",
                                                  .name = "area",
                                                  .value = site->hopping.area,
                                                  .unit = "meV.count/s",
                                                  .state = "fixed"},
                                                 {.spectrum = spectrum,
                                                  .component = "quasielastic",
                                                  .name = "fwhm",
                                                  .value = site->hopping.fwhm,
                                                  .unit = "meV",
                                                  .state = "fixed"}};
    bool ok = add_parameter(record, &zero, err) && add_parameter(record, &elastic, err) &&
              add_parameter(record, &background, err);
    for (size_t i = 0; ok && site->hopping.area > 0 && i < IXS_COUNT(hopping); i++)
        ok = add_parameter(record, &hopping[i], err);
    return ok;
}

static bool add_fit(struct record *record, const struct ixs_forward *forward,
                    const struct ixs_forward_shot *shot, size_t a,
                    const struct ixs_fit_identity *id, struct ixs_err *err)
{
    const struct ixs_forward_site *site = &shot->sites[a];
    struct ixs_fit *out = record->out;
    struct ixs_forward_mode *modes = NULL;
    bool ok = IXS_MORE(out->spectra, &record->spectra, out->nspectra, err) &&
              IXS_NEW(modes, site->nmodes, err) && add_rest(record, id->spectrum, site, err);
    if (ok) {
        memcpy(modes, site->modes, site->nmodes * sizeof *modes);
        qsort(modes, site->nmodes, sizeof *modes, by_energy);
        struct ixs_fit_spectrum *row = &out->spectra[out->nspectra++];
        *row = (struct ixs_fit_spectrum){
            .id = *id,
            .status = "good",
            .p_value = NAN,
            .aicc = NAN,
            .log_evidence = NAN,
            .nmodes = (int64_t)site->nmodes,
            .elastic = site->elastic,
            .background = site->background,
        };
        row->deviance = true_deviance(forward, shot, a, &row->dof);
    }
    for (size_t m = 0; ok && m < site->nmodes; m++)
        ok = add_mode(record, id, (int64_t)m + 1, &modes[m], err);
    free(modes);
    return ok;
}

bool ixs_forward_truth_fit(const struct ixs_forward_beamtime *beamtime,
                           const struct ixs_spectra *spectra, const char *source,
                           struct ixs_fit *out, struct ixs_err *err)
{
    const struct ixs_forward *forward = beamtime->forward;
    struct record record = {.out = out};
    size_t row = 0;
    *out = (struct ixs_fit){.identity = ixs_forward_identity(beamtime, "FIT")};
    for (size_t s = 0; s < beamtime->nshots; s++)
        for (size_t a = 0; a < forward->nanalyzers; a++) {
            if (!ixs_forward_tells(&beamtime->shots[s], a))
                continue;
            const struct ixs_fit_identity id = fit_identity(&spectra->spectra[row++], source);
            if (!add_fit(&record, forward, &beamtime->shots[s], a, &id, err))
                return false;
        }
    return true;
}
