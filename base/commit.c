/* SPDX-License-Identifier: GPL-3.0-or-later
 * Putting bytes under a name whole or not at all: compared with what stands there, written beside
 * it, synced, renamed onto it. A name is only a name, whatever letters it has.
 */
#include "base/product_parts.h"

#include "base/array.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_LINKS = 40, NAME_PART = 180, DAY = 86400, STEP = 1 << 20 };

struct place {        /* where the file goes; owns its texts and the open folder */
    const char *path; /* as the user wrote it, for messages */
    char *target;     /* behind all symbolic links */
    const char *name; /* in the folder; points into target */
    char *folder;
    char *prefix;  /* of temporary names */
    int directory; /* open, or -1 */
    bool exists;
    struct stat about; /* of the old file */
};

static bool fail_output(const struct place *place, const char *what, struct ixs_err *err)
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

static bool follow_links(struct place *place, struct ixs_err *err)
{
    struct stat about;
    place->target = ixs_text(err, "%s", place->path);
    for (int n = 0; place->target != NULL; n++) {
        if (lstat(place->target, &about) != 0 || !S_ISLNK(about.st_mode))
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

static bool open_folder(struct place *place, struct ixs_err *err)
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
    return place->directory >= 0 || fail_output(place, "its folder cannot be opened", err);
}

static bool look_at_old(struct place *place, struct ixs_err *err)
{
    if (fstatat(place->directory, place->name, &place->about, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT || fail_output(place, "the name cannot be used", err);
    place->exists = true;
    if (S_ISDIR(place->about.st_mode))
        return ixs_fail_at(err, IXS_OUTPUT, place->path, 0, "found a folder, expected a file name");
    if (!S_ISREG(place->about.st_mode))
        return ixs_fail_at(err, IXS_OUTPUT, place->path, 0,
                           "found a special file, expected a regular one");
    return faccessat(place->directory, place->name, W_OK, 0) == 0 ||
           fail_output(place, "the old file is write-protected", err);
}

static bool find_place(struct place *place, struct ixs_err *err)
{
    return follow_links(place, err) && open_folder(place, err) && look_at_old(place, err);
}

static void dispose_place(struct place *place)
{
    if (place->directory >= 0)
        close(place->directory);
    free(place->target);
    free(place->folder);
    free(place->prefix);
}

/* True if the old file has just these bytes. One that cannot be read is taken as different. */
static bool is_same(const struct place *place, const void *bytes, size_t size)
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

/* A temporary file is locked while its writer lives, on this machine or another; one that can be
 * locked is left over. Where the file system has no locks a day must pass. */
static bool is_left_over(int directory, const char *name)
{
    struct stat about;
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return false;
    bool regular = fstat(file, &about) == 0 && S_ISREG(about.st_mode);
    bool locked = flock(file, LOCK_EX | LOCK_NB) != 0;
    bool busy = locked && errno == EWOULDBLOCK;
    close(file);
    return regular && (!locked || (!busy && time(NULL) - about.st_mtime > DAY));
}

static void remove_left_over(const struct place *place)
{
    size_t length = strlen(place->prefix);
    int copy = openat(place->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (list == NULL && copy >= 0)
        close(copy);
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;)
        if (strncmp(entry->d_name, place->prefix, length) == 0 &&
            is_left_over(place->directory, entry->d_name))
            unlinkat(place->directory, entry->d_name, 0);
    if (list != NULL)
        closedir(list);
}

/* Creates and locks; another process may take a file for left over before it is locked, then again.
 */
static int create_temporary(const struct place *place, char **name, struct ixs_err *err)
{
    struct stat about;
    for (int n = 0; n < 100; n++) {
        uint64_t random = 0;
        if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
            random = (uint64_t)n;
        *name = ixs_text(err, "%s%ld-%016llx", place->prefix, (long)getpid(),
                         (unsigned long long)random);
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
    fail_output(place, "no file can be made in its folder", err);
    return -1;
}

static bool fail_write(const struct place *place, size_t size, struct ixs_err *err)
{
    if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG)
        return fail_output(place, "writing failed", err);
    return ixs_fail_at(err, IXS_OUTPUT, place->path, 0,
                       "cannot be written: found no room for %zu bytes (%s)", size,
                       strerror(errno));
}

static bool write_all(const struct place *place, int file, const void *bytes, size_t size,
                      struct ixs_err *err)
{
    const char *rest = bytes;
    for (size_t left = size; left > 0;) {
        ssize_t put = write(file, rest, left < STEP ? left : STEP);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail_write(place, size, err);
        rest += put;
        left -= (size_t)put;
    }
    if (place->exists && fchmod(file, place->about.st_mode & 0777) != 0)
        return fail_output(place, "its permissions cannot be kept", err);
    return fsync(file) == 0 || fail_write(place, size, err);
}

static bool replace(const struct place *place, const void *bytes, size_t size, struct ixs_err *err)
{
    char *name = NULL;
    remove_left_over(place);
    int file = create_temporary(place, &name, err);
    if (file < 0) {
        free(name);
        return false;
    }
    bool ok = write_all(place, file, bytes, size, err);
    if (ok && renameat(place->directory, name, place->directory, place->name) != 0)
        ok = fail_output(place, "it cannot be put in place", err);
    if (!ok)
        unlinkat(place->directory, name, 0);
    close(file); /* what it could complain of fsync has told, while the old file was still there */
    free(name);
    if (ok && fsync(place->directory) != 0 && errno != EINVAL && errno != ENOTSUP)
        ok = fail_output(place, "its folder cannot be synced", err);
    return ok;
}

/* Equal bytes get the present time; where that is not allowed they are written anew. */
static bool keep_old(const struct place *place, const struct ixs_commit *how)
{
    static const struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    return how->keep_time || how->dry_run ||
           utimensat(place->directory, place->name, now, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool commit_bytes(const char *path, const void *bytes, size_t size,
                         const struct ixs_commit *how, bool *changed, struct ixs_err *err)
{
    struct place place = {.path = path, .directory = -1};
    bool ok = find_place(&place, err);
    bool same = ok && is_same(&place, bytes, size);
    if (ok && changed != NULL)
        *changed = !same;
    if (ok && how->dry_run)
        ok = faccessat(place.directory, ".", W_OK, 0) == 0 ||
             fail_output(&place, "its folder is write-protected", err);
    else if (ok && !(same && keep_old(&place, how)))
        ok = replace(&place, bytes, size, err);
    dispose_place(&place);
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
