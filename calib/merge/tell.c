/* SPDX-License-Identifier: GPL-3.0-or-later
 * What merging has to tell: what was merged and by how much shifted, what was not and why, what was
 * left out, what disagrees.
 */
#include "calib/merge/parts.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct telling {
    const struct ixs_merging *merging;
    const struct ixs_spectra *out;
    struct ixs_notes *notes;
};

struct words { /* a text that grows until it is full */
    char text[600];
    size_t length;
};

static void say(struct words *words, const char *format, ...) IXS_PRINTF(2, 3);

static void say(struct words *words, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    size_t room = sizeof words->text - words->length;
    int length = vsnprintf(words->text + words->length, room, format, list);
    va_end(list);
    if (length > 0)
        words->length += (size_t)length < room ? (size_t)length : room - 1;
}

static const char *path_of(const struct telling *telling, const struct ixs_merge_member *member)
{
    return telling->merging->inputs[member->input].path;
}

static const struct ixs_merge_member *first_of(const struct ixs_merging *merging, size_t scan)
{
    size_t i = 0;
    while (merging->members[i].scan != scan)
        i++;
    return &merging->members[i];
}

/* ---- merged ------------------------------------------------------------------------------------
 */

static void tell_lot(const struct telling *telling, size_t lot)
{
    const struct ixs_merging *merging = telling->merging;
    struct words scans = {.length = 0};
    size_t nscans = 0, nanalyzers = 0, first = lot;
    for (size_t s = 0; s < merging->nscans; s++) {
        const struct ixs_merge_member *member = first_of(merging, s);
        if (merging->scans[s].lot != lot)
            continue;
        first = nscans == 0 ? s : first;
        say(&scans, "%s%s", nscans++ > 0 ? ", " : "", member->row->scans);
        if (merging->rules->most_shift > 0.0)
            say(&scans, " (%+.3f +- %.3f meV)", member->shift, member->shift_err);
    }
    if (nscans < 2)
        return;
    for (size_t g = 0; g < merging->ngroups; g++)
        nanalyzers += merging->scans[merging->members[merging->heads[g]].scan].lot == lot &&
                      ixs_merge_count(merging, g) > 1;
    ixs_note(telling->notes, path_of(telling, first_of(merging, first)), 0,
             "merged for %zu analyzers: scans %s", nanalyzers, scans.text);
    if (merging->scans[lot].drift > 1.0)
        ixs_note(telling->notes, path_of(telling, first_of(merging, first)), 0,
                 "these scans lie farther apart than ZERO_ERR has it: it was taken %.1f times as "
                 "large",
                 merging->scans[lot].drift);
}

/* ---- not merged --------------------------------------------------------------------------------
 */

/* "Q: ..." and "slits: ..." are of different kinds. */
static bool same_kind(const char *a, const char *b)
{
    size_t length = strcspn(a, ": ");
    return length == strcspn(b, ": ") && strncmp(a, b, length) == 0;
}

static void tell_apart(const struct telling *telling, size_t first)
{
    const struct ixs_merging *merging = telling->merging;
    const struct ixs_merge_member *member = &merging->members[first];
    struct words names = {.length = 0};
    size_t count = 0, all = 0;
    for (size_t i = 0; i < merging->nmembers; i++) {
        const struct ixs_merge_member *other = &merging->members[i];
        if (other->scan != member->scan)
            continue;
        all++;
        bool founded = merging->heads[other->group] == i && other->apart.text[0] != '\0';
        if (!founded || !same_kind(other->apart.text, member->apart.text))
            continue;
        if (i < first)
            return; /* told */
        say(&names, "%s%s", count++ > 0 ? ", " : "", other->row->analyzer);
    }
    ixs_note(telling->notes, path_of(telling, member), 0,
             "scan %s%s%s is not merged with scan %s: %s", member->row->scans,
             count < all ? ", " : "", count < all ? names.text : "",
             merging->members[member->apart_from].row->scans, member->apart.text);
}

static void tell_twice(const struct telling *telling, size_t index)
{
    const struct ixs_merge_member *member = &telling->merging->members[index];
    if (index == 0 || !member[-1].repeated || member[-1].scan != member->scan)
        ixs_note(telling->notes, path_of(telling, member), 0, "scan %s is given twice: taken once",
                 member->row->scans);
}

/* ---- left out ----------------------------------------------------------------------------------
 */

/* "40-42,47" of the points with this mark; how many. */
static size_t list_points(struct words *words, const struct ixs_merge_member *member, uint8_t mark)
{
    size_t count = 0;
    for (size_t i = 0, last; i < member->npoints; i = last + 1) {
        last = i;
        if (member->mark[i] != mark)
            continue;
        while (last + 1 < member->npoints && member->mark[last + 1] == mark)
            last++;
        say(words, "%s%" PRId64, count > 0 ? "," : " ", member->points[i].point);
        if (last > i)
            say(words, "-%" PRId64, member->points[last].point);
        count += last - i + 1;
    }
    return count;
}

static void tell_marks(const struct telling *telling, const struct ixs_merge_member *member)
{
    static const char *const marks[] = {"", "spike", "dip", "lost"};
    for (int mark = IXS_REPEATS_HIGH; mark <= IXS_REPEATS_LOST; mark++) {
        struct words points = {.length = 0};
        size_t count = list_points(&points, member, (uint8_t)mark);
        bool all = mark == IXS_REPEATS_LOST; /* told once a scan */
        if (count == 0 || (all && member != first_of(telling->merging, member->scan)))
            continue;
        ixs_note(telling->notes, path_of(telling, member), 0,
                 "scan %s%s%s: %zu of %zu points left out as %s:%s", member->row->scans,
                 all ? "" : " ", all ? ", all analyzers" : member->row->analyzer, count,
                 member->npoints, marks[mark], points.text);
    }
}

/* ---- disagreement ------------------------------------------------------------------------------
 */

static void tell_status(const struct telling *telling, const struct ixs_merged *row)
{
    if (strcmp(row->status, "differs") == 0)
        ixs_note(telling->notes, row->source, 0,
                 "scan %s %s differs from the others: deviance %.1f for %.1f, chance %.1g",
                 row->scans, row->analyzer, row->deviance, row->dof, row->p_value);
    else if (strcmp(row->status, "scale") == 0)
        ixs_note(telling->notes, row->source, 0,
                 "scan %s %s has %.3f +- %.3f times the rates of all", row->scans, row->analyzer,
                 row->scale, row->scale_err);
    else if (strcmp(row->status, "shift") == 0)
        ixs_note(telling->notes, row->source, 0,
                 "scan %s %s is shifted by itself, %+.3f +- %.3f meV beyond the other analyzers",
                 row->scans, row->analyzer, row->own_shift, row->own_shift_err);
}

static void tell_quality(const struct telling *telling, const char *word)
{
    struct words names = {.length = 0};
    for (size_t i = 0; i < telling->out->nspectra; i++) {
        const struct ixs_spectrum *row = &telling->out->spectra[i];
        if (strcmp(row->quality, word) == 0)
            say(&names, "%s %s (%s)", names.length > 0 ? "," : "", row->analyzer, row->scans);
    }
    if (names.length > 0)
        ixs_note(telling->notes, NULL, 0, "%s:%s", word, names.text);
}

void ixs_merge_tell(const struct ixs_merging *merging, const struct ixs_spectra *out,
                    struct ixs_notes *notes)
{
    static const char *const words[] = {"no-signal", "bursts"};
    const struct telling telling = {merging, out, notes};
    for (size_t s = 0; s < merging->nscans; s++)
        if (merging->scans[s].lot == s)
            tell_lot(&telling, s);
    for (size_t i = 0; i < merging->nmembers; i++) {
        const struct ixs_merge_member *member = &merging->members[i];
        if (member->repeated)
            tell_twice(&telling, i);
        else if (merging->heads[member->group] == i && member->apart.text[0] != '\0')
            tell_apart(&telling, i);
    }
    for (size_t i = 0; i < merging->nmembers; i++)
        tell_marks(&telling, &merging->members[i]);
    for (size_t i = 0; i < out->nmerged; i++)
        tell_status(&telling, &out->merged[i]);
    for (size_t w = 0; w < IXS_COUNT(words); w++)
        tell_quality(&telling, words[w]);
}
