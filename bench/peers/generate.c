/* SPDX-License-Identifier: GPL-3.0-or-later
 * generate FOLDER [COUNT]: spectra for the comparison where there are no others, made alike: COUNT
 * (1000) of 201 points and as many of 401, -40 .. 40 meV, 9 analyzers, 1 to 4 modes, peak
 * log-uniform 50 .. 2000 counts. Expected counts by plain quadrature (0.02 meV, +-160 meV), so that
 * no fitter's own way of convolving is favoured. Starts: amplitudes x 0.6 .. 1.5, energies +-0.5
 * meV (1 sigma), half widths 1 meV, no zero shift, no slope.
 */
#include "bench/chance.h"
#include "bench/peers/spectra.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STEP 0.02
enum { HALF = 8000, CELLS = 2 * HALF + 1, WIDEST = 6000 }; /* R is cut at +-120 meV */

struct scene {
    double s[CELLS], r[2 * WIDEST + 1], mu[401];
    struct peers_response responses[9];
    uint64_t chance;
};

static FILE *create(const char *folder, const char *stem, size_t npoints)
{
    char path[1024];
    if (npoints)
        snprintf(path, sizeof path, "%s/%s%zu.csv", folder, stem, npoints);
    else
        snprintf(path, sizeof path, "%s/%s.csv", folder, stem);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(4);
    }
    return file;
}

static void draw_responses(struct scene *scene, const char *folder)
{
    FILE *file = create(folder, "resolution", 0);
    fprintf(file, "analyzer,k,c,d,fwhm,eta\n");
    for (int a = 0; a < 9; a++) {
        double share = chance_between(&scene->chance, 0.12, 0.25);
        double fwhm = 1.5 * chance_between(&scene->chance, 0.93, 1.07);
        double eta = chance_between(&scene->chance, 0.25, 0.35);
        double apart = chance_between(&scene->chance, 0.35, 0.7) *
                       (ixs_chance_uniform(&scene->chance) < 0.5 ? -1.0 : 1.0);
        scene->responses[a] =
            (struct peers_response){2,
                                    {{1.0 - share, -share * apart, 0.97 * fwhm, eta},
                                     {share, (1.0 - share) * apart, 1.15 * fwhm, eta}}};
        for (int k = 0; k < 2; k++) {
            const struct peers_part *part = &scene->responses[a].parts[k];
            fprintf(file, "%d,%d,%.10g,%.10g,%.10g,%.10g\n", a, k, part->weight, part->center,
                    part->fwhm, part->eta);
        }
    }
    fclose(file);
}

static void draw_truth(struct scene *scene, struct peers_spectrum *out)
{
    double omega = chance_between(&scene->chance, 4.0, 9.0), *p = out->truth;
    p[0] = chance_log_between(&scene->chance, 0.2, 4.0);
    p[1] = 0.1 * ixs_chance_normal(&scene->chance);
    for (size_t k = 0; k < out->nmodes; k++) {
        double gamma = chance_log_between(&scene->chance, 0.4, 2.5);
        p[4 + 3 * k] = chance_log_between(&scene->chance, 0.5, 2.0) * (1.0 + 0.8 * gamma);
        p[5 + 3 * k] = omega;
        p[6 + 3 * k] = gamma;
        omega += chance_between(&scene->chance, 4.0, 7.5);
    }
}

/* Expected counts without background. The grid of S moves with the zero, so that all energies lie
 * on it. */
static void expect(struct scene *scene, const struct peers_spectrum *spectrum, size_t npoints)
{
    const struct peers_response *response = &scene->responses[spectrum->analyzer];
    const double *p = spectrum->truth;
    size_t stride = 4000 / (npoints - 1);
    for (int i = 0; i < CELLS; i++) {
        double x = STEP * (i - HALF) - p[1], sum = 0.0;
        for (size_t k = 0; k < spectrum->nmodes; k++)
            sum += p[4 + 3 * k] * peers_mode(x, p[5 + 3 * k], p[6 + 3 * k]);
        scene->s[i] = sum * peers_bose(x);
    }
    for (int m = 0; m <= 2 * WIDEST; m++)
        scene->r[m] = STEP * peers_response_at(response, STEP * (WIDEST - m));
    for (size_t i = 0; i < npoints; i++) {
        const double *s = scene->s + (HALF - 2000 - WIDEST) + i * stride;
        double sums[4] = {0};
        for (int m = 0; m < 2 * WIDEST; m++)
            sums[m & 3] += scene->r[m] * s[m];
        double e = -PEERS_REACH + STEP * (double)(i * stride);
        scene->mu[i] =
            sums[0] + sums[1] + sums[2] + sums[3] + p[0] * peers_response_at(response, e - p[1]);
    }
}

/* Scales to a peak height, adds the background, draws the start. */
static double scale(struct scene *scene, struct peers_spectrum *spectrum, size_t npoints)
{
    double *p = spectrum->truth, *q = spectrum->start, highest = 0.0;
    double peak = chance_log_between(&scene->chance, 50.0, 2000.0);
    for (size_t i = 0; i < npoints; i++)
        highest = fmax(highest, scene->mu[i]);
    p[0] *= peak / highest;
    for (size_t k = 0; k < spectrum->nmodes; k++)
        p[4 + 3 * k] *= peak / highest;
    p[2] = peak * chance_between(&scene->chance, 0.005, 0.04);
    p[3] = p[2] / PEERS_REACH * chance_between(&scene->chance, -0.4, 0.4);
    for (size_t i = 0; i < npoints; i++) {
        double e = -PEERS_REACH + 2.0 * PEERS_REACH * (double)i / (double)(npoints - 1);
        scene->mu[i] = scene->mu[i] * peak / highest + p[2] + p[3] * e;
    }
    q[0] = p[0] * chance_between(&scene->chance, 0.6, 1.5);
    q[2] = p[2] * chance_between(&scene->chance, 0.6, 1.6);
    for (size_t k = 0; k < spectrum->nmodes; k++) {
        q[4 + 3 * k] = p[4 + 3 * k] * chance_between(&scene->chance, 0.6, 1.5);
        q[5 + 3 * k] = p[5 + 3 * k] + 0.5 * ixs_chance_normal(&scene->chance);
        q[6 + 3 * k] = 1.0;
    }
    return peak;
}

static void write_parameters(FILE *file, const struct peers_spectrum *spectrum, double peak,
                             const double *parameters)
{
    fprintf(file, "%ld,%zu,%zu,%.6g", spectrum->id, spectrum->analyzer, spectrum->nmodes, peak);
    for (size_t k = 0; k < peers_nparameters(spectrum); k++)
        fprintf(file, ",%.12g", parameters[k]);
    fprintf(file, "\n");
}

static void make(struct scene *scene, const char *folder, size_t npoints, size_t count)
{
    FILE *counts = create(folder, "spectra", npoints), *truth = create(folder, "truth", npoints),
         *start = create(folder, "start", npoints);
    fprintf(counts, "id,analyzer,nmodes,counts\n");
    fprintf(truth, "id,analyzer,nmodes,peak,Ael,E0,b0,b1,A1,O1,G1,...\n");
    fprintf(start, "id,analyzer,nmodes,peak,Ael,E0,b0,b1,A1,O1,G1,...\n");
    for (size_t id = 0; id < count; id++) {
        struct peers_spectrum spectrum = {.id = (long)id, .nmodes = 1 + id % 4};
        spectrum.analyzer = (size_t)(9.0 * ixs_chance_uniform(&scene->chance));
        draw_truth(scene, &spectrum);
        expect(scene, &spectrum, npoints);
        double peak = scale(scene, &spectrum, npoints);
        fprintf(counts, "%zu,%zu,%zu", id, spectrum.analyzer, spectrum.nmodes);
        for (size_t i = 0; i < npoints; i++)
            fprintf(counts, ",%.0f", chance_poisson(&scene->chance, scene->mu[i]));
        fprintf(counts, "\n");
        write_parameters(truth, &spectrum, peak, spectrum.truth);
        write_parameters(start, &spectrum, peak, spectrum.start);
    }
    fclose(counts), fclose(truth), fclose(start);
}

int main(int argc, char **argv)
{
    struct scene *scene = (struct scene *)calloc(1, sizeof *scene);
    size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
    if (argc < 2 || !scene) {
        fprintf(stderr, "usage: %s FOLDER [COUNT]\n", argv[0]);
        free(scene);
        return 2;
    }
    mkdir(argv[1], 0777);
    scene->chance = 20240607;
    draw_responses(scene, argv[1]);
    for (size_t npoints = 201; npoints <= 401; npoints += 200) {
        scene->chance = npoints;
        make(scene, argv[1], npoints, count);
    }
    free(scene);
    return 0;
}
