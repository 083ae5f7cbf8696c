/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a kind of product consists of, declared once: its reader, writer, checker and docs follow.
 */
#ifndef IXS_PRODUCTS_DECLARE_H
#define IXS_PRODUCTS_DECLARE_H

#include "base/product.h"

struct ixs_part { /* one table of a product and where its rows lie in the product's struct */
    const struct ixs_table *table;
    size_t count, rows;               /* offsets of a size_t and of the pointer to the rows */
    const struct ixs_table *keywords; /* keywords of this table's header, or NULL */
    size_t keys;                      /* offset of the struct that holds them */
    bool optional;                    /* written only if there are rows, may be absent */
    bool aside; /* for people, no computation uses it: outside the digest of what is read */
};

#define IXS_PART(product, member, number, table, optional)                                         \
    {                                                                                              \
        table, offsetof(struct product, number), offsetof(struct product, member), NULL, 0,        \
            optional, false                                                                        \
    }
#define IXS_PART_KEYS(product, member, number, table, keywords, keys)                              \
    {                                                                                              \
        table, offsetof(struct product, number), offsetof(struct product, member), keywords,       \
            offsetof(struct product, keys), false, false                                           \
    }

#define IXS_PART_ASIDE(product, member, number, table)                                             \
    {                                                                                              \
        table, offsetof(struct product, number), offsetof(struct product, member), NULL, 0, false, \
            true                                                                                   \
    }

/* Aside, and optional too. */
#define IXS_PART_TOLD(product, member, number, table)                                              \
    {                                                                                              \
        table, offsetof(struct product, number), offsetof(struct product, member), NULL, 0, true,  \
            true                                                                                   \
    }

struct ixs_kind {
    const char *name;    /* PRODUCT */
    int version;         /* PRODVERS that is written; all earlier ones are read */
    const char *meaning; /* one line */
    size_t identity;     /* offset of the struct ixs_identity */
    const struct ixs_part *parts;
    size_t nparts;
};

extern const struct ixs_kind ixs_kind_raw, ixs_kind_calib, ixs_kind_spectra, ixs_kind_fit,
    ixs_kind_dispersion;
extern const struct ixs_kind *const ixs_kinds[]; /* all of them */
extern const size_t ixs_nkinds;

/* The kind of that name, or NULL. */
const struct ixs_kind *ixs_kind_find(const char *name);

IXS_MUST_CHECK bool ixs_kind_write(const struct ixs_kind *kind, const void *product,
                                   const char *path, const struct ixs_provenance *provenance,
                                   const struct ixs_commit *how, bool *changed,
                                   struct ixs_err *err);

/* Reads all parts into `product`; `role` names the input in `provenance`, which may be NULL. */
IXS_MUST_CHECK bool ixs_kind_read(const struct ixs_kind *kind, void *product, const char *path,
                                  const char *role, const struct ixs_reading *how,
                                  struct ixs_provenance *provenance, struct ixs_err *err);
/* The pieces of the two above, for RAW, whose scan table is declared by the file itself. */
IXS_MUST_CHECK bool ixs_kind_open(const struct ixs_kind *kind, void *product,
                                  struct ixs_reader **reader, const char *path,
                                  const struct ixs_reading *how, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_kind_parts_read(const struct ixs_kind *kind, void *product,
                                        struct ixs_reader *reader, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_kind_parts_write(const struct ixs_kind *kind, const void *product,
                                         struct ixs_writer *writer, struct ixs_err *err);

void ixs_kind_dispose(const struct ixs_kind *kind, void *product);

#endif
