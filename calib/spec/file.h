/* SPDX-License-Identifier: GPL-3.0-or-later
 * A SPEC file, read once from its beginning to its end, one scan at a time; plain or gzip. Memory
 * holds one scan.
 *
 * A scan begins with #S and ends where the next one, or a file header (#F, #E), begins. What
 * differs from the plain grammar is kept, counted or noted with file and line, never altered
 * silently:
 * - several file headers, or none: the last one before the scan counts;
 * - a scan number that comes again, or goes back: its second time has order 2;
 * - labels at single blanks, a wrong #N, too few labels: see calib/spec/labels.h;
 * - rows over several lines ("#N 15 8") are joined;
 * - nan, None, inf, and cells that are empty (see calib/spec/rows.h), are missing values (NaN),
 *   counted;
 * - a row with another number of values, a word or a NUL byte in it, or a comment glued to it is
 *   dropped, counted;
 * - the last line of the file is no data unless it ends: it may still be written;
 * - MCA spectra (@A, continued by backslashes) are counted, and kept if that was asked for;
 * - control lines are kept, of whatever key, and so are comments, but for those that stand behind
 *   all of the scan and do not tell how it ended: they belong to no scan;
 * - NUL bytes in front of a line are passed over, in a control line they become blanks.
 */
#ifndef IXS_CALIB_SPEC_FILE_H
#define IXS_CALIB_SPEC_FILE_H

#include "calib/spec/scan.h"

struct ixs_spec; /* an open SPEC file */

/* Opens a file; fails with IXS_INPUT for a folder, an empty file, a FITS or HDF5 file.
 * energy_axis: the motor whose resets count, as the reset comments name it, or NULL for the first
 * known one (see calib/spec/origin.h). `notes` (NULL: none) is borrowed until the file is closed.
 */
IXS_MUST_CHECK bool ixs_spec_open(struct ixs_spec **out, const char *path, const char *energy_axis,
                                  struct ixs_notes *notes, struct ixs_err *err);

/* MCA spectra are kept from here on. */
void ixs_spec_keep_mca(struct ixs_spec *spec);

/* The next scan; the caller disposes it. scan->line is 0 when there is none any more. Fails with
 * IXS_INPUT, file and line if the file cannot be read on, or has no scan at all. */
IXS_MUST_CHECK bool ixs_spec_next(struct ixs_spec *spec, struct ixs_spec_scan *scan,
                                  struct ixs_err *err);
double ixs_spec_share(const struct ixs_spec *spec); /* how much of the file is read, 0 .. 1 */
void ixs_spec_close(struct ixs_spec *spec);         /* accepts NULL */

#endif
