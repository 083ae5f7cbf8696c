/* SPDX-License-Identifier: GPL-3.0-or-later
 * Coordinates of an overdamped mode.
 */
#include "models/line/relaxation.h"

#include "base/array.h"
#include "models/fit/model.h"

#include <math.h>
#include <string.h>

enum { MOST = IXS_MODEL_MOST_PARAMETERS };

void ixs_relaxation_from(const struct ixs_relaxation *relaxation, const double mode[3],
                         double coordinates[3])
{
    coordinates[IXS_RELAXATION_RATE] = log(mode[0] * mode[0] / mode[1]);
    coordinates[IXS_RELAXATION_SHAPE] = relaxation->by_energy ? mode[0] : 1.0 / mode[1];
    coordinates[IXS_RELAXATION_CHI] = log(relaxation->thermal ? 2.0 * mode[2] / mode[0] : mode[2]);
}

void ixs_relaxation_to(const struct ixs_relaxation *relaxation, const double coordinates[3],
                       double mode[3])
{
    double rate = exp(coordinates[IXS_RELAXATION_RATE]), shape = coordinates[IXS_RELAXATION_SHAPE];
    mode[0] = relaxation->by_energy ? shape : sqrt(rate / shape);
    mode[1] = relaxation->by_energy ? shape * shape / rate : 1.0 / shape;
    mode[2] = exp(coordinates[IXS_RELAXATION_CHI]) * (relaxation->thermal ? 0.5 * mode[0] : 1.0);
}

/* Turns the columns by OMEGA0, FWHM, STRENGTH into those by the coordinates. */
static void turn(const struct ixs_relaxation *relaxation, const double mode[3], double *jacobian)
{
    const size_t n = relaxation->plain.ndata;
    const double o = mode[0], g = mode[1], a = mode[2], follows = relaxation->thermal ? a : 0.0;
    const double rate[3] = {0.5 * o, 0.0, 0.5 * follows}, rate_e[3] = {0.0, -g, 0.0};
    const double shape[3] = {-0.5 * o * g, -g * g, -0.5 * follows * g},
                 shape_e[3] = {1.0, 2.0 * g / o, follows / o};
    const double *by_rate = relaxation->by_energy ? rate_e : rate;
    const double *by_shape = relaxation->by_energy ? shape_e : shape;
    double *columns[3];
    for (size_t k = 0; k < IXS_COUNT(columns); k++)
        columns[k] = jacobian + (relaxation->at + k) * n;
    for (size_t i = 0; i < n; i++) {
        const double j[3] = {columns[0][i], columns[1][i], columns[2][i]};
        columns[0][i] = by_rate[0] * j[0] + by_rate[1] * j[1] + by_rate[2] * j[2];
        columns[1][i] = by_shape[0] * j[0] + by_shape[1] * j[1] + by_shape[2] * j[2];
        columns[2][i] = a * j[2];
    }
}

void ixs_relaxation_model(void *context, const double *coordinates, double *mu, double *jacobian)
{
    const struct ixs_relaxation *relaxation = context;
    double parameters[MOST];
    memcpy(parameters, coordinates, relaxation->plain.nparameters * sizeof *parameters);
    ixs_relaxation_to(relaxation, coordinates + relaxation->at, parameters + relaxation->at);
    relaxation->plain.model(relaxation->plain.context, parameters, mu, jacobian);
    if (jacobian)
        turn(relaxation, parameters + relaxation->at, jacobian);
}
