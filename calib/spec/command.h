/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many rows a SPEC scan command asks for.
 */
#ifndef IXS_CALIB_SPEC_COMMAND_H
#define IXS_CALIB_SPEC_COMMAND_H

#include <stdint.h>

/* Rows that `command` ("ascan herixE -10 10 80 1") asks for: intervals + 1, for a mesh the product
 * of two such; -1 for a command that does not say, or is not known. */
int64_t ixs_spec_planned(const char *command);

#endif
