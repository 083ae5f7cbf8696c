/* SPDX-License-Identifier: GPL-3.0-or-later
 * A table of words in aligned columns, for the terminal. All-zero is empty.
 */
#ifndef IXS_VIEW_SHOW_SHEET_H
#define IXS_VIEW_SHOW_SHEET_H

#include "base/err.h"

#include <stdio.h>

struct ixs_sheet_column {
    const char *heading; /* borrowed */
    const char *unit;    /* second line of the heading, "" if none; borrowed */
    bool left;           /* words stand left, numbers right */
};

struct ixs_sheet { /* owns its cells; a cell that found no memory fails the printing */
    size_t ncolumns;
    const struct ixs_sheet_column *columns;
    char **cells; /* row by row */
    size_t ncells, capacity;
    size_t most; /* rows to print, 0: all; the others are counted in a last line */
    struct ixs_err trouble;
};

/* Adds the next cell; a full row begins the next one. */
void ixs_sheet_cell(struct ixs_sheet *sheet, const char *format, ...) IXS_PRINTF(2, 3);
/* Adds "4.99(2)"; adds a number of at most five digits. */
void ixs_sheet_quantity(struct ixs_sheet *sheet, double value, double error);
void ixs_sheet_number(struct ixs_sheet *sheet, double value);

/* Prints headings, units (if a column has one) and rows, each line behind `indent` blanks. */
IXS_MUST_CHECK bool ixs_sheet_print(const struct ixs_sheet *sheet, int indent, FILE *out,
                                    struct ixs_err *err);
void ixs_sheet_dispose(struct ixs_sheet *sheet);

#endif
