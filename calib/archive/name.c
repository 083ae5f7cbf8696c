/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the name of an archive tells: the analyzer, the measurement it belongs to, the scan.
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/path.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* Base name without .gz. */
static void plain_name(const char *path, char *room, size_t size)
{
    ixs_copy(room, size, ixs_base_name(path));
    size_t length = strlen(room);
    if (length > 3 && strcasecmp(room + length - 3, ".gz") == 0)
        room[length - 3] = '\0';
}

/* "a1res9_pm.exp": analyzer a1 of "res9_pm.exp". */
static bool name_of_response(struct ixs_archive_name *out, const char *base)
{
    size_t digits = digits_at(base + 1);
    if (tolower((unsigned char)base[0]) != 'a' || digits == 0 || digits > 3 ||
        strncasecmp(base + 1 + digits, "res", 3) != 0)
        return false;
    snprintf(out->analyzer, sizeof out->analyzer, "a%ld", strtol(base + 1, NULL, 10));
    return ixs_copy(out->set, sizeof out->set, base + 1 + digits);
}

/* "CaC6_84_A3.dat": analyzer a3 of scan 84, "CaC6_84.dat". */
static bool name_of_extract(struct ixs_archive_name *out, const char *base)
{
    for (const char *at = base; (at = strpbrk(at, "_")) != NULL; at++) {
        size_t digits = digits_at(at + 2);
        if ((at[1] != 'A' && at[1] != 'a') || digits == 0 || digits > 3 ||
            (at[2 + digits] != '.' && at[2 + digits] != '\0'))
            continue;
        snprintf(out->analyzer, sizeof out->analyzer, "a%ld", strtol(at + 2, NULL, 10));
        snprintf(out->set, sizeof out->set, "%.*s%s", (int)(at - base), base, at + 2 + digits);
        const char *number = at;
        while (number > base && isdigit((unsigned char)number[-1]))
            number--;
        if (number < at && number > base && number[-1] == '_' && at - number < 10)
            out->scan = strtol(number, NULL, 10);
        return true;
    }
    return false;
}

/* "PbTe_sq_GL711_p0p55_RT_1" whose column says a1: analyzer a01 of "PbTe_sq_GL711_p0p55_RT". */
static bool name_of_spring8(struct ixs_archive_name *out, const char *base, const char *label)
{
    char tail[16];
    size_t length = strlen(base), digits = label[0] != '\0' ? digits_at(label + 1) : 0;
    if (digits == 0 || digits > 3 || label[1 + digits] != '\0')
        return false;
    long number = strtol(label + 1, NULL, 10);
    snprintf(out->analyzer, sizeof out->analyzer, "%c%02ld", label[0], number);
    ixs_copy(out->set, sizeof out->set, base);
    for (int width = 1; width <= 3; width++) {
        size_t size = (size_t)snprintf(tail, sizeof tail, "_%0*ld", width, number);
        if (length > size && strcmp(base + length - size, tail) == 0 && length < sizeof out->set)
            out->set[length - size] = '\0';
    }
    return true;
}

void ixs_archive_name(struct ixs_archive_name *out, const char *path,
                      const struct ixs_archive_form *form, const struct ixs_archive_rows *rows)
{
    char base[256];
    plain_name(path, base, sizeof base);
    *out = (struct ixs_archive_name){.scan = 0};
    if (strcmp(form->name, "spring8") == 0 && name_of_spring8(out, base, rows->labels + 25 * 6))
        return;
    if (name_of_response(out, base) || name_of_extract(out, base))
        return;
    ixs_copy(out->set, sizeof out->set, base);
    base[strcspn(base, ".")] = '\0';
    ixs_copy(out->analyzer, sizeof out->analyzer, base);
    if (form->facts.nanalyzers == 1)
        ixs_copy(out->analyzer, sizeof out->analyzer, form->facts.analyzers[0].name);
}
