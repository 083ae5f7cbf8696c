/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an experiment says of its SPEC files.
 */
#include "calib/plan/plan.h"

#include "base/array.h"
#include "base/path.h"
#include "calib/import/import.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double default_settle = 600; /* s; a refill or an opened hutch takes minutes */

static const char *const words[] = {"other", "reference", "phonon", "cell"};

const char *ixs_role_word(enum ixs_role role)
{
    return words[role];
}

struct named { /* an element that names a file, and how */
    char file[1024], role[16];
    bool finished;
    double settle;
};

static const struct ixs_field file_fields[] = {
    IXS_FIELD(named, file, "@file", IXS_FIELD_TEXT),
    IXS_FIELD(named, finished, "@finished", IXS_FIELD_FLAG),
    IXS_FIELD(named, settle, "settle", IXS_FIELD_REAL),
};

struct list {
    char role[16], text[4001];
};

static const struct ixs_field list_fields[] = {
    IXS_FIELD(list, role, "@role", IXS_FIELD_TEXT),
    IXS_FIELD(list, text, ".", IXS_FIELD_TEXT),
};

static bool read_lot(struct ixs_plan_lot *lot, const struct ixs_config *config,
                     struct ixs_node *node, struct ixs_err *err)
{
    struct list list = {"", ""};
    lot->line = ixs_node_line(node);
    if (!ixs_node_fields(config, node, list_fields, IXS_COUNT(list_fields), &list, err))
        return false;
    for (size_t i = 0; i < IXS_COUNT(words); i++)
        if (strcmp(words[i], list.role) == 0)
            lot->role = (enum ixs_role)i;
    return ixs_scan_choice_parse(&lot->scans, list.text, err) ||
           ixs_in_file(err, ixs_config_path(config), lot->line);
}

static bool read_lots(struct ixs_plan_file *file, const struct ixs_config *config,
                      struct ixs_node *node, struct ixs_err *err)
{
    size_t capacity = 0;
    struct ixs_node *one = ixs_node_child(node, "scans");
    for (; one != NULL; one = ixs_node_next(one))
        if (!IXS_MORE(file->lots, &capacity, file->nlots, err) ||
            !read_lot(&file->lots[file->nlots++], config, one, err))
            return false;
    return true;
}

/* The part of its products' names that a SPEC file gives: "beam" of "data/beam.spec.gz". */
static char *stem_of(const char *path, struct ixs_err *err)
{
    char *name = ixs_import_product("", path, 1, 1, err);
    if (name == NULL)
        return NULL;
    name[strlen(name) - strlen("_S0001.fits")] = '\0';
    memmove(name, name + 1, strlen(name));
    return name;
}

static bool check_path(const char *path, const char *where, long line, struct ixs_err *err)
{
    const char *complaint = ixs_path_complaint(path);
    return complaint == NULL ||
           ixs_fail_at(err, IXS_USAGE, where, line, "found the name '%s': %s", path, complaint);
}

static bool read_spec(struct ixs_plan_file *file, const struct ixs_config *config,
                      struct ixs_node *node, struct ixs_err *err)
{
    struct named named = {.settle = default_settle};
    const char *where = ixs_config_path(config);
    if (!ixs_node_fields(config, node, file_fields, IXS_COUNT(file_fields), &named, err))
        return false;
    file->finished = named.finished;
    file->settle = named.settle;
    return (file->path = ixs_config_beside(config, named.file, err)) != NULL &&
           check_path(file->path, where, ixs_node_line(node), err) &&
           (file->stem = stem_of(file->path, err)) != NULL && read_lots(file, config, node, err);
}

static bool read_specs(struct ixs_plan *out, const struct ixs_config *config, struct ixs_err *err)
{
    size_t capacity = 0;
    struct ixs_node *root = ixs_config_root(config), *node = ixs_node_child(root, "spec");
    if (node == NULL)
        return ixs_fail_at(err, IXS_USAGE, out->path, ixs_node_line(root),
                           "found no <spec>, expected <spec file=\"...\"/>: a plan is one of SPEC "
                           "files");
    for (; node != NULL; node = ixs_node_next(node)) {
        if (!IXS_MORE(out->files, &capacity, out->nfiles, err) ||
            !read_spec(&out->files[out->nfiles++], config, node, err))
            return false;
        ixs_node_forget(node);
    }
    return true;
}

/* Two files of one name would overwrite each other's scans. */
static bool check_stems(const struct ixs_plan *plan, struct ixs_err *err)
{
    for (size_t i = 0; i < plan->nfiles; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(plan->files[i].stem, plan->files[k].stem) == 0)
                return ixs_fail_at(err, IXS_USAGE, plan->path, 0,
                                   "found %s and %s, whose products would both be called %s_S...",
                                   plan->files[k].path, plan->files[i].path, plan->files[i].stem);
    return true;
}

/* The path that the child of that name states, NULL if there is none. */
static bool read_named(char **path, const struct ixs_config *config, const char *child,
                       struct ixs_err *err)
{
    struct named named = {.file = ""};
    struct ixs_node *node = ixs_node_child(ixs_config_root(config), child);
    *path = NULL;
    if (node == NULL)
        return true;
    if (!ixs_node_fields(config, node, file_fields, 1, &named, err))
        return false;
    return named.file[0] == '\0' ||
           ((*path = ixs_config_beside(config, named.file, err)) != NULL &&
            check_path(*path, ixs_config_path(config), ixs_node_line(node), err));
}

struct merging { /* <merge> */
    char repeats[16];
    double momentum, temperature;
};

static const struct ixs_field merge_fields[] = {
    IXS_FIELD(merging, repeats, "@repeats", IXS_FIELD_TEXT),
    IXS_FIELD(merging, momentum, "momentum", IXS_FIELD_REAL),
    IXS_FIELD(merging, temperature, "temperature", IXS_FIELD_REAL),
};

static bool read_merge(struct ixs_plan *out, const struct ixs_config *config, struct ixs_err *err)
{
    struct merging merging = {"", NAN, NAN};
    struct ixs_node *node = ixs_node_child(ixs_config_root(config), "merge");
    if (node != NULL) {
        if (!ixs_node_fields(config, node, merge_fields, IXS_COUNT(merge_fields), &merging, err))
            return false;
        ixs_node_forget(node); /* it concerns ixs-merge, which has it as options */
    }
    out->separate = strcmp(merging.repeats, "separate") == 0;
    out->momentum = merging.momentum;
    out->temperature = merging.temperature;
    return true;
}

bool ixs_plan_read(struct ixs_plan *out, const char *path, struct ixs_err *err)
{
    *out = (struct ixs_plan){0};
    return (out->path = ixs_text(err, "%s", path)) != NULL &&
           ixs_experiment_read(&out->experiment, path, NULL, NULL, err) &&
           read_named(&out->instrument, out->experiment.config, "instrument", err) &&
           read_named(&out->calibration, out->experiment.config, "calibration", err) &&
           read_merge(out, out->experiment.config, err) &&
           read_specs(out, out->experiment.config, err) && check_stems(out, err);
}

bool ixs_plan_of_file(struct ixs_plan *out, const char *spec, const char *instrument,
                      struct ixs_err *err)
{
    *out = (struct ixs_plan){0};
    if (!ixs_experiment_read(&out->experiment, NULL, instrument, NULL, err) ||
        !IXS_NEW(out->files, 1, err))
        return false;
    out->nfiles = 1;
    return (out->instrument = ixs_text(err, "%s", instrument)) != NULL &&
           (out->files[0].path = ixs_text(err, "%s", spec)) != NULL &&
           (out->files[0].stem = stem_of(spec, err)) != NULL;
}

static void dispose_file(struct ixs_plan_file *file)
{
    for (size_t i = 0; i < file->nlots; i++)
        ixs_scan_choice_dispose(&file->lots[i].scans);
    free(file->lots);
    free(file->path);
    free(file->stem);
}

void ixs_plan_dispose(struct ixs_plan *plan)
{
    for (size_t i = 0; i < plan->nfiles; i++)
        dispose_file(&plan->files[i]);
    free(plan->files);
    for (size_t i = 0; i < plan->nscans; i++) {
        ixs_spectra_dispose(&plan->scans[i].setting);
        free(plan->scans[i].sights);
    }
    free(plan->scans);
    free(plan->path);
    free(plan->instrument);
    free(plan->calibration);
    free(plan->table);
    for (size_t i = 0; i < plan->noverlays; i++)
        free(plan->overlays[i]);
    free(plan->overlays);
    ixs_experiment_dispose(&plan->experiment);
    *plan = (struct ixs_plan){0};
}
