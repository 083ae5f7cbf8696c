/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scans of a plan: found in the SPEC files, each with its role.
 */
#include "calib/plan/plan.h"

#include "base/array.h"
#include "base/lines.h"
#include "base/path.h"
#include "calib/import/import.h"
#include "calib/reduction/reduction.h"
#include "calib/experiment/temperature.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct look { /* what the visit of one scan needs */
    struct ixs_plan *plan;
    size_t file, capacity;
    const char *settled;
};

/* The last list that names the scan decides; NULL: none does. */
static const struct ixs_plan_lot *stated(struct ixs_plan_file *file, int64_t number, int64_t order)
{
    const struct ixs_plan_lot *found = NULL;
    const struct ixs_scan_name name = {number, order, ""};
    for (size_t i = 0; i < file->nlots; i++)
        if (ixs_scan_choice_takes(&file->lots[i].scans, &name))
            found = &file->lots[i];
    return found;
}

/* Does the file of settled scans name this one, and has its SPEC file not grown since? */
static bool is_settled(bool *settled, const struct look *look, const struct ixs_plan_scan *scan,
                       struct ixs_err *err)
{
    struct ixs_lines *lines = NULL;
    struct stat about;
    char *line = NULL, wanted[256];
    size_t length;
    *settled = false;
    if (look->settled == NULL || access(look->settled, F_OK) != 0 ||
        stat(look->plan->files[look->file].path, &about) != 0)
        return true;
    snprintf(wanted, sizeof wanted, "%s %lld", scan->name, (long long)about.st_size);
    bool ok = ixs_lines_open(&lines, look->settled, err);
    while (ok && (ok = ixs_lines_next(lines, &line, &length, err)) && line != NULL)
        *settled = *settled || strcmp(line, wanted) == 0;
    ixs_lines_close(lines);
    return ok;
}

/* A scan that may still be written is left for later, whatever it is. */
static bool hold_back(struct ixs_plan_scan *scan, const struct look *look, struct ixs_err *err)
{
    bool settled = look->plan->files[look->file].finished;
    if (strcmp(scan->ended, "WRITING") != 0)
        return true;
    if (!settled && !is_settled(&settled, look, scan, err))
        return false;
    scan->unfinished = settled && scan->npoints > 0;
    if (scan->unfinished)
        return true;
    scan->role = IXS_ROLE_OTHER;
    ixs_copy(scan->why, sizeof scan->why,
             settled ? "no points" : "it has no end yet: it may still be written");
    return true;
}

static bool choose_role(struct ixs_plan_scan *scan, const struct look *look,
                        const struct ixs_raw *raw, struct ixs_err *err)
{
    const struct ixs_plan_lot *lot =
        stated(&look->plan->files[look->file], scan->number, scan->order);
    if (!ixs_role_guess(&scan->role, scan->why, raw, &look->plan->experiment.instrument, err))
        return false;
    scan->stated = lot != NULL;
    if (lot != NULL) {
        scan->role = raw->npoints > 0 ? lot->role : IXS_ROLE_OTHER;
        if (raw->npoints > 0)
            ixs_copy(scan->why, sizeof scan->why, "as the experiment says");
    }
    return hold_back(scan, look, err);
}

static bool name_scan(struct ixs_plan_scan *scan, const struct ixs_plan_file *file,
                      struct ixs_err *err)
{
    char *name = ixs_import_product("", file->path, scan->number, scan->order, err);
    if (name == NULL)
        return false;
    name[strlen(name) - strlen(".fits")] = '\0';
    bool fits = ixs_copy(scan->name, sizeof scan->name, name + 1);
    free(name);
    return fits || ixs_fail_at(err, IXS_USAGE, file->path, 0,
                               "found a name of a SPEC file over 180 letters, expected less");
}

static void describe(struct ixs_plan_scan *scan, const struct ixs_raw *raw,
                     const struct ixs_experiment *experiment)
{
    struct ixs_temperature temperature;
    scan->npoints = raw->keys.npoints;
    scan->nplanned = raw->keys.nplanned;
    ixs_copy(scan->command, sizeof scan->command, raw->keys.command);
    ixs_copy(scan->title, sizeof scan->title, raw->keys.title);
    ixs_copy(scan->ended, sizeof scan->ended, raw->keys.ended);
    ixs_copy(scan->date, sizeof scan->date, raw->identity.date);
    memcpy(scan->lattice, raw->keys.lattice, sizeof scan->lattice);
    ixs_temperature_find(&temperature, raw, experiment, NULL, NULL);
    scan->kelvin = temperature.kelvin;
}

static bool add_scan(struct look *look, const struct ixs_raw *raw, struct ixs_err *err)
{
    struct ixs_plan *plan = look->plan;
    if (!IXS_MORE(plan->scans, &look->capacity, plan->nscans, err))
        return false;
    struct ixs_plan_scan *scan = &plan->scans[plan->nscans++];
    scan->file = look->file;
    scan->number = raw->keys.scan;
    scan->order = raw->keys.order;
    describe(scan, raw, &plan->experiment);
    scan->set = plan->nscans - 1;
    return name_scan(scan, &plan->files[look->file], err) && choose_role(scan, look, raw, err) &&
           (scan->role != IXS_ROLE_PHONON || plan->separate ||
            ixs_reduction_setting(&scan->setting, &scan->sights, raw, &plan->experiment, err));
}

static bool look_through(struct look *look, struct ixs_err *err)
{
    struct ixs_spec *spec = NULL;
    bool more = true,
         ok = ixs_spec_open(&spec, look->plan->files[look->file].path, NULL, NULL, err);
    while (ok && more) {
        struct ixs_spec_scan scan;
        ok = ixs_spec_next(spec, &scan, err);
        more = ok && scan.line > 0;
        ok = ok && (!more || add_scan(look, &scan.raw, err));
        ixs_spec_scan_dispose(&scan);
    }
    ixs_spec_close(spec);
    return ok;
}

/* A list may name scans to come; a slip of the pen looks the same, so it is told. */
static void note_missing(const struct ixs_plan *plan, const struct ixs_plan_file *file,
                         struct ixs_notes *notes)
{
    for (size_t i = 0; i < file->nlots; i++) {
        struct ixs_err missing = IXS_ERR_NONE;
        if (!ixs_scan_choice_check(&file->lots[i].scans, &missing))
            ixs_note(notes, plan->path, file->lots[i].line, "%s in %s, which <scans> names",
                     missing.text, ixs_base_name(file->path));
    }
}

bool ixs_plan_scans(struct ixs_plan *plan, const char *settled, struct ixs_notes *notes,
                    struct ixs_err *err)
{
    struct look look = {.plan = plan, .settled = settled};
    for (look.file = 0; look.file < plan->nfiles; look.file++) {
        if (!look_through(&look, err))
            return false;
        note_missing(plan, &plan->files[look.file], notes);
    }
    ixs_plan_repeats(plan);
    return true;
}
