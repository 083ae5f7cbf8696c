/* SPDX-License-Identifier: GPL-3.0-or-later
 * The end of a growing SPEC file. A scan has ended when the next one or a file header begins, when
 * a comment says that it was aborted, or when it has the points that its command asks for.
 */
#include "calib/watch/follow.h"

#include "base/array.h"
#include "base/lines.h"
#include "calib/spec/command.h"
#include "calib/spec/header.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST = 1 << 20, STEP = 1 << 16 };

bool ixs_follow_open(struct ixs_follow *out, const char *path, struct ixs_err *err)
{
    *out = (struct ixs_follow){.planned = -1, .size = -1};
    return (out->path = ixs_text(err, "%s", path)) != NULL;
}

void ixs_follow_dispose(struct ixs_follow *follow)
{
    free(follow->path);
    free(follow->part);
    ixs_spec_tally_dispose(&follow->tally);
    *follow = (struct ixs_follow){0};
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void end_scan(struct ixs_follow *follow)
{
    follow->nended += follow->running ? 1 : 0;
    follow->running = false;
}

static bool begin_scan(struct ixs_follow *follow, const struct ixs_spec_line *line,
                       struct ixs_err *err)
{
    const char *rest = line->rest;
    size_t length;
    const char *word = ixs_word(&rest, &length);
    end_scan(follow);
    follow->rows = 0;
    follow->number = word != NULL ? strtoll(word, NULL, 10) : 0;
    ixs_copy(follow->command, sizeof follow->command, rest + strspn(rest, " \t"));
    follow->planned = ixs_spec_planned(follow->command);
    follow->running = true;
    return ixs_spec_tally(&follow->tally, follow->number, &follow->order, err);
}

/* The comments that calib/spec/scan.c knows. */
static void take_comment(struct ixs_follow *follow, const char *text)
{
    if (ixs_spec_find(text, "scan aborted") || ixs_spec_find(text, "exit_status ="))
        end_scan(follow);
    else if (ixs_spec_find(text, "scan resumed") || ixs_spec_find(text, "scan continued"))
        follow->running = true;
}

static bool take_line(struct ixs_follow *follow, const char *text, size_t length,
                      struct ixs_err *err)
{
    struct ixs_spec_line line = ixs_spec_line(text, length);
    bool was_running = follow->running;
    if (line.kind == IXS_SPEC_CONTROL && ixs_spec_is(&line, "S") && line.index < 0)
        return begin_scan(follow, &line, err);
    if ((line.kind == IXS_SPEC_CONTROL && ixs_spec_begins_header(&line)) ||
        (line.kind == IXS_SPEC_ROW && ++follow->rows == follow->planned))
        end_scan(follow);
    else if (line.kind == IXS_SPEC_CONTROL && ixs_spec_is(&line, "C"))
        take_comment(follow, line.rest);
    if (!was_running && follow->tally.used > 0 && line.kind != IXS_SPEC_BLANK)
        follow->nended++; /* something behind an end: a comment, a row that came late */
    return true;
}

/* Takes the whole lines of `bytes`, keeps what has no end. */
static bool take_bytes(struct ixs_follow *follow, const char *bytes, size_t count,
                       struct ixs_err *err)
{
    if (follow->npart + count > LONGEST)
        follow->npart = 0; /* no line of SPEC; the import will tell */
    if (!ixs_grow(&follow->part, &follow->part_capacity, follow->npart + count + 1, 1, err))
        return false;
    memcpy(follow->part + follow->npart, bytes, count);
    follow->npart += count;
    char *start = follow->part, *stop = follow->part + follow->npart, *end;
    bool ok = true;
    while (ok && (end = memchr(start, '\n', (size_t)(stop - start))) != NULL) {
        *end = '\0';
        ok = take_line(follow, start, (size_t)(end - start), err);
        start = end + 1;
    }
    follow->npart = (size_t)(stop - start);
    memmove(follow->part, start, follow->npart);
    return ok;
}

/* ---- the file -------------------------------------------------------------------------------- */

static void remember_tail(struct ixs_follow *follow, const char *bytes, size_t count)
{
    size_t most = sizeof follow->tail, kept = follow->ntail;
    if (count >= most) {
        memcpy(follow->tail, bytes + count - most, most);
        follow->ntail = most;
        return;
    }
    if (kept + count > most) {
        memmove(follow->tail, follow->tail + kept + count - most, most - count);
        kept = most - count;
    }
    memcpy(follow->tail + kept, bytes, count);
    follow->ntail = kept + count;
}

static bool same_tail(const struct ixs_follow *follow, int file)
{
    char room[sizeof follow->tail];
    ssize_t wanted = (ssize_t)follow->ntail;
    return pread(file, room, follow->ntail, follow->offset - wanted) == wanted &&
           memcmp(room, follow->tail, follow->ntail) == 0;
}

/* Another file than the one that was read until now: from the beginning. */
static void restart(struct ixs_follow *follow)
{
    follow->offset = 0;
    follow->ntail = follow->npart = 0;
    follow->running = false;
    follow->rows = 0;
    follow->nended++;
    follow->nreplaced++;
    ixs_spec_tally_dispose(&follow->tally);
}

static bool read_on(struct ixs_follow *follow, int file, struct ixs_err *err)
{
    char *room = NULL;
    ssize_t got = 0;
    bool ok = IXS_NEW(room, STEP, err);
    while (ok && (got = pread(file, room, STEP, follow->offset)) > 0) {
        if (follow->offset == 0)
            follow->packed =
                got > 1 && (unsigned char)room[0] == 0x1f && (unsigned char)room[1] == 0x8b;
        if (follow->packed)
            break;
        follow->offset += got;
        remember_tail(follow, room, (size_t)got);
        ok = take_bytes(follow, room, (size_t)got, err);
    }
    free(room);
    return ok;
}

static bool look(struct ixs_follow *follow, int file, const struct stat *about, struct ixs_err *err)
{
    double modified = (double)about->st_mtim.tv_sec + 1e-9 * (double)about->st_mtim.tv_nsec;
    bool fresh = follow->size < 0;
    bool same = about->st_dev == follow->device && about->st_ino == follow->inode;
    if (same && about->st_size == follow->size && !(modified > follow->modified) &&
        !(modified < follow->modified))
        return true;
    if (!fresh && !follow->packed && (about->st_size < follow->offset || !same_tail(follow, file)))
        restart(follow);
    else if (follow->packed || (!fresh && about->st_size == follow->size))
        follow->nended++; /* a new time, or another archive: make may want to look */
    follow->device = about->st_dev;
    follow->inode = about->st_ino;
    follow->size = about->st_size;
    follow->modified = modified;
    return read_on(follow, file, err);
}

bool ixs_follow_read(struct ixs_follow *follow, struct ixs_err *err)
{
    struct stat about;
    int file = open(follow->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool was = follow->there;
    follow->there = file >= 0 && fstat(file, &about) == 0 && S_ISREG(about.st_mode);
    bool ok = !follow->there || look(follow, file, &about, err);
    if (follow->there != was)
        follow->nended++;
    if (file >= 0)
        close(file);
    return ok;
}
