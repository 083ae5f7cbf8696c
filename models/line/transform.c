/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rational transforms of a response: coefficients by the trapezoid rule on the circle, which is as
 * exact as the series itself; for each order the length L that leaves the least beyond it.
 */
#include "models/line/transform.h"

#include "base/units.h"

#include <gsl/gsl_fft_complex.h>
#include <math.h>

enum { SAMPLES = 1024, LENGTHS = 28, HALF = SAMPLES / 2 };

static const size_t orders[IXS_TRANSFORM_ORDERS] = {8, 10, 12, 14, 16, 20, 24, 32, 48, 80, 128};
/* Of a parameter, in its errors: what the worst of all data could do. Measured (bench/exact.sh): a
 * tenth of it. */
static const double shift_allowed = 0.04;
static const double floor_share = 1e-3; /* of R's peak, in the error: some background */
static const double round_off = 1e-13;

struct circle {                      /* the same for every L */
    double tangent[SAMPLES];         /* of theta/2 */
    double cosine[HALF], sine[HALF]; /* of the phase of a_n: the half step and the -pi */
};

struct samples { /* for one L; index j is at theta = 2 pi (j + 1/2)/SAMPLES - pi */
    double length;
    double energy[SAMPLES], value[SAMPLES];
    double a_re[HALF], a_im[HALF]; /* Fourier coefficients a_n, n = 0 .. HALF - 1 */
};

static void make_circle(struct circle *out)
{
    for (size_t j = 0; j < SAMPLES; j++) {
        double theta = 2.0 * IXS_PI * ((double)j + 0.5) / SAMPLES - IXS_PI;
        out->tangent[j] = tan(0.5 * theta);
    }
    for (size_t n = 0; n < HALF; n++) {
        double phase = (double)n * (IXS_PI - IXS_PI / SAMPLES);
        out->cosine[n] = cos(phase);
        out->sine[n] = sin(phase);
    }
}

/* a_n = mean of R (L^2 + t^2) exp(-i n theta). */
static void take_samples(struct samples *out, const struct circle *circle,
                         const struct ixs_response *response, double length)
{
    double data[2 * SAMPLES];
    out->length = length;
    for (size_t j = 0; j < SAMPLES; j++)
        out->energy[j] = length * circle->tangent[j];
    ixs_response_curve(response, SAMPLES, out->energy, out->value, NULL);
    for (size_t j = 0; j < SAMPLES; j++) {
        data[2 * j] = out->value[j] * (length * length + out->energy[j] * out->energy[j]) / SAMPLES;
        data[2 * j + 1] = 0.0;
    }
    gsl_fft_complex_radix2_forward(data, 1, SAMPLES);
    for (size_t n = 0; n < HALF; n++) {
        double c = circle->cosine[n], s = circle->sine[n];
        out->a_re[n] = c * data[2 * n] - s * data[2 * n + 1];
        out->a_im[n] = c * data[2 * n + 1] + s * data[2 * n];
    }
}

/* Sum of |a_n|^2 beyond each order, made comparable between lengths: by Parseval it is the integral
 * of (R_N - R)^2 (L^2 + t^2)/L, and so gives the tails their due. */
static void left_over(const struct samples *samples, double rest[IXS_TRANSFORM_ORDERS])
{
    double sum = 0.0;
    size_t n = HALF;
    for (size_t k = IXS_TRANSFORM_ORDERS; k-- > 0;) {
        for (; n > orders[k] + 1; n--)
            sum += samples->a_re[n - 1] * samples->a_re[n - 1] +
                   samples->a_im[n - 1] * samples->a_im[n - 1];
        rest[k] = sum / samples->length;
    }
}

static void cut(struct ixs_transform *out, const struct samples *samples, size_t order)
{
    out->scale = samples->length;
    out->order = order;
    for (size_t k = 0; k < order; k++) {
        out->re[k] = samples->a_re[order - k];
        out->im[k] = samples->a_im[order - k];
    }
}

static double error_of(const struct ixs_transform *transform, const struct samples *samples)
{
    double peak = 0.0, sum = 0.0, length = samples->length;
    for (size_t j = 0; j < SAMPLES; j++)
        peak = fmax(peak, samples->value[j]);
    for (size_t j = 0; j < SAMPLES; j++) {
        double t = samples->energy[j];
        double miss = ixs_transform_value(transform, t) - samples->value[j];
        double step = IXS_PI * (length * length + t * t) / (length * SAMPLES);
        if (fabs(t) < 1000.0 * length)
            sum += step * miss * miss / (samples->value[j] + floor_share * peak);
    }
    return sqrt(sum);
}

void ixs_transforms_make(struct ixs_transforms *out, const struct ixs_response *response)
{
    double least[IXS_TRANSFORM_ORDERS] = {0}, best[IXS_TRANSFORM_ORDERS] = {0};
    double rest[IXS_TRANSFORM_ORDERS];
    struct circle circle;
    struct samples samples;
    make_circle(&circle);
    out->n = 0;
    out->fwhm = ixs_response_fwhm(response);
    for (size_t i = 0; i < LENGTHS; i++) {
        double length = out->fwhm * 0.2 * pow(60.0, (double)i / (LENGTHS - 1)); /* 0.2 .. 12 */
        take_samples(&samples, &circle, response, length);
        left_over(&samples, rest);
        for (size_t k = 0; k < IXS_TRANSFORM_ORDERS; k++)
            if (i == 0 || rest[k] < least[k]) {
                least[k] = rest[k];
                best[k] = length;
            }
    }
    for (size_t k = 0; k < IXS_TRANSFORM_ORDERS; k++) {
        struct ixs_transform *transform = &out->list[out->n++];
        if (samples.length != best[k])
            take_samples(&samples, &circle, response, best[k]);
        cut(transform, &samples, orders[k]);
        transform->error = error_of(transform, &samples);
        if (transform->error < round_off)
            break;
    }
}

const struct ixs_transform *ixs_transform_choose(const struct ixs_transforms *transforms,
                                                 double counts)
{
    size_t k = 0;
    double allowed = shift_allowed / sqrt(fmax(counts, 1.0));
    while (k + 1 < transforms->n && transforms->list[k].error > allowed)
        k++;
    return &transforms->list[k];
}

const struct ixs_transform *ixs_transform_of_order(const struct ixs_transforms *transforms,
                                                   size_t order)
{
    size_t k = 0;
    while (k + 1 < transforms->n && transforms->list[k].order != order)
        k++;
    return &transforms->list[k];
}

double complex ixs_transform_cauchy(const struct ixs_transform *transform, double complex zeta,
                                    double complex *slope)
{
    double length = transform->scale;
    double complex turned = ixs_complex(-cimag(zeta), creal(zeta)); /* i zeta */
    double complex q = 1.0 / (length - turned), z = (length + turned) * q, p = 0.0, rise = 0.0;
    for (size_t k = 0; k < transform->order; k++) {
        if (slope)
            rise = rise * z + p;
        p = p * z + ixs_complex(transform->re[k], transform->im[k]);
    }
    if (slope)
        *slope = ixs_complex(0.0, 1.0) * q * q * (1.0 / IXS_PI + 4.0 * q * (p + length * q * rise));
    return q * (1.0 / IXS_PI + 2.0 * q * p);
}

double ixs_transform_value(const struct ixs_transform *transform, double energy)
{
    return creal(ixs_transform_cauchy(transform, energy, NULL));
}
