/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an analyzer accepts. Edges as in the array viewer of SPring-8's six-circle code: the slits'
 * gaps seen from the sample on the plane of the analyzers, and no more than their faces.
 */
#include "calib/instrument/acceptance.h"

#include "base/array.h"
#include "base/units.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

/* ---- the opening ----------------------------------------------------------------------------- */

double ixs_acceptance_gap(const struct ixs_slit *slit, const char *own, const struct ixs_raw *raw)
{
    double gap = own[0] ? ixs_raw_motor(raw, own) : NAN;
    if (isnan(gap) && slit->motor[0])
        gap = ixs_raw_motor(raw, slit->motor);
    return isnan(gap) ? slit->gap : gap;
}

struct span {      /* in one direction, mm at the array's radius */
    double face;   /* of the analyzer; NaN: not known */
    double center; /* of the analyzer */
    double steps;  /* pitches of the slits from the array's middle */
    double offset; /* of the array's middle */
};

static bool open_span(double edges[2], const struct span *span, const struct ixs_slit *slit,
                      double gap, double radius)
{
    double scale = radius / slit->distance;
    bool slits = isfinite(slit->distance);
    if (slits && !isfinite(gap))
        return false;
    double middle = slits && isfinite(slit->pitch)
                        ? span->offset + span->steps * slit->pitch * scale
                        : span->center;
    double half = slits ? fmax(gap, 0.0) * scale / 2.0 : INFINITY;
    double face = isfinite(span->face) ? span->face / 2.0 : INFINITY;
    edges[0] = fmax(span->center - face, middle - half);
    edges[1] = fmin(span->center + face, middle + half);
    return isfinite(edges[0]) && isfinite(edges[1]) && edges[0] <= edges[1];
}

/* Diameter of a round face, or of the mask before it where that is smaller. */
static double round_face(const struct ixs_array *array, const struct ixs_analyzer *analyzer,
                         const struct ixs_raw *raw)
{
    double mask = analyzer->mask[0] ? ixs_raw_motor(raw, analyzer->mask) : NAN;
    return fmin(fmin(array->width, array->height), mask); /* fmin passes over NaN */
}

bool ixs_acceptance_opening(struct ixs_opening *out, const struct ixs_instrument *instrument,
                            const struct ixs_analyzer *analyzer, const struct ixs_raw *raw,
                            double central)
{
    const struct ixs_array *array = &instrument->array;
    double steps = analyzer->position - central, rows = instrument->main_row - analyzer->row;
    bool flat = isfinite(array->pitch_x);
    bool round = strcmp(array->shape, "round") == 0;
    struct span x = {array->width, flat ? array->offset_x + array->pitch_x * steps : 0.0,
                     flat ? steps : 0.0, array->offset_x};
    struct span z = {array->height, array->offset_z + (rows != 0.0 ? array->pitch_z * rows : 0.0),
                     rows, array->offset_z};
    *out = (struct ixs_opening){.radius = array->radius,
                                .center = x.center,
                                .middle = z.center,
                                .across = round ? round_face(array, analyzer, raw) : NAN};
    if (round)
        x.face = z.face = out->across;
    return isfinite(array->radius) &&
           open_span(out->x, &x, &array->slit_x,
                     ixs_acceptance_gap(&array->slit_x, analyzer->slit_x, raw), array->radius) &&
           open_span(out->z, &z, &array->slit_z,
                     ixs_acceptance_gap(&array->slit_z, analyzer->slit_z, raw), array->radius);
}

/* ---- what comes through ---------------------------------------------------------------------- */

/* The part of the line at height z that is open; its length. */
static double chord(const struct ixs_opening *opening, double z, double edges[2])
{
    edges[0] = opening->x[0];
    edges[1] = opening->x[1];
    if (isfinite(opening->across)) {
        double up = z - opening->middle, radius = opening->across / 2.0;
        double half = sqrt(fmax(radius * radius - up * up, 0.0));
        edges[0] = fmax(edges[0], opening->center - half);
        edges[1] = fmin(edges[1], opening->center + half);
    }
    return fmax(edges[1] - edges[0], 0.0);
}

/* Q (frame of phi) of the direction through (x, z), `angles` being those through the middle of the
 * analyzer. */
static void look(const struct ixs_opening *opening, const struct ixs_angles *angles,
                 double wavelength, double x, double z, double q[3])
{
    struct ixs_angles at = *angles;
    double radius = opening->radius, center = opening->center;
    at.two_theta += (atan2(x, radius) - atan2(center, radius)) / IXS_DEGREE;
    at.gamma +=
        (atan2(z, hypot(radius, x)) - atan2(opening->middle, hypot(radius, center))) / IXS_DEGREE;
    ixs_geometry_q_phi(&at, wavelength, q);
}

struct sums { /* of Q over the opening */
    double weight, first[3], second[6];
};

static void add(struct sums *sums, double weight, const double v[3])
{
    int n = 0;
    sums->weight += weight;
    for (int i = 0; i < 3; i++) {
        sums->first[i] += weight * v[i];
        for (int j = i; j < 3; j++)
            sums->second[n++] += weight * v[i] * v[j];
    }
}

/* Gauss and Legendre's points and weights on [0, 1] (Abramowitz & Stegun, table 25.4). */
static const double nodes[][2] = {
    {0.5 - 0.9324695142031521 / 2, 0.1713244923791704 / 2},
    {0.5 - 0.6612093864662645 / 2, 0.3607615730481386 / 2},
    {0.5 - 0.2386191860831969 / 2, 0.4679139345726910 / 2},
    {0.5 + 0.2386191860831969 / 2, 0.4679139345726910 / 2},
    {0.5 + 0.6612093864662645 / 2, 0.3607615730481386 / 2},
    {0.5 + 0.9324695142031521 / 2, 0.1713244923791704 / 2},
};

/* About the middle's own hkl, or second moments would drown in digits. */
static void find_covariance(struct ixs_acceptance *out, const struct ixs_opening *opening,
                            const struct ixs_angles *angles, double wavelength,
                            const struct ixs_crystal *crystal)
{
    struct sums sums = {0};
    double middle[3], q[3], hkl[3], edges[2];
    ixs_geometry_q_phi(angles, wavelength, middle);
    for (size_t k = 0; k < IXS_COUNT(nodes); k++) {
        double z = opening->z[0] + nodes[k][0] * (opening->z[1] - opening->z[0]);
        double open = chord(opening, z, edges);
        for (size_t i = 0; i < IXS_COUNT(nodes); i++) {
            look(opening, angles, wavelength, edges[0] + nodes[i][0] * open, z, q);
            for (int j = 0; j < 3; j++)
                q[j] -= middle[j];
            ixs_matrix_apply(crystal->inverse, q, hkl);
            add(&sums, nodes[k][1] * nodes[i][1] * open, hkl);
        }
    }
    for (int i = 0, n = 0; i < 3; i++)
        for (int j = i; j < 3; j++, n++)
            out->cov[n] = sums.second[n] / sums.weight -
                          sums.first[i] / sums.weight * (sums.first[j] / sums.weight);
}

struct reach { /* of |Q|, 1/Angstrom */
    double low, high;
};

static void take(struct reach *reach, const struct ixs_opening *opening,
                 const struct ixs_angles *angles, double wavelength, double x, double z)
{
    double q[3];
    look(opening, angles, wavelength, x, z, q);
    double length = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
    reach->low = fmin(reach->low, length);
    reach->high = fmax(reach->high, length);
}

/* Over a grid of the opening, or of its edge alone. */
static void take_grid(struct reach *reach, const struct ixs_opening *opening,
                      const struct ixs_angles *angles, double wavelength, bool edge)
{
    enum { steps = 32 };
    double edges[2];
    for (int k = 0; k <= steps; k++) {
        double z = opening->z[0] + (opening->z[1] - opening->z[0]) * k / steps;
        double open = chord(opening, z, edges);
        int stride = edge && k > 0 && k < steps ? steps : 1;
        for (int i = 0; i <= steps; i += stride)
            take(reach, opening, angles, wavelength, edges[0] + open * i / steps, z);
    }
}

/* |Q| is smallest and largest on the edge, unless the direct beam is inside: at a distance d from
 * the middle the edge then reaches from less than r - d to more than r + d. */
static void find_width(struct ixs_acceptance *out, const struct ixs_opening *opening,
                       const struct ixs_angles *angles, double wavelength)
{
    struct reach edge = {INFINITY, 0.0}, middle = edge;
    take_grid(&edge, opening, angles, wavelength, true);
    take(&middle, opening, angles, wavelength, (opening->x[0] + opening->x[1]) / 2.0,
         (opening->z[0] + opening->z[1]) / 2.0);
    if (middle.low <= edge.high - edge.low)
        take_grid(&edge, opening, angles, wavelength, false);
    out->q_width = edge.high - edge.low;
}

void ixs_acceptance_find(struct ixs_acceptance *out, const struct ixs_opening *opening,
                         const struct ixs_angles *angles, double wavelength,
                         const struct ixs_crystal *crystal)
{
    for (int i = 0; i < 6; i++)
        out->cov[i] = NAN;
    out->q_width = NAN;
    if (!isfinite(angles->two_theta + angles->gamma + angles->mu + wavelength))
        return;
    find_width(out, opening, angles, wavelength);
    if (crystal != NULL)
        find_covariance(out, opening, angles, wavelength, crystal);
}
