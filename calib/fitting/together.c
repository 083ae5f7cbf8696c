/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits spectra by themselves, then those together that the model file ties.
 */
#include "calib/fitting/together.h"
#include "calib/fitting/set.h"

#include "base/array.h"
#include "base/parallel.h"
#include "base/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct work {
    const struct ixs_fitting *rules;
    const struct ixs_calib *calib;
    struct ixs_fitting_links links;
    size_t *place;      /* [nshared] where a shared source stands in its set */
    size_t set_threads; /* within one set */
    struct ixs_fitting_together *out;
};

/* ---- by themselves --------------------------------------------------------------------------- */

static bool fit_alone(size_t ninputs, struct ixs_fitting_input *inputs, struct work *work,
                      struct ixs_fitting *rules, struct ixs_err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < ninputs; i++) {
        struct ixs_fitting_input *input = &inputs[i];
        size_t n = input->spectra.nspectra;
        bool *starts = NULL;
        ok = IXS_NEW(starts, n, err) && IXS_NEW(input->set, n, err) &&
             IXS_NEW(input->zeros, n, err) && IXS_NEW(input->common, n, err) &&
             IXS_NEW(input->shared, n * IXS_MODEL_MOST_PARAMETERS, err);
        for (size_t k = 0; ok && k < work->links.n; k++) {
            const struct ixs_fitting_link *link = &work->links.list[k];
            if (link->input == input)
                starts[link->index] = link->set > 0;
        }
        rules->starts_only = starts;
        ok = ok && ixs_fitting_answers_through(&input->answers, &input->spectra,
                                               &work->out->responses, rules, err);
        rules->starts_only = NULL;
        free(starts);
    }
    return ok;
}

/* A spectrum that others share with, or that is tied, but has to stand alone. */
static void tell_alone(size_t ninputs, const struct ixs_fitting_input *inputs,
                       const struct ixs_fitting *rules)
{
    bool asked = rules->map.any_ties || rules->parts.nshares > 0;
    for (size_t i = 0; i < ninputs; i++)
        for (size_t k = 0; asked && k < inputs[i].spectra.nspectra; k++)
            if (inputs[i].answers[k].form.ncell > 0)
                ixs_fitting_tell(&inputs[i].answers[k],
                                 "background data: no ties, nothing is shared");
}

/* ---- together -------------------------------------------------------------------------------- */

static bool is_of_use(const struct ixs_fitting_link *link, size_t set, size_t nmodes)
{
    const struct ixs_fit_answer *answer = &link->input->answers[link->index];
    return link->set == set + 1 && answer->status != IXS_FIT_NO_DATA && answer->nparameters > 0 &&
           answer->nmodes == nmodes && isfinite(answer->deviance);
}

static bool make_parts(struct ixs_fitting_part **parts, struct ixs_together_spectrum **spectra,
                       size_t *n, struct work *work, struct ixs_fitting_setting_up *up, size_t set,
                       struct ixs_err *err)
{
    size_t nmodes = (size_t)work->rules->nmodes, most = 0;
    *n = 0;
    for (size_t i = 0; i < work->links.n; i++)
        most += is_of_use(&work->links.list[i], set, nmodes);
    if (!IXS_NEW(*parts, most, err) || !IXS_NEW(*spectra, most, err))
        return false;
    for (size_t i = 0; i < work->links.n; i++) {
        struct ixs_fitting_link *link = &work->links.list[i];
        if (!is_of_use(link, set, nmodes))
            continue;
        struct ixs_fitting_part *part = &(*parts)[(*n)++];
        if (!ixs_fitting_part_make(part, up, link, err))
            return false;
        (*spectra)[*n - 1] =
            (struct ixs_together_spectrum){.npieces = part->npieces,
                                           .pieces = part->pieces,
                                           .zeros = part->zeros,
                                           .nown = part->nown,
                                           .own = part->own,
                                           .nuses = part->nuses,
                                           .uses = part->uses,
                                           .uncertain = &part->made.response->uncertain,
                                           .common = part->common,
                                           .answer = &link->input->answers[link->index]};
    }
    return true;
}

static bool take_zeros(const struct ixs_fitting_part *part, struct ixs_err *err)
{
    struct ixs_fitting_zeros *zeros = &part->link->input->zeros[part->link->index];
    if (part->npieces < 2)
        return true;
    if (!IXS_NEW(zeros->list, part->npieces, err))
        return false;
    zeros->n = part->npieces;
    for (size_t s = 0; s < part->npieces; s++)
        zeros->list[s] =
            (struct ixs_fitting_zero){part->scans[s], part->zeros[s][0], part->zeros[s][1]};
    return true;
}

/* What was filled in goes over to the input, counted among all that is shared. */
static bool take_common(struct ixs_fitting_part *part, size_t first_shared, struct ixs_err *err)
{
    struct ixs_fitting_common *common = &part->link->input->common[part->link->index];
    if (!IXS_NEW(common->shared, part->nuses, err))
        return false;
    common->n = part->nuses;
    for (size_t j = 0; j < part->nuses; j++)
        common->shared[j] = first_shared + part->uses[j];
    common->covariance = part->common;
    part->common = NULL;
    return true;
}

static bool take_answer(const struct work *work, size_t set, struct ixs_fitting_part *part,
                        struct ixs_err *err)
{
    const struct ixs_fitting_set *out = &work->out->sets[set];
    const struct ixs_fitting_link *link = part->link;
    size_t *shared = link->input->shared + link->index * IXS_MODEL_MOST_PARAMETERS;
    link->input->set[link->index] = set + 1;
    for (size_t k = 0; k < work->rules->map.n; k++) {
        size_t number = link->shared[work->rules->map.root[k]];
        if (number > 0)
            shared[k] = out->first_shared + work->place[number - 1] + 1;
    }
    ixs_fitting_doubt(&link->input->answers[link->index], &part->made, work->rules,
                      link->member.spectrum);
    return take_zeros(part, err) && take_common(part, out->first_shared, err);
}

/* As ixs_job_run. A set of which nothing could be fitted leaves its spectra as they are. */
static bool fit_set(void *context, size_t set, size_t worker, struct ixs_err *err)
{
    struct work *work = context;
    struct ixs_fitting_set *out = &work->out->sets[set];
    struct ixs_fitting_shared *rows = work->out->shared + out->first_shared;
    struct ixs_fitting_setting_up up = {.rules = work->rules,
                                        .responses = &work->out->responses,
                                        .calib = work->calib,
                                        .place = work->place,
                                        .nshared = out->nshared};
    struct ixs_fitting_part *parts = NULL;
    struct ixs_together_spectrum *spectra = NULL;
    size_t n = 0;
    (void)worker;
    bool ok = IXS_NEW(up.shared, up.nshared, err) &&
              IXS_NEW(out->covariance, up.nshared * up.nshared, err);
    for (size_t k = 0; ok && k < up.nshared; k++)
        up.shared[k] = rows[k].source;
    ok = ok && make_parts(&parts, &spectra, &n, work, &up, set, err);
    if (ok && n > 0) {
        ixs_fitting_hear(&up);
        const struct ixs_together together = {n,         up.nshared,        spectra,
                                              up.shared, work->set_threads, false};
        const struct ixs_bootstrap_rules draws = {work->rules->seed, set + 1,
                                                  work->rules->bootstrap};
        ok = ixs_together_fit(&together, &out->result, out->covariance, err) &&
             (draws.draws == 0 || ixs_together_bootstrap(&together, &draws, &out->result, err));
    }
    for (size_t i = 0; ok && i < n; i++)
        ok = take_answer(work, set, &parts[i], err);
    if (ok) {
        out->nspectra = n;
        for (size_t i = 0; i < n; i++)
            out->nown += parts[i].nown;
        for (size_t k = 0; k < up.nshared; k++)
            rows[k].source = up.shared[k];
    }
    for (size_t i = 0; i < n; i++)
        ixs_fitting_part_dispose(&parts[i]);
    free(parts);
    free(spectra);
    free(up.shared);
    free(up.voices);
    ixs_progress_step(work->rules->progress);
    return ok;
}

/* Rows for all shared sources, those of a set together. */
static bool make_rows(struct work *work, struct ixs_err *err)
{
    const struct ixs_fitting_links *links = &work->links;
    struct ixs_fitting_together *out = work->out;
    if (!IXS_NEW(out->sets, links->nsets, err) || !IXS_NEW(out->shared, links->nshared, err) ||
        !IXS_NEW(work->place, links->nshared, err))
        return false;
    out->nsets = links->nsets;
    for (size_t i = 0; i < links->nshared; i++)
        work->place[i] = out->sets[links->set[i] - 1].nshared++;
    for (size_t set = 0; set < out->nsets; set++) {
        out->sets[set].first_shared = out->nshared;
        out->nshared += out->sets[set].nshared;
    }
    for (size_t i = 0; i < links->nshared; i++) {
        size_t set = links->set[i] - 1;
        out->shared[out->sets[set].first_shared + work->place[i]] = (struct ixs_fitting_shared){
            .parameter = links->parameter[i],
            .set = set,
            .source = {.lower = NAN, .upper = NAN, .mean = NAN, .sigma = NAN}};
    }
    return true;
}

static bool fit_sets(struct work *work, struct ixs_err *err)
{
    size_t threads = ixs_parallel_threads(work->rules->threads), nsets = work->links.nsets;
    bool many = nsets >= 2 * threads; /* sets side by side, or the spectra of each */
    if (nsets == 0)
        return true;
    work->set_threads = many ? 1 : threads;
    if (!make_rows(work, err))
        return false;
    ixs_progress_begin(work->rules->progress, "fitting together", nsets);
    bool ok = ixs_parallel(nsets, many ? threads : 1, fit_set, work, err);
    ixs_progress_end(work->rules->progress);
    return ok;
}

bool ixs_fitting_all(struct ixs_fitting_together *out, size_t ninputs,
                     struct ixs_fitting_input *inputs, const struct ixs_calib *calib,
                     struct ixs_fitting *rules, struct ixs_err *err)
{
    struct work work = {.rules = rules, .calib = calib, .out = out};
    bool ok = ixs_fitting_responses_make(&out->responses, calib, rules->exact_response,
                                         rules->threads, err) &&
              (rules->map.n == 0 ||
               ixs_fitting_link(&work.links, ninputs, inputs, &out->responses, rules, err)) &&
              fit_alone(ninputs, inputs, &work, rules, err) && fit_sets(&work, err);
    if (ok)
        tell_alone(ninputs, inputs, rules);
    ixs_fitting_links_dispose(&work.links);
    free(work.place);
    return ok;
}

void ixs_fitting_together_dispose(struct ixs_fitting_together *together)
{
    for (size_t i = 0; together->sets != NULL && i < together->nsets; i++)
        free(together->sets[i].covariance);
    ixs_fitting_responses_dispose(&together->responses);
    free(together->sets);
    free(together->shared);
    *together = (struct ixs_fitting_together){0};
}

bool ixs_fitting_inputs_read(struct ixs_fitting_input **out, size_t n, const char *const *paths,
                             const struct ixs_reading *how, struct ixs_provenance *provenance,
                             struct ixs_err *err)
{
    bool ok = IXS_NEW(*out, n, err);
    for (size_t i = 0; ok && i < n; i++) {
        (*out)[i].source = ixs_base_name(paths[i]);
        ok = ixs_spectra_read(&(*out)[i].spectra, paths[i], how, provenance, err);
    }
    return ok;
}

size_t ixs_fitting_strangers(const struct ixs_fit *fit, size_t ninputs,
                             const struct ixs_fitting_input *inputs)
{
    size_t count = 0, row = 0;
    for (size_t i = 0; i < ninputs; i++)
        for (size_t k = 0; k < inputs[i].spectra.nspectra && row < fit->nspectra; k++, row++)
            count += strcmp(inputs[i].spectra.spectra[k].response, "good") == 0 &&
                     strcmp(fit->spectra[row].id.response, "lent") == 0;
    return count;
}

void ixs_fitting_inputs_free(size_t n, struct ixs_fitting_input *inputs)
{
    for (size_t i = 0; inputs != NULL && i < n; i++) {
        free(inputs[i].answers);
        free(inputs[i].set);
        free(inputs[i].shared);
        for (size_t k = 0; inputs[i].zeros != NULL && k < inputs[i].spectra.nspectra; k++)
            free(inputs[i].zeros[k].list);
        free(inputs[i].zeros);
        for (size_t k = 0; inputs[i].common != NULL && k < inputs[i].spectra.nspectra; k++) {
            free(inputs[i].common[k].shared);
            free(inputs[i].common[k].covariance);
        }
        free(inputs[i].common);
        ixs_spectra_dispose(&inputs[i].spectra); /* the last: how many there were */
    }
    free(inputs);
}
