/* SPDX-License-Identifier: GPL-3.0-or-later
 * Header cards: FITS Standard 4.0 sections 4.1 (form), 4.2 (values) and 4.2.1.2 (CONTINUE).
 */
#include "base/product_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 8, VALUE = 10, LONGEST_TEXT = 4096 };

static bool has_value(const char *card)
{
    return card[NAME] == '=' && card[NAME + 1] == ' ';
}

static bool is_continue(const char *card)
{
    return memcmp(card, "CONTINUE  ", VALUE) == 0;
}

static size_t skip_blanks(const char *card, size_t at)
{
    while (at < IXS_CARD && card[at] == ' ')
        at++;
    return at;
}

/* The place of the quote that ends the text whose first quote is at `start`; IXS_CARD: none does. A
 * quote within is doubled. */
static size_t end_of_quoted(const char *card, size_t start)
{
    const char *quote = card + start, *end = card + IXS_CARD;
    while ((quote = memchr(quote + 1, '\'', (size_t)(end - quote - 1))) != NULL)
        if (++quote == end || *quote != '\'')
            return (size_t)(quote - 1 - card);
    return IXS_CARD;
}

/* Reads the quoted text of a card into room[IXS_CARD], without the blanks at its end. False if it
 * is not a quoted text. */
static bool read_quoted(const char *card, char *room, size_t *size)
{
    size_t start = skip_blanks(card, VALUE), used = 0;
    if (start >= IXS_CARD || card[start] != '\'')
        return false;
    size_t end = end_of_quoted(card, start);
    if (end == IXS_CARD)
        return false;
    for (size_t at = start + 1; at < end; at += card[at] == '\'' ? 2 : 1)
        room[used++] = card[at];
    while (used > 0 && room[used - 1] == ' ')
        used--;
    *size = used;
    return true;
}

/* Reads an unquoted value into room[IXS_CARD]; "" where there is none. */
static bool read_token(const char *card, char *room, size_t *after)
{
    size_t start = skip_blanks(card, VALUE), end = start;
    while (end < IXS_CARD && card[end] != ' ' && card[end] != '/' && card[end] != '\'')
        end++;
    memcpy(room, card + start, end - start);
    room[end - start] = '\0';
    *after = end;
    return end == IXS_CARD || card[end] != '\'';
}

static const char *value_complaint(const char *card)
{
    char room[IXS_CARD + 1];
    size_t after, start = skip_blanks(card, VALUE);
    bool quoted = start < IXS_CARD && card[start] == '\'', ends;
    if (quoted) {
        size_t end = end_of_quoted(card, start);
        ends = end < IXS_CARD;
        after = ends ? end + 1 : IXS_CARD;
    } else {
        ends = read_token(card, room, &after);
    }
    if (!ends)
        return "a value with a quote that does not end";
    after = skip_blanks(card, after);
    return after == IXS_CARD || card[after] == '/' ? NULL : "text behind a value";
}

static bool is_keyword_letter(char letter)
{
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '_' ||
           letter == '-';
}

const char *ixs_card_complaint(const char *card)
{
    unsigned char odd = 0;
    for (size_t i = 0; i < IXS_CARD; i++)
        odd |= (unsigned char)(card[i] - 0x20) > 0x7e - 0x20;
    if (odd)
        return "a byte that is not printable";
    size_t length = 0;
    while (length < NAME && is_keyword_letter(card[length]))
        length++;
    for (size_t i = length; i < NAME; i++)
        if (card[i] != ' ')
            return "a keyword that is not of capital letters and digits";
    return has_value(card) || is_continue(card) ? value_complaint(card) : NULL;
}

const char *ixs_header_find(const struct ixs_header *header, const char *name)
{
    char padded[NAME];
    size_t length = strlen(name);
    if (length > NAME)
        return NULL;
    memset(padded, ' ', NAME);
    memcpy(padded, name, length);
    const char *card = header->cards;
    for (size_t i = 0; i < header->count; i++, card += IXS_CARD)
        if (memcmp(card, padded, NAME) == 0 && memcmp(card + NAME, "= ", 2) == 0)
            return card;
    return NULL;
}

bool ixs_header_int(const struct ixs_header *header, const char *name, int64_t *value)
{
    char token[IXS_CARD + 1], *end;
    size_t after;
    const char *card = ixs_header_find(header, name);
    if (card == NULL || !read_token(card, token, &after) || token[0] == '\0' ||
        strspn(token, "+-0123456789") != strlen(token))
        return false;
    errno = 0;
    long long read = strtoll(token, &end, 10);
    if (*end != '\0' || errno != 0)
        return false;
    *value = read;
    return true;
}

bool ixs_header_real(const struct ixs_header *header, const char *name, double *value)
{
    char token[IXS_CARD + 1], *end;
    size_t after;
    const char *card = ixs_header_find(header, name);
    if (card == NULL || !read_token(card, token, &after) || token[0] == '\0' ||
        strspn(token, "+-.0123456789EeDd") != strlen(token))
        return false;
    for (char *letter = token; *letter != '\0'; letter++)
        if (*letter == 'D' || *letter == 'd')
            *letter = 'E';
    double read = strtod(token, &end);
    if (*end != '\0' || !isfinite(read))
        return false;
    *value = read;
    return true;
}

/* The text of a card and of those that go on with it, still escaped. */
static bool join_text(const struct ixs_header *header, const char *card, char *joined, size_t *size)
{
    const char *end = header->cards + header->count * IXS_CARD;
    size_t used = 0, part;
    for (;; card += IXS_CARD) {
        if (used + IXS_CARD > LONGEST_TEXT || !read_quoted(card, joined + used, &part))
            return false;
        used += part;
        bool more = part > 0 && joined[used - 1] == '&' && card + IXS_CARD < end &&
                    is_continue(card + IXS_CARD);
        if (!more)
            break;
        used--;
    }
    *size = used;
    return true;
}

bool ixs_card_value(const struct ixs_header *header, const char *card, size_t size, char *room)
{
    char joined[LONGEST_TEXT], plain[LONGEST_TEXT + 1];
    size_t length;
    room[0] = '\0';
    if (card == NULL || !join_text(header, card, joined, &length))
        return false;
    ixs_unescape(joined, length, plain);
    if (strlen(plain) >= size)
        return false;
    memcpy(room, plain, strlen(plain) + 1);
    return true;
}

bool ixs_header_text(const struct ixs_header *header, const char *name, size_t size, char *room)
{
    return ixs_card_value(header, ixs_header_find(header, name), size, room);
}
