/* SPDX-License-Identifier: GPL-3.0-or-later
 * One line of a SPEC file: what kind it is, and how its words are told apart.
 */
#ifndef IXS_CALIB_SPEC_LINE_H
#define IXS_CALIB_SPEC_LINE_H

#include "base/err.h"

enum ixs_spec_kind {
    IXS_SPEC_BLANK,
    IXS_SPEC_CONTROL, /* #KEYn rest */
    IXS_SPEC_MCA,     /* @A ... */
    IXS_SPEC_ROW,     /* anything else: numbers, if all is well */
};

struct ixs_spec_line {
    enum ixs_spec_kind kind;
    const char *text; /* the line, borrowed */
    size_t length;
    const char *key; /* letters behind #, [key_length]: "S", "UMI", "@MCA" */
    size_t key_length;
    long index;       /* number glued to the key ("#P10": 10), -1 if none */
    const char *rest; /* what follows, without blanks before it */
};

struct ixs_spec_line ixs_spec_line(const char *text, size_t length);
bool ixs_spec_is(const struct ixs_spec_line *line, const char *key);

/* The next cell of *text, as ixs_word gives the next word: two or more blanks, or a tab, separate;
 * single blanks belong to the cell ("HRM IC2 Y"). */
const char *ixs_spec_cell(const char **text, size_t *length);

/* ixs_word or ixs_spec_cell. */
struct ixs_spec_split {
    const char *(*next)(const char **text, size_t *length);
};
size_t ixs_spec_count(const char *text, struct ixs_spec_split split);
/* Splits at two blanks, unless that leaves one piece, or only single ones give the number that is
 * wanted. */
struct ixs_spec_split ixs_spec_split_for(const char *text, size_t wanted);

/* Reads up to `most` numbers from the start of `text`; returns how many there were. */
size_t ixs_spec_numbers(const char *text, size_t most, double *values);

/* The next value of a data row: a number, or a word for a missing one (nan, None, inf), which gives
 * NaN. False at the end and for any other word, which *text then stands at. */
bool ixs_spec_value(const char **text, double *value);

/* Copies text[length] into room[size], all bytes as they are (products hold those that are not
 * printable ASCII as \xE9, and give them back). False if it was cut. */
bool ixs_spec_copy(char *room, size_t size, const char *text, size_t length);

/* Does `text` hold `word`, ignoring case? Where, or NULL. */
const char *ixs_spec_find(const char *text, const char *word);

#endif
