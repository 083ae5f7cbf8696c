/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses and the data they were fitted to, as rows of RESPONSE: the curve alone on a grid that
 * is fine in the core and coarse in the tails, and each scan beside it.
 */
#include "calib/standard/parts.h"

#include "base/array.h"

#include <math.h>

enum { SIDE = 120 }; /* points of the grid to either side of 0 */

static struct ixs_calib_response row_of(const char *analyzer, int64_t scan)
{
    struct ixs_calib_response row = {
        .scan = scan, .counts = NAN, .expected = NAN, .measured = NAN, .measured_err = NAN};
    ixs_copy(row.analyzer, sizeof row.analyzer, analyzer);
    return row;
}

size_t ixs_standard_curve_rows(void)
{
    return 2 * SIDE + 1;
}

void ixs_standard_curve(struct ixs_calib *out, const char *analyzer, const struct ixs_shape *shape,
                        double reach)
{
    const struct ixs_response *response = &shape->response;
    double width = ixs_response_fwhm(response), top = asinh(reach / width);
    for (int i = -SIDE; i <= SIDE; i++) {
        struct ixs_calib_response *row = &out->response[out->nresponse++];
        *row = row_of(analyzer, 0);
        row->energy = width * sinh(top * (double)i / SIDE);
        row->response = ixs_response_value(response, row->energy);
        row->response_err = ixs_shape_error(shape, row->energy);
    }
}

void ixs_standard_measured(struct ixs_calib *out, const char *analyzer, int64_t scan,
                           const struct ixs_shape *shape, const struct ixs_trace *trace)
{
    double ground = trace->shape.background / trace->shape.area;
    for (size_t i = 0; i < trace->npoints; i++) {
        double unit = trace->exposure[i] * trace->shape.area;
        double more = trace->inelastic != NULL ? trace->inelastic[i] : 0;
        struct ixs_calib_response *row = &out->response[out->nresponse++];
        *row = row_of(analyzer, scan);
        row->energy = trace->energy[i] - trace->shape.zero;
        row->counts = trace->counts[i];
        row->expected = ixs_shape_expected(shape, trace, i);
        row->response = ixs_response_value(&shape->response, row->energy);
        row->response_err = ixs_shape_error(shape, row->energy);
        row->measured = (trace->counts[i] - more) / unit - ground;
        row->measured_err = sqrt(fmax(trace->counts[i], 1)) / unit;
    }
}
