/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names of files. Products know files by their base names, so that a moved folder changes nothing.
 */
#ifndef IXS_BASE_PATH_H
#define IXS_BASE_PATH_H

#include "base/err.h"

#include <sys/stat.h>

/* What stands behind the last slash, all of it if there is none; points into `path`. */
const char *ixs_base_name(const char *path);

/* What a file is that is no regular one, "a folder" or "a special file"; else NULL. */
const char *ixs_path_other(const struct stat *about);

/* Name of the folder that `path` lies in, "." if it says none. The caller frees. */
IXS_MUST_CHECK char *ixs_path_folder(const char *path, struct ixs_err *err);

/* `path` as it is called from inside `folder`, which is there: "../configs/herix.xml". An absolute
 * path stays as it is. The caller frees. */
IXS_MUST_CHECK char *ixs_path_from(const char *folder, const char *path, struct ixs_err *err);

/* Why a Makefile cannot hold the name as it stands, or NULL if it can. */
const char *ixs_path_complaint(const char *path);
/* Why not even between quotes in a recipe. */
const char *ixs_path_quoted_complaint(const char *path);

#endif
