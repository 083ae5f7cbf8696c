/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calibration without scans: what the instrument states.
 */
#include "calib/standard/parts.h"

#include "base/array.h"

#include <math.h>

static const double reach = 15; /* widths to either side that the curve is drawn over */

static void nominal_row(struct ixs_calib *out, const struct ixs_instrument *instrument,
                        const struct ixs_analyzer *analyzer)
{
    struct ixs_calib_analyzer *row = &out->analyzers[out->nanalyzers++];
    *row = ixs_standard_row(analyzer);
    double fwhm = isfinite(analyzer->fwhm) ? analyzer->fwhm : instrument->fwhm;
    double eta = isfinite(analyzer->eta) ? analyzer->eta : instrument->eta;
    row->zero = analyzer->zero;
    row->efficiency = isfinite(analyzer->efficiency) ? analyzer->efficiency : 1;
    bool told = fwhm > 0 && eta >= 0 && eta <= 1;
    ixs_copy(row->quality, sizeof row->quality, told ? "nominal" : "uncalibrated");
    ixs_copy(row->reason, sizeof row->reason,
             told ? "no reference scans: width as the instrument states it"
                  : "no reference scans, and the instrument states no width");
    if (!told)
        return;
    row->fwhm = fwhm;
    row->ncomponents = 1;
    struct ixs_response_part part = {1, 0, fwhm, eta};
    out->components[out->ncomponents++] =
        ixs_standard_component(row->analyzer, 0, &part, (double[]){NAN, NAN, NAN, NAN});
    struct ixs_shape shape = {.response = {.nparts = 1, .parts = {part}}};
    size_t first = out->nresponse;
    ixs_copy(row->form, sizeof row->form, "single");
    ixs_standard_curve(out, row->analyzer, &shape, reach * fwhm);
    while (first < out->nresponse)
        out->response[first++].response_err = NAN;
}

bool ixs_standard_nominal(struct ixs_calib *out, const struct ixs_instrument *instrument,
                          struct ixs_err *err)
{
    *out = (struct ixs_calib){.identity.version = 1};
    out->keys.origin_scatter = out->keys.width_scatter = out->keys.efficiency_scatter = NAN;
    out->keys.jitter = out->keys.prior = out->keys.prior_err = NAN;
    out->keys.fading = out->keys.fading_err = out->keys.widening = out->keys.widening_err = NAN;
    out->keys.scale = out->keys.scale_err = out->keys.epoch = out->keys.walk = NAN;
    out->keys.scatter = out->keys.own_walk = out->keys.own_scatter = NAN;
    ixs_copy(out->keys.center, sizeof out->keys.center, "centroid within +-10 meV");
    ixs_copy(out->identity.kind, sizeof out->identity.kind, "CALIB");
    ixs_copy(out->identity.instrument, sizeof out->identity.instrument, instrument->name);
    if (!IXS_NEW(out->analyzers, instrument->nanalyzers, err) ||
        !IXS_NEW(out->components, instrument->nanalyzers, err) ||
        !IXS_NEW(out->response, instrument->nanalyzers * ixs_standard_curve_rows(), err))
        return false;
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        nominal_row(out, instrument, &instrument->analyzers[a]);
    return true;
}
