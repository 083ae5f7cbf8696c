/* SPDX-License-Identifier: GPL-3.0-or-later
 * The MCA spectra of a SPEC scan while they come in ("@A 0 3 5\", going on behind backslashes):
 * counted, and kept where that was asked for. Whether they stand before or behind the row that they
 * belong to, the first one tells: before the first row of the scan, or behind it.
 */
#ifndef IXS_CALIB_SPEC_MCA_H
#define IXS_CALIB_SPEC_MCA_H

#include "calib/spec/line.h"
#include "calib/spec/rows.h"

#include "products/raw.h"

struct ixs_spec_mca { /* owns channels; all-zero counts and keeps nothing */
    bool keep;
    size_t nspectra;
    struct ixs_raw_channel *channels; /* of all spectra */
    size_t nchannels, capacity;
    bool before;        /* spectra stand before their row */
    bool after_drop;    /* the last row was dropped */
    size_t since;       /* channels that there were at the last row */
    int64_t detector;   /* spectra since the last row */
    double first, step; /* number of the first channel and from one to the next, 0: one */
};

/* Takes "#@CHANN number first last reduction". */
void ixs_spec_mca_channels(struct ixs_spec_mca *mca, const char *text);

/* Takes a line that begins a spectrum (@A, @A2) or goes on with one, its backslash cut off. */
IXS_MUST_CHECK bool ixs_spec_mca_add(struct ixs_spec_mca *mca, const struct ixs_spec_line *line,
                                     bool goes_on, size_t npoints,
                                     const struct ixs_spec_place *place, struct ixs_err *err);

/* A row of data came, and was kept or not; also at the end of the scan, where none was kept. */
void ixs_spec_mca_row(struct ixs_spec_mca *mca, bool kept);

/* Does this line begin a spectrum? Others with @ ("@CALIB 1 2 3") are control lines without #. */
bool ixs_spec_mca_begins(const struct ixs_spec_line *line);

void ixs_spec_mca_dispose(struct ixs_spec_mca *mca);

#endif
