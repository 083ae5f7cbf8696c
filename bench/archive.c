/* SPDX-License-Identifier: GPL-3.0-or-later
 * An archive of many spectra, and the least that fitting it can cost (bench/archive.sh):
 *   archive write FOLDER COUNT         FOLDER/spectra.fits and FOLDER/calib.fits: COUNT simulated
 *                                      spectra of 161 points with two modes, 9 analyzers
 *   archive kernels SPECTRA CALIB      CPU seconds of the fits alone, as ixs-fit sets them
 *   archive bytes FILE... OUT          CPU seconds of reading these files whole, then writing OUT's
 *                                      bytes to OUT.copy
 */
#include "bench/chance.h"
#include "bench/peers/reference.h"

#include "base/array.h"
#include "calib/fitting/fitting.h"
#include "calib/fitting/responses.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { POINTS = 161, ANALYZERS = 9, CURVES = 90 };

static double cpu(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- write ----------------------------------------------------------------------------------- */

struct scene {
    struct peers_set set; /* one spectrum that all curves are made with */
    double energy[POINTS], mu[CURVES][POINTS];
    uint64_t chance;
};

static void make_curves(struct scene *scene)
{
    scene->set.npoints = POINTS;
    scene->set.energy = scene->energy;
    for (int i = 0; i < POINTS; i++)
        scene->energy[i] = -PEERS_REACH + 0.5 * i;
    for (size_t a = 0; a < ANALYZERS; a++) {
        double fwhm = 1.5 * chance_between(&scene->chance, 0.93, 1.07);
        scene->set.responses[a] =
            (struct peers_response){2, {{0.8, -0.1, fwhm, 0.3}, {0.2, 0.4, 1.2 * fwhm, 0.3}}};
    }
    for (size_t k = 0; k < CURVES; k++) {
        struct peers_spectrum spectrum = {.nmodes = 2, .analyzer = k % ANALYZERS};
        double p[PEERS_PARAMETERS] = {chance_between(&scene->chance, 50.0, 500.0),
                                      0.1 * ixs_chance_normal(&scene->chance),
                                      chance_between(&scene->chance, 1.0, 4.0), 0.0};
        for (size_t mode = 0; mode < 2; mode++) {
            double gamma = chance_log_between(&scene->chance, 0.4, 2.0);
            p[4 + 3 * mode] = chance_between(&scene->chance, 200.0, 600.0) * (1.0 + gamma);
            p[5 + 3 * mode] = chance_between(&scene->chance, 6.0, 11.0) + 8.0 * (double)mode;
            p[6 + 3 * mode] = gamma;
        }
        reference_model(&scene->set, &spectrum, p, scene->mu[k], NULL);
    }
}

static void fill_spectrum(struct ixs_spectrum *row, size_t index)
{
    *row = (struct ixs_spectrum){.spectrum = (int64_t)index + 1,
                                 .temperature = 300.0,
                                 .zero_err = 0.2,
                                 .scale_err = 0.01,
                                 .q = 1.0 + 1e-4 * (double)index,
                                 .q_width = 0.05,
                                 .npoints = POINTS,
                                 .elastic = NAN,
                                 .elastic_err = NAN};
    snprintf(row->analyzer, sizeof row->analyzer, "a%zu", index % CURVES % ANALYZERS + 1);
    snprintf(row->scans, sizeof row->scans, "%zu", index / ANALYZERS + 1);
    ixs_copy(row->statist, sizeof row->statist, "POISSON");
    ixs_copy(row->quality, sizeof row->quality, "good");
    ixs_copy(row->response, sizeof row->response, "good");
}

static void fill_points(struct scene *scene, const struct ixs_spectrum *spectrum,
                        struct ixs_point *points)
{
    const double *mu = scene->mu[(size_t)(spectrum->spectrum - 1) % CURVES];
    for (size_t i = 0; i < POINTS; i++) {
        double counts = chance_poisson(&scene->chance, mu[i]);
        points[i] = (struct ixs_point){.spectrum = spectrum->spectrum,
                                       .scan = 1 + (spectrum->spectrum - 1) / ANALYZERS,
                                       .point = (int64_t)i + 1,
                                       .time = 60.0,
                                       .energy_raw = scene->energy[i],
                                       .energy = scene->energy[i],
                                       .counts = counts,
                                       .exposure = 60.0,
                                       .intensity = counts / 60.0,
                                       .error = sqrt(fmax(counts, 1.0)) / 60.0,
                                       .elastic = NAN,
                                       .elastic_err = NAN,
                                       .inelastic = NAN,
                                       .inelastic_err = NAN,
                                       .subtracted = NAN,
                                       .subtracted_err = NAN};
        ixs_copy(points[i].analyzer, sizeof points[i].analyzer, spectrum->analyzer);
    }
}

static bool write_spectra(struct scene *scene, const char *folder, size_t count,
                          struct ixs_err *err)
{
    struct ixs_spectra spectra = {.identity = {.kind = "SPECTRA", .version = 1}};
    struct ixs_provenance step = {.program = "archive", .version = "1"};
    char path[1024];
    snprintf(path, sizeof path, "%s/spectra.fits", folder);
    bool ok = IXS_NEW(spectra.spectra, count, err) && IXS_NEW(spectra.points, count * POINTS, err);
    for (size_t k = 0; ok && k < count; k++) {
        fill_spectrum(&spectra.spectra[k], k);
        fill_points(scene, &spectra.spectra[k], spectra.points + k * POINTS);
    }
    spectra.nspectra = count;
    spectra.npoints = count * POINTS;
    spectra.keys.reference = 1.0;
    spectra.keys.lambda = NAN;
    ok = ok && ixs_spectra_write(&spectra, path, &step, NULL, NULL, err);
    ixs_spectra_dispose(&spectra);
    return ok;
}

static void fill_response(struct ixs_calib *calib, size_t a, const struct peers_response *response)
{
    struct ixs_calib_analyzer *row = &calib->analyzers[a];
    *row = (struct ixs_calib_analyzer){
        .zero_err = 0.2, .efficiency = 1.0, .fwhm = response->parts[0].fwhm, .ncomponents = 2};
    snprintf(row->analyzer, sizeof row->analyzer, "a%zu", a + 1);
    ixs_copy(row->quality, sizeof row->quality, "good");
    for (size_t k = 0; k < 2; k++) {
        struct ixs_calib_component *part = &calib->components[2 * a + k];
        *part = (struct ixs_calib_component){.component = (int64_t)k + 1,
                                             .weight = response->parts[k].weight,
                                             .center = response->parts[k].center,
                                             .fwhm = response->parts[k].fwhm,
                                             .eta = response->parts[k].eta};
        ixs_copy(part->analyzer, sizeof part->analyzer, row->analyzer);
    }
}

static bool write_calib(const struct scene *scene, const char *folder, struct ixs_err *err)
{
    struct ixs_calib calib = {.identity = {.kind = "CALIB", .version = 1}};
    struct ixs_provenance step = {.program = "archive", .version = "1"};
    char path[1024];
    snprintf(path, sizeof path, "%s/calib.fits", folder);
    bool ok = IXS_NEW(calib.analyzers, ANALYZERS, err) &&
              IXS_NEW(calib.components, (size_t)2 * ANALYZERS, err);
    for (size_t a = 0; ok && a < ANALYZERS; a++)
        fill_response(&calib, a, &scene->set.responses[a]);
    calib.nanalyzers = ANALYZERS;
    calib.ncomponents = (size_t)2 * ANALYZERS;
    ok = ok && ixs_calib_write(&calib, path, &step, NULL, NULL, err);
    ixs_calib_dispose(&calib);
    return ok;
}

static bool write_archive(const char *folder, size_t count, struct ixs_err *err)
{
    struct scene *scene = ixs_array(1, sizeof *scene, err);
    if (!scene)
        return false;
    mkdir(folder, 0777);
    scene->chance = 10000;
    make_curves(scene);
    bool ok = write_spectra(scene, folder, count, err) && write_calib(scene, folder, err);
    free(scene);
    return ok;
}

/* ---- kernels --------------------------------------------------------------------------------- */

static double fit_spectrum(struct ixs_fit_space *space, const struct ixs_spectra *spectra,
                           const struct ixs_fitting_responses *responses, size_t index)
{
    const struct ixs_spectrum *spectrum = &spectra->spectra[index];
    const struct ixs_point *points = spectra->points + index * POINTS;
    double energy[POINTS], counts[POINTS], exposure[POINTS], dark[POINTS];
    struct ixs_fit_task task = IXS_FIT_TASK;
    struct ixs_fit_answer answer;
    for (size_t i = 0; i < POINTS; i++) {
        energy[i] = points[i].energy;
        counts[i] = points[i].counts;
        exposure[i] = points[i].exposure;
        dark[i] = points[i].dark;
    }
    task.points = (struct ixs_model_points){
        .n = POINTS, .energy = energy, .counts = counts, .exposure = exposure, .dark = dark};
    const struct ixs_fitting_response *response =
        ixs_fitting_responses_of(responses, spectrum->analyzer);
    task.response = response->response;
    task.transforms = &response->transforms;
    task.kelvin = spectrum->temperature;
    task.zero_err = spectrum->zero_err;
    task.nmodes = 2;
    double before = cpu();
    ixs_fit_run(space, &task, &answer);
    return cpu() - before;
}

static bool time_kernels(const char *spectra_path, const char *calib_path, struct ixs_err *err)
{
    struct ixs_spectra spectra = {0};
    struct ixs_calib calib = {0};
    struct ixs_fitting_responses responses = {0};
    struct ixs_reading how = {0};
    struct ixs_provenance step = {0};
    struct ixs_fit_space *space = NULL;
    double sum = 0.0;
    bool ok = ixs_spectra_read(&spectra, spectra_path, &how, &step, err) &&
              ixs_calib_read(&calib, calib_path, &how, &step, err) &&
              ixs_fitting_responses_make(&responses, &calib, true, 1, err) &&
              ixs_fit_space_new(&space, POINTS, err);
    for (size_t k = 0; ok && k < spectra.nspectra; k++)
        sum += fit_spectrum(space, &spectra, &responses, k);
    if (ok)
        printf("%.6f\n", sum);
    ixs_fit_space_free(space);
    ixs_fitting_responses_dispose(&responses);
    ixs_spectra_dispose(&spectra);
    ixs_calib_dispose(&calib);
    ixs_provenance_dispose(&step);
    return ok;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* The bytes of a file in memory that has been touched before; the caller frees. */
static char *slurp(const char *path, size_t *size, double *took, struct ixs_err *err)
{
    struct stat info;
    FILE *file = fopen(path, "rb");
    if (!file || fstat(fileno(file), &info) != 0) {
        ixs_fail_at(err, IXS_INPUT, path, 0, "cannot be read");
        return NULL;
    }
    *size = (size_t)info.st_size;
    char *bytes = ixs_array(*size, 1, err);
    if (bytes) {
        memset(bytes, 1, *size);
        setvbuf(file, NULL, _IONBF, 0);
        double before = cpu();
        *size = fread(bytes, 1, *size, file);
        *took += cpu() - before;
    }
    fclose(file);
    return bytes;
}

static bool spit(const char *path, size_t size, const char *bytes, double *took,
                 struct ixs_err *err)
{
    FILE *file = fopen(path, "wb");
    if (!file)
        return ixs_fail_at(err, IXS_OUTPUT, path, 0, "cannot be written");
    setvbuf(file, NULL, _IONBF, 0);
    double before = cpu();
    bool ok = fwrite(bytes, 1, size, file) == size;
    *took += cpu() - before;
    fclose(file);
    remove(path);
    return ok || ixs_fail_at(err, IXS_OUTPUT, path, 0, "not all of it could be written");
}

static bool time_bytes(int nfiles, char **paths, struct ixs_err *err)
{
    double took = 0.0, aside = 0.0;
    bool ok = true;
    for (int k = 0; ok && k < nfiles; k++) {
        bool last = k == nfiles - 1; /* what was written: its reading is not counted */
        size_t size = 0;
        char copy[1024], *bytes = slurp(paths[k], &size, last ? &aside : &took, err);
        snprintf(copy, sizeof copy, "%s.copy", paths[k]);
        ok = bytes && (!last || spit(copy, size, bytes, &took, err));
        free(bytes);
    }
    if (ok)
        printf("%.6f\n", took);
    return ok;
}

int main(int argc, char **argv)
{
    struct ixs_err err = IXS_ERR_NONE;
    bool ok = false;
    if (argc == 4 && strcmp(argv[1], "write") == 0)
        ok = write_archive(argv[2], strtoul(argv[3], NULL, 10), &err);
    else if (argc == 4 && strcmp(argv[1], "kernels") == 0)
        ok = time_kernels(argv[2], argv[3], &err);
    else if (argc > 3 && strcmp(argv[1], "bytes") == 0)
        ok = time_bytes(argc - 2, argv + 2, &err);
    else
        ixs_fail(&err, IXS_USAGE, "archive write FOLDER COUNT | kernels SPECTRA CALIB | bytes ...");
    if (!ok)
        fprintf(stderr, "%s%s%s\n", err.where, err.where[0] ? ": " : "", err.text);
    return ok ? 0 : (int)err.code;
}
