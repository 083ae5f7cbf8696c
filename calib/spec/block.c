/* SPDX-License-Identifier: GPL-3.0-or-later
 * Control lines of a SPEC file header or scan, in file order.
 */
#include "calib/spec/block.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LINES = 1 << 16, MOST_LISTS = 4096 };

/* How many bytes of text[length] go into a row of `room` bytes: not so that it ends in blanks,
 * which FITS does not keep. */
static size_t piece(const char *text, size_t length, size_t room)
{
    if (length <= room)
        return length;
    size_t size = room;
    while (size > 1 && text[size - 1] == ' ')
        size--;
    return size > 1 ? size : room;
}

static bool add_row(struct ixs_spec_block *block, bool goes_on, const char *text, size_t length,
                    struct ixs_err *err)
{
    if (block->nlines >= MOST_LINES)
        return ixs_fail(err, IXS_INPUT, "found more than %d control lines in one header",
                        MOST_LINES);
    if (!IXS_MORE(block->lines, &block->lines_capacity, block->nlines, err))
        return false;
    char *room = block->lines[block->nlines++].text;
    if (goes_on)
        *room++ = '\\';
    memcpy(room, text, length);
    room[length] = '\0';
    return true;
}

static bool add_lines(struct ixs_spec_block *block, const char *text, struct ixs_err *err)
{
    const size_t room = sizeof block->lines->text - 2;
    size_t length = strlen(text);
    bool ok = true, goes_on = false;
    do {
        size_t size = piece(text, length, room);
        ok = add_row(block, goes_on, text, size, err);
        text += size;
        length -= size;
        goes_on = true;
    } while (ok && length > 0);
    return ok;
}

static bool add_list(struct ixs_spec_block *block, const struct ixs_spec_line *line,
                     struct ixs_err *err)
{
    if (block->nlists >= MOST_LISTS)
        return ixs_fail(err, IXS_INPUT, "found more than %d numbered lists in one header",
                        MOST_LISTS);
    if (!IXS_MORE(block->lists, &block->lists_capacity, block->nlists, err))
        return false;
    struct ixs_spec_list *list = &block->lists[block->nlists];
    list->key = line->key[0];
    list->index = line->index;
    list->text = ixs_text(err, "%s", line->rest);
    block->nlists += list->text != NULL;
    return list->text != NULL;
}

static bool is_list(const struct ixs_spec_line *line)
{
    return ixs_spec_is(line, "MD") ||
           (line->key_length == 1 && line->index >= 0 && strchr("OoPHVG", line->key[0]) != NULL);
}

bool ixs_spec_block_add(struct ixs_spec_block *block, const struct ixs_spec_line *line,
                        struct ixs_err *err)
{
    char *plain = NULL;
    const size_t size = line->length + 1;
    bool ok = IXS_NEW(plain, size, err);
    if (ok) {
        ixs_spec_copy(plain, size, line->text, line->length);
        ok = add_lines(block, plain, err);
    }
    free(plain);
    if (ok && is_list(line))
        ok = add_list(block, line, err);
    return ok;
}

bool ixs_spec_block_join(struct ixs_spec_block *block, struct ixs_spec_block *from,
                         struct ixs_err *err)
{
    if (from->nlines == 0)
        return true;
    if (block->nlines + from->nlines > MOST_LINES)
        return ixs_fail(err, IXS_INPUT, "found more than %d control lines in one header",
                        MOST_LINES);
    if (!ixs_grow(&block->lines, &block->lines_capacity, block->nlines + from->nlines,
                  sizeof *block->lines, err))
        return false;
    memcpy(block->lines + block->nlines, from->lines, from->nlines * sizeof *from->lines);
    block->nlines += from->nlines;
    ixs_spec_block_dispose(from);
    return true;
}

const char *ixs_spec_block_find(const struct ixs_spec_block *block, char key, long index)
{
    for (size_t i = 0; i < block->nlists; i++)
        if (block->lists[i].key == key && block->lists[i].index == index)
            return block->lists[i].text;
    return NULL;
}

bool ixs_spec_block_has(const struct ixs_spec_block *block, char key)
{
    for (size_t i = 0; i < block->nlists; i++)
        if (block->lists[i].key == key)
            return true;
    return false;
}

void ixs_spec_block_dispose(struct ixs_spec_block *block)
{
    for (size_t i = 0; i < block->nlists; i++)
        free(block->lists[i].text);
    free(block->lists);
    free(block->lines);
    *block = (struct ixs_spec_block){0};
}
