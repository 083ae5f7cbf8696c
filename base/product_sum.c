/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checksums of a HDU: FITS Standard 4.0 section 4.4.2.7 and appendix J. All HDU words, CHECKSUM
 * included, add up to all ones in ones' complement; DATASUM is the sum of the data alone.
 */
#include "base/product_parts.h"

#include <inttypes.h>
#include <stdio.h>

static uint32_t big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           (uint32_t)bytes[3];
}

/* Four sums side by side, so that none waits for the one before. */
uint32_t ixs_sum_words(uint32_t sum, const unsigned char *bytes, size_t size)
{
    uint64_t totals[4] = {sum};
    size_t i = 0;
    for (; i + 16 <= size; i += 16) {
        totals[0] += big_endian(bytes + i);
        totals[1] += big_endian(bytes + i + 4);
        totals[2] += big_endian(bytes + i + 8);
        totals[3] += big_endian(bytes + i + 12);
    }
    for (; i < size; i += 4)
        totals[0] += big_endian(bytes + i);
    uint64_t total = totals[0] + totals[1] + totals[2] + totals[3];
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
