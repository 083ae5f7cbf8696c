/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names of files.
 */
#include "base/path.h"

#include "base/array.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *ixs_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

const char *ixs_path_other(const struct stat *about)
{
    if (S_ISREG(about->st_mode))
        return NULL;
    return S_ISDIR(about->st_mode) ? "a folder" : "a special file";
}

char *ixs_path_folder(const char *path, struct ixs_err *err)
{
    size_t length = (size_t)(ixs_base_name(path) - path);
    if (length == 0)
        return ixs_text(err, ".");
    return ixs_text(err, "%.*s", (int)(length > 1 ? length - 1 : 1), path);
}

/* The folder behind all links, with a slash at its end. */
static char *real_folder(const char *folder, struct ixs_err *err)
{
    char *real = realpath(folder, NULL), *ended = NULL;
    if (real == NULL)
        ixs_fail_at(err, errno == ENOMEM ? IXS_OUTPUT : IXS_USAGE, folder, 0,
                    "found no such folder: %s", strerror(errno));
    else
        ended = ixs_text(err, "%s%s", real, real[1] == '\0' ? "" : "/");
    free(real);
    return ended;
}

/* From a folder to a file in another one; both absolute and ended by a slash. */
static char *way(const char *from, const char *to, const char *name, struct ixs_err *err)
{
    size_t same = 0, ups = 0;
    char *path = NULL, *climb = NULL;
    for (size_t i = 0; from[i] != '\0' && from[i] == to[i]; i++)
        if (from[i] == '/')
            same = i + 1;
    for (const char *rest = from + same; *rest != '\0'; rest++)
        ups += *rest == '/';
    if (!IXS_NEW(climb, 3 * ups + 1, err))
        return NULL;
    for (size_t i = 0; i < ups; i++)
        memcpy(climb + 3 * i, "../", 3); // NOLINT(bugprone-not-null-terminated-result): zeroed
    path = ixs_text(err, "%s%s%s", climb, to + same, name);
    free(climb);
    return path;
}

char *ixs_path_from(const char *folder, const char *path, struct ixs_err *err)
{
    if (path[0] == '/')
        return ixs_text(err, "%s", path);
    char *in = ixs_path_folder(path, err);
    char *from = in != NULL ? real_folder(folder, err) : NULL;
    char *to = from != NULL ? real_folder(in, err) : NULL;
    char *result = to != NULL ? way(from, to, ixs_base_name(path), err) : NULL;
    free(in);
    free(from);
    free(to);
    return result;
}

const char *ixs_path_complaint(const char *path)
{
    if (path[0] == '\0')
        return "expected a name";
    for (; *path != '\0'; path++)
        if (!isalnum((unsigned char)*path) && strchr("._/+-,@^", *path) == NULL &&
            (unsigned char)*path < 128)
            return "a Makefile cannot hold it, expected letters, digits and ._/+-,@ only";
    return NULL;
}

const char *ixs_path_quoted_complaint(const char *path)
{
    if (path[0] == '\0')
        return "expected a name";
    return strpbrk(path, "'$\n") != NULL
               ? "a Makefile cannot hold it in quotes, expected no ', no $ and one line"
               : NULL;
}
