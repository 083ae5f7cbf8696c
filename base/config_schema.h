/* SPDX-License-Identifier: GPL-3.0-or-later
 * The schemas of configs/, compiled in, and validation against them.
 */
#ifndef IXS_BASE_CONFIG_SCHEMA_H
#define IXS_BASE_CONFIG_SCHEMA_H

#include "base/err.h"

struct ixs_schema {
    const char *kind;         /* name of the root element and of configs/KIND.xsd */
    const char *const *lines; /* ended by a null pointer */
};

extern const struct ixs_schema ixs_schemas[];
extern const size_t ixs_nschemas;

/* Checks a parsed document (an xmlDoc) against the schema of its kind. The first fault is reported
 * as FILE:LINE: found, expected. */
IXS_MUST_CHECK bool ixs_schema_check(void *document, const char *kind, const char *path,
                                     struct ixs_err *err);

/* ---- config_words.c: what a schema, given as its text, allows -------------------------------- */
/* "a, b, c": the attributes that an element may have; "" if it has none. */
void ixs_schema_attributes(const char *schema, const char *element, size_t size, char *room);
/* What a named simple type is by its restrictions: "xs:double"; itself where it restricts none. */
void ixs_schema_base(const char *schema, const char *type, size_t size, char *room);

#endif
