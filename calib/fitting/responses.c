/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses of a CALIB for the fits.
 */
#include "calib/fitting/responses.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/response/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void take_table(struct ixs_response_table *out, size_t count,
                       const struct ixs_calib_node *node)
{
    double logs[IXS_RESPONSE_NODES];
    *out =
        (struct ixs_response_table){.n = count, .center = node[0].center, .scale = node[0].scale};
    for (size_t j = 0; j < count; j++)
        logs[j] = log(node[j].response);
    ixs_response_table_set(out, logs);
    if (ixs_response_complaint(&(struct ixs_response){.table = *out}) != NULL)
        *out = (struct ixs_response_table){0}; /* no response */
}

void ixs_fitting_response(struct ixs_response *out, const struct ixs_calib *calib,
                          const char *analyzer)
{
    size_t count = 0;
    const struct ixs_calib_component *row = ixs_calib_response_of(calib, analyzer, &count);
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < count && i < IXS_RESPONSE_MOST; i++)
        out->parts[out->nparts++] = (struct ixs_response_part){.weight = row[i].weight,
                                                               .center = row[i].center,
                                                               .fwhm = row[i].fwhm,
                                                               .eta = row[i].eta};
    const struct ixs_calib_node *node = ixs_calib_table_of(calib, analyzer, &count);
    if (node != NULL && out->nparts == 0 && count <= IXS_RESPONSE_NODES)
        take_table(&out->table, count, node);
}

/* RESOLUTION_COV of one analyzer, whole; its rows stand together. */
static bool plan_uncertain(struct ixs_fitting_response *out, const struct ixs_calib *calib,
                           struct ixs_err *err)
{
    size_t n = ixs_response_count(&out->response);
    double covariance[IXS_RESPONSE_VALUES * IXS_RESPONSE_VALUES] = {0};
    bool told = false;
    for (size_t i = 0; i < calib->ncovariances; i++) {
        const struct ixs_calib_covariance *row = &calib->covariances[i];
        if (strcmp(row->analyzer, out->analyzer) != 0 || row->row < 1 || row->column < 1 ||
            (size_t)row->row > n || (size_t)row->column > n)
            continue;
        size_t a = (size_t)row->row - 1, b = (size_t)row->column - 1;
        covariance[a * n + b] = covariance[b * n + a] = row->covariance;
        told = true;
    }
    if (out->response.table.n > 0)
        ixs_spline_covariance(n, covariance, ixs_spline_coefficients);
    return !told || ixs_uncertain_plan(&out->uncertain, &out->response, covariance, err);
}

/* As ixs_job_run. */
static bool make_transforms(void *context, size_t index, size_t worker, struct ixs_err *err)
{
    struct ixs_fitting_response *response = &((struct ixs_fitting_responses *)context)->list[index];
    (void)worker, (void)err;
    ixs_transforms_make(&response->transforms, &response->response);
    ixs_uncertain_fill(&response->uncertain, &response->response);
    return true;
}

bool ixs_fitting_responses_make(struct ixs_fitting_responses *out, const struct ixs_calib *calib,
                                bool exact, size_t threads, struct ixs_err *err)
{
    if (!IXS_NEW(out->list, calib->nanalyzers, err))
        return false;
    for (size_t i = 0; i < calib->nanalyzers; i++) {
        struct ixs_fitting_response *next = &out->list[out->n];
        next->analyzer = calib->analyzers[i].analyzer;
        ixs_fitting_response(&next->response, calib, next->analyzer);
        if (ixs_response_complaint(&next->response) != NULL)
            continue;
        out->n++;
        if (!exact && !plan_uncertain(next, calib, err))
            return false;
    }
    return ixs_parallel(out->n, threads, make_transforms, out, err);
}

void ixs_fitting_responses_dispose(struct ixs_fitting_responses *responses)
{
    for (size_t i = 0; i < responses->n; i++)
        ixs_uncertain_dispose(&responses->list[i].uncertain);
    free(responses->list);
    *responses = (struct ixs_fitting_responses){0};
}

const struct ixs_fitting_response *
ixs_fitting_responses_of(const struct ixs_fitting_responses *responses, const char *analyzer)
{
    for (size_t i = 0; i < responses->n; i++)
        if (strcmp(responses->list[i].analyzer, analyzer) == 0)
            return &responses->list[i];
    return NULL;
}
