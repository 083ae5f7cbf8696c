/* SPDX-License-Identifier: GPL-3.0-or-later
 * scans.mk: what the SPEC files hold, for make. Beside it the slices: of the XML files what each
 * stage reads, without comments and in one form, written only when they change, so that a change
 * redoes what depends on it and no more.
 */
#include "calib/plan.h"

#include "base/array.h"
#include "base/memfile.h"
#include "base/path.h"
#include "calib/branching.h"
#include "calib/background.h"
#include "calib/fitting.h"
#include "calib/import.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct slices { /* where they go */
    char *folder;
    const struct ixs_commit *how;
};

/* ---- slices ---------------------------------------------------------------------------------- */

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

static bool slice_model(const struct slices *slices, const struct ixs_plan *plan,
                        struct ixs_err *err)
{
    struct ixs_provenance used = {0};
    struct ixs_fitting rules = IXS_FITTING;
    const char *path = plan->experiment.model;
    if (path == NULL)
        return true;
    bool ok = ixs_fitting_model(&rules, path, NULL, &used, err) &&
              write_slice(slices, "model", ixs_base_name(path), &used, err);
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

/* Whether an empty cell was measured. */
static bool has_cell(const struct ixs_plan *plan)
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
    bool ok = !has_cell(plan) ||
              (ixs_background_experiment(&rules, plan->path, &used, err) &&
               write_slice(slices, "background", ixs_base_name(plan->path), &used, err));
    ixs_provenance_dispose(&used);
    return ok;
}

/* For ixs-dispersion: the crystal, and how branches are followed. */
static bool slice_dispersion(const struct slices *slices, const struct ixs_plan *plan,
                             struct ixs_err *err)
{
    struct ixs_provenance used = {0};
    struct ixs_branching rules = IXS_BRANCHING;
    char *folder = ixs_text(err, "%s/dispersion", slices->folder);
    bool ok =
        folder != NULL && (slices->how->dry_run || ixs_import_folder(folder, err)) &&
        ixs_branching_slice(&rules, plan->path, slices->how->dry_run ? "." : folder, &used, err) &&
        write_slice(slices, "dispersion", ixs_base_name(plan->path), &used, err);
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

static bool write_slices(const struct slices *slices, const struct ixs_plan *plan,
                         struct ixs_err *err)
{
    bool ok = name_instrument(plan, err) && slice_instrument(slices, plan, err) &&
              slice_model(slices, plan, err) && slice_calibrate(slices, plan, err) &&
              slice_dispersion(slices, plan, err) && slice_background(slices, plan, err);
    for (size_t i = 0; ok && i < plan->nscans; i++)
        if (plan->scans[i].role == IXS_ROLE_PHONON || plan->scans[i].role == IXS_ROLE_CELL)
            ok = slice_reduce(slices, plan, &plan->scans[i], err);
    return ok;
}

/* ---- scans.mk -------------------------------------------------------------------------------- */

static void print_sources(FILE *out, const struct ixs_plan *plan, const char *path)
{
    fprintf(out, "%s: %s", path, plan->path);
    if (plan->instrument != NULL)
        fprintf(out, " %s", plan->instrument);
    if (plan->experiment.model != NULL)
        fprintf(out, " %s", plan->experiment.model);
    for (size_t i = 0; i < plan->nfiles; i++)
        fprintf(out, " %s", plan->files[i].path);
    fputs("\n\n", out);
}

static void print_slices(FILE *out, const struct ixs_plan *plan, const char *folder)
{
    const char *model = plan->experiment.model;
    fprintf(out, "experiment := %s/calibrate/%s\n", folder, ixs_base_name(plan->path));
    fprintf(out, "branches := %s/dispersion/%s\n", folder, ixs_base_name(plan->path));
    if (has_cell(plan))
        fprintf(out, "shares := %s/background/%s\n", folder, ixs_base_name(plan->path));
    if (plan->instrument != NULL)
        fprintf(out, "instrument := %s/instrument/%s\n", folder, ixs_base_name(plan->instrument));
    if (model != NULL)
        fprintf(out, "model := %s/model/%s\n", folder, ixs_base_name(model));
    if (plan->calibration != NULL)
        fprintf(out, "calib := %s\n", plan->calibration);
    fputc('\n', out);
}

static void print_files(FILE *out, const struct ixs_plan *plan)
{
    for (size_t i = 0; i < plan->nfiles; i++)
        fprintf(out, "imports += done/raw/%s\ndone/raw/%s: %s\n", plan->files[i].stem,
                plan->files[i].stem, plan->files[i].path);
    fputc('\n', out);
}

/* A comment goes on behind a backslash at its end, so it gets none. */
static void print_remark(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(*text == '\\' || iscntrl((unsigned char)*text) ? ' ' : *text, out);
}

static void print_scan(FILE *out, const struct ixs_plan *plan, const struct ixs_plan_scan *scan)
{
    char rows[48];
    if (scan->nplanned >= 0)
        snprintf(rows, sizeof rows, "%" PRId64 "/%" PRId64, scan->npoints, scan->nplanned);
    else
        snprintf(rows, sizeof rows, "%" PRId64, scan->npoints);
    if (scan->role == IXS_ROLE_OTHER)
        fprintf(out, "# passed over  %s", scan->name);
    else
        fprintf(out, "%-9s += %s", ixs_role_word(scan->role), scan->name);
    fprintf(out, "  # %s %s ", rows, scan->ended);
    print_remark(out, scan->command);
    fprintf(out, ": %s", scan->why);
    if (ixs_plan_set_size(plan, scan->set) > 1)
        fprintf(out, "; merged as %s_merged", plan->scans[scan->set].name);
    fputc('\n', out);
    if (scan->unfinished && (scan->role == IXS_ROLE_PHONON || scan->role == IXS_ROLE_CELL))
        fprintf(out, "done/spectra/%s: unfinished := --unfinished\n", scan->name);
}

static void print_scans(FILE *out, const struct ixs_plan *plan)
{
    fputs("reference :=\nphonon :=\ncell :=\n", out);
    for (size_t i = 0; i < plan->nscans; i++)
        print_scan(out, plan, &plan->scans[i]);
    fputc('\n', out);
    for (size_t i = 0; i < plan->nfiles; i++)
        fprintf(out,
                "$(patsubst %%,raw/%%.fits,$(filter %s_S%%,$(reference) $(phonon) $(cell))): "
                "done/raw/%s\n\t+$(kept)\n",
                plan->files[i].stem, plan->files[i].stem);
}

/* "merged += beam_S0012_merged", and its scans. */
static void print_repeats(FILE *out, const struct ixs_plan *plan)
{
    fputs("merged :=\ntolerances :=", out);
    if (isfinite(plan->momentum))
        fprintf(out, " --momentum %.9g", plan->momentum);
    if (isfinite(plan->temperature))
        fprintf(out, " --temperature %.9g", plan->temperature);
    fputc('\n', out);
    for (size_t i = 0; i < plan->nscans; i++) {
        if (ixs_plan_set_size(plan, i) < 2)
            continue;
        fprintf(out, "merged += %s_merged\n%s_merged :=", plan->scans[i].name, plan->scans[i].name);
        for (size_t k = i; k < plan->nscans; k++)
            if (plan->scans[k].set == i)
                fprintf(out, " %s", plan->scans[k].name);
        fputc('\n', out);
    }
    fputc('\n', out);
}

static void print_plan(FILE *out, const struct ixs_plan *plan, const char *path, const char *folder)
{
    fprintf(out,
            "# The scans of %s and what each is good for. make writes this anew, by ixs-plan\n"
            "# --scans, when a SPEC file or an XML file has changed; roles are stated there.\n\n",
            ixs_base_name(plan->path));
    print_sources(out, plan, path);
    print_slices(out, plan, folder);
    print_files(out, plan);
    print_scans(out, plan);
    print_repeats(out, plan);
}

static bool check_names(const struct ixs_plan *plan, const char *path, struct ixs_err *err)
{
    const char *names[] = {path, plan->path, plan->instrument, plan->experiment.model,
                           plan->calibration};
    for (size_t i = 0; i < IXS_COUNT(names); i++) {
        const char *complaint = names[i] != NULL ? ixs_path_complaint(names[i]) : NULL;
        if (complaint != NULL)
            return ixs_fail(err, IXS_USAGE, "found the name '%s': %s", names[i], complaint);
    }
    return true;
}

/* scans.mk comes last: while it is old, make knows that the slices may be. */
bool ixs_plan_write(struct ixs_plan *plan, const char *path, const struct ixs_commit *how,
                    struct ixs_err *err)
{
    struct slices slices = {.folder = ixs_path_folder(path, err), .how = how};
    struct ixs_memfile file = {0};
    bool ok = slices.folder != NULL && check_names(plan, path, err) &&
              write_slices(&slices, plan, err) && ixs_memfile_begin(&file, err);
    if (ok)
        print_plan(file.out, plan, path, slices.folder);
    ok = ok && ixs_memfile_end(&file, err) &&
         ixs_file_commit(path, file.text, file.size, how, NULL, err);
    ixs_memfile_dispose(&file);
    free(slices.folder);
    return ok;
}
