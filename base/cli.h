/* SPDX-License-Identifier: GPL-3.0-or-later
 * One option table per program: parser, help, and what the man page and completion are made of.
 */
#ifndef IXS_BASE_CLI_H
#define IXS_BASE_CLI_H

#include "base/err.h"

#include <stdint.h>
#include <stdio.h>

enum ixs_option_type {
    IXS_OPTION_FLAG, /* bool */
    IXS_OPTION_TEXT, /* const char * (borrowed from argv) */
    IXS_OPTION_REAL, /* double */
    IXS_OPTION_INT,  /* int64_t */
};

struct ixs_option {
    const char *name;     /* without -- ; whole words */
    char letter;          /* or 0 */
    const char *argument; /* "FILE", "N", "MEV"; NULL for a flag */
    enum ixs_option_type type;
    size_t offset;       /* of the member in the options struct */
    const char *meaning; /* one line, with the default */
    double least, most;  /* range of a number; both 0: any */
};

/* Several lots of options, each filling its own struct: those of all programs, those of one. */
struct ixs_options {
    const struct ixs_option *table;
    size_t count;
    void *values;
};

/* Sorts argv into options and inputs; `--` ends options; "-j 2", "-j2", "--jobs 2", "--jobs=2" are
 * the same; abbreviations are refused. inputs[argc] is filled with *ninputs pointers into argv. */
IXS_MUST_CHECK bool ixs_cli_parse(int argc, char **argv, const struct ixs_options *lots,
                                  size_t nlots, const char **inputs, size_t *ninputs,
                                  struct ixs_err *err);

/* The options as one line for PROVENANCE: "--name=value ..." in the order of the table, only those
 * that were given. */
void ixs_cli_line(const struct ixs_options *lot, const void *defaults, size_t size, char *room);

/* The place of `word` among the words that an option takes. */
IXS_MUST_CHECK bool ixs_cli_choose(size_t *place, const char *word, const char *option,
                                   size_t count, const char *const *words, struct ixs_err *err);

/* The part of --help that lists options. */
void ixs_cli_help(FILE *out, const struct ixs_option *table, size_t count);

#endif
