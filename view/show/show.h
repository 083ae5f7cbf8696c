/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words: what a product holds, as one screen of text, as rows, as JSON, its ancestry, its check.
 */
#ifndef IXS_VIEW_SHOW_SHOW_H
#define IXS_VIEW_SHOW_SHOW_H

#include "base/product.h"

enum ixs_show_way {
    IXS_SHOW_SUMMARY,
    IXS_SHOW_TEXT,    /* rows of a table, aligned */
    IXS_SHOW_CSV,     /* rows of a table */
    IXS_SHOW_JSON,    /* one table, or all */
    IXS_SHOW_HEADER,  /* cards of all HDUs */
    IXS_SHOW_HISTORY, /* ancestry from PROVENANCE */
    IXS_SHOW_CHECK,   /* OK, or what is wrong */
};

struct ixs_show_choice {
    enum ixs_show_way way;
    const char *table;   /* NULL: the one people want of this kind; for JSON: all */
    const char *columns; /* "A,B"; NULL: all */
    const struct ixs_reading *reading;
};

/* Shows one product of several (`index` of `n`, for headings between them). */
IXS_MUST_CHECK bool ixs_show(FILE *out, const char *path, size_t index, size_t n,
                             const struct ixs_show_choice *choice, struct ixs_err *err);

/* The pieces, one a way. */
IXS_MUST_CHECK bool ixs_show_summary(FILE *out, const char *path, const struct ixs_reading *how,
                                     struct ixs_err *err);
IXS_MUST_CHECK bool ixs_show_history(FILE *out, struct ixs_reader *reader, struct ixs_err *err);

/* All that is wrong with a product, one line each; IXS_INPUT if there is anything. */
IXS_MUST_CHECK bool ixs_show_check(FILE *out, const char *path, const struct ixs_reading *how,
                                   struct ixs_err *err);

/* Words of the summary of each kind, behind its first lines. */
struct ixs_raw;
struct ixs_calib;
struct ixs_spectra;
struct ixs_fit;
struct ixs_dispersion;
IXS_MUST_CHECK bool ixs_show_raw(FILE *out, const struct ixs_raw *raw, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_show_calib(FILE *out, const struct ixs_calib *calib, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_show_spectra(FILE *out, const struct ixs_spectra *spectra,
                                     struct ixs_err *err);
IXS_MUST_CHECK bool ixs_show_fit(FILE *out, const struct ixs_fit *fit, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_show_dispersion(FILE *out, const struct ixs_dispersion *dispersion,
                                        struct ixs_err *err);

/* The temperature series of a DISPERSION, if it has any. */
IXS_MUST_CHECK bool ixs_show_thermal(FILE *out, const struct ixs_dispersion *dispersion,
                                     struct ixs_err *err);

/* "6 good, 3 no-data": n words, each `stride` bytes behind the one before. Nothing for n = 0. */
void ixs_show_counts(FILE *out, size_t n, const char *first, size_t stride);

/* True for a label that beamlines give to analyzers: Ana5, deta7, a03, TD1. */
bool ixs_label_is_analyzer(const char *label);
/* Columns of such labels, without the first column, ordered by their numbers; columns[nlabels] is
 * filled with *count of them. */
void ixs_analyzer_columns(size_t nlabels, const char (*labels)[49], size_t *count, size_t *columns);

#endif
