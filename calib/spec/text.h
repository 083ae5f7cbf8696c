/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files that are given for a SPEC file by mistake, and bytes that are no text within one.
 */
#ifndef IXS_CALIB_SPEC_TEXT_H
#define IXS_CALIB_SPEC_TEXT_H

#include "calib/spec/rows.h"

/* Fails with IXS_INPUT for a FITS, HDF5 or XML file, or one of 16-bit characters. */
IXS_MUST_CHECK bool ixs_spec_check_kind(const char *path, struct ixs_err *err);

/* What of a line is to be read: behind a byte order mark (first line of a file) and behind NUL
 * bytes, which a computer that crashed leaves in blocks. NUL bytes inside become blanks, and *holes
 * is set. Both are noted. */
char *ixs_spec_clean(char *text, size_t *length, bool *holes, const struct ixs_spec_place *place);

#endif
