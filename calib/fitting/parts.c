/* SPDX-License-Identifier: GPL-3.0-or-later
 * <components>, <ties> and <alike> of a model file.
 */
#include "calib/fitting/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double usual_kelvin = 2.0; /* thermometers, heating by the beam */

struct reading {
    struct ixs_fitting_parts *parts;
    const struct ixs_config *config;
    size_t settings, ties, shares, adjustments; /* room */
};

#define REAL(member) IXS_FIELD(ixs_fitting_setting, member, "@" #member, IXS_FIELD_REAL)
static const struct ixs_field setting_fields[] = {
    REAL(start),
    REAL(from),
    REAL(to),
    REAL(prior),
    REAL(error),
    REAL(fixed),
    IXS_FIELD(ixs_fitting_setting, at.analyzer, "@analyzer", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_fitting_setting, at.scan, "@scan", IXS_FIELD_INT),
    IXS_FIELD(ixs_fitting_setting, at.temperature, "@temperature", IXS_FIELD_REAL),
};
#undef REAL

struct words { /* attributes of ties as they stand */
    char parameter[256], like[40], over[64];
    double number;
};
static const struct ixs_field word_fields[] = {
    IXS_FIELD(words, parameter, "@parameter", IXS_FIELD_TEXT),
    IXS_FIELD(words, like, "@like", IXS_FIELD_TEXT),
    IXS_FIELD(words, over, "@over", IXS_FIELD_TEXT),
};
static const struct ixs_field number_field[] = {IXS_FIELD(words, number, ".", IXS_FIELD_REAL)};

static const struct ixs_field adjustment_fields[] = {
    IXS_FIELD(ixs_fitting_adjustment, at.analyzer, "@analyzer", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_fitting_adjustment, at.scan, "@scan", IXS_FIELD_INT),
    IXS_FIELD(ixs_fitting_adjustment, at.temperature, "@temperature", IXS_FIELD_REAL),
};

static const struct ixs_field alike_fields[] = {
    IXS_FIELD(ixs_fitting_parts, alike_q, "q", IXS_FIELD_REAL),
    IXS_FIELD(ixs_fitting_parts, alike_kelvin, "temperature", IXS_FIELD_REAL),
    IXS_FIELD(ixs_fitting_parts, symmetry, "symmetry", IXS_FIELD_TEXT),
};

static bool read_fields(const struct reading *reading, struct ixs_node *node,
                        const struct ixs_field *fields, size_t n, void *out, struct ixs_err *err)
{
    return ixs_node_fields(reading->config, node, fields, n, out, err);
}

/* ---- settings -------------------------------------------------------------------------------- */

static bool add_setting(struct reading *reading, struct ixs_node *node,
                        const struct ixs_fitting_setting *usual, struct ixs_err *err)
{
    struct ixs_fitting_parts *parts = reading->parts;
    if (!IXS_MORE(parts->settings, &reading->settings, parts->nsettings, err))
        return false;
    struct ixs_fitting_setting *row = &parts->settings[parts->nsettings++];
    *row = *usual;
    row->line = ixs_node_line(node);
    return read_fields(reading, node, setting_fields, IXS_COUNT(setting_fields), row, err);
}

/* A parameter's element and, each a setting of its own over it, what is different at some spectra.
 */
static bool read_setting(struct reading *reading, struct ixs_node *node, const char *component,
                         struct ixs_err *err)
{
    struct ixs_fitting_setting usual = {
        .start = NAN, .from = NAN, .to = NAN, .prior = NAN, .error = NAN, .fixed = NAN};
    ixs_copy(usual.of.component, sizeof usual.of.component, component);
    ixs_copy(usual.of.name, sizeof usual.of.name, ixs_node_name(node));
    bool ok = add_setting(reading, node, &usual, err);
    for (struct ixs_node *at = ixs_node_child(node, "at"); ok && at != NULL; at = ixs_node_next(at))
        ok = add_setting(reading, at, &usual, err);
    return ok;
}

/* All parameters that an element has; names: NULL at the end. */
static bool read_component(struct reading *reading, struct ixs_node *node, const char *component,
                           const char *const *names, struct ixs_err *err)
{
    bool ok = true;
    for (; ok && node != NULL && *names != NULL; names++) {
        struct ixs_node *child = ixs_node_child(node, *names);
        ok = child == NULL || read_setting(reading, child, component, err);
    }
    return ok;
}

static bool read_modes(struct reading *reading, struct ixs_node *components, struct ixs_err *err)
{
    static const char *const names[] = {"omega0", "fwhm", "strength", NULL};
    static const struct ixs_field name[] = {
        IXS_FIELD(ixs_fitting_name, component, "@name", IXS_FIELD_TEXT)};
    struct ixs_fitting_parts *parts = reading->parts;
    bool ok = true;
    for (struct ixs_node *mode = ixs_node_child(components, "mode");
         ok && mode != NULL && parts->nmodes < IXS_MODEL_MOST_MODES; mode = ixs_node_next(mode)) {
        struct ixs_fitting_name of;
        ok = read_fields(reading, mode, name, 1, &of, err) &&
             read_component(reading, mode, of.component, names, err);
        for (size_t k = 0; ok && k < parts->nmodes; k++)
            if (strcmp(parts->modes[k], of.component) == 0)
                ok =
                    ixs_fail_at(err, IXS_USAGE, parts->path, ixs_node_line(mode),
                                "found two modes named %s, expected different names", of.component);
        if (ok)
            ixs_copy(parts->modes[parts->nmodes++], sizeof parts->modes[0], of.component);
    }
    return ok;
}

static bool read_per(struct reading *reading, struct ixs_node *zero, struct ixs_err *err)
{
    static const struct ixs_field per[] = {IXS_FIELD(words, over, "@per", IXS_FIELD_TEXT)};
    struct words words = {.over = ""};
    bool ok = zero == NULL || read_fields(reading, zero, per, 1, &words, err);
    if (strcmp(words.over, "scan") == 0)
        reading->parts->zero_per_scan = ixs_node_line(zero);
    return ok;
}

static bool read_components(struct reading *reading, struct ixs_node *node, struct ixs_err *err)
{
    static const char *const zero[] = {"zero", NULL}, *const area[] = {"area", NULL},
                             *const powers[] = {"level", "slope", "curvature", "cubic", NULL},
                             *const quasielastic[] = {"area", "fwhm", NULL},
                             *const scale[] = {"scale", NULL};
    return node == NULL ||
           (read_component(reading, node, "zero", zero, err) &&
            read_per(reading, ixs_node_child(node, "zero"), err) &&
            read_component(reading, ixs_node_child(node, "elastic"), "elastic", area, err) &&
            read_component(reading, ixs_node_child(node, "background"), "background", powers,
                           err) &&
            read_component(reading, ixs_node_child(node, "quasielastic"), "quasielastic",
                           quasielastic, err) &&
            read_component(reading, ixs_node_child(node, "table"), "table", scale, err) &&
            read_modes(reading, node, err));
}

/* ---- ties ------------------------------------------------------------------------------------ */

static bool read_name(const struct reading *reading, struct ixs_fitting_name *out, const char *text,
                      size_t length, long line, struct ixs_err *err)
{
    const char *dot = memchr(text, '.', length);
    size_t before = dot != NULL ? (size_t)(dot - text) : 0, after = length - before - 1;
    if (before == 0 || before >= sizeof out->component || after == 0 || after >= sizeof out->name)
        return ixs_fail_at(err, IXS_USAGE, reading->parts->path, line,
                           "found '%.*s', expected COMPONENT.NAME such as TA.omega0", (int)length,
                           text);
    ixs_copy(out->component, before + 1, text);
    ixs_copy(out->name, after + 1, dot + 1);
    return true;
}

static bool read_words(const struct reading *reading, struct ixs_node *node, struct words *words,
                       bool number, struct ixs_err *err)
{
    *words = (struct words){.number = NAN};
    return read_fields(reading, node, word_fields, IXS_COUNT(word_fields), words, err) &&
           (!number || read_fields(reading, node, number_field, 1, words, err));
}

static bool add_tie(struct reading *reading, struct ixs_node *node, const char *kind,
                    struct ixs_err *err)
{
    struct ixs_fitting_parts *parts = reading->parts;
    struct words words;
    bool ratio = strcmp(kind, "ratio") == 0, offset = strcmp(kind, "offset") == 0;
    if (!read_words(reading, node, &words, ratio || offset, err) ||
        !IXS_MORE(parts->ties, &reading->ties, parts->nties, err))
        return false;
    struct ixs_fitting_tie *row = &parts->ties[parts->nties++];
    *row = (struct ixs_fitting_tie){.factor = ratio ? words.number : 1.0,
                                    .offset = offset ? words.number : 0.0,
                                    .line = ixs_node_line(node)};
    if (row->factor == 0.0)
        return ixs_fail_at(err, IXS_USAGE, parts->path, row->line,
                           "found a ratio of 0, expected any other number");
    return read_name(reading, &row->of, words.parameter, strlen(words.parameter), row->line, err) &&
           read_name(reading, &row->like, words.like, strlen(words.like), row->line, err);
}

static unsigned over_of(const char *text)
{
    static const struct {
        const char *word;
        unsigned bits;
    } words[] = {{"scans", IXS_OVER_SCANS},
                 {"temperatures", IXS_OVER_TEMPERATURES},
                 {"zones", IXS_OVER_ZONES},
                 {"analyzers", IXS_OVER_ANALYZERS},
                 {"all", IXS_OVER_ALL}};
    unsigned bits = 0;
    for (size_t i = 0; i < IXS_COUNT(words); i++)
        bits |= strstr(text, words[i].word) != NULL ? words[i].bits : 0;
    return bits;
}

static bool add_adjustment(struct reading *reading, struct ixs_node *node, size_t share, bool ratio,
                           struct ixs_err *err)
{
    struct ixs_fitting_parts *parts = reading->parts;
    struct words words;
    if (!IXS_MORE(parts->adjustments, &reading->adjustments, parts->nadjustments, err) ||
        !read_fields(reading, node, number_field, 1, &words, err))
        return false;
    struct ixs_fitting_adjustment *row = &parts->adjustments[parts->nadjustments++];
    *row = (struct ixs_fitting_adjustment){.share = share,
                                           .factor = ratio ? words.number : 1.0,
                                           .offset = ratio ? 0.0 : words.number,
                                           .line = ixs_node_line(node)};
    if (row->factor == 0.0)
        return ixs_fail_at(err, IXS_USAGE, parts->path, row->line,
                           "found a ratio of 0, expected any other number");
    return read_fields(reading, node, adjustment_fields, IXS_COUNT(adjustment_fields), row, err);
}

static bool add_share(struct reading *reading, struct ixs_node *node, const char *name,
                      size_t length, unsigned over, struct ixs_err *err)
{
    static const char *const kinds[] = {"ratio", "offset"};
    struct ixs_fitting_parts *parts = reading->parts;
    if (!IXS_MORE(parts->shares, &reading->shares, parts->nshares, err))
        return false;
    size_t share = parts->nshares++;
    struct ixs_fitting_share *row = &parts->shares[share];
    *row = (struct ixs_fitting_share){.over = over, .line = ixs_node_line(node)};
    bool ok = read_name(reading, &row->of, name, length, row->line, err);
    for (size_t k = 0; k < IXS_COUNT(kinds); k++)
        for (struct ixs_node *child = ixs_node_child(node, kinds[k]); ok && child != NULL;
             child = ixs_node_next(child))
            ok = add_adjustment(reading, child, share, k == 0, err);
    return ok;
}

static bool read_share(struct reading *reading, struct ixs_node *node, struct ixs_err *err)
{
    struct words words;
    size_t length = 0;
    bool ok = read_words(reading, node, &words, false, err);
    for (const char *rest = words.parameter; ok && *rest != '\0'; rest += length) {
        rest += strspn(rest, " \t\r\n");
        length = strcspn(rest, " \t\r\n");
        ok = length == 0 || add_share(reading, node, rest, length, over_of(words.over), err);
    }
    return ok;
}

static bool read_ties(struct reading *reading, struct ixs_node *ties, struct ixs_err *err)
{
    static const char *const kinds[] = {"equal", "ratio", "offset"};
    bool ok = true;
    if (ties == NULL)
        return true;
    for (size_t k = 0; k < IXS_COUNT(kinds); k++)
        for (struct ixs_node *node = ixs_node_child(ties, kinds[k]); ok && node != NULL;
             node = ixs_node_next(node))
            ok = add_tie(reading, node, kinds[k], err);
    for (struct ixs_node *node = ixs_node_child(ties, "share"); ok && node != NULL;
         node = ixs_node_next(node))
        ok = read_share(reading, node, err);
    return ok;
}

static bool read_alike(struct reading *reading, struct ixs_node *alike, struct ixs_err *err)
{
    static const struct ixs_field zones[] = {IXS_FIELD(words, over, "zones", IXS_FIELD_TEXT)};
    struct words words = {.over = ""};
    if (alike == NULL)
        return true;
    bool ok =
        read_fields(reading, alike, alike_fields, IXS_COUNT(alike_fields), reading->parts, err) &&
        read_fields(reading, alike, zones, 1, &words, err);
    reading->parts->by_length = strcmp(words.over, "length") == 0;
    if (ok && !(reading->parts->alike_q >= 0.0 && reading->parts->alike_kelvin >= 0.0))
        return ixs_fail_at(err, IXS_USAGE, reading->parts->path, ixs_node_line(alike),
                           "found a negative tolerance, expected 0 or more");
    return ok;
}

bool ixs_fitting_parts_read(struct ixs_fitting_parts *out, const struct ixs_config *config,
                            struct ixs_err *err)
{
    struct reading reading = {.parts = out, .config = config};
    struct ixs_node *root = ixs_config_root(config);
    out->path = ixs_text(err, "%s", ixs_config_path(config));
    return out->path != NULL &&
           read_components(&reading, ixs_node_child(root, "components"), err) &&
           read_ties(&reading, ixs_node_child(root, "ties"), err) &&
           read_alike(&reading, ixs_node_child(root, "alike"), err);
}

void ixs_fitting_parts_dispose(struct ixs_fitting_parts *parts)
{
    free(parts->path);
    free(parts->settings);
    free(parts->ties);
    free(parts->shares);
    free(parts->adjustments);
    *parts = (struct ixs_fitting_parts){0};
}

bool ixs_fitting_lists(const char *scans, int64_t scan)
{
    for (const char *at = scans; *at != '\0'; at += strcspn(at, ","), at += *at == ',')
        if (strtoll(at, NULL, 10) == scan)
            return true;
    return false;
}

double ixs_fitting_same_kelvin(const struct ixs_fitting_parts *parts)
{
    return parts->alike_kelvin > 0.0 ? parts->alike_kelvin : usual_kelvin;
}

bool ixs_fitting_selects(const struct ixs_fitting_parts *parts, const struct ixs_fitting_select *at,
                         const struct ixs_spectrum *spectrum)
{
    if (at->analyzer[0] != '\0' && strcmp(at->analyzer, spectrum->analyzer) != 0)
        return false;
    if (at->scan != 0 && !ixs_fitting_lists(spectrum->scans, at->scan))
        return false;
    return !(at->temperature > 0.0) ||
           fabs(spectrum->temperature - at->temperature) <= ixs_fitting_same_kelvin(parts);
}
