/* SPDX-License-Identifier: GPL-3.0-or-later
 * Elastic intensity at energy E: area x R(E - zero); its error from the covariance of both.
 */
#include "calib/elastic.h"
#include "calib/fitting_responses.h"

#include <math.h>

static double covariance(const struct ixs_fit_answer *answer, size_t row, size_t column)
{
    double value = answer->covariance[row * answer->nparameters + column];
    return isnan(value) ? 0 : value;
}

static void subtract(struct ixs_point *point, const struct ixs_response *response,
                     const struct ixs_fit_answer *answer)
{
    double value, slope, energy = point->energy - answer->zero;
    ixs_response_curve(response, 1, &energy, &value, &slope);
    double by_zero = -answer->elastic * slope, by_area = value;
    double variance =
        by_zero * by_zero * covariance(answer, IXS_MODEL_ZERO, IXS_MODEL_ZERO) +
        2 * by_zero * by_area * covariance(answer, IXS_MODEL_ELASTIC, IXS_MODEL_ZERO) +
        by_area * by_area * covariance(answer, IXS_MODEL_ELASTIC, IXS_MODEL_ELASTIC);
    point->elastic = answer->elastic * value;
    point->elastic_err = sqrt(fmax(0, variance));
    point->inelastic = point->intensity - point->elastic;
    point->inelastic_err = hypot(point->error, point->elastic_err);
}

void ixs_elastic_subtract(struct ixs_spectra *spectra, const struct ixs_calib *calib,
                          const struct ixs_fit_answer *answers)
{
    for (size_t i = 0; i < spectra->nspectra; i++) {
        struct ixs_spectrum *spectrum = &spectra->spectra[i];
        const struct ixs_fit_answer *answer = &answers[i];
        struct ixs_response response;
        if (answer->nparameters == 0 || isnan(answer->elastic))
            continue;
        ixs_fitting_response(&response, calib, spectrum->analyzer);
        spectrum->elastic = answer->elastic;
        spectrum->elastic_err = answer->elastic_err;
        for (size_t k = 0; k < spectra->npoints; k++)
            if (spectra->points[k].spectrum == spectrum->spectrum)
                subtract(&spectra->points[k], &response, answer);
    }
}
