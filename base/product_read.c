/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening a product: the whole file into memory, our own checks, then cfitsio on that memory.
 */
#include "base/product_fits.h"

#include "base/array.h"
#include "base/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fits_words {
    char name[FLEN_STATUS], message[FLEN_ERRMSG];
};

static struct fits_words take_words(int status)
{
    struct fits_words words = {0};
    fits_get_errstatus(status, words.name);
    fits_read_errmsg(words.message);
    fits_clear_errmsg();
    return words;
}

/* cfitsio calls an array too big when there is no memory for it, and more such. */
static bool is_memory(int status, const struct fits_words *words)
{
    return status == MEMORY_ALLOCATION || status == ARRAY_TOO_BIG ||
           strstr(words->message, "memory") != NULL;
}

bool ixs_fits_fail_at(int status, const char *path, struct ixs_err *err)
{
    struct fits_words words = take_words(status);
    return ixs_fail_at(err, is_memory(status, &words) ? IXS_OUTPUT : IXS_INPUT, path, 0,
                       "cannot be read: cfitsio says %s (%d) %s", words.name, status,
                       words.message);
}

/* A text of the primary header; one that is there must be a text that fits. */
static bool get_text(const struct ixs_reader *reader, const struct ixs_header *header,
                     const char *key, size_t size, char *room, struct ixs_err *err)
{
    return ixs_header_text(header, key, size, room) || ixs_header_find(header, key) == NULL ||
           ixs_fail_at(err, IXS_INPUT, reader->path, 0,
                       "found %s that is no text of at most %zu letters", key, size - 1);
}

static bool read_identity(struct ixs_reader *reader, struct ixs_err *err)
{
    struct ixs_identity *identity = &reader->identity;
    struct ixs_header header = ixs_hdu_header(reader->bytes, &reader->hdus.list[0]);
    int64_t version;
    if (!ixs_header_text(&header, "PRODUCT", sizeof identity->kind, identity->kind) ||
        !ixs_header_int(&header, "PRODVERS", &version) || version < 1 || version > 9999)
        return ixs_fail_at(err, IXS_INPUT, reader->path, 0,
                           "found a FITS file without PRODUCT and PRODVERS, expected a product of "
                           "ixsflow");
    identity->version = (int)version;
    return get_text(reader, &header, "INSTRUME", sizeof identity->instrument, identity->instrument,
                    err) &&
           get_text(reader, &header, "OBJECT", sizeof identity->object, identity->object, err) &&
           get_text(reader, &header,
                    ixs_header_find(&header, "OBSTEXT") != NULL ? "OBSTEXT" : "DATE-OBS",
                    sizeof identity->date, identity->date, err);
}

/* What every reader learns of a product belongs to its digest. */
static void digest_identity(struct ixs_reader *reader)
{
    char version[16];
    snprintf(version, sizeof version, "%d", reader->identity.version);
    ixs_digest_begin(&reader->digest);
    ixs_digest_text(&reader->digest, reader->identity.kind);
    ixs_digest_text(&reader->digest, version);
    ixs_digest_text(&reader->digest, reader->identity.instrument);
    ixs_digest_text(&reader->digest, reader->identity.object);
    ixs_digest_text(&reader->digest, reader->identity.date);
}

/* A wrong checksum is refused, or accepted and remarked. */
static bool take_changed(struct ixs_reader *reader, const char *complaint, size_t n,
                         const struct ixs_reading *how, struct ixs_err *err)
{
    char where[512];
    const char *name = n ? reader->hdus.list[n].name : "PRIMARY";
    if (how != NULL && how->accept_changed) {
        if (reader->remark[0] == '\0')
            snprintf(reader->remark, sizeof reader->remark, "accepted though changed: %.40s", name);
        return true;
    }
    snprintf(where, sizeof where, "%.400s[%s]", reader->path, name);
    return ixs_fail_at(err, IXS_INPUT, where, 0,
                       "%s, expected the product as it was written (--accept-changed takes it)",
                       complaint);
}

/* A file cut between two tables is whole in all that is left of it: NEXTEND counts them. */
static bool check_unchanged(struct ixs_reader *reader, const struct ixs_reading *how,
                            struct ixs_err *err)
{
    struct ixs_header header = ixs_hdu_header(reader->bytes, &reader->hdus.list[0]);
    char complaint[80];
    int64_t ntables = -1;
    for (size_t n = 0; n < reader->hdus.count; n++) {
        const char *found = ixs_hdu_complaint(reader->bytes, &reader->hdus.list[n]);
        if (found != NULL && !take_changed(reader, found, n, how, err))
            return false;
    }
    bool told = ixs_header_int(&header, "NEXTEND", &ntables);
    if (told && (uint64_t)ntables == reader->hdus.count - 1)
        return true;
    snprintf(complaint, sizeof complaint, "found %zu tables where NEXTEND says %lld",
             reader->hdus.count - 1, (long long)ntables);
    return take_changed(reader, complaint, 0, how, err);
}

static bool check_kind(const struct ixs_reader *reader, const char *kind, struct ixs_err *err)
{
    return kind == NULL || strcmp(kind, reader->identity.kind) == 0 ||
           ixs_fail_at(err, IXS_INPUT, reader->path, 0, "found a %s product, expected %s",
                       reader->identity.kind, kind);
}

/* The name is not the user's: cfitsio would look for commands in it. */
static bool open_fits(struct ixs_reader *reader, struct ixs_err *err)
{
    int status = 0;
    reader->memory = reader->bytes;
    fits_clear_errmsg();
    fits_open_memfile(&reader->fits, "product", READONLY, &reader->memory, &reader->size, 0, NULL,
                      &status);
    return status == 0 || ixs_fits_fail_at(status, reader->path, err);
}

bool ixs_reader_open(struct ixs_reader **out, const char *path, const char *kind,
                     const struct ixs_reading *how, struct ixs_err *err)
{
    struct ixs_reader *reader;
    *out = NULL;
    if (!IXS_NEW(reader, 1, err))
        return false;
    *out = reader;
    bool ok = (reader->path = ixs_text(err, "%s", path)) != NULL &&
              ixs_file_read(&reader->bytes, &reader->size, path, err) &&
              ixs_hdus_find(&reader->hdus, reader->bytes, reader->size, path, err) &&
              read_identity(reader, err) && check_unchanged(reader, how, err) &&
              check_kind(reader, kind, err) && open_fits(reader, err);
    if (ok)
        digest_identity(reader);
    return ok;
}

const struct ixs_identity *ixs_reader_identity(const struct ixs_reader *reader)
{
    return &reader->identity;
}

const char *ixs_reader_path(const struct ixs_reader *reader)
{
    return reader->path;
}

bool ixs_reader_has(const struct ixs_reader *reader, const char *extname)
{
    return ixs_reader_find(reader, extname) > 0;
}

size_t ixs_reader_count(const struct ixs_reader *reader)
{
    return reader->hdus.count - 1;
}

const char *ixs_reader_name(const struct ixs_reader *reader, size_t hdu)
{
    return hdu < reader->hdus.count ? reader->hdus.list[hdu].name : "";
}

const char *ixs_reader_cards(const struct ixs_reader *reader, size_t hdu, size_t *count)
{
    *count = 0;
    if (hdu >= reader->hdus.count)
        return "";
    *count = reader->hdus.list[hdu].ncards;
    return (const char *)reader->bytes + reader->hdus.list[hdu].header;
}

bool ixs_reader_witness(struct ixs_reader *reader, const char *role,
                        struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_ancestor *rows = NULL;
    struct ixs_config_line *lines = NULL;
    size_t nrows = 0, nlines = 0;
    char hex[65];
    ixs_digest_print(&reader->digest, hex);
    bool ok = (!ixs_reader_has(reader, "PROVENANCE") ||
               ixs_reader_rows(reader, &ixs_table_provenance, NULL, &nrows, &rows, err)) &&
              (!ixs_reader_has(reader, "CONFIG") ||
               ixs_reader_rows(reader, &ixs_table_config, NULL, &nlines, &lines, err)) &&
              ixs_provenance_merge(provenance, rows, nrows, err) &&
              ixs_provenance_merge_lines(provenance, lines, nlines, err) &&
              ixs_provenance_input(provenance, role, ixs_base_name(reader->path), hex,
                                   nrows ? rows[nrows - 1].step : "", reader->remark, err);
    free(rows);
    free(lines);
    return ok;
}

void ixs_reader_close(struct ixs_reader *reader)
{
    int status = 0;
    if (reader == NULL)
        return;
    if (reader->fits != NULL)
        fits_close_file(reader->fits, &status);
    fits_clear_errmsg();
    free(reader->hdus.list);
    free(reader->bytes);
    free(reader->path);
    free(reader);
}

bool ixs_product_kind(char kind[16], const char *path, const struct ixs_reading *how,
                      struct ixs_err *err)
{
    struct ixs_reader *reader = NULL;
    bool ok = ixs_reader_open(&reader, path, NULL, how, err);
    if (ok)
        memcpy(kind, ixs_reader_identity(reader)->kind, 16);
    ixs_reader_close(reader);
    return ok;
}
