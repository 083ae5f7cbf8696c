/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text of any bytes inside FITS: \xHH stands for a byte that FITS does not allow.
 */
#include "base/product_parts.h"

#include <string.h>

static int hex_value(char digit)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *found = digit ? strchr(digits, digit) : NULL;
    return found ? (int)(found - digits) : -1;
}

static bool is_escape(const char *text)
{
    return text[0] == '\\' && text[1] == 'x' && hex_value(text[2]) >= 0 && hex_value(text[3]) >= 0;
}

static bool is_plain(const char *text)
{
    return *text >= 0x20 && *text <= 0x7e && !is_escape(text);
}

size_t ixs_escape_size(const char *text)
{
    size_t size = 0;
    for (; *text != '\0'; text++)
        size += is_plain(text) ? 1 : 4;
    return size;
}

void ixs_escape(const char *text, char *room)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (is_plain(text)) {
            *room++ = *text;
        } else {
            *room++ = '\\';
            *room++ = 'x';
            *room++ = digits[byte >> 4];
            *room++ = digits[byte & 15];
        }
    }
}

/* Never makes a NUL, which would end the text: \x00 stays as it is written. */
size_t ixs_unescape(const char *text, size_t length, char *room)
{
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        int byte = 0;
        if (i + 4 <= length && is_escape(text + i))
            byte = hex_value(text[i + 2]) * 16 + hex_value(text[i + 3]);
        room[size++] = byte ? (char)(unsigned char)byte : text[i];
        if (byte)
            i += 3;
    }
    room[size] = '\0';
    return size;
}
