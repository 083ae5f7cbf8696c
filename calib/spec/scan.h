/* SPDX-License-Identifier: GPL-3.0-or-later
 * One scan of a SPEC file while its lines come in, and what it becomes.
 */
#ifndef IXS_CALIB_SPEC_SCAN_H
#define IXS_CALIB_SPEC_SCAN_H

#include "calib/spec/header.h"
#include "calib/spec/mca.h"
#include "calib/spec/origin.h"
#include "calib/spec/rows.h"

struct ixs_spec_scan { /* owns what is in raw */
    struct ixs_raw raw;
    char digest[65]; /* of what was read: header in force, this scan's lines but comments, origin */
    long line;       /* of its #S; 0: there is no more scan */
    size_t ncut;     /* names and texts of POSITIONS and METADATA that HEADER alone has whole */
};

void ixs_spec_scan_dispose(struct ixs_spec_scan *scan);

struct ixs_spec_build {                   /* owns its arrays */
    const struct ixs_spec_header *header; /* in force, borrowed */
    struct ixs_spec_scan *scan;
    struct ixs_spec_block block;   /* control lines of this scan */
    struct ixs_spec_block waiting; /* comments that are kept if more of the scan follows them */
    struct ixs_spec_rows rows;
    struct ixs_spec_mca mca;
    struct ixs_digest digest;
    struct ixs_spec_origin origin; /* as it was at the first row */
    bool labelled;           /* #L has come: comments are no more those of the scan's header */
    bool aborted, succeeded; /* so a comment says */
    bool moved;              /* a reset behind the first row was noted */
};

/* Begins with the line "#S number command", under a header and at an energy origin. */
IXS_MUST_CHECK bool ixs_spec_build_begin(struct ixs_spec_build *build, struct ixs_spec_scan *scan,
                                         const struct ixs_spec_header *header,
                                         const struct ixs_spec_origin *origin,
                                         const struct ixs_spec_line *line, struct ixs_err *err);

/* Takes a line of the scan, but none of an MCA spectrum. `origin` as it stands, comment on this
 * line included.
 */
IXS_MUST_CHECK bool ixs_spec_build_line(struct ixs_spec_build *build,
                                        const struct ixs_spec_line *line,
                                        const struct ixs_spec_origin *origin,
                                        const struct ixs_spec_place *place, struct ixs_err *err);
/* Takes a line of an MCA spectrum: its first, or one more. */
IXS_MUST_CHECK bool ixs_spec_build_mca(struct ixs_spec_build *build,
                                       const struct ixs_spec_line *line, bool goes_on,
                                       const struct ixs_spec_place *place, struct ixs_err *err);
/* Drops, counts and notes a row for a reason that only the caller can see. */
void ixs_spec_build_drop(struct ixs_spec_build *build, const char *reason,
                         const struct ixs_spec_place *place);

/* Ends the scan. `last`: the file ends here, more may come. */
IXS_MUST_CHECK bool ixs_spec_build_end(struct ixs_spec_build *build, bool last,
                                       const struct ixs_spec_place *place, struct ixs_err *err);
void ixs_spec_build_dispose(struct ixs_spec_build *build);

#endif
