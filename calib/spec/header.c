/* SPDX-License-Identifier: GPL-3.0-or-later
 * The header block of a SPEC file: #F, #E, #D, #C, and the names of motors (#O, #o) and of metadata
 * (#H).
 */
#include "calib/spec/header.h"

#include "base/lines.h"

#include <math.h>
#include <string.h>

bool ixs_spec_begins_header(const struct ixs_spec_line *line)
{
    return line->index < 0 && (ixs_spec_is(line, "F") || ixs_spec_is(line, "E"));
}

void ixs_spec_header_init(struct ixs_spec_header *header)
{
    ixs_spec_block_dispose(&header->block);
    ixs_digest_begin(&header->digest);
    header->title[0] = '\0';
    header->epoch = NAN;
    header->has_lines = header->has_epoch = false;
}

/* #E goes with the #F in front of it; alone, or a second time, it begins a header. */
static bool begins_anew(const struct ixs_spec_header *header, const struct ixs_spec_line *line,
                        bool after_scan)
{
    if (!ixs_spec_begins_header(line) || !header->has_lines)
        return false;
    return after_scan || ixs_spec_is(line, "F") || header->has_epoch;
}

static const char *base_name(const char *path)
{
    const char *end = path;
    for (const char *at = path; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            end = at + 1;
    return end;
}

/* The length of `text` without the blanks at its end. */
static size_t trimmed(const char *text, size_t length)
{
    while (length > 0 && strchr(" \t", text[length - 1]) != NULL)
        length--;
    return length;
}

static void take_origin(struct ixs_spec_header *header, const struct ixs_spec_line *line,
                        bool *other)
{
    char origin[sizeof header->origin];
    ixs_spec_copy(origin, sizeof origin, line->rest, trimmed(line->rest, strlen(line->rest)));
    *other = header->origin[0] != '\0' && strcmp(base_name(origin), base_name(header->origin)) != 0;
    memcpy(header->origin, origin, sizeof origin);
}

/* SPEC writes "#C title  User = name". */
static void take_title(struct ixs_spec_header *header, const char *text)
{
    const char *end = ixs_spec_find(text, " user = ");
    size_t length = end ? (size_t)(end - text) : strlen(text);
    ixs_spec_copy(header->title, sizeof header->title, text, trimmed(text, length));
}

bool ixs_spec_header_add(struct ixs_spec_header *header, const struct ixs_spec_line *line,
                         bool after_scan, bool *other, struct ixs_err *err)
{
    *other = false;
    if (begins_anew(header, line, after_scan))
        ixs_spec_header_init(header);
    if (ixs_spec_is(line, "C")) {
        if (header->title[0] != '\0' || *line->rest == '\0')
            return true;
        take_title(header, line->rest);
        return ixs_spec_block_add(&header->block, line, err);
    }
    header->has_lines = true;
    ixs_digest_text(&header->digest, line->text);
    if (ixs_spec_is(line, "F") && line->index < 0)
        take_origin(header, line, other);
    if (ixs_spec_is(line, "E") && line->index < 0)
        header->has_epoch = ixs_spec_numbers(line->rest, 1, &header->epoch) == 1;
    return ixs_spec_block_add(&header->block, line, err);
}

void ixs_spec_header_dispose(struct ixs_spec_header *header)
{
    ixs_spec_block_dispose(&header->block);
}
