/* SPDX-License-Identifier: GPL-3.0-or-later
 * Declared columns: looking one up, printing a cell.
 */
#include "base/table.h"

#include "base/array.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The fewest of 15 to 17 digits that read back as the same double. */
static void print_real(double value, size_t size, char *room)
{
    if (!isfinite(value)) {
        ixs_copy(room, size, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(room, size, "%.*g", digits, value);
        if (strtod(room, NULL) == value)
            return;
    }
}

void ixs_cell_print(const struct ixs_column *column, const void *row, size_t size, char *room)
{
    const char *member = (const char *)row + column->offset;
    if (column->type == IXS_REAL) {
        double value;
        memcpy(&value, member, sizeof value);
        print_real(value, size, room);
    } else if (column->type == IXS_INT) {
        int64_t value;
        memcpy(&value, member, sizeof value);
        snprintf(room, size, "%" PRId64, value);
    } else {
        ixs_copy(room, size, member);
    }
}

const struct ixs_column *ixs_table_find(const struct ixs_table *table, const char *name)
{
    for (size_t k = 0; k < table->ncolumns; k++)
        if (strcasecmp(table->columns[k].name, name) == 0)
            return &table->columns[k];
    return NULL;
}
