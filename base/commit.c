/* SPDX-License-Identifier: GPL-3.0-or-later
 * Putting bytes under a name whole or not at all: compared with what stands there, written beside
 * it, synced, renamed onto it. A name is only a name, whatever letters it has.
 */
#include "base/commit_inside.h"

#include "base/product_parts.h"

#include "base/array.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void remove_left_over(const struct ixs_place *place)
{
    size_t length = strlen(place->prefix);
    int copy = openat(place->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (list == NULL && copy >= 0)
        close(copy);
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;)
        if (strncmp(entry->d_name, place->prefix, length) == 0 &&
            ixs_place_left_over(place->directory, entry->d_name))
            unlinkat(place->directory, entry->d_name, 0);
    if (list != NULL)
        closedir(list);
}

/* Creates and locks; another process may take a file for left over before it is locked, then again.
 */
static int create_temporary(const struct ixs_place *place, char **name, struct ixs_err *err)
{
    struct stat about;
    for (int n = 0; n < 100; n++) {
        char random[17];
        ixs_place_random(random);
        *name = ixs_text(err, "%s%ld-%s", place->prefix, (long)getpid(), random);
        if (*name == NULL)
            return -1;
        int file = openat(place->directory, *name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file < 0 && errno != EEXIST)
            break;
        (void)(file >= 0 && flock(file, LOCK_EX));
        if (file >= 0 && fstat(file, &about) == 0 && about.st_nlink > 0)
            return file;
        if (file >= 0)
            close(file);
        free(*name);
        *name = NULL;
    }
    ixs_place_fail(place, "no file can be made in its folder", err);
    return -1;
}

static bool replace(const struct ixs_place *place, const void *bytes, size_t size,
                    struct ixs_err *err)
{
    char *name = NULL;
    remove_left_over(place);
    int file = create_temporary(place, &name, err);
    if (file < 0) {
        free(name);
        return false;
    }
    bool ok = ixs_place_write(place, file, bytes, size, err) &&
              (fsync(file) == 0 || ixs_place_fail_write(place, size, err));
    if (ok && renameat(place->directory, name, place->directory, place->name) != 0)
        ok = ixs_place_fail(place, "it cannot be put in place", err);
    if (!ok)
        unlinkat(place->directory, name, 0);
    close(file); /* what it could complain of fsync has told, while the old file was still there */
    free(name);
    if (ok && fsync(place->directory) != 0 && errno != EINVAL && errno != ENOTSUP)
        ok = ixs_place_fail(place, "its folder cannot be synced", err);
    return ok;
}

static bool commit_bytes(const char *path, const void *bytes, size_t size,
                         const struct ixs_commit *how, bool *changed, struct ixs_err *err)
{
    struct ixs_place place = IXS_PLACE(path);
    bool ok = ixs_place_find(&place, err);
    bool same = ok && ixs_place_same(&place, bytes, size);
    if (ok && changed != NULL)
        *changed = !same;
    if (ok && how->dry_run)
        ok = ixs_place_writable(&place, err);
    else if (ok && how->batch != NULL)
        ok = ixs_batch_add(how->batch, &place, bytes, size, same, how->keep_time, err);
    else if (ok && !(same && ixs_place_keep(&place, how)))
        ok = replace(&place, bytes, size, err);
    ixs_place_dispose(&place);
    return ok;
}

bool ixs_file_commit(const char *path, const void *bytes, size_t size, const struct ixs_commit *how,
                     bool *changed, struct ixs_err *err)
{
    static const struct ixs_commit plain = {0};
    unsigned char *packed = NULL;
    size_t length = strlen(path);
    bool zipped = length > 3 && strcmp(path + length - 3, ".gz") == 0;
    if (changed != NULL)
        *changed = false;
    if (zipped && !ixs_gzip(&packed, &size, bytes, size, err)) {
        free(packed);
        return false;
    }
    bool ok =
        commit_bytes(path, zipped ? packed : bytes, size, how != NULL ? how : &plain, changed, err);
    free(packed);
    return ok;
}
