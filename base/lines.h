/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines of text from a plain or a gzip file, and strict reading of numbers.
 */
#ifndef IXS_BASE_LINES_H
#define IXS_BASE_LINES_H

#include "base/err.h"

struct ixs_lines; /* an open text file */

/* Opens a regular file, plain or gzip (told by its first bytes, whatever the name). Fails with
 * IXS_INPUT for a folder, an empty file, or one that cannot be read. A gzip file is unpacked by
 * a thread of its own. */
IXS_MUST_CHECK bool ixs_lines_open(struct ixs_lines **out, const char *path, struct ixs_err *err);

/* A NUL inside a line is IXS_INPUT, unless this was called: then lines come as they are. */
void ixs_lines_allow_nul(struct ixs_lines *lines);

/* The next line without its end (LF or CR LF), NUL-terminated, valid until the next call; *length
 * counts its bytes. A line over 1 MiB is IXS_INPUT. At the end of the file *line is NULL.
 * `ixs_lines_whole` tells if the line just given ended with a newline. */
IXS_MUST_CHECK bool ixs_lines_next(struct ixs_lines *lines, char **line, size_t *length,
                                   struct ixs_err *err);
bool ixs_lines_whole(const struct ixs_lines *lines);
long ixs_lines_number(const struct ixs_lines *lines);  /* of the line just given, from 1 */
double ixs_lines_share(const struct ixs_lines *lines); /* how much of the file is read, 0 .. 1 */
const char *ixs_lines_path(const struct ixs_lines *lines);
void ixs_lines_close(struct ixs_lines *lines); /* accepts NULL */

/* The whole of `text` (blanks around it allowed) as a number, '.' the decimal point whatever the
 * locale. False and *value untouched for anything else; "nan" and "inf" are not numbers here. */
bool ixs_number(const char *text, double *value);
bool ixs_integer(const char *text, long *value);

/* The next word of *text (blanks and tabs separate): its start is returned, *length its bytes,
 * *text moves behind it. NULL at the end. Changes nothing. */
const char *ixs_word(const char **text, size_t *length);

/* Reads a number at the start of *text, which moves behind it; a word that is not a number is left.
 */
bool ixs_number_next(const char **text, double *value);

/* Reads up to `most` numbers; *text moves behind them and the blanks that follow, to its end or to
 * what is no number. *blanks counts the blanks and tabs that were passed over. */
size_t ixs_numbers(const char **text, size_t most, double *values, size_t *blanks);

#endif
