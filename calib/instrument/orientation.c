/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a crystal stands on the circles.
 */
#include "calib/instrument/orientation.h"

#include "base/lines.h"
#include "base/units.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

enum { most_numbers = 64, spec_numbers = 32, nsls_numbers = 30 };

/* ---- UB -------------------------------------------------------------------------------------- */

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static double length(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* Columns: along the first, in the plane of both, across. */
static bool triad(const double first[3], const double second[3], double columns[9])
{
    double axes[3][3];
    memcpy(axes[0], first, sizeof axes[0]);
    cross(first, second, axes[2]);
    cross(axes[2], axes[0], axes[1]);
    bool apart = length(axes[2]) > 1e-6 * length(first) * length(second);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            columns[3 * i + j] = axes[j][i] / length(axes[j]);
    return apart;
}

bool ixs_orientation_ub(const double lattice[6], const struct ixs_reflection reflections[2],
                        double ub[9])
{
    double b[9], crystal[2][3], found[2][3], inside[9], outside[9], transposed[9], u[9];
    if (!ixs_lattice_b(lattice, b))
        return false;
    for (int i = 0; i < 2; i++) {
        ixs_matrix_apply(b, reflections[i].hkl, crystal[i]);
        ixs_geometry_q_phi(&reflections[i].at, 2.0 * IXS_PI, found[i]);
    }
    if (!triad(crystal[0], crystal[1], inside) || !triad(found[0], found[1], outside))
        return false;
    for (int i = 0; i < 9; i++)
        transposed[i] = inside[i % 3 * 3 + i / 3];
    ixs_matrix_multiply(outside, transposed, u);
    ixs_matrix_multiply(u, b, ub);
    return true;
}

bool ixs_orientation_strain(const double ub[9], const double lattice[6], double out[9])
{
    double before[6], b[9], inverse[9], grown[9], u[9];
    if (!ixs_lattice_of(ub, before) || !ixs_lattice_b(before, b) ||
        !ixs_matrix_invert(b, inverse) || !ixs_lattice_b(lattice, grown))
        return false;
    ixs_matrix_multiply(ub, inverse, u);
    ixs_matrix_multiply(u, grown, out);
    return true;
}

double ixs_orientation_apart(const double ub[9], const double other[9])
{
    double worst = 0.0;
    for (int j = 0; j < 3; j++) {
        const double a[3] = {ub[j], ub[3 + j], ub[6 + j]};
        const double b[3] = {other[j], other[3 + j], other[6 + j]};
        double across[3];
        cross(a, b, across);
        double along = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        worst = fmax(worst, atan2(length(across), along) / IXS_DEGREE);
    }
    return worst;
}

/* ---- the header ------------------------------------------------------------------------------ */

/* Numbers behind `key` in the last such line of the scan, which may go on over rows. */
static size_t header_numbers(const struct ixs_raw *raw, const char *key, double *values)
{
    size_t n = 0, width = strlen(key), row = raw->nheader;
    char text[8 * sizeof raw->header->text] = "";
    for (size_t i = 0; i < raw->nheader; i++)
        if (strncmp(raw->header[i].text, key, width) == 0 && raw->header[i].text[width] == ' ')
            row = i;
    for (size_t i = row; i < raw->nheader && (i == row || raw->header[i].text[0] == '\\'); i++) {
        const char *part = raw->header[i].text + (i == row ? width : 1);
        if (strlen(text) + strlen(part) < sizeof text)
            strncat(text, part, sizeof text - strlen(text) - 1);
    }
    for (const char *at = text; n < most_numbers && ixs_number_next(&at, &values[n]);)
        n++;
    return n;
}

static void read_angles(struct ixs_angles *out, const double u[6], bool sixcircle, bool nsls)
{
    *out = (struct ixs_angles){.two_theta = u[0],
                               .theta = u[1],
                               .chi = u[2],
                               .phi = u[3],
                               .mu = nsls || sixcircle ? u[4] : 0.0,
                               .gamma = nsls || sixcircle ? u[5] : 0.0,
                               .sixcircle = sixcircle};
}

bool ixs_orientation_header(struct ixs_orientation *out, const struct ixs_raw *raw, bool sixcircle)
{
    double v[most_numbers];
    size_t n = header_numbers(raw, "#G1", v);
    bool nsls = n == nsls_numbers;
    if (!nsls && n < spec_numbers)
        return false;
    memcpy(out->lattice, v, sizeof out->lattice);
    for (int i = 0; i < 2; i++) {
        struct ixs_reflection *reflection = &out->reflections[i];
        memcpy(reflection->hkl, v + 12 + (nsls ? 9 : 3) * i, sizeof reflection->hkl);
        read_angles(&reflection->at, v + (nsls ? 15 + 9 * i : 18 + 6 * i), sixcircle, nsls);
    }
    return true;
}

/* 10-ID: wavelength, alpha, beta, omega, mu, gamma, sa, azimuth. */
static size_t nsls_angles(const struct ixs_raw *raw, double values[most_numbers])
{
    bool nsls = header_numbers(raw, "#G1", values) == nsls_numbers;
    return nsls ? header_numbers(raw, "#G0", values) : 0;
}

double ixs_orientation_wavelength(const struct ixs_raw *raw)
{
    double v[most_numbers];
    return nsls_angles(raw, v) > 0 ? v[0] : NAN;
}

void ixs_orientation_tilts(const struct ixs_raw *raw, double tilts[2])
{
    double v[most_numbers];
    bool there = nsls_angles(raw, v) >= 6;
    tilts[0] = there ? v[4] : NAN;
    tilts[1] = there ? v[5] : NAN;
}
