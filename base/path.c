/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names of files.
 */
#include "base/path.h"

#include <string.h>

const char *ixs_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
