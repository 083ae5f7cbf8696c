/* SPDX-License-Identifier: GPL-3.0-or-later
 * The file header in force. A SPEC file may have several, anywhere: the last one before a scan
 * counts.
 */
#ifndef IXS_CALIB_SPEC_HEADER_H
#define IXS_CALIB_SPEC_HEADER_H

#include "calib/spec/block.h"

#include "base/digest.h"

struct ixs_spec_header {         /* owns what is in block */
    struct ixs_spec_block block; /* without comments, but for the first */
    struct ixs_digest digest;    /* of all lines but comments */
    char origin[161];            /* #F, or that of the header before if it has none */
    char title[65];              /* first #C, without the user's name */
    double epoch;                /* #E; NaN if none */
    bool has_lines, has_epoch;
};

/* True for the lines that begin a file header, also in the middle of a file: #F and #E. */
bool ixs_spec_begins_header(const struct ixs_spec_line *line);

void ixs_spec_header_init(struct ixs_spec_header *header);

/* Takes a control line that stands outside of all scans. `after_scan`: it is the first one behind a
 * scan, so that a new header begins with it. *other is set if #F names another file than before. */
IXS_MUST_CHECK bool ixs_spec_header_add(struct ixs_spec_header *header,
                                        const struct ixs_spec_line *line, bool after_scan,
                                        bool *other, struct ixs_err *err);
void ixs_spec_header_dispose(struct ixs_spec_header *header);

#endif
