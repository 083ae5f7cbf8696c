/* SPDX-License-Identifier: GPL-3.0-or-later
 * Archives that were read: listed, written as SPECTRA, let go.
 */
#include "calib/archive/archive.h"

#include "base/array.h"
#include "calib/import/import.h"

#include <inttypes.h>
#include <stdlib.h>

static void list(const struct ixs_archive_set *set, FILE *out)
{
    for (size_t i = 0; i < set->spectra.nspectra; i++) {
        const struct ixs_spectrum *row = &set->spectra.spectra[i];
        fprintf(out, "%s  %s  %" PRId64 " points  %s\n", set->name, row->analyzer, row->npoints,
                row->statist);
    }
}

static bool write_set(const struct ixs_archive_set *set, const char *folder,
                      const struct ixs_commit *how, struct ixs_err *err)
{
    char *path = ixs_text(err, "%s/%s.fits", folder, set->name);
    bool ok = path != NULL && ixs_spectra_write(&set->spectra, path, &set->history, how, NULL, err);
    free(path);
    return ok;
}

bool ixs_archives_finish(const struct ixs_archives *archives, FILE *out, const char *folder,
                         const struct ixs_commit *how, struct ixs_err *err)
{
    bool ok = archives->nsets == 0 || out != NULL || how->dry_run || ixs_import_folder(folder, err);
    for (size_t s = 0; ok && s < archives->nsets; s++)
        if (out != NULL)
            list(&archives->sets[s], out);
        else if (!how->dry_run)
            ok = write_set(&archives->sets[s], folder, how, err);
    return ok;
}

void ixs_archives_dispose(struct ixs_archives *archives)
{
    for (size_t s = 0; s < archives->nsets; s++) {
        ixs_spectra_dispose(&archives->sets[s].spectra);
        ixs_provenance_dispose(&archives->sets[s].history);
    }
    for (size_t i = 0; i < archives->nfound; i++)
        free(archives->found[i]);
    ixs_experiment_dispose(&archives->experiment);
    free(archives->sets);
    free(archives->found);
    free(archives->others);
    *archives = (struct ixs_archives){0};
}
