/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which scans: "12,14-20,1.2,last", and a pattern of their command. 12 is the first scan of that
 * number, 1.2 the second scan 1, a range all scans with a number in it, `last` the last of the
 * file.
 */
#ifndef IXS_CALIB_IMPORT_SCAN_CHOICE_H
#define IXS_CALIB_IMPORT_SCAN_CHOICE_H

#include "base/err.h"

#include <stdint.h>

struct ixs_scan_span {
    int64_t from, to; /* numbers, both included */
    int64_t order;    /* which scan of that number, 0: all */
    bool met;         /* a scan of it was seen */
};

struct ixs_scan_choice { /* owns spans; all-zero chooses all scans */
    struct ixs_scan_span *spans;
    size_t count, capacity;
    bool last;           /* the last scan too */
    const char *command; /* borrowed; NULL: any. What is chosen must have it as well */
    bool command_met;
};

struct ixs_scan_name { /* what of a scan counts; borrowed */
    int64_t scan, order;
    const char *command;
};

/* Fails with IXS_USAGE for text that is no such list. */
IXS_MUST_CHECK bool ixs_scan_choice_parse(struct ixs_scan_choice *out, const char *text,
                                          struct ixs_err *err);
/* Is this scan chosen, not counting `last`? Marks what chose it as met. */
bool ixs_scan_choice_takes(struct ixs_scan_choice *choice, const struct ixs_scan_name *name);
/* Would it be chosen if it were the last? */
bool ixs_scan_choice_takes_last(struct ixs_scan_choice *choice, const struct ixs_scan_name *name);
/* Is it asked for by its very number? */
bool ixs_scan_choice_names(const struct ixs_scan_choice *choice, const struct ixs_scan_name *name);

/* Do the words of `pattern` match those that the command begins with, ignoring case? They may have
 * the wildcards of file names: "*scan herix[ET]". */
bool ixs_scan_command_matches(const char *pattern, const char *command);

/* Fails with IXS_INPUT, naming it, if something chosen was never met. */
IXS_MUST_CHECK bool ixs_scan_choice_check(const struct ixs_scan_choice *choice,
                                          struct ixs_err *err);
void ixs_scan_choice_dispose(struct ixs_scan_choice *choice);

#endif
