/* SPDX-License-Identifier: GPL-3.0-or-later
 * How sure a fit is -> NUMBERS, BOOTSTRAP and POSTERIOR of FIT.
 */
#include "calib/fitting/record.h"

#include "base/array.h"

#include <math.h>

size_t ixs_fit_record_rows(const struct ixs_fit_answer *answer, size_t k)
{
    size_t rows = 0;
    for (size_t i = 0; i < k; i++)
        rows += ixs_fit_is_wave(answer, i) ? 0 : 1;
    return rows;
}

static int64_t number_of(const struct ixs_fit_owner *owner, const struct ixs_fit_answer *answer,
                         size_t k)
{
    return owner->first_parameter + (int64_t)ixs_fit_record_rows(answer, k);
}

bool ixs_fit_record_numbers(struct ixs_fit *fit, size_t *room, int64_t spectrum,
                            const struct ixs_fit_answer *answer, struct ixs_err *err)
{
    const struct ixs_fit_numbers *numbers = &answer->numbers;
    if (!ixs_grow(&fit->numbers, room, fit->nnumbers + numbers->n, sizeof *fit->numbers, err))
        return false;
    for (size_t n = 0; n < numbers->n; n++) {
        const struct ixs_fit_number *number = &numbers->list[n];
        fit->numbers[fit->nnumbers++] =
            (struct ixs_fit_number_row){.spectrum = spectrum,
                                        .nmodes = (int64_t)n,
                                        .deviance = number->deviance,
                                        .aicc = number->aicc,
                                        .bic = number->bic,
                                        .log_evidence = number->log_evidence,
                                        .probability = number->probability,
                                        .chosen = n == answer->nmodes};
    }
    return true;
}

bool ixs_fit_record_draws(struct ixs_fit *fit, size_t *room,
                          const struct ixs_fit_bootstrap_row *like,
                          const struct ixs_model_name *words,
                          const struct ixs_bootstrap_figure *figure, struct ixs_err *err)
{
    if (!IXS_MORE(fit->bootstraps, room, fit->nbootstraps, err))
        return false;
    struct ixs_fit_bootstrap_row *row = &fit->bootstraps[fit->nbootstraps++];
    *row = *like;
    row->bias = figure->bias;
    row->sd = figure->sd;
    row->lo = figure->lo;
    row->hi = figure->hi;
    ixs_copy(row->component, sizeof row->component, words->component);
    ixs_copy(row->name, sizeof row->name, words->name);
    ixs_copy(row->unit, sizeof row->unit, words->unit);
    return true;
}

/* The waves of a cell have no rows in PARAMETERS. */
bool ixs_fit_record_bootstrap(struct ixs_fit *fit, size_t *room, const struct ixs_fit_owner *owner,
                              const struct ixs_fit_answer *answer, struct ixs_err *err)
{
    const struct ixs_bootstrap *bootstrap = &answer->bootstrap;
    size_t n = bootstrap->draws > 1 ? answer->nparameters : 0;
    bool ok = true;
    for (size_t k = 0; ok && k < n; k++) {
        struct ixs_model_name words = ixs_model_parameter(&answer->form, k);
        if (ixs_fit_is_wave(answer, k))
            continue;
        const struct ixs_fit_bootstrap_row like = {.parameter = number_of(owner, answer, k),
                                                   .spectrum = owner->spectrum,
                                                   .value = answer->parameters[k],
                                                   .draws = (int64_t)bootstrap->draws,
                                                   .p_value = bootstrap->p_value};
        ok = ixs_fit_record_draws(fit, room, &like, &words, &bootstrap->figures[k], err);
    }
    return ok;
}

/* Parameters that are fixed were not sampled. */
bool ixs_fit_record_posterior(struct ixs_fit *fit, size_t *room, const struct ixs_fit_owner *owner,
                              const struct ixs_fit_answer *answer, struct ixs_err *err)
{
    size_t n = answer->sample.steps > 0 ? answer->nparameters : 0;
    if (!ixs_grow(&fit->posteriors, room, fit->nposteriors + n, sizeof *fit->posteriors, err))
        return false;
    for (size_t k = 0; k < n; k++) {
        const struct ixs_sample_figure *figure = &answer->sample.figures[k];
        struct ixs_model_name words = ixs_model_parameter(&answer->form, k);
        if (isnan(figure->r_hat) || ixs_fit_is_wave(answer, k))
            continue;
        struct ixs_fit_posterior_row *row = &fit->posteriors[fit->nposteriors++];
        *row = (struct ixs_fit_posterior_row){.parameter = number_of(owner, answer, k),
                                              .spectrum = owner->spectrum,
                                              .mean = figure->mean,
                                              .sd = figure->sd,
                                              .median = figure->median,
                                              .lo = figure->lo,
                                              .hi = figure->hi,
                                              .r_hat = figure->r_hat,
                                              .draws = figure->draws};
        ixs_copy(row->component, sizeof row->component, words.component);
        ixs_copy(row->name, sizeof row->name, words.name);
        ixs_copy(row->unit, sizeof row->unit, words.unit);
        ixs_copy(row->state, sizeof row->state, answer->sample.good ? "good" : "refused");
    }
    return true;
}
