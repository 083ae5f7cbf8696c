/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finishing a product: its history, its checksums, its bytes checked once more, its place.
 * Checksums are made here because fits_write_chksum puts the time of day into their comments.
 */
#include "base/product_fits.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ixs_header_end(struct ixs_writer *writer)
{
    ixs_card_text(writer, "CHECKSUM", "0000000000000000", "sum of this header and its data");
    ixs_card_text(writer, "DATASUM", "0", "sum of the data");
    size_t left = IXS_BLOCK - (writer->size - writer->hdu) % IXS_BLOCK;
    unsigned char *end = ixs_writer_room(writer, left);
    if (end == NULL)
        return;
    memset(end, ' ', left);
    memcpy(end, "END", 3); // NOLINT(bugprone-not-null-terminated-result): a card has no NUL
    writer->data = writer->end = writer->size;
    writer->sum = 0;
}

void ixs_hdu_seal(struct ixs_writer *writer)
{
    char text[32];
    if (writer->lost)
        return;
    snprintf(text, sizeof text, "%lu", (unsigned long)writer->sum);
    ixs_card_change_text(writer, "DATASUM", text);
    const unsigned char *header = writer->bytes + writer->hdu;
    uint32_t sum = ixs_sum_words(writer->sum, header, writer->data - writer->hdu);
    fits_encode_chksum(sum, 1, text);
    ixs_card_change_text(writer, "CHECKSUM", text);
}

static bool write_history(struct ixs_writer *writer, const struct ixs_provenance *provenance,
                          struct ixs_err *err)
{
    struct ixs_ancestor *rows = NULL;
    struct ixs_config_line *lines = NULL;
    size_t nrows = 0, nlines = 0;
    bool ok = ixs_provenance_rows(provenance, &nrows, &rows, err) &&
              ixs_provenance_lines(provenance, &nlines, &lines, err) &&
              ixs_writer_table(writer, &ixs_table_provenance, nrows, rows, NULL, NULL, err) &&
              ixs_writer_table(writer, &ixs_table_config, nlines, lines, NULL, NULL, err);
    free(rows);
    free(lines);
    return ok;
}

/* The primary header once more, now that all tables are there. */
static bool seal_file(struct ixs_writer *writer, const struct ixs_provenance *provenance,
                      struct ixs_err *err)
{
    char creator[64];
    snprintf(creator, sizeof creator, "%s %s", provenance->program, provenance->version);
    writer->hdu = 0;
    writer->data = writer->end = writer->primary;
    writer->sum = 0;
    ixs_card_change_text(writer, "CREATOR", creator);
    ixs_card_change_int(writer, "NEXTEND", writer->ntables);
    ixs_hdu_seal(writer);
    return ixs_writer_whole(writer, err);
}

/* What was built must read back: nothing that fails our own checks is ever put in place. */
static bool check_built(const struct ixs_writer *writer, const char *path, struct ixs_err *err)
{
    struct ixs_hdus hdus = {0};
    struct ixs_err found = IXS_ERR_NONE;
    const char *complaint = NULL;
    if (writer->size > IXS_MOST_BYTES)
        return ixs_fail_at(err, IXS_OUTPUT, path, 0,
                           "found %zu bytes to write, expected at most %zu", writer->size,
                           IXS_MOST_BYTES);
    bool ok = ixs_hdus_find(&hdus, writer->bytes, writer->size, path, &found);
    for (size_t n = 0; ok && complaint == NULL && n < hdus.count; n++)
        complaint = ixs_hdu_complaint(writer->bytes, &hdus.list[n]);
    free(hdus.list);
    if (found.code == IXS_OUTPUT)
        return ixs_fail(err, IXS_OUTPUT, "%s", found.text);
    return (ok && complaint == NULL) ||
           ixs_fail_at(err, IXS_BUG, path, 0, "the product that was built does not read back: %s",
                       ok ? complaint : found.text);
}

bool ixs_writer_commit(struct ixs_writer *writer, const char *path,
                       const struct ixs_provenance *provenance, const struct ixs_commit *how,
                       bool *changed, struct ixs_err *err)
{
    return write_history(writer, provenance, err) && seal_file(writer, provenance, err) &&
           check_built(writer, path, err) &&
           ixs_file_commit(path, writer->bytes, writer->size, how, changed, err);
}
