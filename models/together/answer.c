/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the minimum of many spectra together means: for each of them what a fit by itself would
 * tell, for all of them whether they are described, and whether they agree on what they share.
 *
 * A width pressed against 0 would have its minimum u below 0, in units of its error s there. To
 * second order its deviance rises by g^2 - 2 u g at g s: the 68 % interval ends where that is 1,
 * the 90 % limit (models/fit/limit.c) is (u + 1.2816) s, but never below 0.2816 s.
 */
#include "models/together/inside.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/evidence/select.h"
#include "models/fit/solve_inside.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double unlikely = 1e-4; /* as of single fits */
static const double z90 = 1.2815515655446004;
static const double least_mu = 1e-4;

static enum ixs_solve_state state_in(const struct ixs_together_space *space, size_t b,
                                     size_t source)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    return source < spectrum->nown
               ? ixs_arrow_own_states(space->arrow, b)[source]
               : ixs_arrow_common_states(space->arrow)[spectrum->uses[source - spectrum->nown]];
}

/* Whether an earlier parameter follows the same source, or this one not just so. */
static bool is_tied(const struct ixs_together_piece *piece, const struct ixs_together_term *term)
{
    if (term->factor != 1.0 || piece->offset[term->parameter] != 0.0)
        return true;
    for (size_t t = 0; t < piece->nterms; t++)
        if (piece->terms[t].source == term->source && piece->terms[t].parameter < term->parameter)
            return true;
    return false;
}

/* Of several terms the worst; shared goes over tied over free. */
static enum ixs_solve_state state_of(const struct ixs_together_space *space, size_t b, size_t k)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    const struct ixs_together_piece *piece = &spectrum->pieces[0];
    enum ixs_solve_state found = IXS_SOLVE_FIXED;
    for (size_t t = 0; t < piece->nterms; t++) {
        const struct ixs_together_term *term = &piece->terms[t];
        if (term->parameter != k)
            continue;
        enum ixs_solve_state state = state_in(space, b, term->source);
        if (state == IXS_SOLVE_FREE)
            state = term->source >= spectrum->nown ? IXS_SOLVE_SHARED
                    : is_tied(piece, term)         ? IXS_SOLVE_TIED
                                                   : IXS_SOLVE_FREE;
        if (found == IXS_SOLVE_FIXED || state == IXS_SOLVE_UNDETERMINED ||
            (found == IXS_SOLVE_FREE && state != IXS_SOLVE_FIXED))
            found = state;
    }
    return found;
}

/* A bound of a negative multiple is met from the other side. */
static void take_states(const struct ixs_together_space *space, size_t b,
                        struct ixs_fit_answer *answer)
{
    const struct ixs_together_piece *piece = &space->problem->spectra[b].pieces[0];
    for (size_t k = 0; k < answer->nparameters; k++) {
        const struct ixs_together_term *term = ixs_together_only(piece, k);
        enum ixs_solve_state state = state_of(space, b, k);
        bool turned = term != NULL && term->factor < 0.0;
        if (turned && (state == IXS_SOLVE_LOWER || state == IXS_SOLVE_UPPER))
            state = state == IXS_SOLVE_LOWER ? IXS_SOLVE_UPPER : IXS_SOLVE_LOWER;
        answer->states[k] = state;
    }
}

/* Covariance [n][n] of sources as that of a model's parameters. */
static void carry_over(const struct ixs_together_piece *piece, size_t n, const double *sources,
                       size_t nparameters, double *out)
{
    memset(out, 0, nparameters * nparameters * sizeof *out);
    for (size_t t = 0; t < piece->nterms; t++) {
        const struct ixs_together_term *one = &piece->terms[t];
        for (size_t u = 0; u < piece->nterms; u++) {
            const struct ixs_together_term *other = &piece->terms[u];
            out[one->parameter * nparameters + other->parameter] +=
                one->factor * other->factor * sources[one->source * n + other->source];
        }
    }
}

/* A piece's part of deviance and of its distribution, with the covariance of its parameters. */
static void weigh(struct ixs_together_space *space, struct ixs_fit_space *fit, size_t b, size_t i,
                  const double *covariance)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    const struct ixs_together_piece *piece = &spectrum->pieces[i];
    struct ixs_together_weight *weight = &space->weights[b];
    struct ixs_deviance_moments sum;
    struct ixs_deviance_fitted fitted;
    double parameters[IXS_FIT_P], deviance;
    ixs_together_parameters(spectrum, piece, space->blocks[b].p, space->p + space->nown,
                            parameters);
    ixs_fit_prepare(fit, &piece->task);
    struct ixs_solve_problem problem = ixs_fit_problem(fit, (size_t)piece->task.nmodes, NULL, NULL);
    problem.prior_mean = problem.prior_sigma = NULL;
    ixs_solve_begin(fit->solve, &problem, parameters, &deviance);
    const double *mu = ixs_solve_expected(fit->solve);
    for (size_t k = 0; k < problem.ndata; k++)
        fit->weight[k] =
            fit->inverse_variance ? fit->inverse_variance[k] : 1.0 / fmax(mu[k], least_mu);
    double leverage = ixs_solve_leverage(fit->solve, &problem, covariance, fit->weight);
    ixs_fit_weigh(fit, &problem, covariance, leverage, &sum, &fitted);
    weight->n += problem.ndata;
    weight->deviance += deviance;
    ixs_deviance_add(&weight->sum, &weight->fitted, &sum, &fitted);
}

static double chance_of(const struct ixs_together_weight *weight)
{
    return ixs_deviance_chance(weight->n, &weight->sum, &weight->fitted, weight->deviance);
}

static long dof_of(const struct ixs_together_weight *weight)
{
    return (long)weight->n - lround(weight->fitted.leverage);
}

/* As ixs_job_run: an answer but for what is at bounds, response errors and the whole's status. */
static bool fill(void *context, size_t b, size_t worker, struct ixs_err *err)
{
    struct ixs_together_space *space = context;
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    struct ixs_fit_space *fit = space->spaces[worker];
    struct ixs_fit_answer *answer = spectrum->answer;
    const struct ixs_together_piece *first = &spectrum->pieces[0];
    struct ixs_fit_state state = {.nmodes = (size_t)first->task.nmodes,
                                  .iterations = space->end.iterations,
                                  .converged = space->end.converged};
    size_t all = spectrum->nown + spectrum->nuses;
    double *sources = NULL;
    if (!IXS_NEW(sources, all * all, err))
        return false;
    memset(answer, 0, sizeof *answer);
    answer->nparameters = ixs_model_nparameters(&first->task.form, state.nmodes);
    ixs_arrow_covariance(space->arrow, b, sources);
    for (size_t i = spectrum->npieces; i-- > 0;) { /* the first one's stays */
        carry_over(&spectrum->pieces[i], all, sources, answer->nparameters, answer->covariance);
        weigh(space, fit, b, i, answer->covariance);
    }
    take_states(space, b, answer);
    ixs_together_parameters(spectrum, first, space->blocks[b].p, space->p + space->nown,
                            state.parameters);
    ixs_fit_describe(fit, &state, answer);
    answer->deviance = space->weights[b].deviance;
    answer->dof = dof_of(&space->weights[b]);
    answer->p_value = chance_of(&space->weights[b]);
    answer->aicc = answer->log_evidence = (double)NAN; /* of all together alone */
    ixs_fit_judge(&state, answer);
    free(sources);
    return true;
}

/* Where a width that is pressed against 0 may lie: its error and where its minimum would be. */
static void open_width(struct ixs_fit_answer *answer, size_t g, double sigma, double shift)
{
    double u = sigma > 0.0 ? fmax(shift / sigma, -1.0) : (double)NAN;
    size_t mode = (g - answer->first_mode) / IXS_MODEL_PER_MODE;
    answer->errors[g] = sigma;
    answer->lower[g] = 0.0;
    answer->upper[g] = (u + sqrt(u * u + 1.0)) * sigma;
    if (g < answer->first_mode)
        return;
    struct ixs_fit_line *line = &answer->lines[mode];
    line->fwhm_err = sigma;
    line->fwhm_lo = 0.0;
    line->fwhm_hi = answer->upper[g];
    line->fwhm_ul90 = fmax((u + z90) * sigma, line->fwhm_hi);
    line->regime = IXS_FIT_UNRESOLVED;
}

/* Widths at 0 of one spectrum, the minimiser being settled with them free. */
static void open_widths(struct ixs_together_space *space, size_t b, double *sources)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    const struct ixs_together_piece *piece = &spectrum->pieces[0];
    size_t all = spectrum->nown + spectrum->nuses;
    bool known = false;
    for (size_t k = 0; k < spectrum->answer->nparameters; k++) {
        const struct ixs_together_term *term = ixs_together_only(piece, k);
        if (term == NULL || spectrum->answer->states[k] != IXS_SOLVE_LOWER ||
            !space->loose[ixs_together_place(space, b, term->source)])
            continue;
        if (!known)
            ixs_arrow_covariance(space->arrow, b, sources);
        known = true;
        open_width(spectrum->answer, k, term->factor * sqrt(sources[term->source * (all + 1)]),
                   term->factor * space->moved[ixs_together_place(space, b, term->source)]);
    }
}

static void take_source(struct ixs_together_source *source, double value, double variance,
                        enum ixs_solve_state state)
{
    source->value = value;
    source->error = sqrt(variance);
    source->lo = value - source->error;
    source->hi = value + source->error;
    source->state = state;
}

static void take_shared(struct ixs_together_space *space, double *covariance)
{
    const struct ixs_together *together = space->problem;
    const enum ixs_solve_state *states = ixs_arrow_common_states(space->arrow);
    size_t m = together->nshared;
    for (size_t i = 0; i < m; i++) {
        take_source(&together->shared[i], space->p[space->nown + i],
                    ixs_arrow_common_covariance(space->arrow, i, i), states[i]);
        for (size_t j = 0; j < m && covariance != NULL; j++)
            covariance[i * m + j] = ixs_arrow_common_covariance(space->arrow, i, j);
    }
}

/* The zero of each piece, which may be the sum of several sources. */
static void take_zeros(struct ixs_together_space *space, size_t b, const double *sources)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    size_t all = spectrum->nown + spectrum->nuses;
    double parameters[IXS_FIT_P], covariance[IXS_FIT_P * IXS_FIT_P];
    for (size_t i = 0; spectrum->zeros != NULL && i < spectrum->npieces; i++) {
        const struct ixs_together_piece *piece = &spectrum->pieces[i];
        ixs_together_parameters(spectrum, piece, space->blocks[b].p, space->p + space->nown,
                                parameters);
        carry_over(piece, all, sources, spectrum->answer->nparameters, covariance);
        spectrum->zeros[i][0] = parameters[IXS_MODEL_ZERO];
        spectrum->zeros[i][1] = sqrt(covariance[0]);
    }
}

/* Covariances of the parameters with the shared sources. */
static void take_common(const struct ixs_together_spectrum *spectrum, const double *sources)
{
    const struct ixs_together_piece *piece = &spectrum->pieces[0];
    size_t all = spectrum->nown + spectrum->nuses, m = spectrum->nuses;
    if (spectrum->common == NULL)
        return;
    memset(spectrum->common, 0, spectrum->answer->nparameters * m * sizeof *spectrum->common);
    for (size_t t = 0; t < piece->nterms; t++) {
        const double *row = sources + piece->terms[t].source * all + spectrum->nown;
        for (size_t j = 0; j < m; j++)
            spectrum->common[piece->terms[t].parameter * m + j] += piece->terms[t].factor * row[j];
    }
}

static void take_own(struct ixs_together_space *space, size_t b, double *sources)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    size_t all = spectrum->nown + spectrum->nuses;
    ixs_arrow_covariance(space->arrow, b, sources);
    for (size_t k = 0; k < spectrum->nown; k++)
        take_source(&spectrum->own[k], space->blocks[b].p[k], sources[k * (all + 1)],
                    ixs_arrow_own_states(space->arrow, b)[k]);
    take_zeros(space, b, sources);
    take_common(spectrum, sources);
}

/* Shared widths at 0, settled with them free. */
static void open_shared(struct ixs_together_space *space)
{
    const struct ixs_together *together = space->problem;
    for (size_t i = 0; i < together->nshared; i++) {
        struct ixs_together_source *source = &together->shared[i];
        if (source->state != IXS_SOLVE_LOWER || !space->loose[space->nown + i])
            continue;
        double sigma = sqrt(ixs_arrow_common_covariance(space->arrow, i, i));
        double u = fmax(space->moved[space->nown + i] / sigma, -1.0);
        source->error = sigma;
        source->lo = source->value;
        source->hi = source->value + (u + sqrt(u * u + 1.0)) * sigma;
    }
}

/* The worst of what the parts and the whole say. */
static void judge(const struct ixs_together_space *space, struct ixs_together_result *result)
{
    const struct ixs_together *together = space->problem;
    result->status = IXS_FIT_GOOD;
    if (!space->end.converged) {
        result->status = IXS_FIT_NOT_CONVERGED;
        snprintf(result->reason, sizeof result->reason, "no common minimum after %zu iterations",
                 space->end.iterations);
    } else if (result->agreement < unlikely) {
        result->status = IXS_FIT_POOR;
        snprintf(result->reason, sizeof result->reason,
                 "spectra disagree on what they share: chance %.0e", fmax(result->agreement, 1e-9));
    } else if (result->p_value < unlikely) {
        result->status = IXS_FIT_POOR;
        snprintf(result->reason, sizeof result->reason,
                 "together: deviance %.1f on %ld, chance %.0e", result->deviance, result->dof,
                 fmax(result->p_value, 1e-9));
    }
    for (size_t i = 0; i < together->nshared && result->status == IXS_FIT_GOOD; i++)
        if (together->shared[i].state == IXS_SOLVE_UNDETERMINED) {
            result->status = IXS_FIT_UNDETERMINED;
            snprintf(result->reason, sizeof result->reason,
                     "the data do not determine all that is shared");
        }
}

/* An answer is not better than the whole that it is part of. */
static void pass_on(const struct ixs_together *together, const struct ixs_together_result *result)
{
    for (size_t b = 0; b < together->nspectra; b++) {
        struct ixs_fit_answer *answer = together->spectra[b].answer;
        bool worse = result->status == IXS_FIT_NOT_CONVERGED ||
                     (result->status == IXS_FIT_POOR &&
                      (answer->status == IXS_FIT_GOOD || answer->status == IXS_FIT_BOUND));
        if (!worse)
            continue;
        answer->status = result->status;
        ixs_copy(answer->reason, sizeof answer->reason, result->reason);
    }
}

static void sum_up(struct ixs_together_space *space, struct ixs_together_result *result)
{
    struct ixs_together_weight whole = {0};
    size_t nfree = 0;
    long dof = 0;
    for (size_t b = 0; b < space->problem->nspectra; b++) {
        const struct ixs_together_weight *weight = &space->weights[b];
        whole.n += weight->n;
        whole.deviance += weight->deviance;
        ixs_deviance_add(&whole.sum, &whole.fitted, &weight->sum, &weight->fitted);
    }
    for (size_t k = 0; k < space->nown + space->problem->nshared; k++)
        nfree += space->lower[k] < space->upper[k];
    result->iterations = space->end.iterations;
    result->deviance = whole.deviance;
    result->dof = dof_of(&whole);
    result->p_value = chance_of(&whole);
    result->aicc = ixs_select_aicc(space->end.objective, whole.n, nfree);
    double tension = ixs_arrow_tension(space->arrow, &dof);
    result->agreement = dof > 0 ? gsl_cdf_chisq_Q(tension, (double)dof) : (double)NAN;
}

static bool open_all(struct ixs_together_space *space, double *sources, struct ixs_err *err)
{
    size_t n = space->problem->nspectra;
    double **own = NULL;
    bool ok = ixs_arrow_settle(space->arrow, true, err) && IXS_NEW(own, n, err);
    for (size_t b = 0; ok && b < n; b++)
        own[b] = space->moved + (space->blocks[b].p - space->p);
    if (ok)
        ixs_arrow_respond(space->arrow, NULL, space->moved + space->nown, own);
    for (size_t b = 0; ok && b < n; b++)
        open_widths(space, b, sources);
    if (ok)
        open_shared(space);
    free(own);
    return ok && ixs_arrow_settle(space->arrow, false, err);
}

bool ixs_together_answer(struct ixs_together_space *space, struct ixs_together_result *result,
                         double *covariance, struct ixs_err *err)
{
    const struct ixs_together *together = space->problem;
    double *sources = NULL;
    size_t most = 0;
    for (size_t b = 0; b < together->nspectra; b++) {
        size_t all = together->spectra[b].nown + together->spectra[b].nuses;
        most = all > most ? all : most;
    }
    bool ok = IXS_NEW(sources, most * most, err) && ixs_arrow_settle(space->arrow, false, err) &&
              ixs_parallel(together->nspectra, space->threads, fill, space, err);
    if (ok) {
        sum_up(space, result);
        take_shared(space, covariance);
        judge(space, result);
        for (size_t b = 0; b < together->nspectra; b++)
            take_own(space, b, sources);
    }
    ok = ok && open_all(space, sources, err) && (together->quick || ixs_together_limit(space, err));
    if (ok)
        pass_on(together, result);
    free(sources);
    return ok;
}
