/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reduced ASCII archives become SPECTRA products: SPring-8's files of twelve columns with their
 * gnuplot script (gpi), ID28's .exp, .nor and extracts, any table that a table XML describes. The
 * counts are recovered where the figures allow it (calib/archive/counts.c).
 */
#ifndef IXS_CALIB_ARCHIVE_ARCHIVE_H
#define IXS_CALIB_ARCHIVE_ARCHIVE_H

#include "base/notes.h"
#include "calib/experiment/experiment.h"
#include "products/spectra.h"

#include <stdio.h>

struct ixs_archive_set { /* one product: the files of one measurement, an analyzer each */
    char name[121];      /* of the product without .fits */
    struct ixs_spectra spectra;
    struct ixs_provenance history; /* its inputs */
};

struct ixs_archives { /* owns its arrays and paths */
    struct ixs_experiment experiment;
    size_t nsets;
    struct ixs_archive_set *sets;
    size_t nothers;
    const char **others; /* inputs that are no archives: SPEC files; borrowed from `paths` */
    char **found;        /* [nfound] paths named by a gpi script */
    size_t nfound;
};

struct ixs_archive_task { /* all borrowed */
    size_t npaths;
    const char **paths;
    const char *table;                             /* table XML, or NULL: recognised by content */
    const char *experiment_file, *instrument_file; /* either may be NULL: go over the files */
    struct ixs_provenance *provenance; /* program, version, options; files read are added */
    struct ixs_notes *notes;
    const struct ixs_experiment *experiment; /* set by ixs_archives_read */
};

/* Reads all archives among the inputs. */
IXS_MUST_CHECK bool ixs_archives_read(struct ixs_archives *out, const struct ixs_archive_task *task,
                                      struct ixs_err *err);
/* Writes folder/NAME.fits for each set (the folder is made if need be), or, where `out` is not
 * NULL, one line a spectrum there. */
IXS_MUST_CHECK bool ixs_archives_finish(const struct ixs_archives *archives, FILE *out,
                                        const char *folder, const struct ixs_commit *how,
                                        struct ixs_err *err);
void ixs_archives_dispose(struct ixs_archives *archives);

#endif
