/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who shares what with whom.
 */
#include "calib/fitting/share.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

/* Background data have their own parameters in each spectrum's fit: it is left to itself. */
static bool has_cell(const struct ixs_spectra *spectra, const struct ixs_spectrum *spectrum)
{
    size_t n = 0;
    ixs_spectra_background(spectra, spectrum->spectrum, &n);
    return n > 0;
}

/* Whether scans stand in it side by side that are to have their own zeros. */
static bool is_by_scans(const struct ixs_spectra *spectra, const struct ixs_spectrum *spectrum,
                        const struct ixs_fitting *rules)
{
    size_t n = 0;
    const struct ixs_point *points = ixs_spectra_points(spectra, spectrum->spectrum, &n);
    bool several = false;
    for (size_t i = 1; i < n; i++)
        several = several || points[i].scan != points[0].scan;
    return several && rules->parts.zero_per_scan > 0;
}

static bool can_be_fitted(const struct ixs_spectrum *spectrum,
                          const struct ixs_fitting_responses *responses,
                          const struct ixs_fitting *rules)
{
    return ixs_fitting_responses_of(responses, spectrum->analyzer) != NULL &&
           (rules->everything || strcmp(spectrum->quality, "good") == 0);
}

static bool list_all(struct ixs_fitting_links *out, size_t ninputs,
                     struct ixs_fitting_input *inputs,
                     const struct ixs_fitting_responses *responses, const struct ixs_fitting *rules,
                     struct ixs_err *err)
{
    size_t most = 0;
    for (size_t i = 0; i < ninputs; i++)
        most += inputs[i].spectra.nspectra;
    if (!IXS_NEW(out->list, most, err))
        return false;
    for (size_t i = 0; i < ninputs; i++)
        for (size_t k = 0; k < inputs[i].spectra.nspectra; k++) {
            const struct ixs_spectrum *spectrum = &inputs[i].spectra.spectra[k];
            if (can_be_fitted(spectrum, responses, rules) &&
                !has_cell(&inputs[i].spectra, spectrum))
                out->list[out->n++] = (struct ixs_fitting_link){
                    .member = {&inputs[i].spectra, spectrum},
                    .input = &inputs[i],
                    .index = k,
                    .by_scans = is_by_scans(&inputs[i].spectra, spectrum, rules)};
        }
    return true;
}

struct grouping { /* room for one share */
    struct ixs_fitting_member *members;
    size_t *groups, *sizes, *numbers;
    size_t room, set_room;
};

static bool fresh(struct ixs_fitting_links *out, struct grouping *room, size_t parameter,
                  size_t *number, struct ixs_err *err)
{
    if (!IXS_MORE(out->parameter, &room->room, out->nshared, err) ||
        !IXS_MORE(out->set, &room->set_room, out->nshared, err))
        return false;
    out->parameter[out->nshared] = parameter;
    out->set[out->nshared] = 0;
    *number = ++out->nshared;
    return true;
}

/* One share: a source for each group of more than one. */
static bool share(struct ixs_fitting_links *out, struct grouping *room, size_t parameter,
                  const struct ixs_fitting_share *asked, const struct ixs_fitting_parts *parts,
                  struct ixs_err *err)
{
    size_t ngroups = 0;
    if (!ixs_fitting_groups(room->groups, &ngroups, out->n, room->members, asked->over, parts, err))
        return false;
    memset(room->sizes, 0, out->n * sizeof *room->sizes);
    memset(room->numbers, 0, out->n * sizeof *room->numbers);
    for (size_t i = 0; i < out->n; i++)
        room->sizes[room->groups[i]]++;
    for (size_t i = 0; i < out->n; i++) {
        size_t g = room->groups[i];
        if (room->sizes[g] < 2)
            continue;
        if (room->numbers[g] == 0 && !fresh(out, room, parameter, &room->numbers[g], err))
            return false;
        out->list[i].shared[parameter] = room->numbers[g];
    }
    return true;
}

static bool share_all(struct ixs_fitting_links *out, const struct ixs_fitting *rules,
                      struct ixs_err *err)
{
    const struct ixs_fitting_map *map = &rules->map;
    struct grouping room = {0};
    bool ok = IXS_NEW(room.members, out->n, err) && IXS_NEW(room.groups, out->n, err) &&
              IXS_NEW(room.sizes, out->n, err) && IXS_NEW(room.numbers, out->n, err);
    for (size_t i = 0; ok && i < out->n; i++)
        room.members[i] = out->list[i].member;
    for (size_t k = 0; ok && k < map->n; k++)
        if (map->share[k] > 0)
            ok = share(out, &room, k, &rules->parts.shares[map->share[k] - 1], &rules->parts, err);
    free(room.members);
    free(room.groups);
    free(room.sizes);
    free(room.numbers);
    return ok;
}

/* The lowest spectrum that hangs together with i; shortens the way. */
static size_t lowest(size_t *leader, size_t i)
{
    while (leader[i] != i)
        i = leader[i] = leader[leader[i]];
    return i;
}

static void hang_together(const struct ixs_fitting_links *links, size_t *leader, size_t *first)
{
    for (size_t i = 0; i < links->n; i++)
        for (size_t k = 0; k < IXS_MODEL_MOST_PARAMETERS; k++) {
            size_t number = links->list[i].shared[k];
            if (number == 0)
                continue;
            size_t *met = &first[number - 1]; /* 1 + the first spectrum that follows it */
            size_t a = lowest(leader, i), b = *met > 0 ? lowest(leader, *met - 1) : a;
            *met = *met > 0 ? *met : i + 1;
            leader[a > b ? a : b] = a > b ? b : a;
        }
}

/* Numbers sets in the order of their first spectra. */
static bool number_sets(struct ixs_fitting_links *links, bool ties, struct ixs_err *err)
{
    size_t *leader = NULL, *first = NULL;
    bool ok = IXS_NEW(leader, links->n, err) && IXS_NEW(first, links->nshared, err);
    for (size_t i = 0; ok && i < links->n; i++)
        leader[i] = i;
    if (ok)
        hang_together(links, leader, first);
    for (size_t i = 0; ok && i < links->n; i++) {
        struct ixs_fitting_link *link = &links->list[i];
        bool shares = ties || link->by_scans;
        for (size_t k = 0; k < IXS_MODEL_MOST_PARAMETERS; k++)
            shares = shares || link->shared[k] > 0;
        size_t head = lowest(leader, i);
        if (shares)
            link->set = head == i ? ++links->nsets : links->list[head].set;
        for (size_t k = 0; k < IXS_MODEL_MOST_PARAMETERS; k++)
            if (link->shared[k] > 0)
                links->set[link->shared[k] - 1] = link->set;
    }
    free(leader);
    free(first);
    return ok;
}

bool ixs_fitting_link(struct ixs_fitting_links *out, size_t ninputs,
                      struct ixs_fitting_input *inputs,
                      const struct ixs_fitting_responses *responses,
                      const struct ixs_fitting *rules, struct ixs_err *err)
{
    return list_all(out, ninputs, inputs, responses, rules, err) && share_all(out, rules, err) &&
           number_sets(out, rules->map.any_ties, err);
}

void ixs_fitting_links_dispose(struct ixs_fitting_links *links)
{
    free(links->list);
    free(links->parameter);
    free(links->set);
}
