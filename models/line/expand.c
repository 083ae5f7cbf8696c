/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which poles of a line stand alone and which are taken together: -Re of the contour integral of
 * h(z) W(E - z) dz around them is their sum, however close they lie.
 */
#include "models/line/inside.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

enum { MOST_POLES = 2 + IXS_BOSE_MOST };

/* Poles closer than this share of the scale on which the rest varies are taken together. */
static const double together = 0.05;

struct poles { /* the line's own first, then Bose's */
    size_t n, nown;
    double complex place[MOST_POLES];
    bool taken[MOST_POLES];
};

static void gather(struct poles *poles, const struct ixs_line_shape *line)
{
    poles->nown = line->nown;
    poles->n = line->nown + line->bose->npoles;
    for (size_t k = 0; k < line->nown; k++)
        poles->place[k] = line->own[k];
    for (size_t j = 0; j < line->bose->npoles; j++)
        poles->place[line->nown + j] = ixs_complex(0.0, -line->bose->nu[j]);
    memset(poles->taken, 0, sizeof poles->taken);
}

/* The smallest distance in the complex plane on which N and the line vary. */
static double scale(const struct ixs_line_shape *line)
{
    double own = line->omega0 > 0.0 ? line->omega0 : INFINITY;
    return line->bose->npoles > 0 ? fmin(own, line->bose->nu[0]) : own;
}

/* Index of the pole nearest to pole k (not itself, not taken). */
static size_t nearest(const struct poles *poles, size_t k)
{
    size_t best = k;
    double least = INFINITY;
    for (size_t j = 0; j < poles->n; j++) {
        double complex apart = poles->place[j] - poles->place[k];
        double distance = creal(apart) * creal(apart) + cimag(apart) * cimag(apart);
        if (j != k && !poles->taken[j] && distance < least) {
            best = j;
            least = distance;
        }
    }
    return best;
}

/* Radius of a circle about `center` that holds everything within `inner` and passes through the
 * widest gap (by ratio) between poles, staying below the real axis. */
static double radius(const struct poles *poles, double complex center, double inner)
{
    double axis = -cimag(center), best = 0.0, chosen = 0.5 * axis;
    for (double from = inner; from < axis;) {
        double next = axis;
        for (size_t j = 0; j < poles->n; j++) {
            double distance = cabs(poles->place[j] - center);
            if (distance > from && distance < next)
                next = distance;
        }
        double start = fmax(from, 0.05 * next), gap = next / start;
        if (gap > best) {
            best = gap;
            chosen = sqrt(start * next);
        }
        from = next;
    }
    return chosen;
}

static void add_circle(struct ixs_line *out, const struct ixs_line_shape *line,
                       double complex center, double radius)
{
    for (int k = 0; k < IXS_LINE_CIRCLE; k++) {
        struct ixs_line_term *t = &out->terms[out->nterms++];
        double angle = 2.0 * IXS_PI * (k + 0.5) / IXS_LINE_CIRCLE;
        double complex arm = radius * ixs_complex(cos(angle), sin(angle));
        double complex step = -ixs_complex(0.0, 2.0 * IXS_PI / IXS_LINE_CIRCLE) * arm;
        *t = (struct ixs_line_term){.place = center + arm};
        t->weight = step * ixs_line_continued(line, center, arm, t->weight_by);
        for (int s = 0; s < IXS_LINE_SHAPES; s++)
            t->weight_by[s] *= step;
    }
}

/* Takes pole k of the line: alone, or with all that stand close to it. */
static void take(struct ixs_line *out, const struct ixs_line_shape *line, struct poles *poles,
                 size_t k)
{
    size_t other = line->kind == IXS_LINE_PAIR ? k : nearest(poles, k);
    double distance = cabs(poles->place[other] - poles->place[k]);
    poles->taken[k] = true;
    if (other == k || distance > together * scale(line)) {
        ixs_line_add_own(out, line, k);
        return;
    }
    double complex center = 0.5 * (poles->place[k] + poles->place[other]);
    double reach = radius(poles, center, 0.5 * distance);
    for (size_t j = 0; j < poles->n; j++)
        if (cabs(poles->place[j] - center) < reach)
            poles->taken[j] = true;
    add_circle(out, line, center, reach);
}

void ixs_line_expand(struct ixs_line *out, enum ixs_line_kind kind,
                     const double shape[IXS_LINE_SHAPES], const struct ixs_bose *bose)
{
    struct ixs_line_shape line;
    struct poles poles;
    ixs_line_locate(&line, kind, shape, bose);
    gather(&poles, &line);
    out->nterms = 0;
    for (size_t k = 0; k < poles.nown; k++)
        if (!poles.taken[k])
            take(out, &line, &poles, k);
    for (size_t j = 0; j < bose->npoles; j++) {
        if (poles.taken[poles.nown + j])
            out->bose[j] = out->bose_by[0][j] = out->bose_by[1][j] = 0.0;
        else
            ixs_line_add_bose(out, &line, j);
    }
}
