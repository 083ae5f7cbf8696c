/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finishing a product: its history, its checksums, its bytes checked once more, its place.
 * Checksums are made here because fits_write_chksum puts the time of day into their comments.
 */
#include "base/product_fits.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ixs_hdu_seal(struct ixs_writer *writer, int *status)
{
    fitsfile *fits = writer->fits;
    LONGLONG header = 0, data = 0, end = 0;
    uint32_t sum = 0;
    char text[32];
    fits_write_key_str(fits, "CHECKSUM", "0000000000000000", "sum of this header and its data",
                       status);
    fits_write_key_str(fits, "DATASUM", "0", "sum of the data", status);
    fits_set_hdustruc(fits, status);
    fits_flush_file(fits, status); /* fills up the last block, which the sum covers */
    fits_get_hduaddrll(fits, &header, &data, &end, status);
    if (*status != 0 || end < data || (size_t)end > writer->size)
        return;
    const unsigned char *bytes = writer->bytes;
    sum = ixs_sum_words(0, bytes + data, (size_t)(end - data));
    snprintf(text, sizeof text, "%lu", (unsigned long)sum);
    fits_modify_key_str(fits, "DATASUM", text, "&", status);
    fits_flush_file(fits, status);
    bytes = writer->bytes;
    sum = ixs_sum_words(sum, bytes + header, (size_t)(data - header));
    fits_encode_chksum(sum, 1, text);
    fits_modify_key_str(fits, "CHECKSUM", text, "&", status);
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

/* After this the bytes are final and writer->fits is closed. */
static bool seal_file(struct ixs_writer *writer, const struct ixs_provenance *provenance,
                      struct ixs_err *err)
{
    char creator[64];
    int status = 0, closing = 0;
    snprintf(creator, sizeof creator, "%s %s", provenance->program, provenance->version);
    fits_movabs_hdu(writer->fits, 1, NULL, &status);
    fits_modify_key_str(writer->fits, "CREATOR", creator, "&", &status);
    fits_modify_key_lng(writer->fits, "NEXTEND", writer->ntables, "&", &status);
    ixs_hdu_seal(writer, &status);
    fits_close_file(writer->fits, &closing);
    writer->fits = NULL;
    if (status == 0)
        status = closing;
    return status == 0 || ixs_fits_fail(status, "finishing a product", err);
}

/* Where memory fails, cfitsio now and then goes on as if nothing were missing, but leaves word. */
static bool check_memory(struct ixs_err *err)
{
    char message[FLEN_ERRMSG];
    bool missing = false;
    while (fits_read_errmsg(message) != 0)
        missing = missing || strstr(message, "memory") != NULL;
    return !missing || ixs_fail(err, IXS_OUTPUT, "no memory for a product");
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
           check_memory(err) && check_built(writer, path, err) &&
           ixs_file_commit(path, writer->bytes, writer->size, how, changed, err);
}
