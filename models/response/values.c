/* SPDX-License-Identifier: GPL-3.0-or-later
 * A response as a list of values: how it changes with each of them, and moved along a direction.
 */
#include "models/response/table.h"

#include <math.h>

size_t ixs_response_count(const struct ixs_response *response)
{
    return response->table.n > 0 ? response->table.n : 4 * response->nparts;
}

double ixs_response_by(const struct ixs_response *response, double energy, double *by)
{
    double sum = 0.0;
    if (response->table.n > 0)
        return ixs_response_table_value(&response->table, energy, NULL, by);
    for (size_t k = 0; k < response->nparts; k++) {
        const struct ixs_response_part *part = &response->parts[k];
        double *b = by + 4 * k;
        b[0] = ixs_response_part_value(part, energy, &b[1], &b[2], &b[3]);
        sum += part->weight * b[0];
        for (size_t j = 1; j < 4; j++)
            b[j] *= part->weight;
    }
    return sum;
}

static void move_table(struct ixs_response *out, const double *by, double far)
{
    struct ixs_response_table *table = &out->table;
    for (size_t j = 0; j < table->n; j++)
        table->coefficient[j] += far * by[j];
    double area = ixs_response_table_integral(table, -INFINITY, INFINITY, 0, NULL);
    for (size_t j = 0; j < table->n; j++)
        table->coefficient[j] -= log(area);
    ixs_response_centre(out);
}

bool ixs_response_move(struct ixs_response *out, const struct ixs_response *response,
                       const double *by, double far)
{
    *out = *response;
    for (size_t k = 0; k < response->nparts; k++) {
        struct ixs_response_part *part = &out->parts[k];
        part->weight += far * by[4 * k];
        part->center += far * by[4 * k + 1];
        part->fwhm += far * by[4 * k + 2];
        part->eta += far * by[4 * k + 3];
    }
    if (response->table.n > 0)
        move_table(out, by, far);
    return ixs_response_complaint(out) == NULL;
}
