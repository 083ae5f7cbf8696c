/* SPDX-License-Identifier: GPL-3.0-or-later
 * The analyzers of an instrument: rows of them by a rule, and what is said of single ones.
 */
#include "calib/instrument/instrument.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define REAL(member, name) IXS_FIELD(ixs_analyzer, member, name, IXS_FIELD_REAL)
#define TEXT(member, name) IXS_FIELD(ixs_analyzer, member, name, IXS_FIELD_TEXT)
static const struct ixs_field analyzer_fields[] = {
    REAL(position, "@position"),
    REAL(row, "@row"),
    IXS_FIELD(ixs_analyzer, unused, "@unused", IXS_FIELD_FLAG),
    REAL(offset, "offset"),
    TEXT(thermometer, "thermometer"),
    REAL(correction, "correction"),
    TEXT(mask, "mask/motor"),
    REAL(open, "mask/open"),
    TEXT(slit_x, "slit_x"),
    TEXT(slit_z, "slit_z"),
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

struct ixs_analyzer ixs_instrument_analyzer(const char *name)
{
    struct ixs_analyzer analyzer = {.position = NAN,
                                    .open = NAN,
                                    .fwhm = NAN,
                                    .eta = NAN,
                                    .zero = NAN,
                                    .efficiency = NAN,
                                    .dark_rate = NAN,
                                    .dead_time = NAN};
    ixs_copy(analyzer.name, sizeof analyzer.name, name);
    return analyzer;
}

/* The analyzer of that name, a new one if there is none; NULL if there are too many. */
static struct ixs_analyzer *get_analyzer(struct ixs_instrument *out, const char *name)
{
    size_t a = place_of(out, name);
    if (a == IXS_MOST_ANALYZERS)
        return NULL;
    struct ixs_analyzer *analyzer = &out->analyzers[a];
    if (a < out->nanalyzers)
        return analyzer;
    *analyzer = ixs_instrument_analyzer(name);
    out->nanalyzers++;
    return analyzer;
}

static bool too_many(const struct ixs_config *config, struct ixs_node *node, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                       "found more than %d analyzers", IXS_MOST_ANALYZERS);
}

/* ---- rows ------------------------------------------------------------------------------------ */

enum { farthest = 1000000 };

struct row { /* <row> */
    double row;
    int64_t from, to, first, digits;
    char prefix[17];
};

static const struct ixs_field row_fields[] = {
    IXS_FIELD(row, row, "@row", IXS_FIELD_REAL),
    IXS_FIELD(row, from, "@from", IXS_FIELD_INT),
    IXS_FIELD(row, to, "@to", IXS_FIELD_INT),
    IXS_FIELD(row, first, "@first", IXS_FIELD_INT),
    IXS_FIELD(row, digits, "@digits", IXS_FIELD_INT),
    IXS_FIELD(row, prefix, "@prefix", IXS_FIELD_TEXT),
};

static bool place_row(struct ixs_instrument *out, bool *placed, const struct row *row,
                      const struct ixs_config *config, struct ixs_node *node, struct ixs_err *err)
{
    for (int64_t at = row->from; at <= row->to; at++) {
        char name[25];
        snprintf(name, sizeof name, "%s%0*" PRId64, row->prefix, (int)row->digits,
                 row->first + (at - row->from));
        struct ixs_analyzer *analyzer = get_analyzer(out, name);
        if (analyzer == NULL)
            return too_many(config, node, err);
        if (placed[analyzer - out->analyzers])
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                               "found analyzer %s in two rows, expected each once", name);
        placed[analyzer - out->analyzers] = true;
        analyzer->position = (double)at;
        analyzer->row = row->row;
    }
    return true;
}

static bool overlay_rows(struct ixs_instrument *out, const struct ixs_config *config,
                         struct ixs_node *first, struct ixs_err *err)
{
    bool placed[IXS_MOST_ANALYZERS] = {false};
    for (struct ixs_node *node = first; node != NULL; node = ixs_node_next(node)) {
        struct row row = {.digits = 1};
        if (!ixs_node_fields(config, node, row_fields, IXS_COUNT(row_fields), &row, err))
            return false;
        bool sane = row.from >= -farthest && row.from <= farthest && row.first <= farthest;
        if (!sane || row.to < row.from || row.to - row.from >= IXS_MOST_ANALYZERS)
            return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                               "found a row from %" PRId64 " to %" PRId64
                               ", expected from <= to and at most %d analyzers",
                               row.from, row.to, IXS_MOST_ANALYZERS);
        if (!place_row(out, placed, &row, config, node, err))
            return false;
    }
    return true;
}

/* ---- single ones ----------------------------------------------------------------------------- */

struct named { /* <analyzer name="..."> */
    char name[25];
};

static const struct ixs_field name_field = IXS_FIELD(named, name, "@name", IXS_FIELD_TEXT);

static bool overlay_analyzer(struct ixs_instrument *out, const struct ixs_config *config,
                             struct ixs_node *node, struct ixs_err *err)
{
    struct named named = {""};
    if (!ixs_node_fields(config, node, &name_field, 1, &named, err))
        return false;
    struct ixs_analyzer *analyzer = get_analyzer(out, named.name);
    if (analyzer == NULL)
        return too_many(config, node, err);
    if (!ixs_node_fields(config, node, analyzer_fields, IXS_COUNT(analyzer_fields), analyzer, err))
        return false;
    if (isfinite(analyzer->position))
        return true;
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node),
                       "found analyzer %s without a position, expected its place in the array",
                       analyzer->name);
}

static bool named_before(const struct ixs_config *config, struct ixs_node *first,
                         struct ixs_node *node, struct ixs_err *err)
{
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

bool ixs_instrument_overlay_analyzers(struct ixs_instrument *out, const struct ixs_config *config,
                                      struct ixs_node *list, struct ixs_err *err)
{
    if (list == NULL)
        return true;
    struct ixs_node *first = ixs_node_child(list, "analyzer");
    if (!overlay_rows(out, config, ixs_node_child(list, "row"), err))
        return false;
    for (struct ixs_node *node = first; node != NULL; node = ixs_node_next(node))
        if (named_before(config, first, node, err) || !overlay_analyzer(out, config, node, err))
            return false;
    return true;
}
