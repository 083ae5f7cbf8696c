/* SPDX-License-Identifier: GPL-3.0-or-later
 * A mode averaged over the acceptance in Q: the terms of several lines as one line's.
 */
#include "models/line/acceptance.h"

#include <math.h>

/* Gauss-Legendre nodes on -1 .. 1 and half the weights (Abramowitz & Stegun, table 25.4). */
static const double nodes[][2] = {
    {0.0, 0.2089795918367347},
    {0.4058451513773972, 0.1909150252525595},
    {-0.4058451513773972, 0.1909150252525595},
    {0.7415311855993945, 0.1398526957446383},
    {-0.7415311855993945, 0.1398526957446383},
    {0.9491079123427585, 0.0647424830844349},
    {-0.9491079123427585, 0.0647424830844349},
};
enum { NODES = sizeof nodes / sizeof nodes[0] };

static void add(struct ixs_line *out, const struct ixs_line *line, double share, double sign,
                size_t npoles)
{
    for (size_t t = 0; t < line->nterms; t++) {
        struct ixs_line_term *to = &out->terms[out->nterms++];
        *to = line->terms[t];
        to->weight *= share;
        to->place_by[0] *= sign;
        to->weight_by[0] *= share * sign;
        to->weight_by[1] *= share;
    }
    for (size_t j = 0; j < npoles; j++) {
        out->bose[j] += share * line->bose[j];
        out->bose_by[0][j] += share * sign * line->bose_by[0][j];
        out->bose_by[1][j] += share * line->bose_by[1][j];
    }
}

void ixs_acceptance_expand(struct ixs_line *out, enum ixs_line_kind kind,
                           const double shape[IXS_LINE_SHAPES], double width,
                           const struct ixs_bose *bose)
{
    struct ixs_line one;
    if (!(width > 0.0)) {
        ixs_line_expand(out, kind, shape, bose);
        return;
    }
    out->nterms = 0;
    for (size_t j = 0; j < bose->npoles; j++)
        out->bose[j] = out->bose_by[0][j] = out->bose_by[1][j] = 0.0;
    for (size_t g = 0; g < NODES; g++) { /* a mode of energy -O is one of energy O */
        double at = shape[0] + 0.5 * width * nodes[g][0];
        const double moved[IXS_LINE_SHAPES] = {fmax(fabs(at), 1e-3 * width), shape[1]};
        ixs_line_expand(&one, kind, moved, bose);
        if (out->nterms + one.nterms > IXS_LINE_MOST_TERMS) { /* nearly critical: broad anyway */
            ixs_line_expand(out, kind, shape, bose);
            return;
        }
        add(out, &one, nodes[g][1], at < 0.0 ? -1.0 : 1.0, bose->npoles);
    }
}
