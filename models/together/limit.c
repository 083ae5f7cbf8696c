/* SPDX-License-Identifier: GPL-3.0-or-later
 * Intervals by profile likelihood of sources of spectra fitted together, and what they make of the
 * answers.
 */
#include "models/together/probe.h"

#include "base/parallel.h"
#include "models/fit/limit.h"

#include <math.h>

static const double near_zero = 4.0; /* errors, below which an area's interval is lopsided */

/* ---- intervals ------------------------------------------------------------------------------- */

static void limit_plain(struct ixs_probe *probe, struct ixs_together_interval *out)
{
    const struct ixs_profile_target target = {.fixed = 1.0};
    const struct ixs_rise rises = {ixs_probe_rise, probe};
    size_t held = probe->held;
    double best = probe->best[held], sigma = probe->sigma;
    out->hi = ixs_rise_meet(&rises, &target, best, best + sigma, probe->upper[held]);
    probe->risen = false;
    double guess = best > 0.0 ? best - fmin(sigma, 0.5 * best) : best - sigma;
    out->lo = best > probe->lower[held]
                  ? ixs_rise_meet(&rises, &target, best, guess, probe->lower[held])
                  : best;
}

static void limit_width(struct ixs_probe *probe, struct ixs_together_interval *out)
{
    const struct ixs_limit width = {.rise = {ixs_probe_rise, probe},
                                    .best = probe->best[probe->held],
                                    .bound = probe->upper[probe->held],
                                    .sigma = probe->sigma};
    out->sigma = probe->sigma;
    out->at_zero = width.best > 0.0 ? ixs_probe_rise(probe, 0.0) : 0.0;
    probe->risen = false;
    out->lo = out->at_zero > 1.0 ? ixs_limit_below(&width, 1.0) : 0.0;
    probe->risen = false;
    out->hi = ixs_limit_above(&width, 1.0, width.best + width.sigma);
    out->ul90 = ixs_limit_ninety(&width, out->hi);
}

struct looking { /* at all sources of a kind */
    struct ixs_together_space *space;
    bool at_bound; /* those at 0, the minimum being settled with widths free */
};

/* Whether a source is looked at in this round. */
static bool is_wanted(const struct looking *looking, size_t at, const struct ixs_probe *probe)
{
    const struct ixs_together_space *space = looking->space;
    bool at_bound = space->p[at] <= space->lower[at];
    bool width = space->kinds[at] == IXS_TOGETHER_WIDTH;
    if (!(probe->sigma > 0.0) || space->p[at] >= space->upper[at] || at_bound != looking->at_bound)
        return false;
    if (at_bound)
        return width && space->lower[at] == 0.0;
    return space->kinds[at] != IXS_TOGETHER_AREA ||
           (space->lower[at] >= 0.0 && space->p[at] < near_zero * probe->sigma);
}

/* As ixs_job_run. */
static bool look(void *context, size_t at, size_t worker, struct ixs_err *err)
{
    const struct looking *looking = context;
    struct ixs_together_space *space = looking->space;
    struct ixs_together_interval *interval = &space->intervals[at];
    struct ixs_probe probe = {.space = space, .fit = space->spaces[worker], .err = err};
    if (space->kinds[at] == IXS_TOGETHER_OTHER || !(space->lower[at] < space->upper[at]) ||
        (space->p[at] <= space->lower[at]) != looking->at_bound)
        return true;
    bool ok = ixs_probe_make(&probe, at, err);
    if (ok && is_wanted(looking, at, &probe)) {
        if (space->kinds[at] == IXS_TOGETHER_WIDTH)
            limit_width(&probe, interval);
        else
            limit_plain(&probe, interval);
        interval->known = !probe.failed;
        ok = !probe.failed;
    }
    ixs_probe_dispose(&probe);
    return ok;
}

/* ---- what they make of the answers ----------------------------------------------------------- */

static void take_width(struct ixs_fit_answer *answer, size_t k, double factor,
                       const struct ixs_together_interval *interval)
{
    size_t mode = (k - answer->first_mode) / IXS_MODEL_PER_MODE;
    struct ixs_fit_line *line = &answer->lines[mode];
    line->fwhm_lo = answer->lower[k];
    line->fwhm_hi = answer->upper[k];
    line->fwhm_ul90 = factor * interval->ul90;
    line->regime =
        ixs_limit_regime(line->fwhm > 2.0 * line->omega0 && !answer->form.pair, interval->at_zero);
    if (line->fwhm <= 0.0)
        line->fwhm_err = answer->errors[k] = factor * interval->sigma;
}

/* Interval of a parameter by that of the source that it follows alone. */
static void take_interval(const struct ixs_together_space *space, size_t b, size_t k)
{
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    const struct ixs_together_piece *piece = &spectrum->pieces[0];
    const struct ixs_together_term *term = ixs_together_only(piece, k);
    struct ixs_fit_answer *answer = spectrum->answer;
    size_t at = term != NULL ? ixs_together_place(space, b, term->source) : 0;
    if (term == NULL || !space->intervals[at].known)
        return;
    const struct ixs_together_interval *interval = &space->intervals[at];
    double one = term->factor * interval->lo + piece->offset[k];
    double other = term->factor * interval->hi + piece->offset[k];
    answer->lower[k] = fmin(one, other);
    answer->upper[k] = fmax(one, other);
    if (k < answer->first_mode)
        return;
    size_t which = (k - answer->first_mode) % IXS_MODEL_PER_MODE;
    struct ixs_fit_line *line = &answer->lines[(k - answer->first_mode) / IXS_MODEL_PER_MODE];
    if (which == 0) {
        line->omega0_lo = answer->lower[k];
        line->omega0_hi = answer->upper[k];
    } else if (which == 1 && space->kinds[at] == IXS_TOGETHER_WIDTH) {
        take_width(answer, k, fabs(term->factor), interval);
    }
}

/* As ixs_job_run. */
static bool take_all(void *context, size_t b, size_t worker, struct ixs_err *err)
{
    struct ixs_together_space *space = context;
    struct ixs_fit_space *fit = space->spaces[worker];
    const struct ixs_together_spectrum *spectrum = &space->problem->spectra[b];
    struct ixs_fit_answer *answer = spectrum->answer;
    const struct ixs_fit_state state = {.iterations = space->end.iterations,
                                        .converged = space->end.converged};
    (void)err;
    ixs_fit_prepare(fit, &spectrum->pieces[0].task);
    for (size_t k = 0; k < answer->nparameters; k++)
        take_interval(space, b, k);
    for (size_t k = 0; k < answer->nmodes; k++)
        ixs_fit_derive(fit, k, answer);
    ixs_fit_judge(&state, answer);
    return true;
}

static void take_source(const struct ixs_together_interval *interval,
                        struct ixs_together_source *source)
{
    if (!interval->known)
        return;
    source->lo = interval->lo;
    source->hi = interval->hi;
    source->error = source->value <= 0.0 && interval->sigma > 0.0 ? interval->sigma : source->error;
}

bool ixs_together_limit(struct ixs_together_space *space, struct ixs_err *err)
{
    const struct ixs_together *together = space->problem;
    size_t all = space->nown + together->nshared;
    struct looking looking = {space, true};
    bool ok = ixs_arrow_settle(space->arrow, true, err) &&
              ixs_parallel(all, space->threads, look, &looking, err) &&
              ixs_arrow_settle(space->arrow, false, err);
    looking.at_bound = false;
    ok = ok && ixs_parallel(all, space->threads, look, &looking, err) &&
         ixs_parallel(together->nspectra, space->threads, take_all, space, err);
    for (size_t b = 0; ok && b < together->nspectra; b++)
        for (size_t k = 0; k < together->spectra[b].nown; k++)
            take_source(&space->intervals[ixs_together_place(space, b, k)],
                        &together->spectra[b].own[k]);
    for (size_t k = 0; ok && k < together->nshared; k++)
        take_source(&space->intervals[space->nown + k], &together->shared[k]);
    return ok;
}
