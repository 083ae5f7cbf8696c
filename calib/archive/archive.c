/* SPDX-License-Identifier: GPL-3.0-or-later
 * Archives among the inputs: which files belong together, how their product is called, which
 * gnuplot script goes with them.
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct script { /* a gpi that was named */
    const char *path;
    struct ixs_archive_gpi gpi;
};

struct work { /* owns its arrays */
    struct ixs_archives *out;
    struct ixs_archive_task task;
    struct ixs_archive_form table; /* of the table XML */
    size_t nscripts;
    struct script *scripts;
    size_t scripts_capacity, sets_capacity, others_capacity, found_capacity;
};

/* ---- scripts ----------------------------------------------------------------------------------
 */

static bool add_script(struct work *work, const char *path, struct ixs_err *err)
{
    if (!IXS_MORE(work->scripts, &work->scripts_capacity, work->nscripts, err))
        return false;
    struct script *script = &work->scripts[work->nscripts++];
    script->path = path;
    return ixs_archive_gpi(&script->gpi, path, err) &&
           ixs_provenance_path(work->task.provenance, path, err);
}

/* The script of a measurement; "": one of HKL alone, which is of all. NULL: none yet. */
static const struct script *named_script(const struct work *work, const char *set)
{
    for (size_t i = 0; i < work->nscripts; i++)
        if (strcmp(ixs_base_name(work->scripts[i].gpi.prefix), set) == 0)
            return &work->scripts[i];
    return NULL;
}

/* Keeps a path that was made here. */
static bool keep_path(struct work *work, char *path, struct ixs_err *err)
{
    struct ixs_archives *out = work->out;
    if (path == NULL || !IXS_MORE(out->found, &work->found_capacity, out->nfound, err)) {
        free(path);
        return false;
    }
    out->found[out->nfound++] = path;
    return true;
}

/* "gpi.SET" beside the file or in the folder above; *path is NULL where there is none. */
static bool find_beside(struct work *work, const char *file, const char *set, const char **path,
                        struct ixs_err *err)
{
    static const char *const above[] = {"", "../"};
    int folder = (int)(ixs_base_name(file) - file);
    *path = NULL;
    for (size_t i = 0; i < IXS_COUNT(above); i++) {
        char *name = ixs_text(err, "%.*s%sgpi.%s", folder, file, above[i], set);
        if (name == NULL)
            return false;
        if (access(name, R_OK) == 0) {
            *path = name;
            return keep_path(work, name, err);
        }
        free(name);
    }
    return true;
}

static bool script_of(struct work *work, const char *file, const char *set,
                      const struct script **script, struct ixs_err *err)
{
    const char *beside;
    *script = named_script(work, set);
    if (*script != NULL)
        return true;
    if (!find_beside(work, file, set, &beside, err))
        return false;
    if (beside == NULL)
        return true;
    if (!add_script(work, beside, err))
        return false;
    *script = &work->scripts[work->nscripts - 1];
    return true;
}

/* ---- sets -------------------------------------------------------------------------------------
 */

static struct ixs_archive_set *set_of(struct work *work, const char *name, struct ixs_err *err)
{
    struct ixs_archives *out = work->out;
    for (size_t i = 0; i < out->nsets; i++)
        if (strcmp(out->sets[i].name, name) == 0)
            return &out->sets[i];
    if (!IXS_MORE(out->sets, &work->sets_capacity, out->nsets, err))
        return NULL;
    struct ixs_archive_set *set = &out->sets[out->nsets++];
    ixs_copy(set->name, sizeof set->name, name);
    const struct ixs_provenance *program = work->task.provenance;
    ixs_copy(set->history.program, sizeof set->history.program, program->program);
    ixs_copy(set->history.version, sizeof set->history.version, program->version);
    return set;
}

static void fill_keys(struct ixs_archive_set *set, const struct ixs_archive_place *place,
                      const struct ixs_archive_task *task)
{
    const struct ixs_archive_facts *facts = &place->form->facts;
    const struct ixs_archive_facts *script = place->script;
    const struct ixs_experiment *experiment = task->experiment;
    struct ixs_spectra *out = &set->spectra;
    const char *object = experiment->sample[0] ? experiment->sample : facts->object;
    const char *beamline = experiment->instrument.name;
    if (object[0] == '\0' && script != NULL)
        object = script->object;
    ixs_copy(out->identity.kind, sizeof out->identity.kind, "SPECTRA");
    ixs_copy(out->identity.object, sizeof out->identity.object, object);
    ixs_copy(out->identity.instrument, sizeof out->identity.instrument,
             beamline[0] ? beamline : facts->instrument);
    ixs_copy(out->keys.monitor, sizeof out->keys.monitor, facts->monitor);
    ixs_copy(out->keys.source, sizeof out->keys.source, set->name);
    ixs_copy(out->keys.centring, sizeof out->keys.centring, experiment->centring);
    memcpy(out->keys.lattice, experiment->lattice, sizeof out->keys.lattice);
    out->keys.lambda = ixs_archive_wavelength(experiment);
}

static bool check_twice(const struct ixs_spectra *spectra, size_t first, const char *path,
                        struct ixs_err *err)
{
    for (size_t i = first; i < spectra->nspectra; i++)
        for (size_t j = 0; j < i; j++)
            if (strcasecmp(spectra->spectra[i].analyzer, spectra->spectra[j].analyzer) == 0)
                return ixs_fail_at(err, IXS_USAGE, path, 0,
                                   "found analyzer %s a second time, expected each once in a "
                                   "measurement",
                                   spectra->spectra[i].analyzer);
    return true;
}

static bool witness(struct ixs_archive_set *set, const char *path,
                    const struct ixs_archive_rows *rows, const struct script *const scripts[2],
                    struct ixs_err *err)
{
    struct ixs_provenance *history = &set->history;
    bool ok =
        ixs_provenance_input(history, "archive", ixs_base_name(path), rows->digest, "", "", err);
    for (size_t i = 0; ok && i < 2; i++)
        ok = scripts[i] == NULL ||
             ixs_provenance_input(history, "gpi", ixs_base_name(scripts[i]->path),
                                  scripts[i]->gpi.digest, "", "", err);
    return ok;
}

static bool add_rows(struct work *work, const char *path, const struct ixs_archive_form *form,
                     const struct ixs_archive_rows *rows, struct ixs_err *err)
{
    struct ixs_archive_place place = {.path = path, .form = form};
    const struct script *scripts[2] = {NULL, NULL}; /* of this measurement, of all */
    struct ixs_archive_facts facts;
    struct ixs_archive_name name;
    ixs_archive_name(&name, path, form, rows);
    place.scan = name.scan;
    ixs_experiment_use(work->task.experiment, name.scan);
    ixs_copy(place.analyzer, sizeof place.analyzer, name.analyzer);
    struct ixs_archive_set *set = set_of(work, name.set, err);
    if (set == NULL || !script_of(work, path, name.set, &scripts[0], err))
        return false;
    scripts[1] = named_script(work, "");
    if (!witness(set, path, rows, scripts, err))
        return false;
    ixs_archive_no_facts(&facts);
    if (scripts[0] != NULL)
        facts = scripts[0]->gpi.facts;
    if (scripts[1] != NULL)
        ixs_archive_gpi_add(&facts, &scripts[1]->gpi.facts);
    place.script = &facts;
    size_t first = set->spectra.nspectra;
    if (first == 0)
        fill_keys(set, &place, &work->task);
    return ixs_archive_add(&set->spectra, rows, &place, &work->task, err) &&
           check_twice(&set->spectra, first, path, err);
}

static bool add_file(struct work *work, const char *path, const struct ixs_archive_form *form,
                     struct ixs_err *err)
{
    struct ixs_archive_rows rows = {0};
    bool ok = ixs_archive_rows(&rows, path, form, work->task.notes, err) &&
              add_rows(work, path, form, &rows, err);
    ixs_archive_rows_dispose(&rows);
    return ok;
}

/* ---- inputs -----------------------------------------------------------------------------------
 */

/* What an input is: archives are read, scripts looked into, the rest left to others. */
static bool add_input(struct work *work, const char *path, bool scripts, struct ixs_err *err)
{
    const struct ixs_archive_form *form = NULL;
    bool gpi = false;
    if (!ixs_archive_recognise(path, &form, &gpi, err))
        return false;
    if (gpi || scripts)
        return !gpi || !scripts || add_script(work, path, err);
    if (work->task.table != NULL)
        form = &work->table;
    if (form != NULL)
        return add_file(work, path, form, err);
    struct ixs_archives *out = work->out;
    if (!IXS_MORE(out->others, &work->others_capacity, out->nothers, err))
        return false;
    out->others[out->nothers++] = path;
    return true;
}

static bool is_input(const struct ixs_archive_task *task, const char *path)
{
    for (size_t i = 0; i < task->npaths; i++)
        if (strcmp(ixs_base_name(task->paths[i]), ixs_base_name(path)) == 0)
            return true;
    return false;
}

/* The file of one analyzer that a script names: where it says, or beside it. */
static bool add_named(struct work *work, const struct script *script, const char *analyzer,
                      struct ixs_err *err)
{
    const char *prefixes[] = {script->gpi.prefix, ixs_base_name(script->gpi.prefix)};
    int folder = (int)(ixs_base_name(script->path) - script->path);
    const char *digits = analyzer + 1 + strspn(analyzer + 1, "0");
    for (size_t i = 0; i < IXS_COUNT(prefixes); i++) {
        char *path = ixs_text(err, "%.*s%s_%s", folder, script->path, prefixes[i], digits);
        if (path == NULL)
            return false;
        if (access(path, R_OK) != 0 || is_input(&work->task, path)) {
            free(path);
            continue;
        }
        return keep_path(work, path, err) &&
               ixs_provenance_path(work->task.provenance, path, err) &&
               add_input(work, path, false, err);
    }
    return true;
}

static bool add_all_named(struct work *work, struct ixs_err *err)
{
    size_t nscripts = work->nscripts; /* those that were inputs */
    bool ok = true;
    for (size_t s = 0; ok && s < nscripts; s++) {
        struct script script = work->scripts[s]; /* the array may move */
        for (size_t a = 0; ok && script.gpi.prefix[0] != '\0' && a < script.gpi.facts.nanalyzers;
             a++)
            ok = add_named(work, &script, script.gpi.facts.analyzers[a].name, err);
    }
    return ok;
}

/* What all sets came from: the table, the experiment. */
static bool share_history(struct ixs_archive_set *set, const struct ixs_provenance *common,
                          struct ixs_err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < common->ninputs; i++) {
        const struct ixs_ancestor *input = &common->inputs[i];
        ok = ixs_provenance_input(&set->history, input->role, input->name, input->digest,
                                  input->maker, input->remark, err);
    }
    for (size_t i = 0; ok && i < common->nlines; i++)
        ok = ixs_provenance_line(&set->history, common->lines[i].file, common->lines[i].text, err);
    return ok;
}

static void tell(const struct ixs_archive_set *set, struct ixs_notes *notes)
{
    const struct ixs_spectra *spectra = &set->spectra;
    size_t stated = 0;
    for (size_t i = 0; i < spectra->nspectra; i++)
        stated += strcmp(spectra->spectra[i].statist, "GAUSSIAN") == 0;
    if (stated > 0)
        ixs_note(notes, set->name, 0,
                 "no counts behind intensity and error of %zu of %zu spectra: STATIST GAUSSIAN, "
                 "errors as stated",
                 stated, spectra->nspectra);
    for (size_t f = 0; f < ixs_flag_nwords; f++) {
        size_t count = 0;
        for (size_t i = 0; i < spectra->npoints; i++)
            count += (spectra->points[i].flags & ixs_flag_words[f].bit) != 0;
        if (count > 0)
            ixs_note(notes, set->name, 0, "%zu of %zu points flagged %s: %s", count,
                     spectra->npoints, ixs_flag_words[f].word, ixs_flag_words[f].meaning);
    }
}

static bool finish(struct work *work, struct ixs_err *err)
{
    struct ixs_archives *out = work->out;
    struct ixs_provenance *common = work->task.provenance;
    bool ok = out->nsets == 0 || ixs_experiment_witness(work->task.experiment, common, err);
    for (size_t s = 0; ok && s < out->nsets; s++)
        ok = share_history(&out->sets[s], common, err);
    for (size_t s = 0; ok && s < out->nsets; s++)
        tell(&out->sets[s], work->task.notes);
    return ok;
}

bool ixs_archives_read(struct ixs_archives *out, const struct ixs_archive_task *task,
                       struct ixs_err *err)
{
    struct work work = {.out = out, .task = *task};
    work.task.experiment = &out->experiment;
    bool ok =
        ixs_experiment_read(&out->experiment, task->experiment_file, task->instrument_file,
                            task->provenance, err) &&
        (task->table == NULL || ixs_archive_table(&work.table, task->table, task->provenance, err));
    for (size_t i = 0; ok && i < task->npaths; i++)
        ok = add_input(&work, task->paths[i], true, err);
    for (size_t i = 0; ok && i < task->npaths; i++)
        ok = add_input(&work, task->paths[i], false, err);
    ok = ok && add_all_named(&work, err) && finish(&work, err);
    free(work.scripts);
    return ok;
}
