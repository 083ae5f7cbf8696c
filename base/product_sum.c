/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checksums of a HDU: FITS Standard 4.0 section 4.4.2.7 and appendix J. All HDU words, CHECKSUM
 * included, add up to all ones in ones' complement; DATASUM is the sum of the data alone.
 */
#include "base/product_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static uint32_t big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           (uint32_t)bytes[3];
}

enum { WIDE = 16, MOST_WIDE = 256 }; /* so many bytes of 255 fit into 16 bits */
typedef uint16_t pairs __attribute__((vector_size(WIDE)));

/* The words of count x WIDE bytes: their first, second, third and fourth bytes are added side by
 * side, and put together at the end. */
static uint64_t sum_wide(const unsigned char *bytes, size_t count)
{
    const union {
        uint16_t number;
        unsigned char first;
    } order = {1};
    pairs words, low = {0}, high = {0};
    for (size_t i = 0; i < count; i++) {
        memcpy(&words, bytes + WIDE * i, WIDE);
        low += words & 0xff;
        high += words >> 8;
    }
    uint64_t total = 0;
    for (size_t k = 0; k < WIDE / 2; k++) {
        uint64_t first = order.first ? low[k] : high[k], second = order.first ? high[k] : low[k];
        total += (256 * first + second) << (k % 2 ? 0 : 16);
    }
    return total;
}

uint32_t ixs_sum_words(uint32_t sum, const unsigned char *bytes, size_t size)
{
    uint64_t total = sum;
    for (size_t count; size >= WIDE; bytes += WIDE * count, size -= WIDE * count) {
        count = size / WIDE < MOST_WIDE ? size / WIDE : MOST_WIDE;
        total += sum_wide(bytes, count);
    }
    for (; size > 0; bytes += 4, size -= 4)
        total += big_endian(bytes);
    while (total >> 32)
        total = (total & 0xffffffff) + (total >> 32);
    return (uint32_t)total;
}

static bool has_sum(const struct ixs_header *header, uint32_t *sum)
{
    char text[16], *end;
    if (!ixs_header_text(header, "DATASUM", sizeof text, text) || text[0] < '0' || text[0] > '9')
        return false;
    uintmax_t value = strtoumax(text, &end, 10);
    *sum = (uint32_t)value;
    return *end == '\0' && value <= UINT32_MAX;
}

const char *ixs_hdu_complaint(const unsigned char *bytes, const struct ixs_hdu *hdu)
{
    struct ixs_header header = ixs_hdu_header(bytes, hdu);
    uint32_t written, data = ixs_sum_words(0, bytes + hdu->data, hdu->end - hdu->data);
    if (ixs_header_find(&header, "CHECKSUM") == NULL || !has_sum(&header, &written))
        return "found no CHECKSUM and DATASUM";
    if (written != data && !(written == 0 && data == UINT32_MAX))
        return "found data that do not add up to DATASUM";
    uint32_t all = ixs_sum_words(data, bytes + hdu->header, hdu->data - hdu->header);
    return all == UINT32_MAX || all == 0 ? NULL : "found a header that does not add up to CHECKSUM";
}
