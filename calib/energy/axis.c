/* SPDX-License-Identifier: GPL-3.0-or-later
 * The energy axis of a scan. By temperature: with T_a the analyzer's temperature as stated and dT
 * the difference of the thermometers less the analyzer's correction,
 *   E = E_out(T_a) {exp(integral of alpha from T_a - dT to T_a) - 1}.
 * Thermometers serve for differences, the stated temperature for alpha: thermistors drift by
 * kelvins, and 6 K are 2 % of alpha.
 */
#include "calib/energy/axis.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double ice = 273.15; /* K */

/* K, of a reading in its unit. */
static double kelvin_of(const struct ixs_thermal *thermal, const char *unit, double reading)
{
    if (strcmp(unit, "degC") == 0)
        return reading + ice;
    if (strcmp(unit, "mK") == 0)
        return 1e-3 * reading;
    if (strcmp(unit, "ohm") != 0)
        return reading;
    double logarithm = reading > 0.0 ? log(reading) : (double)NAN;
    return 1.0 /
           (thermal->steinhart[0] +
            logarithm * (thermal->steinhart[1] + thermal->steinhart[2] * logarithm * logarithm));
}

/* The unit of the monochromator's thermometer, and of the analyzers'. */
static const char *unit_of(const struct ixs_thermal *thermal)
{
    return thermal->mono[0] != '\0' ? thermal->mono_unit : thermal->unit;
}

/* ---- what a scan says ------------------------------------------------------------------------ */

/* The number behind `word` in the line "#C comment ..", NaN if there is none. */
static double stated_in(const struct ixs_raw *raw, const char *comment, const char *word)
{
    for (size_t i = 0; comment[0] != '\0' && i < raw->nheader; i++) {
        char line[sizeof raw->header[i].text], *rest = NULL;
        ixs_copy(line, sizeof line, raw->header[i].text);
        char *token = strtok_r(line, " \t", &rest);
        if (token == NULL || strcmp(token, "#C") != 0)
            continue;
        token = strtok_r(NULL, " \t", &rest);
        if (token == NULL || strcmp(token, comment) != 0)
            continue;
        while ((token = strtok_r(NULL, " \t", &rest)) != NULL && strcmp(token, word) != 0)
            ;
        token = token ? strtok_r(NULL, " \t", &rest) : NULL;
        char *end = token;
        double value = token ? strtod(token, &end) : (double)NAN;
        if (token != NULL && end != token && *end == '\0')
            return value;
    }
    return NAN;
}

static bool find_column(long *column, const struct ixs_raw *raw, const char *path,
                        const char *label, const char *what, struct ixs_err *err)
{
    *column = ixs_raw_label(raw, label);
    if (*column >= 0)
        return true;
    return ixs_fail_at(err, IXS_INPUT, path, 0,
                       "found no column %s in scan %" PRId64 ", expected the %s there", label,
                       raw->keys.scan, what);
}

static bool read_indices(int out[3], const char *reflection)
{
    return sscanf(reflection, "%d %d %d", &out[0], &out[1], &out[2]) == 3;
}

/* The reflection that the motor's angle names, or the instrument's where the scan lacks the motor.
 */
static bool find_reflection(struct ixs_axis *out, const struct ixs_raw *raw, const char *path,
                            struct ixs_err *err)
{
    const struct ixs_thermal *thermal = &out->instrument->thermal;
    double angle = thermal->angle[0] != '\0' ? ixs_raw_motor(raw, thermal->angle) : (double)NAN;
    char list[160] = "";
    if (isnan(angle))
        return read_indices(out->reflection, out->instrument->reflection) ||
               ixs_fail_at(err, IXS_USAGE, path, 0,
                           "found no reflection of the analyzers, expected <reflection>");
    for (size_t i = 0; i < thermal->nnamed; i++) {
        const struct ixs_named_reflection *named = &thermal->named[i];
        size_t used = strlen(list);
        if (fabs(angle - named->angle) <= thermal->tolerance)
            return read_indices(out->reflection, named->reflection);
        snprintf(list + used, sizeof list - used, "%s%g", i > 0 ? ", " : "", named->angle);
    }
    return ixs_fail_at(err, IXS_INPUT, path, 0,
                       "found %s at %g deg in scan %" PRId64 ", expected an angle that names a "
                       "reflection: %s, within %g",
                       thermal->angle, angle, raw->keys.scan, list, thermal->tolerance);
}

/* ---- thermometers against each other --------------------------------------------------------- */

struct line { /* straight line through points, by least squares */
    double n, x, y, xx, xy;
};

static void add(struct line *line, double x, double y)
{
    if (!isfinite(x + y))
        return;
    line->n += 1.0;
    double dx = x - line->x, dy = y - line->y;
    line->x += dx / line->n;
    line->y += dy / line->n;
    line->xx += dx * (x - line->x);
    line->xy += dx * (y - line->y);
}

/* Set points and a thermometer of the same crystal tell how far a kelvin is to be trusted. */
static double compare(const struct ixs_axis *axis, const struct ixs_raw *raw)
{
    const struct ixs_thermal *thermal = &axis->instrument->thermal;
    const double least = 1e-2; /* K^2, of the variance: less of a range tells nothing */
    struct line line = {0};
    if (axis->way != IXS_AXIS_TEMPERATURE || axis->mono == axis->column || thermal->unit[0] == '\0')
        return NAN;
    for (size_t i = 0; i < raw->npoints; i++) {
        const double *row = raw->values + i * raw->nlabels;
        add(&line, kelvin_of(thermal, thermal->unit, row[axis->column]),
            kelvin_of(thermal, unit_of(thermal), row[axis->mono]));
    }
    return line.xx > least * line.n ? line.xy / line.xx - 1.0 : (double)NAN;
}

static double mean_reading(const struct ixs_axis *axis, const struct ixs_raw *raw)
{
    const struct ixs_thermal *thermal = &axis->instrument->thermal;
    struct line line = {0};
    for (size_t a = 0; a < axis->instrument->nanalyzers; a++) {
        const char *name = axis->instrument->analyzers[a].thermometer;
        long column = name[0] != '\0' ? ixs_raw_label(raw, name) : -1;
        for (size_t i = 0; column >= 0 && i < raw->npoints; i++)
            add(&line, 0.0,
                kelvin_of(thermal, unit_of(thermal),
                          raw->values[i * raw->nlabels + (size_t)column]));
    }
    return line.n > 0.0 ? line.y : (double)NAN;
}

/* ---- opening --------------------------------------------------------------------------------- */

static double or_zero(double value)
{
    return isfinite(value) ? value : 0.0;
}

/* The instrument's own word, the expansion's error and the thermometers' disagreement. */
static double scale_error(const struct ixs_axis *axis)
{
    double stated = axis->instrument->energy_scale_error;
    if (axis->way == IXS_AXIS_RECORDED)
        return stated;
    double kelvin = isfinite(axis->reference) ? axis->reference : axis->reading;
    double law = ixs_silicon_error(&axis->instrument->thermal.silicon, kelvin);
    if (isnan(stated) && isnan(law) && isnan(axis->mismatch))
        return NAN;
    return hypot(hypot(or_zero(stated), or_zero(law)), or_zero(axis->mismatch));
}

static bool open_thermal(struct ixs_axis *out, const struct ixs_raw *raw, const char *path,
                         struct ixs_err *err)
{
    const struct ixs_thermal *thermal = &out->instrument->thermal;
    double stated = stated_in(raw, thermal->comment, thermal->word);
    out->way = strcmp(thermal->by, "difference") == 0 ? IXS_AXIS_DIFFERENCE : IXS_AXIS_TEMPERATURE;
    out->reference = (isfinite(stated) ? stated : thermal->reference) + ice;
    out->mono = out->column;
    if (!find_reflection(out, raw, path, err) ||
        (thermal->mono[0] != '\0' &&
         !find_column(&out->mono, raw, path, thermal->mono, "monochromator's thermometer", err)))
        return false;
    out->mismatch = compare(out, raw);
    out->reading = mean_reading(out, raw);
    out->reflected = ixs_silicon_energy(&thermal->silicon, out->reflection, out->reference);
    return true;
}

bool ixs_axis_open(struct ixs_axis *out, const struct ixs_raw *raw, const char *path,
                   const struct ixs_instrument *instrument, struct ixs_err *err)
{
    *out = (struct ixs_axis){.instrument = instrument,
                             .way = IXS_AXIS_RECORDED,
                             .thermometer = -1,
                             .reference = NAN,
                             .reflected = NAN,
                             .mismatch = NAN,
                             .reading = NAN};
    bool ok =
        find_column(&out->column, raw, path, instrument->energy, "energy axis", err) &&
        (strcmp(instrument->thermal.by, "recorded") == 0 || open_thermal(out, raw, path, err));
    out->error = scale_error(out);
    return ok;
}

void ixs_axis_choose(struct ixs_axis *axis, const struct ixs_raw *raw,
                     const struct ixs_analyzer *analyzer)
{
    bool own = axis->way == IXS_AXIS_TEMPERATURE && analyzer->thermometer[0] != '\0';
    axis->thermometer = own ? ixs_raw_label(raw, analyzer->thermometer) : -1;
    axis->lost = own && axis->thermometer < 0;
    axis->correction = analyzer->correction;
}

/* ---- one row --------------------------------------------------------------------------------- */

static double difference_of(const struct ixs_axis *axis, const double *row, double analyzer)
{
    const struct ixs_thermal *thermal = &axis->instrument->thermal;
    double reading = row[axis->mono];
    if (axis->way == IXS_AXIS_DIFFERENCE) {
        double unit = strcmp(unit_of(thermal), "mK") == 0 ? 1e-3 : 1.0;
        reading = (reading - axis->instrument->energy_origin) * axis->instrument->energy_scale;
        return unit * reading - axis->correction;
    }
    return analyzer - kelvin_of(thermal, unit_of(thermal), reading) - axis->correction;
}

static double thermal_energy(const struct ixs_axis *axis, const double *row)
{
    const struct ixs_thermal *thermal = &axis->instrument->thermal;
    double analyzer = isfinite(axis->reference) ? axis->reference : axis->reading;
    if (axis->thermometer >= 0)
        analyzer = kelvin_of(thermal, unit_of(thermal), row[axis->thermometer]);
    double difference = difference_of(axis, row, analyzer);
    double reflected = axis->reflected;
    if (isfinite(axis->reference))
        analyzer = axis->reference;
    else
        reflected = ixs_silicon_energy(&thermal->silicon, axis->reflection, analyzer);
    return ixs_silicon_transfer(&thermal->silicon, reflected, analyzer - difference, analyzer);
}

double ixs_axis_energy(const struct ixs_axis *axis, const double *row)
{
    const struct ixs_instrument *instrument = axis->instrument;
    if (axis->lost)
        return NAN;
    if (axis->way != IXS_AXIS_RECORDED)
        return thermal_energy(axis, row);
    return (row[axis->column] - instrument->energy_origin) * instrument->energy_scale;
}

void ixs_axis_range(const struct ixs_axis *axis, const struct ixs_raw *raw, double *low,
                    double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < raw->npoints; i++) {
        double energy = ixs_axis_energy(axis, raw->values + i * raw->nlabels);
        if (isfinite(energy)) {
            *low = fmin(*low, energy);
            *high = fmax(*high, energy);
        }
    }
}

/* ---- words ----------------------------------------------------------------------------------- */

static void tell_missing(const struct ixs_axis *axis, const struct ixs_raw *raw, const char *path,
                         struct ixs_notes *notes)
{
    for (size_t a = 0; a < axis->instrument->nanalyzers; a++) {
        const struct ixs_analyzer *analyzer = &axis->instrument->analyzers[a];
        if (axis->way == IXS_AXIS_TEMPERATURE && analyzer->thermometer[0] != '\0' &&
            ixs_raw_label(raw, analyzer->name) >= 0 &&
            ixs_raw_label(raw, analyzer->thermometer) < 0)
            ixs_note(notes, path, 0,
                     "found no column %s in scan %" PRId64 ", expected the thermometer of %s: its "
                     "energies are not known",
                     analyzer->thermometer, raw->keys.scan, analyzer->name);
    }
}

void ixs_axis_tell(const struct ixs_axis *axis, const struct ixs_raw *raw, const char *path,
                   struct ixs_notes *notes)
{
    const double far = 2.0, scale = 2e-3; /* K; relative: what is worth a word */
    tell_missing(axis, raw, path, notes);
    if (fabs(axis->reading - axis->reference) > far)
        ixs_note(notes, path, 0,
                 "scan %" PRId64 ": the analyzers' thermometers read %.2f degC, but %.2f degC is "
                 "stated: alpha is taken at the stated temperature, the thermometers tell "
                 "differences",
                 raw->keys.scan, axis->reading - ice, axis->reference - ice);
    if (fabs(axis->mismatch) > scale)
        ixs_note(notes, path, 0,
                 "scan %" PRId64 ": temperature differences by %s are %.2f %% %s than by %s: the "
                 "energy scale has that error",
                 raw->keys.scan, axis->instrument->thermal.mono, 100.0 * fabs(axis->mismatch),
                 axis->mismatch > 0.0 ? "larger" : "smaller", axis->instrument->energy);
}
