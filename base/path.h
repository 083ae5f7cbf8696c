/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names of files. Products know files by their base names, so that a moved folder changes nothing.
 */
#ifndef IXS_BASE_PATH_H
#define IXS_BASE_PATH_H

/* What stands behind the last slash, all of it if there is none; points into `path`. */
const char *ixs_base_name(const char *path);

#endif
