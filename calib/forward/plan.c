/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plan in a sample XML: which scans are made.
 */
#include "calib/forward/sample.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

static const struct ixs_field scan_fields[] = {
    IXS_FIELD(ixs_forward_scan, kind, "@kind", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_scan, main, "@main", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_scan, h, "@h", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, k, "@k", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, l, "@l", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, tth, "@tth", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, from, "@from", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, to, "@to", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, intervals, "@intervals", IXS_FIELD_INT),
    IXS_FIELD(ixs_forward_scan, time, "@time", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, temperature, "@temperature", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, number, "@number", IXS_FIELD_INT),
    IXS_FIELD(ixs_forward_scan, abort, "@abort", IXS_FIELD_INT),
    IXS_FIELD(ixs_forward_scan, reset, "@reset", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_scan, header, "@header", IXS_FIELD_FLAG),
    IXS_FIELD(ixs_forward_scan, pause, "@pause", IXS_FIELD_REAL),
    IXS_FIELD(ixs_forward_scan, masked, "@masked", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_forward_scan, transmission, "@transmission", IXS_FIELD_REAL),
};

static const char *scan_complaint(const struct ixs_forward *forward,
                                  const struct ixs_forward_scan *scan)
{
    if (strcmp(scan->kind, "reference") == 0) {
        if (!(scan->tth > 0))
            return "tth, where the main analyzer stands";
        if (!(forward->standard > 0))
            return "<standard>, the sample of a reference scan";
    } else if (strcmp(scan->kind, "cell") == 0 && !(forward->cell.transmission > 0)) {
        return "<cell>, what the sample is in";
    } else if (isnan(scan->h) || isnan(scan->k) || isnan(scan->l)) {
        return "h, k and l, put on the main analyzer";
    }
    if (scan->reset[0] != '\0' && forward->dialect != IXS_DIALECT_HERIX)
        return "no reset of the axis: the files of this beamline tell of none";
    return scan->abort <= scan->intervals + 1 ? NULL : "abort at most at the last point";
}

static bool read_scan(struct ixs_forward *out, struct ixs_forward_scan *scan,
                      const struct ixs_config *sample, struct ixs_node *node, struct ixs_err *err)
{
    *scan = (struct ixs_forward_scan){
        .temperature = NAN, .h = NAN, .k = NAN, .l = NAN, .tth = NAN, .pause = 60.0};
    if (!ixs_node_fields(sample, node, scan_fields, IXS_COUNT(scan_fields), scan, err))
        return false;
    const char *complaint = scan_complaint(out, scan);
    if (ixs_forward_find(out, scan->main) == NULL)
        complaint = "main to be an analyzer of the instrument";
    if (scan->masked[0] != '\0' && ixs_forward_find(out, scan->masked) == NULL)
        complaint = "masked to be an analyzer of the instrument";
    if (complaint != NULL)
        return ixs_fail_at(err, IXS_USAGE, ixs_config_path(sample), ixs_node_line(node),
                           "found a %s scan on %s, expected %s", scan->kind, scan->main, complaint);
    struct ixs_forward_setting at;
    return strcmp(scan->kind, "reference") == 0 ||
           ixs_forward_aim(&out->crystal, (const double[3]){scan->h, scan->k, scan->l}, &at, err) ||
           ixs_in_file(err, ixs_config_path(sample), ixs_node_line(node));
}

bool ixs_forward_read_plan(struct ixs_forward *out, const struct ixs_config *sample,
                           struct ixs_err *err)
{
    struct ixs_node *node;
    out->nscans = ixs_forward_list(ixs_node_child(ixs_config_root(sample), "plan"), "scan", &node);
    bool ok = IXS_NEW(out->scans, out->nscans, err);
    for (size_t i = 0; ok && i < out->nscans; i++, node = ixs_node_next(node)) {
        ok = read_scan(out, &out->scans[i], sample, node, err);
        if (ok)
            out->scans[i].main_index =
                (size_t)(ixs_forward_find(out, out->scans[i].main) - out->analyzers);
    }
    return ok;
}
