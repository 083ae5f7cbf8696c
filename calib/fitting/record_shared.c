/* SPDX-License-Identifier: GPL-3.0-or-later
 * What spectra share, and which of their parameters follow it, as rows of the FIT product.
 */
#include "calib/fitting/together.h"
#include "calib/fitting/record.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

static bool add_sets(struct ixs_fit *out, const struct ixs_fitting_together *together,
                     struct ixs_err *err)
{
    size_t room = 0;
    if (!ixs_grow(&out->sets, &room, together->nsets, sizeof *out->sets, err))
        return false;
    for (size_t i = 0; i < together->nsets; i++) {
        const struct ixs_fitting_set *set = &together->sets[i];
        const struct ixs_together_result *result = &set->result;
        struct ixs_fit_set *row = &out->sets[out->nsets++];
        *row = (struct ixs_fit_set){.set = (int64_t)out->nsets,
                                    .nspectra = (int64_t)set->nspectra,
                                    .nown = (int64_t)set->nown,
                                    .nshared = (int64_t)set->nshared,
                                    .deviance = result->deviance,
                                    .dof = result->dof,
                                    .p_value = result->p_value,
                                    .agreement = result->agreement,
                                    .aicc = result->aicc,
                                    .iterations = (int64_t)result->iterations};
        ixs_copy(row->status, sizeof row->status,
                 ixs_fit_status_word(set->nspectra > 0 ? result->status : IXS_FIT_NO_DATA));
        ixs_copy(row->reason, sizeof row->reason,
                 set->nspectra > 0 ? result->reason : "none of its spectra could be fitted");
    }
    return true;
}

static bool add_shared(struct ixs_fit *out, const struct ixs_fitting_together *together,
                       const struct ixs_fitting *rules, struct ixs_err *err)
{
    size_t room = 0;
    if (!ixs_grow(&out->parameters, &room, together->nshared, sizeof *out->parameters, err))
        return false;
    for (size_t i = 0; i < together->nshared; i++) {
        const struct ixs_fitting_shared *shared = &together->shared[i];
        const struct ixs_together_source *source = &shared->source;
        struct ixs_model_name words = ixs_model_parameter(&rules->map.form, shared->parameter);
        bool fitted = together->sets[shared->set].nspectra > 0;
        struct ixs_fit_parameter *row = &out->parameters[out->nparameters++];
        *row = (struct ixs_fit_parameter){.parameter = (int64_t)out->nparameters,
                                          .value = fitted ? source->value : NAN,
                                          .err = fitted ? source->error : NAN,
                                          .lo = fitted ? source->lo : NAN,
                                          .hi = fitted ? source->hi : NAN,
                                          .set = (int64_t)shared->set + 1};
        ixs_copy(row->component, sizeof row->component, words.component);
        ixs_copy(row->name, sizeof row->name, words.name);
        ixs_copy(row->unit, sizeof row->unit, words.unit);
        ixs_copy(row->state, sizeof row->state,
                 ixs_fitting_state_word(fitted ? source->state : IXS_SOLVE_UNDETERMINED));
        ixs_fitting_label(&rules->parts, &rules->map.form, shared->parameter, row->label);
    }
    return true;
}

/* Of what is shared, from the draws of its set. */
static bool add_bootstrap(struct ixs_fit *out, const struct ixs_fitting_together *together,
                          const struct ixs_fitting *rules, struct ixs_err *err)
{
    size_t room = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < together->nshared; i++) {
        const struct ixs_fitting_shared *shared = &together->shared[i];
        const struct ixs_together_result *result = &together->sets[shared->set].result;
        struct ixs_model_name words = ixs_model_parameter(&rules->map.form, shared->parameter);
        const struct ixs_fit_bootstrap_row like = {.parameter = (int64_t)i + 1,
                                                   .value = shared->source.value,
                                                   .draws = (int64_t)result->draws,
                                                   .p_value = result->bootstrap_p_value};
        if (result->draws > 1)
            ok = ixs_fit_record_draws(out, &room, &like, &words, &shared->source.bootstrap, err);
    }
    return ok;
}

static bool add_covariances(struct ixs_fit *out, const struct ixs_fitting_together *together,
                            struct ixs_err *err)
{
    size_t room = 0, n = 0;
    for (size_t i = 0; i < together->nsets; i++)
        n += together->sets[i].nshared * (together->sets[i].nshared + 1) / 2;
    if (!ixs_grow(&out->covariances, &room, n, sizeof *out->covariances, err))
        return false;
    for (size_t s = 0; s < together->nsets; s++) {
        const struct ixs_fitting_set *set = &together->sets[s];
        for (size_t i = 0; i < set->nshared; i++)
            for (size_t k = 0; k <= i; k++)
                out->covariances[out->ncovariances++] = (struct ixs_fit_covariance){
                    (int64_t)(set->first_shared + i + 1), (int64_t)(set->first_shared + k + 1),
                    set->nspectra > 0 ? set->covariance[i * set->nshared + k] : NAN};
    }
    return true;
}

/* Which row of a spectrum in PARAMETERS has parameter k of the model file, which knows nothing of a
 * cell's parameters: they stand before the modes'. */
static size_t row_of(const struct ixs_fit_answer *answer, const struct ixs_fitting_map *map,
                     size_t k)
{
    size_t cell = k < ixs_model_first_mode(&map->form) ? 0 : (size_t)answer->form.ncell;
    return ixs_fit_record_rows(answer, k + cell);
}

/* Rows of one spectrum, the first of them at `first`: labels, and where it is of a set what they
 * follow. */
static void link_rows(struct ixs_fit *out, size_t first, const struct ixs_fit_answer *answer,
                      const size_t *shared, bool tied, const struct ixs_fitting *rules)
{
    const struct ixs_fitting_map *map = &rules->map;
    size_t n = ixs_fit_record_rows(answer, answer->nparameters);
    for (size_t k = 0; k < map->n && row_of(answer, map, k) < n; k++) {
        struct ixs_fit_parameter *row = &out->parameters[first + row_of(answer, map, k)];
        ixs_fitting_label(&rules->parts, &map->form, k, row->label);
        if (tied && shared[k] > 0)
            row->like = (int64_t)shared[k];
        else if (tied && map->root[k] != k)
            row->like = (int64_t)(first + row_of(answer, map, map->root[k]) + 1);
    }
}

static void label_modes(struct ixs_fit *out, size_t first, const struct ixs_fitting *rules)
{
    for (size_t i = first; i < out->nmodes; i++) {
        size_t mode = (size_t)out->modes[i].mode - 1;
        if (mode < rules->parts.nmodes)
            ixs_copy(out->modes[i].label, sizeof out->modes[i].label, rules->parts.modes[mode]);
    }
}

/* Of a spectrum's parameters, the first row of them at `first`, with what it shares. */
static bool add_common(struct ixs_fit *out, size_t *room, size_t first, size_t n,
                       const struct ixs_fitting_common *common, struct ixs_err *err)
{
    if (!ixs_grow(&out->covariances, room, out->ncovariances + n * common->n,
                  sizeof *out->covariances, err))
        return false;
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < common->n; j++)
            out->covariances[out->ncovariances++] = (struct ixs_fit_covariance){
                (int64_t)(first + k + 1), (int64_t)common->shared[j] + 1,
                common->covariance[k * common->n + j]};
    return true;
}

static bool record(struct ixs_fit *out, const struct ixs_fitting_input *input,
                   const struct ixs_calib *calib, const struct ixs_fitting_responses *responses,
                   const struct ixs_fitting *rules, struct ixs_err *err)
{
    size_t spectra = out->nspectra, modes = out->nmodes, at = out->nparameters;
    if (!ixs_fitting_record(out, input, calib, responses, rules, err))
        return false;
    size_t room = out->ncovariances;
    for (size_t i = 0; i < input->spectra.nspectra; i++) {
        const struct ixs_fit_answer *answer = &input->answers[i];
        size_t n = ixs_fit_record_rows(answer, answer->nparameters);
        out->spectra[spectra + i].set = (int64_t)input->set[i];
        link_rows(out, at, answer, input->shared + i * IXS_MODEL_MOST_PARAMETERS, input->set[i] > 0,
                  rules);
        if (!add_common(out, &room, at, n, &input->common[i], err))
            return false;
        at += n + input->zeros[i].n;
    }
    label_modes(out, modes, rules);
    return true;
}

bool ixs_fitting_record_all(struct ixs_fit *out, const struct ixs_fitting_together *together,
                            size_t ninputs, const struct ixs_fitting_input *inputs,
                            const struct ixs_calib *calib, const struct ixs_fitting *rules,
                            struct ixs_err *err)
{
    bool ok = add_sets(out, together, err) && add_shared(out, together, rules, err) &&
              add_bootstrap(out, together, rules, err) && add_covariances(out, together, err);
    for (size_t i = 0; ok && i < ninputs; i++)
        ok = record(out, &inputs[i], calib, &together->responses, rules, err);
    return ok;
}
