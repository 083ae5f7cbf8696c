/* SPDX-License-Identifier: GPL-3.0-or-later
 * Energy transfer of an analyzer.
 */
#include "calib/energy/energy.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const char *base_name(const char *text, size_t *length)
{
    for (size_t i = *length; i-- > 0;)
        if (text[i] == '/') {
            *length -= i + 1;
            return text + i + 1;
        }
    return text;
}

static bool same_file(const char *a, size_t na, const char *b, size_t nb)
{
    size_t short_a = na, short_b = nb;
    const char *name_a = base_name(a, &short_a), *name_b = base_name(b, &short_b);
    if (name_a != a && name_b != b)
        return na == nb && strncmp(a, b, na) == 0;
    return short_a == short_b && short_a > 0 && strncmp(name_a, name_b, short_a) == 0;
}

bool ixs_energy_same_beamtime(const char *beamtimes, const char *origin)
{
    size_t wanted = strlen(origin);
    for (const char *at = beamtimes; *at != '\0';) {
        at += strspn(at, " ,");
        size_t length = strcspn(at, ",");
        if (same_file(at, length, origin, wanted))
            return true;
        at += length;
    }
    return false;
}

double ixs_energy_origin(const struct ixs_instrument *instrument, const struct ixs_raw_keys *keys)
{
    bool ours = keys->e_axis[0] == '\0' || strcasecmp(keys->e_axis, instrument->energy) == 0;
    return ours && isfinite(keys->e_origin) ? keys->e_origin * instrument->energy_scale : 0.0;
}

/* The row of this very scan, if it was one of the reference scans. Scan numbers may occur twice. */
static const struct ixs_calib_drift *find_drift(const struct ixs_calib *calib,
                                                const struct ixs_raw *raw, double origin)
{
    for (size_t i = 0; i < calib->ndrift; i++)
        if (calib->drift[i].scan == raw->keys.scan &&
            fabs(calib->drift[i].e_origin - origin) < 1e-6)
            return &calib->drift[i];
    return NULL;
}

static double square(double x)
{
    return isfinite(x) ? x * x : 0.0;
}

/* A zero of this scan's own, a foretold one, or that of any scan. */
static void apply_zero(struct ixs_energy *out, const struct ixs_energy_scan *scan, size_t a,
                       const struct ixs_calib_analyzer *row)
{
    const struct ixs_calib *calib = scan->calib;
    double origin = out->scale * ixs_energy_origin(&scan->experiment->instrument, &scan->raw->keys);
    const struct ixs_calib_drift *drift = find_drift(calib, scan->raw, origin);
    bool own = drift != NULL && isfinite(drift->origin);
    out->zero = row->zero - origin;
    out->zero_error = row->zero_err;
    if (own) {
        out->zero = row->zero + drift->origin;
        out->zero_error = hypot(drift->origin_err, sqrt(square(calib->keys.origin_scatter)));
    }
    if (!scan->drift->told)
        return;
    out->zero += scan->drift->own[a] + (own ? 0.0 : scan->drift->common);
    out->zero_error = sqrt(square(row->own_err) + scan->drift->own_variance[a] +
                           (own ? square(drift->origin_err) : scan->drift->common_variance));
}

const char *ixs_energy_response(const struct ixs_calib_analyzer *analyzer, const char *beamtimes,
                                const char *origin)
{
    if (strcmp(analyzer->quality, "nominal") == 0)
        return "nominal";
    bool own = ixs_energy_same_beamtime(beamtimes, origin);
    return own && strcmp(analyzer->quality, "good") == 0 ? "good" : "lent";
}

static void apply_calibration(struct ixs_energy *out, const struct ixs_energy_scan *scan, size_t a)
{
    const struct ixs_calib *calib = scan->calib;
    const char *name = scan->experiment->instrument.analyzers[a].name;
    const struct ixs_calib_analyzer *row = ixs_calib_find(calib, name);
    size_t count = 0;
    if (row == NULL ||
        (ixs_calib_response_of(calib, name, &count) == NULL &&
         ixs_calib_table_of(calib, name, &count) == NULL) ||
        strcmp(row->quality, "uncalibrated") == 0)
        return;
    bool own = ixs_energy_same_beamtime(calib->keys.beamtimes, scan->raw->keys.origin);
    out->response = ixs_energy_response(row, calib->keys.beamtimes, scan->raw->keys.origin);
    if (!own || strcmp(out->response, "nominal") == 0)
        return;
    if (calib->keys.scale > 0.0) {
        out->scale = calib->keys.scale;
        out->scale_error = calib->keys.scale_err;
    }
    if (isfinite(row->zero))
        apply_zero(out, scan, a, row);
}

void ixs_energy_find(struct ixs_energy *out, const struct ixs_energy_scan *scan, size_t a)
{
    const struct ixs_analyzer *analyzer = &scan->experiment->instrument.analyzers[a];
    const struct ixs_stated_zero *stated =
        ixs_experiment_zero(scan->experiment, scan->raw->keys.scan, analyzer->name);
    *out = (struct ixs_energy){.axis = *scan->axis,
                               .scale = 1.0,
                               .scale_error = scan->axis->error,
                               .zero_error = NAN,
                               .response = "none"};
    ixs_axis_choose(&out->axis, scan->raw, analyzer);
    if (scan->calib != NULL)
        apply_calibration(out, scan, a);
    if (stated != NULL) {
        out->zero = stated->zero;
        out->zero_error = stated->error;
    }
}

double ixs_energy_transfer(const struct ixs_energy *energy, const double *row)
{
    return ixs_axis_energy(&energy->axis, row) * energy->scale - energy->zero;
}
