/* SPDX-License-Identifier: GPL-3.0-or-later
 * What was used of a configuration file: its lines for CONFIG and their digest for PROVENANCE.
 */
#include "base/config_inside.h"

#include "base/array.h"
#include "base/digest.h"
#include "base/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 16 };

struct witness {
    struct ixs_digest digest;
    struct ixs_provenance *provenance;
    const char *file;
};

// NOLINTNEXTLINE(misc-no-recursion): libxml2 refuses elements more than 256 deep
static bool used(xmlNodePtr element)
{
    if (element->_private != NULL)
        return true;
    for (xmlNodePtr child = element->children; child != NULL; child = child->next)
        if (child->type == XML_ELEMENT_NODE && used(child))
            return true;
    return false;
}

static bool add_line(struct witness *witness, int depth, const char *text, struct ixs_err *err)
{
    char *line = ixs_text(err, "%*s%s", 2 * depth, "", text);
    if (line == NULL)
        return false;
    ixs_digest_text(&witness->digest, line);
    bool ok = ixs_provenance_line(witness->provenance, witness->file, line, err);
    free(line);
    return ok;
}

/* "<name a="..." b="...">" or, for an element of text, "<name ...>text</name>". */
static bool add_tag(struct witness *witness, xmlNodePtr element, bool leaf, int depth,
                    struct ixs_err *err)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    if (buffer == NULL)
        return ixs_fail(err, IXS_OUTPUT, "no memory for the configuration");
    xmlNodePtr copy = xmlDocCopyNode(element, element->doc, leaf ? 1 : 2);
    xmlNodeDump(buffer, element->doc, copy, 0, 0);
    char *text = (char *)buffer->content;
    size_t length = text ? strlen(text) : 0;
    if (!leaf && length > 2 && strcmp(text + length - 2, "/>") == 0)
        memcpy(text + length - 2, ">", 2);
    bool ok = copy != NULL && length > 0
                  ? add_line(witness, depth, text, err)
                  : ixs_fail(err, IXS_OUTPUT, "no memory for the configuration");
    xmlFreeNode(copy);
    xmlBufferFree(buffer);
    return ok;
}

// NOLINTNEXTLINE(misc-no-recursion): down to DEEPEST
static bool add_element(struct witness *witness, xmlNodePtr element, int depth, struct ixs_err *err)
{
    bool leaf = xmlChildElementCount(element) == 0;
    if (depth > DEEPEST || !used(element))
        return true;
    if (!add_tag(witness, element, leaf, depth, err))
        return false;
    for (xmlNodePtr child = element->children; child != NULL && !leaf; child = child->next)
        if (child->type == XML_ELEMENT_NODE && !add_element(witness, child, depth + 1, err))
            return false;
    char end[80];
    snprintf(end, sizeof end, "</%.70s>", (const char *)element->name);
    return leaf || add_line(witness, depth, end, err);
}

bool ixs_config_witness(const struct ixs_config *config, const char *role,
                        struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct witness witness = {.provenance = provenance, .file = ixs_base_name(config->path)};
    char hex[65];
    ixs_digest_begin(&witness.digest);
    if (!add_element(&witness, xmlDocGetRootElement(config->document), 0, err))
        return false;
    ixs_digest_print(&witness.digest, hex);
    return ixs_provenance_path(provenance, config->path, err) &&
           ixs_provenance_input(provenance, role, witness.file, hex, "", "", err);
}
