/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parameters of one spectrum as sources of its own and shared ones.
 */
#include "calib/fitting/set.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct origin { /* where a root parameter comes from */
    size_t nsources;
    size_t source[2]; /* own ones; shared ones: IXS_MODEL_MOST_PARAMETERS + index of use */
    double factor[2];
    double offset; /* or its value, without sources */
};

static double square(double x)
{
    return x * x;
}

static struct ixs_together_source source_at(double value)
{
    return (struct ixs_together_source){
        .value = value, .lower = NAN, .upper = NAN, .mean = NAN, .sigma = NAN};
}

static void add_own(struct ixs_fitting_part *part, struct origin *origin,
                    const struct ixs_together_source *source)
{
    origin->source[origin->nsources] = part->nown;
    origin->factor[origin->nsources++] = 1.0;
    part->own[part->nown++] = *source;
}

static void add_use(struct ixs_fitting_part *part, struct origin *origin, size_t shared,
                    double factor)
{
    origin->source[origin->nsources] = IXS_MODEL_MOST_PARAMETERS + part->nuses;
    origin->factor[origin->nsources++] = factor;
    part->uses[part->nuses++] = shared;
}

/* What a spectrum knows of its zero by itself: the prior of its own source. */
static void know_zero(struct ixs_together_source *source, const struct ixs_fit_task *task)
{
    if (!(task->zero_err > 0.0))
        return;
    source->mean = task->zero;
    source->sigma = task->zero_err;
}

/* In these spectra a multiple of what is shared, or more than it. */
static void adjust(const struct ixs_fitting_parts *parts, size_t share,
                   const struct ixs_spectrum *spectrum, double *factor, double *offset)
{
    *factor = 1.0;
    *offset = 0.0;
    for (size_t i = 0; i < parts->nadjustments; i++) {
        const struct ixs_fitting_adjustment *row = &parts->adjustments[i];
        if (row->share != share || !ixs_fitting_selects(parts, &row->at, spectrum))
            continue;
        *factor *= row->factor;
        *offset = *offset * row->factor + row->offset;
    }
}

static bool say(struct ixs_fitting_setting_up *up, size_t source, double value, double error,
                struct ixs_err *err)
{
    if (!isfinite(value))
        return true;
    if (!IXS_MORE(up->voices, &up->room, up->nvoices, err))
        return false;
    double weight = error > 0.0 ? 1.0 / square(error) : 0.0;
    up->voices[up->nvoices++] = (struct ixs_fitting_voice){source, value, weight};
    return true;
}

/* A prior of what is shared counts once: the first spectrum's. */
static void know_shared(struct ixs_together_source *source, const struct ixs_fit_given *given,
                        double factor, double offset)
{
    if (!(given->sigma > 0.0) || source->sigma > 0.0)
        return;
    source->mean = (given->mean - offset) / factor;
    source->sigma = given->sigma / fabs(factor);
}

/* A shared zero is what its spectra have in common beside what each has by itself. What is known
 * beforehand is taken apart by CALIB: analyzers drift together, by what their own errors leave of
 * ZERO_ERR; and an analyzer's own error is common to its scans. */
static void split_zero(struct ixs_fitting_part *part, const struct ixs_fitting_setting_up *up,
                       unsigned over, struct ixs_together_source *common, struct origin *origin)
{
    const struct ixs_fit_task *task = &part->made.task;
    const struct ixs_calib_analyzer *row =
        ixs_calib_find(up->calib, part->link->member.spectrum->analyzer);
    double all = task->zero_err;
    double own = row != NULL && row->own_err > 0.0 ? fmin(row->own_err, all) : 0.0;
    double rest = sqrt(fmax(square(all) - square(own), 0.0));
    bool together = (over & (IXS_OVER_ANALYZERS | IXS_OVER_ALL)) != 0;
    if (!(all > 0.0))
        return;
    common->mean = 0.0;
    common->sigma = isnan(common->sigma) ? (together ? rest : own) : common->sigma;
    common->sigma = fmax(common->sigma, 1e-6); /* nothing in common: next to nothing moves */
    struct ixs_together_source beside = source_at(0.0);
    beside.mean = task->zero;
    beside.sigma = together ? own : rest;
    if (beside.sigma > 0.0)
        add_own(part, origin, &beside);
    else
        origin->offset += task->zero;
}

static bool follow_shared(struct ixs_fitting_part *part, struct ixs_fitting_setting_up *up,
                          size_t root, struct origin *origin, struct ixs_err *err)
{
    const struct ixs_fitting_parts *parts = &up->rules->parts;
    const struct ixs_fit_answer *answer = &part->link->input->answers[part->link->index];
    const struct ixs_fit_given *given = &part->made.given[root];
    size_t share = up->rules->map.share[root] - 1;
    size_t shared = up->place[part->link->shared[root] - 1];
    double factor, offset;
    adjust(parts, share, part->link->member.spectrum, &factor, &offset);
    origin->offset = offset;
    add_use(part, origin, shared, factor);
    know_shared(&up->shared[shared], given, factor, offset);
    if (root == IXS_MODEL_ZERO && !(given->sigma > 0.0))
        split_zero(part, up, parts->shares[share].over, &up->shared[shared], origin);
    return say(up, shared, (answer->parameters[root] - offset) / factor,
               answer->errors[root] / fabs(factor), err);
}

static bool follow_root(struct ixs_fitting_part *part, struct ixs_fitting_setting_up *up,
                        size_t root, struct origin *origin, struct ixs_err *err)
{
    const struct ixs_fit_answer *answer = &part->link->input->answers[part->link->index];
    const struct ixs_fit_given *given = &part->made.given[root];
    *origin = (struct origin){0};
    if (given->lower == given->upper) {
        origin->offset = given->lower;
        return true;
    }
    if (part->link->shared[root] > 0)
        return follow_shared(part, up, root, origin, err);
    struct ixs_together_source source = source_at(answer->parameters[root]);
    if (root == IXS_MODEL_ZERO)
        know_zero(&source, &part->made.task);
    if (given->sigma > 0.0) {
        source.mean = given->mean;
        source.sigma = given->sigma;
    }
    add_own(part, origin, &source);
    return true;
}

/* Points by scan, each scan's in their order; the number of scans. */
static size_t sort_by_scan(struct ixs_fitting_arrays *arrays)
{
    size_t scans = arrays->n > 0 ? 1 : 0;
    double *const columns[] = {arrays->energy, arrays->counts, arrays->exposure, arrays->dark,
                               arrays->sigma};
    for (size_t i = 1; i < arrays->n; i++) /* insertion: scans mostly stand one after the other */
        for (size_t k = i; k > 0 && arrays->scan[k - 1] > arrays->scan[k]; k--) {
            int64_t scan = arrays->scan[k];
            arrays->scan[k] = arrays->scan[k - 1];
            arrays->scan[k - 1] = scan;
            for (size_t c = 0; c < IXS_COUNT(columns); c++) {
                double value = columns[c][k];
                columns[c][k] = columns[c][k - 1];
                columns[c][k - 1] = value;
            }
        }
    for (size_t i = 1; i < arrays->n; i++)
        scans += arrays->scan[i] != arrays->scan[i - 1];
    return scans;
}

/* How far the zero of one scan may lie from that of the spectrum: by the error of the shift that
 * ixs-merge took off, or as far as any. Where nothing is known the first scan's is the spectrum's.
 */
static void know_scan(struct ixs_together_source *beside, const struct ixs_fitting_part *part,
                      int64_t scan, bool first)
{
    const struct ixs_spectra *spectra = part->link->member.of;
    beside->mean = 0.0;
    beside->sigma = part->made.task.zero_err;
    for (size_t i = 0; i < spectra->nmerged; i++) {
        const struct ixs_merged *row = &spectra->merged[i];
        if (row->spectrum == part->link->member.spectrum->spectrum &&
            ixs_fitting_lists(row->scans, scan) && row->shift_err > 0.0)
            beside->sigma = row->shift_err;
    }
    if (!(beside->sigma > 0.0) && first)
        beside->lower = beside->upper = 0.0;
}

/* A piece of each scan, all alike but for points and zero: what the spectrum has, and beside it one
 * of its own. */
static void cut(struct ixs_fitting_part *part)
{
    const struct ixs_fitting_arrays *arrays = &part->made.arrays;
    const struct ixs_together_piece whole = part->pieces[0];
    size_t nterms = whole.nterms, first = 0, before = part->nown;
    for (size_t t = 0; t < nterms; t++) /* shared ones move behind */
        part->terms[t].source += part->terms[t].source >= before ? part->npieces : 0;
    part->nown += part->npieces;
    for (size_t s = 1; s < part->npieces; s++)
        memcpy(part->terms + s * (nterms + 1), part->terms, nterms * sizeof *part->terms);
    for (size_t s = 0, n = 0; s < part->npieces; s++, first += n) {
        struct ixs_together_piece *piece = &part->pieces[s];
        struct ixs_together_term *terms = part->terms + s * (nterms + 1);
        for (n = 0; first + n < arrays->n && arrays->scan[first + n] == arrays->scan[first];)
            n++;
        *piece = whole;
        piece->task.points =
            (struct ixs_model_points){n, arrays->energy + first, arrays->counts + first,
                                      arrays->exposure + first, arrays->dark + first};
        piece->task.sigma = whole.task.sigma != NULL ? whole.task.sigma + first : NULL;
        piece->terms = terms;
        piece->nterms = nterms + 1;
        terms[nterms] = (struct ixs_together_term){IXS_MODEL_ZERO, before + s, 1.0};
        part->scans[s] = arrays->scan[first];
        part->own[before + s] = source_at(0.0);
        know_scan(&part->own[before + s], part, arrays->scan[first], s == 0);
    }
}

static void add_terms(struct ixs_fitting_part *out, const struct ixs_fitting_map *map,
                      const struct origin *origins)
{
    struct ixs_together_piece *piece = &out->pieces[0];
    *piece = (struct ixs_together_piece){.task = out->made.task, .terms = out->terms};
    for (size_t k = 0; k < map->n; k++) {
        const struct origin *origin = &origins[map->root[k]];
        piece->offset[k] = map->factor[k] * origin->offset + map->offset[k];
        for (size_t i = 0; i < origin->nsources; i++) {
            size_t source = origin->source[i];
            if (source >= IXS_MODEL_MOST_PARAMETERS)
                source = source - IXS_MODEL_MOST_PARAMETERS + out->nown;
            out->terms[piece->nterms++] =
                (struct ixs_together_term){k, source, map->factor[k] * origin->factor[i]};
        }
    }
}

bool ixs_fitting_part_make(struct ixs_fitting_part *out, struct ixs_fitting_setting_up *up,
                           struct ixs_fitting_link *link, struct ixs_err *err)
{
    const struct ixs_fitting_map *map = &up->rules->map;
    struct origin origins[IXS_MODEL_MOST_PARAMETERS];
    out->link = link;
    if (!ixs_fitting_task_make(&out->made, &link->input->spectra, link->index, up->responses,
                               up->rules, NULL, err))
        return false;
    out->made.task.quick = true;
    out->made.task.start = NULL; /* its bounds about a start are not meant here */
    if (up->rules->acceptance == IXS_FITTING_NEIGHBOURS) /* slopes by the fits one by one */
        memcpy(out->made.task.form.acceptance, link->input->answers[link->index].form.acceptance,
               sizeof out->made.task.form.acceptance);
    out->npieces = link->by_scans ? sort_by_scan(&out->made.arrays) : 1;
    out->npieces = out->npieces > 0 ? out->npieces : 1;
    if (!IXS_NEW(out->pieces, out->npieces, err) || !IXS_NEW(out->scans, out->npieces, err) ||
        !IXS_NEW(out->zeros, out->npieces, err) ||
        !IXS_NEW(out->own, map->n + 1 + out->npieces, err) ||
        !IXS_NEW(out->terms, (map->n + 2) * out->npieces, err))
        return false;
    for (size_t k = 0; k < map->n; k++)
        if (map->root[k] == k && !follow_root(out, up, k, &origins[k], err))
            return false;
    if (!IXS_NEW(out->common, IXS_MODEL_MOST_PARAMETERS * out->nuses, err))
        return false;
    add_terms(out, map, origins);
    bool held = origins[map->root[IXS_MODEL_ZERO]].nsources == 0;
    if (out->npieces > 1 && !held && map->root[IXS_MODEL_ZERO] == IXS_MODEL_ZERO)
        cut(out);
    else
        out->npieces = 1;
    return true;
}

void ixs_fitting_part_dispose(struct ixs_fitting_part *part)
{
    ixs_fitting_task_dispose(&part->made);
    free(part->pieces);
    free(part->scans);
    free(part->zeros);
    free(part->own);
    free(part->terms);
    free(part->common);
}

static int by_source_and_value(const void *a, const void *b)
{
    const struct ixs_fitting_voice *one = a, *other = b;
    if (one->source != other->source)
        return one->source > other->source ? 1 : -1;
    return (one->value > other->value) - (one->value < other->value);
}

/* Of voices [n] of one source; where none has a weight all count alike. */
static double weighted_median(size_t n, const struct ixs_fitting_voice *voices)
{
    double total = 0.0, sum = 0.0;
    for (size_t i = 0; i < n; i++)
        total += voices[i].weight;
    for (size_t i = 0; i < n; i++) {
        sum += total > 0.0 ? voices[i].weight / total : 1.0 / (double)n;
        if (sum >= 0.5)
            return voices[i].value;
    }
    return voices[n - 1].value;
}

void ixs_fitting_hear(struct ixs_fitting_setting_up *up)
{
    if (up->nvoices > 0)
        qsort(up->voices, up->nvoices, sizeof *up->voices, by_source_and_value);
    for (size_t first = 0, n; first < up->nvoices; first += n) {
        n = 1;
        while (first + n < up->nvoices && up->voices[first + n].source == up->voices[first].source)
            n++;
        up->shared[up->voices[first].source].value = weighted_median(n, up->voices + first);
    }
}
