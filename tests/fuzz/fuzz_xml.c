/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as an XML file of each kind: its first byte says which.
 */
#include "tests/fuzz/fuzz.h"

#include "calib/experiment/experiment.h"
#include "calib/fitting/fitting.h"
#include "calib/forward/forward.h"
#include "calib/instrument/instrument.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>

static bool read_instrument(const char *path, struct ixs_provenance *history, struct ixs_err *err)
{
    static struct ixs_instrument instrument;
    ixs_instrument_default(&instrument);
    return ixs_instrument_read(&instrument, path, history, err);
}

static bool read_experiment(const char *path, struct ixs_provenance *history, struct ixs_err *err)
{
    struct ixs_experiment experiment = {0};
    const char *root = getenv("IXS_ROOT");
    char instrument[1024];
    snprintf(instrument, sizeof instrument, "%s/configs/herix.xml", root ? root : ".");
    bool ok = ixs_experiment_read(&experiment, path, instrument, history, err);
    ixs_experiment_dispose(&experiment);
    return ok;
}

static bool read_model(const char *path, struct ixs_provenance *history, struct ixs_err *err)
{
    struct ixs_fitting rules = IXS_FITTING;
    bool ok = ixs_fitting_model(&rules, path, NULL, history, err);
    ixs_fitting_dispose(&rules);
    return ok;
}

static bool read_sample(const char *path, struct ixs_provenance *history, struct ixs_err *err)
{
    static struct ixs_instrument instrument;
    struct ixs_forward forward = {0};
    struct ixs_config *config = NULL;
    ixs_instrument_default(&instrument);
    bool ok = ixs_config_open(&config, path, "sample", err) &&
              ixs_forward_read(&forward, config, &instrument, err) &&
              ixs_config_witness(config, "sample", history, err);
    ixs_forward_dispose(&forward);
    ixs_config_close(config);
    return ok;
}

static bool (*const readers[])(const char *path, struct ixs_provenance *history,
                               struct ixs_err *err) = {
    read_instrument,
    read_experiment,
    read_model,
    read_sample,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct ixs_provenance history = {0};
    struct ixs_err err = IXS_ERR_NONE;
    if (size == 0)
        return 0;
    bool ok = readers[*bytes % IXS_COUNT(readers)](fuzz_file(bytes + 1, size - 1), &history, &err);
    ixs_provenance_dispose(&history);
    fuzz_verdict(ok, &err);
    return 0;
}
