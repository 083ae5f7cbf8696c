/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of scan numbers, patterns of commands.
 */
#include "calib/import/scan_choice.h"

#include "base/array.h"
#include "base/lines.h"

#include <ctype.h>
#include <fnmatch.h>
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

static bool is_last(const char **text)
{
    if (strncmp(*text, "last", 4) != 0)
        return false;
    *text += 4;
    return true;
}

bool ixs_scan_choice_parse(struct ixs_scan_choice *out, const char *text, struct ixs_err *err)
{
    const char *at = text;
    for (;;) {
        bool last = is_last(&at);
        if (!IXS_MORE(out->spans, &out->capacity, out->count, err))
            return false;
        if ((!last && !read_span(&at, &out->spans[out->count])) || (*at != ',' && *at != '\0'))
            return ixs_fail(
                err, IXS_USAGE,
                "found scans '%s', expected numbers and ranges such as 12,14-20,1.2,last", text);
        out->count += !last;
        out->last = out->last || last;
        if (*at++ == '\0')
            return true;
    }
}

/* ---- commands -------------------------------------------------------------------------------- */

enum { WORD = 160 };

/* The next word in small letters; false at the end. */
static bool next_word(const char **text, char word[WORD])
{
    size_t length;
    const char *start = ixs_word(text, &length);
    if (start == NULL)
        return false;
    if (length >= WORD)
        length = WORD - 1;
    for (size_t i = 0; i < length; i++)
        word[i] = (char)tolower((unsigned char)start[i]);
    word[length] = '\0';
    return true;
}

bool ixs_scan_command_matches(const char *pattern, const char *command)
{
    char wanted[WORD], found[WORD];
    while (next_word(&pattern, wanted))
        if (!next_word(&command, found) || fnmatch(wanted, found, 0) != 0)
            return false;
    return true;
}

static bool has_command(struct ixs_scan_choice *choice, const char *command)
{
    if (choice->command == NULL)
        return true;
    bool matches = ixs_scan_command_matches(choice->command, command);
    choice->command_met = choice->command_met || matches;
    return matches;
}

/* ---- choice ---------------------------------------------------------------------------------- */

static bool is_in(const struct ixs_scan_span *span, const struct ixs_scan_name *name)
{
    return name->scan >= span->from && name->scan <= span->to &&
           (span->order == 0 || name->order == span->order);
}

bool ixs_scan_choice_takes(struct ixs_scan_choice *choice, const struct ixs_scan_name *name)
{
    bool takes = choice->count == 0 && !choice->last;
    if (!has_command(choice, name->command))
        return false;
    for (size_t i = 0; i < choice->count; i++)
        if (is_in(&choice->spans[i], name))
            takes = choice->spans[i].met = true;
    return takes;
}

bool ixs_scan_choice_takes_last(struct ixs_scan_choice *choice, const struct ixs_scan_name *name)
{
    return choice->last && has_command(choice, name->command);
}

bool ixs_scan_choice_names(const struct ixs_scan_choice *choice, const struct ixs_scan_name *name)
{
    for (size_t i = 0; i < choice->count; i++)
        if (is_in(&choice->spans[i], name) && choice->spans[i].order != 0)
            return true;
    return false;
}

bool ixs_scan_choice_check(const struct ixs_scan_choice *choice, struct ixs_err *err)
{
    if (choice->command != NULL && !choice->command_met)
        return ixs_fail(err, IXS_INPUT, "found no scan whose command begins '%s'", choice->command);
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
