/* SPDX-License-Identifier: GPL-3.0-or-later
 * The array in a sample XML: the true state of each analyzer, over what the instrument says.
 */
#include "calib/forward/sample.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

static const struct ixs_field analyzer_fields[] = {
    IXS_FIELD(ixs_forward_analyzer, zero, "@zero", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, drift, "@drift", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, warmer, "@warmer", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, efficiency, "@efficiency", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, dark, "@dark", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, transmission, "@transmission", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, burst_chance, "@burst_chance", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, burst_counts, "@burst_counts", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_analyzer, burst_from, "@burst_from", IXS_FIELD_INT),
};

static const struct ixs_field component_fields[] = {
    IXS_FIELD(ixs_forward_component, weight, "@weight", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_component, center, "@center", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_component, fwhm, "@fwhm", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_component, eta, "@eta", IXS_FIELD_REAL),
};

static double stated(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

static void nominal_analyzer(struct ixs_forward_analyzer *out,
                             const struct ixs_instrument *instrument,
                             const struct ixs_analyzer *from)
{
    ixs_copy(out->name, sizeof out->name, from->name);
    ixs_copy(out->mask, sizeof out->mask, from->mask);
    ixs_copy(out->thermometer, sizeof out->thermometer, from->thermometer);
    out->position = from->position;
    out->row = from->row;
    out->offset = stated(from->offset, 0.0);
    out->zero = stated(from->zero, 0.0);
    out->efficiency = stated(from->efficiency, 1.0);
    out->dark = stated(from->dark_rate, 0.0);
    out->transmission = 1.0;
    out->response.ncomponents = 1;
    out->response.components[0] = (struct ixs_forward_component){
        1.0, 0.0, stated(from->fwhm, instrument->fwhm), stated(from->eta, instrument->eta)};
}

static bool read_response(struct ixs_forward_response *response, const struct ixs_config *sample,
                          struct ixs_node *node, struct ixs_err *err)
{
    struct ixs_node *child;
    const size_t count = ixs_forward_list(node, "component", &child);
    if (count == 0)
        return true;
    response->ncomponents = count; /* the schema allows 8 */
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++, child = ixs_node_next(child))
        ok = ixs_node_fields(sample, child, component_fields, IXS_COUNT(component_fields),
                             &response->components[i], err);
    return ok;
}

struct ixs_forward_analyzer *ixs_forward_find(struct ixs_forward *forward, const char *name)
{
    for (size_t a = 0; a < forward->nanalyzers; a++)
        if (strcmp(forward->analyzers[a].name, name) == 0)
            return &forward->analyzers[a];
    return NULL;
}

static bool read_truths(struct ixs_forward *out, const struct ixs_config *sample,
                        struct ixs_err *err)
{
    struct ixs_node *node;
    ixs_forward_list(ixs_node_child(ixs_config_root(sample), "array"), "analyzer", &node);
    bool ok = true;
    for (; ok && node != NULL; node = ixs_node_next(node)) {
        const struct ixs_field field = {"@name", IXS_FIELD_TEXT, 0, 24};
        char name[25] = "";
        ok = ixs_node_fields(sample, node, &field, 1, name, err);
        struct ixs_forward_analyzer *analyzer = ok ? ixs_forward_find(out, name) : NULL;
        if (ok && analyzer == NULL)
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), ixs_node_line(node),
                               "found analyzer %s, expected one of the instrument", name);
        ok = ok &&
             ixs_node_fields(sample, node, analyzer_fields, IXS_COUNT(analyzer_fields), analyzer,
                             err) &&
             read_response(&analyzer->response, sample, node, err);
    }
    return ok;
}

/* Efficiency has mean 1 over the analyzers that see anything. */
static void settle_array(struct ixs_forward *forward)
{
    double sum = 0, count = 0;
    for (size_t a = 0; a < forward->nanalyzers; a++) {
        ixs_forward_response_center(&forward->analyzers[a].response);
        if (forward->analyzers[a].transmission > 0) {
            sum += forward->analyzers[a].efficiency;
            count += 1;
        }
    }
    for (size_t a = 0; a < forward->nanalyzers && count > 0; a++)
        forward->analyzers[a].efficiency *= count / sum;
}

bool ixs_forward_read_array(struct ixs_forward *out, const struct ixs_config *sample,
                            const struct ixs_instrument *instrument, struct ixs_err *err)
{
    out->nanalyzers = instrument->nanalyzers;
    if (!IXS_NEW(out->analyzers, out->nanalyzers, err))
        return false;
    for (size_t a = 0; a < out->nanalyzers; a++)
        nominal_analyzer(&out->analyzers[a], instrument, &instrument->analyzers[a]);
    if (!read_truths(out, sample, err))
        return false;
    for (size_t a = 0; a < out->nanalyzers; a++)
        if (out->analyzers[a].warmer != 0.0 && out->analyzers[a].thermometer[0] == '\0')
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), 0,
                               "found analyzer %s warmer than stated, expected one with a "
                               "thermometer in the instrument",
                               out->analyzers[a].name);
    for (size_t a = 0; a < out->nanalyzers; a++)
        if (!(out->analyzers[a].response.components[0].fwhm > 0))
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), 0,
                               "found analyzer %s without a response, expected <component>s here "
                               "or a nominal width in the instrument",
                               out->analyzers[a].name);
    settle_array(out);
    return true;
}
