/* SPDX-License-Identifier: GPL-3.0-or-later
 * The crystal on its diffractometer, forwards: where the motors must stand for a reflection and
 * what each angle sees. Four circles after Busing and Levy, Acta Cryst. 22, 457 (1967), with the
 * 2 pi in B, as SPEC's fourc has it: Q = (4 pi/lambda) sin(tth/2) u(omega, chi, phi),
 * omega = th - tth/2, eq. 44; U from two reflections, eq. 23-27.
 */
#include "calib/forward/forward.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

enum { REACH = 2 }; /* cells searched on each side of the nearest whole indices */

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static double norm(double a[3])
{
    const double length = sqrt(dot(a, a));
    for (int i = 0; i < 3; i++)
        a[i] /= length;
    return length;
}

static void apply(const double (*m)[3], const double a[3], double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] = dot(m[i], a);
}

/* Reciprocal cell lengths with 2 pi and angles, then Busing and Levy's B, eq. 3. */
static bool reciprocal_cell(struct ixs_forward_crystal *x, double b[3][3])
{
    const double ca = cos(x->alpha * IXS_DEGREE), cb = cos(x->beta * IXS_DEGREE),
                 cg = cos(x->gamma * IXS_DEGREE), sa = sin(x->alpha * IXS_DEGREE),
                 sb = sin(x->beta * IXS_DEGREE), sg = sin(x->gamma * IXS_DEGREE);
    const double square = 1.0 - ca * ca - cb * cb - cg * cg + 2.0 * ca * cb * cg;
    if (!(x->a > 0 && x->b > 0 && x->c > 0 && square > 0))
        return false;
    const double root = sqrt(square), turn = 2.0 * IXS_PI / root;
    const double as = turn * sa / x->a, bs = turn * sb / x->b, cs = turn * sg / x->c;
    const double cas = (cb * cg - ca) / (sb * sg), cbs = (ca * cg - cb) / (sa * sg),
                 cgs = (ca * cb - cg) / (sa * sb);
    const double rows[3][3] = {{as, bs * cgs, cs * cbs},
                               {0, bs * sqrt(1 - cgs * cgs), -cs * sqrt(1 - cbs * cbs) * ca},
                               {0, 0, 2.0 * IXS_PI / x->c}};
    const double cell[6] = {
        as, bs, cs, acos(cas) / IXS_DEGREE, acos(cbs) / IXS_DEGREE, acos(cgs) / IXS_DEGREE};
    memcpy(b, rows, sizeof rows);
    memcpy(x->reciprocal, cell, sizeof cell);
    return true;
}

static void direction(double tth, const struct ixs_forward_setting *at, double u[3])
{
    const double omega = (at->th - 0.5 * tth) * IXS_DEGREE, chi = at->chi * IXS_DEGREE,
                 phi = at->phi * IXS_DEGREE;
    u[0] = cos(omega) * cos(chi) * cos(phi) - sin(omega) * sin(phi);
    u[1] = cos(omega) * cos(chi) * sin(phi) + sin(omega) * cos(phi);
    u[2] = cos(omega) * sin(chi);
}

/* Right-handed orthonormal rows: along the first, in the plane of both, across. */
static bool triad(const double first[3], const double second[3], double rows[3][3])
{
    memcpy(rows[0], first, sizeof rows[0]);
    cross(first, second, rows[2]);
    if (!(norm(rows[0]) > 0) || !(norm(rows[2]) > 1e-9))
        return false;
    cross(rows[2], rows[0], rows[1]);
    return true;
}

bool ixs_forward_orient(struct ixs_forward_crystal *crystal, struct ixs_err *err)
{
    double b[3][3], inside[3][3], outside[3][3], c0[3], c1[3], u0[3], u1[3];
    const struct ixs_forward_reflection *or0 = &crystal->or0, *or1 = &crystal->or1;
    if (!reciprocal_cell(crystal, b))
        return ixs_fail(err, IXS_USAGE, "found a lattice without volume, expected a unit cell");
    apply((const double(*)[3])b, (const double[3]){or0->h, or0->k, or0->l}, c0);
    apply((const double(*)[3])b, (const double[3]){or1->h, or1->k, or1->l}, c1);
    if (crystal->sixcircle) {
        ixs_forward_direction(crystal, or0->at.tth, crystal->gam, &or0->at, u0);
        ixs_forward_direction(crystal, or1->at.tth, crystal->gam, &or1->at, u1);
    } else {
        direction(or0->at.tth, &or0->at, u0);
        direction(or1->at.tth, &or1->at, u1);
    }
    if (!triad(c0, c1, inside) || !triad(u0, u1, outside))
        return ixs_fail(err, IXS_USAGE,
                        "found two parallel reflections, expected two directions to orient with");
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            crystal->ub[i][j] = 0;
            for (int k = 0; k < 3; k++)
                for (int m = 0; m < 3; m++)
                    crystal->ub[i][j] += outside[k][i] * inside[k][m] * b[m][j];
        }
    return true;
}

void ixs_forward_hkl(const struct ixs_forward_crystal *crystal, double two_theta, double gam,
                     const struct ixs_forward_setting *at, double hkl[3])
{
    const double full = 2.0 * IXS_PI / crystal->wavelength;
    const double q = crystal->sixcircle ? full : 2.0 * full * sin(0.5 * two_theta * IXS_DEGREE);
    double u[3], columns[3][3];
    if (crystal->sixcircle)
        ixs_forward_direction(crystal, two_theta, gam, at, u);
    else
        direction(two_theta, at, u);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            columns[j][i] = crystal->ub[i][j];
    for (int i = 0; i < 3; i++) { /* Cramer: columns are the reciprocal vectors on the circles */
        double across[3];
        cross(columns[(i + 1) % 3], columns[(i + 2) % 3], across);
        hkl[i] = q * dot(u, across) / dot(columns[i], across);
    }
}

/* The motors' own steps, deg: HERIX headers show them. */
static double stepped(double angle, double step)
{
    return step * round(angle / step);
}

bool ixs_forward_aim(const struct ixs_forward_crystal *crystal, const double hkl[3],
                     struct ixs_forward_setting *at, struct ixs_err *err)
{
    double v[3];
    apply((const double(*)[3])crystal->ub, hkl, v);
    const double sine = sqrt(dot(v, v)) * crystal->wavelength / (4.0 * IXS_PI);
    if (!(sine < 1.0) || !(sine > 0.0))
        return ixs_fail(err, IXS_USAGE,
                        "found Q at (%g %g %g), expected one in reach of this wavelength", hkl[0],
                        hkl[1], hkl[2]);
    *at = (struct ixs_forward_setting){.tth = 2.0 * asin(sine) / IXS_DEGREE,
                                       .chi = atan2(v[2], hypot(v[0], v[1])) / IXS_DEGREE,
                                       .phi = atan2(v[1], v[0]) / IXS_DEGREE};
    if (crystal->sixcircle && !ixs_forward_aim_six(crystal, v, 2.0 * sine, at))
        return ixs_fail(
            err, IXS_USAGE,
            "found Q at (%g %g %g), expected one in reach with mu and gamma as they are", hkl[0],
            hkl[1], hkl[2]);
    at->tth = stepped(at->tth, 1e-4);
    at->th = stepped(0.5 * at->tth, 5e-4);
    at->chi = stepped(at->chi, 1.25e-4);
    at->phi = stepped(at->phi, 5e-4);
    return true;
}

/* Reflection condition of the lattice centring, International Tables A, table 2.2.13.1. */
static bool is_allowed(const char *centring, long h, long k, long l)
{
    switch (centring[0]) {
    case 'A':
        return (k + l) % 2 == 0;
    case 'B':
        return (h + l) % 2 == 0;
    case 'C':
        return (h + k) % 2 == 0;
    case 'I':
        return (h + k + l) % 2 == 0;
    case 'F':
        return (h + k) % 2 == 0 && (k + l) % 2 == 0;
    case 'R':
        return (-h + k + l) % 3 == 0;
    default:
        return true;
    }
}

double ixs_forward_nearest(const struct ixs_forward_crystal *crystal, const double hkl[3],
                           double nearest[3])
{
    const long base[3] = {lround(hkl[0]), lround(hkl[1]), lround(hkl[2])};
    double best = INFINITY;
    for (long i = 0; i < (2 * REACH + 1) * (2 * REACH + 1) * (2 * REACH + 1); i++) {
        const long h = base[0] + i % (2 * REACH + 1) - REACH,
                   k = base[1] + i / (2 * REACH + 1) % (2 * REACH + 1) - REACH,
                   l = base[2] + i / ((2 * REACH + 1) * (2 * REACH + 1)) - REACH;
        if (!is_allowed(crystal->centring, h, k, l))
            continue;
        const double point[3] = {(double)h, (double)k, (double)l};
        const double off[3] = {hkl[0] - point[0], hkl[1] - point[1], hkl[2] - point[2]};
        double q[3];
        apply((const double(*)[3])crystal->ub, off, q);
        const double distance = sqrt(dot(q, q));
        if (distance < best - 1e-9) {
            best = distance;
            memcpy(nearest, point, sizeof point);
        }
    }
    return best;
}

double ixs_forward_angle(const struct ixs_forward_crystal *crystal, const double hkl[3],
                         const double nearest[3])
{
    const double off[3] = {hkl[0] - nearest[0], hkl[1] - nearest[1], hkl[2] - nearest[2]};
    double whole[3], left[3], across[3];
    apply((const double(*)[3])crystal->ub, hkl, whole);
    apply((const double(*)[3])crystal->ub, off, left);
    cross(whole, left, across);
    const bool defined = dot(whole, whole) > 0 && dot(left, left) > 0;
    return defined ? atan2(sqrt(dot(across, across)), dot(whole, left)) / IXS_DEGREE : NAN;
}

void ixs_forward_azimuth(const struct ixs_forward_crystal *crystal,
                         const struct ixs_forward_setting *at, double angles[4])
{
    const double omega = (at->th - 0.5 * at->tth) * IXS_DEGREE, chi = at->chi * IXS_DEGREE,
                 phi = at->phi * IXS_DEGREE, theta = 0.5 * at->tth * IXS_DEGREE;
    double n[3] = {crystal->ub[0][2], crystal->ub[1][2], crystal->ub[2][2]};
    norm(n);
    const double x = cos(phi) * n[0] + sin(phi) * n[1], y = -sin(phi) * n[0] + cos(phi) * n[1];
    const double u = cos(chi) * x + sin(chi) * n[2], z = -sin(chi) * x + cos(chi) * n[2];
    const double a = cos(omega) * u + sin(omega) * y, b = -sin(omega) * u + cos(omega) * y;
    angles[0] = -asin(-sin(theta) * a + cos(theta) * b) / IXS_DEGREE;
    angles[1] = asin(sin(theta) * a + cos(theta) * b) / IXS_DEGREE;
    angles[2] = at->th - 0.5 * at->tth;
    angles[3] = -atan2(z, b) / IXS_DEGREE;
}
