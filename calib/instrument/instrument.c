/* SPDX-License-Identifier: GPL-3.0-or-later
 * The instrument: what the XML says of a beamline.
 */
#include "calib/instrument/instrument.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

#define REAL(member, name) IXS_FIELD(ixs_instrument, member, name, IXS_FIELD_REAL)
#define TEXT(member, name) IXS_FIELD(ixs_instrument, member, name, IXS_FIELD_TEXT)
static const struct ixs_field fields[] = {
    TEXT(name, "@name"),
    TEXT(dialect, "@dialect"),
    TEXT(reflection, "reflection"),
    REAL(photon_energy, "photon_energy"),
    REAL(wavelength, "wavelength"),
    TEXT(energy, "energy/column"),
    REAL(energy_scale, "energy/scale"),
    REAL(energy_scale_error, "energy/scale_error"),
    REAL(energy_origin, "energy/origin"),
    TEXT(circles, "circles/geometry"),
    TEXT(two_theta, "circles/two_theta"),
    TEXT(theta, "circles/theta"),
    TEXT(chi, "circles/chi"),
    TEXT(phi, "circles/phi"),
    TEXT(mu, "circles/mu"),
    TEXT(gamma, "circles/gamma"),
    REAL(fixed_mu, "circles/fixed_mu"),
    REAL(fixed_gamma, "circles/fixed_gamma"),
    REAL(array.radius, "array/radius"),
    REAL(array.pitch_x, "array/pitch_x"),
    REAL(array.pitch_z, "array/pitch_z"),
    REAL(array.offset_x, "array/offset_x"),
    REAL(array.offset_z, "array/offset_z"),
    REAL(array.width, "array/width"),
    REAL(array.height, "array/height"),
    TEXT(array.shape, "array/shape"),
    REAL(array.slit_x.distance, "array/slit_x/distance"),
    REAL(array.slit_x.gap, "array/slit_x/gap"),
    TEXT(array.slit_x.motor, "array/slit_x/motor"),
    REAL(array.slit_x.pitch, "array/slit_x/pitch"),
    REAL(array.slit_z.distance, "array/slit_z/distance"),
    REAL(array.slit_z.gap, "array/slit_z/gap"),
    TEXT(array.slit_z.motor, "array/slit_z/motor"),
    REAL(array.slit_z.pitch, "array/slit_z/pitch"),
    REAL(pitch, "pitch"),
    REAL(main, "main"),
    REAL(main_row, "main/@row"),
    TEXT(main_metadata, "main/@metadata"),
    TEXT(monitor, "monitor/column"),
    REAL(reference, "monitor/reference"),
    REAL(monitoring.dead_time, "monitor/dead_time"),
    REAL(monitoring.dark_rate, "monitor/dark_rate"),
    REAL(monitoring.noise, "monitor/noise"),
    TEXT(polarization.direction, "polarization/direction"),
    REAL(polarization.degree, "polarization/degree"),
    TEXT(time, "time/column"),
    REAL(fwhm, "response/fwhm"),
    REAL(eta, "response/eta"),
    REAL(narrowest, "narrowest"),
    REAL(temperature.least, "temperature/least"),
    REAL(temperature.most, "temperature/most"),
    REAL(temperature.agree, "temperature/agree"),
    REAL(temperature.error, "temperature/error"),
};
#undef REAL
#undef TEXT

void ixs_instrument_default(struct ixs_instrument *out)
{
    *out = (struct ixs_instrument){
        .photon_energy = NAN,
        .wavelength = NAN,
        .energy_scale = 1.0,
        .energy_scale_error = NAN,
        .thermal = {.by = "recorded",
                    .steinhart = {NAN, NAN, NAN},
                    .reference = NAN,
                    .law = "default",
                    .tolerance = NAN},
        .fixed_mu = NAN,
        .fixed_gamma = NAN,
        .array = {.radius = NAN,
                  .pitch_x = NAN,
                  .pitch_z = NAN,
                  .width = NAN,
                  .height = NAN,
                  .slit_x = {NAN, NAN, "", NAN},
                  .slit_z = {NAN, NAN, "", NAN}},
        .pitch = NAN,
        .main = NAN,
        .reference = NAN,
        .monitoring = {0.0, 0.0, 1.0},
        .polarization = {"", 1.0},
        .fwhm = NAN,
        .eta = NAN,
        .narrowest = NAN,
        .temperature = {.least = 1.0, .most = 2000.0, .agree = 2.0, .error = NAN},
    };
    (void)ixs_silicon_named(&out->thermal.silicon, out->thermal.law);
}

static bool add_thermometers(struct ixs_thermometry *out, const struct ixs_config *config,
                             struct ixs_node *first, enum ixs_place place, struct ixs_err *err)
{
    const struct ixs_field name_field = IXS_FIELD(ixs_thermometer, name, ".", IXS_FIELD_TEXT);
    for (struct ixs_node *node = first; node != NULL; node = ixs_node_next(node)) {
        if (out->nsources == IXS_MOST_THERMOMETERS)
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                               "found more than %d sources of temperature", IXS_MOST_THERMOMETERS);
        struct ixs_thermometer *source = &out->sources[out->nsources++];
        source->place = place;
        if (!ixs_node_fields(config, node, &name_field, 1, source, err))
            return false;
    }
    return true;
}

struct reading { /* <sentinel> */
    double kelvin;
};

static bool add_sentinels(struct ixs_thermometry *out, const struct ixs_config *config,
                          struct ixs_node *first, struct ixs_err *err)
{
    const struct ixs_field field = IXS_FIELD(reading, kelvin, ".", IXS_FIELD_REAL);
    struct reading reading = {NAN};
    for (struct ixs_node *node = first; node != NULL; node = ixs_node_next(node)) {
        if (!ixs_node_fields(config, node, &field, 1, &reading, err))
            return false;
        if (out->nsentinels < IXS_MOST_SENTINELS)
            out->sentinels[out->nsentinels++] = reading.kelvin;
    }
    return true;
}

/* Lists of an experiment replace those of the instrument: what was a thermometer may be none now.
 */
static bool overlay_thermometry(struct ixs_thermometry *out, const struct ixs_config *config,
                                struct ixs_node *node, struct ixs_err *err)
{
    if (node == NULL)
        return true;
    struct ixs_node *columns = ixs_node_child(node, "column");
    struct ixs_node *metadata = ixs_node_child(node, "metadata");
    struct ixs_node *motors = ixs_node_child(node, "motor");
    struct ixs_node *sentinels = ixs_node_child(node, "sentinel");
    if (columns || metadata || motors)
        out->nsources = 0;
    if (sentinels)
        out->nsentinels = 0;
    return add_thermometers(out, config, columns, IXS_PLACE_COLUMN, err) &&
           add_thermometers(out, config, metadata, IXS_PLACE_METADATA, err) &&
           add_thermometers(out, config, motors, IXS_PLACE_MOTOR, err) &&
           add_sentinels(out, config, sentinels, err);
}

bool ixs_instrument_overlay(struct ixs_instrument *out, const struct ixs_config *config,
                            struct ixs_node *node, struct ixs_err *err)
{
    return ixs_node_fields(config, node, fields, IXS_COUNT(fields), out, err) &&
           ixs_instrument_overlay_energy(&out->thermal, config, ixs_node_child(node, "energy"),
                                         err) &&
           overlay_thermometry(&out->temperature, config, ixs_node_child(node, "temperature"),
                               err) &&
           ixs_instrument_overlay_attenuators(out, config, ixs_node_child(node, "attenuators"),
                                              err) &&
           ixs_instrument_overlay_analyzers(out, config, ixs_node_child(node, "analyzers"), err);
}

bool ixs_instrument_read(struct ixs_instrument *out, const char *path,
                         struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    ixs_instrument_default(out);
    bool ok = ixs_config_open(&config, path, "instrument", err) &&
              ixs_instrument_overlay(out, config, ixs_config_root(config), err) &&
              (provenance == NULL || ixs_config_witness(config, "instrument", provenance, err));
    ixs_config_close(config);
    return ok;
}

void ixs_instrument_settle(struct ixs_instrument *instrument)
{
    size_t n = 0;
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        if (!instrument->analyzers[a].unused)
            instrument->analyzers[n++] = instrument->analyzers[a];
    instrument->nanalyzers = n;
}

bool ixs_instrument_sixcircle(const struct ixs_instrument *instrument)
{
    if (instrument->circles[0] != '\0')
        return strcmp(instrument->circles, "sixcircle") == 0;
    return instrument->mu[0] != '\0' || instrument->gamma[0] != '\0' ||
           isfinite(instrument->fixed_mu) || isfinite(instrument->fixed_gamma);
}

double ixs_instrument_pitch(const struct ixs_instrument *instrument)
{
    const struct ixs_array *array = &instrument->array;
    double pitch = atan2(array->pitch_x, array->radius) / IXS_DEGREE;
    return isfinite(pitch) ? pitch : instrument->pitch;
}

/* Whether some analyzer stands above or below the main one. */
static bool uneven(const struct ixs_instrument *instrument)
{
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        if (instrument->analyzers[a].row - instrument->main_row != 0.0)
            return true;
    return false;
}

const char *ixs_instrument_complaint(const struct ixs_instrument *instrument)
{
    const struct {
        bool missing;
        const char *complaint;
    } needs[] = {
        {instrument->nanalyzers == 0, "no analyzer (<analyzers>)"},
        {instrument->energy[0] == '\0', "no energy column (<energy><column>)"},
        {instrument->monitor[0] == '\0', "no monitor column (<monitor><column>)"},
        {instrument->time[0] == '\0', "no column of the counting time (<time><column>)"},
        {instrument->two_theta[0] == '\0', "no two theta motor (<circles><two_theta>)"},
        {!isfinite(ixs_instrument_pitch(instrument)),
         "no pitch of the analyzers (<pitch>, or <array> with <radius> and <pitch_x>)"},
        {isfinite(instrument->pitch) && isfinite(instrument->array.pitch_x),
         "two pitches of the analyzers (<pitch> and <array><pitch_x>)"},
        {uneven(instrument) && !isfinite(instrument->array.pitch_z),
         "no pitch of the rows of analyzers (<array><pitch_z>)"},
        {!isfinite(instrument->main), "no main analyzer (<main>)"},
    };
    for (size_t i = 0; i < IXS_COUNT(needs); i++)
        if (needs[i].missing)
            return needs[i].complaint;
    return ixs_instrument_energy_complaint(instrument);
}
