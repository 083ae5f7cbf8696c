/* SPDX-License-Identifier: GPL-3.0-or-later
 * The scan commands of SPEC's standard macros (certif.com, "scans") and of the APS: where in them
 * the number of intervals stands.
 */
#include "calib/spec/command.h"

#include "base/array.h"
#include "base/lines.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    int before; /* words between the name and the intervals */
    int times;  /* how often that pattern comes: 2 for a mesh */
} commands[] = {
    {"ascan", 3, 1},   {"dscan", 3, 1},  {"lup", 3, 1},     {"a2scan", 6, 1},  {"d2scan", 6, 1},
    {"a3scan", 9, 1},  {"d3scan", 9, 1}, {"a4scan", 12, 1}, {"d4scan", 12, 1}, {"a5scan", 15, 1},
    {"d5scan", 15, 1}, {"th2th", 2, 1},  {"hscan", 2, 1},   {"kscan", 2, 1},   {"lscan", 2, 1},
    {"Escan", 2, 1},   {"escan", 2, 1},  {"hklscan", 6, 1}, {"mesh", 3, 2},    {"dmesh", 3, 2},
    {"hklmesh", 3, 2},
};

static int64_t read_points(const char **text, int before)
{
    double intervals;
    size_t length;
    for (int i = 0; i < before; i++)
        if (ixs_word(text, &length) == NULL)
            return -1;
    if (!ixs_number_next(text, &intervals) || intervals < 0 || intervals > 1e7 ||
        intervals != floor(intervals))
        return -1;
    return (int64_t)intervals + 1;
}

static int64_t read_product(const char *text, int before, int times)
{
    int64_t product = 1;
    for (int i = 0; i < times; i++) {
        int64_t points = read_points(&text, before);
        if (points < 0)
            return -1;
        product *= points;
    }
    return product;
}

int64_t ixs_spec_planned(const char *command)
{
    size_t length;
    const char *name = ixs_word(&command, &length);
    for (size_t i = 0; name != NULL && i < IXS_COUNT(commands); i++)
        if (strlen(commands[i].name) == length && memcmp(name, commands[i].name, length) == 0)
            return read_product(command, commands[i].before, commands[i].times);
    return -1;
}
