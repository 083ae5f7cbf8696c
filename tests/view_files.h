/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sample products as files.
 */
#ifndef IXS_TESTS_VIEW_FILES_H
#define IXS_TESTS_VIEW_FILES_H

#include "tests/view_products.h"

#include <stdlib.h>

struct samples { /* one product of every kind; owns them */
    struct ixs_raw raw;
    struct ixs_calib calib;
    struct ixs_spectra spectra;
    struct ixs_fit fit;
    struct ixs_dispersion dispersion;
};

static bool samples_make(struct samples *samples, struct ixs_err *err)
{
    return sample_raw(&samples->raw, err) && sample_calib(&samples->calib, err) &&
           sample_spectra(&samples->spectra, err) && sample_fit(&samples->fit, true, err) &&
           sample_dispersion(&samples->dispersion, err);
}

static void samples_dispose(struct samples *samples)
{
    ixs_raw_dispose(&samples->raw);
    ixs_calib_dispose(&samples->calib);
    ixs_spectra_dispose(&samples->spectra);
    ixs_fit_dispose(&samples->fit);
    ixs_dispersion_dispose(&samples->dispersion);
}

/* raw.fits, calib.fits ... in the working folder, all made by one step from beam.spec. */
static bool samples_write(const struct samples *samples, struct ixs_err *err)
{
    struct ixs_provenance step = {.program = "ixs-test", .version = "0.1.0"};
    const struct ixs_commit how = {0};
    bool ok = ixs_provenance_input(&step, "spec", "beam.spec", "0123456789abcdef", "", "", err) &&
              ixs_raw_write(&samples->raw, "raw.fits", &step, &how, NULL, err) &&
              ixs_calib_write(&samples->calib, "calib.fits", &step, &how, NULL, err) &&
              ixs_spectra_write(&samples->spectra, "spectra.fits", &step, &how, NULL, err) &&
              ixs_fit_write(&samples->fit, "fit.fits", &step, &how, NULL, err) &&
              ixs_dispersion_write(&samples->dispersion, "dispersion.fits", &step, &how, NULL, err);
    ixs_provenance_dispose(&step);
    return ok;
}

static const char *const sample_files[] = {"raw.fits", "calib.fits", "spectra.fits", "fit.fits",
                                           "dispersion.fits"};
enum { SAMPLE_KINDS = sizeof sample_files / sizeof sample_files[0] };

#endif
