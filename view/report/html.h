/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words on pages: text and addresses that no name can break, items of lists, cells of tables.
 */
#ifndef IXS_VIEW_REPORT_HTML_H
#define IXS_VIEW_REPORT_HTML_H

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>

/* Text as HTML has it: markup guarded, bytes that are not printable left out. */
void ixs_html(FILE *out, const char *text);
/* A link to NAME.html beside this page, at a place of it (NULL: its beginning). */
void ixs_html_link(FILE *out, const char *name, const char *place, const char *text);

/* An item of a list; a cell of a table of a class (NULL: none). Markup is guarded. */
void ixs_html_item(FILE *out, const char *format, ...) IXS_PRINTF(2, 3);
void ixs_html_cell(FILE *out, const char *class, const char *format, ...) IXS_PRINTF(3, 4);
/* Cells with "4.99(2)", with a number of so many digits; "-" where there is none. */
void ixs_html_quantity(FILE *out, double value, double error);
void ixs_html_number(FILE *out, double value, int digits);

/* Begins a table that scrolls by itself, with its headings ("" heads nothing); ends it. */
void ixs_html_table(FILE *out, size_t ncolumns, const char *const *headings);
void ixs_html_table_end(FILE *out);

/* "1 scan", "2 scans": the ending of the word. */
const char *ixs_html_plural(size_t count);

#endif
