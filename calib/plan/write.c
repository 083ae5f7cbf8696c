/* SPDX-License-Identifier: GPL-3.0-or-later
 * scans.mk: what the SPEC files hold, for make, with the names of the slices that each stage reads.
 */
#include "calib/plan/plan.h"

#include "base/array.h"
#include "base/memfile.h"
#include "base/path.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

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
    if (ixs_plan_has_cell(plan))
        fprintf(out, "shares := %s/background/%s\n", folder, ixs_base_name(plan->path));
    if (plan->experiment.nscatterers > 0)
        fprintf(out, "atoms := %s/elastic/%s\n", folder, ixs_base_name(plan->path));
    if (plan->instrument != NULL)
        fprintf(out, "instrument := %s/instrument/%s\n", folder, ixs_base_name(plan->instrument));
    if (model != NULL)
        fprintf(out, "model := %s/model/%s\n", folder, ixs_base_name(model));
    if (plan->table != NULL)
        fprintf(out, "table := %s\n", plan->table);
    for (size_t i = 0; i < plan->noverlays; i++)
        fprintf(out, "overlays += %s\n", plan->overlays[i]);
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

bool ixs_plan_name(const char *name, struct ixs_err *err)
{
    const char *complaint = ixs_path_complaint(name);
    return complaint == NULL ||
           ixs_fail(err, IXS_USAGE, "found the name '%s': %s", name, complaint);
}

static bool check_names(const struct ixs_plan *plan, const char *path, struct ixs_err *err)
{
    const char *names[] = {path, plan->path, plan->instrument, plan->experiment.model,
                           plan->calibration};
    bool ok = true;
    for (size_t i = 0; ok && i < IXS_COUNT(names); i++)
        ok = names[i] == NULL || ixs_plan_name(names[i], err);
    return ok;
}

/* scans.mk comes last: while it is old, make knows that the slices may be. */
bool ixs_plan_write(struct ixs_plan *plan, const char *path, const struct ixs_commit *how,
                    struct ixs_err *err)
{
    struct ixs_memfile file = {0};
    char *folder = ixs_path_folder(path, err);
    bool ok = folder != NULL && check_names(plan, path, err) &&
              ixs_plan_slices(plan, folder, how, err) && ixs_memfile_begin(&file, err);
    if (ok)
        print_plan(file.out, plan, path, folder);
    ok = ok && ixs_memfile_end(&file, err) &&
         ixs_file_commit(path, file.text, file.size, how, NULL, err);
    ixs_memfile_dispose(&file);
    free(folder);
    return ok;
}
