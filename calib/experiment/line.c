/* SPDX-License-Identifier: GPL-3.0-or-later
 * <elastic> and <line> of an experiment: in which scans of samples a line of known energy stands,
 * so that the scan tells where zero is, or how long a meV.
 */
#include "calib/experiment/experiment.h"

#include "base/array.h"

#include <strings.h>

static const struct ixs_field fields[] = {
    IXS_FIELD(ixs_known_line, from, "@from", IXS_FIELD_INT),
    IXS_FIELD(ixs_known_line, to, "@to", IXS_FIELD_INT),
    IXS_FIELD(ixs_known_line, analyzer, "@analyzer", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_known_line, energy, ".", IXS_FIELD_REAL),
    IXS_FIELD(ixs_known_line, error, "@error", IXS_FIELD_REAL),
};

static bool read_one(struct ixs_known_line *out, const struct ixs_config *config,
                     struct ixs_node *node, bool elastic, struct ixs_err *err)
{
    const size_t n = elastic ? 3 : IXS_COUNT(fields); /* an elastic line has no number */
    *out = (struct ixs_known_line){.node = node};
    if (!ixs_node_fields(config, node, fields, n, out, err))
        return false;
    ixs_node_forget(node);
    if (out->to == 0)
        out->to = out->from;
    if (out->from > out->to)
        return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                           "found from %lld and to %lld in <%s>, expected from <= to",
                           (long long)out->from, (long long)out->to, ixs_node_name(node));
    return true;
}

static bool read_list(struct ixs_experiment *out, const struct ixs_config *config,
                      struct ixs_node *root, const char *name, struct ixs_err *err)
{
    size_t capacity = out->nlines;
    for (struct ixs_node *node = ixs_node_child(root, name); node; node = ixs_node_next(node))
        if (!IXS_MORE(out->lines, &capacity, out->nlines, err) ||
            !read_one(&out->lines[out->nlines++], config, node, name[0] == 'e', err))
            return false;
    return true;
}

bool ixs_experiment_read_lines(struct ixs_experiment *out, const struct ixs_config *config,
                               struct ixs_node *root, struct ixs_err *err)
{
    return read_list(out, config, root, "elastic", err) &&
           read_list(out, config, root, "line", err);
}

const struct ixs_known_line *ixs_experiment_line(const struct ixs_experiment *experiment,
                                                 int64_t scan, const char *analyzer, size_t *at)
{
    for (; *at < experiment->nlines; ++*at) {
        const struct ixs_known_line *line = &experiment->lines[*at];
        if (scan < line->from || scan > line->to ||
            (line->analyzer[0] != '\0' && strcasecmp(line->analyzer, analyzer) != 0))
            continue;
        ++*at;
        return line;
    }
    return NULL;
}
