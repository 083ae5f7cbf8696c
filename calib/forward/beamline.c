/* SPDX-License-Identifier: GPL-3.0-or-later
 * The beamline of a simulated beamtime: axis, circles, array and dialect, from its instrument XML.
 */
#include "calib/forward/sample.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

static const double ice = 273.15; /* K */

static const char *thermal_complaint(struct ixs_forward *out,
                                     const struct ixs_instrument *instrument)
{
    const struct ixs_thermal *from = &instrument->thermal;
    struct ixs_forward_thermal *to = &out->thermal;
    if (from->by[0] == 'r')
        return NULL;
    out->by_temperature = true;
    out->by_difference = strcmp(from->by, "difference") == 0;
    to->okada = from->silicon.law == IXS_SILICON_OKADA;
    to->alpha = from->silicon.alpha;
    to->slope = from->silicon.slope;
    to->at = from->silicon.kelvin;
    to->kelvin = from->reference + ice;
    if (!isfinite(to->kelvin))
        return "no temperature of its analyzers (<reference>)";
    if (strcmp(from->unit, out->by_difference ? "mK" : "degC") != 0)
        return out->by_difference ? "a difference in another unit than mK"
                                  : "an axis in another unit than degC";
    if (sscanf(instrument->reflection, "%lf %lf %lf", &to->reflection[0], &to->reflection[1],
               &to->reflection[2]) != 3)
        return "no reflection";
    return NULL;
}

static void copy_names(struct ixs_forward *out, const struct ixs_instrument *instrument)
{
    const char *const circles[] = {instrument->two_theta, instrument->theta, instrument->chi,
                                   instrument->phi,       instrument->mu,    instrument->gamma};
    const struct ixs_thermometry *sample = &instrument->temperature;
    for (int i = 0; i < 6; i++)
        ixs_copy(out->circles[i], sizeof out->circles[i], circles[i]);
    ixs_copy(out->monitor, sizeof out->monitor, instrument->monitor);
    ixs_copy(out->instrument, sizeof out->instrument, instrument->name);
    ixs_copy(out->axis, sizeof out->axis, instrument->energy);
    ixs_copy(out->time, sizeof out->time, instrument->time);
    ixs_copy(out->thermometer, sizeof out->thermometer, instrument->thermal.mono);
    ixs_copy(out->thermometer_unit, sizeof out->thermometer_unit, instrument->thermal.mono_unit);
    memcpy(out->steinhart, instrument->thermal.steinhart, sizeof out->steinhart);
    for (size_t i = 0; i < sample->nsources && out->warmth[0] == '\0'; i++)
        if (sample->sources[i].place == IXS_PLACE_COLUMN)
            ixs_copy(out->warmth, sizeof out->warmth, sample->sources[i].name);
}

static void copy_array(struct ixs_forward *out, const struct ixs_instrument *instrument)
{
    const struct ixs_array *array = &instrument->array;
    out->floating = instrument->main_metadata[0] != '\0';
    out->middle = instrument->main;
    out->middle_row = instrument->main_row;
    out->pitch = instrument->pitch;
    out->radius = isfinite(array->radius) && isfinite(array->pitch_x) ? array->radius : 0.0;
    out->pitch_x = array->pitch_x;
    out->pitch_z = isfinite(array->pitch_z) ? array->pitch_z : 0.0;
    out->crystal.sixcircle = ixs_instrument_sixcircle(instrument);
}

static enum ixs_forward_dialect dialect_of(const char *name)
{
    static const char *const names[] = {"herix", "id28", "spring8", "nsls2"};
    for (size_t i = 0; i < IXS_COUNT(names); i++)
        if (strcmp(names[i], name) == 0)
            return (enum ixs_forward_dialect)i;
    return IXS_DIALECT_HERIX;
}

bool ixs_forward_read_beamline(struct ixs_forward *out, const struct ixs_config *sample,
                               const struct ixs_instrument *instrument, struct ixs_err *err)
{
    out->dialect = dialect_of(instrument->dialect);
    out->axis_scale = instrument->energy_scale * out->thermal.scale;
    out->axis_start = instrument->energy_origin;
    copy_names(out, instrument);
    copy_array(out, instrument);
    const char *complaint = thermal_complaint(out, instrument);
    if (!isfinite(out->pitch) && !(out->radius > 0 && isfinite(out->pitch_x)))
        complaint = "no pitch";
    else if (out->monitor[0] == '\0' || instrument->nanalyzers == 0)
        complaint = "no monitor or no analyzers";
    else if (!out->floating && !isfinite(out->middle))
        complaint = "no main analyzer";
    return complaint == NULL ||
           ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), 0,
                       "found an instrument with %s, expected one that can be simulated",
                       complaint);
}
