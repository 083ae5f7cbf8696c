/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names and values that stand on different lines of a SPEC file, brought together: motors (#O, #o
 * and #P) and metadata (#H and #V; #MD).
 */
#ifndef IXS_CALIB_SPEC_MOTORS_H
#define IXS_CALIB_SPEC_MOTORS_H

#include "calib/spec/block.h"
#include "calib/spec/rows.h"

/* All motors of a scan, in the order of its #P lines. Names come from the scan itself where it has
 * any, else from the file header. A name without a value gets NaN, a value without a name is called
 * after its line: P3_8 is the eighth of #P3. A line with fewer or more values than names is noted.
 * *ncut counts the names and texts that were too long for their column and are cut there. */
IXS_MUST_CHECK bool ixs_spec_motors(struct ixs_raw *out, const struct ixs_spec_block *scan,
                                    const struct ixs_spec_block *header,
                                    const struct ixs_spec_place *place, size_t *ncut,
                                    struct ixs_err *err);

/* All #H names with their #V values, likewise, and the pairs of "#MD key = value". */
IXS_MUST_CHECK bool ixs_spec_metadata(struct ixs_raw *out, const struct ixs_spec_block *scan,
                                      const struct ixs_spec_block *header,
                                      const struct ixs_spec_place *place, size_t *ncut,
                                      struct ixs_err *err);

#endif
