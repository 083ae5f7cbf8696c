/* SPDX-License-Identifier: GPL-3.0-or-later
 * Resolution functions. A pseudo-Voigt part with s = sqrt(4 ln 2)/FWHM and HWHM g has
 *   G = s/sqrt(pi) exp(-(s x)^2),  L = (g/pi)/(x^2 + g^2),
 *   W_G = s/sqrt(pi) w(s zeta),    W_L = (i/pi)/(zeta + i g).
 */
#include "models/response/response.h"

#include "base/units.h"
#include "models/line/faddeeva.h"
#include "models/response/table.h"

#include <math.h>

#define TWO_SQRT_LN2 1.6651092223153955127 /* sqrt(4 ln 2) */
#define ONE_OVER_SQRT_PI 0.56418958354775628695

static const char *part_complaint(const struct ixs_response_part *part)
{
    if (!isfinite(part->weight) || !isfinite(part->center))
        return "a part of the response has a weight or centre that is not a number";
    if (!isfinite(part->fwhm) || part->fwhm <= 0.0)
        return "a part of the response has a width that is not positive";
    if (!(part->eta >= 0.0 && part->eta <= 1.0))
        return "a part of the response has an eta outside 0 .. 1";
    return NULL;
}

static const char *table_complaint(const struct ixs_response_table *table)
{
    bool finite = isfinite(table->center) && table->scale > 0.0 && isfinite(table->scale);
    if (table->n < 4 || table->n > IXS_RESPONSE_NODES)
        return "the table of the response has less than 4 nodes, or more than 48";
    for (size_t j = 0; j < table->n; j++)
        finite = finite && isfinite(table->coefficient[j]);
    if (!finite)
        return "the table of the response has an entry that is not a number";
    if (fabs(ixs_response_table_integral(table, -INFINITY, INFINITY, 0, NULL) - 1.0) > 1e-6)
        return "the area of the tabulated response is not 1";
    return NULL;
}

const char *ixs_response_complaint(const struct ixs_response *response)
{
    const char *complaint = NULL;
    double total = 0.0;
    if (response->nparts == 0 && response->table.n > 0)
        return table_complaint(&response->table);
    if (response->nparts == 0 || response->nparts > IXS_RESPONSE_MOST)
        return "the response has no parts, or more than 8";
    for (size_t k = 0; k < response->nparts && !complaint; k++) {
        complaint = part_complaint(&response->parts[k]);
        total += response->parts[k].weight;
    }
    if (!complaint && fabs(total - 1.0) > 1e-6)
        return "the weights of the response do not add up to 1";
    return complaint;
}

double ixs_response_part_value(const struct ixs_response_part *part, double energy,
                               double *by_center, double *by_fwhm, double *by_eta)
{
    double s = TWO_SQRT_LN2 / part->fwhm, g = 0.5 * part->fwhm, x = energy - part->center;
    double gauss = s * ONE_OVER_SQRT_PI * exp(-(s * x) * (s * x));
    double lorentz = g / IXS_PI / (x * x + g * g);
    double eta = part->eta;
    if (by_center)
        *by_center =
            eta * lorentz * 2.0 * x / (x * x + g * g) + (1.0 - eta) * gauss * 2.0 * s * s * x;
    if (by_fwhm)
        *by_fwhm = (eta * lorentz * (x * x - g * g) / (x * x + g * g) +
                    (1.0 - eta) * gauss * (2.0 * s * s * x * x - 1.0)) /
                   part->fwhm;
    if (by_eta)
        *by_eta = lorentz - gauss;
    return eta * lorentz + (1.0 - eta) * gauss;
}

double ixs_response_value(const struct ixs_response *response, double energy)
{
    double sum = 0.0;
    if (response->table.n > 0)
        return ixs_response_table_value(&response->table, energy, NULL, NULL);
    for (size_t k = 0; k < response->nparts; k++)
        sum += response->parts[k].weight *
               ixs_response_part_value(&response->parts[k], energy, NULL, NULL, NULL);
    return sum;
}

void ixs_response_curve(const struct ixs_response *response, size_t n, const double *energy,
                        double *value, double *slope)
{
    for (size_t i = 0; i < n && response->table.n > 0; i++)
        value[i] = ixs_response_table_value(&response->table, energy[i],
                                            slope != NULL ? &slope[i] : NULL, NULL);
    for (size_t i = 0; i < n && response->table.n == 0; i++) {
        double sum = 0.0, rise = 0.0, by_center = 0.0;
        for (size_t k = 0; k < response->nparts; k++) {
            const struct ixs_response_part *part = &response->parts[k];
            sum += part->weight *
                   ixs_response_part_value(part, energy[i], slope ? &by_center : NULL, NULL, NULL);
            rise -= part->weight * by_center;
        }
        value[i] = sum;
        if (slope)
            slope[i] = rise;
    }
}

static void add_gauss(const struct ixs_response_part *part, size_t n, const double *energy,
                      double height, struct ixs_response_row *out)
{
    double x[IXS_RESPONSE_ROW] = {0};
    struct ixs_response_row w;
    double s = TWO_SQRT_LN2 / part->fwhm;
    double scale = part->weight * (1.0 - part->eta) * s * ONE_OVER_SQRT_PI;
    for (size_t i = 0; i < n; i++)
        x[i] = (energy[i] - part->center) * s;
    ixs_faddeeva_row_slope(n, x, height * s, w.re, w.im, w.slope_re, w.slope_im);
    for (size_t i = 0; i < n; i++) {
        out->re[i] += scale * w.re[i];
        out->im[i] += scale * w.im[i];
        out->slope_re[i] += scale * s * w.slope_re[i];
        out->slope_im[i] += scale * s * w.slope_im[i];
    }
}

static void add_lorentz(const struct ixs_response_part *part, size_t n, const double *energy,
                        double height, struct ixs_response_row *out)
{
    double scale = part->weight * part->eta / IXS_PI, b = height + 0.5 * part->fwhm;
    for (size_t i = 0; i < n; i++) { /* i/(a + ib) = (b + ia)/(a^2 + b^2) */
        double a = energy[i] - part->center, d = 1.0 / (a * a + b * b);
        double re = b * d, im = a * d;
        out->re[i] += scale * re;
        out->im[i] += scale * im;
        out->slope_re[i] -= scale * 2.0 * re * im;
        out->slope_im[i] += scale * (re * re - im * im);
    }
}

void ixs_response_cauchy_row(const struct ixs_response *response, size_t n, const double *energy,
                             double height, struct ixs_response_row *out)
{
    for (size_t i = 0; i < n; i++)
        out->re[i] = out->im[i] = out->slope_re[i] = out->slope_im[i] = 0.0;
    for (size_t k = 0; k < response->nparts; k++) {
        if (response->parts[k].eta < 1.0)
            add_gauss(&response->parts[k], n, energy, height, out);
        if (response->parts[k].eta > 0.0)
            add_lorentz(&response->parts[k], n, energy, height, out);
    }
}

double complex ixs_response_cauchy(const struct ixs_response *response, double complex zeta,
                                   double complex *slope)
{
    struct ixs_response_row row;
    double energy = creal(zeta);
    ixs_response_cauchy_row(response, 1, &energy, cimag(zeta), &row);
    if (slope)
        *slope = ixs_complex(row.slope_re[0], row.slope_im[0]);
    return ixs_complex(row.re[0], row.im[0]);
}
