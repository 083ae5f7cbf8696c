/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of any table of any product, all columns or chosen ones, as aligned text, CSV or JSON.
 */
#ifndef IXS_VIEW_SHOW_ROWS_H
#define IXS_VIEW_SHOW_ROWS_H

#include "base/product.h"

struct ixs_rows { /* owns its arrays; all-zero is empty */
    struct ixs_layout layout;
    size_t nrows;
    char *rows; /* [nrows][layout.table.row_size] */
    size_t ncolumns;
    const struct ixs_column **columns; /* those to show, in the order to show them */
};

/* Reads a table. `columns` names those to show, "A,B" by name or by recorded label, ignoring case;
 * NULL: all. A table or column that is not there is IXS_USAGE, and the message lists what is. */
IXS_MUST_CHECK bool ixs_rows_read(struct ixs_rows *out, struct ixs_reader *reader,
                                  const char *extname, const char *columns, struct ixs_err *err);
void ixs_rows_dispose(struct ixs_rows *rows);

IXS_MUST_CHECK bool ixs_rows_text(const struct ixs_rows *rows, FILE *out, struct ixs_err *err);

/* A header line `NAME [unit],...`, then the rows; numbers read back the same, NaN is empty. With
 * `file` not NULL, a first column FILE holds it. */
void ixs_rows_csv_header(const struct ixs_rows *rows, bool file, FILE *out);
void ixs_rows_csv(const struct ixs_rows *rows, const char *file, FILE *out);

/* {"columns": [{name, unit, meaning}], "rows": [{NAME: value}]}; NaN is null. */
void ixs_rows_json(const struct ixs_rows *rows, FILE *out);

/* A JSON string with its quotes. */
void ixs_json_string(const char *text, FILE *out);

#endif
