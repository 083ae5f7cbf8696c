/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two products in memory hold the same, cell by cell: what lies between the members of a row is the
 * compiler's, and no part of it. After cmocka.
 */
#ifndef IXS_TESTS_SAME_PRODUCT_H
#define IXS_TESTS_SAME_PRODUCT_H

#include "products/declare.h"

#include <string.h>

static void assert_same_cell(const struct ixs_column *column, const char *one, const char *two)
{
    if (column->type == IXS_TEXT)
        assert_string_equal(one + column->offset, two + column->offset);
    else
        assert_memory_equal(one + column->offset, two + column->offset, sizeof(double));
}

static void assert_same_rows(const struct ixs_table *table, size_t nrows, const char *one,
                             const char *two)
{
    for (size_t i = 0; i < nrows; i++)
        for (size_t k = 0; k < table->ncolumns; k++)
            assert_same_cell(&table->columns[k], one + i * table->row_size,
                             two + i * table->row_size);
}

/* `one` and `two` are structs of products of that kind; numbers are compared bit by bit. */
static void assert_same_product(const struct ixs_kind *kind, const void *one, const void *two)
{
    for (size_t p = 0; p < kind->nparts; p++) {
        const struct ixs_part *part = &kind->parts[p];
        const char *rows[2];
        size_t counts[2];
        memcpy(&counts[0], (const char *)one + part->count, sizeof counts[0]);
        memcpy(&counts[1], (const char *)two + part->count, sizeof counts[1]);
        memcpy(&rows[0], (const char *)one + part->rows, sizeof rows[0]);
        memcpy(&rows[1], (const char *)two + part->rows, sizeof rows[1]);
        assert_int_equal(counts[0], counts[1]);
        assert_same_rows(part->table, counts[0], rows[0], rows[1]);
        if (part->keywords != NULL)
            assert_same_rows(part->keywords, 1, (const char *)one + part->keys,
                             (const char *)two + part->keys);
    }
}

#endif
