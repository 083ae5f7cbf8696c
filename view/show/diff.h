/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two products compared: for results of two machines, versions or models.
 */
#ifndef IXS_VIEW_SHOW_DIFF_H
#define IXS_VIEW_SHOW_DIFF_H

#include "base/product.h"

struct ixs_diff_choice {
    double rtol;         /* numbers that differ by no more than this share of the larger one, or of
                            their own error (column NAME_ERR), are the same; 0: only equal ones */
    const char *table;   /* NULL: all tables but PROVENANCE and CONFIG */
    const char *columns; /* NULL: all */
    const struct ixs_reading *reading;
};

/* Tells on `out` what differs, a line for each keyword and column. Fails with IXS_USAGE unless
 * there are two, and with IXS_NOT_GOOD if they differ. */
IXS_MUST_CHECK bool ixs_diff(FILE *out, size_t npaths, const char *const *paths,
                             const struct ixs_diff_choice *choice, struct ixs_err *err);

#endif
