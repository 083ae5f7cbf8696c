/* SPDX-License-Identifier: GPL-3.0-or-later
 * Line shapes of the simulator, by plain quadrature: the textbook damped harmonic oscillator times
 * a sum of pseudo-Voigts, integrated on Gauss-Legendre panels that shrink towards each pole. Slow
 * and simple on purpose: it is the check of the closed forms that the fit uses.
 */
#include "calib/forward/forward.h"

#include "base/units.h"

#include <math.h>

enum { NODES = 8, DEEPEST = 60, MOST_SPIKES = IXS_FORWARD_MOST_COMPONENTS + 4 };
static const double far_away = 3000.0; /* meV: R S falls off as E^-5 */
static const double window = 10.0;     /* meV: within which R has its centroid at 0 */

/* Abscissae and weights of the 16-point rule, Abramowitz and Stegun table 25.4. */
static const double rule[NODES][2] = {
    {0.095012509837637440, 0.189450610455068496}, {0.281603550779258913, 0.182603415044923589},
    {0.458016777657227386, 0.169156519395002538}, {0.617876244402643748, 0.149595988816576732},
    {0.755404408355003034, 0.124628971255533872}, {0.865631202387831744, 0.095158511682492785},
    {0.944575023073232576, 0.062253523938647893}, {0.989400934991649933, 0.027152459411754095},
};

struct integrand {
    ixs_forward_function *f;
    const void *context;
    size_t nspikes;
    const struct ixs_forward_spike *spikes;
};

static double panel_sum(const struct integrand *in, double lo, double hi)
{
    const double half = 0.5 * (hi - lo), middle = 0.5 * (hi + lo);
    double sum = 0;
    for (int i = 0; i < NODES; i++) {
        const double x = half * rule[i][0];
        sum += rule[i][1] * (in->f(middle - x, in->context) + in->f(middle + x, in->context));
    }
    return half * sum;
}

/* A panel is narrow enough when it is no wider than it is far from each pole: then 16 points give
 * 14 digits (the pole lies outside the Bernstein ellipse of rho = 3). */
static bool is_narrow(const struct integrand *in, double lo, double hi)
{
    for (size_t k = 0; k < in->nspikes; k++) {
        const double at = in->spikes[k].at;
        const double distance = at < lo ? lo - at : (at > hi ? at - hi : 0.0);
        if (hi - lo > distance + in->spikes[k].scale)
            return false;
    }
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): down to DEEPEST
static double panels(const struct integrand *in, double lo, double hi, int depth)
{
    if (depth == 0 || is_narrow(in, lo, hi))
        return panel_sum(in, lo, hi);
    const double middle = 0.5 * (lo + hi);
    return panels(in, lo, middle, depth - 1) + panels(in, middle, hi, depth - 1);
}

double ixs_forward_integral(ixs_forward_function *f, const void *context, size_t nspikes,
                            const struct ixs_forward_spike *spikes, double lo, double hi)
{
    const struct integrand in = {f, context, nspikes, spikes};
    return panels(&in, lo, hi, DEEPEST);
}

/* ---- response -------------------------------------------------------------------------------- */

static double pseudo_voigt(const struct ixs_forward_component *c, double energy)
{
    const double half = 0.5 * c->fwhm, x = (energy - c->center) / half, ln2 = log(2.0);
    const double gauss = sqrt(ln2 / IXS_PI) / half * exp(-ln2 * x * x);
    const double lorentz = 1.0 / (IXS_PI * half * (1.0 + x * x));
    return c->eta * lorentz + (1.0 - c->eta) * gauss;
}

double ixs_forward_response_at(const struct ixs_forward_response *response, double energy)
{
    double sum = 0;
    for (size_t i = 0; i < response->ncomponents; i++)
        sum += response->components[i].weight * pseudo_voigt(&response->components[i], energy);
    return sum;
}

static double response_value(double x, const void *response)
{
    return ixs_forward_response_at(response, x);
}

static double response_moment(double x, const void *response)
{
    return x * ixs_forward_response_at(response, x);
}

/* Poles of R as seen from `energy`: those of R(energy - x) for sign -1, of R(x) for sign +1 and 0.
 */
static size_t response_spikes(const struct ixs_forward_response *response, double energy,
                              double sign, struct ixs_forward_spike *spikes)
{
    for (size_t i = 0; i < response->ncomponents; i++) {
        spikes[i].at = energy + sign * response->components[i].center;
        spikes[i].scale = 0.5 * response->components[i].fwhm;
    }
    return response->ncomponents;
}

static double response_integral(const struct ixs_forward_response *response,
                                ixs_forward_function *f, double lo, double hi)
{
    struct ixs_forward_spike spikes[MOST_SPIKES];
    const size_t count = response_spikes(response, 0.0, 1.0, spikes);
    return ixs_forward_integral(f, response, count, spikes, lo, hi);
}

static void shift_centers(struct ixs_forward_response *response, double by)
{
    for (size_t i = 0; i < response->ncomponents; i++)
        response->components[i].center += by;
}

void ixs_forward_response_center(struct ixs_forward_response *response)
{
    double total = 0;
    for (size_t i = 0; i < response->ncomponents; i++)
        total += response->components[i].weight;
    for (size_t i = 0; i < response->ncomponents; i++)
        response->components[i].weight /= total;
    for (int turn = 0; turn < 100; turn++) {
        const double moment = response_integral(response, response_moment, -window, window);
        const double centroid =
            moment / response_integral(response, response_value, -window, window);
        shift_centers(response, -centroid);
        if (fabs(centroid) < 1e-12)
            break;
    }
}

double ixs_forward_response_tail(const struct ixs_forward_response *response, double lo, double hi)
{
    const double all = response_integral(response, response_value, lo, hi);
    const double inner =
        response_integral(response, response_value, fmax(lo, -window), fmin(hi, window));
    return all > 0 ? (all - inner) / all : 0.0;
}

/* Where R falls through `level` between an inner and an outer energy. */
static double crossing(const struct ixs_forward_response *response, double level, double inner,
                       double outer)
{
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (inner + outer);
        if (ixs_forward_response_at(response, middle) > level)
            inner = middle;
        else
            outer = middle;
    }
    return 0.5 * (inner + outer);
}

double ixs_forward_response_fwhm(const struct ixs_forward_response *response)
{
    double top = 0, at = 0;
    for (int i = -5000; i <= 5000; i++) {
        const double value = ixs_forward_response_at(response, 1e-3 * i);
        at = value > top ? 1e-3 * i : at;
        top = fmax(top, value);
    }
    return crossing(response, 0.5 * top, at, at + 50.0) -
           crossing(response, 0.5 * top, at, at - 50.0);
}

/* ---- damped harmonic oscillator -------------------------------------------------------------- */

/* E / (1 - exp(-E/kT)), kT at E = 0. */
static double bose_energy(double energy, double kelvin)
{
    const double heat = IXS_BOLTZMANN * kelvin;
    return energy == 0.0 ? heat : energy / -expm1(-energy / heat);
}

double ixs_forward_dho(const struct ixs_forward_mode *mode, double kelvin, double energy)
{
    const double o = mode->omega0, g = mode->fwhm;
    const double off = (energy - o) * (energy + o);
    return mode->strength * bose_energy(energy, kelvin) * (2.0 * o * g / IXS_PI) /
           (off * off + g * g * energy * energy);
}

/* Poles of S: +-sqrt(O^2 - G^2/4) - iG/2, or both on the imaginary axis, and 2 pi i kT of the Bose
 * factor. */
static size_t mode_spikes(const struct ixs_forward_mode *mode, double kelvin,
                          struct ixs_forward_spike spikes[3])
{
    const double half = 0.5 * mode->fwhm;
    const double square = (mode->omega0 - half) * (mode->omega0 + half);
    spikes[0] = (struct ixs_forward_spike){0.0, 2.0 * IXS_PI * IXS_BOLTZMANN * kelvin};
    if (square > 0) {
        spikes[1] = (struct ixs_forward_spike){sqrt(square), half};
        spikes[2] = (struct ixs_forward_spike){-sqrt(square), half};
        return 3;
    }
    const double slow = mode->omega0 * mode->omega0 / (half + sqrt(-square));
    spikes[1] = (struct ixs_forward_spike){0.0, slow};
    return 2;
}

struct blurring {
    const struct ixs_forward_mode *mode;
    const struct ixs_forward_response *response;
    double kelvin, energy;
};

static double blurring_value(double x, const void *context)
{
    const struct blurring *b = context;
    return ixs_forward_dho(b->mode, b->kelvin, x) *
           ixs_forward_response_at(b->response, b->energy - x);
}

double ixs_forward_blurred(const struct ixs_forward_mode *mode, double kelvin,
                           const struct ixs_forward_response *response, double energy)
{
    const struct blurring b = {mode, response, kelvin, energy};
    struct ixs_forward_spike spikes[MOST_SPIKES];
    size_t count = mode_spikes(mode, kelvin, spikes);
    count += response_spikes(response, energy, -1.0, spikes + count);
    const double reach = far_away + fabs(energy);
    return ixs_forward_integral(blurring_value, &b, count, spikes, -reach, reach);
}

/* Narrower than this a Lorentzian is an elastic line. */
static const double least_hop = 1e-4; /* meV */

struct hopping {
    const struct ixs_forward_hopping *line;
    const struct ixs_forward_response *response;
    double kelvin, energy;
};

static double hopping_value(double x, const void *context)
{
    const struct hopping *h = context;
    const double half = 0.5 * h->line->fwhm;
    return h->line->area * bose_energy(x, h->kelvin) / (IXS_BOLTZMANN * h->kelvin) * half / IXS_PI /
           (x * x + half * half) * ixs_forward_response_at(h->response, h->energy - x);
}

double ixs_forward_hopped(const struct ixs_forward_hopping *line, double kelvin,
                          const struct ixs_forward_response *response, double energy)
{
    const struct hopping h = {line, response, kelvin, energy};
    struct ixs_forward_spike spikes[MOST_SPIKES];
    if (!(line->area > 0))
        return 0.0;
    if (line->fwhm < least_hop)
        return line->area * ixs_forward_response_at(response, energy);
    spikes[0] = (struct ixs_forward_spike){0.0, 0.5 * line->fwhm};
    spikes[1] = (struct ixs_forward_spike){0.0, 2.0 * IXS_PI * IXS_BOLTZMANN * kelvin};
    const size_t count = 2 + response_spikes(response, energy, -1.0, spikes + 2);
    const double reach = far_away + fabs(energy);
    return ixs_forward_integral(hopping_value, &h, count, spikes, -reach, reach);
}

static double blurring_bare(double x, const void *context)
{
    const struct blurring *b = context;
    return ixs_forward_dho(b->mode, b->kelvin, x);
}

double ixs_forward_area(const struct ixs_forward_mode *mode, double kelvin)
{
    const struct blurring b = {mode, NULL, kelvin, 0.0};
    struct ixs_forward_spike spikes[3];
    const size_t count = mode_spikes(mode, kelvin, spikes);
    const double reach = 1e7 * fmax(1.0, mode->omega0); /* S falls off as E^-3 */
    return ixs_forward_integral(blurring_bare, &b, count, spikes, -reach, reach);
}
