/* SPDX-License-Identifier: GPL-3.0-or-later
 * The law of a branch as the product has it, to be drawn.
 */
#include "view/plot_dispersion.h"

#include "base/units.h"

#include <math.h>
#include <string.h>

/* Products of before PARAMETERS have the law in BRANCHES alone. */
static void from_row(const struct ixs_dispersion_branch *row, struct ixs_branch *out)
{
    out->p[0] = IXS_MEV_A_PER_KM_S * row->velocity;
    if (out->law == IXS_BRANCH_MEAN || out->law == IXS_BRANCH_CURVED) {
        out->p[0] = row->omega_centre;
        out->p[1] = row->curvature;
    } else if (out->law == IXS_BRANCH_SINE) {
        out->p[1] = row->omega_zone * IXS_PI / (2 * out->p[0]);
    }
}

static bool is_of(const struct ixs_dispersion_parameter *parameter, int64_t branch)
{
    return parameter->branch == branch && strcmp(parameter->component, "energy") == 0;
}

bool ixs_dispersion_law(const struct ixs_dispersion *dispersion,
                        const struct ixs_dispersion_branch *row, struct ixs_branch *out)
{
    *out = (struct ixs_branch){.law = IXS_BRANCH_MEAN, .edge = NAN};
    while (strcmp(ixs_branch_law_word(out->law), row->law) != 0)
        if (out->law++ == IXS_BRANCH_KARMAN)
            return false;
    for (size_t i = 0; i < dispersion->npaths; i++)
        if (dispersion->paths[i].path == row->path_number)
            out->edge = dispersion->paths[i].q_zone;
    for (size_t i = 0; i < dispersion->nparameters; i++)
        if (is_of(&dispersion->parameters[i], row->branch) && out->nterms < IXS_BRANCH_MOST_TERMS)
            out->p[out->nterms++] = dispersion->parameters[i].value;
    if (out->nterms == 0)
        from_row(row, out);
    return true;
}
