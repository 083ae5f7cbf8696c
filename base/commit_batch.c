/* SPDX-License-Identifier: GPL-3.0-or-later
 * Many files put in place together. A sync for each of a thousand files takes a thousand times as
 * long as one for all, so they wait in a hidden folder, which is locked while its process lives,
 * and are renamed behind one sync of the file system.
 */
#define _GNU_SOURCE
#include "base/commit_inside.h"

#include "base/array.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const char prefix[] = ".ixs.tmp-";

struct waiting { /* one file; owns its texts */
    char *path;  /* as the user wrote it */
    char *target;
    size_t size;
    bool staged;    /* lies under its number in the hidden folder */
    bool keep_time; /* an unchanged file gets no new time */
};

struct ixs_batch { /* owns all */
    char *folder;
    bool made_folder; /* and nothing was put there yet */
    int directory;    /* the folder, open */
    char *name;       /* of the hidden folder in it; NULL: none yet */
    int hidden;       /* open, or -1 */
    struct waiting *files;
    size_t count, capacity;
};

/* ---- folders --------------------------------------------------------------------------------- */

static bool make_folder(struct ixs_batch *batch, struct ixs_err *err)
{
    struct stat about;
    const char *folder = batch->folder;
    batch->made_folder = mkdir(folder, 0777) == 0;
    int reason = errno;
    if (!batch->made_folder && (stat(folder, &about) != 0 || !S_ISDIR(about.st_mode))) {
        if (reason == EEXIST)
            return ixs_fail_at(err, IXS_OUTPUT, folder, 0, "found a file, expected a folder");
        return ixs_fail_at(err, IXS_OUTPUT, folder, 0, "the folder cannot be made: %s",
                           strerror(reason));
    }
    batch->directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return batch->directory >= 0 || ixs_fail_at(err, IXS_OUTPUT, folder, 0,
                                                "the folder cannot be opened: %s", strerror(errno));
}

/* A folder of files, and of nothing deeper. */
static void remove_hidden(int directory, const char *name)
{
    int inside = openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *list = inside < 0 ? NULL : fdopendir(inside);
    if (list == NULL && inside >= 0)
        close(inside);
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(list), entry->d_name, 0);
    if (list != NULL)
        closedir(list);
    unlinkat(directory, name, AT_REMOVEDIR);
}

/* What a killed run left. */
static void remove_left_over(int directory)
{
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (list == NULL && copy >= 0)
        close(copy);
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;)
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0 &&
            ixs_place_left_over(directory, entry->d_name))
            remove_hidden(directory, entry->d_name);
    if (list != NULL)
        closedir(list);
}

static bool fail_folder(const struct ixs_batch *batch, const char *what, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_OUTPUT, batch->folder, 0, "%s: %s", what, strerror(errno));
}

/* Makes and locks the hidden folder; another process may take it for left over before it is locked,
 * then again. */
static bool make_hidden(struct ixs_batch *batch, struct ixs_err *err)
{
    struct stat about, other;
    for (int n = 0; n < 100 && batch->hidden < 0; n++) {
        char random[17];
        ixs_place_random(random);
        free(batch->name);
        batch->name = ixs_text(err, "%s%ld-%s", prefix, (long)getpid(), random);
        if (batch->name == NULL)
            return false;
        if (mkdirat(batch->directory, batch->name, 0700) != 0 && errno != EEXIST)
            break;
        int hidden = openat(batch->directory, batch->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        (void)(hidden >= 0 && flock(hidden, LOCK_EX));
        if (hidden >= 0 && fstat(hidden, &about) == 0 &&
            fstatat(batch->directory, batch->name, &other, AT_SYMLINK_NOFOLLOW) == 0 &&
            about.st_ino == other.st_ino)
            batch->hidden = hidden;
        else if (hidden >= 0)
            close(hidden);
    }
    return batch->hidden >= 0 || fail_folder(batch, "no file can be made in it", err);
}

bool ixs_batch_begin(struct ixs_batch **out, const char *folder, struct ixs_err *err)
{
    struct ixs_batch *batch;
    *out = NULL;
    if (!IXS_NEW(batch, 1, err))
        return false;
    *out = batch;
    batch->directory = batch->hidden = -1;
    batch->folder = ixs_text(err, "%s", folder);
    if (batch->folder == NULL || !make_folder(batch, err))
        return false;
    remove_left_over(batch->directory);
    return true;
}

/* ---- files ----------------------------------------------------------------------------------- */

static void print_number(size_t number, char room[24])
{
    snprintf(room, 24, "%zu", number);
}

static bool stage(struct ixs_batch *batch, const struct ixs_place *place, const void *bytes,
                  size_t size, struct ixs_err *err)
{
    char name[24];
    if (batch->hidden < 0 && !make_hidden(batch, err))
        return false;
    print_number(batch->count, name);
    int file = openat(batch->hidden, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return ixs_place_fail(place, "no file can be made in its folder", err);
    bool ok = ixs_place_write(place, file, bytes, size, err);
    if (close(file) != 0 && ok)
        ok = ixs_place_fail_write(place, size, err);
    if (!ok)
        unlinkat(batch->hidden, name, 0);
    return ok;
}

static bool note_waiting(struct ixs_batch *batch, const struct ixs_place *place, size_t size,
                         bool staged, bool keep_time, struct ixs_err *err)
{
    struct waiting *file = &batch->files[batch->count++];
    *file = (struct waiting){.size = size, .staged = staged, .keep_time = keep_time};
    file->path = ixs_text(err, "%s", place->path);
    file->target = ixs_text(err, "%s", place->target);
    return file->path != NULL && file->target != NULL;
}

bool ixs_batch_add(struct ixs_batch *batch, const struct ixs_place *place, const void *bytes,
                   size_t size, bool same, bool keep_time, struct ixs_err *err)
{
    return IXS_MORE(batch->files, &batch->capacity, batch->count, err) &&
           (same || stage(batch, place, bytes, size, err)) &&
           note_waiting(batch, place, size, !same, keep_time, err);
}

/* ---- the end --------------------------------------------------------------------------------- */

/* One by one where the file system as a whole cannot be asked. */
static bool sync_each(const struct ixs_batch *batch, struct ixs_err *err)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct ixs_place place = IXS_PLACE(batch->files[i].path);
        char name[24];
        if (!batch->files[i].staged)
            continue;
        print_number(i, name);
        int file = openat(batch->hidden, name, O_RDONLY | O_CLOEXEC);
        bool ok = file >= 0 && fsync(file) == 0;
        ok = ok || ixs_place_fail_write(&place, batch->files[i].size, err);
        if (file >= 0)
            close(file);
        if (!ok)
            return false;
    }
    return true;
}

static bool sync_all(const struct ixs_batch *batch, size_t nstaged, struct ixs_err *err)
{
    enum { FEW = 2 }; /* a sync of the whole file system also waits for what others write */
    if (nstaged > FEW && syncfs(batch->hidden) == 0)
        return true;
    if (nstaged > FEW && errno != ENOSYS && errno != EINVAL && errno != ENOTSUP)
        return fail_folder(batch, "the files cannot be synced", err);
    return sync_each(batch, err);
}

/* Behind a symbolic link another file system may lie: a copy, then. */
static bool copy_staged(int file, const struct waiting *waiting, struct ixs_err *err)
{
    static const struct ixs_commit plain = {0};
    char *bytes;
    size_t have = 0;
    if (!IXS_NEW(bytes, waiting->size, err))
        return false;
    for (ssize_t got = 1; got > 0 && have<waiting->size; have += got> 0 ? (size_t)got : 0)
        got = read(file, bytes + have, waiting->size - have);
    bool ok = have == waiting->size ||
              ixs_fail_at(err, IXS_OUTPUT, waiting->path, 0, "cannot be written: it was lost");
    ok = ok && ixs_file_commit(waiting->target, bytes, have, &plain, NULL, err);
    free(bytes);
    return ok;
}

static bool put_in_place(struct ixs_batch *batch, size_t number, struct ixs_err *err)
{
    struct waiting *waiting = &batch->files[number];
    const struct ixs_place place = IXS_PLACE(waiting->path);
    char name[24];
    print_number(number, name);
    if (renameat(batch->hidden, name, AT_FDCWD, waiting->target) == 0) {
        waiting->staged = false;
        return true;
    }
    if (errno != EXDEV)
        return ixs_place_fail(&place, "it cannot be put in place", err);
    int file = openat(batch->hidden, name, O_RDONLY | O_CLOEXEC);
    bool ok = file >= 0 ? copy_staged(file, waiting, err)
                        : ixs_place_fail(&place, "it cannot be read again", err);
    if (file >= 0)
        close(file);
    return ok;
}

/* An unchanged file gets the present time; where that is not allowed it is written anew. */
static bool renew(const struct waiting *waiting, struct ixs_err *err)
{
    static const struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    if (waiting->keep_time || utimensat(AT_FDCWD, waiting->target, now, 0) == 0)
        return true;
    int file = open(waiting->target, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const struct ixs_place place = IXS_PLACE(waiting->path);
    bool ok = file >= 0 ? copy_staged(file, waiting, err)
                        : ixs_place_fail(&place, "it cannot be read again", err);
    if (file >= 0)
        close(file);
    return ok;
}

bool ixs_batch_finish(struct ixs_batch *batch, struct ixs_err *err)
{
    size_t nstaged = 0;
    bool ok = true;
    for (size_t i = 0; i < batch->count; i++)
        nstaged += batch->files[i].staged;
    if (nstaged > 0 && !sync_all(batch, nstaged, err))
        return false;
    batch->made_folder = batch->made_folder && batch->count == 0;
    for (size_t i = 0; ok && i < batch->count; i++)
        ok = batch->files[i].staged ? put_in_place(batch, i, err) : renew(&batch->files[i], err);
    if (ok && nstaged > 0 && fsync(batch->directory) != 0 && errno != EINVAL && errno != ENOTSUP)
        ok = fail_folder(batch, "the folder cannot be synced", err);
    return ok;
}

void ixs_batch_free(struct ixs_batch *batch)
{
    if (batch == NULL)
        return;
    for (size_t i = 0; batch->hidden >= 0 && i < batch->count; i++) {
        char name[24];
        if (!batch->files[i].staged)
            continue;
        print_number(i, name);
        unlinkat(batch->hidden, name, 0);
    }
    if (batch->hidden >= 0) {
        unlinkat(batch->directory, batch->name, AT_REMOVEDIR);
        close(batch->hidden);
    }
    if (batch->directory >= 0)
        close(batch->directory);
    if (batch->made_folder)
        rmdir(batch->folder);
    for (size_t i = 0; i < batch->count; i++) {
        free(batch->files[i].path);
        free(batch->files[i].target);
    }
    free(batch->files);
    free(batch->name);
    free(batch->folder);
    free(batch);
}
