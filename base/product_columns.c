/* SPDX-License-Identifier: GPL-3.0-or-later
 * Columns of a binary table from its header: FITS Standard 4.0 sections 7.3.1 and 7.3.2. One pass
 * over the cards for all columns: a wide table has as many cards as columns, and more.
 */
#include "base/product_parts.h"

#include <stdlib.h>
#include <string.h>

/* The number behind the stem of a keyword, from 1, as FITS writes it: no zero in front, blanks
 * behind; 0: it is none. */
static size_t number_behind(const char *card, size_t stem)
{
    size_t number = 0, i = stem;
    for (; i < 8 && card[i] >= '0' && card[i] <= '9' && (number > 0 || card[i] != '0'); i++)
        number = 10 * number + (size_t)(card[i] - '0');
    for (; i < 8; i++)
        if (card[i] != ' ')
            return 0;
    return number;
}

static void note_cards(const struct ixs_header *header, size_t ncolumns,
                       struct ixs_file_column *columns)
{
    static const char stems[IXS_NCOLUMN_CARDS][6] = {"TTYPE", "TFORM", "TUNIT", "TCOMM"};
    const char *card = header->cards;
    for (size_t i = 0; i < header->count; i++, card += IXS_CARD) {
        if (card[0] != 'T' || memcmp(card + 8, "= ", 2) != 0)
            continue;
        size_t n = number_behind(card, 5);
        for (size_t k = 0; n > 0 && n <= ncolumns && k < IXS_NCOLUMN_CARDS; k++)
            if (memcmp(card, stems[k], 5) == 0 && columns[n - 1].cards[k] == NULL)
                columns[n - 1].cards[k] = card;
    }
}

static const char *form_complaint(const char *form, struct ixs_file_column *column)
{
    static const char letters[] = "LXBIJKAEDCM";
    static const unsigned char sizes[] = {1, 1, 1, 2, 4, 8, 1, 4, 8, 8, 16};
    size_t digits = strspn(form, "0123456789");
    const char *letter = form[digits] ? strchr(letters, form[digits]) : NULL;
    if (form[digits] == 'P' || form[digits] == 'Q')
        return "a column of variable length";
    if (letter == NULL || digits > 9 || form[digits + 1] != '\0')
        return "a TFORM that is none";
    column->repeat = digits ? strtoul(form, NULL, 10) : 1;
    column->letter = *letter;
    column->width =
        *letter == 'X' ? (column->repeat + 7) / 8 : column->repeat * sizes[letter - letters];
    return NULL;
}

static const char *column_complaint(const struct ixs_header *header, struct ixs_file_column *column)
{
    const char *const *cards = column->cards;
    char form[IXS_CARD];
    if (!ixs_card_value(header, cards[IXS_TTYPE], sizeof column->name, column->name) ||
        column->name[0] == '\0')
        return "a column without a name";
    if (cards[IXS_TUNIT] != NULL &&
        !ixs_card_value(header, cards[IXS_TUNIT], sizeof column->unit, column->unit))
        return "a TUNIT that is no text";
    if (!ixs_card_value(header, cards[IXS_TFORM], sizeof form, form))
        return "a column without TFORM";
    return form_complaint(form, column);
}

const char *ixs_file_columns(const struct ixs_header *header, size_t ncolumns,
                             struct ixs_file_column *columns, size_t *bad)
{
    const char *complaint = NULL;
    size_t offset = 0;
    note_cards(header, ncolumns, columns);
    for (size_t n = 0; complaint == NULL && n < ncolumns; n++) {
        complaint = column_complaint(header, &columns[n]);
        columns[n].offset = offset;
        offset += columns[n].width;
        *bad = n;
    }
    return complaint;
}
