/* SPDX-License-Identifier: GPL-3.0-or-later
 * From SPEC files to RAW products: which scans, under which names, with which history.
 */
#ifndef IXS_CALIB_IMPORT_IMPORT_H
#define IXS_CALIB_IMPORT_IMPORT_H

#include "calib/import/scan_choice.h"
#include "calib/spec/file.h"

#include "base/progress.h"

#include <stdio.h>

struct ixs_import_writer; /* calib/import/write.h */

struct ixs_import {          /* all borrowed */
    const char *energy_axis; /* NULL: the first known one */
    bool keep_mca;           /* MCA spectra go into the products */
    bool unfinished;         /* a scan that may still be being written is taken as well */
    struct ixs_scan_choice *scans;
    const char *folder; /* where the products go */
    struct ixs_commit commit;
    const struct ixs_provenance *program; /* its name and version */
    struct ixs_progress *progress;        /* may be NULL */
    FILE *list;                           /* where lines go, set by ixs_import_list */
    struct ixs_import_writer *writer;     /* set by ixs_import_all */
};

/* What is done with each chosen scan of a file; `import` is the one given, `path` the SPEC file. It
 * may take over what is in the scan, and leaves it empty then. */
struct ixs_import_visit {
    bool (*visit)(const struct ixs_import *import, const char *path, struct ixs_spec_scan *scan,
                  struct ixs_err *err);
};

/* Goes once through a SPEC file and visits each chosen scan. One that is left out because it may
 * still be being written is noted; if it was asked for by its number that is IXS_INPUT. */
IXS_MUST_CHECK bool ixs_import_visit(const struct ixs_import *import, const char *path,
                                     struct ixs_import_visit each, struct ixs_notes *notes,
                                     struct ixs_err *err);

/* The same for several files; at the end everything that was chosen must have been there. */
IXS_MUST_CHECK bool ixs_import_each(const struct ixs_import *import, const char **paths,
                                    size_t count, struct ixs_import_visit each,
                                    struct ixs_notes *notes, struct ixs_err *err);

/* Writes the products of all chosen scans. Nothing is put in place before all files are read: one
 * that breaks off, or has not all scans that were asked for, leaves nothing behind. */
IXS_MUST_CHECK bool ixs_import_all(struct ixs_import *import, const char **paths, size_t count,
                                   struct ixs_notes *notes, struct ixs_err *err);

/* Prints a line about each chosen scan, behind one that says what stands in it. */
IXS_MUST_CHECK bool ixs_import_list(struct ixs_import *import, const char **paths, size_t count,
                                    FILE *out, struct ixs_notes *notes, struct ixs_err *err);

/* Fails with IXS_USAGE if two of the files would give products of the same names. */
IXS_MUST_CHECK bool ixs_import_names(const char **paths, size_t count, struct ixs_err *err);

/* The name of a product, "raw/beam_S0012.fits", of the second scan 12 "raw/beam_S0012.2.fits": the
 * base name of the SPEC file without .gz and without an extension. The caller frees. */
IXS_MUST_CHECK char *ixs_import_product(const char *folder, const char *path, int64_t scan,
                                        int64_t order, struct ixs_err *err);

/* Makes the folder if it is not there; the one above it must be. */
IXS_MUST_CHECK bool ixs_import_folder(const char *folder, struct ixs_err *err);

#endif
