/* SPDX-License-Identifier: GPL-3.0-or-later
 * Notes of a run, kept in order until the stage prints them.
 */
#include "base/notes.h"

#include "base/array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 10000 };

void ixs_note(struct ixs_notes *notes, const char *path, long line, const char *format, ...)
{
    struct ixs_err err = IXS_ERR_NONE;
    char text[1024], place[32] = "";
    if (notes == NULL)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (line > 0)
        snprintf(place, sizeof place, ":%ld", line);
    if (notes->count >= MOST || !IXS_MORE(notes->lines, &notes->capacity, notes->count, &err)) {
        notes->uncounted++;
        return;
    }
    char *whole = path ? ixs_text(&err, "%s%s: warning: %s", path, place, text)
                       : ixs_text(&err, "warning: %s", text);
    if (whole == NULL)
        notes->uncounted++;
    else
        notes->lines[notes->count++] = whole;
}

size_t ixs_notes_told(const struct ixs_notes *notes)
{
    return notes != NULL ? notes->count + notes->uncounted : 0;
}

void ixs_notes_cut(struct ixs_notes *notes, size_t told)
{
    if (notes == NULL)
        return;
    notes->uncounted = told > notes->count ? told - notes->count : 0;
    while (notes->count > told)
        free(notes->lines[--notes->count]);
}

void ixs_notes_dispose(struct ixs_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->lines[i]);
    free(notes->lines);
    *notes = (struct ixs_notes){0};
}
