/* SPDX-License-Identifier: GPL-3.0-or-later
 * The place of a file: behind its symbolic links, with what stands there. A name is only a name,
 * whatever letters it has.
 */
#include "base/commit_inside.h"

#include "base/array.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { MOST_LINKS = 40, NAME_PART = 180, DAY = 86400, STEP = 1 << 20 };

bool ixs_place_fail(const struct ixs_place *place, const char *what, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_OUTPUT, place->path, 0, "cannot be written: %s: %s", what,
                       strerror(errno));
}

/* One symbolic link: what it points to, seen from where it lies. */
static char *follow_once(const char *path, struct ixs_err *err)
{
    char goal[4096];
    ssize_t length = readlink(path, goal, sizeof goal - 1);
    const char *slash = strrchr(path, '/');
    if (length < 0 || slash == NULL)
        slash = path - 1;
    goal[length < 0 ? 0 : length] = '\0';
    if (goal[0] == '/')
        return ixs_text(err, "%s", goal);
    return ixs_text(err, "%.*s%s", (int)(slash + 1 - path), path, goal);
}

/* What stands at the end of the links is looked at only here: on a distant disk each look is a
 * journey. */
static bool follow_links(struct ixs_place *place, struct ixs_err *err)
{
    place->target = ixs_text(err, "%s", place->path);
    for (int n = 0; place->target != NULL; n++) {
        place->exists = lstat(place->target, &place->about) == 0;
        place->reason = place->exists ? 0 : errno;
        if (!place->exists || !S_ISLNK(place->about.st_mode))
            return true;
        if (n == MOST_LINKS)
            return ixs_fail_at(err, IXS_OUTPUT, place->path, 0,
                               "found symbolic links without end, expected a file name");
        char *next = follow_once(place->target, err);
        free(place->target);
        place->target = next;
    }
    return false;
}

static bool open_folder(struct ixs_place *place, struct ixs_err *err)
{
    const char *slash = strrchr(place->target, '/');
    place->name = slash != NULL ? slash + 1 : place->target;
    if (place->name[0] == '\0')
        return ixs_fail_at(err, IXS_OUTPUT, place->path, 0, "found no file name, expected one");
    place->folder = slash == NULL
                        ? ixs_text(err, ".")
                        : ixs_text(err, "%.*s", (int)(slash - place->target) + 1, place->target);
    place->prefix = ixs_text(err, ".%.*s.tmp-", NAME_PART, place->name);
    if (place->folder == NULL || place->prefix == NULL)
        return false;
    place->directory = open(place->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (place->directory < 0 && (errno == ENOENT || errno == ENOTDIR))
        return ixs_fail_at(err, IXS_OUTPUT, place->path, 0,
                           "found no folder %s, expected it to be there", place->folder);
    return place->directory >= 0 || ixs_place_fail(place, "its folder cannot be opened", err);
}

static bool check_old(const struct ixs_place *place, struct ixs_err *err)
{
    if (!place->exists) {
        errno = place->reason;
        return errno == ENOENT || ixs_place_fail(place, "the name cannot be used", err);
    }
    const char *other = ixs_path_other(&place->about);
    if (other != NULL)
        return ixs_fail_at(err, IXS_OUTPUT, place->path, 0, "found %s, expected a file name",
                           other);
    return faccessat(place->directory, place->name, W_OK, 0) == 0 ||
           ixs_place_fail(place, "the old file is write-protected", err);
}

bool ixs_place_find(struct ixs_place *place, struct ixs_err *err)
{
    return follow_links(place, err) && open_folder(place, err) && check_old(place, err);
}

void ixs_place_dispose(struct ixs_place *place)
{
    if (place->directory >= 0)
        close(place->directory);
    free(place->target);
    free(place->folder);
    free(place->prefix);
}

bool ixs_place_same(const struct ixs_place *place, const void *bytes, size_t size)
{
    const char *rest = bytes;
    char *room;
    struct ixs_err ignored = IXS_ERR_NONE;
    if (!place->exists || (uint64_t)place->about.st_size != size || !IXS_NEW(room, STEP, &ignored))
        return false;
    int file = openat(place->directory, place->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    while (file >= 0 && size > 0) {
        ssize_t got = read(file, room, size < STEP ? size : STEP);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || memcmp(room, rest, (size_t)got) != 0)
            break;
        rest += got;
        size -= (size_t)got;
    }
    if (file >= 0)
        close(file);
    free(room);
    return file >= 0 && size == 0;
}

/* A temporary is locked while its writer lives, on this machine or another. */
bool ixs_place_left_over(int directory, const char *name)
{
    struct stat about;
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return false;
    bool ours = fstat(file, &about) == 0 && (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode));
    bool locked = flock(file, LOCK_EX | LOCK_NB) != 0;
    bool busy = locked && errno == EWOULDBLOCK;
    close(file);
    return ours && (!locked || (!busy && time(NULL) - about.st_mtime > DAY));
}

bool ixs_place_fail_write(const struct ixs_place *place, size_t size, struct ixs_err *err)
{
    if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
        return ixs_place_fail(place, "writing failed", err);
    return ixs_fail_at(err, IXS_OUTPUT, place->path, 0,
                       "cannot be written: found no room for %zu bytes (%s)", size,
                       strerror(errno));
}

bool ixs_place_write(const struct ixs_place *place, int file, const void *bytes, size_t size,
                     struct ixs_err *err)
{
    const char *rest = bytes;
    for (size_t left = size; left > 0;) {
        ssize_t put = write(file, rest, left < STEP ? left : STEP);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return ixs_place_fail_write(place, size, err);
        rest += put;
        left -= (size_t)put;
    }
    return !place->exists || fchmod(file, place->about.st_mode & 0777) == 0 ||
           ixs_place_fail(place, "its permissions cannot be kept", err);
}

bool ixs_place_writable(const struct ixs_place *place, struct ixs_err *err)
{
    return faccessat(place->directory, ".", W_OK, 0) == 0 ||
           ixs_place_fail(place, "its folder is write-protected", err);
}

void ixs_place_random(char room[17])
{
    uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        random = (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid();
    snprintf(room, 17, "%016llx", (unsigned long long)random);
}

bool ixs_place_keep(const struct ixs_place *place, const struct ixs_commit *how)
{
    static const struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    return how->keep_time || how->dry_run ||
           utimensat(place->directory, place->name, now, AT_SYMLINK_NOFOLLOW) == 0;
}
