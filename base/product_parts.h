/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside of the product files, for base/product_*.c and base/commit.c alone: FITS headers and
 * tables as bytes (FITS Standard 4.0), before and beside cfitsio.
 */
#ifndef IXS_BASE_PRODUCT_PARTS_H
#define IXS_BASE_PRODUCT_PARTS_H

#include "base/digest.h"
#include "base/product.h"

enum {
    IXS_CARD = 80,          /* bytes of a header card */
    IXS_BLOCK = 2880,       /* bytes of a FITS block */
    IXS_MOST_COLUMNS = 999, /* FITS 4.0 section 7.3.1 */
    IXS_LONGEST_TEXT = 4000 /* letters of a keyword, escaped */
};
#define IXS_MOST_BYTES ((size_t)1 << 30) /* of a product, uncompressed */

/* ---- product_text.c: text of any bytes in FITS, which allows printable ASCII only ------------ */

/* A byte outside 0x20..0x7E becomes \xHH, and so does a backslash that would read as such an
 * escape: every text comes back as it was. The size of the escaped text, without end. */
size_t ixs_escape_size(const char *text);
void ixs_escape(const char *text, char *room); /* writes ixs_escape_size bytes, no end */
/* The reverse, of `length` bytes; room for length + 1. Returns the length. */
size_t ixs_unescape(const char *text, size_t length, char *room);

/* ---- product_card.c: header cards ------------------------------------------------------------ */

struct ixs_header {    /* borrowed */
    const char *cards; /* [count][IXS_CARD], without END */
    size_t count;
};

/* NULL, or what is wrong with a card. */
const char *ixs_card_complaint(const char *card);
/* The card of that keyword, or NULL. */
const char *ixs_header_find(const struct ixs_header *header, const char *name);
/* True if the keyword is there and its value is of that type. Text is joined over CONTINUE and
 * unescaped; it must fit into `size` with its end. */
bool ixs_header_int(const struct ixs_header *header, const char *name, int64_t *value);
bool ixs_header_real(const struct ixs_header *header, const char *name, double *value);
bool ixs_header_text(const struct ixs_header *header, const char *name, size_t size, char *room);
/* The same of a card that was found; NULL: it was not. */
bool ixs_card_value(const struct ixs_header *header, const char *card, size_t size, char *room);

/* ---- product_header.c: a product that is built ----------------------------------------------- */

struct ixs_writer { /* owns its bytes */
    unsigned char *bytes;
    size_t size, capacity;
    size_t primary;        /* bytes of the primary header */
    size_t hdu, data, end; /* of the present HDU: its header, its data, behind them */
    uint32_t sum;          /* of its data: DATASUM */
    int ntables;
    bool lost;        /* the bytes are not whole: */
    char too_long[9]; /* the keyword whose text no card takes; "": memory was missing */
};

IXS_MUST_CHECK bool ixs_writer_whole(const struct ixs_writer *writer, struct ixs_err *err);

/* Room for `size` bytes behind those there are, which the caller fills; NULL, and `lost`, without
 * memory. */
unsigned char *ixs_writer_room(struct ixs_writer *writer, size_t size);

/* Cards behind those there are, fixed format; a comment may be "" and is cut to the card. */
void ixs_card_word(struct ixs_writer *writer, const char *key, const char *word,
                   const char *comment); /* T, F or a number */
void ixs_card_int(struct ixs_writer *writer, const char *key, int64_t value, const char *comment);
/* Of any text: escaped, and over CONTINUE where it is long. */
void ixs_card_text(struct ixs_writer *writer, const char *key, const char *text,
                   const char *comment);
void ixs_card_comment(struct ixs_writer *writer, const char *text);
/* DATE-OBS as FITS wants it, and OBSTEXT if the beamline wrote it otherwise. */
void ixs_cards_date(struct ixs_writer *writer, const char *date);
/* product_key.c: one for each declared column. */
IXS_MUST_CHECK bool ixs_cards_write(struct ixs_writer *writer, const struct ixs_table *keywords,
                                    const void *keys, struct ixs_err *err);
/* Other values of cards of the present HDU that hold a short text or a number. */
void ixs_card_change_text(struct ixs_writer *writer, const char *key, const char *text);
void ixs_card_change_int(struct ixs_writer *writer, const char *key, int64_t value);

/* product_seal.c: cards for the sums and END, then blanks; and the sums themselves once the data
 * are whole, up to writer->end, and added up in writer->sum. */
void ixs_header_end(struct ixs_writer *writer);
void ixs_hdu_seal(struct ixs_writer *writer);

/* ---- product_check.c: structure -------------------------------------------------------------- */

struct ixs_hdu {
    char name[72];          /* EXTNAME, "" for the primary */
    size_t header;          /* offset of its first card */
    size_t ncards;          /* without END */
    size_t data;            /* offset of its data */
    size_t end;             /* offset behind its last block */
    size_t nrows, row_size; /* bytes in the file */
    size_t ncolumns;
};

struct ixs_hdus { /* owns its list; all-zero is empty */
    struct ixs_hdu *list;
    size_t count, capacity;
};

struct ixs_header ixs_hdu_header(const unsigned char *bytes, const struct ixs_hdu *hdu);
/* Finds all HDUs of a file in memory. Whatever the bytes are, nothing outside of them is read; what
 * passes is a plain primary HDU and binary tables without heap, each whole. */
IXS_MUST_CHECK bool ixs_hdus_find(struct ixs_hdus *hdus, const unsigned char *bytes, size_t size,
                                  const char *path, struct ixs_err *err);

/* ---- product_columns.c: columns of a table ----------------------------------------------------
 */

enum ixs_column_card { IXS_TTYPE, IXS_TFORM, IXS_TUNIT, IXS_TCOMM, IXS_NCOLUMN_CARDS };

struct ixs_file_column {
    const char *cards[IXS_NCOLUMN_CARDS]; /* in the header; NULL: it has none */
    char name[72], unit[72];
    char letter; /* TFORM: D, E, K, J, I, B, A ... */
    size_t repeat;
    size_t offset; /* in the row of the file */
    size_t width;  /* bytes */
};

/* Fills zeroed columns[ncolumns]. NULL, or what is wrong with column *bad. */
const char *ixs_file_columns(const struct ixs_header *header, size_t ncolumns,
                             struct ixs_file_column *columns, size_t *bad);

/* ---- product_sum.c: checksums ---------------------------------------------------------------- */

/* `sum` and the big-endian words of bytes[size] added in ones' complement; size is a multiple of 4,
 * and at most IXS_MOST_BYTES. */
uint32_t ixs_sum_words(uint32_t sum, const unsigned char *bytes, size_t size);
/* NULL if CHECKSUM and DATASUM are those of the bytes, or what is wrong. */
const char *ixs_hdu_complaint(const unsigned char *bytes, const struct ixs_hdu *hdu);

/* ---- product_gzip.c -------------------------------------------------------------------------- */

/* The whole of a regular file, unpacked if it is a gzip file; at most IXS_MOST_BYTES. */
IXS_MUST_CHECK bool ixs_file_read(unsigned char **bytes, size_t *size, const char *path,
                                  struct ixs_err *err);
/* Packs without name or time. The caller frees *packed. */
IXS_MUST_CHECK bool ixs_gzip(unsigned char **packed, size_t *npacked, const void *bytes,
                             size_t size, struct ixs_err *err);

/* ---- product_rows.c: rows of structs <-> rows of big-endian bytes ---------------------------- */

struct ixs_packing { /* one column; of a missing one, width is 0 */
    const struct ixs_column *column;
    char letter;
    size_t offset, width; /* in the row of the file */
};

/* Are rows nothing but numbers, in the order of their struct? Then this packs `count` of them. */
bool ixs_rows_are_plain(size_t npackings, const struct ixs_packing *packings);
void ixs_rows_pack_plain(size_t count, const void *row, unsigned char *packed);
void ixs_rows_pack(size_t npackings, const struct ixs_packing *packings, const void *row,
                   unsigned char *packed);
/* False if a text is longer than its member; *bad is then the column. */
bool ixs_rows_unpack(size_t npackings, const struct ixs_packing *packings,
                     const unsigned char *packed, void *row, const struct ixs_column **bad);

#endif
