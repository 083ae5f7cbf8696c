/* SPDX-License-Identifier: GPL-3.0-or-later
 * Notes: what a run has to tell without failing (a dropped row, a masked analyzer). Libraries add
 * them, only reduce/stage.c prints them. All-zero is empty.
 */
#ifndef IXS_BASE_NOTES_H
#define IXS_BASE_NOTES_H

#include "base/err.h"

struct ixs_notes {
    char **lines; /* "FILE:LINE: warning: text", owned */
    size_t count; /* lines kept */
    size_t capacity;
    size_t uncounted; /* notes that found no memory, or came after the first ten thousand */
};

/* Adds a note about a file (NULL: about none) and line (0: none). Never fails: see `uncounted`. */
void ixs_note(struct ixs_notes *notes, const char *path, long line, const char *format, ...)
    IXS_PRINTF(4, 5);

/* How many there were until now; and back to so many, the later ones forgotten. NULL: none. */
size_t ixs_notes_told(const struct ixs_notes *notes);
void ixs_notes_cut(struct ixs_notes *notes, size_t told);

void ixs_notes_dispose(struct ixs_notes *notes);

#endif
