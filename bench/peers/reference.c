/* SPDX-License-Identifier: GPL-3.0-or-later
 * The exact model. With W(zeta) = (i/pi) Int R(t)/(zeta - t) dt, w = sqrt(O^2 - G^2) and the poles
 * z = +-w - iG,
 *   (R x B D)(E) = Re Sum_z c_z B(z) W(E - z) - 2 pi Sum_n nu_n D(i nu_n) Re W(E + i nu_n),
 *   c_z = (w +- iG)/(2 w),  nu_n = 2 pi n kT.
 */
#include "bench/peers/reference.h"

#include "models/line/faddeeva.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846

enum { MATSUBARA = 16 };

/* W and W'. */
static double complex cauchy(const struct peers_response *response, double complex zeta,
                             double complex *slope)
{
    double complex sum = 0.0;
    *slope = 0.0;
    for (size_t k = 0; k < response->nparts; k++) {
        const struct peers_part *part = &response->parts[k];
        double s = part->fwhm / (2.0 * sqrt(2.0 * log(2.0))), scale = s * sqrt(2.0);
        double complex t = zeta - part->center;
        double complex lorentz = I / PI / (t + 0.5 * part->fwhm * I);
        double complex w = ixs_faddeeva(t / scale);
        double complex w1 = -2.0 * t / scale * w + 2.0 * I / sqrt(PI);
        double height = (1.0 - part->eta) / (s * sqrt(2.0 * PI));
        sum += part->weight * (part->eta * lorentz + height * w);
        *slope += part->weight *
                  (-part->eta * lorentz / (t + 0.5 * part->fwhm * I) + height * w1 / scale);
    }
    return sum;
}

/* B(z) and B'(z). */
static double complex bose(double complex z, double complex *slope)
{
    double complex u = z / PEERS_KT;
    if (cabs(u) < 1e-3) {
        *slope = (0.5 + u / 6.0) / PEERS_KT;
        return 1.0 + 0.5 * u + u * u / 12.0;
    }
    double complex e = cexp(-u), n = 1.0 / (1.0 - e);
    *slope = (n - u * e * n * n) / PEERS_KT;
    return u * n;
}

struct pole { /* weight W(E - place), and how both move with O and G */
    double complex weight, place, weight_by[2], place_by[2];
};

static void find_poles(double omega, double gamma, struct pole poles[2])
{
    const double complex w = csqrt(omega * omega - gamma * gamma),
                         w_by[2] = {omega / w, -gamma / w};
    for (int k = 0; k < 2; k++) {
        double sign = k == 0 ? 1.0 : -1.0;
        struct pole *pole = &poles[k];
        double complex share = 0.5 * (1.0 + sign * I * gamma / w), slope, b;
        pole->place = sign * w - I * gamma;
        b = bose(pole->place, &slope);
        pole->weight = share * b;
        for (int by = 0; by < 2; by++) {
            double complex share_by = -0.5 * sign * I * gamma / (w * w) * w_by[by];
            if (by == 1)
                share_by += 0.5 * sign * I / w;
            pole->place_by[by] = sign * w_by[by] - (by == 1 ? I : 0.0);
            pole->weight_by[by] = share_by * b + share * slope * pole->place_by[by];
        }
    }
}

/* -2 pi nu D(i nu), and its slopes with respect to O and G. */
static double matsubara(double omega, double gamma, double nu, double by[2])
{
    double o2 = omega * omega, n2 = nu * nu, sum = o2 + n2;
    double d = sum * sum - 4.0 * gamma * gamma * n2;
    double value = -4.0 * nu * gamma * o2 / d;
    by[0] = value * (2.0 / omega - 4.0 * omega * sum / d);
    by[1] = -4.0 * nu * o2 / d + value * 8.0 * gamma * n2 / d;
    return value;
}

struct row { /* one mode of unit area at one energy */
    double value, by_energy, by[2];
};

static struct row convolved(const struct peers_response *response, double x, double omega,
                            double gamma)
{
    struct row row = {0};
    struct pole poles[2];
    double complex w, slope;
    double by[2];
    find_poles(omega, gamma, poles);
    for (int k = 0; k < 2; k++) {
        w = cauchy(response, x - poles[k].place, &slope);
        row.value += creal(poles[k].weight * w);
        row.by_energy += creal(poles[k].weight * slope);
        for (int i = 0; i < 2; i++)
            row.by[i] +=
                creal(poles[k].weight_by[i] * w - poles[k].weight * poles[k].place_by[i] * slope);
    }
    for (int n = 1; n <= MATSUBARA; n++) {
        double nu = 2.0 * PI * n * PEERS_KT, share = matsubara(omega, gamma, nu, by);
        w = cauchy(response, x + I * nu, &slope);
        row.value += share * creal(w);
        row.by_energy += share * creal(slope);
        for (int i = 0; i < 2; i++)
            row.by[i] += by[i] * creal(w);
    }
    return row;
}

void reference_model(const struct peers_set *set, const struct peers_spectrum *spectrum,
                     const double *p, double *mu, double *slopes)
{
    const struct peers_response *response = &set->responses[spectrum->analyzer];
    double column[PEERS_PARAMETERS];
    size_t n = set->npoints;
    for (size_t i = 0; i < n; i++) {
        double complex slope, w = cauchy(response, set->energy[i] - p[1], &slope);
        column[0] = creal(w);
        column[1] = -p[0] * creal(slope);
        column[2] = 1.0;
        column[3] = set->energy[i];
        mu[i] = p[2] + p[3] * set->energy[i] + p[0] * creal(w);
        for (size_t k = 0; k < spectrum->nmodes; k++) {
            const double *mode = p + 4 + 3 * k;
            struct row row = convolved(response, set->energy[i] - p[1], mode[1], mode[2]);
            mu[i] += mode[0] * row.value;
            column[1] -= mode[0] * row.by_energy;
            column[4 + 3 * k] = row.value;
            column[5 + 3 * k] = mode[0] * row.by[0];
            column[6 + 3 * k] = mode[0] * row.by[1];
        }
        for (size_t k = 0; slopes && k < peers_nparameters(spectrum); k++)
            slopes[k * n + i] = column[k];
    }
}
