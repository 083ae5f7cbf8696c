/* SPDX-License-Identifier: GPL-3.0-or-later
 * Calculated spectra from text files.
 */
#include "calib/fitting/table.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/lines.h"
#include "base/path.h"
#include "base/units.h"
#include "models/line/bose.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct room { /* of the arrays; and how the file is made */
    size_t energy, value, q;
    size_t columns; /* 2 or 3, as the first row has them */
    size_t at;      /* energies of the present Q so far */
};

/* IXS_INPUT about the present line. */
#define REFUSE(lines, err, ...)                                                                    \
    ixs_fail_at(err, IXS_INPUT, ixs_lines_path(lines), ixs_lines_number(lines), __VA_ARGS__)

/* A row of the next Q begins its energies anew. */
static bool take_q(struct ixs_fitting_table *out, struct room *room, const struct ixs_lines *lines,
                   double q, struct ixs_err *err)
{
    bool first = out->nq == 0;
    if (!first && q == out->q[out->nq - 1])
        return true;
    if (!first && !(q > out->q[out->nq - 1]))
        return REFUSE(lines, err, "found Q = %g after %g, expected Q after rising Q", q,
                      out->q[out->nq - 1]);
    if (!first && room->at < out->n)
        return REFUSE(lines, err, "found %zu energies of one Q, expected %zu as of the first",
                      room->at, out->n);
    if (!IXS_MORE(out->q, &room->q, out->nq, err))
        return false;
    out->q[out->nq++] = q;
    room->at = 0;
    return true;
}

static bool take_energy(struct ixs_fitting_table *out, struct room *room,
                        const struct ixs_lines *lines, double energy, struct ixs_err *err)
{
    size_t at = room->at++;
    if (out->nq > 1 && (at >= out->n || energy != out->energy[at]))
        return REFUSE(lines, err, "found %g meV, expected %g meV, the energies of the first Q",
                      energy, at < out->n ? out->energy[at] : (double)NAN);
    if (out->nq > 1)
        return true;
    if (at > 0 && !(energy > out->energy[at - 1]))
        return REFUSE(lines, err, "found %g meV after %g meV, expected rising energies", energy,
                      out->energy[at - 1]);
    if (!IXS_MORE(out->energy, &room->energy, out->n, err))
        return false;
    out->energy[out->n++] = energy;
    return true;
}

static bool take_row(struct ixs_fitting_table *out, struct room *room, struct ixs_lines *lines,
                     const char *line, struct ixs_err *err)
{
    const char *rest = line;
    double row[3] = {0};
    size_t blanks = 0, count = ixs_numbers(&rest, 3, row, &blanks);
    if (room->columns == 0)
        room->columns = count;
    if (count < 2 || count != room->columns || *rest != '\0')
        return ixs_fail_at(
            err, IXS_INPUT, ixs_lines_path(lines), ixs_lines_number(lines),
            "found \"%.40s\", expected two numbers: energy in meV and S, or three: Q "
            "in front, alike in all rows",
            line);
    const double *pair = row + count - 2;
    if ((count == 3 && !take_q(out, room, lines, row[0], err)) ||
        !take_energy(out, room, lines, pair[0], err))
        return false;
    if (pair[1] < 0)
        return REFUSE(lines, err, "found S = %g, expected 0 or more", pair[1]);
    if (!IXS_MORE(out->value, &room->value, out->nvalues, err))
        return false;
    out->value[out->nvalues++] = pair[1];
    return true;
}

static bool read_rows(struct ixs_fitting_table *out, struct ixs_lines *lines, struct ixs_err *err)
{
    struct room room = {.columns = 0};
    for (;;) {
        char *line = NULL;
        const char *word;
        size_t length = 0;
        if (!ixs_lines_next(lines, &line, &length, err))
            return false;
        if (line == NULL)
            break;
        word = line;
        word = ixs_word(&word, &length);
        if (word != NULL && word[0] != '#' && !take_row(out, &room, lines, line, err))
            return false;
    }
    if (out->n < 2)
        return ixs_fail_at(err, IXS_INPUT, ixs_lines_path(lines), 0,
                           "found %zu rows, expected a table of energies and S", out->n);
    return out->nq == 0 || room.at == out->n ||
           REFUSE(lines, err, "found %zu energies of the last Q, expected %zu as of the first",
                  room.at, out->n);
}

static bool witness(const struct ixs_fitting_table *table, const char *path,
                    struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_digest digest;
    char hex[65];
    ixs_digest_begin(&digest);
    ixs_digest_add(&digest, table->energy, table->n * sizeof *table->energy);
    ixs_digest_add(&digest, table->value, table->nvalues * sizeof *table->value);
    ixs_digest_add(&digest, table->q, table->nq * sizeof *table->q);
    ixs_digest_print(&digest, hex);
    return ixs_provenance_path(provenance, path, err) &&
           ixs_provenance_input(provenance, "table", ixs_base_name(path), hex, "", "", err);
}

bool ixs_fitting_table_read(struct ixs_fitting_table *out, const char *path,
                            struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_lines *lines = NULL;
    bool ok = ixs_lines_open(&lines, path, err) && read_rows(out, lines, err) &&
              witness(out, path, provenance, err);
    ixs_lines_close(lines);
    return ok;
}

void ixs_fitting_table_dispose(struct ixs_fitting_table *table)
{
    free(table->energy);
    free(table->value);
    free(table->q);
    *table = (struct ixs_fitting_table){0};
}

/* The Q just below, and how far it is from there to the next, 0 .. 1; false beyond the table. */
static bool find_q(const struct ixs_fitting_table *table, double q, size_t *below, double *share)
{
    size_t n = table->nq;
    double first = n > 1 ? table->q[1] - table->q[0] : INFINITY;
    double last = n > 1 ? table->q[n - 1] - table->q[n - 2] : INFINITY;
    *below = 0;
    if (!(q >= table->q[0] - first / 2) || !(q <= table->q[n - 1] + last / 2))
        return n == 1;
    while (*below + 2 < n && q > table->q[*below + 1])
        ++*below;
    *share = n > 1 ? (q - table->q[*below]) / (table->q[*below + 1] - table->q[*below]) : 0;
    *share = fmin(1, fmax(0, *share));
    return true;
}

/* S at the Q of the place, with what makes a classical one quantal. */
static void cut(const struct ixs_fitting_table *table, const struct ixs_fitting_place *place,
                double *out)
{
    size_t below = 0, n = table->n;
    double share = 0, kelvin = place->kelvin;
    bool within = table->nq == 0 || find_q(table, place->q, &below, &share);
    const double *low = table->value + below * n, *high = table->nq > 1 ? low + n : low;
    for (size_t i = 0; i < n; i++) {
        out[i] = within ? low[i] + share * (high[i] - low[i]) : 0;
        if (table->classical && kelvin > 0)
            out[i] *= ixs_bose_energy_factor(kelvin, table->energy[i]) / (IXS_BOLTZMANN * kelvin);
    }
}

bool ixs_fitting_table_curve(struct ixs_curve *out, const struct ixs_fitting_table *table,
                             const struct ixs_fitting_place *place,
                             const struct ixs_transform *transform, double lo, double hi,
                             struct ixs_err *err)
{
    double *values = NULL;
    bool ok = IXS_NEW(values, table->n, err);
    if (ok)
        cut(table, place, values);
    const struct ixs_curve_table source = {table->n, table->energy, values};
    ok = ok && ixs_curve_make(out, &source, transform, lo, hi, err);
    free(values);
    return ok;
}
