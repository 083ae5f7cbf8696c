/* SPDX-License-Identifier: GPL-3.0-or-later
 * Structure of a product in memory, told before cfitsio sees it: FITS Standard 4.0 sections
 * 3, 4.4.1 and 7.3. Only what products are made of passes: an empty primary HDU and binary tables
 * without heap or scaling, every card well-formed, every HDU whole.
 */
#include "base/product_parts.h"

#include "base/array.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_HDUS = 999, MOST_CARDS = 20000 };

struct file { /* what is looked at; borrowed */
    const unsigned char *bytes;
    size_t size;
    const char *path;
    char where[512]; /* "FILE[HDU]" */
};

struct ixs_header ixs_hdu_header(const unsigned char *bytes, const struct ixs_hdu *hdu)
{
    return (struct ixs_header){.cards = (const char *)bytes + hdu->header, .count = hdu->ncards};
}

static bool is_end(const char *card)
{
    return memcmp(card, "END     ", 8) == 0;
}

static bool fail_short(const struct file *file, uint64_t need, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_INPUT, file->where, 0,
                       "found a file cut short: %zu bytes, expected at least %" PRIu64, file->size,
                       need);
}

/* Cards up to END, and blanks behind it. */
static bool find_header(const struct file *file, struct ixs_hdu *hdu, struct ixs_err *err)
{
    const char *cards = (const char *)file->bytes + hdu->header;
    size_t room = (file->size - hdu->header) / IXS_CARD, n = 0;
    for (; n < room && !is_end(cards + n * IXS_CARD); n++) {
        const char *complaint = ixs_card_complaint(cards + n * IXS_CARD);
        if (complaint == NULL && n >= MOST_CARDS)
            complaint = "too many cards";
        if (complaint != NULL)
            return ixs_fail_at(err, IXS_INPUT, file->where, 0,
                               "found %s in card %zu, expected a FITS header", complaint, n + 1);
    }
    hdu->ncards = n;
    hdu->data = hdu->header + (n / (IXS_BLOCK / IXS_CARD) + 1) * IXS_BLOCK;
    if (n == room || hdu->data > file->size)
        return fail_short(file, hdu->data, err);
    for (const char *byte = cards + n * IXS_CARD + 3; byte < (const char *)file->bytes + hdu->data;
         byte++)
        if (*byte != ' ')
            return ixs_fail_at(err, IXS_INPUT, file->where, 0,
                               "found text behind END, expected blanks");
    return true;
}

/* Among keys[mask + 1], of which 0 is a free place: true if that key is there; else it is then. */
static bool meets(uint64_t *keys, size_t mask, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40); /* Knuth 6.4: 2^64 / golden */
    while (keys[at & mask] != 0 && keys[at & mask] != key)
        at++;
    bool met = keys[at & mask] == key;
    keys[at & mask] = key;
    return met;
}

/* A keyword given twice could mean one thing to us and another to cfitsio. */
static bool check_once(const struct file *file, const struct ixs_header *header,
                       struct ixs_err *err)
{
    uint64_t *keys, key;
    size_t places = 16;
    while (places < 2 * header->count)
        places *= 2;
    bool ok = true;
    if (!IXS_NEW(keys, places, err))
        return false;
    const char *card = header->cards;
    for (size_t i = 0; ok && i < header->count; i++, card += IXS_CARD) {
        memcpy(&key, card, sizeof key);
        if (memcmp(card + 8, "= ", 2) == 0 && meets(keys, places - 1, key))
            ok = ixs_fail_at(err, IXS_INPUT, file->where, 0,
                             "found the keyword %.8s twice, expected it once", card);
    }
    free(keys);
    return ok;
}

struct fixed_card { /* a keyword that must stand at its place, with an integer in this range */
    const char *name;
    int64_t least, most;
};

static bool get_fixed(const struct file *file, const struct ixs_header *header, size_t place,
                      const struct fixed_card *fixed, int64_t *value, struct ixs_err *err)
{
    struct ixs_header card = {.cards = header->cards + place * IXS_CARD, .count = 1};
    *value = -1;
    if (place < header->count && ixs_header_int(&card, fixed->name, value) &&
        *value >= fixed->least && *value <= fixed->most)
        return true;
    if (place >= header->count || ixs_header_find(&card, fixed->name) == NULL)
        return ixs_fail_at(err, IXS_INPUT, file->where, 0, "found no %s in card %zu of the header",
                           fixed->name, place + 1);
    return ixs_fail_at(err, IXS_INPUT, file->where, 0,
                       "found %.70s, expected a whole number from %" PRId64 " to %" PRId64,
                       card.cards, fixed->least, fixed->most);
}

/* From the second card on: the first, SIMPLE or XTENSION, is looked at before. */
static bool get_all_fixed(const struct file *file, const struct ixs_header *header, size_t nfixed,
                          const struct fixed_card *fixed, int64_t *values, struct ixs_err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < nfixed; i++)
        ok = get_fixed(file, header, i + 1, &fixed[i], &values[i], err);
    return ok;
}

/* Keywords that would make a HDU more than products are, or number a column in a second way: what
 * cfitsio would act on and we do not. `names` ends with NULL; '#' stands for any number. */
static bool check_refused(const struct file *file, const struct ixs_header *header,
                          const char *const *names, struct ixs_err *err)
{
    for (size_t k = 0; names[k] != NULL; k++) {
        size_t length = strcspn(names[k], "#");
        bool any = names[k][length] == '#';
        const char *card = header->cards;
        for (size_t i = 0; i < header->count; i++, card += IXS_CARD)
            if (card[0] == names[k][0] && memcmp(card, names[k], length) == 0 &&
                (any || card[length] == ' '))
                return ixs_fail_at(err, IXS_INPUT, file->where, 0,
                                   "found the keyword %.8s, expected a plain table of a product",
                                   card);
    }
    return true;
}

static bool check_primary(const struct file *file, struct ixs_hdu *hdu, struct ixs_err *err)
{
    static const char *const refused[] = {"PCOUNT", "GCOUNT", "GROUPS", "BSCALE",
                                          "BZERO",  "BLANK",  "ZIMAGE", NULL};
    static const struct fixed_card fixed[] = {{"BITPIX", -64, 64}, {"NAXIS", 0, 0}};
    struct ixs_header header = ixs_hdu_header(file->bytes, hdu);
    int64_t values[2];
    hdu->end = hdu->data;
    return check_refused(file, &header, refused, err) &&
           get_all_fixed(file, &header, 2, fixed, values, err);
}

static int by_name(const void *a, const void *b)
{
    const struct ixs_file_column *one = a, *other = b;
    return strcasecmp(one->name, other->name);
}

/* A name that two columns have, but for capitals, or NULL. Changes their order. */
static const char *find_twice(struct ixs_file_column *columns, size_t count)
{
    qsort(columns, count, sizeof *columns, by_name);
    for (size_t n = 1; n < count; n++)
        if (by_name(&columns[n - 1], &columns[n]) == 0)
            return columns[n].name;
    return NULL;
}

static bool check_columns(const struct file *file, const struct ixs_hdu *hdu, struct ixs_err *err)
{
    struct ixs_header header = ixs_hdu_header(file->bytes, hdu);
    struct ixs_file_column *columns;
    size_t bad = 0, sum = 0;
    if (!IXS_NEW(columns, hdu->ncolumns, err))
        return false;
    const char *complaint = ixs_file_columns(&header, hdu->ncolumns, columns, &bad);
    if (complaint != NULL)
        ixs_fail_at(err, IXS_INPUT, file->where, 0, "found %s (column %zu)", complaint, bad + 1);
    else if (hdu->ncolumns > 0)
        sum = columns[bad].offset + columns[bad].width;
    const char *twice = complaint == NULL ? find_twice(columns, hdu->ncolumns) : NULL;
    if (twice != NULL)
        ixs_fail_at(err, IXS_INPUT, file->where, 0, "found two columns of one name, %s", twice);
    free(columns);
    if (twice != NULL)
        return false;
    if (complaint == NULL && sum != hdu->row_size)
        return ixs_fail_at(err, IXS_INPUT, file->where, 0,
                           "found rows of %zu bytes, expected the sum of the columns, %zu",
                           hdu->row_size, sum);
    return complaint == NULL;
}

static bool check_size(const struct file *file, struct ixs_hdu *hdu, int64_t rows, int64_t width,
                       struct ixs_err *err)
{
    uint64_t size;
    if (width == 0 && rows > 0)
        return ixs_fail_at(err, IXS_INPUT, file->where, 0, "found %" PRId64 " rows without columns",
                           rows);
    if (__builtin_mul_overflow((uint64_t)rows, (uint64_t)width, &size) || size > INT64_MAX / 2)
        return fail_short(file, INT64_MAX, err);
    uint64_t end = hdu->data + (size + IXS_BLOCK - 1) / IXS_BLOCK * IXS_BLOCK;
    if (end > file->size)
        return fail_short(file, end, err);
    hdu->nrows = (size_t)rows;
    hdu->row_size = (size_t)width;
    hdu->end = (size_t)end;
    return true;
}

static bool check_table(const struct file *file, struct ixs_hdu *hdu, struct ixs_err *err)
{
    static const char *const refused[] = {"THEAP",  "ZIMAGE", "ZTABLE",  "TSCAL#",  "TZERO#",
                                          "TNULL#", "TBCOL#", "TFORM0#", "TTYPE0#", NULL};
    static const struct fixed_card fixed[] = {
        {"BITPIX", 8, 8},
        {"NAXIS", 2, 2},
        {"NAXIS1", 0, INT64_MAX},
        {"NAXIS2", 0, INT64_MAX},
        {"PCOUNT", 0, 0},
        {"GCOUNT", 1, 1},
        {"TFIELDS", 0, IXS_MOST_COLUMNS},
    };
    enum { WIDTH = 2, ROWS = 3, FIELDS = 6, NFIXED = IXS_COUNT(fixed) };
    struct ixs_header header = ixs_hdu_header(file->bytes, hdu);
    int64_t values[NFIXED];
    bool ok = check_refused(file, &header, refused, err) &&
              get_all_fixed(file, &header, NFIXED, fixed, values, err) &&
              check_size(file, hdu, values[ROWS], values[WIDTH], err);
    hdu->ncolumns = ok ? (size_t)values[FIELDS] : 0;
    return ok && check_columns(file, hdu, err);
}

static bool check_hdu(struct file *file, struct ixs_hdu *hdu, size_t n, struct ixs_err *err)
{
    struct ixs_header first = {.cards = (const char *)file->bytes + hdu->header, .count = 1};
    char kind[16];
    snprintf(file->where, sizeof file->where, n ? "%.400s[%zu]" : "%.400s", file->path, n);
    if (n > 0 &&
        (!ixs_header_text(&first, "XTENSION", sizeof kind, kind) || strcmp(kind, "BINTABLE") != 0))
        return ixs_fail_at(err, IXS_INPUT, file->where, 0,
                           "found no binary table at byte %zu, expected one", hdu->header);
    if (!find_header(file, hdu, err))
        return false;
    struct ixs_header header = ixs_hdu_header(file->bytes, hdu);
    if (!ixs_header_text(&header, "EXTNAME", sizeof hdu->name, hdu->name) && n > 0)
        return ixs_fail_at(err, IXS_INPUT, file->where, 0, "found a table without EXTNAME");
    if (n > 0)
        snprintf(file->where, sizeof file->where, "%.400s[%s]", file->path, hdu->name);
    return check_once(file, &header, err) &&
           (n > 0 ? check_table(file, hdu, err) : check_primary(file, hdu, err));
}

static bool check_start(const struct file *file, struct ixs_err *err)
{
    char start[33];
    size_t length = file->size < 32 ? file->size : 32;
    if (file->size >= 30 && memcmp(file->bytes, "SIMPLE  =                    T", 30) == 0)
        return file->size >= IXS_BLOCK || fail_short(file, IXS_BLOCK, err);
    for (size_t i = 0; i < length; i++)
        start[i] = file->bytes[i] >= 0x20 && file->bytes[i] <= 0x7e ? (char)file->bytes[i] : '.';
    start[length] = '\0';
    return ixs_fail_at(err, IXS_INPUT, file->path, 0,
                       "found no FITS header (starts with '%s'), expected a product of ixsflow",
                       start);
}

bool ixs_hdus_find(struct ixs_hdus *hdus, const unsigned char *bytes, size_t size, const char *path,
                   struct ixs_err *err)
{
    struct file file = {.bytes = bytes, .size = size, .path = path};
    snprintf(file.where, sizeof file.where, "%.500s", path);
    if (!check_start(&file, err))
        return false;
    for (size_t at = 0; at < size; at = hdus->list[hdus->count - 1].end) {
        if (hdus->count >= MOST_HDUS)
            return ixs_fail_at(err, IXS_INPUT, path, 0, "found more than %d tables", MOST_HDUS);
        if (size - at < IXS_BLOCK)
            return fail_short(&file, at + IXS_BLOCK, err);
        if (!IXS_MORE(hdus->list, &hdus->capacity, hdus->count, err))
            return false;
        struct ixs_hdu *hdu = &hdus->list[hdus->count++];
        *hdu = (struct ixs_hdu){.header = at};
        if (!check_hdu(&file, hdu, hdus->count - 1, err))
            return false;
    }
    return true;
}
