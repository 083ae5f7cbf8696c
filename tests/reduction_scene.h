/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of the reduction: one scan of two analyzers, all that is needed to reduce it, and what
 * comes out.
 */
#ifndef IXS_TESTS_REDUCTION_SCENE_H
#define IXS_TESTS_REDUCTION_SCENE_H

#include "calib/reduction/reduction.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 41, LABELS = 6 };

struct scene { /* one scan, all that is needed to reduce it, and what came out */
    struct ixs_raw raw;
    struct ixs_experiment experiment;
    struct ixs_calib_analyzer rows[2];
    struct ixs_calib_component components[2];
    struct ixs_calib calib;
    struct ixs_reduction how;
    struct ixs_spectra spectra;
    struct ixs_notes notes;
    struct ixs_err err;
    char labels[LABELS][49];
    double values[POINTS * LABELS];
    struct ixs_raw_position positions[5];
    struct ixs_raw_value metadata[5];
};

static inline double *cell(struct scene *scene, int point, const char *label)
{
    long column = ixs_raw_label(&scene->raw, label);
    assert_true(column >= 0);
    return &scene->values[point * LABELS + column];
}

static inline void set_raw(struct scene *scene)
{
    static const char *const labels[LABELS] = {"E", "A1", "A2", "Seconds", "I0", "T"};
    struct ixs_raw *raw = &scene->raw;
    for (int i = 0; i < LABELS; i++)
        ixs_copy(scene->labels[i], sizeof scene->labels[i], labels[i]);
    *raw = (struct ixs_raw){.npoints = POINTS,
                            .nlabels = LABELS,
                            .labels = scene->labels,
                            .values = scene->values,
                            .positions = scene->positions,
                            .npositions = 5,
                            .metadata = scene->metadata,
                            .nmetadata = 5};
    raw->keys = (struct ixs_raw_keys){.scan = 60,
                                      .order = 1,
                                      .lambda = 0.52262,
                                      .e_origin = 2.5,
                                      .npoints = POINTS,
                                      .command = "ascan E -10 10 40 30",
                                      .origin = "/data/2015/CdOsO",
                                      .ended = "COMPLETE"};
    for (int i = 0; i < 9; i++)
        raw->keys.ub[i] = i % 4 == 0 ? 2 * IXS_PI / 10.17 : 0.0;
    for (int i = 0; i < 6; i++)
        raw->keys.lattice[i] = i < 3 ? 10.17 : 90.0;
    for (int i = 0; i < POINTS; i++) {
        double energy = -10.0 + 0.5 * i;
        *cell(scene, i, "E") = energy;
        *cell(scene, i, "A1") = round(2.0 + 400.0 * exp(-2.77 * energy * energy / 2.25));
        *cell(scene, i, "A2") = 1 + i % 3;
        *cell(scene, i, "Seconds") = 30.0;
        *cell(scene, i, "I0") = 3.3e6;
        *cell(scene, i, "T") = 298.0 + 0.01 * i;
    }
}

static inline void set_places(struct scene *scene)
{
    static const struct ixs_raw_position positions[5] = {{"tth", "", 20.0},
                                                         {"th", "", 10.0},
                                                         {"chi", "", 0.0},
                                                         {"phi", "", 0.0},
                                                         {"mask", "", 15.0}};
    static const struct ixs_raw_value metadata[5] = {{"T_head", 297.0, "297"},
                                                     {"main", NAN, ""},
                                                     {"A1_H", NAN, ""},
                                                     {"A1_K", 0.0, "0"},
                                                     {"A1_L", 0.0, "0"}};
    memcpy(scene->positions, positions, sizeof positions);
    memcpy(scene->metadata, metadata, sizeof metadata);
}

static inline void add_analyzer(struct ixs_instrument *instrument, const char *name,
                                double position)
{
    struct ixs_analyzer *analyzer = &instrument->analyzers[instrument->nanalyzers++];
    *analyzer = ixs_instrument_analyzer(name);
    analyzer->position = position;
}

static inline void set_instrument(struct ixs_instrument *instrument)
{
    ixs_instrument_default(instrument);
    ixs_copy(instrument->name, sizeof instrument->name, "TEST");
    ixs_copy(instrument->energy, sizeof instrument->energy, "e");
    ixs_copy(instrument->monitor, sizeof instrument->monitor, "I0");
    ixs_copy(instrument->time, sizeof instrument->time, "Seconds");
    ixs_copy(instrument->two_theta, sizeof instrument->two_theta, "tth");
    ixs_copy(instrument->theta, sizeof instrument->theta, "th");
    ixs_copy(instrument->chi, sizeof instrument->chi, "chi");
    ixs_copy(instrument->phi, sizeof instrument->phi, "phi");
    ixs_copy(instrument->main_metadata, sizeof instrument->main_metadata, "main");
    instrument->pitch = 0.95;
    instrument->main = 1.0;
    instrument->reference = 1e5;
    instrument->narrowest = 0.9;
    instrument->temperature = (struct ixs_thermometry){
        .sources = {{IXS_PLACE_COLUMN, "T"}, {IXS_PLACE_METADATA, "T_head"}},
        .nsources = 2,
        .sentinels = {500.0, 1.45},
        .nsentinels = 2,
        .least = 1.0,
        .most = 2000.0,
        .agree = 2.0,
        .error = 0.5};
    add_analyzer(instrument, "A1", 1.0);
    add_analyzer(instrument, "A2", 3.0);
    add_analyzer(instrument, "A9", 9.0); /* no column in the scan */
}

static inline void set_calib(struct scene *scene)
{
    scene->rows[0] = (struct ixs_calib_analyzer){.analyzer = "A1",
                                                 .zero = 3.25,
                                                 .zero_err = 0.07,
                                                 .efficiency = 1.25,
                                                 .dark_rate = 0.01,
                                                 .dead_time = 0.0,
                                                 .quality = "good"};
    scene->rows[1] = (struct ixs_calib_analyzer){.analyzer = "A2",
                                                 .zero = NAN,
                                                 .zero_err = NAN,
                                                 .efficiency = NAN,
                                                 .dark_rate = NAN,
                                                 .quality = "uncalibrated"};
    scene->components[0] = (struct ixs_calib_component){.analyzer = "A1", .component = 1};
    scene->components[1] = (struct ixs_calib_component){.analyzer = "A2", .component = 1};
    scene->calib = (struct ixs_calib){.keys = {.beamtimes = "/data/2015/CdOsO"},
                                      .analyzers = scene->rows,
                                      .nanalyzers = 2,
                                      .components = scene->components,
                                      .ncomponents = 2};
}

static inline struct scene *make_scene(void)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    set_raw(scene);
    set_places(scene);
    set_calib(scene);
    set_instrument(&scene->experiment.instrument);
    scene->experiment.temperature = scene->experiment.temperature_error = NAN;
    scene->experiment.wavelength = NAN;
    for (int i = 0; i < 9; i++)
        scene->experiment.ub[i] = NAN;
    for (int i = 0; i < 6; i++)
        scene->experiment.lattice[i] = NAN;
    scene->how.experiment = &scene->experiment;
    return scene;
}

static inline bool reduce(struct scene *scene)
{
    scene->err = IXS_ERR_NONE;
    return ixs_reduction_add(&scene->spectra, &scene->raw, "scan.fits", &scene->how, &scene->notes,
                             &scene->err);
}

static inline void must_reduce(struct scene *scene)
{
    if (!reduce(scene))
        fail_msg("%s: %s", scene->err.where, scene->err.text);
}

static inline bool noted(const struct scene *scene, const char *text)
{
    for (size_t i = 0; i < scene->notes.count; i++)
        if (strstr(scene->notes.lines[i], text))
            return true;
    return false;
}

static inline void free_scene(struct scene *scene)
{
    ixs_spectra_dispose(&scene->spectra);
    ixs_notes_dispose(&scene->notes);
    free(scene->experiment.zeros);
    free(scene);
}

#endif
