/* SPDX-License-Identifier: GPL-3.0-or-later
 * RAW: its tables and columns, and the scan table whose columns are the recorded labels.
 */
#include "products/raw.h"

#include "products/declare.h"
#include "products/words.h"

#include "base/array.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct ixs_column position_columns[] = {
    IXS_COLUMN_TEXT(ixs_raw_position, motor, "MOTOR", "name"),
    IXS_COLUMN_TEXT(ixs_raw_position, mnemonic, "MNEMONIC", "mnemonic, where the file has one"),
    IXS_COLUMN_REAL(ixs_raw_position, value, "VALUE", "",
                    "position when the scan started, motor units"),
};
static const struct ixs_column value_columns[] = {
    IXS_COLUMN_TEXT(ixs_raw_value, name, "NAME", "label (#H), or key of #MD"),
    IXS_COLUMN_REAL(ixs_raw_value, value, "VALUE", "", "value (#V, #MD); NaN: not a number"),
    IXS_COLUMN_TEXT(ixs_raw_value, text, "TEXT", "as written"),
};
static const struct ixs_column header_columns[] = {
    IXS_COLUMN_TEXT(
        ixs_raw_header, text, "TEXT",
        "line of the file; one that goes on from the row before starts with a backslash"),
};
static const struct ixs_column channel_columns[] = {
    IXS_COLUMN_INT(ixs_raw_channel, point, "POINT", "", "row of SCAN, from 1; 0: it was dropped"),
    IXS_COLUMN_INT(ixs_raw_channel, detector, "DETECTOR", "",
                   "which of the spectra of that row, from 1"),
    IXS_COLUMN_INT(ixs_raw_channel, channel, "CHANNEL", "", "as #@CHANN has it, else from 0"),
    IXS_COLUMN_REAL(ixs_raw_channel, counts, "COUNTS", "count", "counts; NaN: not a number"),
};
static const struct ixs_column key_columns[] = {
    IXS_COLUMN_INT(ixs_raw_keys, scan, "SCANNO", "", "number of the scan"),
    IXS_COLUMN_INT(ixs_raw_keys, order, "SCANORD", "", "which of the scans of that number, from 1"),
    IXS_COLUMN_TEXT(ixs_raw_keys, command, "COMMAND", "command"),
    IXS_COLUMN_TEXT(ixs_raw_keys, title, "TITLE", "sample comment"),
    IXS_COLUMN_TEXT(ixs_raw_keys, source, "SRCFILE", "SPEC file"),
    IXS_COLUMN_TEXT(ixs_raw_keys, origin, "BEAMTIME", "file header (#F)"),
    IXS_COLUMN_REAL(ixs_raw_keys, epoch, "SPECEPOC", "s", "epoch of the file header (#E)"),
    IXS_COLUMN_REAL(ixs_raw_keys, epoch_add, "EPOCHADD", "s",
                    "column Epoch + EPOCHADD is Unix time (0: it is so already)"),
    IXS_COLUMN_REAL(ixs_raw_keys, e_origin, "E_ORIGIN", "",
                    "resets of the energy axis; recorded + E_ORIGIN is on the first origin"),
    IXS_COLUMN_TEXT(ixs_raw_keys, e_axis, "E_AXIS", "motor whose resets E_ORIGIN counts"),
    IXS_COLUMN_REAL(ixs_raw_keys, lambda, "LAMBDA", "Angstrom", "wavelength"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[0], "UB11", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[1], "UB12", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[2], "UB13", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[3], "UB21", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[4], "UB22", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[5], "UB23", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[6], "UB31", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[7], "UB32", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, ub[8], "UB33", "Angstrom**(-1)", "orientation matrix with 2 pi"),
    IXS_COLUMN_REAL(ixs_raw_keys, lattice[0], "LATT_A", "Angstrom", "lattice"),
    IXS_COLUMN_REAL(ixs_raw_keys, lattice[1], "LATT_B", "Angstrom", "lattice"),
    IXS_COLUMN_REAL(ixs_raw_keys, lattice[2], "LATT_C", "Angstrom", "lattice"),
    IXS_COLUMN_REAL(ixs_raw_keys, lattice[3], "LATT_AL", "deg", "lattice"),
    IXS_COLUMN_REAL(ixs_raw_keys, lattice[4], "LATT_BE", "deg", "lattice"),
    IXS_COLUMN_REAL(ixs_raw_keys, lattice[5], "LATT_GA", "deg", "lattice"),
    IXS_COLUMN_REAL(ixs_raw_keys, q[0], "Q_H", "", "momentum transfer in r.l.u. (#Q)"),
    IXS_COLUMN_REAL(ixs_raw_keys, q[1], "Q_K", "", "momentum transfer in r.l.u. (#Q)"),
    IXS_COLUMN_REAL(ixs_raw_keys, q[2], "Q_L", "", "momentum transfer in r.l.u. (#Q)"),
    IXS_COLUMN_REAL(ixs_raw_keys, preset, "PRESET", "", "s, or minus the monitor counts"),
    IXS_COLUMN_INT(ixs_raw_keys, npoints, "NPTS", "", "rows"),
    IXS_COLUMN_INT(ixs_raw_keys, nplanned, "NPLANNED", "",
                   "rows that the command asked for; -1: it does not say"),
    IXS_COLUMN_INT(ixs_raw_keys, nmissing, "NMISSING", "", "values that are not numbers"),
    IXS_COLUMN_INT(ixs_raw_keys, ndropped, "NDROPPED", "", "rows that could not be read"),
    IXS_COLUMN_INT(ixs_raw_keys, nspectra, "NSPECTRA", "",
                   "MCA spectra of the scan, kept (table MCA) or passed over"),
    IXS_COLUMN_TEXT(ixs_raw_keys, ended, "ENDED", IXS_WORDS_ENDED),
};

IXS_TABLE(ixs_table_raw_positions, "POSITIONS", "motors when the scan started", ixs_raw_position,
          position_columns);
IXS_TABLE(ixs_table_raw_metadata, "METADATA", "named values of the scan header", ixs_raw_value,
          value_columns);
IXS_TABLE(ixs_table_raw_header, "HEADER", "header lines verbatim", ixs_raw_header, header_columns);
IXS_TABLE(ixs_table_raw_channels, "MCA", "MCA spectra, where they were kept (ixs-import --mca)",
          ixs_raw_channel, channel_columns);
IXS_TABLE(ixs_table_raw_keys, "SCAN", "keywords of SCAN", ixs_raw_keys, key_columns);

static const struct ixs_part parts[] = {
    IXS_PART(ixs_raw, positions, npositions, &ixs_table_raw_positions, false),
    IXS_PART(ixs_raw, metadata, nmetadata, &ixs_table_raw_metadata, false),
    IXS_PART_ASIDE(ixs_raw, header, nheader, &ixs_table_raw_header),
    IXS_PART(ixs_raw, channels, nchannels, &ixs_table_raw_channels, true),
};

const struct ixs_kind ixs_kind_raw = {
    "RAW",
    1,
    "one scan as the beamline wrote it",
    offsetof(struct ixs_raw, identity),
    parts,
    IXS_COUNT(parts),
};

/* ---- the scan table: one column per label, known only from the file -------------------------- */

enum { NAME_PLACES = 4096 }; /* a power of two, a few times as many as columns */

struct names { /* FITS names of the labels */
    struct ixs_column *columns;
    char (*names)[64];
    size_t *copies; /* further columns of each name */
    size_t *places; /* hash table: index of a column + 1, or 0 */
};

static void plain_name(const char *label, char name[64])
{
    size_t n = 0;
    for (; n < 48 && label[n] != '\0'; n++)
        name[n] = isalnum((unsigned char)label[n]) ? label[n] : '_';
    if (n == 0)
        name[n++] = '_';
    name[n] = '\0';
}

/* A place in the hash table for a name, ignoring case (FNV-1a, Fowler, Noll and Vo 1991). */
static size_t hash_of(const char *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *name != '\0'; name++)
        hash = (hash ^ (uint64_t)tolower((unsigned char)*name)) * UINT64_C(0x100000001b3);
    return (size_t)(hash >> 32);
}

/* The place of a name among those that there are, or the free place where it belongs. */
static size_t *place_of(const struct names *names, const char *name)
{
    for (size_t at = hash_of(name);; at++) {
        size_t *place = &names->places[at & (NAME_PLACES - 1)];
        if (*place == 0 || strcasecmp(names->names[*place - 1], name) == 0)
            return place;
    }
}

/* Where a name is there already, its number of copies says where to go on. */
static void unique_name(struct names *names, size_t column)
{
    char plain[64], *name = names->names[column];
    size_t *place = place_of(names, name), first = *place;
    snprintf(plain, sizeof plain, "%s", name);
    while (*place != 0) {
        snprintf(name, 64, "%.48s_%zu", plain, ++names->copies[first - 1] + 1);
        place = place_of(names, name);
    }
    *place = column + 1;
}

static void names_dispose(struct names *names)
{
    free(names->columns);
    free(names->names);
    free(names->copies);
    free(names->places);
}

static bool names_make(struct names *names, const struct ixs_raw *raw, struct ixs_err *err)
{
    if (raw->nlabels > NAME_PLACES / 2)
        return ixs_fail(err, IXS_OUTPUT, "found %zu columns, expected at most 999", raw->nlabels);
    if (!IXS_NEW(names->columns, raw->nlabels, err) || !IXS_NEW(names->names, raw->nlabels, err) ||
        !IXS_NEW(names->copies, raw->nlabels, err) || !IXS_NEW(names->places, NAME_PLACES, err))
        return false;
    for (size_t i = 0; i < raw->nlabels; i++) {
        plain_name(raw->labels[i], names->names[i]);
        unique_name(names, i);
        names->columns[i] = (struct ixs_column){.name = names->names[i],
                                                .unit = "",
                                                .meaning = raw->labels[i],
                                                .type = IXS_REAL,
                                                .since = 1,
                                                .offset = i * sizeof(double)};
    }
    return true;
}

static bool write_scan(struct ixs_writer *writer, const struct ixs_raw *raw, struct ixs_err *err)
{
    struct names names = {0};
    bool ok = names_make(&names, raw, err);
    const struct ixs_table table = {"SCAN", "one row a point, one column a label",
                                    raw->nlabels * sizeof(double), names.columns, raw->nlabels};
    ok = ok && ixs_writer_table(writer, &table, raw->npoints, raw->values, &ixs_table_raw_keys,
                                &raw->keys, err);
    names_dispose(&names);
    return ok;
}

bool ixs_raw_write(const struct ixs_raw *raw, const char *path,
                   const struct ixs_provenance *provenance, const struct ixs_commit *how,
                   bool *changed, struct ixs_err *err)
{
    struct ixs_writer *writer = NULL;
    struct ixs_identity identity = raw->identity;
    snprintf(identity.kind, sizeof identity.kind, "%s", ixs_kind_raw.name);
    identity.version = ixs_kind_raw.version;
    bool ok = ixs_writer_begin(&writer, &identity, err) && write_scan(writer, raw, err) &&
              ixs_kind_parts_write(&ixs_kind_raw, raw, writer, err) &&
              ixs_writer_commit(writer, path, provenance, how, changed, err);
    ixs_writer_free(writer);
    return ok;
}

static bool take_labels(struct ixs_raw *out, const struct ixs_layout *layout, const char *path,
                        struct ixs_err *err)
{
    if (!IXS_NEW(out->labels, layout->table.ncolumns, err))
        return false;
    out->nlabels = layout->table.ncolumns;
    for (size_t i = 0; i < out->nlabels; i++) {
        const struct ixs_column *column = &layout->columns[i];
        if (column->type != IXS_REAL)
            return ixs_fail_at(err, IXS_INPUT, path, 0,
                               "found column %s of SCAN with another type, expected numbers",
                               column->name);
        const char *label = column->meaning[0] ? column->meaning : column->name;
        ixs_copy(out->labels[i], sizeof out->labels[i], label);
    }
    return true;
}

static bool read_scan(struct ixs_raw *out, struct ixs_reader *reader, struct ixs_err *err)
{
    struct ixs_layout layout = {0};
    bool ok = ixs_reader_layout(reader, "SCAN", &layout, err) &&
              take_labels(out, &layout, ixs_reader_path(reader), err) &&
              ixs_reader_table(reader, &layout.table, &out->npoints, &out->values,
                               &ixs_table_raw_keys, &out->keys, err);
    ixs_layout_dispose(&layout);
    return ok;
}

bool ixs_raw_read(struct ixs_raw *out, const char *path, const struct ixs_reading *how,
                  struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_reader *reader = NULL;
    bool ok = ixs_kind_open(&ixs_kind_raw, out, &reader, path, how, err) &&
              read_scan(out, reader, err) && ixs_kind_parts_read(&ixs_kind_raw, out, reader, err) &&
              (provenance == NULL || ixs_reader_witness(reader, "raw", provenance, err));
    ixs_reader_close(reader);
    return ok;
}

void ixs_raw_dispose(struct ixs_raw *raw)
{
    ixs_kind_dispose(&ixs_kind_raw, raw);
    free(raw->labels);
    free(raw->values);
    *raw = (struct ixs_raw){0};
}

/* ---- looking things up ----------------------------------------------------------------------- */

long ixs_raw_label(const struct ixs_raw *raw, const char *label)
{
    char plain[64], name[64];
    for (size_t i = 0; i < raw->nlabels; i++)
        if (strcmp(raw->labels[i], label) == 0)
            return (long)i;
    plain_name(label, plain);
    for (size_t i = 0; i < raw->nlabels; i++) {
        plain_name(raw->labels[i], name);
        if (strcasecmp(name, plain) == 0)
            return (long)i;
    }
    return -1;
}

double ixs_raw_motor(const struct ixs_raw *raw, const char *motor)
{
    for (size_t i = 0; i < raw->npositions; i++)
        if (strcasecmp(raw->positions[i].motor, motor) == 0 ||
            strcasecmp(raw->positions[i].mnemonic, motor) == 0)
            return raw->positions[i].value;
    return NAN;
}

double ixs_raw_metadata(const struct ixs_raw *raw, const char *name)
{
    for (size_t i = 0; i < raw->nmetadata; i++)
        if (strcasecmp(raw->metadata[i].name, name) == 0)
            return raw->metadata[i].value;
    return NAN;
}
