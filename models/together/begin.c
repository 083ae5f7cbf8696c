/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a fit of many spectra begins: how far sources may go so that no parameter that follows them
 * leaves its bounds, and own areas that suit the rest of the start.
 */
#include "models/together/inside.h"

#include "base/parallel.h"
#include "models/fit/prior.h"

#include <math.h>

static bool is_width(const struct ixs_model *model, size_t k)
{
    return (k >= model->first_mode && (k - model->first_mode) % IXS_MODEL_PER_MODE == 1) ||
           (model->form.quasielastic && k == model->first_quasielastic + 1);
}

/* What a parameter is that follows a source alone; more than it is not near 0 where that is. */
static enum ixs_together_kind kind_of(const struct ixs_model *model, size_t k, double offset)
{
    enum ixs_prior_kind kind = ixs_prior_kind(model, k);
    if (k >= model->first_mode && kind == IXS_PRIOR_ENERGY)
        return IXS_TOGETHER_ENERGY;
    if (offset != 0.0)
        return IXS_TOGETHER_OTHER;
    return is_width(model, k)       ? IXS_TOGETHER_WIDTH
           : kind == IXS_PRIOR_AREA ? IXS_TOGETHER_AREA
                                    : IXS_TOGETHER_OTHER;
}

/* A source's bounds by those of a parameter that follows it alone. */
static void narrow(struct ixs_together_space *space, size_t at, double factor, double offset,
                   double lower, double upper)
{
    double one = (lower - offset) / factor, other = (upper - offset) / factor;
    space->lower[at] = fmax(space->lower[at], fmin(one, other));
    space->upper[at] = fmin(space->upper[at], fmax(one, other));
}

static bool crossed(const struct ixs_together_piece *piece, size_t parameter, struct ixs_err *err)
{
    struct ixs_model_name words = ixs_model_parameter(&piece->task.form, parameter);
    return ixs_fail(err, IXS_INPUT,
                    "found no value for %s of %s, and what is tied to it, that all bounds allow",
                    words.name, words.component);
}

static bool bound(struct ixs_together_space *space, size_t b, struct ixs_err *err)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    struct ixs_fit_space *fit = space->spaces[0];
    for (size_t i = 0; i < spectrum->npieces; i++) {
        const struct ixs_together_piece *piece = &spectrum->pieces[i];
        ixs_fit_prepare(fit, &piece->task);
        for (size_t k = 0; k < fit->model.nparameters; k++) {
            const struct ixs_together_term *term = ixs_together_only(piece, k);
            if (term == NULL)
                continue;
            size_t at = ixs_together_place(space, b, term->source);
            narrow(space, at, term->factor, piece->offset[k], fit->lower[k], fit->upper[k]);
            if (space->lower[at] > space->upper[at])
                return crossed(piece, k, err);
            enum ixs_together_kind kind = kind_of(&fit->model, k, piece->offset[k]);
            space->kinds[at] = kind > space->kinds[at] ? kind : space->kinds[at];
            space->loose[at] = space->loose[at] || kind == IXS_TOGETHER_WIDTH;
        }
    }
    return true;
}

static void take(struct ixs_together_space *space, size_t at,
                 const struct ixs_together_source *source)
{
    space->p[at] = source->value;
    space->lower[at] = isnan(source->lower) ? -INFINITY : source->lower;
    space->upper[at] = isnan(source->upper) ? INFINITY : source->upper;
}

/* As ixs_job_run: the best areas of a spectrum for all else as it is. Those that are its own are
 * taken; what else the least squares would change stays. */
static bool begin_areas(void *context, size_t b, size_t worker, struct ixs_err *err)
{
    struct ixs_together_space *space = context;
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    const struct ixs_together_piece *piece = &spectrum->pieces[0];
    struct ixs_fit_space *fit = space->spaces[worker];
    struct ixs_fit_state state = {.nmodes = (size_t)piece->task.nmodes};
    double before[IXS_FIT_P], *own = space->blocks[b].p;
    (void)err;
    ixs_together_parameters(spectrum, piece, own, space->p + space->nown, before);
    for (size_t k = 0; k < IXS_FIT_P; k++)
        state.parameters[k] = before[k];
    ixs_fit_prepare(fit, &piece->task);
    ixs_fit_improve_areas(fit, &state, 2);
    for (size_t k = 0; k < fit->model.nparameters; k++) {
        const struct ixs_together_term *term = ixs_together_only(piece, k);
        if (term != NULL && term->source < spectrum->nown && state.parameters[k] != before[k])
            own[term->source] = (state.parameters[k] - piece->offset[k]) / term->factor;
    }
    return true;
}

bool ixs_together_begin(struct ixs_together_space *space, struct ixs_err *err)
{
    const struct ixs_together *together = space->problem;
    for (size_t b = 0; b < together->nspectra; b++)
        for (size_t k = 0; k < together->spectra[b].nown; k++)
            take(space, ixs_together_place(space, b, k), &together->spectra[b].own[k]);
    for (size_t k = 0; k < together->nshared; k++)
        take(space, space->nown + k, &together->shared[k]);
    for (size_t b = 0; b < together->nspectra; b++)
        if (!bound(space, b, err))
            return false;
    for (size_t k = 0; k < space->nown + together->nshared; k++)
        space->p[k] = fmin(fmax(space->p[k], space->lower[k]), space->upper[k]);
    if (!ixs_parallel(together->nspectra, space->threads, begin_areas, space, err))
        return false;
    for (size_t k = 0; k < space->nown; k++)
        space->p[k] = fmin(fmax(space->p[k], space->lower[k]), space->upper[k]);
    return true;
}
