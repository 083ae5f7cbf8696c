/* SPDX-License-Identifier: GPL-3.0-or-later
 * What base/config*.c share: the open file. A node's _private pointer, not null, says that it was
 * used.
 */
#ifndef IXS_BASE_CONFIG_INSIDE_H
#define IXS_BASE_CONFIG_INSIDE_H

#include "base/config.h"

#include <libxml/tree.h>

struct ixs_config {
    char *path;
    xmlDocPtr document;
};

/* ---- config_memory.c: to be called before anything of libxml2 -------------------------------- */
IXS_MUST_CHECK bool ixs_config_memory(struct ixs_err *err);

#endif
