/* SPDX-License-Identifier: GPL-3.0-or-later
 * A declared layout of rows: the one description from which the FITS reader and writer, the
 * checker, the text views and docs/products.md follow. A row is a plain struct; a column says where
 * its member lies. The same declaration describes one struct kept as header keywords.
 */
#ifndef IXS_BASE_TABLE_H
#define IXS_BASE_TABLE_H

#include "base/err.h"

#include <stdint.h>

enum ixs_type {
    IXS_REAL, /* member: double; FITS D; missing: NaN */
    IXS_INT,  /* member: int64_t; FITS K */
    IXS_TEXT, /* member: char[width + 1], NUL-terminated, any bytes; FITS <width>A, wider if needed:
               * FITS has printable ASCII only, so any other byte is written as \xHH (as is a
               * backslash that would read so) and comes back as it was */
};

struct ixs_column {
    const char *name;    /* FITS name (for a keyword at most 8 characters) */
    const char *unit;    /* FITS-standard unit, "" if none */
    const char *meaning; /* one line: TCOMMn, docs, ixs-show */
    enum ixs_type type;
    int since;     /* the PRODVERS that brought it; a file of an earlier one may lack it */
    size_t offset; /* of the member in the row */
    size_t width;  /* bytes of text */
};

#define IXS_COLUMN_REAL(row, member, name, unit, meaning)                                          \
    IXS_LATER_REAL(1, row, member, name, unit, meaning)
#define IXS_COLUMN_INT(row, member, name, unit, meaning)                                           \
    IXS_LATER_INT(1, row, member, name, unit, meaning)
#define IXS_COLUMN_TEXT(row, member, name, meaning) IXS_LATER_TEXT(1, row, member, name, meaning)

/* Columns that a later PRODVERS brought. */
#define IXS_LATER_REAL(since, row, member, name, unit, meaning)                                    \
    {                                                                                              \
        name, unit, meaning, IXS_REAL, since, offsetof(struct row, member), 0                      \
    }
#define IXS_LATER_INT(since, row, member, name, unit, meaning)                                     \
    {                                                                                              \
        name, unit, meaning, IXS_INT, since, offsetof(struct row, member), 0                       \
    }
#define IXS_LATER_TEXT(since, row, member, name, meaning)                                          \
    {                                                                                              \
        name, "", meaning, IXS_TEXT, since, offsetof(struct row, member),                          \
            sizeof(((struct row *)0)->member) - 1                                                  \
    }

/* A table that a product has: const, declared once in products/. */
struct ixs_table {
    const char *name;    /* EXTNAME */
    const char *meaning; /* one line */
    size_t row_size;     /* sizeof the row struct */
    const struct ixs_column *columns;
    size_t ncolumns;
};

#define IXS_TABLE(variable, extname, meaning, row, columns)                                        \
    const struct ixs_table variable = {extname, meaning, sizeof(struct row), columns,              \
                                       sizeof(columns) / sizeof((columns)[0])}

/* Text of one cell as the products print it: numbers so that they read back the same. */
void ixs_cell_print(const struct ixs_column *column, const void *row, size_t size, char *room);

/* The column of that name, ignoring case, or NULL. */
const struct ixs_column *ixs_table_find(const struct ixs_table *table, const char *name);

#endif
