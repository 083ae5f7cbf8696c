/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of scan numbers.
 */
#include "calib/scan_choice.h"

#include "base/array.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool read_number(const char **text, int64_t *number)
{
    int64_t value = 0;
    const char *start = *text;
    for (; isdigit((unsigned char)**text) && *text - start < 18; (*text)++)
        value = 10 * value + (**text - '0');
    *number = value;
    return *text > start && !isdigit((unsigned char)**text);
}

/* "12", "1.2" or "14-20", up to a comma or the end. */
static bool read_span(const char **text, struct ixs_scan_span *span)
{
    *span = (struct ixs_scan_span){.order = 1};
    if (!read_number(text, &span->from))
        return false;
    span->to = span->from;
    if (**text == '.') {
        (*text)++;
        return read_number(text, &span->order) && span->order > 0;
    }
    if (**text == '-') {
        (*text)++;
        span->order = 0;
        return read_number(text, &span->to) && span->to >= span->from;
    }
    return true;
}

bool ixs_scan_choice_parse(struct ixs_scan_choice *out, const char *text, struct ixs_err *err)
{
    const char *at = text;
    for (;;) {
        if (!IXS_MORE(out->spans, &out->capacity, out->count, err))
            return false;
        if (!read_span(&at, &out->spans[out->count]) || (*at != ',' && *at != '\0'))
            return ixs_fail(err, IXS_USAGE,
                            "found scans '%s', expected numbers and ranges such as 12,14-20,1.2",
                            text);
        out->count++;
        if (*at++ == '\0')
            return true;
    }
}

bool ixs_scan_choice_takes(struct ixs_scan_choice *choice, int64_t scan, int64_t order)
{
    bool takes = choice->count == 0;
    for (size_t i = 0; i < choice->count; i++) {
        struct ixs_scan_span *span = &choice->spans[i];
        if (scan < span->from || scan > span->to || (span->order != 0 && order != span->order))
            continue;
        takes = span->met = true;
    }
    return takes;
}

bool ixs_scan_choice_check(const struct ixs_scan_choice *choice, struct ixs_err *err)
{
    for (size_t i = 0; i < choice->count; i++) {
        const struct ixs_scan_span *span = &choice->spans[i];
        if (span->met)
            continue;
        if (span->order == 0)
            return ixs_fail(err, IXS_INPUT, "found no scan from %" PRId64 " to %" PRId64,
                            span->from, span->to);
        if (span->order > 1)
            return ixs_fail(err, IXS_INPUT, "found no scan %" PRId64 ".%" PRId64, span->from,
                            span->order);
        return ixs_fail(err, IXS_INPUT, "found no scan %" PRId64, span->from);
    }
    return true;
}

void ixs_scan_choice_dispose(struct ixs_scan_choice *choice)
{
    free(choice->spans);
    *choice = (struct ixs_scan_choice){0};
}
