/* SPDX-License-Identifier: GPL-3.0-or-later
 * The memory of libxml2. When an allocation fails in its middle, libxml2 (2.9.14) follows null
 * pointers, takes a cut document for a whole one, or blames the file. So it gets one block before
 * it starts, from which all that configuration files of common size need is handed out.
 */
#include "base/config_inside.h"

#include "base/array.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 << 20, HEAD = 16 }; /* in front of each piece stands its size */

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#endif
#ifndef WATCHED
#define WATCHED 0 /* 1: a sanitizer wants to see every piece on its own */
#endif

/* libxml2 keeps one allocator for a whole program and gives it no context: hence this one state.
 * Configuration files are opened and closed by one thread. It lives as long as the program. */
static struct {
    char *bytes;
    size_t used;
} block;

static bool is_inside(const void *memory)
{
    const char *place = memory;
    return block.bytes != NULL && place >= block.bytes && place < block.bytes + BLOCK;
}

static size_t room_of(size_t size)
{
    return HEAD + (size + HEAD - 1) / HEAD * HEAD;
}

static size_t size_of(const void *memory)
{
    size_t size;
    memcpy(&size, (const char *)memory - HEAD, sizeof size);
    return size;
}

static bool is_last(const void *memory)
{
    return (const char *)memory - HEAD + room_of(size_of(memory)) == block.bytes + block.used;
}

static void *take(size_t size)
{
    if (size > BLOCK || room_of(size) > BLOCK - block.used)
        return malloc(size);
    char *place = block.bytes + block.used + HEAD;
    memcpy(place - HEAD, &size, sizeof size);
    block.used += room_of(size);
    return place;
}

static void give_back(void *memory)
{
    if (!is_inside(memory))
        free(memory);
    else if (is_last(memory))
        block.used -= room_of(size_of(memory));
}

static void *resize(void *memory, size_t size)
{
    if (memory == NULL)
        return take(size);
    if (!is_inside(memory))
        return realloc(memory, size);
    size_t had = size_of(memory), used = block.used;
    if (size <= had)
        return memory;
    if (is_last(memory))
        block.used -= room_of(had);
    void *grown = take(size);
    if (grown == NULL)
        block.used = used;
    else if (grown != memory)
        memcpy(grown, memory, had);
    return grown;
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = take(size);
    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

bool ixs_config_memory(struct ixs_err *err)
{
    if (WATCHED || block.bytes != NULL)
        return true;
    if (!IXS_NEW(block.bytes, BLOCK, err))
        return false;
    xmlMemSetup(give_back, take, resize, copy_text);
    xmlInitParser();
    return true;
}
