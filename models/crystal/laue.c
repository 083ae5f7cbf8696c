/* SPDX-License-Identifier: GPL-3.0-or-later
 * The eleven Laue classes by their generators.
 */
#include "models/crystal/laue.h"

#include "base/array.h"
#include "models/crystal/lattice.h"

#include <math.h>
#include <string.h>

static const int identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
static const int inversion[9] = {-1, 0, 0, 0, -1, 0, 0, 0, -1};
static const int two_x[9] = {1, 0, 0, 0, -1, 0, 0, 0, -1};
static const int two_y[9] = {-1, 0, 0, 0, 1, 0, 0, 0, -1};
static const int two_z[9] = {-1, 0, 0, 0, -1, 0, 0, 0, 1};
static const int four_z[9] = {0, -1, 0, 1, 0, 0, 0, 0, 1};
static const int diagonal[9] = {0, 0, 1, 1, 0, 0, 0, 1, 0};  /* 3 along (1 1 1) */
static const int three_z[9] = {0, 1, 0, -1, -1, 0, 0, 0, 1}; /* hexagonal axes: h k -> k, -h-k */
static const int two_xy[9] = {0, 1, 0, 1, 0, 0, 0, 0, -1};   /* k h -l */
static const int mirror[9] = {0, 1, 0, 1, 0, 0, 0, 0, 1};    /* k h l */

enum { MOST_GENERATORS = 4 };

static const struct {
    const char *name;
    const int *generators[MOST_GENERATORS];
} classes[] = {
    {"m-3m", {inversion, four_z, diagonal, two_x}}, {"m-3", {inversion, two_z, two_x, diagonal}},
    {"6/mmm", {inversion, three_z, two_z, mirror}}, {"6/m", {inversion, three_z, two_z, NULL}},
    {"4/mmm", {inversion, four_z, two_x, NULL}},    {"4/m", {inversion, four_z, NULL, NULL}},
    {"-3m1", {inversion, three_z, two_xy, NULL}},   {"-31m", {inversion, three_z, mirror, NULL}},
    {"-3", {inversion, three_z, NULL, NULL}},       {"mmm", {inversion, two_z, two_x, NULL}},
    {"2/m", {inversion, two_y, NULL, NULL}},        {"-1", {inversion, NULL, NULL, NULL}},
};

static const struct {
    const char *point_group, *name;
} groups[] = {
    {"1", "-1"},        {"-1", "-1"},     {"2", "2/m"},      {"m", "2/m"},      {"2/m", "2/m"},
    {"222", "mmm"},     {"mm2", "mmm"},   {"mmm", "mmm"},    {"4", "4/m"},      {"-4", "4/m"},
    {"4/m", "4/m"},     {"422", "4/mmm"}, {"4mm", "4/mmm"},  {"-42m", "4/mmm"}, {"-4m2", "4/mmm"},
    {"4/mmm", "4/mmm"}, {"3", "-3"},      {"-3", "-3"},      {"32", "-3m1"},    {"321", "-3m1"},
    {"3m", "-3m1"},     {"3m1", "-3m1"},  {"-3m", "-3m1"},   {"-3m1", "-3m1"},  {"312", "-31m"},
    {"31m", "-31m"},    {"-31m", "-31m"}, {"6", "6/m"},      {"-6", "6/m"},     {"6/m", "6/m"},
    {"622", "6/mmm"},   {"6mm", "6/mmm"}, {"-6m2", "6/mmm"}, {"-62m", "6/mmm"}, {"6/mmm", "6/mmm"},
    {"23", "m-3"},      {"m-3", "m-3"},   {"m3", "m-3"},     {"432", "m-3m"},   {"-43m", "m-3m"},
    {"m-3m", "m-3m"},   {"m3m", "m-3m"},
};

const char *ixs_laue_class(const char *point_group)
{
    for (size_t i = 0; i < IXS_COUNT(groups); i++)
        if (strcmp(groups[i].point_group, point_group) == 0)
            return groups[i].name;
    return NULL;
}

static void multiply(const int *a, const int *b, int *out)
{
    for (int i = 0; i < 9; i++)
        out[i] = a[i / 3 * 3] * b[i % 3] + a[i / 3 * 3 + 1] * b[i % 3 + 3] +
                 a[i / 3 * 3 + 2] * b[i % 3 + 6];
}

static void add(struct ixs_laue *out, const int *operation)
{
    for (size_t i = 0; i < out->n; i++)
        if (memcmp(out->operations[i], operation, sizeof out->operations[i]) == 0)
            return;
    if (out->n < IXS_LAUE_MOST)
        memcpy(out->operations[out->n++], operation, sizeof out->operations[0]);
}

void ixs_laue_make(struct ixs_laue *out, const char *name)
{
    size_t k = 0;
    while (k + 1 < IXS_COUNT(classes) && strcmp(classes[k].name, name) != 0)
        k++;
    *out = (struct ixs_laue){.name = classes[k].name};
    add(out, identity);
    for (size_t i = 0; i < out->n; i++) /* the list grows while it is gone through */
        for (size_t g = 0; g < MOST_GENERATORS && classes[k].generators[g] != NULL; g++) {
            int product[9];
            multiply(classes[k].generators[g], out->operations[i], product);
            add(out, product);
        }
}

static void apply(const int *operation, const double in[3], double out[3])
{
    for (int i = 0; i < 3; i++)
        out[i] =
            operation[3 * i] * in[0] + operation[3 * i + 1] * in[1] + operation[3 * i + 2] * in[2];
}

static double length(const double b[9], const double hkl[3])
{
    double v[3];
    ixs_matrix_apply(b, hkl, v);
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

bool ixs_laue_fits(const struct ixs_laue *laue, const double b[9])
{
    static const double probes[6][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1},
                                        {1, 1, 0}, {0, 1, 1}, {1, 0, 1}};
    for (size_t i = 0; i < laue->n; i++)
        for (size_t k = 0; k < IXS_COUNT(probes); k++) {
            double image[3], before = length(b, probes[k]);
            apply(laue->operations[i], probes[k], image);
            if (fabs(length(b, image) - before) > 1e-3 * before)
                return false;
        }
    return true;
}

void ixs_laue_of_lattice(struct ixs_laue *out, const double b[9])
{
    static const char *const falling[] = {"m-3m", "6/mmm", "4/mmm", "mmm", "2/m"};
    for (size_t k = 0; k < IXS_COUNT(falling); k++) {
        ixs_laue_make(out, falling[k]);
        if (ixs_laue_fits(out, b))
            return;
    }
    ixs_laue_make(out, "-1");
}

/* 1, 0, -1 as a is larger than, as good as, or smaller than b. */
static int compare(const double a[3], const double b[3])
{
    for (int i = 0; i < 3; i++)
        if (fabs(a[i] - b[i]) > 1e-6)
            return a[i] > b[i] ? 1 : -1;
    return 0;
}

void ixs_laue_fold(const struct ixs_laue *laue, double q[3], double g[3])
{
    double best_q[3], best_g[3];
    memcpy(best_q, q, sizeof best_q);
    memcpy(best_g, g, sizeof best_g);
    for (size_t i = 1; i < laue->n; i++) {
        double its_q[3], its_g[3];
        apply(laue->operations[i], q, its_q);
        apply(laue->operations[i], g, its_g);
        int sign = compare(its_q, best_q);
        if (sign < 0 || (sign == 0 && compare(its_g, best_g) <= 0))
            continue;
        memcpy(best_q, its_q, sizeof best_q);
        memcpy(best_g, its_g, sizeof best_g);
    }
    memcpy(q, best_q, sizeof best_q);
    memcpy(g, best_g, sizeof best_g);
}
