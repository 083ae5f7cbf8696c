/* SPDX-License-Identifier: GPL-3.0-or-later
 * What attenuators between monitor and sample let through.
 */
#include "calib/instrument/attenuator.h"

#include "base/array.h"

#include <math.h>

static const struct ixs_field attenuator_fields[] = {
    IXS_FIELD(ixs_attenuator, tolerance, "tolerance", IXS_FIELD_REAL),
};
static const struct ixs_field setting_fields[] = {
    IXS_FIELD(ixs_attenuator, settings[0].at, "@at", IXS_FIELD_REAL),
    IXS_FIELD(ixs_attenuator, settings[0].transmission, "@transmission", IXS_FIELD_REAL),
};

static bool read_settings(struct ixs_attenuator *out, const struct ixs_config *config,
                          struct ixs_node *node, struct ixs_err *err)
{
    for (; node != NULL && out->nsettings < IXS_MOST_SETTINGS; node = ixs_node_next(node)) {
        struct ixs_attenuator one = {.nsettings = 0};
        if (!ixs_node_fields(config, node, setting_fields, IXS_COUNT(setting_fields), &one, err))
            return false;
        for (size_t i = 0; i < out->nsettings; i++)
            if (fabs(out->settings[i].at - one.settings[0].at) <= 2.0 * out->tolerance)
                return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                                   "found settings at %g and %g, expected them apart by more than "
                                   "twice the tolerance, %g",
                                   out->settings[i].at, one.settings[0].at, out->tolerance);
        out->settings[out->nsettings++] = one.settings[0];
    }
    return true;
}

static bool read_attenuator(struct ixs_attenuator *out, const struct ixs_config *config,
                            struct ixs_node *node, struct ixs_err *err)
{
    const struct ixs_field name = IXS_FIELD(ixs_attenuator, name, ".", IXS_FIELD_TEXT);
    struct ixs_node *column = ixs_node_child(node, "column");
    *out = (struct ixs_attenuator){.place = column ? IXS_PLACE_COLUMN : IXS_PLACE_MOTOR,
                                   .tolerance = 1e-6};
    return ixs_node_fields(config, column ? column : ixs_node_child(node, "motor"), &name, 1, out,
                           err) &&
           ixs_node_fields(config, node, attenuator_fields, IXS_COUNT(attenuator_fields), out,
                           err) &&
           read_settings(out, config, ixs_node_child(node, "setting"), err);
}

bool ixs_instrument_overlay_attenuators(struct ixs_instrument *out, const struct ixs_config *config,
                                        struct ixs_node *list, struct ixs_err *err)
{
    if (list == NULL)
        return true;
    struct ixs_node *node = ixs_node_child(list, "attenuator");
    out->nattenuators = 0;
    for (; node != NULL && out->nattenuators < IXS_MOST_ATTENUATORS; node = ixs_node_next(node))
        if (!read_attenuator(&out->attenuators[out->nattenuators++], config, node, err))
            return false;
    return true;
}

static double transmission_of(const struct ixs_attenuator *attenuator, double reading)
{
    if (attenuator->nsettings == 0)
        return reading > 0.0 && reading <= 1.0 ? reading : NAN;
    for (size_t i = 0; i < attenuator->nsettings; i++)
        if (fabs(reading - attenuator->settings[i].at) <= attenuator->tolerance)
            return attenuator->settings[i].transmission;
    return NAN;
}

double ixs_attenuator_transmission(const struct ixs_instrument *instrument,
                                   const struct ixs_raw *raw, size_t i)
{
    double product = 1.0;
    for (size_t k = 0; k < instrument->nattenuators; k++) {
        const struct ixs_attenuator *attenuator = &instrument->attenuators[k];
        double reading = NAN;
        if (attenuator->place == IXS_PLACE_COLUMN) {
            long column = ixs_raw_label(raw, attenuator->name);
            if (column >= 0)
                reading = raw->values[i * raw->nlabels + (size_t)column];
        } else {
            reading = ixs_raw_motor(raw, attenuator->name);
        }
        product *= transmission_of(attenuator, reading);
    }
    return product;
}
