/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a product of each kind. Wrong checksums are accepted, as --accept-changed does:
 * otherwise they would keep nearly everything from the readers.
 */
#include "tests/fuzz/fuzz.h"

#include "products/calibration.h"
#include "products/declare.h"
#include "products/dispersion.h"
#include "products/fit.h"
#include "products/raw.h"
#include "products/spectra.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

union any_product {
    struct ixs_calib calib;
    struct ixs_spectra spectra;
    struct ixs_fit fit;
    struct ixs_dispersion dispersion;
};

static bool read_any(const char *path, const char *kind, struct ixs_err *err)
{
    static const struct ixs_reading how = {.accept_changed = true};
    struct ixs_provenance history = {0};
    struct ixs_raw raw = {0};
    union any_product product;
    const struct ixs_kind *declared = ixs_kind_find(kind);
    bool ok;
    memset(&product, 0, sizeof product);
    if (declared == NULL || declared == &ixs_kind_raw) {
        ok = ixs_raw_read(&raw, path, &how, &history, err);
        ixs_raw_dispose(&raw);
    } else {
        ok = ixs_kind_read(declared, &product, path, "input", &how, &history, err);
        ixs_kind_dispose(declared, &product);
    }
    ixs_provenance_dispose(&history);
    return ok;
}

/* What it says it is; what no reader can be found for is left to that of RAW. */
static void find_kind(const char *path, size_t size, char *kind)
{
    static const struct ixs_reading how = {.accept_changed = true};
    struct ixs_reader *reader = NULL;
    struct ixs_err err = IXS_ERR_NONE;
    if (ixs_reader_open(&reader, path, NULL, &how, &err))
        snprintf(kind, size, "%s", ixs_reader_identity(reader)->kind);
    ixs_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct ixs_err err = IXS_ERR_NONE;
    char kind[16] = "";
    const char *path = fuzz_file(bytes, size);
    find_kind(path, sizeof kind, kind);
    bool ok = read_any(path, kind, &err);
    fuzz_verdict(ok, &err);
    return 0;
}
