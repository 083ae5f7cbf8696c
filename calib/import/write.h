/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing the products of scans while others are read, for calib/import/ alone.
 */
#ifndef IXS_CALIB_IMPORT_WRITE_H
#define IXS_CALIB_IMPORT_WRITE_H

#include "calib/import/import.h"

/* Begins; what is given is borrowed until the end. `notes` are cut where a product fails: those of
 * scans behind it do not count. */
IXS_MUST_CHECK bool ixs_import_writer_begin(struct ixs_import_writer **out,
                                            const struct ixs_import *import,
                                            struct ixs_notes *notes, struct ixs_err *err);
/* Takes over what is in the scan. False, maybe without a reason in `err`, if a product could not be
 * written: the end tells it. */
IXS_MUST_CHECK bool ixs_import_writer_add(struct ixs_import_writer *writer, const char *path,
                                          struct ixs_spec_scan *scan, struct ixs_err *err);
/* Waits for all that was added. If one of them fails, that is the reason, whatever a scan behind
 * it gave. Accepts NULL. */
IXS_MUST_CHECK bool ixs_import_writer_end(struct ixs_import_writer *writer, struct ixs_err *err);

#endif
