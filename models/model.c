/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expected counts of a spectrum and their derivatives, block by block of energies so that each
 * transform of R is evaluated for many points at once and the Bose poles' are shared by all modes.
 */
#include "models/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROW = IXS_RESPONSE_ROW };

struct mode_row { /* one mode of unit strength at the energies of a block */
    double value[ROW], by_energy[ROW], by_omega0[ROW], by_fwhm[ROW];
};

struct block {
    size_t n;
    double x[ROW]; /* energy - zero */
    double elastic[ROW], elastic_slope[ROW];
    struct mode_row modes[IXS_MODEL_MOST_MODES];
};

static double widest_energy(const struct ixs_model_points *points)
{
    double most = 1.0;
    for (size_t i = 0; i < points->n; i++)
        most = fmax(most, fabs(points->energy[i]));
    return most;
}

void ixs_model_make(struct ixs_model *model, const struct ixs_model_points *points,
                    const struct ixs_response *response, double kelvin, size_t nmodes)
{
    model->points = *points;
    model->response = *response;
    model->kelvin = kelvin;
    model->nmodes = nmodes;
    ixs_bose_make(&model->bose, kelvin, 8.0 * widest_energy(points));
}

size_t ixs_model_nparameters(size_t nmodes)
{
    return IXS_MODEL_MODES + IXS_MODEL_PER_MODE * nmodes;
}

static void add_term(struct mode_row *mode, size_t n, const struct ixs_dho_term *t,
                     const struct ixs_response_row *w)
{
    double complex moved_omega0 = t->weight * t->place_omega0,
                   moved_fwhm = t->weight * t->place_fwhm;
    double a = creal(t->weight), b = cimag(t->weight);
    double a_o = creal(t->weight_omega0), b_o = cimag(t->weight_omega0);
    double a_g = creal(t->weight_fwhm), b_g = cimag(t->weight_fwhm);
    double m_o = creal(moved_omega0), n_o = cimag(moved_omega0);
    double m_g = creal(moved_fwhm), n_g = cimag(moved_fwhm);
    for (size_t i = 0; i < n; i++) {
        double re = w->re[i], im = w->im[i], re1 = w->slope_re[i], im1 = w->slope_im[i];
        mode->value[i] += a * re - b * im;
        mode->by_energy[i] += a * re1 - b * im1;
        mode->by_omega0[i] += a_o * re - b_o * im - m_o * re1 + n_o * im1;
        mode->by_fwhm[i] += a_g * re - b_g * im - m_g * re1 + n_g * im1;
    }
}

static void add_poles(const struct ixs_model *model, const struct ixs_dho_terms *terms,
                      struct block *block, size_t j)
{
    struct ixs_response_row w;
    ixs_response_cauchy_row(&model->response, block->n, block->x, model->bose.nu[j], &w);
    for (size_t k = 0; k < model->nmodes; k++) {
        struct mode_row *mode = &block->modes[k];
        double c = terms[k].bose[j], c_o = terms[k].bose_omega0[j], c_g = terms[k].bose_fwhm[j];
        for (size_t i = 0; i < block->n; i++) {
            mode->value[i] += c * w.re[i];
            mode->by_energy[i] += c * w.slope_re[i];
            mode->by_omega0[i] += c_o * w.re[i];
            mode->by_fwhm[i] += c_g * w.re[i];
        }
    }
}

static void evaluate_block(const struct ixs_model *model, const struct ixs_dho_terms *terms,
                           struct block *block)
{
    struct ixs_response_row w;
    double shifted[ROW] = {0};
    ixs_response_curve(&model->response, block->n, block->x, block->elastic, block->elastic_slope);
    memset(block->modes, 0, model->nmodes * sizeof *block->modes);
    for (size_t k = 0; k < model->nmodes; k++)
        for (size_t t = 0; t < terms[k].nterms; t++) {
            double complex place = terms[k].terms[t].place;
            for (size_t i = 0; i < block->n; i++)
                shifted[i] = block->x[i] - creal(place);
            ixs_response_cauchy_row(&model->response, block->n, shifted, -cimag(place), &w);
            add_term(&block->modes[k], block->n, &terms[k].terms[t], &w);
        }
    for (size_t j = 0; model->nmodes > 0 && j < model->bose.npoles; j++)
        add_poles(model, terms, block, j);
}

static void expand(const struct ixs_model *model, const double *parameters,
                   struct ixs_dho_terms *terms)
{
    for (size_t k = 0; k < model->nmodes; k++) {
        const double *mode = parameters + IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k;
        ixs_dho_expand(&terms[k], mode[0], mode[1], &model->bose);
    }
}

static void take_energies(struct block *block, size_t n, const double *energy, double zero)
{
    block->n = n;
    for (size_t i = 0; i < n; i++)
        block->x[i] = energy[i] - zero;
}

/* mu and Jacobian of the points from `first` on; `jacobian` has `n` points a column. */
static void fill(const struct ixs_model *model, const double *parameters, const struct block *block,
                 size_t first, double *mu, double *jacobian)
{
    size_t n = model->points.n;
    for (size_t i = 0; i < block->n; i++) {
        double exposure = model->points.exposure[first + i];
        double sum = parameters[IXS_MODEL_ELASTIC] * block->elastic[i];
        double rise = parameters[IXS_MODEL_ELASTIC] * block->elastic_slope[i];
        for (size_t k = 0; k < model->nmodes; k++) {
            const struct mode_row *mode = &block->modes[k];
            size_t at = IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k;
            double strength = parameters[at + 2];
            sum += strength * mode->value[i];
            rise += strength * mode->by_energy[i];
            if (jacobian) {
                jacobian[at * n + first + i] = exposure * strength * mode->by_omega0[i];
                jacobian[(at + 1) * n + first + i] = exposure * strength * mode->by_fwhm[i];
                jacobian[(at + 2) * n + first + i] = exposure * mode->value[i];
            }
        }
        mu[first + i] = exposure * (sum + parameters[IXS_MODEL_BACKGROUND]);
        if (model->points.dark)
            mu[first + i] += model->points.dark[first + i];
        if (jacobian) {
            jacobian[IXS_MODEL_ZERO * n + first + i] = -exposure * rise;
            jacobian[IXS_MODEL_ELASTIC * n + first + i] = exposure * block->elastic[i];
            jacobian[IXS_MODEL_BACKGROUND * n + first + i] = exposure;
        }
    }
}

void ixs_model_evaluate(const struct ixs_model *model, const double *parameters, double *mu,
                        double *jacobian)
{
    struct ixs_dho_terms terms[IXS_MODEL_MOST_MODES];
    struct block block;
    expand(model, parameters, terms);
    for (size_t first = 0; first < model->points.n; first += ROW) {
        size_t left = model->points.n - first;
        take_energies(&block, left < ROW ? left : ROW, model->points.energy + first,
                      parameters[IXS_MODEL_ZERO]);
        evaluate_block(model, terms, &block);
        fill(model, parameters, &block, first, mu, jacobian);
    }
}

static void give(const struct ixs_model *model, const double *parameters, const struct block *block,
                 size_t first, const struct ixs_model_curves *out)
{
    for (size_t i = 0; i < block->n; i++) {
        double background = parameters[IXS_MODEL_BACKGROUND];
        double elastic = parameters[IXS_MODEL_ELASTIC] * block->elastic[i];
        double total = elastic + background;
        for (size_t k = 0; k < model->nmodes; k++) {
            double mode =
                parameters[IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k + 2] * block->modes[k].value[i];
            total += mode;
            if (out->modes[k])
                out->modes[k][first + i] = mode;
        }
        if (out->total)
            out->total[first + i] = total;
        if (out->elastic)
            out->elastic[first + i] = elastic;
        if (out->background)
            out->background[first + i] = background;
    }
}

void ixs_model_components(const struct ixs_model *model, const double *parameters, size_t n,
                          const double *energy, const struct ixs_model_curves *out)
{
    struct ixs_dho_terms terms[IXS_MODEL_MOST_MODES];
    struct block block = {0};
    const double *at = energy ? energy : model->points.energy;
    expand(model, parameters, terms);
    for (size_t first = 0; first < n; first += ROW) {
        size_t left = n - first;
        take_energies(&block, left < ROW ? left : ROW, at + first, parameters[IXS_MODEL_ZERO]);
        evaluate_block(model, terms, &block);
        give(model, parameters, &block, first, out);
    }
}

void ixs_model_parameter(size_t index, char component[17], const char **name, const char **unit)
{
    static const char *const common[3][3] = {{"zero", "zero", "meV"},
                                             {"elastic", "area", "meV count/s"},
                                             {"background", "level", "count/s"}};
    static const char *const mode[3][2] = {
        {"omega0", "meV"}, {"fwhm", "meV"}, {"strength", "meV count/s"}};
    if (index < IXS_MODEL_MODES) {
        snprintf(component, 17, "%s", common[index][0]);
        *name = common[index][1];
        *unit = common[index][2];
    } else {
        size_t k = index - IXS_MODEL_MODES;
        snprintf(component, 17, "dho%d", (int)(k / IXS_MODEL_PER_MODE % 1000 + 1));
        *name = mode[k % IXS_MODEL_PER_MODE][0];
        *unit = mode[k % IXS_MODEL_PER_MODE][1];
    }
}
