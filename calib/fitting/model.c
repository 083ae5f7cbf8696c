/* SPDX-License-Identifier: GPL-3.0-or-later
 * The model file: what is fitted to each spectrum.
 */
#include "calib/fitting/fitting.h"

#include "base/array.h"
#include "base/config.h"
#include "base/path.h"
#include "calib/experiment/experiment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct model { /* as the XML says it */
    int64_t modes, most_modes, background;
    double from, to, omega0_from, omega0_to, fwhm_to;
    bool quasielastic, interaction;
    char line[16], table[1024], kind[16], choose[16];
};

static const struct ixs_field fields[] = {
    IXS_FIELD(model, modes, "modes", IXS_FIELD_INT),
    IXS_FIELD(model, most_modes, "most_modes", IXS_FIELD_INT),
    IXS_FIELD(model, choose, "choose", IXS_FIELD_TEXT),
    IXS_FIELD(model, from, "from", IXS_FIELD_REAL),
    IXS_FIELD(model, to, "to", IXS_FIELD_REAL),
    IXS_FIELD(model, background, "background", IXS_FIELD_INT),
    IXS_FIELD(model, line, "line", IXS_FIELD_TEXT),
    IXS_FIELD(model, quasielastic, "quasielastic", IXS_FIELD_FLAG),
    IXS_FIELD(model, interaction, "interaction", IXS_FIELD_FLAG),
    IXS_FIELD(model, omega0_from, "omega0_from", IXS_FIELD_REAL),
    IXS_FIELD(model, omega0_to, "omega0_to", IXS_FIELD_REAL),
    IXS_FIELD(model, fwhm_to, "fwhm_to", IXS_FIELD_REAL),
    IXS_FIELD(model, table, "table/@file", IXS_FIELD_TEXT),
    IXS_FIELD(model, kind, "table/@kind", IXS_FIELD_TEXT),
};

void ixs_fitting_ask(struct ixs_fitting *rules, int64_t modes, int64_t most_modes, double from,
                     double to)
{
    rules->nmodes = modes >= 0 ? (int)modes : rules->nmodes;
    rules->most_modes = most_modes > 0 ? (int)most_modes : rules->most_modes;
    rules->from = isnan(from) ? rules->from : from;
    rules->to = isnan(to) ? rules->to : to;
}

bool ixs_fitting_choose(struct ixs_fitting *rules, const char *word, struct ixs_err *err)
{
    static const char *const words[] = {"evidence", "search", "aicc", "bic"};
    for (size_t k = 0; word != NULL && k < IXS_COUNT(words); k++)
        if (strcmp(word, words[k]) == 0) {
            rules->choice = (enum ixs_fit_choice)k;
            return true;
        }
    return word == NULL ||
           ixs_fail(err, IXS_USAGE, "found choice '%s', expected evidence, search, aicc or bic",
                    word);
}

void ixs_fitting_draw(struct ixs_fitting *rules, int64_t bootstrap, int64_t sample, int64_t seed)
{
    rules->bootstrap = (size_t)bootstrap;
    rules->sample = (double)sample;
    rules->seed = (uint64_t)seed;
}

static struct model model_of(const struct ixs_fitting *rules)
{
    return (struct model){.modes = rules->nmodes,
                          .most_modes = rules->most_modes,
                          .background = rules->form.background_degree,
                          .from = rules->from,
                          .to = rules->to};
}

static void put_over(struct ixs_fitting *rules, const struct model *model)
{
    rules->nmodes = (int)model->modes;
    rules->most_modes = (int)model->most_modes;
    rules->from = model->from;
    rules->to = model->to;
    rules->form.background_degree = (int)model->background;
    rules->form.quasielastic = model->quasielastic;
    rules->form.interaction = model->interaction;
    rules->form.pair = strcmp(model->line, "pair") == 0;
    rules->omega0_from = model->omega0_from;
    rules->omega0_to = model->omega0_to;
    rules->fwhm_to = model->fwhm_to;
    rules->table.classical = strcmp(model->kind, "classical") == 0;
}

/* Where the table is; in a copy of the model inside `folder` (NULL: none) its name as seen from
 * there. */
static bool find_table(char **path, const struct ixs_config *config, const char *name,
                       const char *folder, struct ixs_err *err)
{
    if (name[0] == '\0')
        return true;
    if ((*path = ixs_config_beside(config, name, err)) == NULL || folder == NULL)
        return *path != NULL;
    char *moved = ixs_path_from(folder, *path, err);
    bool ok = moved != NULL &&
              ixs_node_set(ixs_node_child(ixs_config_root(config), "table"), "file", moved, err);
    free(moved);
    return ok;
}

static bool read_model(struct ixs_fitting *rules, char **table, const char *path,
                       const char *folder, struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    struct model model = model_of(rules);
    bool ok =
        ixs_config_open(&config, path, "model", err) &&
        ixs_node_fields(config, ixs_config_root(config), fields, IXS_COUNT(fields), &model, err) &&
        ixs_fitting_parts_read(&rules->parts, config, err) &&
        find_table(table, config, model.table, folder, err) &&
        ixs_config_witness(config, "model", provenance, err);
    put_over(rules, &model);
    ok = ok && ixs_fitting_choose(rules, model.choose[0] != '\0' ? model.choose : NULL, err) &&
         (*table == NULL || ixs_fitting_table_read(&rules->table, *table, provenance, err));
    ixs_config_close(config);
    return ok;
}

bool ixs_fitting_slice(struct ixs_fitting *rules, char **table, const char *model,
                       const char *folder, struct ixs_provenance *provenance, struct ixs_err *err)
{
    *table = NULL;
    return read_model(rules, table, model, folder, provenance, err);
}

bool ixs_fitting_model(struct ixs_fitting *rules, const char *model, const char *experiment,
                       struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_experiment named = {0};
    char *table = NULL;
    bool ok = model != NULL || experiment == NULL ||
              ixs_experiment_read(&named, experiment, NULL, NULL, err);
    model = model != NULL ? model : named.model;
    ok = ok && (model == NULL || read_model(rules, &table, model, NULL, provenance, err));
    ixs_experiment_dispose(&named);
    free(table);
    return ok;
}

void ixs_fitting_dispose(struct ixs_fitting *rules)
{
    ixs_fitting_table_dispose(&rules->table);
    ixs_fitting_parts_dispose(&rules->parts);
}

bool ixs_fitting_settle(struct ixs_fitting *rules, const struct ixs_calib *calib,
                        struct ixs_err *err)
{
    struct ixs_model_form form = rules->form;
    if (!ixs_fitting_check(rules, err))
        return false;
    form.tabulated = rules->table.n > 0;
    bool tied = rules->parts.nties + rules->parts.nshares > 0 || rules->parts.zero_per_scan > 0;
    if (tied && rules->sample > 0.0)
        return ixs_fail_at(err, IXS_USAGE, rules->parts.path, 0,
                           "found --sample with ties, expected --bootstrap: chains are of one "
                           "spectrum, draws of all that hang together");
    return ixs_fitting_map_make(&rules->map, &rules->parts, &form, &rules->nmodes, calib, err);
}
