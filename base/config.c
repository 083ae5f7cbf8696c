/* SPDX-License-Identifier: GPL-3.0-or-later
 * Configuration files: read whole, parsed without DTD, entities or network, validated, then read
 * into structs through field tables. A node's _private pointer says that it was used.
 */
#include "base/config_inside.h"

#include "base/array.h"
#include "base/config_schema.h"
#include "base/lines.h"
#include "base/path.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST = 1 << 20 };

/* An xmlNode under our name: base/config.h keeps libxml2 out of all other files. */
static xmlNodePtr inside(const struct ixs_node *node)
{
    return (xmlNodePtr)node;
}

static struct ixs_node *outside(xmlNodePtr node)
{
    return (struct ixs_node *)node;
}

static bool read_bytes(const char *path, char *room, size_t *length, struct ixs_err *err)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return ixs_fail_at(err, IXS_USAGE, path, 0, "cannot be opened: %s", strerror(errno));
    const char *other = fstat(fd, &about) == 0 ? ixs_path_other(&about) : "no file";
    if (other != NULL) {
        close(fd);
        return ixs_fail_at(err, IXS_USAGE, path, 0, "found %s, expected an XML file", other);
    }
    ssize_t got = 0;
    for (*length = 0; *length <= LARGEST; *length += (size_t)got) {
        got = read(fd, room + *length, LARGEST + 1 - *length);
        if (got <= 0)
            break;
    }
    int problem = errno;
    close(fd);
    if (got < 0)
        return ixs_fail_at(err, IXS_USAGE, path, 0, "cannot be read: %s", strerror(problem));
    return true;
}

/* A SPEC file or a product in the place of an XML file: how it begins tells more than a parser. */
static bool is_xml(const struct ixs_config *config, const char *kind, const char *bytes,
                   size_t length, struct ixs_err *err)
{
    const char *text = bytes + (strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
    char start[33] = "";
    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i + 1 < sizeof start && isprint((unsigned char)text[i]); i++)
        start[i] = text[i];
    if (length > LARGEST && *text == '<')
        return ixs_fail_at(err, IXS_USAGE, config->path, 0,
                           "found more than %d bytes, expected a configuration file", LARGEST);
    if (length == 0)
        return ixs_fail_at(err, IXS_USAGE, config->path, 0,
                           "found an empty file, expected well-formed XML");
    if (*text == '<' || start[0] == '\0')
        return true; /* the parser's business */
    return ixs_fail_at(err, IXS_USAGE, config->path, 0,
                       "found no XML (starts with '%s'), expected a file with <%s>", start, kind);
}

static bool parse(struct ixs_config *config, const char *bytes, size_t length, struct ixs_err *err)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                        XML_PARSE_NOBLANKS | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES;
    xmlParserCtxtPtr context = xmlNewParserCtxt();
    if (context == NULL)
        return ixs_fail(err, IXS_OUTPUT, "no memory to parse %s", config->path);
    config->document = xmlCtxtReadMemory(context, bytes, (int)length, NULL, NULL, options);
    const xmlError *fault = xmlCtxtGetLastError(context);
    if (config->document == NULL) {
        char text[256] = "nothing";
        if (fault != NULL && fault->message != NULL)
            ixs_copy(text, sizeof text, fault->message);
        text[strcspn(text, "\n")] = '\0';
        ixs_fail_at(err, IXS_USAGE, config->path, fault ? fault->line : 0,
                    "found %s, expected well-formed XML", text);
    } else if (xmlGetIntSubset(config->document) != NULL) {
        ixs_fail_at(err, IXS_USAGE, config->path, 1, "found a DTD, expected none");
    }
    xmlFreeParserCtxt(context);
    return err->code == IXS_OK;
}

/* A comment must not change what a product records of its configuration. */
// NOLINTNEXTLINE(misc-no-recursion): libxml2 refuses elements more than 256 deep
static void drop_comments(xmlNodePtr node)
{
    for (xmlNodePtr next; node != NULL; node = next) {
        next = node->next;
        if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE) {
            xmlUnlinkNode(node);
            xmlFreeNode(node);
        } else if (node->type == XML_ELEMENT_NODE) {
            drop_comments(node->children);
        }
    }
}

bool ixs_config_open(struct ixs_config **out, const char *path, const char *kind,
                     struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    char *bytes = NULL;
    size_t length = 0;
    *out = NULL;
    if (!ixs_config_memory(err) || !IXS_NEW(config, 1, err))
        return false;
    *out = config;
    bool ok = (config->path = ixs_text(err, "%s", path)) != NULL &&
              IXS_NEW(bytes, LARGEST + 2, err) && read_bytes(path, bytes, &length, err) &&
              is_xml(config, kind, bytes, length, err) && parse(config, bytes, length, err) &&
              ixs_schema_check(config->document, kind, path, err);
    if (ok)
        drop_comments(config->document->children);
    free(bytes);
    return ok;
}

const char *ixs_config_path(const struct ixs_config *config)
{
    return config->path;
}

struct ixs_node *ixs_config_root(const struct ixs_config *config)
{
    return outside(xmlDocGetRootElement(config->document));
}

void ixs_config_close(struct ixs_config *config)
{
    if (config == NULL)
        return;
    xmlFreeDoc(config->document);
    free(config->path);
    free(config);
}

static xmlNodePtr named(xmlNodePtr node, const char *name)
{
    for (; node != NULL; node = node->next)
        if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0)
            break;
    return node;
}

struct ixs_node *ixs_node_child(struct ixs_node *node, const char *name)
{
    return outside(named(inside(node)->children, name));
}

struct ixs_node *ixs_node_next(struct ixs_node *node)
{
    return outside(named(inside(node)->next, (const char *)inside(node)->name));
}

const char *ixs_node_name(const struct ixs_node *node)
{
    return (const char *)inside(node)->name;
}

long ixs_node_line(const struct ixs_node *node)
{
    return xmlGetLineNo(inside(node));
}

/* ---- values ---------------------------------------------------------------------------------- */

static void mark(xmlNodePtr element)
{
    element->_private = element;
}

void ixs_node_use(struct ixs_node *node)
{
    mark(inside(node));
}

// NOLINTNEXTLINE(misc-no-recursion): at most 256 deep
void ixs_node_forget(struct ixs_node *node)
{
    inside(node)->_private = NULL;
    for (xmlNodePtr child = inside(node)->children; child != NULL; child = child->next)
        if (child->type == XML_ELEMENT_NODE)
            ixs_node_forget(outside(child));
}

struct value {
    xmlChar *text; /* NULL: the XML does not have it */
    long line;
};

static struct value find_value(xmlNodePtr node, const char *path)
{
    struct value value = {NULL, 0};
    char step[64];
    for (;;) {
        size_t length = strcspn(path, "/");
        ixs_copy(step, length < sizeof step ? length + 1 : sizeof step, path);
        value.line = xmlGetLineNo(node);
        if (step[0] == '@') {
            xmlAttrPtr attribute = xmlHasProp(node, (const xmlChar *)(step + 1));
            if (attribute != NULL) {
                value.text = xmlNodeListGetString(node->doc, attribute->children, 1);
                if (value.text == NULL)
                    value.text = xmlStrdup((const xmlChar *)"");
                mark(node);
            }
            return value;
        }
        bool itself = strcmp(step, ".") == 0;
        if (!itself && (node = named(node->children, step)) == NULL)
            return value;
        if (path[length] == '\0') {
            mark(node);
            value.line = xmlGetLineNo(node);
            value.text = xmlNodeGetContent(node);
            return value;
        }
        path += length + 1;
    }
}

static bool fail_value(const struct ixs_config *config, const struct value *value,
                       const struct ixs_field *field, const char *expected, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_USAGE, config->path, value->line, "found '%s' in %s, expected %s",
                       (const char *)value->text, field->name, expected);
}

static bool store(const struct ixs_config *config, const struct value *value,
                  const struct ixs_field *field, char *place, struct ixs_err *err)
{
    char *text = (char *)value->text;
    double real;
    long integer;
    switch (field->type) {
    case IXS_FIELD_REAL:
        if (!ixs_number(text, &real))
            return fail_value(config, value, field, "a number", err);
        memcpy(place, &real, sizeof real);
        return true;
    case IXS_FIELD_INT:
        if (!ixs_integer(text, &integer))
            return fail_value(config, value, field, "a whole number", err);
        memcpy(place, &(int64_t){integer}, sizeof(int64_t));
        return true;
    case IXS_FIELD_FLAG:
        *(bool *)place = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
        return true;
    case IXS_FIELD_TEXT:
        if (!ixs_copy(place, field->width + 1, text))
            return fail_value(config, value, field, "a shorter text", err);
        return true;
    }
    return ixs_fail(err, IXS_BUG, "field %s has no type", field->name);
}

bool ixs_node_fields(const struct ixs_config *config, struct ixs_node *node,
                     const struct ixs_field *fields, size_t nfields, void *out, struct ixs_err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < nfields; i++) {
        struct value value = find_value(inside(node), fields[i].name);
        if (value.text == NULL)
            continue;
        ok = store(config, &value, &fields[i], (char *)out + fields[i].offset, err);
        xmlFree(value.text);
    }
    return ok;
}

bool ixs_node_set(struct ixs_node *node, const char *attribute, const char *value,
                  struct ixs_err *err)
{
    if (xmlHasProp(inside(node), (const xmlChar *)attribute) == NULL)
        return true;
    return xmlSetProp(inside(node), (const xmlChar *)attribute, (const xmlChar *)value) != NULL ||
           ixs_fail(err, IXS_OUTPUT, "no memory for the configuration");
}

char *ixs_config_beside(const struct ixs_config *config, const char *name, struct ixs_err *err)
{
    const char *slash = strrchr(config->path, '/');
    if (name[0] == '/' || slash == NULL)
        return ixs_text(err, "%s", name);
    return ixs_text(err, "%.*s/%s", (int)(slash - config->path), config->path, name);
}
