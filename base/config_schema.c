/* SPDX-License-Identifier: GPL-3.0-or-later
 * Validation against an XSD, and its faults in our own words. libxml2's messages have the form
 * "Element 'a', attribute 'b': [facet 'f'] sentence."; the error code says which sentence it is.
 */
#include "base/config_schema.h"

#include "base/array.h"

#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if LIBXML_VERSION >= 21200
typedef const xmlError *xml_fault; /* the library changed the type of its callback */
#else
typedef xmlError *xml_fault;
#endif

struct listener {
    const char *path;
    const char *kind;
    const char *schema; /* its text */
    struct ixs_err *err;
};

/* The text between `front` and `back` in message, "" if it is not there. */
static void between(const char *message, const char *front, const char *back, size_t size,
                    char *room)
{
    const char *start = strstr(message, front), *end;
    room[0] = '\0';
    if (start == NULL)
        return;
    start += strlen(front);
    end = strstr(start, back);
    size_t length = end ? (size_t)(end - start) : strlen(start);
    if (length >= size)
        length = size - 1;
    memcpy(room, start, length);
    room[length] = '\0';
}

struct fault { /* what a message is about */
    char element[64], attribute[64], value[128], allowed[512], sentence[512];
    char place[160]; /* "<pitch>" or "attribute unit of <pitch>" */
};

static void take_apart(struct fault *fault, const char *message)
{
    between(message, "Element '", "'", sizeof fault->element, fault->element);
    between(message, "attribute '", "'", sizeof fault->attribute, fault->attribute);
    between(message, "he value '", "'", sizeof fault->value, fault->value);
    between(message, ": ", "\n", sizeof fault->sentence, fault->sentence);
    if (strstr(message, "he value '") == NULL)
        between(fault->sentence, "'", "' is not a valid", sizeof fault->value, fault->value);
    between(message, "{", "}", sizeof fault->allowed, fault->allowed);
    if (fault->allowed[0] == '\0')
        between(message, "( ", " )", sizeof fault->allowed, fault->allowed);
    if (fault->attribute[0] != '\0')
        snprintf(fault->place, sizeof fault->place, "attribute %s of <%s>", fault->attribute,
                 fault->element);
    else
        snprintf(fault->place, sizeof fault->place, "<%s>", fault->element);
}

/* What a value of that XSD type is called. */
static const char *noun(const struct listener *to, const char *sentence)
{
    char type[64], base[64];
    between(sentence, "atomic type '", "'", sizeof type, type);
    ixs_schema_base(to->schema, type, sizeof base, base);
    if (strcmp(base, "xs:double") == 0)
        return "a number";
    if (strstr(base, "nteger"))
        return "a whole number";
    if (strcmp(base, "xs:boolean") == 0)
        return "true or false";
    return "a value of the kind that the schema allows";
}

/* A facet's sentence names its limit last, in quotes. */
static void say_limit(const struct listener *to, long line, const char *what,
                      const struct fault *fault)
{
    const char *sentence = fault->sentence, *end = strrchr(sentence, '\'');
    const char *start = end;
    while (start > sentence && start[-1] != '\'')
        start--;
    ixs_fail_at(to->err, IXS_USAGE, to->path, line, "found '%s' in %s, expected %s %.*s",
                fault->value, fault->place, what, end ? (int)(end - start) : 0, start);
}

static const char *limit_words(int code)
{
    static const struct {
        int code;
        const char *words;
    } limits[] = {
        {XML_SCHEMAV_CVC_MININCLUSIVE_VALID, "at least"},
        {XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID, "at most"},
        {XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID, "more than"},
        {XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID, "less than"},
        {XML_SCHEMAV_CVC_MINLENGTH_VALID, "a text at least as long as"},
        {XML_SCHEMAV_CVC_MAXLENGTH_VALID, "a text at most as long as"},
    };
    for (size_t i = 0; i < IXS_COUNT(limits); i++)
        if (limits[i].code == code)
            return limits[i].words;
    return NULL;
}

static void say(const struct listener *to, long line, int code, const struct fault *fault)
{
    const char *place = fault->place, *value = fault->value, *allowed = fault->allowed;
    char names[512];
    switch (code) {
    case XML_SCHEMAV_CVC_ENUMERATION_VALID:
        ixs_fail_at(to->err, IXS_USAGE, to->path, line, "found '%s' in %s, expected %s%s", value,
                    place, strchr(allowed, ',') != NULL ? "one of " : "", allowed);
        break;
    case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1:
    case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_2:
        ixs_fail_at(to->err, IXS_USAGE, to->path, line, "found '%s' in %s, expected %s", value,
                    place, noun(to, fault->sentence));
        break;
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
        ixs_schema_attributes(to->schema, fault->element, sizeof names, names);
        ixs_fail_at(to->err, IXS_USAGE, to->path, line, "found %s, expected %s", place,
                    names[0] != '\0' ? names : "no attribute");
        break;
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4:
        between(fault->sentence, "attribute '", "'", sizeof fault->attribute,
                (char *)fault->attribute);
        ixs_fail_at(to->err, IXS_USAGE, to->path, line,
                    "found <%s> without attribute %s, expected one", fault->element,
                    fault->attribute);
        break;
    case XML_SCHEMAV_CVC_ELT_1:
        ixs_fail_at(to->err, IXS_USAGE, to->path, line, "found <%s>, expected <%s>", fault->element,
                    to->kind);
        break;
    case XML_SCHEMAV_ELEMENT_CONTENT:
        if (strstr(fault->sentence, "Missing"))
            ixs_fail_at(to->err, IXS_USAGE, to->path, line,
                        "found %s incomplete, expected %s in it", place,
                        allowed[0] ? allowed : "more");
        else
            ixs_fail_at(to->err, IXS_USAGE, to->path, line, "found %s here, expected %s", place,
                        allowed[0] ? allowed : "another element, or none");
        break;
    default:
        ixs_fail_at(to->err, IXS_USAGE, to->path, line,
                    "found %s: %s expected what configs/%s.xsd allows", place, fault->sentence,
                    to->kind);
    }
}

static void listen(void *context, xml_fault fault)
{
    struct listener *to = context;
    struct fault parts;
    memset(&parts, 0, sizeof parts);
    take_apart(&parts, fault->message ? fault->message : "");
    long line = fault->node ? xmlGetLineNo(fault->node) : fault->line;
    const char *limit = limit_words(fault->code);
    if (limit != NULL)
        say_limit(to, line, limit, &parts);
    else
        say(to, line, fault->code, &parts);
}

static char *schema_text(const struct ixs_schema *schema, struct ixs_err *err)
{
    size_t length = 0;
    for (size_t i = 0; schema->lines[i] != NULL; i++)
        length += strlen(schema->lines[i]);
    char *text = ixs_array(length + 1, 1, err), *end = text;
    for (size_t i = 0; text != NULL && schema->lines[i] != NULL; i++) {
        size_t size = strlen(schema->lines[i]);
        memcpy(end, schema->lines[i], size);
        end += size;
    }
    return text;
}

static const struct ixs_schema *find(const char *kind)
{
    for (size_t i = 0; i < ixs_nschemas; i++)
        if (strcmp(ixs_schemas[i].kind, kind) == 0)
            return &ixs_schemas[i];
    return NULL;
}

static bool validate(xmlSchemaPtr schema, xmlDocPtr document, struct listener *listener)
{
    xmlSchemaValidCtxtPtr context = xmlSchemaNewValidCtxt(schema);
    if (context == NULL)
        return ixs_fail(listener->err, IXS_OUTPUT, "no memory to validate %s", listener->path);
    xmlSchemaSetValidStructuredErrors(context, listen, listener);
    int result = xmlSchemaValidateDoc(context, document);
    xmlSchemaFreeValidCtxt(context);
    if (result == 0)
        return true;
    return ixs_fail_at(listener->err, result > 0 ? IXS_USAGE : IXS_OUTPUT, listener->path, 0,
                       "found a file that configs/%s.xsd does not allow", listener->kind);
}

bool ixs_schema_check(void *document, const char *kind, const char *path, struct ixs_err *err)
{
    const struct ixs_schema *schema = find(kind);
    if (schema == NULL)
        return ixs_fail(err, IXS_BUG, "no schema of kind %s is compiled in", kind);
    char *text = schema_text(schema, err);
    struct listener listener = {path, kind, text, err};
    if (text == NULL)
        return false;
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(text, (int)strlen(text));
    if (parser != NULL)
        xmlSchemaSetParserStructuredErrors(parser, listen, &listener);
    xmlSchemaPtr parsed = parser ? xmlSchemaParse(parser) : NULL;
    bool ok = parsed != NULL ? validate(parsed, document, &listener)
                             : ixs_fail(err, IXS_BUG, "configs/%s.xsd cannot be parsed", kind);
    xmlSchemaFree(parsed);
    xmlSchemaFreeParserCtxt(parser);
    free(text);
    return ok;
}
