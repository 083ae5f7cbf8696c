/* SPDX-License-Identifier: GPL-3.0-or-later
 * How often each scan number came: scan 1 may be there twice, and is then addressed 1 and 1.2.
 */
#ifndef IXS_CALIB_SPEC_TALLY_H
#define IXS_CALIB_SPEC_TALLY_H

#include "base/err.h"

#include <stdint.h>

struct ixs_spec_seen { /* times 0: a free place */
    int64_t number, times;
};

struct ixs_spec_tally { /* owns seen, a hash table of a power of two; all-zero is empty */
    struct ixs_spec_seen *seen;
    size_t size, used;
};

/* Counts this number; *order becomes 1 the first time, 2 the second. */
IXS_MUST_CHECK bool ixs_spec_tally(struct ixs_spec_tally *tally, int64_t number, int64_t *order,
                                   struct ixs_err *err);
void ixs_spec_tally_dispose(struct ixs_spec_tally *tally);

#endif
