/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expected counts of a spectrum and their derivatives, block by block of energies that stay in the
 * processor's nearest memory; the transforms at the Bose factor's nearer poles are shared by all
 * lines.
 */
#include "models/line/acceptance.h"
#include "models/fit/model.h"

#include <math.h>
#include <string.h>

enum { ROW = IXS_RESPONSE_ROW };

struct expanded { /* the lines at given parameters */
    double amplitude[IXS_MODEL_MOST_LINES];
    struct ixs_line lines[IXS_MODEL_MOST_LINES];
    struct ixs_kernel_series series[IXS_MODEL_MOST_LINES];
};

struct block {
    size_t n;
    double x[ROW], t[ROW]; /* energy - zero; that over the model's reach */
    double table[ROW];
    struct ixs_response_row elastic;
    double rise[ROW]; /* slope in energy of all lines with their amplitudes, and of the table */
    struct ixs_kernel_line lines[IXS_MODEL_MOST_LINES];
};

static void expand_series(const struct ixs_model *model, const struct ixs_line *line,
                          double amplitude, struct ixs_kernel_series *series)
{
    const struct ixs_model_far *far = &model->far;
    series->order = far->order;
    for (size_t m = 0; m < far->order; m++)
        series->value[m] = series->by_shape[0][m] = series->by_shape[1][m] = 0.0;
    for (size_t j = far->near; j < model->bose.npoles; j++)
        for (size_t m = 0; m < far->order; m++) {
            series->value[m] += line->bose[j] * far->value[j][m];
            series->by_shape[0][m] += line->bose_by[0][j] * far->value[j][m];
            series->by_shape[1][m] += line->bose_by[1][j] * far->value[j][m];
        }
    series->rise[0] = 0.0;
    for (size_t m = 0; m + 1 < far->order; m++)
        series->rise[m + 1] =
            amplitude * series->value[m] * (double)(far->order - 1 - m) / model->reach;
}

/* meV; the lines of modes alone have one. */
static double acceptance_of(const struct ixs_model *model, const struct ixs_model_line *line)
{
    size_t first = model->first_mode, at = line->shape[0];
    bool mode = line->kind == IXS_LINE_DHO || line->kind == IXS_LINE_PAIR;
    return mode && at >= first ? model->form.acceptance[(at - first) / IXS_MODEL_PER_MODE] : 0.0;
}

static void expand(const struct ixs_model *model, const double *parameters, struct expanded *out)
{
    for (size_t k = 0; k < model->nlines; k++) {
        const struct ixs_model_line *line = &model->lines[k];
        const double shape[IXS_LINE_SHAPES] = {
            parameters[line->shape[0]],
            line->kind == IXS_LINE_QUASIELASTIC ? 0.0 : parameters[line->shape[1]]};
        out->amplitude[k] = parameters[line->amplitude];
        if (line->factor != IXS_MODEL_NONE)
            out->amplitude[k] *= 0.5 * parameters[line->factor];
        ixs_acceptance_expand(&out->lines[k], line->kind, shape, acceptance_of(model, line),
                              &model->bose);
        expand_series(model, &out->lines[k], out->amplitude[k], &out->series[k]);
    }
}

static void take_energies(const struct ixs_model *model, struct block *block, size_t n,
                          const double *energy, double zero)
{
    block->n = n;
    for (size_t i = 0; i < ROW; i++) {
        block->x[i] = i < n ? energy[i] - zero : 0.0;
        block->t[i] = block->x[i] / model->reach;
    }
}

static void add_term(const struct ixs_model *model, const struct ixs_line_term *t, double amplitude,
                     struct block *block, struct ixs_kernel_line *line)
{
    struct ixs_kernel_pole pole = {.place = creal(t->place),
                                   .height = -cimag(t->place),
                                   .weight_re = creal(t->weight),
                                   .weight_im = cimag(t->weight)};
    for (int s = 0; s < IXS_LINE_SHAPES; s++) {
        double complex moved = -t->weight * t->place_by[s];
        pole.value_re[s] = creal(t->weight_by[s]);
        pole.value_im[s] = cimag(t->weight_by[s]);
        pole.moved_re[s] = creal(moved);
        pole.moved_im[s] = cimag(moved);
    }
    model->kernels->add_pole(model->transform, block->n, block->x, &pole, amplitude, line,
                             block->rise);
}

/* Bose's pole j, for all lines. */
static void add_near(const struct ixs_model *model, const struct expanded *expanded,
                     struct block *block, size_t j)
{
    struct ixs_response_row w;
    model->kernels->transform(model->transform, block->n, block->x, 0.0, model->bose.nu[j], &w);
    for (size_t k = 0; k < model->nlines; k++) {
        const struct ixs_line *line = &expanded->lines[k];
        struct ixs_kernel_pole pole = {.weight_re = line->bose[j],
                                       .value_re = {line->bose_by[0][j], line->bose_by[1][j]}};
        model->kernels->add_row(block->n, &w, &pole, expanded->amplitude[k], &block->lines[k],
                                block->rise);
    }
}

/* The farther poles come first: they set the rows to which the others are added. */
static void start_far(const struct ixs_model *model, const struct expanded *expanded,
                      struct block *block)
{
    for (size_t k = 0; k < model->nlines; k++)
        model->kernels->set_series(block->n, block->t, &expanded->series[k], &block->lines[k],
                                   block->rise);
}

static void take_table(const struct ixs_model *model, const double *parameters, struct block *block)
{
    double scale = parameters[model->first_table];
    for (size_t i = 0; i < block->n; i++) {
        double slope;
        block->table[i] = ixs_curve_value(model->form.table, block->x[i], &slope);
        block->rise[i] += scale * slope;
    }
}

static void evaluate_block(const struct ixs_model *model, const double *parameters,
                           const struct expanded *expanded, struct block *block)
{
    model->kernels->transform(model->transform, block->n, block->x, 0.0, 0.0, &block->elastic);
    memset(block->rise, 0, sizeof block->rise);
    if (model->far.order > 0)
        start_far(model, expanded, block);
    else
        memset(block->lines, 0, model->nlines * sizeof *block->lines);
    for (size_t k = 0; k < model->nlines; k++)
        for (size_t t = 0; t < expanded->lines[k].nterms; t++)
            add_term(model, &expanded->lines[k].terms[t], expanded->amplitude[k], block,
                     &block->lines[k]);
    for (size_t j = 0; model->nlines > 0 && j < model->far.near && j < model->bose.npoles; j++)
        add_near(model, expanded, block, j);
    if (model->form.tabulated)
        take_table(model, parameters, block);
}

static double background(const struct ixs_model *model, const double *parameters, double energy)
{
    double sum = 0.0;
    for (int k = model->form.background_degree; k >= 0; k--)
        sum = sum * energy + parameters[IXS_MODEL_BACKGROUND + k];
    return sum;
}

static void add_scaled(size_t n, double scale, const double *from, double *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] += scale * from[i];
}

/* Columns of the lines. Only the interaction's amplitude is a product, and only it shares columns
 * with other lines. */
static void fill_lines(const struct ixs_model *model, const double *parameters,
                       const struct expanded *expanded, const struct block *block,
                       const double *exposure, double *column)
{
    size_t n = model->stride;
    for (size_t k = 0; k < model->nlines; k++) {
        const struct ixs_model_line *line = &model->lines[k];
        const struct ixs_kernel_line *row = &block->lines[k];
        bool add = line->factor != IXS_MODEL_NONE;
        double factor = add ? 0.5 * parameters[line->factor] : 1.0;
        if (add)
            model->kernels->product(block->n, 0.5 * parameters[line->amplitude], row->value,
                                    exposure, add, column + line->factor * n);
        model->kernels->product(block->n, factor, row->value, exposure, add,
                                column + line->amplitude * n);
        for (size_t s = 0; s < (line->kind == IXS_LINE_QUASIELASTIC ? 1 : 2); s++)
            model->kernels->product(block->n, expanded->amplitude[k], row->by_shape[s], exposure,
                                    add, column + line->shape[s] * n);
    }
}

/* The block's part of the Jacobian; column points to the block's first point. */
static void fill_jacobian(const struct ixs_model *model, const double *parameters,
                          const struct expanded *expanded, const struct block *block,
                          const double *energy, const double *exposure, double *column)
{
    size_t n = model->stride, degree = (size_t)model->form.background_degree;
    const struct ixs_kernels *kernels = model->kernels;
    double *zero = column + IXS_MODEL_ZERO * n, *level = column + IXS_MODEL_BACKGROUND * n;
    kernels->product(block->n, -1.0, block->rise, exposure, false, zero);
    kernels->product(block->n, -parameters[IXS_MODEL_ELASTIC], block->elastic.slope_re, exposure,
                     true, zero);
    kernels->product(block->n, 1.0, block->elastic.re, exposure, false,
                     column + IXS_MODEL_ELASTIC * n);
    memcpy(level, exposure, block->n * sizeof *level);
    for (size_t k = 1; k <= degree; k++)
        kernels->product(block->n, 1.0, energy, level + (k - 1) * n, false, level + k * n);
    if (model->form.tabulated)
        kernels->product(block->n, 1.0, block->table, exposure, false,
                         column + model->first_table * n);
    fill_lines(model, parameters, expanded, block, exposure, column);
}

/* Rate of all but the background. */
static void add_up(const struct ixs_model *model, const double *parameters,
                   const struct expanded *expanded, const struct block *block, double *rate)
{
    for (size_t i = 0; i < block->n; i++)
        rate[i] = parameters[IXS_MODEL_ELASTIC] * block->elastic.re[i];
    for (size_t k = 0; k < model->nlines; k++)
        add_scaled(block->n, expanded->amplitude[k], block->lines[k].value, rate);
    if (model->form.tabulated)
        add_scaled(block->n, parameters[model->first_table], block->table, rate);
}

void ixs_model_evaluate(const struct ixs_model *model, const double *parameters, double *mu,
                        double *jacobian)
{
    struct expanded expanded;
    struct block block;
    double rate[ROW];
    expand(model, parameters, &expanded);
    for (size_t first = 0; first < model->points.n; first += ROW) {
        size_t left = model->points.n - first;
        const double *energy = model->points.energy + first,
                     *exposure = model->points.exposure + first;
        take_energies(model, &block, left < ROW ? left : ROW, energy, parameters[IXS_MODEL_ZERO]);
        evaluate_block(model, parameters, &expanded, &block);
        add_up(model, parameters, &expanded, &block, rate);
        for (size_t i = 0; i < block.n; i++) {
            double dark = model->points.dark ? model->points.dark[first + i] : 0.0;
            mu[first + i] =
                exposure[i] * (rate[i] + background(model, parameters, energy[i])) + dark;
        }
        if (jacobian)
            fill_jacobian(model, parameters, &expanded, &block, energy, exposure, jacobian + first);
    }
}

static void put(size_t n, double scale, const double *from, double *to)
{
    for (size_t i = 0; to && i < n; i++)
        to[i] = scale * from[i];
}

/* Writes a block's components to where `out` points. */
static void give(const struct ixs_model *model, const double *parameters,
                 const struct expanded *expanded, const struct block *block, const double *energy,
                 size_t first, const struct ixs_model_curves *out)
{
    double rate[ROW], level[ROW], quasi[ROW] = {0};
    add_up(model, parameters, expanded, block, rate);
    for (size_t i = 0; i < block->n; i++) {
        level[i] = background(model, parameters, energy[i]);
        rate[i] += level[i];
    }
    for (size_t k = 0; k < model->nlines; k++)
        if (k >= model->nmodes)
            add_scaled(block->n, expanded->amplitude[k], block->lines[k].value, quasi);
        else
            put(block->n, expanded->amplitude[k], block->lines[k].value,
                out->modes[k] ? out->modes[k] + first : NULL);
    put(block->n, 1.0, rate, out->total ? out->total + first : NULL);
    put(block->n, 1.0, level, out->background ? out->background + first : NULL);
    put(block->n, 1.0, quasi, out->quasielastic ? out->quasielastic + first : NULL);
    put(block->n, parameters[IXS_MODEL_ELASTIC], block->elastic.re,
        out->elastic ? out->elastic + first : NULL);
    if (model->form.tabulated)
        put(block->n, parameters[model->first_table], block->table,
            out->table ? out->table + first : NULL);
}

void ixs_model_components(const struct ixs_model *model, const double *parameters, size_t n,
                          const double *energy, const struct ixs_model_curves *out)
{
    struct expanded expanded;
    struct block block;
    const double *at = energy ? energy : model->points.energy;
    expand(model, parameters, &expanded);
    for (size_t first = 0; first < n; first += ROW) {
        size_t left = n - first;
        take_energies(model, &block, left < ROW ? left : ROW, at + first,
                      parameters[IXS_MODEL_ZERO]);
        evaluate_block(model, parameters, &expanded, &block);
        give(model, parameters, &expanded, &block, at + first, first, out);
    }
}
