/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fit engine in the comparison: Poisson deviance, exact response, its own solver.
 */
#include "bench/peers/ours_task.h"
#include "bench/peers/serve.h"

#include <stdlib.h>

static void *prepare(const struct peers_set *set)
{
    static struct ours ours;
    ours_prepare(&ours, set);
    return &ours;
}

static void fit(void *context, const struct peers_set *set, size_t index, struct peers_answer *out)
{
    const struct peers_spectrum *spectrum = &set->spectra[index];
    struct ixs_fit_answer answer;
    ours_fit((struct ours *)context, set, spectrum, spectrum->start, &answer);
    out->objective = answer.deviance;
    out->evaluations = (long)answer.iterations;
    ours_to_peers(spectrum->nmodes, answer.parameters, out->parameters);
}

int main(int argc, char **argv)
{
    static const struct peers_program program = {prepare, fit};
    return peers_serve(argc, argv, &program);
}
