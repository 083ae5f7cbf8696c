/* SPDX-License-Identifier: GPL-3.0-or-later
 * `view_samples FOLDER`: a product of every kind, full, empty, and with awkward contents, for the
 * shell tests of ixs-show and ixs-plot.
 */
#include "tests/view_files.h"

#include <sys/stat.h>
#include <unistd.h>

static bool in_folder(const char *name)
{
    return (mkdir(name, 0777) == 0 || access(name, W_OK) == 0) && chdir(name) == 0;
}

/* What measurements do to products: no number where there should be one, one point, odd names. */
static void make_awkward(struct samples *samples)
{
    samples->raw.npoints = 1;
    samples->raw.keys.npoints = 1;
    samples->raw.keys.nmissing = 0;
    samples->raw.keys.nplanned = -1;
    snprintf(samples->spectra.spectra[0].analyzer, 25, "A'7,\"{b}_c^\\`x` $y");
    for (size_t i = 0; i < samples->spectra.npoints; i++) {
        struct ixs_point *row = &samples->spectra.points[i];
        if (row->spectrum == 1)
            snprintf(row->analyzer, sizeof row->analyzer, "%s",
                     samples->spectra.spectra[0].analyzer);
        if (row->spectrum == 2) {
            row->energy = row->intensity = row->error = NAN;
            row->flags = IXS_FLAG_ENERGY;
        }
    }
    for (size_t i = 0; i < samples->fit.ncurves; i++)
        samples->fit.curves[i].total = samples->fit.curves[i].residual = NAN;
    samples->calib.nresponse = 1;
    samples->dispersion.npoints = 1;
    samples->dispersion.nbranches = 1;
    samples->dispersion.branches[0].npoints = 1;
    samples->dispersion.branches[0].velocity = NAN;
    samples->dispersion.points[0].fwhm_ul90 = NAN;
    samples->dispersion.nthermal = samples->dispersion.nlaws = 1;
    samples->dispersion.thermal[0].omega_law = samples->dispersion.thermal[0].fwhm_ul90 = NAN;
    samples->dispersion.nkappas = samples->dispersion.nkappa_covariances = 1;
}

static void make_empty(struct samples *samples)
{
    samples->raw.npoints = 0;
    samples->raw.keys.npoints = samples->raw.keys.nmissing = 0;
    snprintf(samples->raw.keys.ended, sizeof samples->raw.keys.ended, "EMPTY");
    samples->calib.nanalyzers = samples->calib.ncomponents = samples->calib.nresponse = 0;
    samples->spectra.nspectra = samples->spectra.npoints = 0;
    samples->fit.nspectra = samples->fit.nmodes = samples->fit.ncurves = 0;
    samples->fit.nparameters = 0;
    samples->dispersion.npoints = samples->dispersion.nbranches = 0;
    samples->dispersion.nthermal = samples->dispersion.nlaws = samples->dispersion.nkappas = 0;
    samples->dispersion.nkappa_covariances = 0;
}

int main(int argc, char **argv)
{
    struct samples samples = {0};
    struct ixs_err err = IXS_ERR_NONE;
    if (argc != 2 || !in_folder(argv[1]))
        return 2;
    bool ok = samples_make(&samples, &err) && samples_write(&samples, &err);
    make_awkward(&samples);
    ok = ok && in_folder("awkward") && samples_write(&samples, &err);
    make_empty(&samples);
    ok = ok && chdir("..") == 0 && in_folder("empty") && samples_write(&samples, &err);
    if (!ok)
        fprintf(stderr, "%s: %s\n", err.where, err.text);
    samples_dispose(&samples);
    return ok ? 0 : 1;
}
