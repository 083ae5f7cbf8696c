/* SPDX-License-Identifier: GPL-3.0-or-later
 * A SPEC scan: its control lines, how it ended, its digest.
 */
#include "calib/spec/scan.h"

#include "calib/spec/command.h"
#include "calib/spec/motors.h"

#include "base/array.h"
#include "base/lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void ixs_spec_scan_dispose(struct ixs_spec_scan *scan)
{
    ixs_raw_dispose(&scan->raw);
    *scan = (struct ixs_spec_scan){0};
}

void ixs_spec_build_dispose(struct ixs_spec_build *build)
{
    ixs_spec_block_dispose(&build->block);
    ixs_spec_block_dispose(&build->waiting);
    ixs_spec_rows_dispose(&build->rows);
    ixs_spec_mca_dispose(&build->mca);
    *build = (struct ixs_spec_build){0};
}

/* ---- control lines --------------------------------------------------------------------------- */

static void fill_nan(size_t count, double *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = NAN;
}

static void init_keys(struct ixs_raw_keys *keys, const struct ixs_spec_header *header)
{
    ixs_copy(keys->title, sizeof keys->title, header->title);
    ixs_copy(keys->origin, sizeof keys->origin, header->origin);
    keys->epoch = header->epoch;
    keys->epoch_add = keys->lambda = keys->preset = NAN;
    fill_nan(9, keys->ub);
    fill_nan(6, keys->lattice);
    fill_nan(3, keys->q);
}

bool ixs_spec_build_begin(struct ixs_spec_build *build, struct ixs_spec_scan *scan,
                          const struct ixs_spec_header *header,
                          const struct ixs_spec_origin *origin, const struct ixs_spec_line *line,
                          struct ixs_err *err)
{
    struct ixs_raw_keys *keys = &scan->raw.keys;
    const char *command = line->rest;
    size_t length;
    *build = (struct ixs_spec_build){
        .header = header, .scan = scan, .digest = header->digest, .origin = *origin};
    build->rows.declared = -1;
    init_keys(keys, header);
    if (line->index < 0) /* else the number is glued to the key */
        ixs_word(&command, &length);
    command += strspn(command, " \t");
    ixs_spec_copy(keys->command, sizeof keys->command, command, strlen(command));
    build->rows.expected = keys->nplanned = ixs_spec_planned(command);
    ixs_digest_text(&build->digest, header->origin);
    ixs_digest_text(&build->digest, line->text);
    return ixs_spec_block_add(&build->block, line, err);
}

/* All `count` numbers, or none of them. */
static void take_numbers(const char *text, size_t count, double *values)
{
    if (ixs_spec_numbers(text, count, values) < count)
        fill_nan(count, values);
}

/* Counting time, or minus the monitor counts; "#T -1" is written by some where there is none. */
static void take_preset(struct ixs_raw_keys *keys, const char *text, double sign)
{
    double preset;
    if (ixs_spec_numbers(text, 1, &preset) == 1 && preset > 0)
        keys->preset = sign * preset;
}

static void take_geometry(struct ixs_raw_keys *keys, const struct ixs_spec_line *line)
{
    double numbers[4];
    if (line->index == 1)
        take_numbers(line->rest, 6, keys->lattice);
    else if (line->index == 3)
        take_numbers(line->rest, 9, keys->ub);
    else if (line->index == 4 && ixs_spec_numbers(line->rest, 4, numbers) == 4)
        keys->lambda = numbers[3];
}

static bool take_control(struct ixs_spec_build *build, const struct ixs_spec_line *line,
                         const struct ixs_spec_place *place, struct ixs_err *err)
{
    struct ixs_raw *raw = &build->scan->raw;
    if (ixs_spec_is(line, "G"))
        take_geometry(&raw->keys, line);
    else if (line->index >= 0)
        return true;
    else if (ixs_spec_is(line, "D"))
        ixs_spec_copy(raw->identity.date, sizeof raw->identity.date, line->rest,
                      strlen(line->rest));
    else if (ixs_spec_is(line, "T"))
        take_preset(&raw->keys, line->rest, 1);
    else if (ixs_spec_is(line, "M"))
        take_preset(&raw->keys, line->rest, -1);
    else if (ixs_spec_is(line, "Q"))
        take_numbers(line->rest, 3, raw->keys.q);
    else if (ixs_spec_is(line, "N"))
        ixs_spec_rows_declare(&build->rows, line->rest);
    else if (ixs_spec_is(line, "@CHANN"))
        ixs_spec_mca_channels(&build->mca, line->rest);
    else if (ixs_spec_is(line, "L"))
        return ixs_spec_rows_label(&build->rows, line->rest, place, err);
    return true;
}

/* True if it tells how the scan ended. */
static bool tells_end(struct ixs_spec_build *build, const char *text)
{
    const bool before[2] = {build->aborted, build->succeeded};
    if (ixs_spec_find(text, "scan aborted") || ixs_spec_find(text, "exit_status = abort") ||
        ixs_spec_find(text, "exit_status = fail"))
        build->aborted = true;
    if (ixs_spec_find(text, "scan resumed") || ixs_spec_find(text, "scan continued"))
        build->aborted = false;
    if (ixs_spec_find(text, "exit_status = success"))
        build->succeeded = true;
    return build->aborted != before[0] || build->succeeded != before[1];
}

/* What is kept may depend on nothing that a growing file adds behind the scan: a comment waits
 * until more of the scan comes, unless it belongs to the header or tells how the scan ended. */
static bool take_comment(struct ixs_spec_build *build, const struct ixs_spec_line *line,
                         struct ixs_err *err)
{
    bool known = tells_end(build, line->rest) || (!build->labelled && build->rows.npoints == 0);
    return ixs_spec_block_add(&build->waiting, line, err) &&
           (!known || ixs_spec_block_join(&build->block, &build->waiting, err));
}

/* Keeps a control line, and the comments before it. */
static bool keep_line(struct ixs_spec_build *build, const struct ixs_spec_line *line,
                      struct ixs_err *err)
{
    return ixs_spec_block_join(&build->block, &build->waiting, err) &&
           ixs_spec_block_add(&build->block, line, err);
}

static void note_moved(struct ixs_spec_build *build, const struct ixs_spec_origin *origin,
                       const struct ixs_spec_place *place)
{
    for (size_t i = 0; !build->moved && ixs_spec_axis(origin, i) != NULL; i++)
        if (origin->sum[i] != build->origin.sum[i]) {
            build->moved = true;
            ixs_note(
                place->notes, place->path, place->line,
                "found a reset of %s in the middle of a scan: E_ORIGIN is that of its first row",
                ixs_spec_axis(origin, i));
        }
}

static bool take_row(struct ixs_spec_build *build, const struct ixs_spec_line *line,
                     const struct ixs_spec_origin *origin, const struct ixs_spec_place *place,
                     struct ixs_err *err)
{
    struct ixs_spec_rows *rows = &build->rows;
    size_t npoints = rows->npoints, ndropped = rows->ndropped;
    if (npoints == 0)
        build->origin = *origin;
    else
        note_moved(build, origin, place);
    ixs_digest_add(&build->digest, line->text, line->length + 1);
    if (!ixs_spec_rows_add(rows, line->text, place, err) ||
        !ixs_spec_block_join(&build->block, &build->waiting, err))
        return false;
    if (rows->npoints != npoints || rows->ndropped != ndropped)
        ixs_spec_mca_row(&build->mca, rows->npoints != npoints);
    return true;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static bool take_line(struct ixs_spec_build *build, const struct ixs_spec_line *line,
                      const struct ixs_spec_origin *origin, const struct ixs_spec_place *place,
                      struct ixs_err *err)
{
    if (ixs_spec_is(line, "C"))
        return take_comment(build, line, err);
    if (!build->labelled)
        build->origin = *origin;
    build->labelled = build->labelled || ixs_spec_is(line, "L");
    ixs_digest_add(&build->digest, line->text, line->length + 1);
    return take_control(build, line, place, err) && keep_line(build, line, err);
}

bool ixs_spec_build_line(struct ixs_spec_build *build, const struct ixs_spec_line *line,
                         const struct ixs_spec_origin *origin, const struct ixs_spec_place *place,
                         struct ixs_err *err)
{
    if (line->kind == IXS_SPEC_ROW)
        return take_row(build, line, origin, place, err);
    return line->kind == IXS_SPEC_BLANK || take_line(build, line, origin, place, err) ||
           ixs_in_file(err, place->path, place->line);
}

bool ixs_spec_build_mca(struct ixs_spec_build *build, const struct ixs_spec_line *line,
                        bool goes_on, const struct ixs_spec_place *place, struct ixs_err *err)
{
    ixs_digest_add(&build->digest, line->text, line->length + 1);
    return ixs_spec_mca_add(&build->mca, line, goes_on, build->rows.npoints, place, err);
}

void ixs_spec_build_drop(struct ixs_spec_build *build, const char *reason,
                         const struct ixs_spec_place *place)
{
    ixs_spec_rows_drop(&build->rows, reason, place);
    ixs_spec_mca_row(&build->mca, false);
}

/* ---- the end --------------------------------------------------------------------------------- */

static const char *how_ended(const struct ixs_spec_build *build, bool last)
{
    int64_t rows = (int64_t)build->rows.npoints, planned = build->scan->raw.keys.nplanned;
    bool open = last && !build->aborted && !build->succeeded;
    if (rows == 0)
        return open ? "WRITING" : "EMPTY";
    if (planned > 0 && rows >= planned)
        return "COMPLETE";
    if (open)
        return "WRITING";
    if (build->aborted || (planned > 0 && !build->succeeded))
        return "ABORTED";
    return "COMPLETE";
}

/* Is there a motor or column of that name? */
static bool has_axis(const struct ixs_raw *raw, const char *name)
{
    for (size_t i = 0; i < raw->npositions; i++)
        if (strcasecmp(raw->positions[i].motor, name) == 0 ||
            strcasecmp(raw->positions[i].mnemonic, name) == 0)
            return true;
    for (size_t i = 0; i < raw->nlabels; i++)
        if (strcasecmp(raw->labels[i], name) == 0)
            return true;
    return false;
}

/* The axis that was asked for, else the first known one that this file moves or this scan has. */
static void choose_axis(struct ixs_raw *raw, const struct ixs_spec_origin *origin)
{
    const char *axis;
    for (size_t i = 0; (axis = ixs_spec_axis(origin, i)) != NULL; i++)
        if (origin->asked != NULL || origin->told[i] || has_axis(raw, axis)) {
            ixs_spec_copy(raw->keys.e_axis, sizeof raw->keys.e_axis, axis, strlen(axis));
            raw->keys.e_origin = origin->sum[i];
            return;
        }
}

/* Column Epoch is Unix time, or relative to #E; nothing was measured before 1973. */
static void take_epoch(struct ixs_raw *raw)
{
    long column = ixs_raw_label(raw, "Epoch");
    for (size_t i = 0; column >= 0 && i < raw->npoints; i++) {
        double epoch = raw->values[i * raw->nlabels + (size_t)column];
        if (!isnan(epoch)) {
            raw->keys.epoch_add = epoch >= 1e8 ? 0 : raw->keys.epoch;
            return;
        }
    }
}

/* Hands the arrays over to the product's struct. */
static void give_spectra(struct ixs_raw *raw, struct ixs_spec_mca *mca)
{
    ixs_spec_mca_row(mca, false);
    raw->channels = mca->channels;
    raw->nchannels = mca->nchannels;
    raw->keys.nspectra = (int64_t)mca->nspectra;
    mca->channels = NULL;
}

static void give_rows(struct ixs_raw *raw, struct ixs_spec_rows *rows)
{
    raw->npoints = rows->npoints;
    raw->nlabels = rows->labels.count;
    raw->labels = rows->labels.names;
    raw->values = rows->values;
    raw->keys.npoints = (int64_t)rows->npoints;
    raw->keys.nmissing = (int64_t)rows->nmissing;
    raw->keys.ndropped = (int64_t)rows->ndropped;
    rows->labels.names = NULL;
    rows->values = NULL;
}

static bool join_headers(struct ixs_raw *raw, const struct ixs_spec_block *header,
                         const struct ixs_spec_block *scan, struct ixs_err *err)
{
    if (!IXS_NEW(raw->header, header->nlines + scan->nlines, err))
        return false;
    raw->nheader = header->nlines + scan->nlines;
    if (header->nlines > 0)
        memcpy(raw->header, header->lines, header->nlines * sizeof *header->lines);
    memcpy(raw->header + header->nlines, scan->lines, scan->nlines * sizeof *scan->lines);
    return true;
}

static void print_digest(struct ixs_spec_build *build)
{
    const struct ixs_raw_keys *keys = &build->scan->raw.keys;
    char text[96];
    snprintf(text, sizeof text, "%s %.17g %s", keys->e_axis, keys->e_origin, keys->ended);
    ixs_digest_text(&build->digest, text);
    ixs_digest_print(&build->digest, build->scan->digest);
}

bool ixs_spec_build_end(struct ixs_spec_build *build, bool last, const struct ixs_spec_place *place,
                        struct ixs_err *err)
{
    struct ixs_raw *raw = &build->scan->raw;
    const struct ixs_spec_place start = {place->path, build->scan->line, place->notes};
    if (!ixs_spec_rows_end(&build->rows, place, err))
        return false;
    ixs_copy(raw->keys.ended, sizeof raw->keys.ended, how_ended(build, last));
    give_rows(raw, &build->rows);
    give_spectra(raw, &build->mca);
    take_epoch(raw);
    if (!ixs_spec_motors(raw, &build->block, &build->header->block, &start, &build->scan->ncut,
                         err) ||
        !ixs_spec_metadata(raw, &build->block, &build->header->block, &start, &build->scan->ncut,
                           err) ||
        !join_headers(raw, &build->header->block, &build->block, err))
        return false;
    choose_axis(raw, &build->origin);
    print_digest(build);
    return true;
}
