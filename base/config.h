/* SPDX-License-Identifier: GPL-3.0-or-later
 * Configuration files: XML, each validated alone on reading against the XSD of its kind (compiled
 * in), with messages FILE:LINE in our own words. No DTD, no entities, no network, at most 1 MiB.
 * A struct is filled through a field table; what was read is marked as used.
 */
#ifndef IXS_BASE_CONFIG_H
#define IXS_BASE_CONFIG_H

#include "base/provenance.h"

struct ixs_config; /* one open XML file */

/* Whether a file begins as XML does; *kind: the name of its root element, cut at 24 bytes. */
bool ixs_config_kind(const char *path, char kind[25]);

struct ixs_node; /* an element; belongs to its config */

/* kind: "instrument", "experiment", "model", "sample" or "table": the root element and its XSD. */
IXS_MUST_CHECK bool ixs_config_open(struct ixs_config **out, const char *path, const char *kind,
                                    struct ixs_err *err);
const char *ixs_config_path(const struct ixs_config *config);
struct ixs_node *ixs_config_root(const struct ixs_config *config);
void ixs_config_close(struct ixs_config *config); /* accepts NULL */

/* First child element of that name, or NULL; the next sibling of the same name, or NULL. */
struct ixs_node *ixs_node_child(struct ixs_node *node, const char *name);
struct ixs_node *ixs_node_next(struct ixs_node *node);
const char *ixs_node_name(const struct ixs_node *node);
long ixs_node_line(const struct ixs_node *node);

enum ixs_field_type { IXS_FIELD_REAL, IXS_FIELD_INT, IXS_FIELD_TEXT, IXS_FIELD_FLAG };

/* Where a value of the XML goes. `name` is a path below the node: "pitch" (text of the child),
 * "@name" (attribute), "lattice/@a", "." (text of the node itself). Units are fixed by the XSD, so
 * that a value needs no scaling.
 */
struct ixs_field {
    const char *name;
    enum ixs_field_type type; /* member: double, int64_t, char[width + 1], bool */
    size_t offset;
    size_t width;
};

#define IXS_FIELD(row, member, name, type)                                                         \
    {                                                                                              \
        name, type, offsetof(struct row, member), sizeof(((struct row *)0)->member) - 1            \
    }

/* Fills the members whose value the XML has and leaves the others: defaults first, then the
 * instrument, then the experiment over it. Marks what it reads as used. */
IXS_MUST_CHECK bool ixs_node_fields(const struct ixs_config *config, struct ixs_node *node,
                                    const struct ixs_field *fields, size_t nfields, void *out,
                                    struct ixs_err *err);

/* What ixs_node_fields has marked as used can be taken back, and marked again: for an element that
 * turns out to concern, or not to concern, the work at hand. */
void ixs_node_forget(struct ixs_node *node);
void ixs_node_use(struct ixs_node *node);

/* Sets an attribute that the element has: for a copy of the file that lies elsewhere. */
IXS_MUST_CHECK bool ixs_node_set(struct ixs_node *node, const char *attribute, const char *value,
                                 struct ixs_err *err);

/* Path of a file named inside the XML, relative to the XML. The caller frees. */
IXS_MUST_CHECK char *ixs_config_beside(const struct ixs_config *config, const char *name,
                                       struct ixs_err *err);

/* Adds the file as an input: the digest and the lines of its elements that were used. */
IXS_MUST_CHECK bool ixs_config_witness(const struct ixs_config *config, const char *role,
                                       struct ixs_provenance *provenance, struct ixs_err *err);

#endif
