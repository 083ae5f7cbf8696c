/* SPDX-License-Identifier: GPL-3.0-or-later
 * The slices of a plan: of the XML files what each stage reads, without comments and in one form,
 * written only when they change, so that a change redoes what depends on it and no more.
 */
#include "calib/plan/plan.h"

#include "base/array.h"
#include "base/memfile.h"
#include "base/path.h"
#include "calib/background/background.h"
#include "calib/branching/branching.h"
#include "calib/fitting/fitting.h"
#include "calib/import/import.h"

#include <stdlib.h>

struct slices { /* where they go */
    const char *folder;
    const struct ixs_commit *how;
};

/* Lines of XML as a product's CONFIG has them: one that begins with \ goes on the one before. */
static void print_lines(FILE *out, const struct ixs_provenance *used)
{
    for (size_t i = 0; i < used->nlines; i++) {
        const char *text = used->lines[i].text;
        bool goes_on = text[0] == '\\';
        fprintf(out, "%s%s", goes_on || i == 0 ? "" : "\n", goes_on ? text + 1 : text);
    }
    fputs(used->nlines > 0 ? "\n" : "<experiment/>\n",
          out); /* of a model there is always something */
}

static bool commit_text(struct ixs_memfile *file, const char *path, const struct ixs_commit *how,
                        struct ixs_err *err)
{
    const struct ixs_commit kept = {.keep_time = true, .dry_run = how->dry_run};
    return ixs_memfile_end(file, err) &&
           ixs_file_commit(path, file->text, file->size, &kept, NULL, err);
}

/* Writes what was used as <folder>/<stage>/<name>. */
static bool write_slice(const struct slices *slices, const char *stage, const char *name,
                        const struct ixs_provenance *used, struct ixs_err *err)
{
    struct ixs_memfile file = {0};
    char *folder = ixs_text(err, "%s/%s", slices->folder, stage), *path = NULL;
    bool ok = folder != NULL && (path = ixs_text(err, "%s/%s", folder, name)) != NULL &&
              (slices->how->dry_run || ixs_import_folder(folder, err)) &&
              ixs_memfile_begin(&file, err);
    if (ok)
        print_lines(file.out, used);
    ok = ok && commit_text(&file, path, slices->how, err);
    ixs_memfile_dispose(&file);
    free(folder);
    free(path);
    return ok;
}

static bool slice_instrument(const struct slices *slices, const struct ixs_plan *plan,
                             struct ixs_err *err)
{
    struct ixs_provenance used = {0};
    struct ixs_instrument instrument;
    if (plan->instrument == NULL)
        return true;
    bool ok = ixs_instrument_read(&instrument, plan->instrument, &used, err) &&
              write_slice(slices, "instrument", ixs_base_name(plan->instrument), &used, err);
    ixs_provenance_dispose(&used);
    return ok;
}

static bool slice_model(const struct slices *slices, struct ixs_plan *plan, struct ixs_err *err)
{
    struct ixs_provenance used = {0};
    struct ixs_fitting rules = IXS_FITTING;
    const char *path = plan->experiment.model;
    if (path == NULL)
        return true;
    char *folder = ixs_text(err, "%s/model", slices->folder);
    bool ok = folder != NULL && (slices->how->dry_run || ixs_import_folder(folder, err)) &&
              ixs_fitting_slice(&rules, &plan->table, path, slices->how->dry_run ? "." : folder,
                                &used, err) &&
              (plan->table == NULL || ixs_plan_name(plan->table, err)) &&
              write_slice(slices, "model", ixs_base_name(path), &used, err);
    free(folder);
    ixs_fitting_dispose(&rules);
    ixs_provenance_dispose(&used);
    return ok;
}

static bool slice_experiment(const struct slices *slices, const struct ixs_experiment *experiment,
                             const char *stage, const char *name, struct ixs_err *err)
{
    struct ixs_provenance used = {0};
    bool ok = ixs_experiment_witness(experiment, &used, err) &&
              write_slice(slices, stage, name, &used, err);
    ixs_provenance_dispose(&used);
    return ok;
}

/* For ixs-calibrate: what is said of all scans and of the reference scans. */
static bool slice_calibrate(const struct slices *slices, const struct ixs_plan *plan,
                            struct ixs_err *err)
{
    ixs_experiment_forget(&plan->experiment);
    for (size_t i = 0; i < plan->nscans; i++)
        if (plan->scans[i].role == IXS_ROLE_REFERENCE)
            ixs_experiment_use(&plan->experiment, plan->scans[i].number);
    return slice_experiment(slices, &plan->experiment, "calibrate", ixs_base_name(plan->path), err);
}

/* For ixs-reduce: one a scan. */
static bool slice_reduce(const struct slices *slices, const struct ixs_plan *plan,
                         const struct ixs_plan_scan *scan, struct ixs_err *err)
{
    char *name = ixs_text(err, "%s.xml", scan->name);
    ixs_experiment_forget(&plan->experiment);
    ixs_experiment_use(&plan->experiment, scan->number);
    bool ok = name != NULL && slice_experiment(slices, &plan->experiment, "reduce", name, err);
    free(name);
    return ok;
}

bool ixs_plan_has_cell(const struct ixs_plan *plan)
{
    bool any = false;
    for (size_t i = 0; i < plan->nscans; i++)
        any = any || plan->scans[i].role == IXS_ROLE_CELL;
    return any;
}

/* For ixs-background: how much of the cell is left. */
static bool slice_background(const struct slices *slices, const struct ixs_plan *plan,
                             struct ixs_err *err)
{
    struct ixs_provenance used = {0};
    struct ixs_background_rules rules = IXS_BACKGROUND_RULES;
    bool ok = !ixs_plan_has_cell(plan) ||
              (ixs_background_experiment(&rules, plan->path, &used, err) &&
               write_slice(slices, "background", ixs_base_name(plan->path), &used, err));
    ixs_provenance_dispose(&used);
    return ok;
}

/* For ixs-elastic: the atoms, where they are named. */
static bool slice_elastic(const struct slices *slices, const struct ixs_plan *plan,
                          struct ixs_err *err)
{
    ixs_experiment_forget(&plan->experiment);
    return plan->experiment.nscatterers == 0 ||
           slice_experiment(slices, &plan->experiment, "elastic", ixs_base_name(plan->path), err);
}

static bool keep_overlays(struct ixs_plan *plan, const struct ixs_branching *rules,
                          struct ixs_err *err)
{
    bool ok = IXS_NEW(plan->overlays, rules->noverlays, err);
    for (; ok && plan->noverlays < rules->noverlays; plan->noverlays += ok)
        ok = ixs_plan_name(rules->overlays[plan->noverlays].file, err) &&
             (plan->overlays[plan->noverlays] =
                  ixs_text(err, "%s", rules->overlays[plan->noverlays].file)) != NULL;
    return ok;
}

/* For ixs-dispersion: the crystal, and how branches are followed. */
static bool slice_dispersion(const struct slices *slices, struct ixs_plan *plan,
                             struct ixs_err *err)
{
    struct ixs_provenance used = {0};
    struct ixs_branching rules = IXS_BRANCHING;
    char *folder = ixs_text(err, "%s/dispersion", slices->folder);
    bool ok =
        folder != NULL && (slices->how->dry_run || ixs_import_folder(folder, err)) &&
        ixs_branching_slice(&rules, plan->path, slices->how->dry_run ? "." : folder, &used, err) &&
        write_slice(slices, "dispersion", ixs_base_name(plan->path), &used, err) &&
        keep_overlays(plan, &rules, err);
    ixs_branching_dispose(&rules);
    ixs_provenance_dispose(&used);
    free(folder);
    return ok;
}

/* The slices name the slice of the instrument, not the file it is one of. */
static bool name_instrument(const struct ixs_plan *plan, struct ixs_err *err)
{
    struct ixs_node *root = ixs_config_root(plan->experiment.config);
    struct ixs_node *node = ixs_node_child(root, "instrument");
    if (plan->instrument == NULL || node == NULL)
        return true;
    char *name = ixs_text(err, "../instrument/%s", ixs_base_name(plan->instrument));
    bool ok = name != NULL && ixs_node_set(node, "file", name, err);
    free(name);
    return ok;
}

bool ixs_plan_slices(struct ixs_plan *plan, const char *folder, const struct ixs_commit *how,
                     struct ixs_err *err)
{
    const struct slices slices = {folder, how};
    bool ok = name_instrument(plan, err) && slice_instrument(&slices, plan, err) &&
              slice_model(&slices, plan, err) && slice_calibrate(&slices, plan, err) &&
              slice_dispersion(&slices, plan, err) && slice_background(&slices, plan, err) &&
              slice_elastic(&slices, plan, err);
    for (size_t i = 0; ok && i < plan->nscans; i++)
        if (plan->scans[i].role == IXS_ROLE_PHONON || plan->scans[i].role == IXS_ROLE_CELL)
            ok = slice_reduce(&slices, plan, &plan->scans[i], err);
    return ok;
}
