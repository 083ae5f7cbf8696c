/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits with a low mode that the answer has not.
 */
#include "models/fit/elastic_parts.h"

#include <math.h>
#include <string.h>

/* A low mode put in the place of mode `in_place`, or added: narrow, relaxing faster than the
 * response resolves, or more slowly with half of the line's area. A start has no parameters of
 * background data. */
enum kind { NARROW, FAST, SLOW, KINDS };

static void start_rival(const struct ixs_fit_space *space, const struct ixs_fit_answer *answer,
                        enum kind kind, size_t in_place, double *start)
{
    static const double energies[KINDS] = {1.2, 2.0, 2.0}, widths[KINDS] = {0.2, 4.0, 16.0};
    size_t ncell = (size_t)answer->form.ncell, first = answer->first_mode - ncell;
    double area = answer->parameters[IXS_MODEL_ELASTIC], kt = space->model.bose.kt;
    double *mode = start + first + IXS_MODEL_PER_MODE * in_place;
    memcpy(start, answer->parameters, first * sizeof *start);
    memcpy(start + first, answer->parameters + answer->first_mode,
           (answer->nparameters - answer->first_mode) * sizeof *start);
    mode[0] = energies[kind] * space->fwhm;
    mode[1] = widths[kind] * space->fwhm;
    mode[2] = 0.05 * area + 1e-12;
    if (kind != SLOW)
        return;
    start[IXS_MODEL_ELASTIC] = 0.5 * area; /* a relaxation has the area 2 A kT/OMEGA0 */
    mode[2] = 0.5 * area * (kt > 0.0 ? mode[0] / (2.0 * kt) : 1.0);
}

/* The best fit with a low mode in that place; stays as it is where none is better. */
static void try_rivals(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                       const struct ixs_fit_answer *answer, size_t in_place,
                       struct ixs_elastic_rival *best, struct ixs_fit_answer **room)
{
    struct ixs_fit_task other = *task;
    double start[IXS_FIT_P], fwhm = space->fwhm, first = answer->objective;
    bool more = in_place == answer->nmodes;
    other.nmodes = (int)answer->nmodes + more;
    other.start = start;
    other.quick = true;
    for (enum kind kind = NARROW; kind < KINDS; kind++) {
        start_rival(space, answer, kind, in_place, start);
        struct ixs_fit_answer *tried = *room;
        ixs_fit_run(space, &other, tried);
        double above = tried->objective - first + (more ? IXS_MODEL_PER_MODE : 0.0);
        if (tried->status == IXS_FIT_NOT_CONVERGED || !isfinite(tried->deviance) ||
            !(above < best->above) || ixs_elastic_partner(tried, 2.0 * fwhm) == IXS_ELASTIC_ALONE)
            continue;
        best->above = above;
        *room = best->answer;
        best->answer = tried;
    }
}

void ixs_elastic_rivals_find(struct ixs_elastic_rivals *out, struct ixs_fit_space *space,
                             const struct ixs_fit_task *task, const struct ixs_fit_answer *answer)
{
    struct ixs_elastic_rival *more = &out->list[0], *other = &out->list[1];
    /* what is known of single parameters is of the modes as they are */
    bool free = task->given == NULL && task->start == NULL;
    bool chosen = free && task->nmodes == IXS_FIT_CHOOSE_MODES;
    *more = (struct ixs_elastic_rival){&space->spare[0], INFINITY};
    *other = (struct ixs_elastic_rival){&space->spare[1], INFINITY};
    out->room = &space->spare[2];
    int partner = ixs_elastic_partner(answer, space->fwhm);
    if (!(answer->parameters[IXS_MODEL_ELASTIC] > 0.0) || answer->dof <= 2 * IXS_MODEL_PER_MODE ||
        partner == IXS_ELASTIC_QUASIELASTIC)
        return;
    if (chosen && partner == IXS_ELASTIC_ALONE && answer->nmodes < IXS_MODEL_MOST_MODES)
        try_rivals(space, task, answer, answer->nmodes, more, &out->room);
    for (size_t k = 0; free && k < answer->nmodes; k++)
        if ((int)k != partner)
            try_rivals(space, task, answer, k, other, &out->room);
}
