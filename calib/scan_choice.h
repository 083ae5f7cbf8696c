/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which scans: "12,14-20,1.2". 12 is the first scan of that number, 1.2 the second scan 1, a range
 * all scans with a number in it.
 */
#ifndef IXS_CALIB_SCAN_CHOICE_H
#define IXS_CALIB_SCAN_CHOICE_H

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
};

/* Fails with IXS_USAGE for text that is no such list. */
IXS_MUST_CHECK bool ixs_scan_choice_parse(struct ixs_scan_choice *out, const char *text,
                                          struct ixs_err *err);
/* Is this scan chosen? Marks what chose it as met. */
bool ixs_scan_choice_takes(struct ixs_scan_choice *choice, int64_t scan, int64_t order);

/* Fails with IXS_INPUT, naming it, if something chosen was never met. */
IXS_MUST_CHECK bool ixs_scan_choice_check(const struct ixs_scan_choice *choice,
                                          struct ixs_err *err);
void ixs_scan_choice_dispose(struct ixs_scan_choice *choice);

#endif
