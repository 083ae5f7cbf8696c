/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the errors of responses make of the errors of spectra fitted together. A response is common
 * to all spectra through its analyzer: a change of it moves all of them at once, and through what
 * they share also others (models/response/uncertain.h).
 */
#include "models/together/inside.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct spread { /* owns its arrays */
    size_t nresponses;
    const struct ixs_uncertain **responses; /* [nresponses], each once */
    const double **gradients;               /* [nspectra], of one direction; NULL: nothing */
    double **own;                           /* [nspectra], into the shifts of one direction */
    double **slopes;                        /* [nspectra]: [directions][nown + nuses] */
    size_t ndirections;                     /* of all responses */
    double *moved;                          /* [ndirections][nown + nshared] */
};

static void dispose(struct spread *spread, size_t nspectra)
{
    for (size_t b = 0; spread->slopes != NULL && b < nspectra; b++)
        free(spread->slopes[b]);
    free(spread->slopes);
    free(spread->gradients);
    free(spread->own);
    free(spread->moved);
    free(spread->responses);
}

/* Adds a piece's gradients of its parameters to those of the sources. */
static void carry_over(const struct ixs_together_piece *piece, size_t directions,
                       const double *gradients, size_t nparameters, size_t all, double *out)
{
    for (size_t l = 0; l < directions; l++)
        for (size_t t = 0; t < piece->nterms; t++)
            out[l * all + piece->terms[t].source] +=
                piece->terms[t].factor * gradients[l * nparameters + piece->terms[t].parameter];
}

/* How half the gradient of a spectrum changes with each direction of its response. */
static bool find_slopes(const struct ixs_together_space *space, size_t b, struct spread *spread,
                        struct ixs_err *err)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    const struct ixs_uncertain *uncertain = spectrum->uncertain;
    size_t p = spectrum->answer->nparameters, all = spectrum->nown + spectrum->nuses;
    double *gradients = NULL;
    if (uncertain == NULL || uncertain->n == 0)
        return true;
    bool ok = IXS_NEW(gradients, uncertain->n * p, err) &&
              IXS_NEW(spread->slopes[b], uncertain->n * all, err);
    for (size_t i = 0; ok && i < spectrum->npieces; i++) {
        const struct ixs_together_piece *piece = &spectrum->pieces[i];
        struct ixs_fit_answer at = *spectrum->answer;
        ixs_together_parameters(spectrum, piece, space->blocks[b].p, space->p + space->nown,
                                at.parameters);
        ixs_uncertain_gradients(space->uncertain[0], uncertain, &piece->task, &at, gradients);
        carry_over(piece, uncertain->n, gradients, p, all, spread->slopes[b]);
    }
    free(gradients);
    return ok;
}

/* The shift of a spectrum's parameters for that of all sources. */
static void shift_of(const struct ixs_together_space *space, size_t b, const double *moved,
                     double *shift)
{
    const struct ixs_together_piece *piece = &space->problem->spectra[b].pieces[0];
    memset(shift, 0, sizeof(double[IXS_FIT_P]));
    for (size_t t = 0; t < piece->nterms; t++)
        shift[piece->terms[t].parameter] +=
            piece->terms[t].factor * moved[ixs_together_place(space, b, piece->terms[t].source)];
}

/* Shifts of all sources for direction l of a response. */
static void move(struct ixs_together_space *space, const struct ixs_uncertain *uncertain, size_t l,
                 struct spread *spread, double *moved)
{
    const struct ixs_together *together = space->problem;
    for (size_t b = 0; b < together->nspectra; b++) {
        const struct ixs_together_spectrum *spectrum = &together->spectra[b];
        spread->own[b] = moved + (space->blocks[b].p - space->p);
        spread->gradients[b] = spectrum->uncertain == uncertain
                                   ? spread->slopes[b] + l * (spectrum->nown + spectrum->nuses)
                                   : NULL;
    }
    ixs_arrow_respond(space->arrow, spread->gradients, moved + space->nown, spread->own);
}

/* The responses of all spectra, each once. */
static void list_responses(const struct ixs_together *together, struct spread *spread)
{
    for (size_t b = 0; b < together->nspectra; b++) {
        const struct ixs_uncertain *uncertain = together->spectra[b].uncertain;
        size_t i = 0;
        while (i < spread->nresponses && spread->responses[i] != uncertain)
            i++;
        if (i < spread->nresponses || uncertain == NULL || uncertain->n == 0)
            continue;
        spread->responses[spread->nresponses++] = uncertain;
        spread->ndirections += uncertain->n;
    }
}

static void widen_source(struct ixs_together_source *source, double variance)
{
    double error = source->response_error = sqrt(variance);
    source->error = hypot(source->error, error);
    source->lo = source->lo < source->value
                     ? source->value - hypot(source->value - source->lo, error)
                     : source->lo;
    source->hi = source->value + hypot(source->hi - source->value, error);
}

/* Variance of a source by all directions. */
static double variance_of(const struct spread *spread, size_t all, size_t place)
{
    double sum = 0;
    for (size_t d = 0; d < spread->ndirections; d++)
        sum += spread->moved[d * all + place] * spread->moved[d * all + place];
    return sum;
}

static void widen_shared(struct ixs_together_space *space, const struct spread *spread,
                         double *covariance)
{
    size_t m = space->problem->nshared, all = space->nown + m;
    for (size_t k = 0; k < m; k++)
        widen_source(&space->problem->shared[k], variance_of(spread, all, space->nown + k));
    for (size_t d = 0; covariance != NULL && d < spread->ndirections; d++) {
        const double *moved = spread->moved + d * all + space->nown;
        for (size_t i = 0; i < m * m; i++)
            covariance[i] += moved[i / m] * moved[i % m];
    }
}

/* shared: shifts of all shared sources. */
static void widen_common(const struct ixs_together_spectrum *spectrum, const double *shift,
                         const double *shared)
{
    size_t n = spectrum->common != NULL ? spectrum->answer->nparameters : 0, m = spectrum->nuses;
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < m; j++)
            spectrum->common[k * m + j] += shift[k] * shared[spectrum->uses[j]];
}

static void widen_spectrum(struct ixs_together_space *space, size_t b, const struct spread *spread)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    size_t all = space->nown + space->problem->nshared;
    double shift[IXS_FIT_P];
    for (size_t k = 0; k < spectrum->nown; k++)
        widen_source(&spectrum->own[k], variance_of(spread, all, ixs_together_place(space, b, k)));
    ixs_uncertain_begin(space->uncertain[0]);
    for (size_t d = 0; d < spread->ndirections; d++) {
        shift_of(space, b, spread->moved + d * all, shift);
        ixs_uncertain_shift(space->uncertain[0], spectrum->answer, shift);
        widen_common(spectrum, shift, spread->moved + d * all + space->nown);
    }
    ixs_uncertain_widen(space->uncertain[0], spectrum->answer);
}

bool ixs_together_respond(struct ixs_together_space *space, double *covariance, struct ixs_err *err)
{
    const struct ixs_together *together = space->problem;
    size_t n = together->nspectra, all = space->nown + together->nshared, d = 0;
    struct spread spread = {0};
    bool ok = IXS_NEW(spread.responses, n, err);
    if (ok)
        list_responses(together, &spread);
    if (spread.ndirections == 0) {
        dispose(&spread, n);
        return ok;
    }
    ok = ok && IXS_NEW(spread.gradients, n, err) && IXS_NEW(spread.own, n, err) &&
         IXS_NEW(spread.slopes, n, err) && IXS_NEW(spread.moved, spread.ndirections * all, err) &&
         ixs_arrow_settle(space->arrow, true, err); /* widths at 0 have errors too */
    for (size_t b = 0; ok && b < n; b++)
        ok = find_slopes(space, b, &spread, err);
    for (size_t i = 0; ok && i < spread.nresponses; i++)
        for (size_t l = 0; l < spread.responses[i]->n; l++)
            move(space, spread.responses[i], l, &spread, spread.moved + d++ * all);
    if (ok)
        widen_shared(space, &spread, covariance);
    for (size_t b = 0; ok && b < n; b++)
        widen_spectrum(space, b, &spread);
    dispose(&spread, n);
    return ok;
}
