/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fuzz_NAME FOLDER`: gives every file of the folder to a harness, whole, cut short in many places,
 * and with single bytes changed; what is called *.packed is unpacked first. Speaks TAP. A crash, or
 * a sanitizer, ends it; so does a minute.
 */
#include "tests/fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { MOST = 1 << 20, CUTS = 12 };

static size_t load(const char *folder, const char *name, uint8_t *bytes)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    const char *end = strrchr(name, '.');
    bool packed = end != NULL && strcmp(end, ".packed") == 0;
    gzFile unpacked = packed ? gzopen(path, "rb") : NULL;
    FILE *file = packed ? NULL : fopen(path, "rb");
    int got = unpacked != NULL ? gzread(unpacked, bytes, MOST) : 0;
    size_t size = file != NULL ? fread(bytes, 1, MOST, file) : 0;
    if (unpacked != NULL)
        gzclose(unpacked);
    if (file != NULL)
        fclose(file);
    return got > 0 ? (size_t)got : size;
}

/* From a copy of the very size, so that a sanitizer sees what reads behind it. */
static void give(const uint8_t *bytes, size_t size, size_t changed)
{
    uint8_t *copy = malloc(size + (size == 0));
    if (copy == NULL)
        abort();
    memcpy(copy, bytes, size);
    if (changed < size)
        copy[changed] ^= (uint8_t)(1u << (changed % 8));
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void give_all(const uint8_t *bytes, size_t size)
{
    give(bytes, size, size);
    for (size_t i = 1; i <= CUTS; i++)
        give(bytes, size * i / (CUTS + 1), size);
    for (size_t i = 1; i <= CUTS; i++)
        give(bytes, size, size * i / (CUTS + 1));
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int main(int argc, char **argv)
{
    struct dirent **list = NULL;
    uint8_t *bytes = malloc(MOST);
    int count = argc == 2 ? scandir(argv[1], &list, NULL, by_name) : -1, number = 0;
    for (int i = 0; bytes != NULL && i < count; i++) {
        const char *name = list[i]->d_name;
        if (name[0] != '.') {
            alarm(60);
            give_all(bytes, load(argv[1], name, bytes));
            printf("ok %d - %s\n", ++number, name);
        }
        free(list[i]);
    }
    free(list);
    free(bytes);
    printf("1..%d\n", number);
    return number > 0 ? 0 : 2;
}
