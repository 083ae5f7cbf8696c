/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads the comparison's spectra from CSV; the model's line shapes as plain functions.
 */
#include "bench/peers/spectra.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

static void give_up(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(3);
}

static void *room(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        give_up("memory", "not enough");
    return memory;
}

/* ---- CSV ------------------------------------------------------------------------------------- */

struct rows {
    FILE *file;
    char path[1024], *line;
    size_t size;
};

static void open_rows(struct rows *rows, const char *folder, const char *stem, size_t npoints)
{
    *rows = (struct rows){0};
    if (npoints)
        snprintf(rows->path, sizeof rows->path, "%s/%s%zu.csv", folder, stem, npoints);
    else
        snprintf(rows->path, sizeof rows->path, "%s/%s.csv", folder, stem);
    rows->file = fopen(rows->path, "r");
    if (!rows->file || getline(&rows->line, &rows->size, rows->file) < 0)
        give_up(rows->path, errno ? strerror(errno) : "no header line");
}

/* The numbers of the next line, at most `most`; SIZE_MAX: no more lines. */
static size_t next_row(struct rows *rows, size_t most, double *values)
{
    size_t n = 0;
    if (getline(&rows->line, &rows->size, rows->file) < 0)
        return (size_t)-1;
    for (char *at = rows->line, *end; n < most; at = end + 1) {
        double value = strtod(at, &end);
        if (end == at)
            break;
        values[n++] = value;
        if (*end != ',')
            break;
    }
    return n;
}

static void close_rows(struct rows *rows)
{
    fclose(rows->file);
    free(rows->line);
}

static void read_counts(struct peers_set *set, const char *folder)
{
    struct rows rows;
    size_t width = 3 + set->npoints, capacity = 0, got;
    double *values = (double *)room(width, sizeof *values);
    open_rows(&rows, folder, "spectra", set->npoints);
    while ((got = next_row(&rows, width, values)) != (size_t)-1) {
        if (got < width || values[1] >= PEERS_ANALYZERS || values[2] > PEERS_MODES)
            give_up(rows.path, "a line with too few numbers, or beyond the model");
        if (set->nspectra == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            set->spectra = realloc(set->spectra, capacity * sizeof *set->spectra);
            set->counts = realloc(set->counts, capacity * set->npoints * sizeof *set->counts);
            if (!set->spectra || !set->counts)
                give_up(rows.path, "not enough memory");
        }
        memcpy(set->counts + set->nspectra * set->npoints, values + 3,
               set->npoints * sizeof *values);
        set->spectra[set->nspectra++] = (struct peers_spectrum){
            .id = (long)values[0], .analyzer = (size_t)values[1], .nmodes = (size_t)values[2]};
    }
    for (size_t k = 0; k < set->nspectra; k++)
        set->spectra[k].counts = set->counts + k * set->npoints;
    close_rows(&rows);
    free(values);
}

static void read_parameters(struct peers_set *set, const char *folder, bool truth)
{
    struct rows rows;
    double values[4 + PEERS_PARAMETERS];
    open_rows(&rows, folder, truth ? "truth" : "start", set->npoints);
    for (size_t k = 0; k < set->nspectra; k++) {
        size_t n = peers_nparameters(&set->spectra[k]);
        if (next_row(&rows, 4 + n, values) != 4 + n)
            give_up(rows.path, "fewer lines or numbers than there are spectra and parameters");
        memcpy(truth ? set->spectra[k].truth : set->spectra[k].start, values + 4,
               n * sizeof *values);
    }
    close_rows(&rows);
}

static void read_responses(struct peers_set *set, const char *folder)
{
    struct rows rows;
    double v[6];
    open_rows(&rows, folder, "resolution", 0);
    while (next_row(&rows, 6, v) == 6) {
        size_t a = (size_t)v[0];
        if (a >= PEERS_ANALYZERS || set->responses[a].nparts == PEERS_PARTS)
            give_up(rows.path, "more analyzers or parts than expected");
        set->responses[a].parts[set->responses[a].nparts++] =
            (struct peers_part){v[2], v[3], v[4], v[5]};
        set->nanalyzers = a + 1 > set->nanalyzers ? a + 1 : set->nanalyzers;
    }
    close_rows(&rows);
}

void peers_read(struct peers_set *set, const char *folder, size_t npoints)
{
    *set = (struct peers_set){.npoints = npoints};
    errno = 0;
    set->energy = (double *)room(npoints, sizeof *set->energy);
    for (size_t i = 0; i < npoints; i++)
        set->energy[i] = -PEERS_REACH + 2.0 * PEERS_REACH * (double)i / (double)(npoints - 1);
    read_responses(set, folder);
    read_counts(set, folder);
    read_parameters(set, folder, false);
    read_parameters(set, folder, true);
}

void peers_dispose(struct peers_set *set)
{
    free(set->energy);
    free(set->counts);
    free(set->spectra);
}

size_t peers_nparameters(const struct peers_spectrum *spectrum)
{
    return 4 + 3 * spectrum->nmodes;
}

/* ---- line shapes ----------------------------------------------------------------------------- */

double peers_response_at(const struct peers_response *response, double x)
{
    double sum = 0.0;
    for (size_t k = 0; k < response->nparts; k++) {
        const struct peers_part *part = &response->parts[k];
        double t = x - part->center, g = 0.5 * part->fwhm;
        double s = part->fwhm / (2.0 * sqrt(2.0 * log(2.0)));
        double lorentz = g / PI / (t * t + g * g);
        double gauss = exp(-0.5 * (t / s) * (t / s)) / (s * sqrt(2.0 * PI));
        sum += part->weight * (part->eta * lorentz + (1.0 - part->eta) * gauss);
    }
    return sum;
}

double peers_bose(double x)
{
    double u = x / PEERS_KT;
    return fabs(u) < 1e-5 ? 1.0 + 0.5 * u : -u / expm1(-u);
}

double peers_mode(double x, double omega, double gamma)
{
    double o2 = omega * omega, x2 = x * x, d = o2 - x2;
    return 2.0 / PI * gamma * o2 / (d * d + 4.0 * gamma * gamma * x2);
}
