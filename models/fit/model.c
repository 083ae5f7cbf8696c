/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a model is made of: its parameters, its lines, and the Bose factor's farther poles, whose
 * transforms vary so slowly over a scan that polynomials stand for them.
 */
#include "models/fit/model.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A pole at distance nu from an interval of half length X: Chebyshev coefficients fall by a factor
 * of rho = nu/X + sqrt(1 + (nu/X)^2) each. Above this ratio, where rho is 3, twenty are exact to
 * 1e-9, and as powers of E they cancel by less than rho helps: (1 + sqrt 2)/rho < 1. */
static const double far_ratio = 4.0 / 3.0;
static const double far_accuracy = 1e-9;

/* So far must N(E) be right for tails of lines outside the scan to be right inside. */
static const double span_per_energy = 8.0;

static double widest_energy(const struct ixs_model_points *points)
{
    double most = 1.0;
    for (size_t i = 0; i < points->n; i++)
        most = fmax(most, fabs(points->energy[i]));
    return most;
}

double ixs_model_span_within(double widest)
{
    return span_per_energy * widest;
}

double ixs_model_span(const struct ixs_model_points *points)
{
    return ixs_model_span_within(widest_energy(points));
}

size_t ixs_model_first_quasielastic(const struct ixs_model_form *form)
{
    return IXS_MODEL_BACKGROUND + 1 + (size_t)form->background_degree;
}

size_t ixs_model_first_mode(const struct ixs_model_form *form)
{
    return (size_t)(IXS_MODEL_BACKGROUND + 1 + form->background_degree) +
           (form->quasielastic ? 2 : 0) + (form->tabulated ? 1 : 0) + (size_t)form->ncell;
}

size_t ixs_model_nparameters(const struct ixs_model_form *form, size_t nmodes)
{
    return ixs_model_first_mode(form) + IXS_MODEL_PER_MODE * nmodes;
}

static void add_line(struct ixs_model *model, enum ixs_line_kind kind, size_t amplitude,
                     size_t factor, size_t shape)
{
    model->lines[model->nlines++] = (struct ixs_model_line){
        .kind = kind,
        .amplitude = (unsigned char)amplitude,
        .factor = (unsigned char)factor,
        .shape = {(unsigned char)shape, (unsigned char)(shape + 1)},
    };
}

void ixs_model_set_modes(struct ixs_model *model, size_t nmodes)
{
    size_t quasi = model->first_quasielastic;
    model->nmodes = nmodes;
    model->nparameters = ixs_model_nparameters(&model->form, nmodes);
    model->nlines = 0;
    for (size_t k = 0; k < nmodes; k++) {
        size_t at = model->first_mode + IXS_MODEL_PER_MODE * k;
        add_line(model, model->form.pair ? IXS_LINE_PAIR : IXS_LINE_DHO, at + 2, IXS_MODEL_NONE,
                 at);
    }
    if (model->form.quasielastic)
        add_line(model, IXS_LINE_QUASIELASTIC, quasi, IXS_MODEL_NONE, quasi + 1);
    if (model->form.quasielastic && model->form.interaction && nmodes > 0)
        add_line(model, IXS_LINE_INTERACTION, quasi, quasi + 1, model->first_mode);
}

/* Coefficients of the powers of t from values[] at the Chebyshev nodes t[i], order of each. */
static void to_powers(size_t order, const double *t, const double *values, double *highest_first)
{
    double last[IXS_MODEL_SERIES] = {0}, now[IXS_MODEL_SERIES] = {0}, next[IXS_MODEL_SERIES] = {0};
    double at_last[IXS_MODEL_SERIES], at_now[IXS_MODEL_SERIES], powers[IXS_MODEL_SERIES] = {0};
    now[0] = 1.0; /* T_0, with T_-1 = T_1 = t */
    last[1] = 1.0;
    for (size_t i = 0; i < order; i++) {
        at_now[i] = 1.0;
        at_last[i] = t[i];
    }
    for (size_t k = 0; k < order; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < order; i++)
            sum += values[i] * at_now[i];
        sum *= (k == 0 ? 1.0 : 2.0) / (double)order;
        for (size_t m = 0; m < order; m++) {
            powers[m] += sum * now[m];
            next[m] = (m > 0 ? 2.0 * now[m - 1] : 0.0) - last[m];
        }
        for (size_t i = 0; i < order; i++) {
            double ahead = 2.0 * t[i] * at_now[i] - at_last[i];
            at_last[i] = at_now[i];
            at_now[i] = ahead;
        }
        memcpy(last, now, sizeof now);
        memcpy(now, next, sizeof next);
    }
    for (size_t m = 0; m < order; m++)
        highest_first[m] = powers[order - 1 - m];
}

static size_t far_order(double ratio)
{
    double rho = ratio + sqrt(1.0 + ratio * ratio);
    double order = ceil(-log(far_accuracy) / log(rho)) + 1.0;
    return order < IXS_MODEL_SERIES ? (size_t)order : IXS_MODEL_SERIES;
}

static void prepare_far(struct ixs_model *model)
{
    struct ixs_model_far *far = &model->far;
    double t[IXS_MODEL_SERIES], x[IXS_RESPONSE_ROW] = {0};
    struct ixs_response_row w;
    far->near = far->order = 0;
    while (far->near < model->bose.npoles && model->bose.nu[far->near] < far_ratio * model->reach)
        far->near++;
    if (far->near == model->bose.npoles)
        return;
    far->order = far_order(model->bose.nu[far->near] / model->reach);
    for (size_t i = 0; i < far->order; i++) {
        t[i] = cos(IXS_PI * ((double)i + 0.5) / (double)far->order);
        x[i] = model->reach * t[i];
    }
    for (size_t j = far->near; j < model->bose.npoles; j++) {
        model->kernels->transform(model->transform, far->order, x, 0.0, model->bose.nu[j], &w);
        to_powers(far->order, t, w.re, far->value[j]);
    }
}

void ixs_model_make(struct ixs_model *model, const struct ixs_model_points *points,
                    const struct ixs_transform *transform, const struct ixs_bose *bose,
                    double most_zero, const struct ixs_model_form *form, size_t nmodes)
{
    size_t after = ixs_model_after_background(form);
    model->points = *points;
    model->transform = transform;
    model->kernels = ixs_kernels();
    model->bose = *bose;
    model->form = *form;
    model->first_quasielastic = after;
    model->first_table = after + (form->quasielastic ? 2 : 0);
    model->first_mode = ixs_model_first_mode(form);
    model->first_cell = model->first_mode - (size_t)form->ncell;
    model->stride = points->n;
    model->reach = widest_energy(points) + most_zero;
    prepare_far(model);
    ixs_model_set_modes(model, nmodes);
}

static struct ixs_model_name name_of(const char *component, const char *name, const char *unit)
{
    struct ixs_model_name out = {.name = name, .unit = unit};
    snprintf(out.component, sizeof out.component, "%s", component);
    return out;
}

static struct ixs_model_name name_of_mode(const struct ixs_model_form *form, size_t index)
{
    static const char *const words[][2] = {
        {"omega0", "meV"}, {"fwhm", "meV"}, {"strength", "meV count/s"}};
    size_t k = index % IXS_MODEL_PER_MODE, mode = index / IXS_MODEL_PER_MODE;
    struct ixs_model_name out = {.name = words[k][0], .unit = words[k][1]};
    snprintf(out.component, sizeof out.component, "%s%d", form->pair ? "pair" : "dho",
             (int)(mode % 1000 + 1));
    return out;
}

/* Of background data; the waves of its smooth part have one name. */
static struct ixs_model_name name_of_cell(size_t index)
{
    static const char *const words[][2] = {
        {"scale", ""}, {"zero", "meV"}, {"area", "meV count/s"}, {"wave", ""}};
    size_t k = index < IXS_COUNT(words) ? index : IXS_COUNT(words) - 1;
    return name_of("cell", words[k][0], words[k][1]);
}

struct ixs_model_name ixs_model_parameter(const struct ixs_model_form *form, size_t index)
{
    static const char *const powers[][2] = {{"level", "count/s"},
                                            {"slope", "count/s/meV"},
                                            {"curvature", "count/s/meV**2"},
                                            {"cubic", "count/s/meV**3"}};
    size_t after = ixs_model_after_background(form);
    if (index == IXS_MODEL_ZERO)
        return name_of("zero", "zero", "meV");
    if (index == IXS_MODEL_ELASTIC)
        return name_of("elastic", "area", "meV count/s");
    if (index < after)
        return name_of("background", powers[index - IXS_MODEL_BACKGROUND][0],
                       powers[index - IXS_MODEL_BACKGROUND][1]);
    if (form->quasielastic && index < after + 2)
        return index == after ? name_of("quasielastic", "area", "meV count/s")
                              : name_of("quasielastic", "fwhm", "meV");
    size_t first = ixs_model_first_mode(form), cell = first - (size_t)form->ncell;
    if (form->tabulated && index + 1 == cell)
        return name_of("table", "scale", "");
    return index < first ? name_of_cell(index - cell) : name_of_mode(form, index - first);
}
