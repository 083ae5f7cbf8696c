/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cuts a SPEC file into file headers and scans.
 */
#include "calib/spec/file.h"

#include "calib/spec/tally.h"
#include "calib/spec/text.h"

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
    bool holes;                /* the line in hand had NUL bytes in it */
    bool goes_on;              /* it ended in a backslash, which was cut off */
    bool keep_mca;
    size_t nscans, nspectra, nstray, ncut;
    size_t told; /* notes when it was opened */
    long spectra_line, stray_line, cut_line;
};

/* ---- lines ----------------------------------------------------------------------------------- */

static struct ixs_spec_place here(const struct ixs_spec *spec)
{
    return (struct ixs_spec_place){ixs_lines_path(spec->lines), ixs_lines_number(spec->lines),
                                   spec->notes};
}

/* The line that is still being written is not for us. */
static void leave_torn(struct ixs_spec *spec, const char *text, size_t length)
{
    struct ixs_spec_place place = here(spec);
    spec->ended = true;
    spec->torn = strspn(text, " \t") < length && text[0] != '#' && text[0] != '@';
    if (length > 0)
        ixs_note(place.notes, place.path, place.line,
                 "found a last line without an end, maybe still being written: not read");
}

/* `within`: the line may belong to an MCA spectrum. */
static void take_text(struct ixs_spec *spec, char *text, size_t length, bool within)
{
    const struct ixs_spec_place place = here(spec);
    text = ixs_spec_clean(text, &length, &spec->holes, &place);
    if (!ixs_lines_whole(spec->lines)) {
        leave_torn(spec, text, length);
        return;
    }
    spec->line = ixs_spec_line(text, length);
    within = spec->line.kind == IXS_SPEC_MCA || (within && spec->line.kind == IXS_SPEC_ROW);
    spec->goes_on = within && text[length - 1] == '\\';
    if (spec->goes_on)
        text[--spec->line.length] = '\0';
}

static bool read_line(struct ixs_spec *spec, bool within, struct ixs_err *err)
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
    else
        take_text(spec, text, length, within);
    return true;
}

/* A spectrum, on as many lines as say that it goes on. Other lines with @ are kept as control lines
 * are: "@CALIB 1 2 3". */
static bool take_mca(struct ixs_spec *spec, struct ixs_spec_build *build, struct ixs_err *err)
{
    struct ixs_spec_place place = here(spec);
    bool spectrum = ixs_spec_mca_begins(&spec->line), more = true;
    if (!spectrum && build != NULL)
        return ixs_spec_build_line(build, &spec->line, &spec->origin, &place, err);
    for (bool first = true; more; first = false, place = here(spec)) {
        more = spec->goes_on;
        if (build != NULL && !ixs_spec_build_mca(build, &spec->line, !first, &place, err))
            return false;
        if (more && !read_line(spec, true, err))
            return false;
        more = more && !spec->ended;
        spec->in_hand = more && spec->line.kind != IXS_SPEC_ROW;
        more = more && !spec->in_hand;
    }
    return true;
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

/* The number behind #S, or glued to it. Other programs write "12.1" for the first scan 12: which of
 * them it is the file itself tells. */
static bool scan_number(const struct ixs_spec_line *line, int64_t *number)
{
    const char *text = line->rest;
    int64_t read = 0;
    if (line->index >= 0) {
        *number = line->index;
        return true;
    }
    size_t digits = strspn(text, "0123456789");
    const char *end = text + digits;
    if (digits == 0 || digits > 18)
        return false;
    if (*end == '.')
        end += 1 + strspn(end + 1, "0123456789");
    for (size_t i = 0; i < digits; i++)
        read = 10 * read + (text[i] - '0');
    *number = read;
    return *end == '\0' || *end == ' ' || *end == '\t';
}

static bool begins_scan(const struct ixs_spec_line *line)
{
    return ixs_spec_is(line, "S");
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
        return take_mca(spec, NULL, err);
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
    while (read_line(spec, false, err)) {
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
    const char *end = spec->line.text + spec->line.length;
    const char *glued = memchr(spec->line.text, '#', spec->line.length);
    if (glued == NULL && !spec->holes)
        return ixs_spec_build_line(build, &spec->line, &spec->origin, &place, err);
    ixs_spec_build_drop(
        build, spec->holes ? "found NUL bytes in a row" : "found a control line glued to a row",
        &place);
    if (glued == NULL)
        return true;
    spec->line = ixs_spec_line(glued, (size_t)(end - glued));
    return take_control(spec, build, err);
}

static bool take_line(struct ixs_spec *spec, struct ixs_spec_build *build, struct ixs_err *err)
{
    switch (spec->line.kind) {
    case IXS_SPEC_MCA:
        return take_mca(spec, build, err);
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
        if (!read_line(spec, false, err))
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
              ixs_spec_build_begin(&build, scan, &spec->header, &spec->origin, &spec->line, err);
    build.mca.keep = spec->keep_mca;
    ok = ok && read_scan(spec, &build, err);
    ixs_spec_build_dispose(&build);
    if (keys->nspectra > 0 && spec->nspectra == 0)
        spec->spectra_line = scan->line;
    if (scan->ncut > 0 && spec->ncut == 0)
        spec->cut_line = scan->line;
    spec->nspectra += (size_t)keys->nspectra;
    spec->ncut += scan->ncut;
    spec->nscans++;
    return ok;
}

/* ---- the file -------------------------------------------------------------------------------- */

static bool finish(struct ixs_spec *spec, struct ixs_err *err)
{
    const char *path = ixs_lines_path(spec->lines);
    if (spec->nscans == 0)
        ixs_notes_cut(spec->notes, spec->told); /* what they say of lines misleads */
    if (spec->nscans == 0)
        return ixs_fail_at(
            err, IXS_INPUT, path, 0,
            "found no line that starts with #S, expected a SPEC file (tables of other "
            "kinds: ixs-import --table)");
    if (spec->nspectra > 0 && !spec->keep_mca)
        ixs_note(spec->notes, path, spec->spectra_line,
                 "found %zu MCA spectra (@A) in scans from here on: passed over", spec->nspectra);
    if (spec->nstray > 0)
        ixs_note(spec->notes, path, spec->stray_line,
                 "found %zu lines outside of all scans, from here on: passed over", spec->nstray);
    if (spec->ncut > 0)
        ixs_note(spec->notes, path, spec->cut_line,
                 "found %zu names or values too long for METADATA or POSITIONS in scans from here "
                 "on: cut there, whole in HEADER",
                 spec->ncut);
    spec->nspectra = spec->nstray = spec->ncut = 0;
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

bool ixs_spec_open(struct ixs_spec **out, const char *path, const char *energy_axis,
                   struct ixs_notes *notes, struct ixs_err *err)
{
    struct ixs_spec *spec = NULL;
    *out = NULL;
    if (!IXS_NEW(spec, 1, err))
        return false;
    *out = spec;
    spec->notes = notes;
    spec->told = ixs_notes_told(notes);
    spec->origin.asked = energy_axis;
    ixs_spec_header_init(&spec->header);
    if (!ixs_lines_open(&spec->lines, path, err))
        return false;
    ixs_lines_allow_nul(spec->lines);
    return ixs_spec_check_kind(path, err);
}

void ixs_spec_keep_mca(struct ixs_spec *spec)
{
    spec->keep_mca = true;
}

double ixs_spec_share(const struct ixs_spec *spec)
{
    return ixs_lines_share(spec->lines);
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
