/* SPDX-License-Identifier: GPL-3.0-or-later
 * From SPEC files to RAW products: which scans, under which names, with which history.
 */
#ifndef IXS_CALIB_IMPORT_H
#define IXS_CALIB_IMPORT_H

#include "calib/scan_choice.h"
#include "calib/spec_file.h"

#include <stdio.h>

struct ixs_import {          /* all borrowed */
    const char *energy_axis; /* NULL: the first known one */
    struct ixs_scan_choice *scans;
    const char *folder; /* where the products go */
    const struct ixs_commit *commit;
    const struct ixs_provenance *program; /* its name and version */
    FILE *list;                           /* where lines go */
};

/* What is done with each chosen scan of a file; `import` is the one given, `path` the SPEC file. */
struct ixs_import_visit {
    bool (*visit)(const struct ixs_import *import, const char *path,
                  const struct ixs_spec_scan *scan, struct ixs_err *err);
};

/* Goes once through a SPEC file and visits each chosen scan. */
IXS_MUST_CHECK bool ixs_import_visit(const struct ixs_import *import, const char *path,
                                     struct ixs_import_visit each, struct ixs_notes *notes,
                                     struct ixs_err *err);

/* Visits that write nothing, that write a line about the scan, and that write its product. */
bool ixs_import_look(const struct ixs_import *import, const char *path,
                     const struct ixs_spec_scan *scan, struct ixs_err *err);
bool ixs_import_list(const struct ixs_import *import, const char *path,
                     const struct ixs_spec_scan *scan, struct ixs_err *err);
bool ixs_import_write(const struct ixs_import *import, const char *path,
                      const struct ixs_spec_scan *scan, struct ixs_err *err);

/* Fails with IXS_USAGE if two of the files would give products of the same names. */
IXS_MUST_CHECK bool ixs_import_names(const char **paths, size_t count, struct ixs_err *err);

/* The name of a product, "raw/beam_S0012.fits", of the second scan 12 "raw/beam_S0012.2.fits": the
 * base name of the SPEC file without .gz and without an extension. The caller frees. */
IXS_MUST_CHECK char *ixs_import_product(const char *folder, const char *path, int64_t scan,
                                        int64_t order, struct ixs_err *err);

/* Makes the folder if it is not there; the one above it must be. */
IXS_MUST_CHECK bool ixs_import_folder(const char *folder, struct ixs_err *err);

#endif
