/* SPDX-License-Identifier: GPL-3.0-or-later
 * Columns of a SPEC scan.
 */
#include "calib/spec/labels.h"

#include "calib/spec/line.h"

#include "base/array.h"
#include "base/lines.h"

#include <stdio.h>

static const struct ixs_spec_split cells = {ixs_spec_cell}, words = {ixs_word};

struct choice {
    size_t count;
    struct ixs_spec_split split;
};

static struct choice choose(const char *text, long declared, size_t row)
{
    size_t ncells = ixs_spec_count(text, cells), nwords = ixs_spec_count(text, words);
    size_t stated = declared > 0 ? (size_t)declared : 0;
    if (ncells > 0 && (ncells == row || ncells == stated))
        return (struct choice){ncells, cells};
    if (nwords > 0 && (nwords == row || nwords == stated))
        return (struct choice){nwords, words};
    struct ixs_spec_split split = ncells > 1 ? cells : words;
    if (row > 0 && (row == stated || ncells == 0))
        return (struct choice){row, split};
    return (struct choice){ncells > 0 ? ixs_spec_count(text, split) : stated, split};
}

bool ixs_spec_labels(struct ixs_spec_labels *out, const char *text, long declared, size_t row,
                     struct ixs_err *err)
{
    if (text == NULL)
        text = "";
    struct choice choice = choose(text, declared, row);
    if (choice.count > IXS_SPEC_COLUMNS)
        return ixs_fail(err, IXS_INPUT, "found %zu columns, expected at most %d", choice.count,
                        IXS_SPEC_COLUMNS);
    if (!IXS_NEW(out->names, choice.count, err))
        return false;
    out->count = choice.count;
    for (size_t i = 0; i < out->count; i++) {
        size_t length;
        const char *label = choice.split.next(&text, &length);
        out->given += label != NULL;
        if (label == NULL)
            snprintf(out->names[i], IXS_SPEC_LABEL, "Column_%zu", i + 1);
        else if (!ixs_spec_copy(out->names[i], IXS_SPEC_LABEL, label, length))
            out->cut = true;
    }
    return true;
}
