/* SPDX-License-Identifier: GPL-3.0-or-later
 * The temperature of the sample.
 */
#include "calib/experiment/temperature.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct reading {           /* of one thermometer over one scan */
    double kelvin, spread; /* mean and standard deviation of the plausible readings; NaN: none */
    double implausible;    /* one that is not; NaN: none */
};

/* Sentinels are written as such: 500, 1.45; what a device measures comes with more digits. */
static bool plausible(const struct ixs_thermometry *thermometry, double kelvin)
{
    for (size_t i = 0; i < thermometry->nsentinels; i++)
        if (fabs(kelvin - thermometry->sentinels[i]) < 1e-3)
            return false;
    return kelvin >= thermometry->least && kelvin <= thermometry->most;
}

static void read_values(struct reading *out, const struct ixs_thermometry *thermometry, size_t n,
                        size_t stride, const double *values)
{
    double count = 0.0, mean = 0.0, square = 0.0;
    *out = (struct reading){NAN, NAN, NAN};
    for (size_t i = 0; i < n; i++) {
        double kelvin = values[i * stride];
        if (isnan(kelvin))
            continue;
        if (!plausible(thermometry, kelvin)) {
            out->implausible = kelvin;
            continue;
        }
        count += 1.0;
        double step = kelvin - mean;
        mean += step / count;
        square += step * (kelvin - mean);
    }
    if (count > 0.0) {
        out->kelvin = mean;
        out->spread = sqrt(square / count);
    }
}

static void read_thermometer(struct reading *out, const struct ixs_thermometry *thermometry,
                             const struct ixs_thermometer *source, const struct ixs_raw *raw)
{
    long column = -1;
    double value = NAN;
    if (source->place == IXS_PLACE_COLUMN)
        column = ixs_raw_label(raw, source->name);
    else if (source->place == IXS_PLACE_METADATA)
        value = ixs_raw_metadata(raw, source->name);
    else
        value = ixs_raw_motor(raw, source->name);
    if (column >= 0)
        read_values(out, thermometry, raw->npoints, raw->nlabels, raw->values + column);
    else
        read_values(out, thermometry, 1, 1, &value);
}

static void describe(const struct ixs_thermometer *source, char room[49])
{
    static const char *const places[] = {"column", "metadata", "motor"};
    snprintf(room, 49, "%s %.37s", places[source->place], source->name);
}

void ixs_temperature_find(struct ixs_temperature *out, const struct ixs_raw *raw,
                          const struct ixs_experiment *experiment, const char *path,
                          struct ixs_notes *notes)
{
    const struct ixs_thermometry *thermometry = &experiment->instrument.temperature;
    *out = (struct ixs_temperature){NAN, NAN, ""};
    bool stated = isfinite(experiment->temperature);
    bool possible = experiment->temperature >= thermometry->least &&
                    experiment->temperature <= thermometry->most;
    if (stated && !possible)
        ixs_note(notes, path, 0,
                 "found a stated temperature of %g K, expected %g to %g K: taken as none",
                 experiment->temperature, thermometry->least, thermometry->most);
    if (stated && possible)
        *out = (struct ixs_temperature){experiment->temperature, experiment->temperature_error,
                                        "experiment"};
    for (size_t i = 0; i < thermometry->nsources; i++) {
        struct reading reading;
        char name[49];
        read_thermometer(&reading, thermometry, &thermometry->sources[i], raw);
        describe(&thermometry->sources[i], name);
        if (!isnan(reading.implausible))
            ixs_note(notes, path, 0, "%s reads %g K: taken as none", name, reading.implausible);
        if (isnan(reading.kelvin))
            continue;
        if (isnan(out->kelvin)) {
            out->kelvin = reading.kelvin;
            out->error = hypot(reading.spread, thermometry->error);
            memcpy(out->from, name, sizeof name);
        } else if (fabs(reading.kelvin - out->kelvin) > thermometry->agree) {
            ixs_note(notes, path, 0, "temperature is %.2f K by %s, but %.2f K by %s", out->kelvin,
                     out->from, reading.kelvin, name);
        }
    }
}
