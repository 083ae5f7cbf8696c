/* SPDX-License-Identifier: GPL-3.0-or-later
 * Faddeeva function by Weideman's rational series (SIAM J. Numer. Anal. 31, 1497, 1994) with N =
 * 36, w(z) = q [2 q P(Z) + 1/sqrt(pi)],  q = 1/(L - iz),  Z = (L + iz)/(L - iz), and by its
 * asymptotic series i/(sqrt(pi) z) Sum (2k-1)!!/(2 z^2)^k far above the real axis.
 */
#include "models/line/faddeeva.h"

#define ONE_OVER_SQRT_PI 0.56418958354775628695
#define WEIDEMAN_L 5.0453784915222872582 /* sqrt(N / sqrt(2)) */

enum { WEIDEMAN_N = 36, BLOCK = 8 };

/* Fourier coefficients of exp(-t^2)(L^2 + t^2) at t = L tan(theta/2), highest first: recomputed by
 * tests/test_faddeeva.c. */
static const double weideman[WEIDEMAN_N] = {
    5.3563994898241595e-14,  -8.0462919936037081e-14, -3.2388620880973122e-13,
    4.4316182852004393e-13,  2.098044988097298e-12,   -2.1170683482393027e-12,
    -1.4312519349833836e-11, 6.3462718476882719e-12,  9.9393180135766879e-11,
    3.1971919451129267e-11,  -6.6348471733988841e-10, -9.0922383503638121e-10,
    3.7734431236985831e-9,   1.1883887267366118e-8,   -1.0962277865590496e-8,
    -1.1303157194258478e-7,  -1.2894842920245867e-7,  6.7416556638220861e-7,
    2.765408665743547e-6,    1.4187058478742445e-6,   -2.1741186565527079e-5,
    -8.8177971418635419e-5,  -0.00011396630644463269, 0.00046290316939981751,
    0.0035484447086995613,   0.013898253763251473,    0.041051043016577088,
    0.10084293371847967,     0.21501636320107409,     0.4073424189503343,
    0.69566219189710027,     1.081358037176589,       1.5401625788153655,
    2.0193976436113506,      2.4453784928519209,      2.7407450274098603,
};

/* Points side by side, so that the recurrence of one does not wait for itself. */
static void weideman_block(const double x[BLOCK], double y, double re[BLOCK], double im[BLOCK])
{
    double z_re[BLOCK], z_im[BLOCK], q_re[BLOCK], q_im[BLOCK], p_re[BLOCK], p_im[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
        double up = WEIDEMAN_L + y, d = 1.0 / (up * up + x[i] * x[i]);
        q_re[i] = up * d;
        q_im[i] = x[i] * d;
        z_re[i] = (WEIDEMAN_L * WEIDEMAN_L - y * y - x[i] * x[i]) * d;
        z_im[i] = 2.0 * WEIDEMAN_L * x[i] * d;
        p_re[i] = weideman[0];
        p_im[i] = 0.0;
    }
    for (int k = 1; k < WEIDEMAN_N; k++)
        for (int i = 0; i < BLOCK; i++) {
            double t = p_re[i] * z_re[i] - p_im[i] * z_im[i] + weideman[k];
            p_im[i] = p_re[i] * z_im[i] + p_im[i] * z_re[i];
            p_re[i] = t;
        }
    for (int i = 0; i < BLOCK; i++) {
        double a = 2.0 * (p_re[i] * q_re[i] - p_im[i] * q_im[i]) + ONE_OVER_SQRT_PI;
        double b = 2.0 * (p_re[i] * q_im[i] + p_im[i] * q_re[i]);
        re[i] = a * q_re[i] - b * q_im[i];
        im[i] = a * q_im[i] + b * q_re[i];
    }
}

static int series_length(double y)
{
    return y < 16.0 ? 12 : y < 40.0 ? 7 : y < 200.0 ? 5 : 3;
}

static void series_block(const double x[BLOCK], double y, double re[BLOCK], double im[BLOCK])
{
    double u_re[BLOCK], u_im[BLOCK], r_re[BLOCK], r_im[BLOCK], s_re[BLOCK], s_im[BLOCK];
    for (int i = 0; i < BLOCK; i++) { /* r = 1/z, u = 1/(2 z^2) */
        double d = 1.0 / (x[i] * x[i] + y * y);
        r_re[i] = x[i] * d;
        r_im[i] = -y * d;
        u_re[i] = 0.5 * (r_re[i] * r_re[i] - r_im[i] * r_im[i]);
        u_im[i] = r_re[i] * r_im[i];
        s_re[i] = 1.0;
        s_im[i] = 0.0;
    }
    for (int k = series_length(y); k > 0; k--)
        for (int i = 0; i < BLOCK; i++) {
            double t = 1.0 + (2 * k - 1) * (u_re[i] * s_re[i] - u_im[i] * s_im[i]);
            s_im[i] = (2 * k - 1) * (u_re[i] * s_im[i] + u_im[i] * s_re[i]);
            s_re[i] = t;
        }
    for (int i = 0; i < BLOCK; i++) {
        re[i] = -ONE_OVER_SQRT_PI * (r_re[i] * s_im[i] + r_im[i] * s_re[i]);
        im[i] = ONE_OVER_SQRT_PI * (r_re[i] * s_re[i] - r_im[i] * s_im[i]);
    }
}

static void block(const double x[BLOCK], double y, double re[BLOCK], double im[BLOCK])
{
    if (y < 8.0)
        weideman_block(x, y, re, im);
    else
        series_block(x, y, re, im);
}

void ixs_faddeeva_row(size_t n, const double *x, double y, double *re, double *im)
{
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        block(x + i, y, re + i, im + i);
    if (i < n) {
        double last[BLOCK] = {0}, last_re[BLOCK], last_im[BLOCK];
        for (size_t k = 0; k < n - i; k++)
            last[k] = x[i + k];
        block(last, y, last_re, last_im);
        for (size_t k = 0; k < n - i; k++) {
            re[i + k] = last_re[k];
            im[i + k] = last_im[k];
        }
    }
}

void ixs_faddeeva_row_slope(size_t n, const double *x, double y, double *re, double *im,
                            double *slope_re, double *slope_im)
{
    ixs_faddeeva_row(n, x, y, re, im);
    for (size_t i = 0; i < n; i++) {
        slope_re[i] = -2.0 * (x[i] * re[i] - y * im[i]);
        slope_im[i] = 2.0 * ONE_OVER_SQRT_PI - 2.0 * (x[i] * im[i] + y * re[i]);
    }
}

double complex ixs_faddeeva(double complex z)
{
    double x = creal(z), re, im;
    ixs_faddeeva_row(1, &x, cimag(z), &re, &im);
    return ixs_complex(re, im);
}
