/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which kind of configuration a file is, from its first bytes.
 */
#include "base/array.h"
#include "base/config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Behind blanks, a byte order mark, <?..?> and comments; NULL if the text ends before. */
static const char *root_of(const char *at)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (strncmp(at, mark, 3) == 0)
        at += 3;
    for (;;) {
        at += strspn(at, " \t\r\n");
        const char *end = strncmp(at, "<?", 2) == 0     ? "?>"
                          : strncmp(at, "<!--", 4) == 0 ? "-->"
                                                        : NULL;
        if (end == NULL)
            return *at == '<' ? at + 1 : NULL;
        at = strstr(at, end);
        if (at == NULL)
            return NULL;
        at += strlen(end);
    }
}

bool ixs_config_kind(const char *path, char kind[25])
{
    char text[8192] = "";
    kind[0] = '\0';
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    const char *root = root_of(text);
    size_t length = 0;
    while (root != NULL && length < 24 && isalpha((unsigned char)root[length]))
        length++;
    if (length > 0)
        ixs_copy(kind, length + 1, root);
    return length > 0;
}
