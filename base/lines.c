/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cuts the bytes of a text file into lines, in a buffer that holds a few blocks of them.
 */
#include "base/lines.h"

#include "base/array.h"
#include "base/lines_inside.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 1 << 20 };

struct ixs_lines {
    struct ixs_source *source;
    char *path;
    char *room; /* bytes [start, end) are read and not yet given */
    size_t capacity;
    size_t start, end;
    long number;
    bool whole, finished, allow_nul;
};

bool ixs_lines_open(struct ixs_lines **out, const char *path, struct ixs_err *err)
{
    struct ixs_lines *lines = NULL;
    *out = NULL;
    if (!IXS_NEW(lines, 1, err))
        return false;
    *out = lines;
    lines->path = ixs_text(err, "%s", path);
    return lines->path != NULL && ixs_source_open(&lines->source, path, err);
}

void ixs_lines_allow_nul(struct ixs_lines *lines)
{
    lines->allow_nul = true;
}

static bool read_more(struct ixs_lines *lines, struct ixs_err *err)
{
    size_t got;
    if (lines->start > 0)
        memmove(lines->room, lines->room + lines->start, lines->end - lines->start);
    lines->end -= lines->start;
    lines->start = 0;
    if (lines->end > LONGEST)
        return ixs_fail_at(err, IXS_INPUT, lines->path, lines->number + 1,
                           "found a line of more than %d bytes, expected text", LONGEST);
    if (!ixs_grow(&lines->room, &lines->capacity, lines->end + ixs_source_block(lines->source) + 1,
                  1, err))
        return false;
    if (!ixs_source_read(lines->source, lines->room + lines->end, &got, err))
        return ixs_in_file(err, lines->path, lines->number + 1);
    lines->end += got;
    lines->finished = got == 0;
    return true;
}

/* Reads on until there is a whole line, or the end of the file; *newline is its end or NULL. */
static bool find_line(struct ixs_lines *lines, char **newline, struct ixs_err *err)
{
    size_t looked = 0;
    for (*newline = NULL;;) {
        size_t have = lines->end - lines->start;
        if (have > looked)
            *newline = memchr(lines->room + lines->start + looked, '\n', have - looked);
        if (*newline != NULL || lines->finished)
            return true;
        looked = have;
        if (!read_more(lines, err))
            return false;
    }
}

bool ixs_lines_next(struct ixs_lines *lines, char **line, size_t *length, struct ixs_err *err)
{
    char *newline;
    *line = NULL;
    *length = 0;
    if (!find_line(lines, &newline, err))
        return false;
    if (lines->start == lines->end)
        return true;
    char *start = lines->room + lines->start;
    size_t size = newline ? (size_t)(newline - start) : lines->end - lines->start;
    lines->start += size + (newline != NULL);
    lines->whole = newline != NULL;
    lines->number++;
    if (size > 0 && start[size - 1] == '\r')
        size--;
    start[size] = '\0';
    if (!lines->allow_nul && memchr(start, '\0', size) != NULL)
        return ixs_fail_at(err, IXS_INPUT, lines->path, lines->number,
                           "found a NUL byte, expected text");
    *line = start;
    *length = size;
    return true;
}

bool ixs_lines_whole(const struct ixs_lines *lines)
{
    return lines->whole;
}

long ixs_lines_number(const struct ixs_lines *lines)
{
    return lines->number;
}

double ixs_lines_share(const struct ixs_lines *lines)
{
    return ixs_source_share(lines->source);
}

const char *ixs_lines_path(const struct ixs_lines *lines)
{
    return lines->path;
}

void ixs_lines_close(struct ixs_lines *lines)
{
    if (lines == NULL)
        return;
    ixs_source_close(lines->source);
    free(lines->path);
    free(lines->room);
    free(lines);
}
