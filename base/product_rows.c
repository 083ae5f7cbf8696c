/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of structs into rows of a binary table and back: big-endian IEEE 754 and two's complement,
 * FITS Standard 4.0 sections 5.2, 5.3 and 7.3.3. A whole row at a time: cfitsio's calls for one
 * column cost a seek for every cell.
 */
#include "base/product_parts.h"

#include <math.h>
#include <string.h>

static void put_word(uint64_t word, unsigned char *bytes)
{
    const union {
        uint16_t number;
        unsigned char first;
    } order = {1};
    uint64_t big_endian = order.first == 1 ? __builtin_bswap64(word) : word;
    memcpy(bytes, &big_endian, sizeof big_endian);
}

static uint64_t get_word(const unsigned char *bytes, size_t size)
{
    uint64_t word = 0;
    for (size_t i = 0; i < size; i++)
        word = word << 8 | bytes[i];
    return word;
}

/* One NaN for all, so that its sign and payload do not depend on the machine. */
static uint64_t real_word(double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    return isnan(value) ? UINT64_C(0x7ff8000000000000) : word;
}

bool ixs_rows_are_plain(size_t npackings, const struct ixs_packing *packings)
{
    for (size_t k = 0; k < npackings; k++)
        if (packings[k].column->type != IXS_REAL || packings[k].column->offset != 8 * k ||
            packings[k].offset != 8 * k)
            return false;
    return true;
}

void ixs_rows_pack_plain(size_t count, const void *row, unsigned char *packed)
{
    for (size_t k = 0; k < count; k++) {
        double value;
        memcpy(&value, (const char *)row + 8 * k, sizeof value);
        put_word(real_word(value), packed + 8 * k);
    }
}

void ixs_rows_pack(size_t npackings, const struct ixs_packing *packings, const void *row,
                   unsigned char *packed)
{
    for (size_t k = 0; k < npackings; k++) {
        const char *member = (const char *)row + packings[k].column->offset;
        unsigned char *cell = packed + packings[k].offset;
        if (packings[k].column->type == IXS_REAL) {
            double value;
            memcpy(&value, member, sizeof value);
            put_word(real_word(value), cell);
        } else if (packings[k].column->type == IXS_INT) {
            int64_t value;
            memcpy(&value, member, sizeof value);
            put_word((uint64_t)value, cell);
        } else {
            memset(cell, 0, packings[k].width);
            ixs_escape(member, (char *)cell);
        }
    }
}

static double get_real(const struct ixs_packing *packing, const unsigned char *cell)
{
    double value;
    float single;
    uint64_t word = get_word(cell, packing->width);
    uint32_t half = (uint32_t)word;
    memcpy(&value, &word, sizeof value);
    memcpy(&single, &half, sizeof single);
    return packing->letter == 'E' ? (double)single : value;
}

/* Bytes (B) are unsigned, the wider ones have a sign. */
static int64_t get_int(const struct ixs_packing *packing, const unsigned char *cell)
{
    uint64_t word = get_word(cell, packing->width);
    return packing->letter == 'J'   ? (int32_t)(uint32_t)word
           : packing->letter == 'I' ? (int16_t)(uint16_t)word
                                    : (int64_t)word;
}

static size_t text_length(const unsigned char *cell, size_t width)
{
    const unsigned char *end = memchr(cell, 0, width);
    size_t length = end != NULL ? (size_t)(end - cell) : width;
    while (end == NULL && length > 0 && cell[length - 1] == ' ')
        length--; /* a column padded with blanks, as other programs write it */
    return length;
}

/* A cell not wider than its member always fits. */
static bool get_text(const struct ixs_packing *packing, const unsigned char *cell, char *member)
{
    size_t length = text_length(cell, packing->width), most = packing->column->width;
    if (length <= most) {
        ixs_unescape((const char *)cell, length, member);
        return true;
    }
    char plain[4 * 1024 + 1];
    if (length >= sizeof plain || (length = ixs_unescape((const char *)cell, length, plain)) > most)
        return false;
    memcpy(member, plain, length + 1);
    return true;
}

static void put_missing(const struct ixs_column *column, char *member)
{
    double missing = NAN;
    if (column->type == IXS_REAL)
        memcpy(member, &missing, sizeof missing);
    else if (column->type == IXS_INT)
        memset(member, 0, sizeof(int64_t));
    else
        *member = '\0';
}

bool ixs_rows_unpack(size_t npackings, const struct ixs_packing *packings,
                     const unsigned char *packed, void *row, const struct ixs_column **bad)
{
    for (size_t k = 0; k < npackings; k++) {
        const struct ixs_packing *packing = &packings[k];
        const unsigned char *cell = packed + packing->offset;
        char *member = (char *)row + packing->column->offset;
        double real;
        int64_t whole;
        *bad = packing->column;
        if (packing->width == 0)
            put_missing(packing->column, member);
        else if (packing->column->type == IXS_REAL)
            real = get_real(packing, cell), memcpy(member, &real, sizeof real);
        else if (packing->column->type == IXS_INT)
            whole = get_int(packing, cell), memcpy(member, &whole, sizeof whole);
        else if (!get_text(packing, cell, member))
            return false;
    }
    return true;
}
