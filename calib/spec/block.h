/* SPDX-License-Identifier: GPL-3.0-or-later
 * Control lines that belong together, of a file header or of a scan: kept verbatim, and the
 * numbered lists among them (#O3, #P3, #H3, #V3, #G1) to be found again.
 */
#ifndef IXS_CALIB_SPEC_BLOCK_H
#define IXS_CALIB_SPEC_BLOCK_H

#include "calib/spec/line.h"
#include "products/raw.h"

struct ixs_spec_list {
    char key;   /* 'O' of #O3; 'M' of #MD */
    long index; /* 3; -1 of #MD */
    char *text; /* what stands behind it, owned */
};

struct ixs_spec_block { /* owns its arrays; all-zero is empty */
    struct ixs_raw_header *lines;
    size_t nlines, lines_capacity;
    struct ixs_spec_list *lists;
    size_t nlists, lists_capacity;
};

/* Keeps a line; a numbered list is also filed. Fails with IXS_INPUT where there are absurdly many.
 */
IXS_MUST_CHECK bool ixs_spec_block_add(struct ixs_spec_block *block,
                                       const struct ixs_spec_line *line, struct ixs_err *err);
/* Moves all lines of `from` behind those of `block`. */
IXS_MUST_CHECK bool ixs_spec_block_join(struct ixs_spec_block *block, struct ixs_spec_block *from,
                                        struct ixs_err *err);
/* The text of a list, or NULL. */
const char *ixs_spec_block_find(const struct ixs_spec_block *block, char key, long index);
bool ixs_spec_block_has(const struct ixs_spec_block *block, char key); /* of any number */
void ixs_spec_block_dispose(struct ixs_spec_block *block);

#endif
