/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a product came to be: the steps that led to it, each with its program, version, options and
 * inputs, and the configuration that was really used. Digests cover what a step read and no more.
 */
#ifndef IXS_BASE_PROVENANCE_H
#define IXS_BASE_PROVENANCE_H

#include "base/table.h"

struct ixs_ancestor { /* one row of PROVENANCE: one input of one step */
    char step[17];    /* first 16 hexadecimal digits of the step's digest: names the step */
    char program[25]; /* ixs-fit */
    char version[17];
    char options[241]; /* as given, sorted as in the option table, without paths and -j */
    char role[17];     /* input, calibration, config ... */
    char name[121];    /* base name of what was read */
    char digest[65];   /* SHA-256 of the part that was read, hexadecimal */
    char maker[17];    /* step that made this input, "" for a file from outside */
    char remark[81];   /* "" or what should be known, such as a changed checksum accepted */
};

struct ixs_config_line { /* one row of CONFIG: the effective XML, only elements that were used */
    char file[121];      /* base name */
    char text[241];      /* one line of XML; a longer one goes on in the next row, behind a \ */
    char digest[17];     /* first 16 digits of the digest this file has in PROVENANCE */
};

extern const struct ixs_table ixs_table_provenance, ixs_table_config;

struct ixs_known { /* a step or a configuration that is there already */
    uint64_t key;  /* 0: free place */
    size_t merge;  /* the merge that brought it */
};

struct ixs_provenance { /* owns its arrays; all-zero is empty */
    struct ixs_ancestor *ancestors;
    size_t nancestors, ancestors_capacity;
    struct ixs_ancestor *inputs; /* of the present step; `step` still empty */
    size_t ninputs, inputs_capacity;
    struct ixs_config_line *lines; /* of the present step */
    size_t nlines, lines_capacity;
    struct ixs_config_line *old_lines; /* of the ancestors */
    size_t nold_lines, old_lines_capacity;
    struct ixs_known *known; /* hash table */
    size_t nknown, known_capacity, nmerges;
    char **paths; /* all files read, as they were named, each once: not in any product */
    size_t npaths, paths_capacity;
    char program[25], version[17], options[241];
};

/* Adds an input of the present step; one with the same role, name and digest is kept once. */
IXS_MUST_CHECK bool ixs_provenance_input(struct ixs_provenance *provenance, const char *role,
                                         const char *name, const char *digest, const char *maker,
                                         const char *remark, struct ixs_err *err);
/* Notes a file that was read. */
IXS_MUST_CHECK bool ixs_provenance_path(struct ixs_provenance *provenance, const char *path,
                                        struct ixs_err *err);
/* Adds a line of the effective configuration. */
IXS_MUST_CHECK bool ixs_provenance_line(struct ixs_provenance *provenance, const char *file,
                                        const char *text, struct ixs_err *err);
/* Adds the ancestors of an input, each once. */
IXS_MUST_CHECK bool ixs_provenance_merge(struct ixs_provenance *provenance,
                                         const struct ixs_ancestor *rows, size_t nrows,
                                         struct ixs_err *err);
/* Adds the configuration of an input, each file of one content once. */
IXS_MUST_CHECK bool ixs_provenance_merge_lines(struct ixs_provenance *provenance,
                                               const struct ixs_config_line *lines, size_t nlines,
                                               struct ixs_err *err);
/* All rows for the PROVENANCE table: ancestors, then this step under its digest, which is over
 * program, version, options and the role, name and digest of each input in order. A step without
 * inputs has one row. Caller frees. */
IXS_MUST_CHECK bool ixs_provenance_rows(const struct ixs_provenance *provenance, size_t *nrows,
                                        struct ixs_ancestor **rows, struct ixs_err *err);
/* All rows for the CONFIG table: of the ancestors, then of this step. Caller frees. */
IXS_MUST_CHECK bool ixs_provenance_lines(const struct ixs_provenance *provenance, size_t *nlines,
                                         struct ixs_config_line **lines, struct ixs_err *err);
void ixs_provenance_dispose(struct ixs_provenance *provenance);

#endif
