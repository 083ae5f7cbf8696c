/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments of what was fitted.
 */
#include "models/line/moments.h"

#include "base/units.h"

#include <math.h>

enum { CELLS = 2000 };

static bool is_told(const struct ixs_fit_answer *answer, size_t k)
{
    return answer->states[k] != IXS_SOLVE_UNDETERMINED &&
           answer->states[k] != IXS_SOLVE_INSEPARABLE;
}

/* Area of a mode or of the quasi-elastic line, whose parameters stand from `at`. */
static double area_of(const struct ixs_fit_answer *answer, const double *p, size_t at,
                      double kelvin)
{
    if (at >= answer->first_mode) {
        const struct ixs_dho mode = {p[0], answer->form.pair ? 0.0 : p[1], p[2]};
        return ixs_dho_area(&mode, kelvin);
    }
    /* (E N/kT) L falls off like 1/|E|: it has no area but where the classical limit is meant. */
    return kelvin > 0.0 ? (double)NAN : p[0];
}

/* Area and, by differences, its slopes. */
static void add_area(const struct ixs_fit_answer *answer, size_t at, size_t n, double kelvin,
                     struct ixs_moments *out)
{
    double p[3], area;
    for (size_t k = 0; k < n; k++)
        p[k] = answer->parameters[at + k];
    area = area_of(answer, p, at, kelvin);
    out->zeroth += area;
    for (size_t k = 0; k < n; k++) {
        double step = 1e-4 * fmax(fabs(p[k]), 1e-3), old = p[k];
        p[k] = old + step;
        out->zeroth_by[at + k] = (area_of(answer, p, at, kelvin) - area) / step;
        p[k] = old;
    }
}

/* Of a relaxation A OMEGA0 stands in the far tail alone, under background and noise: what the data
 * tell is OMEGA0^2/FWHM. */
static bool is_relaxation(const double *mode, double fwhm)
{
    return mode[1] > 2.0 * mode[0] || (mode[1] > mode[0] && mode[0] < fwhm);
}

static void add_first(const struct ixs_fit_answer *answer, double fwhm, struct ixs_moments *out)
{
    for (size_t k = 0; k < answer->nmodes; k++) {
        size_t o = answer->first_mode + IXS_MODEL_PER_MODE * k;
        const double *mode = answer->parameters + o;
        out->first += mode[0] * mode[2];
        out->first_by[o] = mode[2];
        out->first_by[o + 2] = mode[0];
        if (!is_told(answer, o) || !is_told(answer, o + 2) || is_relaxation(mode, fwhm))
            out->first = (double)NAN;
    }
}

static void add_triplet(const struct ixs_fit_answer *answer, double kelvin, struct ixs_moments *out)
{
    size_t a = ixs_model_first_quasielastic(&answer->form), g = a + 1, d = answer->first_mode + 1;
    const double *p = answer->parameters, kt = IXS_BOLTZMANN * kelvin;
    if (!answer->form.interaction || answer->nmodes == 0 || !is_told(answer, a)) {
        out->first = (double)NAN;
        return;
    }
    out->first += p[a] * p[g] * (p[d] - 0.5 * p[g]) / (4.0 * kt);
    out->first_by[a] = p[g] * (p[d] - 0.5 * p[g]) / (4.0 * kt);
    out->first_by[g] = p[a] * (p[d] - p[g]) / (4.0 * kt);
    out->first_by[d] += p[a] * p[g] / (4.0 * kt);
}

/* Int_0^to E chi'' dE of one mode by Simpson's rule in the angle of the Lorentzian about its peak,
 * in which the peak is flat however narrow it is. Over all E it is Int E S dE: by detailed balance
 * E S(E) and -E S(-E) add up to E chi''. */
static double first_within(const struct ixs_dho *mode, double to)
{
    double half = 0.5 * mode->fwhm, lo = atan(-mode->omega0 / half);
    double step = (atan((to - mode->omega0) / half) - lo) / CELLS, sum = 0.0;
    for (int i = 0; i <= CELLS; i++) {
        double tangent = tan(lo + step * i), e = mode->omega0 + half * tangent;
        double weight = i == 0 || i == CELLS ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
        sum += weight * e * ixs_dho_chi(mode, e) * half * (1.0 + tangent * tangent);
    }
    return sum * step / 3.0;
}

static double first_inside(const struct ixs_fit_answer *answer, double reach)
{
    double sum = 0.0;
    for (size_t k = 0; k < answer->nmodes; k++) {
        const double *p = answer->parameters + answer->first_mode + IXS_MODEL_PER_MODE * k;
        const struct ixs_dho mode = {p[0], fmax(p[1], 1e-6 * p[0]), p[2]};
        sum += first_within(&mode, reach);
    }
    return sum;
}

void ixs_moments_of(const struct ixs_fit_answer *answer, double kelvin, double fwhm, double reach,
                    struct ixs_moments *out)
{
    const struct ixs_model_form *form = &answer->form;
    bool oscillators = !form->pair && !form->tabulated && kelvin > 0.0;
    *out = (struct ixs_moments){0};
    for (size_t k = 0; k < answer->nmodes; k++)
        add_area(answer, answer->first_mode + IXS_MODEL_PER_MODE * k, 3, kelvin, out);
    if (form->quasielastic)
        add_area(answer, ixs_model_first_quasielastic(&answer->form), 1, kelvin, out);
    if (form->tabulated || answer->nparameters == 0)
        out->zeroth = (double)NAN;
    add_first(answer, fwhm, out);
    if (form->quasielastic && oscillators)
        add_triplet(answer, kelvin, out);
    if (answer->nmodes == 0 && !form->quasielastic) /* nothing inelastic was found */
        out->first = out->zeroth = (double)NAN;
    if (!oscillators || answer->nparameters == 0)
        out->first = (double)NAN;
    out->truncated = form->quasielastic || !(out->first > 0.0)
                         ? (double)NAN
                         : fmax(0.0, 1.0 - first_inside(answer, reach) / out->first);
}

static void sort(size_t n, const double *energy, size_t *order)
{
    for (size_t i = 0; i < n; i++) {
        size_t k = i;
        for (; k > 0 && energy[order[k - 1]] > energy[i]; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
}

void ixs_moments_weights(size_t n, const double *energy, size_t *order, double *weight)
{
    sort(n, energy, order);
    for (size_t i = 0; i < n; i++) {
        double before = energy[order[i > 0 ? i - 1 : 0]];
        double behind = energy[order[i + 1 < n ? i + 1 : i]];
        weight[order[i]] = 0.5 * (behind - before);
    }
}
