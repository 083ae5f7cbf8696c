/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table XML: which column of an ASCII archive is what (configs/table.xsd).
 */
#include "calib/archive/parts.h"

#include "base/array.h"
#include "base/config.h"
#include "base/units.h"

#include <math.h>
#include <string.h>

struct table { /* as the XML says it */
    bool counting;
};

static const struct ixs_field form_fields[] = {
    IXS_FIELD(ixs_archive_form, skip, "skip", IXS_FIELD_INT),
    IXS_FIELD(ixs_archive_form, comment, "comment", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_archive_form, separator, "separator", IXS_FIELD_TEXT),
};
static const struct ixs_field fact_fields[] = {
    IXS_FIELD(ixs_archive_facts, time, "time", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_facts, reference, "reference", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_facts, monitor, "monitor", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_archive_facts, instrument, "instrument", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_archive_facts, object, "sample", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_archive_facts, temperature, "temperature", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_facts, temperature_err, "temperature/@error", IXS_FIELD_REAL),
};
static const struct ixs_field analyzer_fields[] = {
    IXS_FIELD(ixs_archive_analyzer, name, "@name", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_archive_analyzer, is, "@is", IXS_FIELD_TEXT),
    IXS_FIELD(ixs_archive_analyzer, hkl[0], "@h", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_analyzer, hkl[1], "@k", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_analyzer, hkl[2], "@l", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_analyzer, q, "@q", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_analyzer, zero, "@zero", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_analyzer, zero_err, "@zero_error", IXS_FIELD_REAL),
    IXS_FIELD(ixs_archive_analyzer, efficiency, "@efficiency", IXS_FIELD_REAL),
};

struct column { /* as the XML says it */
    int64_t number;
    char label[25], is[17], unit[9], positive[9], analyzer[25];
};
static const struct ixs_field column_fields[] = {
    IXS_FIELD(column, number, "@number", IXS_FIELD_INT),
    IXS_FIELD(column, label, "@label", IXS_FIELD_TEXT),
    IXS_FIELD(column, is, "@is", IXS_FIELD_TEXT),
    IXS_FIELD(column, unit, "@unit", IXS_FIELD_TEXT),
    IXS_FIELD(column, positive, "@positive", IXS_FIELD_TEXT),
    IXS_FIELD(column, analyzer, "@analyzer", IXS_FIELD_TEXT),
};

static enum ixs_archive_role role_of(const char *word)
{
    static const struct {
        const char *word;
        enum ixs_archive_role role;
    } roles[] = {
        {"energy", IXS_ARCHIVE_ENERGY},   {"intensity", IXS_ARCHIVE_INTENSITY},
        {"error", IXS_ARCHIVE_ERROR},     {"counts", IXS_ARCHIVE_COUNTS},
        {"monitor", IXS_ARCHIVE_MONITOR}, {"time", IXS_ARCHIVE_TIME},
    };
    for (size_t i = 0; i < IXS_COUNT(roles); i++)
        if (strcmp(roles[i].word, word) == 0)
            return roles[i].role;
    return IXS_ARCHIVE_PASSED;
}

/* meV in one unit: h and hc are exact. */
static double unit_of(const char *word)
{
    static const struct {
        const char *word;
        double scale;
    } units[] = {{"meV", 1.0},
                 {"eV", 1000.0},
                 {"THz", 2.0 * IXS_PI * IXS_HBAR},
                 {"1/cm", IXS_HC * 0.01}}; /* keV Angstrom per cm, in meV */
    for (size_t i = 0; i < IXS_COUNT(units); i++)
        if (strcmp(units[i].word, word) == 0)
            return units[i].scale;
    return NAN;
}

static bool refuse(const struct ixs_config *config, const struct ixs_node *node,
                   const char *sentence, struct ixs_err *err)
{
    return ixs_fail_at(err, IXS_USAGE, ixs_config_path(config), ixs_node_line(node), "%s",
                       sentence);
}

static const char *complaint_of(const struct column *column, enum ixs_archive_role role)
{
    if ((column->number > 0) == (column->label[0] != '\0'))
        return "found a column with both or neither of number and label, expected one of them";
    if (role == IXS_ARCHIVE_ENERGY && column->unit[0] == '\0')
        return "found an energy without unit, expected meV, eV, THz or 1/cm";
    if (role != IXS_ARCHIVE_ENERGY && (column->unit[0] != '\0' || column->positive[0] != '\0'))
        return "found a unit or a direction of what is no energy, expected none";
    return NULL;
}

static bool read_column(struct ixs_archive_form *out, const struct ixs_config *config,
                        struct ixs_node *node, struct ixs_err *err)
{
    struct column column = {0};
    if (!ixs_node_fields(config, node, column_fields, IXS_COUNT(column_fields), &column, err))
        return false;
    enum ixs_archive_role role = role_of(column.is);
    const char *complaint = complaint_of(&column, role);
    if (complaint != NULL)
        return refuse(config, node, complaint, err);
    struct ixs_archive_column *to = &out->columns[out->ncolumns++];
    *to = (struct ixs_archive_column){.number = column.number, .role = role, .scale = 1.0};
    if (role == IXS_ARCHIVE_ENERGY)
        to->scale = unit_of(column.unit) * (strcmp(column.positive, "gain") == 0 ? -1.0 : 1.0);
    out->labelled = out->labelled || column.label[0] != '\0';
    ixs_copy(to->label, sizeof to->label, column.label);
    ixs_copy(to->analyzer, sizeof to->analyzer, column.analyzer);
    return true;
}

static bool read_columns(struct ixs_archive_form *out, const struct ixs_config *config,
                         struct ixs_err *err)
{
    struct ixs_node *node = ixs_node_child(ixs_config_root(config), "column");
    for (; node != NULL && out->ncolumns < IXS_ARCHIVE_MOST_COLUMNS; node = ixs_node_next(node))
        if (!read_column(out, config, node, err))
            return false;
    return true;
}

static bool read_analyzers(struct ixs_archive_facts *out, const struct ixs_config *config,
                           struct ixs_err *err)
{
    struct ixs_node *node = ixs_node_child(ixs_config_root(config), "analyzer");
    for (; node != NULL && out->nanalyzers < IXS_ARCHIVE_MOST_ANALYZERS;
         node = ixs_node_next(node)) {
        struct ixs_archive_analyzer *entry = &out->analyzers[out->nanalyzers++];
        *entry = (struct ixs_archive_analyzer){
            .hkl = {NAN, NAN, NAN}, .q = NAN, .zero = NAN, .zero_err = NAN, .efficiency = NAN};
        if (!ixs_node_fields(config, node, analyzer_fields, IXS_COUNT(analyzer_fields), entry, err))
            return false;
    }
    return true;
}

static bool has(const struct ixs_archive_form *form, enum ixs_archive_role role)
{
    for (size_t i = 0; i < form->ncolumns; i++)
        if (form->columns[i].role == role)
            return true;
    return false;
}

/* What a spectrum cannot do without. */
static const char *missing(const struct ixs_archive_form *form)
{
    if (!has(form, IXS_ARCHIVE_ENERGY))
        return "found no column that is energy, expected one";
    if (has(form, IXS_ARCHIVE_COUNTS))
        return NULL;
    if (!has(form, IXS_ARCHIVE_INTENSITY) || !has(form, IXS_ARCHIVE_ERROR))
        return "found neither a column of counts nor intensity with its error, expected one";
    return NULL;
}

static bool read_table(struct ixs_archive_form *out, const struct ixs_config *config,
                       struct ixs_err *err)
{
    static const struct ixs_field counting = IXS_FIELD(table, counting, "counting", IXS_FIELD_FLAG);
    struct table table = {.counting = true};
    struct ixs_node *root = ixs_config_root(config);
    if (!ixs_node_fields(config, root, form_fields, IXS_COUNT(form_fields), out, err) ||
        !ixs_node_fields(config, root, fact_fields, IXS_COUNT(fact_fields), &out->facts, err) ||
        !ixs_node_fields(config, root, &counting, 1, &table, err) ||
        !read_columns(out, config, err) || !read_analyzers(&out->facts, config, err))
        return false;
    out->as_stated = !table.counting;
    const char *complaint = missing(out);
    return complaint == NULL || refuse(config, root, complaint, err);
}

bool ixs_archive_table(struct ixs_archive_form *out, const char *path,
                       struct ixs_provenance *provenance, struct ixs_err *err)
{
    struct ixs_config *config = NULL;
    *out = (struct ixs_archive_form){.name = "table"};
    ixs_archive_no_facts(&out->facts);
    bool ok = ixs_config_open(&config, path, "table", err) && read_table(out, config, err) &&
              (provenance == NULL || ixs_config_witness(config, "table", provenance, err));
    ixs_config_close(config);
    return ok;
}
