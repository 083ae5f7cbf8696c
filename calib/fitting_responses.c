/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses of a CALIB for the fits.
 */
#include "calib/fitting_responses.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

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
}

bool ixs_fitting_responses_make(struct ixs_fitting_responses *out, const struct ixs_calib *calib,
                                struct ixs_err *err)
{
    if (!IXS_NEW(out->list, calib->nanalyzers, err))
        return false;
    for (size_t i = 0; i < calib->nanalyzers; i++) {
        struct ixs_fitting_response *next = &out->list[out->n];
        next->analyzer = calib->analyzers[i].analyzer;
        ixs_fitting_response(&next->response, calib, next->analyzer);
        if (ixs_response_complaint(&next->response) != NULL)
            continue;
        ixs_transforms_make(&next->transforms, &next->response);
        out->n++;
    }
    return true;
}

void ixs_fitting_responses_dispose(struct ixs_fitting_responses *responses)
{
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
