/* SPDX-License-Identifier: GPL-3.0-or-later
 * <standard> of an experiment: which sample the reference scans were taken of, how cold it was, and
 * what is believed of its inelastic scattering.
 */
#include "calib/experiment/experiment.h"

#include "base/array.h"

#include <math.h>

static const struct ixs_field fields[] = {
    IXS_FIELD(ixs_reference, name, "@name", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_reference, from, "@from", IXS_FIELD_INT),
    IXS_FIELD(ixs_reference, to, "@to", IXS_FIELD_INT),
    IXS_FIELD(ixs_reference, temperature, "temperature", IXS_FIELD_REAL),
    IXS_FIELD(ixs_reference, inelastic, "inelastic", IXS_FIELD_REAL),
    IXS_FIELD(ixs_reference, inelastic_err, "inelastic/@error", IXS_FIELD_REAL),
};

static bool read_one(struct ixs_reference *out, const struct ixs_config *config,
                     struct ixs_node *node, struct ixs_err *err)
{
    *out = (struct ixs_reference){
        .temperature = NAN, .inelastic = NAN, .inelastic_err = NAN, .node = node};
    if (!ixs_node_fields(config, node, fields, IXS_COUNT(fields), out, err))
        return false;
    ixs_node_forget(node);
    if (out->from <= 0 || out->to <= 0 || out->from <= out->to)
        return true;
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                       "found from %lld and to %lld in <standard>, expected from <= to",
                       (long long)out->from, (long long)out->to);
}

bool ixs_experiment_read_references(struct ixs_experiment *out, const struct ixs_config *config,
                                    struct ixs_node *first, struct ixs_err *err)
{
    size_t capacity = 0;
    for (struct ixs_node *node = first; node != NULL; node = ixs_node_next(node))
        if (!IXS_MORE(out->references, &capacity, out->nreferences, err) ||
            !read_one(&out->references[out->nreferences++], config, node, err))
            return false;
    return true;
}

const struct ixs_reference *ixs_experiment_reference(const struct ixs_experiment *experiment,
                                                     int64_t scan)
{
    for (size_t i = experiment->nreferences; i-- > 0;) {
        const struct ixs_reference *one = &experiment->references[i];
        if (!(one->from > 0 && scan < one->from) && !(one->to > 0 && scan > one->to))
            return one;
    }
    return NULL;
}
