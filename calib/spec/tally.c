/* SPDX-License-Identifier: GPL-3.0-or-later
 * Scan numbers counted in a hash table with open addresses: files with a million scans, in any
 * order, cost no more than others.
 */
#include "calib/spec/tally.h"

#include "base/array.h"

#include <stdlib.h>

/* The place of a number, or the free place where it belongs. Multiplier: 2^64 / golden ratio
 * (Knuth, The Art of Computer Programming 3, 6.4). */
static struct ixs_spec_seen *place_of(const struct ixs_spec_tally *tally, int64_t number)
{
    size_t at = (size_t)(((uint64_t)number * 0x9E3779B97F4A7C15u) >> 32);
    for (;; at++) {
        struct ixs_spec_seen *seen = &tally->seen[at & (tally->size - 1)];
        if (seen->times == 0 || seen->number == number)
            return seen;
    }
}

static bool widen(struct ixs_spec_tally *tally, struct ixs_err *err)
{
    struct ixs_spec_tally wider = {.size = tally->size ? 2 * tally->size : 64, .used = tally->used};
    if (!IXS_NEW(wider.seen, wider.size, err))
        return false;
    for (size_t i = 0; i < tally->size; i++)
        if (tally->seen[i].times > 0)
            *place_of(&wider, tally->seen[i].number) = tally->seen[i];
    free(tally->seen);
    *tally = wider;
    return true;
}

bool ixs_spec_tally(struct ixs_spec_tally *tally, int64_t number, int64_t *order,
                    struct ixs_err *err)
{
    if (2 * tally->used >= tally->size && !widen(tally, err))
        return false;
    struct ixs_spec_seen *seen = place_of(tally, number);
    tally->used += seen->times == 0;
    seen->number = number;
    *order = ++seen->times;
    return true;
}

void ixs_spec_tally_dispose(struct ixs_spec_tally *tally)
{
    free(tally->seen);
    *tally = (struct ixs_spec_tally){0};
}
