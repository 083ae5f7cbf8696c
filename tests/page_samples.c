/* SPDX-License-Identifier: GPL-3.0-or-later
 * `page_samples FOLDER`: products for the pages of ixs-report that no small beamtime has: 200 scans
 * through six temperatures, scans merged from repeats, spectra fitted together, a fit that failed,
 * names of markup.
 */
#include "tests/view_files.h"

#include <sys/stat.h>
#include <unistd.h>

enum { SCANS = 200, LINES = 9, TEMPERATURES = 6, TOGETHER = 70 };
#define ODD_NAME "a <b> & \"c\" #1 50%"

static const struct ixs_commit plain = {0};

static void name_analyzer(char name[25], size_t a)
{
    snprintf(name, 25, "Ana%zu", a + 1);
}

static bool write_fit(const struct ixs_fit *fit, const char *path, struct ixs_err *err)
{
    struct ixs_provenance step = {.program = "ixs-test", .version = "0.1.0"};
    bool ok = ixs_provenance_input(&step, "spectra", "s.fits", "0123456789abcdef", "", "", err) &&
              ixs_fit_write(fit, path, &step, &plain, NULL, err);
    ixs_provenance_dispose(&step);
    return ok;
}

/* n spectra of two modes, each after the first of the sample. */
static bool make_fit(struct ixs_fit *fit, size_t n, const char *scans, bool curves,
                     struct ixs_err *err)
{
    struct ixs_fit small = {0};
    bool ok = sample_fit(&small, true, err) && IXS_NEW(fit->spectra, n, err) &&
              IXS_NEW(fit->modes, 2 * n, err) && IXS_NEW(fit->curves, n * SAMPLE_POINTS, err);
    for (size_t i = 0; ok && i < n; i++) {
        struct ixs_fit_spectrum *row = &fit->spectra[i];
        *row = small.spectra[1];
        row->id.spectrum = (int64_t)i + 1;
        row->nmodes = 2;
        name_analyzer(row->id.analyzer, i % LINES);
        snprintf(row->id.scans, sizeof row->id.scans, "%s", scans);
        for (int64_t k = 1; k <= 2; k++) {
            struct ixs_fit_mode *mode = &fit->modes[fit->nmodes++];
            *mode = small.modes[0];
            mode->id = row->id;
            mode->mode = k;
            mode->omega0 *= (double)k;
        }
        for (size_t p = 0; curves && p < SAMPLE_POINTS; p++) {
            fit->curves[fit->ncurves] = small.curves[SAMPLE_POINTS + p];
            fit->curves[fit->ncurves++].spectrum = row->id.spectrum;
        }
    }
    fit->nspectra = ok ? n : 0;
    fit->identity = small.identity;
    ixs_fit_dispose(&small);
    return ok;
}

/* ---- 200 scans ------------------------------------------------------------------------------- */

static bool make_scans(struct ixs_err *err)
{
    bool ok = true;
    for (size_t s = 1; ok && s <= SCANS; s++) {
        struct ixs_fit fit = {0};
        char scans[24], path[48];
        snprintf(scans, sizeof scans, "%zu", s);
        snprintf(path, sizeof path, "many/beam_S%04zu.fits", s);
        ok = make_fit(&fit, LINES, scans, false, err);
        for (size_t i = 0; ok && i < fit.nspectra; i++)
            fit.spectra[i].id.temperature = 100.0 + 50.0 * (double)(s % TEMPERATURES);
        ok = ok && write_fit(&fit, path, err);
        ixs_fit_dispose(&fit);
    }
    return ok;
}

static void fill_point(struct ixs_dispersion_point *row, const struct ixs_dispersion_point *like,
                       size_t i)
{
    size_t scan = i / (2 * LINES), a = i / 2 % LINES;
    *row = *like;
    row->mode = 1 + (int64_t)(i % 2);
    row->branch = 1 + (int64_t)(i % 2);
    row->q_reduced = row->position = 0.01 + 0.9 * (double)((scan * 7 + a * 31) % 101) / 101.0;
    row->omega0 = (i % 2 == 0 ? 20.0 : 35.0) * row->q_reduced;
    row->temperature = 100.0 + 50.0 * (double)(scan % TEMPERATURES);
    name_analyzer(row->analyzer, a);
}

static bool make_dispersion(struct ixs_err *err)
{
    struct ixs_dispersion d = {0}, small = {0};
    const size_t n = (size_t)SCANS * LINES * 2, series = n / TEMPERATURES;
    struct ixs_provenance step = {.program = "ixs-test", .version = "0.1.0"};
    bool ok = sample_dispersion(&small, err) && IXS_NEW(d.points, n, err) &&
              IXS_NEW(d.branches, 2, err) && IXS_NEW(d.thermal, n, err) &&
              IXS_NEW(d.laws, 2 * series, err) &&
              ixs_provenance_input(&step, "fit", "f.fits", "0123456789abcdef", "", "", err);
    for (size_t i = 0; ok && i < n; i++)
        fill_point(&d.points[d.npoints++], &small.points[4], i);
    for (size_t b = 0; ok && b < 2; b++)
        d.branches[d.nbranches++] = small.branches[b];
    for (size_t s = 1; ok && s <= series; s++) {
        for (size_t t = 0; t < TEMPERATURES; t++) {
            struct ixs_thermal_row *row = &d.thermal[d.nthermal++];
            sample_thermal_row(row, 1, (int)t % SAMPLE_TEMPERATURES);
            row->series = (int64_t)s;
            row->temperature = 100.0 + 50.0 * (double)t;
        }
        sample_thermal_law(&d.laws[d.nlaws++], (int)s, "omega0", 4.0, 0.0);
        sample_thermal_law(&d.laws[d.nlaws++], (int)s, "fwhm", 2.0, 1.0);
    }
    d.identity = small.identity;
    ok = ok && ixs_dispersion_write(&d, "many/dispersion.fits", &step, &plain, NULL, err);
    ixs_dispersion_dispose(&d);
    ixs_dispersion_dispose(&small);
    ixs_provenance_dispose(&step);
    return ok;
}

/* ---- a crystal ------------------------------------------------------------------------------- */

/* Two paths, branches that cross, elastic constants at two temperatures, an overlay. */
static bool make_crystal(struct ixs_err *err)
{
    static const char *const names[] = {"C11", "C12", "C11"};
    static const double kelvin[] = {100, 100, 300}, values[] = {50.1, 20.2, 48.3};
    struct ixs_dispersion d = {0};
    struct ixs_provenance step = {.program = "ixs-test", .version = "0.1.0"};
    bool ok = sample_dispersion(&d, err) && IXS_NEW(d.paths, 2, err) &&
              IXS_NEW(d.parameters, 3, err) && IXS_NEW(d.overlays, 2, err) &&
              ixs_provenance_input(&step, "fit", "f.fits", "0123456789abcdef", "", "", err);
    for (size_t i = 0; ok && i < 3; i++) {
        struct ixs_dispersion_parameter *row = &d.parameters[d.nparameters++];
        *row = (struct ixs_dispersion_parameter){
            .parameter = (int64_t)i + 1, .temperature = kelvin[i], .value = values[i], .err = 0.3};
        snprintf(row->component, sizeof row->component, "elastic");
        snprintf(row->name, sizeof row->name, "%s", names[i]);
        snprintf(row->unit, sizeof row->unit, "GPa");
        d.branches[i].path_number = 1 + (int64_t)i / 2;
        d.branches[i].modulus = d.branches[i].modulus_err = NAN;
    }
    for (size_t p = 0; ok && p < 2; p++) {
        d.paths[d.npaths++] = (struct ixs_dispersion_path){.path = (int64_t)p + 1, .npoints = 8};
        snprintf(d.paths[p].name, sizeof d.paths[p].name, "path <%zu>", p + 1);
        d.overlays[d.noverlays++] = (struct ixs_dispersion_overlay){
            .line = 1, .path = 1, .position = 0.1 + 0.2 * (double)p, .energy = 3.0};
        snprintf(d.overlays[p].series, sizeof d.overlays[p].series, "LDA & co");
    }
    for (size_t i = 0; ok && i < d.npoints; i++)
        d.points[i].path = d.points[i].branch == 3 ? 2 : 1;
    if (ok) {
        d.branches[0].modulus = 50.1;
        d.branches[0].modulus_err = 0.4;
        snprintf(d.branches[0].constant, sizeof d.branches[0].constant, "C11");
        snprintf(d.branches[0].crosses, sizeof d.branches[0].crosses, "2 at 0.31");
    }
    ok = ok && ixs_dispersion_write(&d, "crystal.fits", &step, &plain, NULL, err);
    ixs_dispersion_dispose(&d);
    ixs_provenance_dispose(&step);
    return ok;
}

/* ---- merged scans ---------------------------------------------------------------------------- */

/* Scans 60, 61 (aborted, spikes in Ana2) and one of an odd name, of which Ana9 gave nothing. */
static void fill_merged(struct ixs_merged *row, size_t scan, size_t a)
{
    static const char *const sources[] = {"beam_S0060.fits", "beam_S0061.fits", ODD_NAME ".fits"};
    *row = (struct ixs_merged){.spectrum = (int64_t)a + 1,
                               .zero = 7.4,
                               .zero_err = 0.03,
                               .shift = 0.02 * (double)scan,
                               .shift_err = 0.01,
                               .own_shift = 0.001,
                               .own_shift_err = 0.002,
                               .scale = 1.0,
                               .scale_err = 0.01,
                               .deviance = 80,
                               .dof = 81,
                               .p_value = 0.4,
                               .npoints = SAMPLE_POINTS,
                               .used = SAMPLE_POINTS,
                               .counts = 3000,
                               .exposure = 900};
    if (scan == 1) {
        row->npoints = 40;
        row->spikes = a == 1 ? 3 : 0;
        row->used = row->npoints - row->spikes;
    }
    if (scan == 2 && a == 2) {
        row->flagged = SAMPLE_POINTS;
        row->used = 0;
    }
    snprintf(row->analyzer, sizeof row->analyzer, "%s", sample_names[a]);
    snprintf(row->scans, sizeof row->scans, "%zu", 60 + scan);
    snprintf(row->source, sizeof row->source, "%s", sources[scan]);
    snprintf(row->status, sizeof row->status, scan == 2 && a == 0 ? "differs" : "good");
}

static bool write_raw(const struct ixs_raw *raw, const char *path, struct ixs_err *err)
{
    struct ixs_provenance step = {.program = "ixs-test", .version = "0.1.0"};
    bool ok = ixs_provenance_input(&step, "spec", "beam.spec", "0123456789abcdef", "", "", err) &&
              ixs_raw_write(raw, path, &step, &plain, NULL, err);
    ixs_provenance_dispose(&step);
    return ok;
}

static bool make_raws(struct samples *samples, struct ixs_err *err)
{
    static const char *const paths[] = {"raw/beam_S0060.fits", "raw/beam_S0061.fits",
                                        "raw/" ODD_NAME ".fits", "raw/beam_S0063.fits"};
    bool ok = true;
    for (size_t s = 0; ok && s < IXS_COUNT(paths); s++) {
        samples->raw.keys.scan = 60 + (int64_t)s;
        snprintf(samples->raw.keys.ended, sizeof samples->raw.keys.ended, "%s",
                 s == 1 ? "ABORTED" : "COMPLETE");
        ok = write_raw(&samples->raw, paths[s], err);
    }
    return ok;
}

static bool make_merged(struct samples *samples, struct ixs_err *err)
{
    struct ixs_provenance step = {.program = "ixs-test", .version = "0.1.0"};
    struct ixs_spectra *spectra = &samples->spectra;
    bool ok = IXS_NEW(spectra->merged, 9, err) &&
              ixs_provenance_input(&step, "spectra", "s.fits", "0123456789abcdef", "", "", err);
    for (size_t i = 0; ok && i < 9; i++)
        fill_merged(&spectra->merged[spectra->nmerged++], i / 3, i % 3);
    ok = ok && ixs_spectra_write(spectra, "merged/set.fits", &step, &plain, NULL, err);
    for (size_t i = 0; ok && i < samples->fit.nspectra; i++)
        snprintf(samples->fit.spectra[i].id.scans, 49, "60,61,62");
    ok = ok && write_fit(&samples->fit, "fit/set.fits", err) && make_raws(samples, err);
    ixs_provenance_dispose(&step);
    return ok;
}

/* ---- other fits ------------------------------------------------------------------------------ */

static void fill_set(struct ixs_fit_set *row)
{
    *row = (struct ixs_fit_set){.set = 1,
                                .nspectra = TOGETHER,
                                .nown = 200,
                                .nshared = 1,
                                .deviance = 9000,
                                .dof = 6000,
                                .p_value = 1e-9,
                                .agreement = 3e-6,
                                .aicc = 9500};
    snprintf(row->status, sizeof row->status, "poor");
    snprintf(row->reason, sizeof row->reason, "spectra do not agree <in> what they share");
}

static void fill_parameter(struct ixs_fit_parameter *row, int64_t number, const char *component,
                           const char *name, double value, double error, const char *unit)
{
    *row = (struct ixs_fit_parameter){
        .parameter = number, .value = value, .err = error, .lo = NAN, .hi = NAN};
    snprintf(row->component, sizeof row->component, "%s", component);
    snprintf(row->name, sizeof row->name, "%s", name);
    snprintf(row->unit, sizeof row->unit, "%s", unit);
    snprintf(row->state, sizeof row->state, "free");
}

static bool fill_draws(struct ixs_fit *fit, struct ixs_err *err)
{
    if (!IXS_NEW(fit->bootstraps, 1, err) || !IXS_NEW(fit->posteriors, 1, err))
        return false;
    struct ixs_fit_bootstrap_row *drawn = &fit->bootstraps[fit->nbootstraps++];
    struct ixs_fit_posterior_row *chains = &fit->posteriors[fit->nposteriors++];
    *drawn = (struct ixs_fit_bootstrap_row){1,    1,   "dho1", "fwhm", "meV", 0.9,
                                            0.01, 0.2, 0.7,    1.2,    300,   0.4};
    *chains =
        (struct ixs_fit_posterior_row){.parameter = 1, .spectrum = 1, .r_hat = 1.3, .draws = 40};
    chains->mean = chains->sd = chains->median = chains->lo = chains->hi = NAN;
    snprintf(chains->component, sizeof chains->component, "dho2");
    snprintf(chains->name, sizeof chains->name, "omega0");
    snprintf(chains->unit, sizeof chains->unit, "meV");
    snprintf(chains->state, sizeof chains->state, "refused");
    return true;
}

/* Many spectra together, in a cell, whose number of modes is not sure. */
static bool make_together(struct ixs_err *err)
{
    struct ixs_fit fit = {0};
    bool ok = make_fit(&fit, TOGETHER, "60", true, err) && IXS_NEW(fit.sets, 1, err) &&
              IXS_NEW(fit.parameters, 2, err) && IXS_NEW(fit.numbers, 2, err) &&
              fill_draws(&fit, err);
    if (ok) {
        fill_set(&fit.sets[fit.nsets++]);
        fill_parameter(&fit.parameters[0], 1, "dho1", "omega0", 4.99, 0.02, "meV");
        fit.parameters[0].set = 1;
        fill_parameter(&fit.parameters[1], 2, "cell", "scale", 0.802, 0.02, "");
        fit.parameters[1].spectrum = 1;
        fit.nparameters = 2;
        for (int64_t k = 0; k < 2; k++)
            fit.numbers[fit.nnumbers++] =
                (struct ixs_fit_number_row){1, k + 1, 100, 110, 120, -60, k == 0 ? 0.42 : 0.58, k};
        for (size_t i = 0; i < TOGETHER; i++) {
            fit.spectra[i].set = 1;
            fit.spectra[i].id.temperature = i % 2 == 0 ? 100 : 300;
            snprintf(fit.spectra[i].id.scans, 49, "%zu", 60 + i / LINES);
        }
        for (size_t i = 0; i < fit.ncurves; i++)
            fit.curves[i].cell = 0.3;
    }
    ok = ok && write_fit(&fit, "fit/together.fits", err);
    ixs_fit_dispose(&fit);
    return ok;
}

/* Nothing of an analyzer; a fit that did not converge, at no known temperature. */
static bool make_failed(const char *status, const char *path, struct ixs_err *err)
{
    struct ixs_fit fit = {0};
    bool ok = make_fit(&fit, LINES, "70", false, err);
    for (size_t i = 0; ok && i < fit.nspectra; i++) {
        struct ixs_fit_spectrum *row = &fit.spectra[i];
        snprintf(row->status, sizeof row->status, "%s", status);
        snprintf(row->reason, sizeof row->reason, "because of <this> & \"that\"");
        row->id.temperature = row->deviance = row->zero = row->elastic = row->background = NAN;
        row->nmodes = 0;
    }
    fit.nmodes = 0;
    ok = ok && write_fit(&fit, path, err);
    ixs_fit_dispose(&fit);
    return ok;
}

int main(int argc, char **argv)
{
    static const char *const folders[] = {"many", "raw", "merged", "fit"};
    struct samples samples = {0};
    struct ixs_err err = IXS_ERR_NONE;
    bool ok = argc == 2 && (mkdir(argv[1], 0777) == 0 || access(argv[1], W_OK) == 0) &&
              chdir(argv[1]) == 0;
    for (size_t i = 0; ok && i < IXS_COUNT(folders); i++)
        ok = mkdir(folders[i], 0777) == 0;
    ok = ok && make_scans(&err) && make_dispersion(&err) && make_crystal(&err) &&
         samples_make(&samples, &err) && samples_write(&samples, &err) &&
         make_merged(&samples, &err) && make_together(&err) &&
         make_failed("no-data", "fit/dead.fits", &err) &&
         make_failed("not-converged", "fit/" ODD_NAME ".fits", &err);
    if (!ok)
        fprintf(stderr, "%s: %s\n", err.where, err.text);
    samples_dispose(&samples);
    return ok ? 0 : 1;
}
