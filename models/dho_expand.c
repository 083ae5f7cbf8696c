/* SPDX-License-Identifier: GPL-3.0-or-later
 * The oscillator as a sum of poles. With wd = sqrt(O^2 - G^2/4), p = +-wd - iG/2 and N the Bose
 * factor,
 *   (R x S)(E)/A = O Re[(N(p1) W(E - p1) - N(p2) W(E - p2))/wd]
 *                  - 4 O G kT Sum_j share_j nu_j/((O^2 + nu_j^2)^2 - G^2 nu_j^2) Re W(E + i nu_j).
 * The residues behind it are those of h(z) = (2 O G/pi) z N(z)/((z^2 - O^2)^2 + G^2 z^2), so poles
 * that lie close together may be replaced by -Re Contour integral of h(z) W(E - z) dz around them.
 */
#include "models/dho.h"

#include "base/units.h"

#include <math.h>

enum { MOST_POLES = 2 + IXS_BOSE_MOST };

/* Poles closer than this share of the scale on which the rest varies are taken together. */
static const double together = 0.05;

struct poles { /* the oscillator's two first, then Bose's */
    size_t n;
    double complex place[MOST_POLES];
    bool taken[MOST_POLES];
};

struct oscillator {
    double omega0, fwhm;
    const struct ixs_bose *bose;
    double complex wd;
};

static void locate(struct poles *poles, struct oscillator *o)
{
    double square = (o->omega0 - 0.5 * o->fwhm) * (o->omega0 + 0.5 * o->fwhm);
    double half = 0.5 * o->fwhm, w = sqrt(fabs(square));
    poles->n = 2 + o->bose->npoles;
    if (square >= 0.0) {
        o->wd = ixs_complex(w, 0.0);
        poles->place[0] = ixs_complex(w, -half);
        poles->place[1] = ixs_complex(-w, -half);
    } else {
        o->wd = ixs_complex(0.0, w);
        poles->place[0] = ixs_complex(0.0, -o->omega0 * o->omega0 / (half + w));
        poles->place[1] = ixs_complex(0.0, -half - w);
    }
    for (size_t j = 0; j < o->bose->npoles; j++)
        poles->place[2 + j] = ixs_complex(0.0, -o->bose->nu[j]);
    for (size_t k = 0; k < poles->n; k++)
        poles->taken[k] = false;
}

/* One pole of the oscillator by itself; sign +1 for p1, -1 for p2. */
static void add_single(struct ixs_dho_terms *out, const struct oscillator *o, double complex p,
                       double sign)
{
    struct ixs_dho_term *t = &out->terms[out->nterms++];
    double complex wd = sign * o->wd, factor, slope, factor_omega0 = 0.0;
    double complex wd_omega0 = o->omega0 / wd, wd_fwhm = -0.25 * o->fwhm / wd;
    if (isnan(o->bose->kt)) {
        factor = 0.5 * o->omega0 / p;
        slope = -factor / p;
        factor_omega0 = 0.5 / p;
    } else {
        factor = ixs_bose_complex(o->bose, p, &slope);
    }
    t->place = p;
    t->place_omega0 = wd_omega0;
    t->place_fwhm = wd_fwhm - ixs_complex(0.0, 0.5);
    t->weight = o->omega0 * factor / wd;
    t->weight_omega0 = (factor + o->omega0 * (factor_omega0 + slope * t->place_omega0)) / wd -
                       t->weight * wd_omega0 / wd;
    t->weight_fwhm = o->omega0 * slope * t->place_fwhm / wd - t->weight * wd_fwhm / wd;
}

/* The smallest distance in the complex plane on which N and the oscillator vary. */
static double scale(const struct oscillator *o)
{
    double step = o->bose->npoles > 0 ? o->bose->nu[0] : o->omega0;
    return fmin(o->omega0, step);
}

/* Index of the pole nearest to pole k (not itself, not taken). */
static size_t nearest(const struct poles *poles, size_t k)
{
    size_t best = k;
    double least = INFINITY;
    for (size_t j = 0; j < poles->n; j++) {
        double distance = cabs(poles->place[j] - poles->place[k]);
        if (j != k && !poles->taken[j] && distance < least) {
            best = j;
            least = distance;
        }
    }
    return best;
}

/* Radius of a circle about `center` that holds everything within `inner` and passes through the
 * widest gap (by ratio) between poles, staying below the real axis. */
static double radius(const struct poles *poles, double complex center, double inner)
{
    double axis = -cimag(center), best = 0.0, chosen = 0.5 * axis;
    for (double from = inner; from < axis;) {
        double next = axis;
        for (size_t j = 0; j < poles->n; j++) {
            double distance = cabs(poles->place[j] - center);
            if (distance > from && distance < next)
                next = distance;
        }
        double start = fmax(from, 0.05 * next), gap = next / start;
        if (gap > best) {
            best = gap;
            chosen = sqrt(start * next);
        }
        from = next;
    }
    return chosen;
}

/* 1/((z^2 - O^2)^2 + G^2 z^2) from distances, which do not cancel near the poles. */
static double complex line(const struct oscillator *o, const struct poles *poles,
                           double complex center, double complex arm)
{
    double complex z = center + arm;
    double complex below = (center - poles->place[0] + arm) * (center - poles->place[1] + arm);
    double complex above = z * (z - ixs_complex(0.0, o->fwhm)) - o->omega0 * o->omega0;
    return 1.0 / (below * above);
}

static void add_circle(struct ixs_dho_terms *out, const struct oscillator *o,
                       const struct poles *poles, double complex center, double radius)
{
    double O = o->omega0, G = o->fwhm;
    for (int k = 0; k < IXS_DHO_CIRCLE; k++) {
        struct ixs_dho_term *t = &out->terms[out->nterms++];
        double angle = 2.0 * IXS_PI * (k + 0.5) / IXS_DHO_CIRCLE;
        double complex arm = radius * ixs_complex(cos(angle), sin(angle)), z = center + arm,
                       z2 = z * z;
        double complex d = line(o, poles, center, arm);
        double classical = isnan(o->bose->kt) ? 1.0 : 0.0;
        double complex n = classical > 0.0 ? 0.5 * O : z * ixs_bose_complex(o->bose, z, NULL);
        double complex h = (2.0 * O * G / IXS_PI) * n * d;
        *t = (struct ixs_dho_term){.place = z};
        t->weight = -h * ixs_complex(0.0, 2.0 * IXS_PI / IXS_DHO_CIRCLE) * arm;
        t->weight_omega0 = t->weight * ((1.0 + classical) / O + 4.0 * O * (z2 - O * O) * d);
        t->weight_fwhm = t->weight * (1.0 / G - 2.0 * G * z2 * d);
    }
}

/* Takes pole k of the oscillator: alone, or with all that stand close to it. */
static void take(struct ixs_dho_terms *out, const struct oscillator *o, struct poles *poles,
                 size_t k)
{
    size_t other = nearest(poles, k);
    double distance = cabs(poles->place[other] - poles->place[k]);
    poles->taken[k] = true;
    if (other == k || distance > together * scale(o)) {
        add_single(out, o, poles->place[k], k == 0 ? 1.0 : -1.0);
        return;
    }
    double complex center = 0.5 * (poles->place[k] + poles->place[other]);
    double reach = radius(poles, center, 0.5 * distance);
    for (size_t j = 0; j < poles->n; j++)
        if (cabs(poles->place[j] - center) < reach)
            poles->taken[j] = true;
    add_circle(out, o, poles, center, reach);
}

static void add_bose(struct ixs_dho_terms *out, const struct oscillator *o, size_t j)
{
    double O = o->omega0, G = o->fwhm, nu = o->bose->nu[j], both = O * O + nu * nu;
    double d = 1.0 / ((both - G * nu) * (both + G * nu));
    double c = -4.0 * O * o->bose->kt * o->bose->share[j] * nu * d;
    out->bose[j] = c * G;
    out->bose_omega0[j] = c * G * (1.0 / O - 4.0 * O * both * d);
    out->bose_fwhm[j] = c * (1.0 + 2.0 * G * G * nu * nu * d);
}

void ixs_dho_expand(struct ixs_dho_terms *out, double omega0, double fwhm,
                    const struct ixs_bose *bose)
{
    struct oscillator o = {.omega0 = omega0, .fwhm = fwhm, .bose = bose};
    struct poles poles;
    locate(&poles, &o);
    out->nterms = 0;
    for (size_t k = 0; k < 2; k++)
        if (!poles.taken[k])
            take(out, &o, &poles, k);
    for (size_t k = 2; k < poles.n; k++) {
        size_t j = k - 2;
        if (poles.taken[k])
            out->bose[j] = out->bose_omega0[j] = out->bose_fwhm[j] = 0.0;
        else
            add_bose(out, &o, j);
    }
}
