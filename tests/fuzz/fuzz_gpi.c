/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as the gnuplot script of an archive: whatever is taken from it is a number.
 */
#include "tests/fuzz/fuzz.h"

#include "calib/archive/parts.h"

#include <math.h>
#include <stdlib.h>

static void check(const struct ixs_archive_facts *facts)
{
    if (facts->nanalyzers > IXS_ARCHIVE_MOST_ANALYZERS || facts->reference <= 0.0)
        abort();
    for (size_t i = 0; i < facts->nanalyzers; i++) {
        const double *hkl = facts->analyzers[i].hkl;
        bool none = isnan(hkl[0]) && isnan(hkl[1]) && isnan(hkl[2]);
        if (!none && !(isfinite(hkl[0]) && isfinite(hkl[1]) && isfinite(hkl[2])))
            abort();
        if (ixs_archive_analyzer(facts, facts->analyzers[i].name) == NULL)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct ixs_archive_gpi gpi;
    struct ixs_err err = IXS_ERR_NONE;
    bool ok = ixs_archive_gpi(&gpi, fuzz_file(bytes, size), &err);
    if (ok)
        check(&gpi.facts);
    fuzz_verdict(ok, &err);
    return 0;
}
