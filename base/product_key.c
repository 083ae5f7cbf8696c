/* SPDX-License-Identifier: GPL-3.0-or-later
 * A struct as header keywords: one card, or more for a long text, for each declared column.
 */
#include "base/product_fits.h"

#include "base/array.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_TEXT = 4000, CARD_TEXT = 68 };

static bool fits_one_card(const char *text)
{
    size_t size = 0;
    for (; *text != '\0'; text++)
        size += *text == '\'' ? 2 : 1;
    return size <= CARD_TEXT;
}

/* The keyword that announces CONTINUE; FITS 4.0 does without, fitsverify asks for it. */
static void announce_long(fitsfile *fits, int *status)
{
    char known[FLEN_VALUE];
    int missing = 0;
    fits_write_errmark();
    fits_read_key_str(fits, "LONGSTRN", known, NULL, &missing);
    fits_clear_errmark();
    if (missing != 0)
        fits_write_key_str(fits, "LONGSTRN", "OGIP 1.0", "long texts go on in CONTINUE", status);
}

/* What FITS would take for padding or for the mark of a continued text, a last blank or '&', is
 * escaped as well. */
void ixs_card_text(fitsfile *fits, const char *key, const char *text, const char *comment,
                   int *status)
{
    char room[LONGEST_TEXT + 8];
    size_t size = ixs_escape_size(text);
    if (*status != 0)
        return;
    if (size > LONGEST_TEXT) {
        *status = BAD_KEYCHAR;
        return;
    }
    ixs_escape(text, room);
    if (size > 0 && room[size - 1] == ' ')
        memcpy(room + size - 1, "\\x20", 4), size += 3;
    else if (size > 0 && room[size - 1] == '&')
        memcpy(room + size - 1, "\\x26", 4), size += 3;
    room[size] = '\0';
    if (fits_one_card(room)) { /* later cfitsio would continue a long comment, this cuts it */
        fits_write_key_str(fits, key, room, comment, status);
        return;
    }
    announce_long(fits, status);
    fits_write_key_longstr(fits, key, room, comment, status);
}

/* The fewest of 15 to 17 digits that read back as the same double. */
static void card_real(fitsfile *fits, const char *key, double value, const char *comment,
                      int *status)
{
    char room[40];
    int digits = 15;
    for (; digits < 17; digits++) {
        snprintf(room, sizeof room, "%.*e", digits - 1, value);
        if (strtod(room, NULL) == value)
            break;
    }
    fits_write_key_dbl(fits, key, value, -digits, comment, status);
}

static void card_write(fitsfile *fits, const struct ixs_column *column, const void *keys,
                       int *status)
{
    const char *member = (const char *)keys + column->offset;
    char comment[128];
    double real;
    int64_t whole;
    snprintf(comment, sizeof comment, column->unit[0] ? "[%s] %s" : "%s%s", column->unit,
             column->meaning);
    if (column->type == IXS_TEXT && member[0] != '\0') {
        ixs_card_text(fits, column->name, member, comment, status);
    } else if (column->type == IXS_REAL) {
        memcpy(&real, member, sizeof real);
        if (!isnan(real))
            card_real(fits, column->name, real, comment, status);
    } else if (column->type == IXS_INT) {
        memcpy(&whole, member, sizeof whole);
        fits_write_key_lng(fits, column->name, whole, comment, status);
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

bool ixs_cards_write(fitsfile *fits, const struct ixs_table *keywords, const void *keys,
                     struct ixs_err *err)
{
    int status = 0;
    if (keywords == NULL || keys == NULL)
        return true;
    for (size_t k = 0; k < keywords->ncolumns; k++) {
        if (!check_key(&keywords->columns[k], keys, err))
            return false;
        card_write(fits, &keywords->columns[k], keys, &status);
    }
    return status == 0 || ixs_fits_fail(status, "writing keywords", err);
}
