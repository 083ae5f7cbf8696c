/* SPDX-License-Identifier: GPL-3.0-or-later
 * The kernels themselves, written once for vectors of any length. Whoever includes this defines
 * LANES (doubles in a vector), VERSION (the name of the version) and
 *   static vector fused(vector a, vector b, vector c)   a b + c.
 */
#include "base/units.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { TWICE = 2 * LANES, TILE = 4 };

static const double least_mu = 1e-12;       /* as in models/fit/deviance.c */
static const double least_weight_mu = 1e-4; /* in weights: keeps an empty tail from ruling a step */

typedef int64_t integers __attribute__((vector_size(8 * LANES)));

static inline vector load(const double *from)
{
    vector v;
    memcpy(&v, from, sizeof v);
    return v;
}

static inline void store(double *to, vector v)
{
    memcpy(to, &v, sizeof v);
}

static inline vector all(double x)
{
    return x - (vector){0};
}

static inline vector greater(vector a, vector b)
{
    integers mask = a > b;
    return (vector)((mask & (integers)a) | (~mask & (integers)b));
}

static inline double total(vector v)
{
    double sum = 0.0;
    for (int k = 0; k < LANES; k++)
        sum += v[k];
    return sum;
}

/* a b + c and c - a b on pairs of vectors: two recurrences side by side hide each other's delay */
struct pair {
    vector v[2];
};

struct complex_pair {
    struct pair re, im;
};

static inline struct complex_pair
times_plus(const struct complex_pair *a, const struct complex_pair *z, const struct complex_pair *c)
{
    struct complex_pair out;
    for (int u = 0; u < 2; u++) {
        out.re.v[u] = fused(a->re.v[u], z->re.v[u], c->re.v[u]);
        out.im.v[u] = fused(a->re.v[u], z->im.v[u], c->im.v[u]);
        out.re.v[u] = fused(-a->im.v[u], z->im.v[u], out.re.v[u]);
        out.im.v[u] = fused(a->im.v[u], z->re.v[u], out.im.v[u]);
    }
    return out;
}

static inline struct complex_pair times(const struct complex_pair *a, const struct complex_pair *z)
{
    struct complex_pair out;
    for (int u = 0; u < 2; u++) {
        out.re.v[u] = fused(-a->im.v[u], z->im.v[u], a->re.v[u] * z->re.v[u]);
        out.im.v[u] = fused(a->im.v[u], z->re.v[u], a->re.v[u] * z->im.v[u]);
    }
    return out;
}

static inline struct complex_pair real_plus(double a, double factor, const struct complex_pair *z)
{
    struct complex_pair out;
    for (int u = 0; u < 2; u++) {
        out.re.v[u] = fused(all(factor), z->re.v[u], all(a));
        out.im.v[u] = factor * z->im.v[u];
    }
    return out;
}

struct transformed { /* W and W' */
    struct complex_pair w, slope;
};

/* x points to the first of TWICE energies. */
__attribute__((always_inline)) static inline struct transformed
transform_at(const struct ixs_transform *r, const double *x, double shift, double height)
{
    double length = r->scale, up = length + height, down = length - height;
    struct complex_pair q, z, p, slope;
    struct transformed out;
    for (int u = 0; u < 2; u++) {
        vector e = load(x + u * LANES) - shift, d = 1.0 / fused(e, e, all(up * up));
        q.re.v[u] = up * d;
        q.im.v[u] = e * d;
        z.re.v[u] = fused(-e, q.im.v[u], down * q.re.v[u]);
        z.im.v[u] = fused(e, q.re.v[u], down * q.im.v[u]);
        p.re.v[u] = all(r->re[0]);
        p.im.v[u] = all(r->im[0]);
        slope.re.v[u] = slope.im.v[u] = all(0.0);
    }
    for (size_t k = 1; k < r->order; k++) {
        struct complex_pair a = {{{all(r->re[k]), all(r->re[k])}},
                                 {{all(r->im[k]), all(r->im[k])}}};
        slope = times_plus(&slope, &z, &p);
        p = times_plus(&p, &z, &a);
    }
    struct complex_pair qp = times(&q, &p), q2 = times(&q, &q);
    struct complex_pair inner = real_plus(1.0 / IXS_PI, 2.0, &qp), qs = times(&q2, &slope), sum;
    out.w = times(&q, &inner);
    for (int u = 0; u < 2; u++) {
        sum.re.v[u] = fused(all(length), qs.re.v[u], qp.re.v[u]);
        sum.im.v[u] = fused(all(length), qs.im.v[u], qp.im.v[u]);
    }
    inner = real_plus(1.0 / IXS_PI, 4.0, &sum);
    struct complex_pair turned = times(&q2, &inner);
    for (int u = 0; u < 2; u++) {
        out.slope.re.v[u] = -turned.im.v[u];
        out.slope.im.v[u] = turned.re.v[u];
    }
    return out;
}

static void transform(const struct ixs_transform *r, size_t n, const double *x, double shift,
                      double height, struct ixs_response_row *out)
{
    for (size_t i = 0; i < n; i += TWICE) {
        struct transformed t = transform_at(r, x + i, shift, height);
        for (int u = 0; u < 2; u++) {
            store(out->re + i + u * LANES, t.w.re.v[u]);
            store(out->im + i + u * LANES, t.w.im.v[u]);
            store(out->slope_re + i + u * LANES, t.slope.re.v[u]);
            store(out->slope_im + i + u * LANES, t.slope.im.v[u]);
        }
    }
}

static inline void add(double *to, double a, vector x, double b, vector y)
{
    store(to, fused(all(b), y, fused(all(a), x, load(to))));
}

/* A pole's part at points i .. i + LANES - 1 from W and W' there. */
// NOLINTNEXTLINE(readability-function-size): the vectors stay in registers
static inline void add_part(const struct ixs_kernel_pole *pole, double amplitude, size_t i,
                            vector re, vector im, vector slope_re, vector slope_im,
                            struct ixs_kernel_line *line, double *rise)
{
    add(line->value + i, pole->weight_re, re, -pole->weight_im, im);
    add(rise + i, amplitude * pole->weight_re, slope_re, -amplitude * pole->weight_im, slope_im);
    for (int s = 0; s < 2; s++) {
        add(line->by_shape[s] + i, pole->value_re[s], re, -pole->value_im[s], im);
        add(line->by_shape[s] + i, pole->moved_re[s], slope_re, -pole->moved_im[s], slope_im);
    }
}

static void add_pole(const struct ixs_transform *r, size_t n, const double *x,
                     const struct ixs_kernel_pole *pole, double amplitude,
                     struct ixs_kernel_line *line, double *rise)
{
    for (size_t i = 0; i < n; i += TWICE) {
        struct transformed t = transform_at(r, x + i, pole->place, pole->height);
        for (int u = 0; u < 2; u++)
            add_part(pole, amplitude, i + (size_t)u * LANES, t.w.re.v[u], t.w.im.v[u],
                     t.slope.re.v[u], t.slope.im.v[u], line, rise);
    }
}

static void add_row(size_t n, const struct ixs_response_row *w, const struct ixs_kernel_pole *pole,
                    double amplitude, struct ixs_kernel_line *line, double *rise)
{
    for (size_t i = 0; i < n; i += LANES)
        add_part(pole, amplitude, i, load(w->re + i), load(w->im + i), load(w->slope_re + i),
                 load(w->slope_im + i), line, rise);
}

static void set_series(size_t n, const double *t, const struct ixs_kernel_series *series,
                       struct ixs_kernel_line *line, double *rise)
{
    for (size_t i = 0; i < n; i += LANES) {
        vector at = load(t + i), value = all(0.0), first = value, second = value, up = value;
        for (size_t k = 0; k < series->order; k++) {
            value = fused(value, at, all(series->value[k]));
            first = fused(first, at, all(series->by_shape[0][k]));
            second = fused(second, at, all(series->by_shape[1][k]));
            up = fused(up, at, all(series->rise[k]));
        }
        store(line->value + i, value);
        store(line->by_shape[0] + i, first);
        store(line->by_shape[1] + i, second);
        store(rise + i, load(rise + i) + up);
    }
}

static void product(size_t n, double scale, const double *a, const double *b, bool add, double *out)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        vector ab = scale * load(a + i) * load(b + i);
        store(out + i, add ? load(out + i) + ab : ab);
    }
    for (; i < n; i++) {
        double ab = scale * a[i] * b[i];
        out[i] = add ? out[i] + ab : ab;
    }
}

/* ln x for positive normal x, to 2e-16: x = 2^e m, ln m = 2 artanh((m - 1)/(m + 1)). */
static inline vector logarithm(vector x)
{
    integers bits = (integers)x;
    integers above = ((bits & 0x000fffffffffffff) > 0x0006a09e667f3bcc) & 1; /* m > sqrt 2 */
    integers exponent = (bits >> 52) - 1023 + above;
    vector m = (vector)((bits & 0x000fffffffffffff) | ((1023 - above) << 52));
    vector e = __builtin_convertvector(exponent, vector);
    vector s = (m - 1.0) / (m + 1.0), s2 = s * s, sum = all(1.0 / 23.0);
    for (int k = 21; k > 1; k -= 2)
        sum = fused(sum, s2, all(1.0 / k));
    vector twice = s + s;
    return fused(e, all(0.693147180559945309417), fused(twice * s2, sum, twice));
}

static inline vector deviance_of(vector counts, vector mu)
{
    vector m = greater(mu, all(least_mu)), ratio = greater(counts, all(1e-300)) / m;
    return fused(counts, logarithm(ratio), m - counts);
}

static double deviance(size_t n, const double *counts, const double *mu)
{
    vector sum = all(0.0);
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        sum += deviance_of(load(counts + i), load(mu + i));
    if (i < n) {
        double last_counts[LANES], last_mu[LANES]; /* of no counts where least is expected */
        for (size_t k = 0; k < LANES; k++) {
            last_counts[k] = i + k < n ? counts[i + k] : 0.0;
            last_mu[k] = i + k < n ? mu[i + k] : 0.0;
        }
        sum += deviance_of(load(last_counts), load(last_mu));
    }
    return 2.0 * total(sum);
}

/* Weights w and w (mu - data) of the points; padded with zeros. */
static void weigh(size_t n, size_t padded, const double *mu, const double *data,
                  const double *inverse_variance, double *weight, double *miss)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        vector at = load(mu + i), m = greater(at, all(least_weight_mu));
        vector w = inverse_variance ? load(inverse_variance + i) : 1.0 / m;
        store(weight + i, w);
        store(miss + i, w * ((inverse_variance ? at : m) - load(data + i)));
    }
    for (; i < padded; i++) {
        double at = i < n ? mu[i] : 1.0, m = at > least_weight_mu ? at : least_weight_mu;
        weight[i] = i >= n ? 0.0 : inverse_variance ? inverse_variance[i] : 1.0 / m;
        miss[i] = i >= n ? 0.0 : weight[i] * ((inverse_variance ? at : m) - data[i]);
    }
}

/* Sums over i of products of columns a .. a+3 (padded apart) with columns b and b+1 (n apart). What
 * stands behind the last point of b is met by zeros of a. */
static inline void tile(size_t n, size_t padded, const double *a, const double *b,
                        double sums[TILE][2])
{
    vector sum[TILE][2];
    for (int k = 0; k < TILE; k++)
        sum[k][0] = sum[k][1] = all(0.0);
    for (size_t i = 0; i < padded; i += LANES) {
        vector first = load(b + i), second = load(b + n + i);
        for (int k = 0; k < TILE; k++) {
            vector one = load(a + (size_t)k * padded + i);
            sum[k][0] = fused(one, first, sum[k][0]);
            sum[k][1] = fused(one, second, sum[k][1]);
        }
    }
    for (int k = 0; k < TILE; k++)
        for (int l = 0; l < 2; l++)
            sums[k][l] = total(sum[k][l]);
}

static void weigh_column(size_t n, size_t padded, const double *column, const double *weight,
                         double *out)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        store(out + i, load(column + i) * load(weight + i));
    for (; i < padded; i++)
        out[i] = i < n ? column[i] * weight[i] : 0.0;
}

// NOLINTNEXTLINE(readability-function-size): arrays in, two out, as in kernels.h
static void normal(size_t p, size_t n, const double *jacobian, const double *mu, const double *data,
                   const double *inverse_variance, double *spare, double *curvature,
                   double *gradient)
{
    size_t padded = (n + TWICE - 1) / TWICE * TWICE;
    double *weight = spare, *columns = spare + padded, *miss = columns + p * padded;
    weigh(n, padded, mu, data, inverse_variance, weight, miss);
    for (size_t k = 0; k < p; k++)
        weigh_column(n, padded, jacobian + k * n, weight, columns + k * padded);
    memset(miss + padded, 0, TILE * padded * sizeof *miss); /* what fills the last tiles */
    for (size_t a = 0; a <= p; a += TILE)
        for (size_t b = 0; b <= a + TILE - 1 && b < p; b += 2) {
            double sums[TILE][2];
            tile(n, padded, columns + a * padded, jacobian + b * n, sums);
            for (size_t k = a; k < a + TILE && k <= p; k++)
                for (size_t l = b; l < b + 2 && l < p; l++) {
                    double value = sums[k - a][l - b];
                    if (k == p)
                        gradient[l] = value;
                    else if (l <= k)
                        curvature[k * p + l] = curvature[l * p + k] = value;
                }
        }
}

static const struct ixs_kernels version = {VERSION,    transform, add_pole, add_row,
                                           set_series, product,   deviance, normal};
