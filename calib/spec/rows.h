/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows of one SPEC scan while they come in: values, and what is missing or had to be dropped.
 */
#ifndef IXS_CALIB_SPEC_ROWS_H
#define IXS_CALIB_SPEC_ROWS_H

#include "calib/spec/labels.h"

#include "base/notes.h"

#include <stdint.h>

struct ixs_spec_place { /* where in which file, for notes */
    const char *path;
    long line;
    struct ixs_notes *notes; /* NULL: nobody listens */
};

struct ixs_spec_rows { /* owns its arrays; all-zero, but `declared` -1, is empty */
    char *label_text;  /* what stands behind #L, or NULL */
    long label_line;
    long declared;    /* #N, -1 if none */
    long wrapped;     /* second number of #N: values a line, where rows go over several lines */
    int64_t expected; /* rows that the command asks for, or less than 1: unknown */
    struct ixs_spec_labels labels;
    bool settled;   /* labels are made, columns are known */
    bool loose;     /* a whole row had more than one blank between values, or any around them */
    double *values; /* [npoints][labels.count], then the nrow values of the row in hand */
    size_t capacity;
    size_t npoints, nmissing, ndropped;
    long missing_line; /* of the first missing value */
    size_t nrow;
    size_t row_missing; /* missing ones among them */
    size_t row_blanks;  /* blanks and tabs of the line in hand */
};

/* Takes what stands behind #L; only the last before the first row counts. */
IXS_MUST_CHECK bool ixs_spec_rows_label(struct ixs_spec_rows *rows, const char *text,
                                        const struct ixs_spec_place *place, struct ixs_err *err);
void ixs_spec_rows_declare(struct ixs_spec_rows *rows, const char *text); /* behind #N */

/* Takes a line of values. A row that is not whole is dropped, counted and noted. One that is short
 * by as many values as it has empty cells (two separators in succession, where the rows before have
 * one) is whole: these are missing. */
IXS_MUST_CHECK bool ixs_spec_rows_add(struct ixs_spec_rows *rows, const char *text,
                                      const struct ixs_spec_place *place, struct ixs_err *err);
/* Drops, counts and notes a row for a reason that only the caller can see. */
void ixs_spec_rows_drop(struct ixs_spec_rows *rows, const char *reason,
                        const struct ixs_spec_place *place);

/* No more rows come: what is left over is dropped, columns without rows get their labels. */
IXS_MUST_CHECK bool ixs_spec_rows_end(struct ixs_spec_rows *rows,
                                      const struct ixs_spec_place *place, struct ixs_err *err);
void ixs_spec_rows_dispose(struct ixs_spec_rows *rows);

#endif
