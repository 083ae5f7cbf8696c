/* SPDX-License-Identifier: GPL-3.0-or-later
 * Line shapes written out, convolved by plain summation.
 */
#include "bench/plain.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.14159265358979323846
#define BOLTZMANN 8.617333262145179e-2 /* meV/K */
#define CELL 0.02
#define REACH 150.0
enum { RESPONSE_CELLS = 15001 }; /* +-150 meV */

double plain_response(const struct ixs_response *response, double t)
{
    double sum = 0.0;
    for (size_t k = 0; k < response->nparts; k++) {
        const struct ixs_response_part *part = &response->parts[k];
        double x = 2.0 * (t - part->center) / part->fwhm;
        double lorentz = 2.0 / (PI * part->fwhm * (1.0 + x * x));
        double gauss = 2.0 / part->fwhm * sqrt(log(2.0) / PI) * pow(2.0, -x * x);
        sum += part->weight * (part->eta * lorentz + (1.0 - part->eta) * gauss);
    }
    return sum;
}

double plain_mode(double omega0, double fwhm, double kelvin, double energy)
{
    double kt = BOLTZMANN * kelvin, e = energy, o2 = omega0 * omega0;
    double bose = fabs(e) < 1e-9 ? kt : e / (1.0 - exp(-e / kt));
    double lorentz = pow(e * e - o2, 2.0) + pow(fwhm * e, 2.0);
    return bose * 2.0 * omega0 * fwhm / (PI * lorentz);
}

bool plain_convolve(double *out, const struct ixs_response *response, const double mode[2],
                    double kelvin, size_t n, const double grid[2], struct ixs_err *err)
{
    size_t stride = (size_t)lround(grid[1] / CELL), cells = RESPONSE_CELLS + stride * (n - 1);
    double *weight = NULL, *s = NULL;
    bool ok = IXS_NEW(weight, RESPONSE_CELLS, err) && IXS_NEW(s, cells, err);
    for (size_t k = 0; ok && k < RESPONSE_CELLS; k++)
        weight[k] = plain_response(response, CELL * (double)k - REACH);
    for (size_t k = 0; ok && k < cells; k++)
        s[k] = plain_mode(mode[0], mode[1], kelvin, grid[0] - REACH + CELL * (double)k);
    for (size_t i = 0; ok && i < n; i++) {
        double sum = 0.0;
        for (size_t k = 0; k < RESPONSE_CELLS; k++)
            sum += weight[k] * s[stride * i + RESPONSE_CELLS - 1 - k];
        out[i] = sum * CELL;
    }
    free(weight);
    free(s);
    return ok;
}
