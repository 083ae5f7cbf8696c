/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the comparison's spectra are put to the fit engine.
 */
#include "bench/peers/ours_task.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KELVIN 300.0

void ours_prepare(struct ours *ours, const struct peers_set *set)
{
    struct ixs_err err = IXS_ERR_NONE;
    *ours = (struct ours){.exposure = calloc(set->npoints, sizeof *ours->exposure)};
    if (!ours->exposure || !ixs_fit_space_new(&ours->space, set->npoints, &err)) {
        fprintf(stderr, "not enough memory\n");
        exit(4);
    }
    for (size_t i = 0; i < set->npoints; i++)
        ours->exposure[i] = 1.0;
    for (size_t a = 0; a < set->nanalyzers; a++)
        for (size_t k = 0; k < set->responses[a].nparts; k++) {
            const struct peers_part *part = &set->responses[a].parts[k];
            ours->responses[a].parts[ours->responses[a].nparts++] =
                (struct ixs_response_part){.weight = part->weight,
                                           .center = part->center,
                                           .fwhm = part->fwhm,
                                           .eta = part->eta};
        }
    for (size_t a = 0; a < set->nanalyzers; a++)
        ixs_transforms_make(&ours->transforms[a], &ours->responses[a]);
}

void ours_dispose(struct ours *ours)
{
    free(ours->exposure);
    ixs_fit_space_free(ours->space);
}

void ours_from_peers(size_t nmodes, const double *peers, double *ours)
{
    *ours++ = peers[1];
    *ours++ = peers[0];
    *ours++ = peers[2];
    *ours++ = peers[3];
    for (size_t k = 0; k < nmodes; k++) {
        const double *mode = peers + 4 + 3 * k;
        *ours++ = mode[1];
        *ours++ = 2.0 * mode[2];
        *ours++ = mode[0] * mode[1] / (2.0 * PEERS_KT);
    }
}

void ours_to_peers(size_t nmodes, const double *ours, double *peers)
{
    peers[1] = *ours++;
    peers[0] = *ours++;
    peers[2] = *ours++;
    peers[3] = *ours++;
    for (size_t k = 0; k < nmodes; k++, ours += 3) {
        double *mode = peers + 4 + 3 * k;
        mode[0] = ours[2] * 2.0 * PEERS_KT / ours[0];
        mode[1] = ours[0];
        mode[2] = 0.5 * ours[1];
    }
}

void ours_fit(struct ours *ours, const struct peers_set *set, const struct peers_spectrum *spectrum,
              const double *start, struct ixs_fit_answer *answer)
{
    struct ixs_fit_task task = IXS_FIT_TASK;
    double parameters[IXS_MODEL_MOST_PARAMETERS];
    ours_from_peers(spectrum->nmodes, start, parameters);
    task.points = (struct ixs_model_points){.n = set->npoints,
                                            .energy = set->energy,
                                            .counts = spectrum->counts,
                                            .exposure = ours->exposure};
    task.response = ours->responses[spectrum->analyzer];
    task.transforms = &ours->transforms[spectrum->analyzer];
    task.form.background_degree = 1;
    task.start = parameters;
    task.kelvin = KELVIN;
    task.zero_err = NAN;
    task.nmodes = (int)spectrum->nmodes;
    task.quick = true;
    ixs_fit_run(ours->space, &task, answer);
}

void ours_model(const struct ours *ours, const struct peers_set *set,
                const struct peers_spectrum *spectrum, const double *parameters, double *mu)
{
    struct ixs_model model;
    struct ixs_bose bose;
    double own[IXS_MODEL_MOST_PARAMETERS], counts = 0.0;
    const struct ixs_model_form form = {.background_degree = 1};
    const struct ixs_model_points points = {
        .n = set->npoints, .energy = set->energy, .exposure = ours->exposure};
    for (size_t i = 0; i < set->npoints; i++)
        counts += spectrum->counts[i];
    ixs_bose_make(&bose, KELVIN, ixs_model_span(&points));
    ixs_model_make(&model, &points,
                   ixs_transform_choose(&ours->transforms[spectrum->analyzer], counts), &bose,
                   PEERS_REACH, &form, spectrum->nmodes);
    ours_from_peers(spectrum->nmodes, parameters, own);
    ixs_model_evaluate(&model, own, mu, NULL);
}
