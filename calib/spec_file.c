/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cuts a SPEC file into file headers and scans.
 */
#include "calib/spec_file.h"

#include "calib/spec_tally.h"

#include "base/array.h"
#include "base/lines.h"
#include "base/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ixs_spec {
    struct ixs_lines *lines;
    struct ixs_notes *notes;
    struct ixs_spec_header header;
    struct ixs_spec_origin origin;
    struct ixs_spec_tally tally;
    struct ixs_spec_line line; /* the line in hand */
    bool in_hand;              /* it ended a scan, and nobody took it yet */
    bool ended;                /* no more lines */
    bool after_scan;           /* no header line since the last scan */
    bool torn;                 /* the file's last line has no end: *line is not it */
    size_t nscans, nmca, nstray;
    long mca_line, stray_line;
};

/* ---- lines ----------------------------------------------------------------------------------- */

static struct ixs_spec_place here(const struct ixs_spec *spec)
{
    return (struct ixs_spec_place){ixs_lines_path(spec->lines), ixs_lines_number(spec->lines),
                                   spec->notes};
}

/* The line that is still being written is not for us. */
static void leave_torn(struct ixs_spec *spec, const char *text)
{
    struct ixs_spec_place place = here(spec);
    spec->ended = true;
    spec->torn = strspn(text, " \t") < strlen(text) && text[0] != '#' && text[0] != '@';
    if (*text != '\0')
        ixs_note(place.notes, place.path, place.line,
                 "found a last line without an end, maybe still being written: not read");
}

static bool read_line(struct ixs_spec *spec, struct ixs_err *err)
{
    char *text;
    size_t length;
    if (spec->in_hand) {
        spec->in_hand = false;
        return true;
    }
    if (!ixs_lines_next(spec->lines, &text, &length, err))
        return false;
    if (text == NULL)
        spec->ended = true;
    else if (!ixs_lines_whole(spec->lines))
        leave_torn(spec, text);
    else
        spec->line = ixs_spec_line(text, length);
    return true;
}

/* Reads on while a line of an MCA spectrum says that it goes on. */
static bool pass_mca(struct ixs_spec *spec, struct ixs_spec_build *build, struct ixs_err *err)
{
    bool goes_on = false;
    for (;;) {
        if (build != NULL)
            ixs_spec_build_mca(build, &spec->line, goes_on);
        if (spec->line.length == 0 || spec->line.text[spec->line.length - 1] != '\\')
            return true;
        if (!read_line(spec, err))
            return false;
        if (spec->ended)
            return true;
        if (spec->line.kind == IXS_SPEC_CONTROL) {
            spec->in_hand = true;
            return true;
        }
        goes_on = true;
    }
}

/* ---- between scans --------------------------------------------------------------------------- */

static bool take_header(struct ixs_spec *spec, struct ixs_err *err)
{
    bool other;
    if (!ixs_spec_header_add(&spec->header, &spec->line, spec->after_scan, &other, err))
        return ixs_in_file(err, ixs_lines_path(spec->lines), ixs_lines_number(spec->lines));
    spec->after_scan = false;
    if (other && ixs_spec_origin_restart(&spec->origin)) {
        struct ixs_spec_place place = here(spec);
        ixs_note(place.notes, place.path, place.line,
                 "found the header of another file (%s): the energy origin starts again",
                 spec->header.origin);
    }
    return true;
}

static void take_stray(struct ixs_spec *spec)
{
    if (spec->nstray++ == 0)
        spec->stray_line = ixs_lines_number(spec->lines);
}

/* The number behind #S. */
static bool scan_number(const struct ixs_spec_line *line, int64_t *number)
{
    const char *text = line->rest;
    char room[24];
    size_t length;
    long read;
    const char *word = ixs_word(&text, &length);
    if (word == NULL || length >= sizeof room)
        return false;
    memcpy(room, word, length);
    room[length] = '\0';
    if (!ixs_integer(room, &read) || read < 0)
        return false;
    *number = read;
    return true;
}

static bool begins_scan(const struct ixs_spec_line *line)
{
    return ixs_spec_is(line, "S") && line->index < 0;
}

static bool is_number_missing(struct ixs_spec *spec, int64_t *number)
{
    struct ixs_spec_place place = here(spec);
    if (scan_number(&spec->line, number))
        return false;
    ixs_note(
        place.notes, place.path, place.line,
        "found #S without a number, expected \"#S number command\": passed over up to the next");
    return true;
}

/* A line outside of all scans. `passing`: of a scan without a number, which gives no header. */
static bool take_outside(struct ixs_spec *spec, bool passing, struct ixs_err *err)
{
    if (spec->line.kind == IXS_SPEC_MCA)
        return pass_mca(spec, NULL, err);
    if (spec->line.kind == IXS_SPEC_ROW)
        take_stray(spec);
    if (ixs_spec_is(&spec->line, "C"))
        ixs_spec_origin_comment(&spec->origin, spec->line.rest);
    return spec->line.kind != IXS_SPEC_CONTROL || passing || take_header(spec, err);
}

/* Reads up to a #S with a number; *found tells if there was one. */
static bool seek_scan(struct ixs_spec *spec, int64_t *number, bool *found, struct ixs_err *err)
{
    bool passing = false;
    while (read_line(spec, err)) {
        bool begins = !spec->ended && begins_scan(&spec->line);
        *found = begins && !is_number_missing(spec, number);
        if (spec->ended || *found)
            return true;
        passing = begins || (passing && !ixs_spec_begins_header(&spec->line));
        if (!take_outside(spec, passing, err))
            return false;
    }
    return false;
}

/* ---- a scan ---------------------------------------------------------------------------------- */

static bool take_control(struct ixs_spec *spec, struct ixs_spec_build *build, struct ixs_err *err)
{
    struct ixs_spec_place place = here(spec);
    if (ixs_spec_is(&spec->line, "C"))
        ixs_spec_origin_comment(&spec->origin, spec->line.rest);
    return ixs_spec_build_line(build, &spec->line, &spec->origin, &place, err);
}

/* A row, unless something is glued to it: then it may be torn, and only the comment is read. */
static bool take_row(struct ixs_spec *spec, struct ixs_spec_build *build, struct ixs_err *err)
{
    struct ixs_spec_place place = here(spec);
    const char *glued = strchr(spec->line.text, '#');
    if (glued == NULL)
        return ixs_spec_build_line(build, &spec->line, &spec->origin, &place, err);
    ixs_spec_rows_drop(&build->rows, "found a control line glued to a row", &place);
    spec->line = ixs_spec_line(glued, strlen(glued));
    return take_control(spec, build, err);
}

static bool take_line(struct ixs_spec *spec, struct ixs_spec_build *build, struct ixs_err *err)
{
    switch (spec->line.kind) {
    case IXS_SPEC_MCA:
        return pass_mca(spec, build, err);
    case IXS_SPEC_ROW:
        return take_row(spec, build, err);
    case IXS_SPEC_CONTROL:
        return take_control(spec, build, err);
    case IXS_SPEC_BLANK:
        break;
    }
    return true;
}

static bool ends_scan(const struct ixs_spec *spec)
{
    return spec->ended || begins_scan(&spec->line) || ixs_spec_begins_header(&spec->line);
}

static bool read_scan(struct ixs_spec *spec, struct ixs_spec_build *build, struct ixs_err *err)
{
    for (;;) {
        if (!read_line(spec, err))
            return false;
        if (ends_scan(spec))
            break;
        if (!take_line(spec, build, err))
            return false;
    }
    struct ixs_spec_place place = here(spec);
    if (spec->torn)
        build->rows.ndropped++;
    spec->in_hand = !spec->ended;
    spec->after_scan = true;
    return ixs_spec_build_end(build, spec->ended, &place, err);
}

static bool make_scan(struct ixs_spec *spec, struct ixs_spec_scan *scan, int64_t number,
                      struct ixs_err *err)
{
    struct ixs_spec_build build = {0};
    struct ixs_raw_keys *keys = &scan->raw.keys;
    const char *source = ixs_base_name(ixs_lines_path(spec->lines));
    scan->line = ixs_lines_number(spec->lines);
    keys->scan = number;
    ixs_spec_copy(keys->source, sizeof keys->source, source, strlen(source));
    bool ok = ixs_spec_tally(&spec->tally, number, &keys->order, err) &&
              ixs_spec_build_begin(&build, scan, &spec->header, &spec->origin, &spec->line, err) &&
              read_scan(spec, &build, err);
    ixs_spec_build_dispose(&build);
    if (scan->nmca > 0 && spec->nmca == 0)
        spec->mca_line = scan->line;
    spec->nmca += scan->nmca;
    spec->nscans++;
    return ok;
}

/* ---- the file -------------------------------------------------------------------------------- */

static bool finish(struct ixs_spec *spec, struct ixs_err *err)
{
    const char *path = ixs_lines_path(spec->lines);
    if (spec->nscans == 0)
        return ixs_fail_at(err, IXS_INPUT, path, 0,
                           "found no line that starts with #S, expected a SPEC file");
    if (spec->nmca > 0)
        ixs_note(spec->notes, path, spec->mca_line,
                 "found %zu MCA spectra (@A) in scans from here on: passed over", spec->nmca);
    if (spec->nstray > 0)
        ixs_note(spec->notes, path, spec->stray_line,
                 "found %zu lines outside of all scans, from here on: passed over", spec->nstray);
    spec->nmca = spec->nstray = 0;
    return true;
}

bool ixs_spec_next(struct ixs_spec *spec, struct ixs_spec_scan *scan, struct ixs_err *err)
{
    int64_t number = 0;
    bool found = false;
    *scan = (struct ixs_spec_scan){0};
    if (!spec->ended && !seek_scan(spec, &number, &found, err))
        return false;
    return found ? make_scan(spec, scan, number, err) : finish(spec, err);
}

/* Kinds of file that are given by mistake, by their first bytes. */
static const struct {
    const char *bytes;
    const char *name;
} other_kinds[] = {
    {"SIMPLE  =", "a FITS file"},
    {"\x89HDF\r\n", "an HDF5 (NeXus) file"},
    {"<?xml", "an XML file"},
};

static bool check_kind(const char *path, struct ixs_err *err)
{
    char start[16] = "";
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return true; /* opening the lines says why */
    size_t got = fread(start, 1, sizeof start - 1, file);
    fclose(file);
    for (size_t i = 0; i < IXS_COUNT(other_kinds); i++) {
        size_t length = strlen(other_kinds[i].bytes);
        if (got >= length && memcmp(start, other_kinds[i].bytes, length) == 0)
            return ixs_fail_at(err, IXS_INPUT, path, 0, "found %s, expected a SPEC file",
                               other_kinds[i].name);
    }
    return true;
}

bool ixs_spec_open(struct ixs_spec **out, const char *path, const char *energy_axis,
                   struct ixs_notes *notes, struct ixs_err *err)
{
    struct ixs_spec *spec = NULL;
    *out = NULL;
    if (!IXS_NEW(spec, 1, err))
        return false;
    *out = spec;
    spec->notes = notes;
    spec->origin.asked = energy_axis;
    ixs_spec_header_init(&spec->header);
    return ixs_lines_open(&spec->lines, path, err) && check_kind(path, err);
}

void ixs_spec_close(struct ixs_spec *spec)
{
    if (spec == NULL)
        return;
    ixs_lines_close(spec->lines);
    ixs_spec_header_dispose(&spec->header);
    ixs_spec_tally_dispose(&spec->tally);
    free(spec);
}
