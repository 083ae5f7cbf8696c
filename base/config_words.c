/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a schema allows, in words that a message can name: the attributes of an element, and whether
 * a type is a number. The schema is looked at as the XML document that it is.
 */
#include "base/config_schema.h"

#include "base/array.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <string.h>

enum {
    MOST_BASES = 8, /* types that extend types */
    QUIET = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING
};

static bool is_called(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

/* Copies an attribute of the schema's own element; "" where it has none. */
static void copy_attribute(const xmlNode *node, const char *name, size_t size, char *room)
{
    xmlChar *text = xmlGetProp(node, (const xmlChar *)name);
    ixs_copy(room, size, text != NULL ? (const char *)text : "");
    xmlFree(text);
}

/* The node behind this one in the order of the file, inside `top`; not into it if `past`. */
static xmlNode *next_inside(const xmlNode *top, xmlNode *node, bool past)
{
    if (!past && node->children != NULL)
        return node->children;
    while (node != top && node->next == NULL)
        node = node->parent;
    return node != top ? node->next : NULL;
}

static void add_word(const char *word, size_t size, char *room)
{
    size_t length = strlen(room);
    char among[600], seek[80];
    snprintf(among, sizeof among, ", %s,", room);
    snprintf(seek, sizeof seek, ", %s,", word);
    if (strstr(among, seek) == NULL)
        snprintf(room + length, size - length, "%s%s", length > 0 ? ", " : "", word);
}

/* Attributes declared inside `top` but for those of elements in it; the type it extends. */
static void gather(xmlNode *top, size_t size, char *room, char base[64])
{
    char name[64];
    bool past = false;
    base[0] = '\0';
    for (xmlNode *node = top; (node = next_inside(top, node, past)) != NULL;) {
        past = node->type != XML_ELEMENT_NODE || is_called(node, "element") ||
               is_called(node, "attribute");
        if (node->type != XML_ELEMENT_NODE)
            continue;
        copy_attribute(node, "name", sizeof name, name);
        if (is_called(node, "attribute"))
            add_word(name, size, room);
        else if (is_called(node, "extension"))
            copy_attribute(node, "base", 64, base);
    }
}

static xmlNode *find_type(const xmlNode *root, const char *kind, const char *type)
{
    char name[64];
    for (xmlNode *node = root->children; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE || !is_called(node, kind))
            continue;
        copy_attribute(node, "name", sizeof name, name);
        if (strcmp(name, type) == 0)
            return node;
    }
    return NULL;
}

/* One name may stand for several elements: the attributes of all of them. */
void ixs_schema_attributes(const char *schema, const char *element, size_t size, char *room)
{
    char name[64], type[64];
    room[0] = '\0';
    xmlDocPtr document = xmlReadMemory(schema, (int)strlen(schema), NULL, NULL, QUIET);
    xmlNode *root = document != NULL ? xmlDocGetRootElement(document) : NULL;
    for (xmlNode *node = root; node != NULL; node = next_inside(root, node, false)) {
        if (node->type != XML_ELEMENT_NODE || !is_called(node, "element"))
            continue;
        copy_attribute(node, "name", sizeof name, name);
        if (strcmp(name, element) != 0)
            continue;
        gather(node, size, room, type);
        if (type[0] == '\0')
            copy_attribute(node, "type", sizeof type, type);
        for (int i = 0; i < MOST_BASES && type[0] != '\0'; i++) {
            xmlNode *found = find_type(root, "complexType", type);
            type[0] = '\0';
            if (found != NULL)
                gather(found, size, room, type);
        }
    }
    xmlFreeDoc(document);
}

void ixs_schema_base(const char *schema, const char *type, size_t size, char *room)
{
    ixs_copy(room, size, type);
    xmlDocPtr document = xmlReadMemory(schema, (int)strlen(schema), NULL, NULL, QUIET);
    for (int i = 0; i < MOST_BASES && document != NULL; i++) {
        xmlNode *node = find_type(xmlDocGetRootElement(document), "simpleType", room);
        node = node != NULL ? node->children : NULL;
        while (node != NULL && !(node->type == XML_ELEMENT_NODE && is_called(node, "restriction")))
            node = node->next;
        if (node == NULL)
            break;
        copy_attribute(node, "base", size, room);
    }
    xmlFreeDoc(document);
}
