/* SPDX-License-Identifier: GPL-3.0-or-later
 * The instrument: what the XML says of a beamline.
 */
#include "calib/instrument.h"

#include "base/array.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define REAL(member, name) IXS_FIELD(ixs_instrument, member, name, IXS_FIELD_REAL)
#define TEXT(member, name) IXS_FIELD(ixs_instrument, member, name, IXS_FIELD_TEXT)
static const struct ixs_field fields[] = {
    TEXT(name, "@name"),
    TEXT(reflection, "reflection"),
    REAL(photon_energy, "photon_energy"),
    REAL(wavelength, "wavelength"),
    TEXT(energy, "energy/column"),
    REAL(energy_scale, "energy/scale"),
    REAL(energy_scale_error, "energy/scale_error"),
    REAL(energy_origin, "energy/origin"),
    TEXT(two_theta, "circles/two_theta"),
    TEXT(theta, "circles/theta"),
    TEXT(chi, "circles/chi"),
    TEXT(phi, "circles/phi"),
    TEXT(mu, "circles/mu"),
    TEXT(gamma, "circles/gamma"),
    REAL(pitch, "pitch"),
    REAL(main, "main"),
    TEXT(main_metadata, "main/@metadata"),
    TEXT(monitor, "monitor/column"),
    REAL(reference, "monitor/reference"),
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

#define REAL(member, name) IXS_FIELD(ixs_analyzer, member, name, IXS_FIELD_REAL)
#define TEXT(member, name) IXS_FIELD(ixs_analyzer, member, name, IXS_FIELD_TEXT)
static const struct ixs_field analyzer_fields[] = {
    REAL(position, "@position"),
    REAL(row, "@row"),
    IXS_FIELD(ixs_analyzer, unused, "@unused", IXS_FIELD_FLAG),
    REAL(offset, "offset"),
    TEXT(mask, "mask/motor"),
    REAL(open, "mask/open"),
    TEXT(thermometer, "thermometer"),
    REAL(correction, "correction"),
    TEXT(header_h, "header/h"),
    TEXT(header_k, "header/k"),
    TEXT(header_l, "header/l"),
    REAL(fwhm, "response/fwhm"),
    REAL(eta, "response/eta"),
    REAL(zero, "zero"),
    REAL(efficiency, "efficiency"),
    REAL(dark_rate, "dark_rate"),
    REAL(dead_time, "dead_time"),
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
        .pitch = NAN,
        .main = NAN,
        .reference = NAN,
        .fwhm = NAN,
        .eta = NAN,
        .narrowest = NAN,
        .temperature = {.least = 1.0, .most = 2000.0, .agree = 2.0, .error = NAN},
    };
    (void)ixs_silicon_named(&out->thermal.silicon, out->thermal.law);
}

static size_t place_of(const struct ixs_instrument *instrument, const char *name)
{
    size_t a = 0;
    while (a < instrument->nanalyzers && strcasecmp(instrument->analyzers[a].name, name) != 0)
        a++;
    return a;
}

const struct ixs_analyzer *ixs_instrument_find(const struct ixs_instrument *instrument,
                                               const char *name)
{
    size_t a = place_of(instrument, name);
    return a < instrument->nanalyzers ? &instrument->analyzers[a] : NULL;
}

static void new_analyzer(struct ixs_analyzer *out, const char *name)
{
    *out = (struct ixs_analyzer){.position = NAN,
                                 .open = NAN,
                                 .fwhm = NAN,
                                 .eta = NAN,
                                 .zero = NAN,
                                 .efficiency = NAN,
                                 .dark_rate = NAN,
                                 .dead_time = NAN};
    ixs_copy(out->name, sizeof out->name, name);
}

struct named { /* <analyzer name="..."> */
    char name[25];
};

static bool overlay_analyzer(struct ixs_instrument *out, const struct ixs_config *config,
                             struct ixs_node *node, struct ixs_err *err)
{
    const struct ixs_field name_field = IXS_FIELD(named, name, "@name", IXS_FIELD_TEXT);
    const char *path = ixs_config_path(config);
    long line = ixs_node_line(node);
    struct named named = {""};
    if (!ixs_node_fields(config, node, &name_field, 1, &named, err))
        return false;
    size_t a = place_of(out, named.name);
    if (a == IXS_MOST_ANALYZERS)
        return ixs_fail_at(err, IXS_USAGE, path, line, "found more than %d analyzers",
                           IXS_MOST_ANALYZERS);
    if (a == out->nanalyzers) {
        new_analyzer(&out->analyzers[a], named.name);
        out->nanalyzers++;
    }
    struct ixs_analyzer *analyzer = &out->analyzers[a];
    if (!ixs_node_fields(config, node, analyzer_fields, IXS_COUNT(analyzer_fields), analyzer, err))
        return false;
    if (isfinite(analyzer->position))
        return true;
    return ixs_fail_at(err, IXS_USAGE, path, line,
                       "found analyzer %s without a position, expected its place in the array",
                       analyzer->name);
}

static bool named_before(const struct ixs_config *config, struct ixs_node *first,
                         struct ixs_node *node, struct ixs_err *err)
{
    const struct ixs_field name_field = IXS_FIELD(named, name, "@name", IXS_FIELD_TEXT);
    struct named wanted = {""}, other = {""};
    if (!ixs_node_fields(config, node, &name_field, 1, &wanted, err))
        return true;
    for (struct ixs_node *before = first; before != node; before = ixs_node_next(before)) {
        if (!ixs_node_fields(config, before, &name_field, 1, &other, err))
            return true;
        if (strcasecmp(wanted.name, other.name) == 0) {
            ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                        "found analyzer %s a second time, expected each once (line %ld)",
                        wanted.name, ixs_node_line(before));
            return true;
        }
    }
    return false;
}

static bool overlay_analyzers(struct ixs_instrument *out, const struct ixs_config *config,
                              struct ixs_node *list, struct ixs_err *err)
{
    struct ixs_node *first = list ? ixs_node_child(list, "analyzer") : NULL;
    for (struct ixs_node *node = first; node != NULL; node = ixs_node_next(node))
        if (named_before(config, first, node, err) || !overlay_analyzer(out, config, node, err))
            return false;
    return true;
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
           overlay_analyzers(out, config, ixs_node_child(node, "analyzers"), err);
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
        {!isfinite(instrument->pitch), "no pitch of the analyzers (<pitch>)"},
        {!isfinite(instrument->main), "no main analyzer (<main>)"},
    };
    for (size_t i = 0; i < IXS_COUNT(needs); i++)
        if (needs[i].missing)
            return needs[i].complaint;
    return NULL;
}
