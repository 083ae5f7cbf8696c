/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model file: what is fitted to each spectrum.
 */
#include "calib/fitting.h"

#include "base/array.h"
#include "base/config.h"
#include "calib/experiment.h"

#include <math.h>

struct model { /* as the XML says it */
    int64_t modes, most_modes;
    double from, to;
};

static const struct ixs_field fields[] = {
    IXS_FIELD(model, modes, "modes", IXS_FIELD_INT),
    IXS_FIELD(model, most_modes, "most_modes", IXS_FIELD_INT),
    IXS_FIELD(model, from, "from", IXS_FIELD_REAL),
    IXS_FIELD(model, to, "to", IXS_FIELD_REAL),
};

static bool read_model(struct ixs_fitting *rules, const char *path,
                       struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    struct model model = {rules->nmodes, rules->most_modes, rules->from, rules->to};
    bool ok =
        ixs_config_open(&config, path, "model", err) &&
        ixs_node_fields(config, ixs_config_root(config), fields, IXS_COUNT(fields), &model, err) &&
        ixs_config_witness(config, "model", provenance, err);
    ixs_config_close(config);
    rules->nmodes = (int)model.modes;
    rules->most_modes = (int)model.most_modes;
    rules->from = model.from;
    rules->to = model.to;
    return ok;
}

bool ixs_fitting_model(struct ixs_fitting *rules, const char *model, const char *experiment,
                       struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_experiment named = {0};
    if (model != NULL)
        return read_model(rules, model, provenance, err);
    if (experiment == NULL)
        return true;
    bool ok = ixs_experiment_read(&named, experiment, NULL, NULL, err) &&
              (named.model == NULL || read_model(rules, named.model, provenance, err));
    ixs_experiment_dispose(&named);
    return ok;
}
