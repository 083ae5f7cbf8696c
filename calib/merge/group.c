/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which spectra go together: those of one analyzer at one setting are a group; scans that have a
 * group in common are a lot, whose shifts are found together.
 */
#include "calib/merge/parts.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

static bool same_values(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* The same rows of the same scan, given twice. */
static bool repeats(const struct ixs_merge_member *a, const struct ixs_merge_member *b)
{
    if (strcmp(a->row->scans, b->row->scans) != 0 || a->npoints != b->npoints)
        return false;
    for (size_t i = 0; i < a->npoints; i++)
        if (!same_values(a->points[i].energy_raw, b->points[i].energy_raw) ||
            !same_values(a->points[i].counts, b->points[i].counts))
            return false;
    return true;
}

/* A product holds its scans one after the other: an analyzer seen before begins another. */
static bool begins_scan(const struct ixs_merging *merging, const struct ixs_merge_member *member,
                        size_t first)
{
    const struct ixs_merge_member *before = member - 1;
    if (member == merging->members + first || strcmp(before->row->scans, member->row->scans) != 0)
        return true;
    for (; before >= merging->members + first && before->scan == member[-1].scan; before--)
        if (strcmp(before->row->analyzer, member->row->analyzer) == 0)
            return true;
    return false;
}

static void add_input(struct ixs_merging *out, size_t input)
{
    const struct ixs_spectra *spectra = out->inputs[input].spectra;
    size_t first = out->nmembers;
    for (size_t i = 0; i < spectra->nspectra; i++) {
        struct ixs_merge_member *member = &out->members[out->nmembers];
        *member = (struct ixs_merge_member){.input = input, .row = &spectra->spectra[i]};
        member->points = ixs_spectra_points(spectra, member->row->spectrum, &member->npoints);
        if (begins_scan(out, member, first)) {
            size_t scan = out->nscans++;
            out->scans[scan] = (struct ixs_merge_scan){.input = input, .lot = scan, .prior = NAN};
        }
        member->scan = out->nscans - 1;
        out->nmembers++;
    }
}

static bool given_before(const struct ixs_merging *merging, const struct ixs_merge_member *member)
{
    for (const struct ixs_merge_member *other = merging->members; other < member; other++)
        if (other->group == member->group && repeats(other, member))
            return true;
    return false;
}

/* Joins the first group of this analyzer that it is like, or begins one. A group is what its first
 * member is, so that it does not wander. */
static void join_group(struct ixs_merging *out, struct ixs_merge_member *member)
{
    for (size_t g = 0; g < out->ngroups; g++) {
        const struct ixs_merge_member *head = &out->members[out->heads[g]];
        if (strcmp(head->row->analyzer, member->row->analyzer) != 0)
            continue;
        struct ixs_merge_difference why;
        bool alike = ixs_merge_alike(head->row, out->inputs[head->input].spectra, member->row,
                                     out->inputs[member->input].spectra, out->rules, &why);
        if (!alike && why.passed < member->apart.passed)
            continue;
        member->apart = why;
        member->apart_from = out->heads[g];
        if (!alike)
            continue;
        member->group = g;
        member->repeated = given_before(out, member);
        return;
    }
    member->group = out->ngroups;
    out->heads[out->ngroups++] = (size_t)(member - out->members);
}

static void join_lots(struct ixs_merging *out)
{
    for (size_t i = 0; i < out->nmembers; i++) {
        const struct ixs_merge_member *member = &out->members[i];
        size_t to = out->scans[out->members[out->heads[member->group]].scan].lot;
        size_t from = out->scans[member->scan].lot;
        for (size_t s = 0; !member->repeated && from != to && s < out->nscans; s++)
            if (out->scans[s].lot == from)
                out->scans[s].lot = to;
    }
}

bool ixs_merge_group(struct ixs_merging *out, struct ixs_err *err)
{
    size_t nspectra = 0, npoints = 0, place = 0;
    for (size_t i = 0; i < out->ninputs; i++) {
        nspectra += out->inputs[i].spectra->nspectra;
        npoints += out->inputs[i].spectra->npoints;
    }
    if (!IXS_NEW(out->members, nspectra, err) || !IXS_NEW(out->scans, nspectra, err) ||
        !IXS_NEW(out->heads, nspectra, err) || !IXS_NEW(out->marks, npoints, err))
        return false;
    for (size_t i = 0; i < out->ninputs; i++)
        add_input(out, i);
    for (size_t i = 0; i < out->nmembers; i++) {
        out->members[i].mark = out->marks + place;
        place += out->members[i].npoints;
        join_group(out, &out->members[i]);
    }
    join_lots(out);
    return true;
}
