/* SPDX-License-Identifier: GPL-3.0-or-later
 * Puts a simulated beamtime on disk: the SPEC file and the truth beside it.
 */
#include "calib/forward/forward.h"

#include "base/array.h"
#include "base/memfile.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static bool write_spec(const struct ixs_forward_beamtime *beamtime, const char *path,
                       const struct ixs_commit *how, struct ixs_err *err)
{
    struct ixs_memfile file = {0};
    if (!ixs_memfile_begin(&file, err))
        return false;
    ixs_forward_spec(beamtime, file.out);
    bool ok =
        ixs_memfile_end(&file, err) && ixs_file_commit(path, file.text, file.size, how, NULL, err);
    ixs_memfile_dispose(&file);
    return ok;
}

/* Bytes of the SPEC file's name without .gz. */
static size_t plain_length(const char *spec)
{
    return strlen(spec) - (ends_with(spec, ".gz") ? 3 : 0);
}

/* "beam_truth", of "folder/beam.spec.gz": the SPEC file's name without its endings. */
static char *default_prefix(const char *spec, struct ixs_err *err)
{
    size_t length = plain_length(spec);
    if (length > 5 && strncmp(spec + length - 5, ".spec", 5) == 0)
        length -= 5;
    return ixs_text(err, "%.*s_truth", (int)length, spec);
}

struct truth { /* paths of the three products */
    char *calib, *spectra, *fit;
};

static bool name_truth(struct truth *truth, const char *prefix, bool packed, struct ixs_err *err)
{
    const char *end = packed ? ".fits.gz" : ".fits";
    return (truth->calib = ixs_text(err, "%s_calib%s", prefix, end)) != NULL &&
           (truth->spectra = ixs_text(err, "%s_spectra%s", prefix, end)) != NULL &&
           (truth->fit = ixs_text(err, "%s_fit%s", prefix, end)) != NULL;
}

static bool write_truth(const struct ixs_forward_beamtime *beamtime, const char *file,
                        const struct truth *truth, const struct ixs_provenance *provenance,
                        const struct ixs_commit *how, struct ixs_err *err)
{
    struct ixs_calib calib = {0};
    struct ixs_spectra spectra = {0};
    struct ixs_fit fit = {0};
    bool ok = ixs_forward_truth_calib(beamtime, &calib, err) &&
              ixs_forward_truth_spectra(beamtime, file, &spectra, err) &&
              ixs_forward_truth_fit(beamtime, &spectra, ixs_base_name(truth->spectra), &fit, err) &&
              ixs_calib_write(&calib, truth->calib, provenance, how, NULL, err) &&
              ixs_spectra_write(&spectra, truth->spectra, provenance, how, NULL, err) &&
              ixs_fit_write(&fit, truth->fit, provenance, how, NULL, err);
    ixs_calib_dispose(&calib);
    ixs_spectra_dispose(&spectra);
    ixs_fit_dispose(&fit);
    return ok;
}

/* Nothing is written where one of the four could not be. */
static bool look_at_places(const char *spec, const struct truth *truth, struct ixs_err *err)
{
    static const struct ixs_commit look = {.dry_run = true};
    const char *const paths[] = {spec, truth->calib, truth->spectra, truth->fit};
    bool ok = true;
    for (size_t i = 0; ok && i < IXS_COUNT(paths); i++)
        ok = ixs_file_commit(paths[i], "", 0, &look, NULL, err);
    return ok;
}

bool ixs_forward_write(const struct ixs_forward_beamtime *beamtime, const char *spec,
                       const char *prefix, const struct ixs_provenance *provenance,
                       const struct ixs_commit *how, struct ixs_err *err)
{
    struct truth truth = {0};
    char *file = ixs_text(err, "%.*s", (int)plain_length(spec), spec);
    char *own = prefix ? ixs_text(err, "%s", prefix) : default_prefix(spec, err);
    bool ok = file != NULL && own != NULL && name_truth(&truth, own, ends_with(spec, ".gz"), err) &&
              look_at_places(spec, &truth, err) &&
              write_truth(beamtime, ixs_base_name(file), &truth, provenance, how, err) &&
              write_spec(beamtime, spec, how, err);
    free(file);
    free(own);
    free(truth.calib);
    free(truth.spectra);
    free(truth.fit);
    return ok;
}
