/* SPDX-License-Identifier: GPL-3.0-or-later
 * Calculated spectra from text files.
 */
#include "calib/fitting_table.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/lines.h"
#include "base/path.h"
#include "base/units.h"
#include "models/bose.h"

#include <math.h>
#include <stdlib.h>

struct room {
    size_t energy, value;
};

static bool take_row(struct ixs_fitting_table *out, struct room *room, struct ixs_lines *lines,
                     const char *line, struct ixs_err *err)
{
    const char *rest = line;
    double energy = 0, value = 0;
    size_t length = 0;
    bool two = ixs_number_next(&rest, &energy) && ixs_number_next(&rest, &value) &&
               ixs_word(&rest, &length) == NULL;
    if (!two)
        return ixs_fail_at(err, IXS_INPUT, ixs_lines_path(lines), ixs_lines_number(lines),
                           "found \"%.40s\", expected two numbers: energy in meV and S", line);
    if (out->n > 0 && !(energy > out->energy[out->n - 1]))
        return ixs_fail_at(err, IXS_INPUT, ixs_lines_path(lines), ixs_lines_number(lines),
                           "found %g meV after %g meV, expected rising energies", energy,
                           out->energy[out->n - 1]);
    if (value < 0)
        return ixs_fail_at(err, IXS_INPUT, ixs_lines_path(lines), ixs_lines_number(lines),
                           "found S = %g, expected 0 or more", value);
    if (!IXS_MORE(out->energy, &room->energy, out->n, err) ||
        !IXS_MORE(out->value, &room->value, out->n, err))
        return false;
    out->energy[out->n] = energy;
    out->value[out->n++] = value;
    return true;
}

static bool read_rows(struct ixs_fitting_table *out, struct ixs_lines *lines, struct ixs_err *err)
{
    struct room room = {0, 0};
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
    return true;
}

static bool witness(const struct ixs_fitting_table *table, const char *path,
                    struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_digest digest;
    char hex[65];
    ixs_digest_begin(&digest);
    ixs_digest_add(&digest, table->energy, table->n * sizeof *table->energy);
    ixs_digest_add(&digest, table->value, table->n * sizeof *table->value);
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
    *table = (struct ixs_fitting_table){0};
}

bool ixs_fitting_table_curve(struct ixs_curve *out, const struct ixs_fitting_table *table,
                             double kelvin, const struct ixs_transform *transform, double lo,
                             double hi, struct ixs_err *err)
{
    double *quantum = NULL;
    bool ok = true;
    if (table->classical && kelvin > 0) {
        ok = IXS_NEW(quantum, table->n, err);
        for (size_t i = 0; ok && i < table->n; i++)
            quantum[i] = table->value[i] * ixs_bose_energy_factor(kelvin, table->energy[i]) /
                         (IXS_BOLTZMANN * kelvin);
    }
    const struct ixs_curve_table source = {table->n, table->energy,
                                           quantum ? quantum : table->value};
    ok = ok && ixs_curve_make(out, &source, transform, lo, hi, err);
    free(quantum);
    return ok;
}
