/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where the analyzers of a scan look, and at what temperature, before it is reduced.
 */
#include "calib/reduction/parts.h"

#include "base/array.h"

#include <math.h>
#include <string.h>

static void fill(struct ixs_spectrum *out, struct ixs_sight *sight, const struct ixs_reducing *scan,
                 const struct ixs_analyzer *place)
{
    struct ixs_momentum momentum;
    bool masked = place->mask[0] != '\0' && ixs_raw_motor(scan->raw, place->mask) < place->open;
    *sight = ixs_reduction_sight(scan, place);
    ixs_geometry_momentum(&sight->angles, scan->wavelength,
                          scan->has_crystal ? &scan->crystal : NULL, &momentum);
    *out = (struct ixs_spectrum){.h = momentum.hkl[0],
                                 .k = momentum.hkl[1],
                                 .l = momentum.hkl[2],
                                 .q = momentum.q,
                                 .q_width = NAN,
                                 .temperature = scan->temperature.kelvin,
                                 .statist = "POISSON"};
    ixs_copy(out->analyzer, sizeof out->analyzer, place->name);
    ixs_copy(out->quality, sizeof out->quality, masked ? "masked" : "good");
}

static bool fill_all(struct ixs_spectra *out, struct ixs_sight **sights, struct ixs_reducing *scan,
                     struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &scan->how->experiment->instrument;
    ixs_temperature_find(&scan->temperature, scan->raw, scan->how->experiment, NULL, NULL);
    ixs_reduction_geometry(scan);
    memcpy(out->keys.lattice, scan->lattice, sizeof scan->lattice);
    ixs_copy(out->keys.origin, sizeof out->keys.origin, scan->raw->keys.origin);
    if (!IXS_NEW(out->spectra, instrument->nanalyzers, err) ||
        !IXS_NEW(*sights, instrument->nanalyzers, err))
        return false;
    for (size_t a = 0; a < instrument->nanalyzers; a++) {
        size_t i = out->nspectra;
        if (ixs_raw_label(scan->raw, instrument->analyzers[a].name) < 0)
            continue;
        fill(&out->spectra[i], &(*sights)[i], scan, &instrument->analyzers[a]);
        out->nspectra++;
    }
    return true;
}

bool ixs_reduction_setting(struct ixs_spectra *out, struct ixs_sight **sights,
                           const struct ixs_raw *raw, const struct ixs_experiment *experiment,
                           struct ixs_err *err)
{
    const struct ixs_reduction how = {.experiment = experiment, .unfinished = true};
    struct ixs_reducing scan = {.raw = raw, .path = "", .how = &how};
    struct ixs_err none = IXS_ERR_NONE;
    *out = (struct ixs_spectra){0};
    *sights = NULL;
    if (ixs_instrument_complaint(&experiment->instrument) != NULL ||
        !ixs_reduction_columns(&scan, &none))
        return true;
    return fill_all(out, sights, &scan, err);
}
