/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading and writing of any declared product.
 */
#include "products/declare.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct ixs_kind *const ixs_kinds[] = {
    &ixs_kind_raw, &ixs_kind_calib, &ixs_kind_spectra, &ixs_kind_fit, &ixs_kind_dispersion,
};
const size_t ixs_nkinds = IXS_COUNT(ixs_kinds);

const struct ixs_kind *ixs_kind_find(const char *name)
{
    for (size_t i = 0; i < ixs_nkinds; i++)
        if (strcasecmp(ixs_kinds[i]->name, name) == 0)
            return ixs_kinds[i];
    return NULL;
}

static void *member(void *product, size_t offset)
{
    return (char *)product + offset;
}

static const void *member_of(const void *product, size_t offset)
{
    return (const char *)product + offset;
}

static size_t count_of(const struct ixs_part *part, const void *product)
{
    size_t count;
    memcpy(&count, member_of(product, part->count), sizeof count);
    return count;
}

static void *rows_of(const struct ixs_part *part, const void *product)
{
    void *rows;
    memcpy(&rows, member_of(product, part->rows), sizeof rows);
    return rows;
}

static bool write_part(const struct ixs_part *part, const void *product, struct ixs_writer *writer,
                       struct ixs_err *err)
{
    size_t count = count_of(part, product);
    if (part->optional && count == 0)
        return true;
    return ixs_writer_table(writer, part->table, count, rows_of(part, product), part->keywords,
                            part->keywords ? member_of(product, part->keys) : NULL, err);
}

bool ixs_kind_parts_write(const struct ixs_kind *kind, const void *product,
                          struct ixs_writer *writer, struct ixs_err *err)
{
    for (size_t i = 0; i < kind->nparts; i++)
        if (!write_part(&kind->parts[i], product, writer, err))
            return false;
    return true;
}

bool ixs_kind_write(const struct ixs_kind *kind, const void *product, const char *path,
                    const struct ixs_provenance *provenance, const struct ixs_commit *how,
                    bool *changed, struct ixs_err *err)
{
    struct ixs_writer *writer = NULL;
    struct ixs_identity identity;
    memcpy(&identity, member_of(product, kind->identity), sizeof identity);
    snprintf(identity.kind, sizeof identity.kind, "%s", kind->name);
    identity.version = kind->version;
    bool ok = ixs_writer_begin(&writer, &identity, err) &&
              ixs_kind_parts_write(kind, product, writer, err) &&
              ixs_writer_commit(writer, path, provenance, how, changed, err);
    ixs_writer_free(writer);
    return ok;
}

static bool check_version(const struct ixs_kind *kind, struct ixs_reader *reader,
                          struct ixs_err *err)
{
    int version = ixs_reader_identity(reader)->version;
    if (version <= kind->version)
        return true;
    return ixs_fail_at(err, IXS_INPUT, ixs_reader_path(reader), 0,
                       "found PRODVERS %d of %s, expected at most %d: made by a later ixsflow",
                       version, kind->name, kind->version);
}

static bool read_part(const struct ixs_part *part, void *product, struct ixs_reader *reader,
                      struct ixs_err *err)
{
    if (part->optional && !ixs_reader_has(reader, part->table->name))
        return true;
    if (part->aside)
        return ixs_reader_aside(reader, part->table, member(product, part->count),
                                member(product, part->rows), err);
    return ixs_reader_table(reader, part->table, member(product, part->count),
                            member(product, part->rows), part->keywords,
                            part->keywords ? member(product, part->keys) : NULL, err);
}

bool ixs_kind_open(const struct ixs_kind *kind, void *product, struct ixs_reader **reader,
                   const char *path, const struct ixs_reading *how, struct ixs_err *err)
{
    if (!ixs_reader_open(reader, path, kind->name, how, err) || !check_version(kind, *reader, err))
        return false;
    memcpy(member(product, kind->identity), ixs_reader_identity(*reader),
           sizeof(struct ixs_identity));
    return true;
}

bool ixs_kind_parts_read(const struct ixs_kind *kind, void *product, struct ixs_reader *reader,
                         struct ixs_err *err)
{
    for (size_t i = 0; i < kind->nparts; i++)
        if (!read_part(&kind->parts[i], product, reader, err))
            return false;
    return true;
}

bool ixs_kind_read(const struct ixs_kind *kind, void *product, const char *path, const char *role,
                   const struct ixs_reading *how, struct ixs_provenance *provenance,
                   struct ixs_err *err)
{
    struct ixs_reader *reader = NULL;
    bool ok = ixs_kind_open(kind, product, &reader, path, how, err) &&
              ixs_kind_parts_read(kind, product, reader, err) &&
              (provenance == NULL || ixs_reader_witness(reader, role, provenance, err));
    ixs_reader_close(reader);
    return ok;
}

void ixs_kind_dispose(const struct ixs_kind *kind, void *product)
{
    for (size_t i = 0; i < kind->nparts; i++) {
        free(rows_of(&kind->parts[i], product));
        memset(member(product, kind->parts[i].rows), 0, sizeof(void *));
        memset(member(product, kind->parts[i].count), 0, sizeof(size_t));
    }
}
