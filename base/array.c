/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checked allocation.
 */
#include "base/array.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *ixs_array(size_t count, size_t size, struct ixs_err *err)
{
    bool possible = count <= SIZE_MAX / 2 / (size ? size : 1);
    void *memory = possible ? calloc(count ? count : 1, size ? size : 1) : NULL;
    if (memory == NULL)
        ixs_fail(err, IXS_OUTPUT, "no memory for %zu items of %zu bytes", count, size);
    return memory;
}

bool ixs_grow(void *pointer, size_t *capacity, size_t need, size_t size, struct ixs_err *err)
{
    assert(size > 0);
    if (need <= *capacity)
        return true;
    size_t wanted = *capacity < 8 ? 8 : *capacity + *capacity / 2;
    if (wanted < need)
        wanted = need;
    void *old, *grown;
    memcpy(&old, pointer, sizeof old);
    if (wanted > SIZE_MAX / 2 / size || (grown = realloc(old, wanted * size)) == NULL)
        return ixs_fail(err, IXS_OUTPUT, "no memory for %zu items of %zu bytes", wanted, size);
    memset((char *)grown + *capacity * size, 0, (wanted - *capacity) * size);
    memcpy(pointer, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

char *ixs_text(struct ixs_err *err, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : ixs_array((size_t)length + 1, 1, err);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

bool ixs_copy(char *room, size_t size, const char *text)
{
    size_t length = strlen(text), kept = length < size ? length : size - 1;
    memcpy(room, text, kept);
    room[kept] = '\0';
    return kept == length;
}
