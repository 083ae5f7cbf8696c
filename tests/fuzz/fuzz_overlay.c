/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a dispersion to lie beside another: CSV or band.yaml. What is drawn is finite.
 */
#include "tests/fuzz/fuzz.h"

#include "calib/branching/branching.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_dispersion out = {0};
    struct ixs_provenance provenance = {0};
    struct ixs_branching_overlay overlay = {.file = strdup(fuzz_file(bytes, size))};
    const struct ixs_branching rules = {.overlays = &overlay, .noverlays = 1};
    if (overlay.file == NULL)
        return 0;
    bool ok = ixs_branching_overlays(&out, &rules, &provenance, &err);
    for (size_t i = 0; ok && i < out.noverlays; i++)
        if (!(out.overlays[i].position >= 0) || !isfinite(out.overlays[i].position) ||
            !isfinite(out.overlays[i].energy))
            abort();
    fuzz_verdict(ok, &err);
    ixs_dispersion_dispose(&out);
    ixs_provenance_dispose(&provenance);
    free(overlay.file);
    return 0;
}
