/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is no text.
 */
#include "calib/spec/text.h"

#include "base/array.h"

#include <stdio.h>
#include <string.h>

/* Kinds of file by their first bytes. */
static const struct {
    const char *bytes;
    const char *name;
} other_kinds[] = {
    {"SIMPLE  =", "a FITS file"},
    {"\x89HDF\r\n", "an HDF5 (NeXus) file"},
    {"<?xml", "an XML file"},
    {"\xff\xfe", "a text of 16-bit characters"},
    {"\xfe\xff", "a text of 16-bit characters"},
};

bool ixs_spec_check_kind(const char *path, struct ixs_err *err)
{
    char start[16] = "";
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return true; /* opening the lines says why */
    size_t got = fread(start, 1, sizeof start - 1, file);
    fclose(file);
    for (size_t i = 0; i < IXS_COUNT(other_kinds); i++) {
        size_t length = strlen(other_kinds[i].bytes);
        if (got >= length && memcmp(start, other_kinds[i].bytes, length) == 0)
            return ixs_fail_at(err, IXS_INPUT, path, 0, "found %s, expected a SPEC file",
                               other_kinds[i].name);
    }
    return true;
}

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* Blanks for NUL bytes; how many there were. */
static size_t fill_holes(char *text, size_t length)
{
    size_t holes = 0;
    for (char *at = text; (at = memchr(at, '\0', length - (size_t)(at - text))) != NULL; holes++)
        *at = ' ';
    return holes;
}

char *ixs_spec_clean(char *text, size_t *length, bool *holes, const struct ixs_spec_place *place)
{
    size_t front = 0;
    *holes = false;
    if (place->line == 1 && strncmp(text, byte_order_mark, 3) == 0)
        text += 3, *length -= 3;
    if (memchr(text, '\0', *length) == NULL)
        return text;
    while (front < *length && text[front] == '\0')
        front++;
    size_t inside = fill_holes(text + front, *length - front);
    *holes = inside > 0;
    ixs_note(place->notes, place->path, place->line,
             "found %zu NUL bytes in front of this line, passed over, and %zu in it", front,
             inside);
    *length -= front;
    return text + front;
}
