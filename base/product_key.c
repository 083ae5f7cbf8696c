/* SPDX-License-Identifier: GPL-3.0-or-later
 * A struct as header keywords: one card, or more for a long text, for each declared column.
 */
#include "base/product_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The fewest of 15 to 17 digits that read back as the same double; with a point, so that no reader
 * takes it for a whole number. */
static void print_real(double value, char word[40])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(word, 40, "%.*G", digits, value);
        if (strtod(word, NULL) == value)
            break;
    }
    if (strchr(word, '.') != NULL)
        return;
    char tail[40];
    size_t length = strcspn(word, "E");
    snprintf(tail, sizeof tail, "%s", word + length);
    snprintf(word + length, 40 - length, ".%s", tail);
}

static void add_key(struct ixs_writer *writer, const struct ixs_column *column, const void *keys)
{
    const char *member = (const char *)keys + column->offset;
    char comment[128], word[40];
    double real;
    int64_t whole;
    snprintf(comment, sizeof comment, column->unit[0] ? "[%s] %s" : "%s%s", column->unit,
             column->meaning);
    if (column->type == IXS_TEXT && member[0] != '\0') {
        ixs_card_text(writer, column->name, member, comment);
    } else if (column->type == IXS_REAL) {
        memcpy(&real, member, sizeof real);
        if (!isnan(real)) {
            print_real(real, word);
            ixs_card_word(writer, column->name, word, comment);
        }
    } else if (column->type == IXS_INT) {
        memcpy(&whole, member, sizeof whole);
        ixs_card_int(writer, column->name, whole, comment);
    }
}

static bool check_key(const struct ixs_column *column, const void *keys, struct ixs_err *err)
{
    double real = 0;
    if (column->type == IXS_REAL)
        memcpy(&real, (const char *)keys + column->offset, sizeof real);
    if (isinf(real))
        return ixs_fail(err, IXS_BUG, "found an infinite %s, which a FITS keyword cannot be",
                        column->name);
    return strlen(column->name) <= 8 ||
           ixs_fail(err, IXS_BUG, "found the keyword %s, expected at most 8 letters", column->name);
}

bool ixs_cards_write(struct ixs_writer *writer, const struct ixs_table *keywords, const void *keys,
                     struct ixs_err *err)
{
    if (keywords == NULL || keys == NULL)
        return true;
    for (size_t k = 0; k < keywords->ncolumns; k++) {
        if (!check_key(&keywords->columns[k], keys, err))
            return false;
        add_key(writer, &keywords->columns[k], keys);
    }
    return true;
}
