/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ancestry of a product, read from it.
 */
#ifndef IXS_VIEW_SHOW_HISTORY_H
#define IXS_VIEW_SHOW_HISTORY_H

#include "base/product.h"

struct ixs_history { /* owns its arrays */
    size_t nrows;
    struct ixs_ancestor *rows; /* PROVENANCE */
    size_t nlines;
    struct ixs_config_line *lines; /* CONFIG */
};

/* A Makefile that makes the product `name` again. */
IXS_MUST_CHECK bool ixs_history_make(FILE *out, const struct ixs_history *history, const char *name,
                                     struct ixs_err *err);

#endif
