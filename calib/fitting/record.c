/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers of the solver -> rows of the FIT product.
 */
#include "calib/fitting/together.h"
#include "calib/fitting/responses.h"

#include "base/array.h"
#include "calib/energy/energy.h"
#include "calib/fitting/record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct record { /* the FIT that grows, and how much room its arrays have */
    struct ixs_fit *fit;
    size_t spectra, modes, parameters, covariances, curves, numbers, bootstraps, posteriors;
    const struct ixs_fitting_responses *responses;
    const struct ixs_fitting *rules;
};

static struct ixs_fit_identity identity_of(const struct ixs_spectrum *from, const char *source,
                                           int64_t number)
{
    struct ixs_fit_identity id = {.spectrum = number,
                                  .temperature = from->temperature,
                                  .scale_err = from->scale_err,
                                  .q = from->q,
                                  .h = from->h,
                                  .k = from->k,
                                  .l = from->l,
                                  .g_h = from->g_h,
                                  .g_k = from->g_k,
                                  .g_l = from->g_l,
                                  .q_h = from->q_h,
                                  .q_k = from->q_k,
                                  .q_l = from->q_l,
                                  .q_reduced = from->q_reduced};
    ixs_copy(id.source, sizeof id.source, source);
    ixs_copy(id.analyzer, sizeof id.analyzer, from->analyzer);
    ixs_copy(id.scans, sizeof id.scans, from->scans);
    return id;
}

/* Whose response the fit went through: CALIB's, which need not be the one that ixs-reduce had. */
static const char *response_word(const struct ixs_calib *calib, const struct ixs_spectra *spectra,
                                 const char *analyzer)
{
    const struct ixs_calib_analyzer *row = ixs_calib_find(calib, analyzer);
    struct ixs_response response;
    ixs_fitting_response(&response, calib, analyzer);
    if (row == NULL || ixs_response_count(&response) == 0)
        return "none";
    return ixs_energy_response(row, calib->keys.beamtimes, spectra->keys.origin);
}

static bool add_spectrum(struct record *record, const struct ixs_fit_identity *id,
                         const char *statist, const struct ixs_fit_answer *answer,
                         struct ixs_err *err)
{
    struct ixs_fit *fit = record->fit;
    if (!IXS_MORE(fit->spectra, &record->spectra, fit->nspectra, err))
        return false;
    struct ixs_fit_spectrum *row = &fit->spectra[fit->nspectra++];
    *row = (struct ixs_fit_spectrum){.id = *id,
                                     .deviance = answer->deviance,
                                     .dof = answer->dof,
                                     .p_value = answer->p_value,
                                     .aicc = answer->aicc,
                                     .log_evidence = answer->log_evidence,
                                     .nmodes = (int64_t)answer->nmodes,
                                     .iterations = (int64_t)answer->iterations,
                                     .zero = answer->zero,
                                     .zero_err = answer->zero_err,
                                     .elastic = answer->elastic,
                                     .elastic_err = answer->elastic_err,
                                     .background = answer->background,
                                     .background_err = answer->background_err};
    ixs_copy(row->statist, sizeof row->statist, answer->gaussian ? "GAUSSIAN" : statist);
    ixs_copy(row->status, sizeof row->status, ixs_fit_status_word(answer->status));
    ixs_copy(row->reason, sizeof row->reason, answer->reason);
    return true;
}

/* A lifetime is only meant where the width is resolved behind a response of this beamtime. */
static bool lifetime_meant(const struct ixs_fit_identity *id, const struct ixs_fit_line *line)
{
    return strcmp(id->response, "good") == 0 && line->regime == IXS_FIT_UNDERDAMPED;
}

static bool add_mode(struct record *record, const struct ixs_fit_identity *id,
                     const struct ixs_fit_answer *answer, size_t index, struct ixs_err *err)
{
    struct ixs_fit *fit = record->fit;
    const struct ixs_fit_line *line = &answer->lines[index];
    bool meant = lifetime_meant(id, line);
    bool own = strcmp(id->response, "good") == 0; /* else the response is not known well enough */
    if (!IXS_MORE(fit->modes, &record->modes, fit->nmodes, err))
        return false;
    struct ixs_fit_mode *row = &fit->modes[fit->nmodes++];
    *row = (struct ixs_fit_mode){.id = *id,
                                 .mode = (int64_t)index + 1,
                                 .omega0 = line->omega0,
                                 .omega0_err = line->omega0_err,
                                 .omega0_lo = line->omega0_lo,
                                 .omega0_hi = line->omega0_hi,
                                 .fwhm = line->fwhm,
                                 .fwhm_err = line->fwhm_err,
                                 .fwhm_lo = line->fwhm_lo,
                                 .fwhm_hi = line->fwhm_hi,
                                 .strength = line->strength,
                                 .strength_err = line->strength_err,
                                 .relaxation = line->relaxation,
                                 .relaxation_err = line->relaxation_err,
                                 .relaxation_lo = line->relaxation_lo,
                                 .relaxation_hi = line->relaxation_hi,
                                 .susceptibility = line->susceptibility,
                                 .susceptibility_err = line->susceptibility_err,
                                 .susceptibility_lo = line->susceptibility_lo,
                                 .susceptibility_hi = line->susceptibility_hi,
                                 .area = line->area,
                                 .omega_damped = line->omega_damped,
                                 .fwhm_ul90 = own ? line->fwhm_ul90 : NAN,
                                 .lifetime = meant ? line->lifetime : NAN,
                                 .lifetime_err = meant ? line->lifetime_err : NAN};
    ixs_copy(row->regime, sizeof row->regime, ixs_fit_regime_word(line->regime));
    ixs_copy(row->status, sizeof row->status, ixs_fit_status_word(answer->status));
    return true;
}

const char *ixs_fitting_state_word(enum ixs_solve_state state)
{
    switch (state) {
    case IXS_SOLVE_FIXED:
        return "fixed";
    case IXS_SOLVE_LOWER:
    case IXS_SOLVE_UPPER:
        return "bound";
    case IXS_SOLVE_UNDETERMINED:
        return "undetermined";
    case IXS_SOLVE_INSEPARABLE:
        return "inseparable";
    case IXS_SOLVE_TIED:
        return "tied";
    case IXS_SOLVE_SHARED:
        return "shared";
    default:
        return "free";
    }
}

static bool add_parameter(struct record *record, int64_t spectrum,
                          const struct ixs_fit_answer *answer, size_t index, struct ixs_err *err)
{
    struct ixs_fit *fit = record->fit;
    struct ixs_model_name words = ixs_model_parameter(&answer->form, index);
    if (!IXS_MORE(fit->parameters, &record->parameters, fit->nparameters, err))
        return false;
    struct ixs_fit_parameter *row = &fit->parameters[fit->nparameters++];
    *row = (struct ixs_fit_parameter){.parameter = (int64_t)fit->nparameters,
                                      .spectrum = spectrum,
                                      .value = answer->parameters[index],
                                      .err = answer->errors[index],
                                      .lo = answer->lower[index],
                                      .hi = answer->upper[index]};
    ixs_copy(row->component, sizeof row->component, words.component);
    ixs_copy(row->name, sizeof row->name, words.name);
    ixs_copy(row->unit, sizeof row->unit, words.unit);
    ixs_copy(row->state, sizeof row->state, ixs_fitting_state_word(answer->states[index]));
    return true;
}

/* All but the waves of a cell's spectrum. */
static bool add_parameters(struct record *record, int64_t spectrum,
                           const struct ixs_fit_answer *answer, struct ixs_err *err)
{
    struct ixs_fit *fit = record->fit;
    size_t first = fit->nparameters, n = answer->nparameters, told = 0;
    size_t which[IXS_MODEL_MOST_PARAMETERS];
    for (size_t i = 0; i < n; i++) {
        if (ixs_fit_is_wave(answer, i))
            continue;
        which[told++] = i;
        if (!add_parameter(record, spectrum, answer, i, err))
            return false;
    }
    if (!ixs_grow(&fit->covariances, &record->covariances,
                  fit->ncovariances + told * (told + 1) / 2, sizeof *fit->covariances, err))
        return false;
    for (size_t i = 0; i < told; i++)
        for (size_t k = 0; k <= i; k++)
            fit->covariances[fit->ncovariances++] =
                (struct ixs_fit_covariance){(int64_t)(first + i + 1), (int64_t)(first + k + 1),
                                            answer->covariance[which[i] * n + which[k]]};
    return true;
}

static bool add_sureness(struct record *record, int64_t number, const struct ixs_fit_answer *answer,
                         struct ixs_err *err)
{
    struct ixs_fit *fit = record->fit;
    const struct ixs_fit_owner owner = {number, (int64_t)fit->nparameters + 1};
    return ixs_fit_record_numbers(fit, &record->numbers, number, answer, err) &&
           ixs_fit_record_bootstrap(fit, &record->bootstraps, &owner, answer, err) &&
           ixs_fit_record_posterior(fit, &record->posteriors, &owner, answer, err);
}

/* The zeros of scans side by side, beside the spectrum's, which is that of the first. */
static bool add_zeros(struct record *record, int64_t spectrum,
                      const struct ixs_fitting_zeros *zeros, struct ixs_err *err)
{
    struct ixs_fit *fit = record->fit;
    for (size_t i = 0; i < zeros->n; i++) {
        const struct ixs_fitting_zero *zero = &zeros->list[i];
        if (!IXS_MORE(fit->parameters, &record->parameters, fit->nparameters, err))
            return false;
        struct ixs_fit_parameter *row = &fit->parameters[fit->nparameters++];
        *row = (struct ixs_fit_parameter){.parameter = (int64_t)fit->nparameters,
                                          .spectrum = spectrum,
                                          .component = "zero",
                                          .unit = "meV",
                                          .value = zero->value,
                                          .err = zero->error,
                                          .lo = zero->value - zero->error,
                                          .hi = zero->value + zero->error};
        snprintf(row->name, sizeof row->name, "scan%lld", (long long)zeros->list[i].scan);
        ixs_copy(row->state, sizeof row->state, isnan(zero->error) ? "undetermined" : "free");
    }
    return true;
}

static bool add_curves(struct record *record, int64_t number, const struct ixs_fitting_input *input,
                       size_t index, struct ixs_err *err)
{
    const struct ixs_fit_drawn drawn = {.spectra = &input->spectra,
                                        .index = index,
                                        .number = number,
                                        .answer = &input->answers[index],
                                        .zeros = &input->zeros[index],
                                        .responses = record->responses,
                                        .table = &record->rules->table};
    return ixs_fit_record_curves(record->fit, &record->curves, &drawn, err);
}

bool ixs_fitting_record(struct ixs_fit *out, const struct ixs_fitting_input *input,
                        const struct ixs_calib *calib,
                        const struct ixs_fitting_responses *responses,
                        const struct ixs_fitting *rules, struct ixs_err *err)
{
    const struct ixs_spectra *spectra = &input->spectra;
    const struct ixs_fit_answer *answers = input->answers;
    struct record record = {.fit = out,
                            .spectra = out->nspectra,
                            .modes = out->nmodes,
                            .parameters = out->nparameters,
                            .covariances = out->ncovariances,
                            .curves = out->ncurves,
                            .numbers = out->nnumbers,
                            .bootstraps = out->nbootstraps,
                            .posteriors = out->nposteriors,
                            .responses = responses,
                            .rules = rules};
    bool ok = true;
    for (size_t i = 0; ok && i < spectra->nspectra; i++) {
        const struct ixs_spectrum *spectrum = &spectra->spectra[i];
        int64_t number = (int64_t)out->nspectra + 1;
        struct ixs_fit_identity id = identity_of(spectrum, input->source, number);
        ixs_copy(id.response, sizeof id.response,
                 response_word(calib, spectra, spectrum->analyzer));
        ok = add_spectrum(&record, &id, spectrum->statist, &answers[i], err);
        for (size_t k = 0; ok && k < answers[i].nmodes; k++)
            ok = add_mode(&record, &id, &answers[i], k, err);
        ok = ok && add_sureness(&record, number, &answers[i], err) &&
             add_parameters(&record, number, &answers[i], err) &&
             add_zeros(&record, number, &input->zeros[i], err) &&
             (!rules->curves || add_curves(&record, number, input, i, err));
    }
    if (ok && out->identity.kind[0] == '\0')
        out->identity = spectra->identity;
    return ok;
}
