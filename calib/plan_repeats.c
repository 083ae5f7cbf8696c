/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which phonon scans repeat each other, before any is reduced.
 */
#include "calib/merge.h"
#include "calib/plan.h"

#include <math.h>
#include <string.h>

/* Mostly it stands in the same place in both. */
static const struct ixs_spectrum *find(const struct ixs_spectra *spectra, const char *analyzer,
                                       size_t place)
{
    if (place < spectra->nspectra && strcmp(spectra->spectra[place].analyzer, analyzer) == 0)
        return &spectra->spectra[place];
    for (size_t i = 0; i < spectra->nspectra; i++)
        if (strcmp(spectra->spectra[i].analyzer, analyzer) == 0)
            return &spectra->spectra[i];
    return NULL;
}

/* Analyzers that both have, and that both have at one setting; a mask may be closed in one. */
static bool repeats(const struct ixs_spectra *a, const struct ixs_spectra *b,
                    const struct ixs_merge_rules *rules)
{
    size_t both = 0, alike = 0, differ = 0;
    for (size_t i = 0; i < a->nspectra; i++)
        both += find(b, a->spectra[i].analyzer, i) != NULL;
    for (size_t i = 0; i < a->nspectra && 2 * differ < both; i++) {
        const struct ixs_spectrum *other = find(b, a->spectra[i].analyzer, i);
        bool same = other != NULL && ixs_merge_alike(&a->spectra[i], a, other, b, rules, NULL);
        alike += same;
        differ += other != NULL && !same;
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
            if (plan->scans[k].set == k &&
                repeats(&plan->scans[k].setting, &plan->scans[i].setting, &rules))
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
