/* SPDX-License-Identifier: GPL-3.0-or-later
 * Header cards of a product that is built, as FITS Standard 4.0 section 4.2 lays them out (fixed
 * format; long texts by CONTINUE, 4.2.1.2). Cards are bytes at known places here: cfitsio reads a
 * header from its beginning for each call that changes it, which is most of the time of writing a
 * small file.
 */
#define _GNU_SOURCE
#include "base/array.h"
#include "base/product_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    CARD_TEXT = 68, /* letters of a text in a card, quotes within counted twice */
    NAME = 8,       /* where "= " stands */
    VALUE = 10,
    FIXED = 30, /* where fixed values end */
    SHORTEST = 8,
    LARGE_PAGE = 1 << 21
};

/* Memory of many megabytes in large pages, where the system has them: filling it page by page takes
 * longer than packing the numbers. */
static void *large_pages(size_t size)
{
    void *memory = NULL;
    if (posix_memalign(&memory, LARGE_PAGE, size) != 0)
        return NULL;
    (void)madvise(memory, size, MADV_HUGEPAGE);
    return memory;
}

static bool grow(struct ixs_writer *writer, size_t need)
{
    size_t capacity = need + need / 2;
    void *grown = NULL;
    if (need < 2 * (size_t)LARGE_PAGE) {
        grown = realloc(writer->bytes, capacity);
    } else if ((grown = large_pages(capacity)) != NULL) {
        if (writer->size > 0)
            memcpy(grown, writer->bytes, writer->size);
        free(writer->bytes);
    }
    writer->lost = grown == NULL;
    if (grown == NULL)
        return false;
    writer->bytes = grown;
    writer->capacity = capacity;
    return true;
}

bool ixs_writer_whole(const struct ixs_writer *writer, struct ixs_err *err)
{
    if (!writer->lost)
        return true;
    if (writer->too_long[0] != '\0')
        return ixs_fail(err, IXS_BUG, "found a %s of more than %d letters", writer->too_long,
                        IXS_LONGEST_TEXT);
    return ixs_fail(err, IXS_OUTPUT, "no memory for a product");
}

unsigned char *ixs_writer_room(struct ixs_writer *writer, size_t size)
{
    if (writer->lost || size > SIZE_MAX / 4 - writer->size) {
        writer->lost = true;
        return NULL;
    }
    size_t need = writer->size + size;
    if (need > writer->capacity && !grow(writer, need))
        return NULL;
    writer->size = need;
    return writer->bytes + need - size;
}

static void put(char *card, size_t at, const char *text)
{
    size_t length = strlen(text), left = at < IXS_CARD ? IXS_CARD - at : 0;
    memcpy(card + at, text, length < left ? length : left);
}

/* `between` is "= ", or blanks for CONTINUE. */
static void lay_out(char *card, const char *key, const char *between, const char *value,
                    const char *comment)
{
    size_t end = VALUE + strlen(value);
    memset(card, ' ', IXS_CARD);
    put(card, 0, key);
    put(card, NAME, between);
    put(card, VALUE, value);
    if (comment[0] == '\0')
        return;
    end = end < FIXED ? FIXED : end;
    put(card, end, " / ");
    put(card, end + 3, comment);
}

static void add_card(struct ixs_writer *writer, const char *key, const char *between,
                     const char *value, const char *comment)
{
    unsigned char *card = ixs_writer_room(writer, IXS_CARD);
    if (card != NULL)
        lay_out((char *)card, key, between, value, comment);
}

/* Into quoted[CARD_TEXT + 3]: in quotes, those within doubled, padded to `least` letters. Takes
 * what fits into `most` letters; returns the rest. */
static const char *quote(const char *text, size_t least, size_t most, char *quoted)
{
    size_t used = 1;
    quoted[0] = '\'';
    for (; *text != '\0' && used - 1 + (*text == '\'' ? 2 : 1) <= most; text++) {
        quoted[used++] = *text;
        if (*text == '\'')
            quoted[used++] = '\'';
    }
    while (used < least + 1)
        quoted[used++] = ' ';
    quoted[used] = '\'';
    quoted[used + 1] = '\0';
    return text;
}

static void right_justify(const char *word, char room[IXS_CARD])
{
    size_t length = strlen(word), blanks = length < FIXED - VALUE ? FIXED - VALUE - length : 0;
    memset(room, ' ', blanks);
    memcpy(room + blanks, word, length + 1);
}

void ixs_card_word(struct ixs_writer *writer, const char *key, const char *word,
                   const char *comment)
{
    char value[IXS_CARD];
    right_justify(word, value);
    add_card(writer, key, "= ", value, comment);
}

void ixs_card_int(struct ixs_writer *writer, const char *key, int64_t value, const char *comment)
{
    char word[24];
    snprintf(word, sizeof word, "%" PRId64, value);
    ixs_card_word(writer, key, word, comment);
}

void ixs_card_comment(struct ixs_writer *writer, const char *text)
{
    enum { MOST = IXS_CARD - NAME };
    for (size_t left = strlen(text), part; left > 0; text += part, left -= part) {
        unsigned char *card = ixs_writer_room(writer, IXS_CARD);
        part = left < MOST ? left : MOST;
        if (card == NULL)
            return;
        memset(card, ' ', IXS_CARD);
        memcpy(card, "COMMENT ", NAME);
        memcpy(card + NAME, text, part);
    }
}

static bool has_card(const struct ixs_writer *writer, const char *key)
{
    struct ixs_header header = {.cards = (const char *)writer->bytes + writer->hdu,
                                .count = (writer->size - writer->hdu) / IXS_CARD};
    return !writer->lost && ixs_header_find(&header, key) != NULL;
}

/* A text of more than one card: all but the last end with '&'. */
static void add_long(struct ixs_writer *writer, const char *key, const char *text,
                     const char *comment)
{
    char value[CARD_TEXT + 3];
    if (!has_card(writer, "LONGSTRN")) /* FITS 4.0 does without, fitsverify asks for it */
        add_card(writer, "LONGSTRN", "= ", "'OGIP 1.0'", "long texts go on in CONTINUE");
    const char *rest = text;
    for (bool first = true; *rest != '\0'; first = false, text = rest) {
        rest = quote(text, 0, CARD_TEXT, value);
        bool more = *rest != '\0';
        if (more) {
            rest = quote(text, 0, CARD_TEXT - 1, value);
            memcpy(value + strlen(value) - 1, "&'", 3);
        }
        add_card(writer, first ? key : "CONTINUE", first ? "= " : "  ", value, more ? "" : comment);
    }
}

/* What FITS would take for padding or for the mark of a continued text, a last blank or '&', is
 * escaped as well. */
void ixs_card_text(struct ixs_writer *writer, const char *key, const char *text,
                   const char *comment)
{
    char escaped[IXS_LONGEST_TEXT + 8], value[CARD_TEXT + 3];
    size_t size = ixs_escape_size(text);
    if (size > IXS_LONGEST_TEXT) {
        writer->lost = true;
        ixs_copy(writer->too_long, sizeof writer->too_long, key);
        return;
    }
    ixs_escape(text, escaped);
    if (size > 0 && escaped[size - 1] == ' ')
        memcpy(escaped + size - 1, "\\x20", 4), size += 3;
    else if (size > 0 && escaped[size - 1] == '&')
        memcpy(escaped + size - 1, "\\x26", 4), size += 3;
    escaped[size] = '\0';
    if (*quote(escaped, SHORTEST, CARD_TEXT, value) == '\0')
        add_card(writer, key, "= ", value, comment);
    else
        add_long(writer, key, escaped, comment);
}

static char *find_card(struct ixs_writer *writer, const char *key)
{
    struct ixs_header header = {.cards = (const char *)writer->bytes + writer->hdu,
                                .count = (writer->data - writer->hdu) / IXS_CARD};
    const char *card = writer->lost ? NULL : ixs_header_find(&header, key);
    return card != NULL ? (char *)writer->bytes + (card - (const char *)writer->bytes) : NULL;
}

/* The comment stays. */
static void change(struct ixs_writer *writer, const char *key, const char *value)
{
    char *card = find_card(writer, key), comment[IXS_CARD + 1] = "";
    if (card == NULL)
        return;
    const char *slash = memchr(card + VALUE, '/', IXS_CARD - VALUE);
    if (slash != NULL)
        snprintf(comment, sizeof comment, "%.*s", (int)(card + IXS_CARD - slash - 2), slash + 2);
    lay_out(card, key, "= ", value, comment);
}

void ixs_card_change_text(struct ixs_writer *writer, const char *key, const char *text)
{
    char value[CARD_TEXT + 3];
    quote(text, SHORTEST, CARD_TEXT, value);
    change(writer, key, value);
}

void ixs_card_change_int(struct ixs_writer *writer, const char *key, int64_t value)
{
    char word[24], room[IXS_CARD];
    snprintf(word, sizeof word, "%" PRId64, value);
    right_justify(word, room);
    change(writer, key, room);
}
