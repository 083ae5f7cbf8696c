/* SPDX-License-Identifier: GPL-3.0-or-later
 * Recorded energy to energy transfer.
 */
#include "calib/energy.h"

#include <math.h>
#include <string.h>

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

static void apply_calibration(struct ixs_energy *out, const struct ixs_raw *raw,
                              const struct ixs_calib *calib, const char *name)
{
    const struct ixs_calib_analyzer *row = ixs_calib_find(calib, name);
    size_t ncomponents = 0;
    if (row == NULL || ixs_calib_response_of(calib, name, &ncomponents) == NULL)
        return;
    if (strcmp(row->quality, "nominal") == 0) {
        out->response = "nominal";
        return;
    }
    if (strcmp(row->quality, "uncalibrated") == 0)
        return;
    bool own = ixs_energy_same_beamtime(calib->keys.beamtimes, raw->keys.origin);
    out->response = own && strcmp(row->quality, "good") == 0 ? "good" : "lent";
    if (!own || !isfinite(row->zero))
        return;
    double origin = isfinite(raw->keys.e_origin) ? raw->keys.e_origin : 0.0;
    out->zero = row->zero - origin * out->scale;
    out->zero_error = row->zero_err;
}

void ixs_energy_find(struct ixs_energy *out, const struct ixs_raw *raw,
                     const struct ixs_experiment *experiment, const struct ixs_calib *calib,
                     const char *analyzer)
{
    const struct ixs_stated_zero *stated =
        ixs_experiment_zero(experiment, raw->keys.scan, analyzer);
    *out = (struct ixs_energy){.scale = experiment->instrument.energy_scale,
                               .scale_error = experiment->instrument.energy_scale_error,
                               .zero_error = NAN,
                               .response = "none"};
    if (calib != NULL)
        apply_calibration(out, raw, calib, analyzer);
    if (stated != NULL) {
        out->zero = stated->zero;
        out->zero_error = stated->error;
    }
}
