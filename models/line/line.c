/* SPDX-License-Identifier: GPL-3.0-or-later
 * Line shapes: their values, where their poles lie, and the residues there. With h the continuation
 * of S and r its residue at a pole below the real axis the weight is -2 pi i r. For an oscillator
 * with wd = sqrt(O^2 - G^2/4) and p = +-wd - iG/2 that is +-O N(p)/wd; O^2 - p^2 = i G p turns it
 * into the interaction's, times i p/(2 O kT).
 */
#include "models/line/inside.h"

#include "base/units.h"

#include <math.h>

static double lorentz(double energy, double fwhm)
{
    double half = 0.5 * fwhm;
    return half / IXS_PI / (energy * energy + half * half);
}

static double oscillator_value(enum ixs_line_kind kind, double o, double g, double kelvin, double e)
{
    bool thermal = kelvin > 0.0;
    double gap = (e - o) * (e + o), d = gap * gap + g * g * e * e;
    double factor = thermal ? ixs_bose_energy_factor(kelvin, e) : 0.5 * o;
    if (kind == IXS_LINE_DHO)
        return factor * (2.0 * o * g / IXS_PI) / d;
    return (thermal ? factor / (IXS_BOLTZMANN * kelvin) : 1.0) * -gap / d / IXS_PI;
}

double ixs_line_value(enum ixs_line_kind kind, const double shape[IXS_LINE_SHAPES], double kelvin,
                      double energy)
{
    bool thermal = kelvin > 0.0;
    double n = 0.0;
    switch (kind) {
    case IXS_LINE_QUASIELASTIC:
        return lorentz(energy, shape[0]) *
               (thermal ? ixs_bose_energy_factor(kelvin, energy) / (IXS_BOLTZMANN * kelvin) : 1.0);
    case IXS_LINE_PAIR:
        n = thermal ? ixs_bose_factor(kelvin, shape[0]) : 0.5;
        return n * lorentz(energy - shape[0], shape[1]) +
               (thermal ? n - 1.0 : 0.5) * lorentz(energy + shape[0], shape[1]);
    case IXS_LINE_DHO:
    case IXS_LINE_INTERACTION:
        break;
    }
    return oscillator_value(kind, shape[0], shape[1], kelvin, energy);
}

static void locate_oscillator(struct ixs_line_shape *line)
{
    double o = line->omega0, half = 0.5 * line->fwhm;
    double square = (o - half) * (o + half), w = sqrt(fabs(square));
    if (square >= 0.0) {
        line->wd = ixs_complex(w, 0.0);
        line->own[0] = ixs_complex(w, -half);
        line->own[1] = ixs_complex(-w, -half);
    } else {
        line->wd = ixs_complex(0.0, w);
        line->own[0] = ixs_complex(0.0, -o * o / (half + w));
        line->own[1] = ixs_complex(0.0, -half - w);
    }
}

void ixs_line_locate(struct ixs_line_shape *line, enum ixs_line_kind kind,
                     const double shape[IXS_LINE_SHAPES], const struct ixs_bose *bose)
{
    bool central = kind == IXS_LINE_QUASIELASTIC;
    *line = (struct ixs_line_shape){.kind = kind,
                                    .omega0 = central ? 0.0 : shape[0],
                                    .fwhm = central ? shape[0] : shape[1],
                                    .bose = bose,
                                    .nown = central ? 1 : 2};
    if (central) {
        line->own[0] = ixs_complex(0.0, -0.5 * line->fwhm);
    } else if (kind == IXS_LINE_PAIR) {
        line->own[0] = ixs_complex(line->omega0, -0.5 * line->fwhm);
        line->own[1] = ixs_complex(-line->omega0, -0.5 * line->fwhm);
    } else {
        locate_oscillator(line);
    }
}

static void set_oscillator(struct ixs_line_term *t, const struct ixs_line_shape *line, size_t k)
{
    double complex p = line->own[k], wd = k == 0 ? line->wd : -line->wd;
    const double complex wd_by[2] = {line->omega0 / wd, -0.25 * line->fwhm / wd};
    double complex factor, slope, factor_omega0 = 0.0;
    if (isnan(line->bose->kt)) {
        factor = 0.5 * line->omega0 / p;
        slope = -factor / p;
        factor_omega0 = 0.5 / p;
    } else {
        factor = ixs_bose_complex(line->bose, p, &slope);
    }
    t->place_by[0] = wd_by[0];
    t->place_by[1] = wd_by[1] - ixs_complex(0.0, 0.5);
    t->weight = line->omega0 * factor / wd;
    t->weight_by[0] = (factor + line->omega0 * (factor_omega0 + slope * t->place_by[0])) / wd -
                      t->weight * wd_by[0] / wd;
    t->weight_by[1] = line->omega0 * slope * t->place_by[1] / wd - t->weight * wd_by[1] / wd;
}

/* From the oscillator's term to the interaction's: times i p/(2 O kT), without a temperature times
 * i p/O^2. */
static void turn_interaction(struct ixs_line_term *t, const struct ixs_line_shape *line)
{
    bool thermal = !isnan(line->bose->kt);
    double o = line->omega0, power = thermal ? 1.0 : 2.0;
    double complex factor =
        ixs_complex(0.0, 1.0) * t->place / (thermal ? 2.0 * o * line->bose->kt : o * o);
    for (int s = 0; s < 2; s++) {
        double complex by = factor * (t->place_by[s] / t->place - (s == 0 ? power / o : 0.0));
        t->weight_by[s] = t->weight_by[s] * factor + t->weight * by;
    }
    t->weight *= factor;
}

static void set_pair(struct ixs_line_term *t, const struct ixs_line_shape *line, size_t k)
{
    double kt = line->bose->kt, n = 0.5, by = 0.0;
    if (!isnan(kt)) {
        double up = -1.0 / expm1(-line->omega0 / kt); /* n + 1 */
        n = k == 0 ? up : up - 1.0;
        by = -up * (up - 1.0) / kt;
    }
    t->weight = n;
    t->weight_by[0] = by;
    t->weight_by[1] = 0.0;
    t->place_by[0] = k == 0 ? 1.0 : -1.0;
    t->place_by[1] = ixs_complex(0.0, -0.5);
}

static void set_central(struct ixs_line_term *t, const struct ixs_line_shape *line)
{
    double kt = line->bose->kt, half = 0.5 * line->fwhm;
    double complex slope = 0.0, minus_i = ixs_complex(0.0, -1.0);
    t->place_by[0] = 0.5 * minus_i;
    t->place_by[1] = t->weight_by[0] = t->weight_by[1] = 0.0;
    t->weight = 1.0;
    if (isnan(kt) || !(half > 0.0))
        return;
    double complex n = ixs_bose_complex(line->bose, line->own[0], &slope);
    t->weight = minus_i * half * n / kt;
    t->weight_by[0] = 0.5 * minus_i * (n + half * slope * minus_i) / kt;
}

void ixs_line_add_own(struct ixs_line *out, const struct ixs_line_shape *line, size_t k)
{
    struct ixs_line_term *t = &out->terms[out->nterms++];
    t->place = line->own[k];
    switch (line->kind) {
    case IXS_LINE_PAIR:
        set_pair(t, line, k);
        break;
    case IXS_LINE_QUASIELASTIC:
        set_central(t, line);
        break;
    case IXS_LINE_DHO:
        set_oscillator(t, line, k);
        break;
    case IXS_LINE_INTERACTION:
        set_oscillator(t, line, k);
        turn_interaction(t, line);
        break;
    }
}

/* The residue of N at -i nu_j is share_j kT. */
void ixs_line_add_bose(struct ixs_line *out, const struct ixs_line_shape *line, size_t j)
{
    double o = line->omega0, g = line->fwhm, nu = line->bose->nu[j], share = line->bose->share[j];
    double both = o * o + nu * nu, d = 1.0 / ((both - g * nu) * (both + g * nu));
    double *by[2] = {&out->bose_by[0][j], &out->bose_by[1][j]}, c = 0.0, half = 0.5 * g;
    out->bose[j] = *by[0] = *by[1] = 0.0;
    switch (line->kind) {
    case IXS_LINE_PAIR: /* its occupation is that at the line's own energy */
        break;
    case IXS_LINE_QUASIELASTIC:
        d = 1.0 / ((half - nu) * (half + nu));
        out->bose[j] = -2.0 * share * nu * half * d;
        *by[0] = share * nu * (half * half + nu * nu) * d * d;
        break;
    case IXS_LINE_DHO:
        c = -4.0 * o * line->bose->kt * share * nu * d;
        out->bose[j] = c * g;
        *by[0] = c * g * (1.0 / o - 4.0 * o * both * d);
        *by[1] = c * (1.0 + 2.0 * g * g * nu * nu * d);
        break;
    case IXS_LINE_INTERACTION:
        c = -2.0 * nu * share * d;
        out->bose[j] = c * both;
        *by[0] = 2.0 * c * o * (1.0 - 2.0 * both * both * d);
        *by[1] = 2.0 * c * both * g * nu * nu * d;
        break;
    }
}

double complex ixs_line_continued(const struct ixs_line_shape *line, double complex center,
                                  double complex arm, double complex by[IXS_LINE_SHAPES])
{
    double o = line->omega0, g = line->fwhm, kt = line->bose->kt;
    bool thermal = !isnan(kt);
    double complex z = center + arm, z2 = z * z, below = 1.0;
    double complex factor = thermal ? z * ixs_bose_complex(line->bose, z, NULL) : 1.0;
    for (size_t k = 0; k < line->nown; k++)
        below *= center - line->own[k] + arm;
    if (line->kind == IXS_LINE_QUASIELASTIC) {
        double half = 0.5 * g;
        double complex d = 1.0 / (below * (z - ixs_complex(0.0, half)));
        double complex h = half / IXS_PI * d * (thermal ? factor / kt : 1.0);
        by[0] = h * (0.5 / half - half * d);
        by[1] = 0.0;
        return h;
    }
    double complex d = 1.0 / (below * (z * (z - ixs_complex(0.0, g)) - o * o));
    if (line->kind == IXS_LINE_INTERACTION) {
        double complex gap = o * o - z2, h = gap * d * (thermal ? factor / kt : 1.0) / IXS_PI;
        by[0] = h * (2.0 * o / gap - 4.0 * o * gap * d);
        by[1] = -h * 2.0 * g * z2 * d;
        return h;
    }
    double complex h = (2.0 * o * g / IXS_PI) * d * (thermal ? factor : 0.5 * o);
    by[0] = h * ((thermal ? 1.0 : 2.0) / o + 4.0 * o * (z2 - o * o) * d);
    by[1] = h * (1.0 / g - 2.0 * g * z2 * d);
    return h;
}
