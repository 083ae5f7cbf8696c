/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a SPEC file: every scan is read, and agrees with itself.
 */
#include "tests/fuzz/fuzz.h"

#include "calib/spec/file.h"

#include <stdlib.h>

static void check(const struct ixs_spec_scan *scan)
{
    const struct ixs_raw *raw = &scan->raw;
    size_t missing = 0;
    for (size_t i = 0; i < raw->npoints * raw->nlabels; i++)
        missing += raw->values[i] != raw->values[i];
    if (missing != (size_t)raw->keys.nmissing || raw->npoints != (size_t)raw->keys.npoints ||
        raw->keys.order < 1 || raw->keys.ndropped < 0 || raw->keys.ended[0] == '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_notes notes = {0};
    struct ixs_spec *spec = NULL;
    bool more = true, ok = ixs_spec_open(&spec, fuzz_file(bytes, size), NULL, &notes, &err);
    while (ok && more) {
        struct ixs_spec_scan scan;
        ok = ixs_spec_next(spec, &scan, &err);
        more = ok && scan.line > 0;
        if (more)
            check(&scan);
        ixs_spec_scan_dispose(&scan);
    }
    ixs_spec_close(spec);
    ixs_notes_dispose(&notes);
    fuzz_verdict(ok, &err);
    return 0;
}
