/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which phonon scans repeat each other, before any is reduced.
 */
#include "base/array.h"
#include "calib/merge/merge.h"
#include "calib/plan/plan.h"

#include <math.h>
#include <string.h>

/* Where the analyzer is, mostly at the same place in both; nspectra: nowhere. */
static size_t find(const struct ixs_spectra *spectra, const char *analyzer, size_t place)
{
    size_t i = 0;
    if (place < spectra->nspectra && strcmp(spectra->spectra[place].analyzer, analyzer) == 0)
        return place;
    while (i < spectra->nspectra && strcmp(spectra->spectra[i].analyzer, analyzer) != 0)
        i++;
    return i;
}

static bool same_edges(const struct ixs_sight *a, const struct ixs_sight *b)
{
    const struct ixs_opening *one = &a->opening, *other = &b->opening;
    const double pairs[][2] = {
        {one->x[0], other->x[0]},
        {one->x[1], other->x[1]},
        {one->z[0], other->z[0]},
        {one->z[1], other->z[1]},
        {isfinite(one->across) ? one->across : 0, isfinite(other->across) ? other->across : 0}};
    bool same = a->open == b->open;
    for (size_t i = 0; same && a->open && i < IXS_COUNT(pairs); i++)
        same = fabs(pairs[i][0] - pairs[i][1]) < 1e-6; /* mm */
    return same;
}

/* Of analyzer i of a and k of b. Widths take time, so only where something was moved. */
static bool same_setting(const struct ixs_plan_scan *a, size_t i, const struct ixs_plan_scan *b,
                         size_t k, const struct ixs_merge_rules *rules)
{
    struct ixs_spectrum one, other;
    if (!ixs_merge_alike(&a->setting.spectra[i], &a->setting, &b->setting.spectra[k], &b->setting,
                         rules, NULL))
        return false;
    if (same_edges(&a->sights[i], &b->sights[k]))
        return true;
    one = a->setting.spectra[i];
    other = b->setting.spectra[k];
    one.q_width = ixs_sight_width(&a->sights[i]);
    other.q_width = ixs_sight_width(&b->sights[k]);
    return ixs_merge_alike(&one, &a->setting, &other, &b->setting, rules, NULL);
}

/* Analyzers that both have, and that most of them have at one setting; a mask may be closed in one.
 */
static bool repeats(const struct ixs_plan_scan *a, const struct ixs_plan_scan *b,
                    const struct ixs_merge_rules *rules)
{
    size_t n = a->setting.nspectra, least = n < b->setting.nspectra ? n : b->setting.nspectra;
    size_t both = 0, alike = 0;
    for (size_t i = 0; i < n && 2 * (both - alike) < least; i++) {
        size_t k = find(&b->setting, a->setting.spectra[i].analyzer, i);
        both += k < b->setting.nspectra;
        alike += k < b->setting.nspectra && same_setting(a, i, b, k, rules);
    }
    return both > 0 && 2 * alike > both;
}

void ixs_plan_repeats(struct ixs_plan *plan)
{
    struct ixs_merge_rules rules = IXS_MERGE_RULES;
    rules.momentum = isfinite(plan->momentum) ? plan->momentum : rules.momentum;
    rules.temperature = plan->temperature;
    for (size_t i = 0; i < plan->nscans; i++) {
        plan->scans[i].set = i;
        for (size_t k = 0; k < i && plan->scans[i].set == i; k++)
            if (plan->scans[k].set == k && repeats(&plan->scans[k], &plan->scans[i], &rules))
                plan->scans[i].set = k;
    }
}

size_t ixs_plan_set_size(const struct ixs_plan *plan, size_t scan)
{
    size_t size = 0;
    for (size_t i = scan; i < plan->nscans && plan->scans[scan].set == scan; i++)
        size += plan->scans[i].set == scan;
    return size;
}
