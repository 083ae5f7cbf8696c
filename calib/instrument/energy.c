/* SPDX-License-Identifier: GPL-3.0-or-later
 * How an instrument's <energy> turns what a scan recorded into energy: axis, thermometers, silicon.
 */
#include "calib/instrument/instrument.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

#define REAL(member, name) IXS_FIELD(ixs_thermal, member, name, IXS_FIELD_REAL)
#define TEXT(member, name) IXS_FIELD(ixs_thermal, member, name, IXS_FIELD_TEXT)
static const struct ixs_field fields[] = {
    TEXT(by, "by"),
    TEXT(unit, "column/@unit"),
    TEXT(mono, "monochromator"),
    TEXT(mono_unit, "monochromator/@unit"),
    REAL(steinhart[0], "steinhart_hart/@a"),
    REAL(steinhart[1], "steinhart_hart/@b"),
    REAL(steinhart[2], "steinhart_hart/@c"),
    REAL(reference, "reference"),
    TEXT(comment, "reference/@comment"),
    TEXT(word, "reference/@word"),
    TEXT(law, "silicon/@law"),
    TEXT(angle, "angle/@motor"),
    REAL(tolerance, "angle/@tolerance"),
};
#undef REAL
#undef TEXT

#define REAL(member, name) IXS_FIELD(ixs_silicon, member, name, IXS_FIELD_REAL)
static const struct ixs_field silicon_fields[] = {
    REAL(alpha, "alpha"), REAL(alpha_error, "alpha/@error"),
    REAL(slope, "slope"), REAL(slope_error, "slope/@error"),
    REAL(kelvin, "at"),
};
#undef REAL

static const struct ixs_field named_fields[] = {
    IXS_FIELD(ixs_named_reflection, angle, "@at", IXS_FIELD_REAL),
    IXS_FIELD(ixs_named_reflection, reflection, ".", IXS_FIELD_TEXT),
};

/* A law by name, and what is stated beside it. */
static bool overlay_silicon(struct ixs_thermal *out, const struct ixs_config *config,
                            struct ixs_node *node, struct ixs_err *err)
{
    if (node == NULL)
        return true;
    if (!ixs_silicon_named(&out->silicon, out->law)) /* the schema has the same names */
        return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                           "found silicon law %s, expected default, okada, bergamin, constant or "
                           "linear",
                           out->law);
    if (!ixs_node_fields(config, node, silicon_fields, IXS_COUNT(silicon_fields), &out->silicon,
                         err))
        return false;
    bool stated = ixs_node_child(node, "alpha") != NULL, line = strcmp(out->law, "linear") == 0;
    bool own = line || strcmp(out->law, "constant") == 0;
    if (own == stated && line == (ixs_node_child(node, "slope") != NULL))
        return true;
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                       "found silicon law %s %s, expected <alpha> for constant, <alpha> and "
                       "<slope> for linear, neither for the published ones",
                       out->law, stated ? "with <alpha>" : "without <alpha>");
}

static bool overlay_named(struct ixs_thermal *out, const struct ixs_config *config,
                          struct ixs_node *list, struct ixs_err *err)
{
    struct ixs_node *node = list ? ixs_node_child(list, "reflection") : NULL;
    if (node != NULL)
        out->nnamed = 0;
    for (; node != NULL && out->nnamed < IXS_MOST_REFLECTIONS; node = ixs_node_next(node))
        if (!ixs_node_fields(config, node, named_fields, IXS_COUNT(named_fields),
                             &out->named[out->nnamed++], err))
            return false;
    return true;
}

bool ixs_instrument_overlay_energy(struct ixs_thermal *out, const struct ixs_config *config,
                                   struct ixs_node *node, struct ixs_err *err)
{
    return node == NULL || (ixs_node_fields(config, node, fields, IXS_COUNT(fields), out, err) &&
                            overlay_silicon(out, config, ixs_node_child(node, "silicon"), err) &&
                            overlay_named(out, config, ixs_node_child(node, "angle"), err));
}

static bool all_have_thermometers(const struct ixs_instrument *instrument)
{
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        if (instrument->analyzers[a].thermometer[0] == '\0')
            return false;
    return true;
}

static bool reads_ohm(const struct ixs_thermal *thermal)
{
    return strcmp(thermal->mono[0] != '\0' ? thermal->mono_unit : thermal->unit, "ohm") == 0;
}

const char *ixs_instrument_energy_complaint(const struct ixs_instrument *instrument)
{
    const struct ixs_thermal *thermal = &instrument->thermal;
    bool difference = strcmp(thermal->by, "difference") == 0;
    if (strcmp(thermal->by, "recorded") == 0)
        return NULL;
    if (instrument->reflection[0] == '\0' && thermal->nnamed == 0)
        return "energy by temperature but no reflection (<reflection>)";
    if (thermal->mono[0] == '\0' && thermal->unit[0] == '\0')
        return "energy by temperature but no unit of its column (<energy><column unit=..>)";
    if (reads_ohm(thermal) && (difference || !isfinite(thermal->steinhart[0])))
        return difference ? "a temperature difference in ohm (<energy><column unit=..>)"
                          : "thermistors but no coefficients (<energy><steinhart_hart>)";
    if (!isfinite(thermal->reference) && (difference || !all_have_thermometers(instrument)))
        return "no temperature of the analyzers (<energy><reference>, or a <thermometer> of each)";
    return NULL;
}
